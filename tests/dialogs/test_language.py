"""Every Dutch text that people read: short sentences, easy words, nobody judged, no English.

Measured with the formula of Flesch as W.H. Douma fitted it to Dutch (*De leesbaarheid van landbouwbladen*, Wageningen
1960): 206,8 - 0,77 x syllables per hundred words - 0,93 x words per sentence. His norm: 60 to 70 is normal, 70 to 80
fairly easy (De leesbaarheid van teksten, in: Taal 1977, dbnl.org/tekst/_taa014197701_01). It measures running text, so
a group of texts and never one label; what a formula cannot see, the lists of words below are for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.commands.knowledge import load_criteria
from bot.knowledge import load_directory, load_learning, shipped
from dialogs.domain.assessment import Outcome
from dialogs.intake.questions import QUESTIONS, Situation
from dialogs.texts import parse_texts

#: B1: sentences of ten words on average; fifteen is as long as one may get (Communicatierijk, "Taalniveau B1": short
#: and clear sentences; the number is the usual one of municipal writing guides).
LONGEST_SENTENCE = 15
MEAN_SENTENCE = 10
#: "Fairly easy" over all, and each group at least "normal".
EASE_OF_ALL, EASE_OF_A_GROUP = 75, 60
#: Fewer words are no text to measure.
ENOUGH_WORDS = 60

_VOWELS = re.compile(r"aai|ooi|oei|eeu|ieu|[ae]e|aa|oo|uu|ie|oe|eu|ui|ei|ij|[oa]u|[aeiouyàáâäèéêëìíîïòóôöùúûü]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


_NOTHING_KNOWN = Situation({}, Outcome.NONE, danger_read=False, officers=())


@dataclass(frozen=True)
class Text:
    """A text that people read."""

    group: str
    place: str
    words: str

    def sentences(self) -> list[list[str]]:
        """Its sentences as lists of words; links by their words, {places} left out."""
        plain = re.sub(r"\{[^}]*\}", "", _LINK.sub(r"\1", self.words)).replace("**", "")
        parts = (_WORD.findall(part) for part in re.split(r"(?<=[.!?:;])\s+|\n+", plain))
        return [words for words in parts if words]


def all_texts() -> Iterator[Text]:
    """Everything: texts, questions, criteria, partners, lessons."""
    texts = parse_texts(shipped("texts.yaml"))
    yield from (Text(key.split(".")[0], key, texts(key)) for key in texts)
    for question in QUESTIONS:
        options = () if question.key == "about_officer" else question.choices(_NOTHING_KNOWN)
        words = (question.text, question.name, question.hint, question.error, *(option.title for option in options))
        yield from (Text("questions", question.key, each) for each in words if each)
    for criterion in load_criteria():
        yield Text("criteria", criterion.key, criterion.sentence)
        yield Text("themes", criterion.key, criterion.theme)
    for municipality in ("maashorst", "eersel"):
        yield from (Text("partners", partner.key, partner.role) for partner in load_directory(municipality))
    yield from (Text("learning", place, sentence) for place, sentence in load_learning().sentences())


TEXTS = tuple(all_texts())
GROUPS = sorted({text.group for text in TEXTS})


def syllables(word: str) -> int:
    """How often the mouth opens; an abbreviation is spelled."""
    return len(word) if word.isupper() else max(1, len(_VOWELS.findall(word.lower())))


def ease(texts: list[Text]) -> float:
    """Flesch-Douma, over what is a sentence: a label or a button is none."""
    sentences = [words for text in texts if text.words[-1] in ".?!" for words in text.sentences()]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < ENOUGH_WORDS:
        return 100.0
    return 206.8 - 77 * sum(map(syllables, words)) / len(words) - 0.93 * len(words) / len(sentences)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("melden", 2),
        ("aandachtsfunctionaris", 7),
        ("ooit", 1),
        ("nieuwe", 2),
        ("buiten", 2),
        ("BSN", 3),
        ("categorieën", 5),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_no_sentence_is_long() -> None:
    long = {
        (text.group, text.place): " ".join(words)
        for text in TEXTS
        for words in text.sentences()
        if len(words) > LONGEST_SENTENCE
    }

    assert long == {}


def test_sentences_are_short_on_average() -> None:
    lengths = [len(words) for text in TEXTS if text.words[-1] in ".?!" for words in text.sentences()]

    assert sum(lengths) / len(lengths) < MEAN_SENTENCE


def test_all_texts_together_are_fairly_easy_to_read() -> None:
    assert ease(list(TEXTS)) >= EASE_OF_ALL


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_of_texts_is_at_least_normal_to_read(group: str) -> None:
    assert ease([text for text in TEXTS if text.group == group]) >= EASE_OF_A_GROUP


def test_the_measure_tells_hard_from_easy() -> None:
    hard = (
        "De aandachtsfunctionaris verstrekt betrokkenen conform de geldende verblijfsregeling desgevraagd informatie."
    )
    easy = "De AF helpt je. Vraag het gerust. Je hoeft het niet zeker te weten."

    assert ease([Text("", "", hard)] * 6) < 30, "very hard, on the norm of Douma"
    assert ease([Text("", "", easy)] * 5) > 80, "easy"


#: Words of five syllables or more, each with the reason why it stays.
LONG_WORDS = {
    "aandachtsfunctionaris": "the name of the function in the policy; shown with its abbreviation AF",
    "abonnementen": "an everyday word",
    "arbeidsmigranten": "the word of the policy, read by AFs",
    "barrièremodel": "the name of the model in the policy, read by AFs",
    "interventieteam": "the name of the team in the policy",
    "overgeslagen": "what the button *Overslaan* did",
    "procesregisseur": "the name of the function in the policy",
    "arbeidsinspectie": "the name of the partner",
    "arbeidsuitbuiting": "the name of the form in the policy and the law",
    "casusoverleg": "the name of the meeting, read by AFs",
    "criminaliteit": "an everyday word",
    "georganiseerde": "part of what the partner RIEC does",
    "herinneringen": "the word that people type to set them or to want none",
    "ketenregisseur": "the name of the function in the policy",
    "minderjarige": "the word of the law and of Veilig Thuis",
    "orgaanverwijdering": "the name of the form in the policy and the law",
    "organisatie": "an everyday word",
    "overgedragen": "the status, as the policy calls it: overdracht",
    "overgenomen": "an everyday word",
    "telefoonnummer": "an everyday word",
    "terugkoppelen": "the word of the policy for what the reporter hears back",
    "terugkoppeling": "the word of the policy for what the reporter hears back",
    "uitgehuwelijkt": "there is no easier word for it",
    "uitzendbureau": "an everyday word",
    "verblijfspapieren": "what people call them",
    "verblijfsregeling": "the name of the scheme of the IND",
    "vertrouwenspersoon": "the name of the function",
    "voodoomateriaal": "there is no easier word for it",
    "zorgcoördinator": "the name of the function in the policy",
    "zorgorganisaties": "the policy's word for them",
    "zorgverzekering": "an everyday word",
}


def test_a_long_word_has_a_reason_to_be_there() -> None:
    found = {
        word.lower()
        for text in TEXTS
        for words in text.sentences()
        for word in words
        if syllables(word) > 4 and not word.isupper()
    }

    assert found - LONG_WORDS.keys() == set()
    assert LONG_WORDS.keys() - found == set(), "a reason that is needed no longer goes"


#: Words of letters and reports, with the easy ones for them (Communicatierijk, "Taalniveau B1", and alike lists).
STIFF = {
    "aangaande": "over", "aanvangen": "beginnen", "alsmede": "en", "betreffende": "over", "conform": "volgens",
    "creëren": "maken", "derhalve": "daarom", "desgewenst": "als je wilt", "dien": "moet", "dient": "moet",
    "doch": "maar", "echter": "maar", "eveneens": "ook", "gaarne": "graag", "geschieden": "gebeuren",
    "hetgeen": "wat", "hierbij": "", "indien": "als", "ingevolge": "volgens", "inzake": "over",
    "jegens": "tegen", "middels": "met", "mits": "als", "momenteel": "nu", "nimmer": "nooit",
    "omtrent": "over", "opdat": "zodat", "prioriteit": "voorrang", "reeds": "al", "relevant": "belangrijk",
    "tevens": "ook", "teneinde": "om", "thans": "nu", "trachten": "proberen", "uitsluitend": "alleen",
    "uwerzijds": "", "verstrekken": "geven", "vermits": "omdat", "voornoemde": "", "wederom": "weer",
    "zulks": "dat",
}  # fmt: skip
#: Who is polite says "je" here.
FORMAL = {"u", "uw", "uzelf"}
#: What nobody may be called: a signal says what was seen, not who did it.
VERDICTS = re.compile(
    r"\b(?:mede)?(?:dader|slachtoffer|verdachte|crimineel|pooier|mensenhandelaar)(?:s|en|tje|tjes)?\b"
)
#: Common English words that Dutch does not have.
ENGLISH = frozenset(
    """
    the and you your yours please click submit cancel report reports send sent next back skip error failed unknown
    loading case signal message user users button field required invalid retry try again close closed save saved
    delete deleted edit view show hide yes no not with from this that have has been will would should could what when
    where who why how warning success done draft reminder feedback queue
    """.split()  # noqa: SIM905 - a list of quoted words is no easier to read
)


def _said() -> Iterator[tuple[str, str]]:
    return ((text.place, word.lower()) for text in TEXTS for words in text.sentences() for word in words)


def test_no_word_is_stiff_or_formal() -> None:
    assert [(place, word) for place, word in _said() if word in STIFF or word in FORMAL] == []


def test_no_english_reaches_anybody() -> None:
    assert [(place, word) for place, word in _said() if word in ENGLISH] == []


def test_nobody_is_judged() -> None:
    assert [text for text in TEXTS if VERDICTS.search(text.words.lower())] == []


@pytest.mark.parametrize("said", ["De dader is weg.", "Help slachtoffers.", "Een verdachte."])
def test_a_judgement_would_be_seen(said: str) -> None:
    assert VERDICTS.search(said.lower())
