import pytest

from dialogs.domain.criteria import parse_criteria
from dialogs.domain.recognition import Recogniser, parse_knowledge
from dialogs.domain.recognition.patterns import PatternInvalid, parse_pattern
from tests.dialogs.domain.test_criteria import ENTRY, file
from tests.dialogs.domain.test_recognition import KNOWLEDGE


def reads(pattern: str, text: str) -> bool:
    criteria = parse_criteria(file(ENTRY.format(key="one", forms="SU") + f'    recognise: ["{pattern}"]\n'))
    return bool(Recogniser(criteria, parse_knowledge(KNOWLEDGE)).read(f"de {text}").suggestions)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        pytest.param("paspoort @baas", "chef met zijn paspoorten", True, id="any order, inflected"),
        pytest.param("paspoort @baas", "chef. Zijn paspoort", False, id="not over sentences"),
        pytest.param("paspoort & @baas", "chef. Zijn paspoort", True, id="near"),
        pytest.param("baas > paspoort", "paspoort van de baas", False, id="in order"),
        pytest.param("baas >1 paspoort", "baas heeft toen zijn paspoort", False, id="too far"),
        pytest.param("baas ~2 paspoort", "paspoort van zijn baas", True, id="either order, close"),
        pytest.param("blauw_oog", "blauwe ogen", True, id="a phrase"),
        pytest.param("blauw_oog", "blauw, oog", False, id="a phrase does not cross a comma"),
        pytest.param("oog|neus !tolk", "neus van de tolk", False, id="not with this"),
        pytest.param("slapen", "man sliep daar", True, id="an irregular verb"),
        pytest.param("paspoort", "pasport", True, id="a typing error"),
        pytest.param("af+pakken", "tas is afgepakt", True, id="a participle"),
        pytest.param("af+pakken", "hij pakt de tas meteen af", True, id="a verb apart from its particle"),
        pytest.param("af+pakken", "om de tas af te pakken", True, id="with te"),
        pytest.param("af+pakken", "hij pakt de tas uit", False, id="another particle"),
        pytest.param("in+sluiten", "hij sluit de tas in de kast", False, id="a preposition is no particle"),
        pytest.param("in+sluiten", "hij sluit haar in", True, id="a particle at the end"),
        pytest.param("in+sluiten", "huwelijk is gesloten in mei", False, id="a participle carries its particle itself"),
        pytest.param("gebroken", "ruit zal breken", False, id="a participle stands for itself"),
        pytest.param("gebroken", "arm is gebroken", True, id="a participle as written"),
        pytest.param(
            "paspoort 2of @baas kluis niet_terug", "kluis met het paspoort van de baas", True, id="two of three"
        ),
        pytest.param("paspoort 2of @baas kluis niet_terug", "paspoort in de kluis", False, id="one of three"),
        pytest.param(
            "paspoort 2of kluis kluis|safe", "paspoort in de kluis", False, id="one word does not count twice"
        ),
        pytest.param("=was", "was", True, id="exactly"),
        pytest.param("=was", "wassen", False, id="exactly and nothing else"),
        pytest.param("hennep*", "hennepkwekerij", True, id="begins with"),
        pytest.param("*strook", "loonstrook", True, id="ends with"),
        pytest.param("12-24 uur", "14 uur", True, id="a number"),
        pytest.param("2-3 uur", "twee uur", True, id="a number in words"),
        pytest.param("20-25 jaar", "drieëntwintig jaar", True, id="a compound number in words"),
        pytest.param("100-150 euro", "honderdveertig euro", True, id="more than a hundred in words"),
        pytest.param("30000-30000", "dertigduizend euro", True, id="thousands in words"),
        pytest.param("=pu", "3 euro p/u", True, id="an abbreviation with a stroke"),
        pytest.param("12-24 uur", "8 uur", False, id="a number outside"),
        pytest.param("(12-24)", "Sanne, vijftien, is weg", True, id="a number apart, as an age is"),
        pytest.param("(12-24)", "dochter. 15 pas en al weg", True, id="a number apart that begins a sentence"),
        pytest.param("(12-24)", "ze werkt 15 uur", False, id="a number not apart"),
        pytest.param("(12-24)", "kamers 14, 15, 16", False, id="a row of numbers"),
        pytest.param("1000-1500", "1.200 euro", True, id="a thousand with a point"),
        pytest.param("idkaart", "id kaart", True, id="a compound that was split"),
        pytest.param("idkaart", "ID-kaart", True, id="a hyphen"),
        pytest.param("paspoort", "pas\u00adpoort", True, id="a soft hyphen"),
    ],
)
def test_the_pattern_language_says_what_it_promises(pattern: str, text: str, matches: bool):
    assert reads(pattern, text) is matches


@pytest.mark.parametrize(
    "source", ["", "baas >", "baas 2of kluis", "> baas >", "a__b", "@ baas", "a|", "!", "x&y|", "10-"]
)
def test_a_pattern_that_makes_no_sense_is_refused(source: str):
    with pytest.raises(PatternInvalid):
        parse_pattern(source)
