import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.knowledge import load_criteria, load_recogniser
from dialogs.domain.criteria import CriteriaInvalid, parse_criteria
from dialogs.domain.recognition import (
    NOT_DUTCH,
    NOTHING_TO_READ,
    TOO_LONG,
    KnowledgeInvalid,
    Recogniser,
    Suggester,
    parse_knowledge,
)
from dialogs.domain.recognition.recogniser import LONGEST_TEXT
from tests.benchmarks.recognition import CORPUS, corpus, score
from tests.dialogs.domain.test_criteria import ENTRY, file

RECOGNISER: Suggester = load_recogniser()


def suggested(text: str) -> set[str]:
    return {each.criterion for each in RECOGNISER.read(text).suggestions}


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("Zijn baas heeft z'n paspoort afgepakt.", "docs_held"),
        ("Zijn baas pakt hem het paspoort af.", "docs_held"),
        ("zn baas heeft zn pasport ingenomen", "docs_held"),
        ("Hij krijgt maar drie euro per uur.", "low_no_pay"),
        ("Ze werkt veertien uur per dag.", "excessive_hours"),
        ("er staan 19 man op dat rijtjeshuis", "many_on_address"),
        ("Hij heeft geen loonstrookje gekregen.", "no_contract"),
        ("Ze mag de straat niet op.", "confined_watched"),
        ("Als ze niet doet wat hij vraagt zet hij de naaktfoto's in de groepsapp van school.", "blackmail"),
    ],
)
def test_it_copes_with_how_people_write(text: str, criterion: str):
    assert criterion in suggested(text)


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("We zagen geen blauwe plekken.", "injuries"),
        ("Hij had zijn paspoort gewoon zelf bij zich.", "docs_held"),
        ("Ze wordt niet geslagen.", "violence"),
        ("Van dreigementen is niet gebleken.", "threats_person"),
        ("Ze werd door niemand bedreigd.", "threats_person"),
    ],
)
def test_what_the_text_denies_is_negated_and_not_suggested(text: str, criterion: str):
    reading = RECOGNISER.read(text)

    assert criterion not in {each.criterion for each in reading.suggestions}


#: Ways to say of a whole sentence that it is not so, not known or not here.
NOT_SO = (
    "Het is niet zo dat {}.",
    "Niemand heeft gezien dat {}.",
    "Er zijn geen tekenen dat {}.",
    "Er is geen sprake van dat {}.",
    "Het is nooit voorgekomen dat {}.",
    "Hij ontkent dat {}.",
    "Dat {} was een misverstand.",
    "De buren denken ten onrechte dat {}.",
    "Ik dacht eerst dat {}, maar dat bleek niet zo te zijn.",
    "Ik vroeg me af of {}.",
    "Stel dat {}.",
    "Hij las in de krant dat {}.",
)
EXAMPLES = [(each.key, example.rstrip(".!")) for each in load_criteria() for example in each.examples.match]


@pytest.mark.parametrize("not_so", NOT_SO)
def test_a_sentence_that_says_it_is_not_so_suggests_nothing(not_so: str):
    told = [(key, said[0].lower() + said[1:]) for key, said in EXAMPLES if ". " not in said]
    suggested_all_the_same = [key for key, said in told if key in suggested(not_so.format(said))]

    # What is left holds a contrast of its own ("maar", "terwijl"), and what follows on that stands by itself.
    assert len(suggested_all_the_same) <= len(told) // 16, suggested_all_the_same


@pytest.mark.parametrize(
    "text",
    [
        "Ik las in de krant dat mensen worden opgesloten en geslagen.",
        "Stel dat iemand zegt dat hij opgesloten zit, wat doen we dan?",
        "Worden er hier mensen opgesloten?",
        "Vanmiddag is de training over mensenhandel en geweld.",
        "Moeder had de paspoorten van haar kinderen in een mapje.",
        "Meneer vroeg om hulp met zijn brieven.",
    ],
)
def test_reading_asking_and_imagining_suggest_nothing(text: str):
    assert suggested(text) == set()


def test_a_denial_by_the_person_does_not_cancel_what_the_clerk_saw():
    seen = "Ze had blauwe plekken op haar armen."

    assert "injuries" in suggested(seen)
    assert "injuries" in suggested(f"{seen} Ze zegt dat er niets aan de hand is.")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("Meisje van 15 aan de balie.", True),
        ("jongen, 16 jr, met zijn moeder", True),
        ("een zestienjarige scholier", True),
        ("De zestienjarige kwam niet terug.", True),
        ("Noor (15) zegt dat er niets is.", True),
        ("Hij had twee telefoons. Veertien pas.", True),
        ("Op haar vijftiende ging ze bij hem wonen.", True),
        ("Mevrouw van 34 met haar man.", False),
        ("Vier mannen komen zich inschrijven.", False),
        ("De lamp in de gang is stuk.", None),
    ],
)
def test_it_reads_whether_somebody_is_under_eighteen(text: str, minor: bool | None):
    assert RECOGNISER.read(text).minor is minor


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Meisje van 15 aan de balie.", "Meisje van 15"),
        ("een zestienjarige leerling", "zestienjarige"),
        ("Mevrouw van 34 met haar man.", None),
        ("De lamp in de gang is stuk.", None),
    ],
)
def test_under_eighteen_comes_with_the_words_it_was_read_in(text: str, quote: str | None):
    assert RECOGNISER.read(text).minor_quote == quote


def test_danger_now_comes_with_the_words_it_was_read_in():
    text = "Ze zit nu opgesloten in dat pand."
    reading = RECOGNISER.read(text)

    assert reading.danger
    assert reading.danger_quote is not None
    assert reading.danger_quote in text
    assert not RECOGNISER.read("De printer doet het niet.").danger


def test_a_bsn_and_a_phone_number_are_found():
    text = "BSN 111222333, bel 0413-281911"
    reading = RECOGNISER.read(text)

    assert [text[start:end] for start, end in reading.bsn] == ["111222333"]
    assert [text[start:end] for start, end in reading.phone_numbers] == ["0413-281911"]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("", NOTHING_TO_READ),
        (" \n\t?!", NOTHING_TO_READ),
        ("The boss took his passport and he has not been paid.", NOT_DUTCH),
        ("Szef zabrał jego paszport i nie może wyjść na ulicę.", NOT_DUTCH),
        ("Шеф забрал его паспорт и не платит ему", NOT_DUTCH),
        ("老板拿走了他的护照 他 不能 出去 走", NOT_DUTCH),
    ],
)
def test_a_text_that_cannot_be_read_gets_a_clear_sentence_and_no_suggestions(text: str, warning: str):
    reading = RECOGNISER.read(text)

    assert warning in reading.warnings
    assert reading.suggestions == ()


def test_a_very_long_text_is_read_up_to_a_point_and_says_so():
    text = "Ze mag niet naar buiten. " + "De lamp is stuk. " * 6000
    reading = RECOGNISER.read(text)

    assert TOO_LONG in reading.warnings
    assert all(each.end <= LONGEST_TEXT for each in reading.suggestions)
    assert reading.suggestions


dutch_words = st.sampled_from(
    [
        "de",
        "baas",
        "heeft",
        "haar",
        "paspoort",
        "niet",
        "geen",
        "en",
        "maar",
        "ze",
        "mag",
        "bang",
        "nu",
        "opgesloten",
        "geslagen",
        "14",
        "uur",
        "per",
        "dag",
        "€",
        "3,50",
        ".",
        "?",
        ",",
        "kind",
        "van",
        "15",
        "z'n",
        "ID-kaart",
        "Meïsje",
        "\xad",
        "\u200b",
        "111222333",
        "krant",
        "lezen",
        "moet",
        "geld",
        "afgeven",
    ]
)


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=400), st.lists(dutch_words, max_size=60).map(" ".join)))
def test_any_text_is_read_and_every_quote_stands_in_it(text: str):
    reading = RECOGNISER.read(text)

    assert all(text[each.start : each.end] == each.quote and each.quote for each in reading.suggestions)
    assert not reading.negated & {each.criterion for each in reading.suggestions}
    assert reading == RECOGNISER.read(text)


def test_danger_is_missed_at_most_once_in_ten_and_feared_in_vain_at_most_once_in_ten():
    texts = yaml.safe_load((CORPUS / "danger.yaml").read_text("utf-8"))
    heard = {each["id"] for each in texts if RECOGNISER.read(each["text"]).danger}
    danger = {each["id"] for each in texts if each["danger"]}

    assert len(danger & heard) >= 0.9 * len(danger), danger - heard
    assert len(heard - danger) <= 0.1 * (len(texts) - len(danger)), heard - danger


def test_the_vignettes_are_read_as_labelled():
    figures, readings = score(corpus("vignettes"), RECOGNISER)

    assert figures.f1 >= 0.90
    assert figures.negated_suggested == 0
    assert all(reading.danger is each.danger for each, reading in readings)


def test_a_plain_report_is_heard():
    figures, _ = score(corpus("plain/dev"), RECOGNISER)

    assert figures.recall >= 0.95


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("@nosuchlist paspoort", "line 14: one: there is no word list @nosuchlist"),
        ("paspoort >", "line 14: one: 'paspoort >' has nothing to look for, or ends in a link"),
    ],
)
def test_a_pattern_that_cannot_be_read_names_its_line_and_its_criterion(pattern: str, fault: str):
    patterns = f"    recognise:\n      - tas\n      - '{pattern}'\n"
    criteria = parse_criteria(file(ENTRY.format(key="one", forms="SU") + patterns))

    with pytest.raises(CriteriaInvalid, match=re.escape(fault)):
        Recogniser(criteria, parse_knowledge(KNOWLEDGE))


KNOWLEDGE = """
lists: {baas: [baas, chef]}
spellings: {}
abbreviations: [nr]
numbers: {twee: 2}
fillers: [de]
clauses: {contrasts: [maar], openers: [want], joiners: [en], verbs: [is]}
denial: {around: [niet], ahead: [geen], harmless: [niet_alleen], refuted: [onzin]}
silence: {part: [stel], rest: [krant], back: [hier]}
danger: {recognise: [brand], now: [nu]}
minor: {recognise: [kind]}
young: {recognise: [jong]}
adult: {recognise: [man]}
languages: {dutch: [de], other: [the]}
"""
KNOWN = parse_knowledge(KNOWLEDGE)


def reader_of(patterns: str) -> Recogniser:
    """A recogniser with one criterion, of which these lines are its patterns."""
    return Recogniser(parse_criteria(file(ENTRY.format(key="one", forms="SU") + patterns)), KNOWN)


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        pytest.param("De kluis is dicht.", True, id="a pattern that is enough"),
        pytest.param("De tas is weg.", False, id="one hint"),
        pytest.param("De tas is weg. De tas is weg.", False, id="the same hint twice"),
        pytest.param("De tas is weg. De das en de sok zijn weg.", True, id="two hints"),
        pytest.param("De trui is weg.", False, id="two hints that read the same word"),
        pytest.param("De tas is weg. De das en de sok zijn niet weg.", False, id="two hints, one denied"),
        pytest.param("De sjaal, muts en hoed.", True, id="two hints that share a word of three"),
        pytest.param("De rok, riem, broek en laars.", False, id="two hints that share three words of four"),
        pytest.param("De kous is weg.", True, id="three hints, whatever words they share"),
    ],
)
def test_a_hint_is_not_enough_and_two_different_ones_are(text: str, suggested: bool):
    hints = "tas, jas, das sok, trui|das, trui|pet, sjaal muts, sjaal hoed, rok riem broek, rok riem broek laars"
    patterns = f"    recognise: [kluis]\n    hints: [{hints}, kous|a, kous|b, kous|c]\n"
    recogniser = reader_of(patterns)

    assert bool(recogniser.read(text).suggestions) is suggested


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        pytest.param("De baas heeft een tas.", True, id="two words, two between"),
        pytest.param("De baas heeft er een tas.", False, id="two words, three between"),
        pytest.param("De baas liep gisteren met een tas vol geld.", True, id="three words"),
        pytest.param("De baas liep gisteren. Hij had een tas. De jas hing er.", False, id="two hints of a word each"),
        pytest.param("De baas ging gisteren met hoed en jas.", True, id="two words that three patterns read"),
        pytest.param("Er was gisteren bij ons in de straat een kluis.", True, id="a word by itself"),
    ],
)
def test_two_words_that_stand_apart_are_too_few(text: str, suggested: bool):
    patterns = (
        "    recognise: [baas tas, baas tas geld, kluis, baas jas, baas =jas, =baas jas]\n    hints: [tas, jas]\n"
    )
    recogniser = reader_of(patterns)

    assert bool(recogniser.read(text).suggestions) is suggested


def test_danger_is_heard_in_two_words_that_stand_apart_too():
    known = parse_knowledge(KNOWLEDGE.replace("recognise: [brand]", "recognise: [brand trap]"))
    recogniser = Recogniser(parse_criteria(file(ENTRY.format(key="one", forms="SU"))), known)

    assert recogniser.read("De brand is gisteren al gezien bij de trap.").danger


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        pytest.param("Een litteken.", {"better"}, id="the same words"),
        pytest.param("Een litteken en een striem.", {"better", "wound"}, id="other words too"),
        pytest.param("Een litteken. Een litteken en een striem.", {"better", "wound"}, id="in another sentence"),
        pytest.param("Geen litteken, een striem.", {"wound"}, id="where the other is denied"),
    ],
)
def test_a_criterion_gives_way_to_one_that_says_the_same_words_better(text: str, keys: set[str]):
    wound = ENTRY.format(key="wound", forms="SU") + "    recognise: [litteken, striem]\n    gives_way_to: [better]\n"
    better = ENTRY.format(key="better", forms="OV") + "    recognise: [litteken]\n"
    recogniser = Recogniser(parse_criteria(file(wound, better)), KNOWN)

    assert {suggestion.criterion for suggestion in recogniser.read(text).suggestions} == keys


def test_words_far_apart_in_one_sentence_are_not_read_together():
    patterns = "    recognise: [baas paspoort kluis]\n"
    recogniser = reader_of(patterns)

    assert recogniser.read("De baas" + " de" * 10 + " paspoort kluis.").suggestions
    assert not recogniser.read("De baas" + " de" * 30 + " paspoort kluis.").suggestions


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("lists: {baas: [baas, chef]}", "lists: {baas: 3}"), "line 2: lists.baas"),
        (("fillers: [de]", "fillers: [de]\nfillers: [het]"), "stands twice"),
        (("numbers: {twee: 2}", "numbers: {twee: veel}"), "line 5: numbers.twee"),
        (("lists:", "lists: ["), "no YAML"),
    ],
)
def test_wrong_word_lists_are_refused_with_their_line(change: tuple[str, str], fault: str):
    with pytest.raises(KnowledgeInvalid, match=fault):
        parse_knowledge(KNOWLEDGE.replace(*change))


def test_a_wrong_pattern_in_the_word_lists_is_refused():
    knowledge = parse_knowledge(KNOWLEDGE.replace("recognise: [brand]", "recognise: ['brand >']"))

    with pytest.raises(KnowledgeInvalid, match="ends in a link"):
        Recogniser(parse_criteria(file(ENTRY.format(key="one", forms="SU"))), knowledge)
