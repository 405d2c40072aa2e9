"""THE QUESTIONS. Add one here, and nowhere else: dialog, card, summary and the officer's view follow from this list.

A question's key is stored with the answer: it is never renamed and never used again. A question that is no longer asked
stays in the list as `retired`, so that old signals can still be read. What is asked about single criteria is not in the
list: it follows from the criteria file (`follow_up`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from dialogs.domain.assessment import Outcome
from dialogs.domain.signals import Answers
from dialogs.turn import Option

UNKNOWN = "unknown"
YES = "yes"
NO = "no"
#: Stored for a question that was passed over: it was asked, and there is no answer. "Weet ik niet" is one.
SKIPPED = ""
#: Before the key of a criterion, this is the key under which the answer to its question is stored.
FOLLOW_UP = "sign."


class Page(StrEnum):
    """A card of the intake: questions that belong together, in the order in which they are asked."""

    DANGER = "danger"
    STORY = "story"
    DANGER_CHECK = "danger_check"
    SIGNS = "signs"
    AGE = "age"
    PURPOSE = "purpose"
    FOLLOW_UP = "follow_up"
    CIRCUMSTANCES = "circumstances"
    OFFICER = "officer"


class Kind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    #: When it was, in own words; stored as (words, ISO moment) where a moment can be read in them.
    MOMENT = "moment"
    CHOICE = "choice"
    #: Any number of the criteria.
    TICKS = "ticks"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when it is decided whether a question is asked."""

    answers: Answers
    #: The outcome on what was answered so far.
    outcome: Outcome
    danger_read: bool
    #: The focal officers whom a signal can be about: keys are Entra object ids.
    officers: tuple[Option, ...]

    @property
    def acute(self) -> bool:
        """The reporter says that there is danger now."""
        return self.answers.get("danger") == YES or self.answers.get("danger_check") == YES

    @property
    def short_form(self) -> bool:
        """There was danger from the start: three steps, danger, story with where, and sending."""
        return self.answers.get("danger") == YES


def _always(_: Situation) -> bool:
    return True


def _not_acute(situation: Situation) -> bool:
    return not situation.acute


def _no_short_form(situation: Situation) -> bool:
    return not situation.short_form


def _no_choices(_: Situation) -> tuple[Option, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as data."""

    key: str
    page: Page
    #: What the reporter reads.
    text: str
    #: What the answer is called in the summary and for the focal officer.
    name: str
    kind: Kind
    choices: Callable[[Situation], tuple[Option, ...]] = _no_choices
    #: When it is asked; may only look at answers to earlier questions.
    asked_when: Callable[[Situation], bool] = _always
    hint: str = ""
    error: str = ""
    required: bool = False
    multiline: bool = False
    max_length: int = 500
    #: What is filled in when the card opens.
    default: str = ""
    #: Seldom changed: a list that opens, so that the card is short.
    compact: bool = False
    #: A nine-digit number that passes the 11-test is refused; off where a phone number is asked.
    no_bsn: bool = True
    #: Stands beside another question of its page; when only it is left, it is not asked.
    companion: bool = False
    #: The page on which the short form has it, if that is another one.
    short_form_page: Page | None = None
    #: An answer that counts no more once the question is no longer asked: it names somebody.
    only_while_asked: bool = False
    retired: bool = False


def _choices(*options: tuple[str, str]) -> Callable[[Situation], tuple[Option, ...]]:
    fixed = tuple(Option(key, title) for key, title in options)
    return lambda _: fixed


YES_NO_UNKNOWN = _choices((YES, "Ja"), (NO, "Nee"), (UNKNOWN, "Weet ik niet"))

#: Policy annex 3, step 1 and design section 4. No question asks for a name, a nationality or a BSN.
QUESTIONS: tuple[Question, ...] = (
    Question(
        key="danger",
        page=Page.DANGER,
        text="Is er nu direct gevaar?",
        name="Direct gevaar",
        kind=Kind.CHOICE,
        choices=_choices((YES, "Ja, nu gevaar"), (NO, "Nee"), (UNKNOWN, "Weet ik niet")),
    ),
    Question(
        key="story",
        page=Page.STORY,
        text="Wat heb je gezien of gehoord?",
        name="Gezien of gehoord",
        kind=Kind.TEXT,
        hint="Schrijf op wat je zag of hoorde, in je eigen woorden. Namen zijn niet nodig.",
        error="Schrijf in een paar woorden op wat je zag of hoorde.",
        required=True,
        multiline=True,
        max_length=4000,
    ),
    Question(
        key="opinion",
        page=Page.STORY,
        text="Wat denk je zelf dat er aan de hand is? (mag leeg blijven)",
        name="Eigen gedachte",
        kind=Kind.TEXT,
        asked_when=_not_acute,
        hint="Zo houden we feiten en gedachten uit elkaar.",
        multiline=True,
        max_length=2000,
        companion=True,
    ),
    Question(
        key="danger_check",
        page=Page.DANGER_CHECK,
        text="Is er op dit moment gevaar voor iemand?",
        name="Gevaar in je tekst",
        kind=Kind.CHOICE,
        choices=_choices((YES, "Ja, nu gevaar"), (NO, "Nee, niet nu"), (UNKNOWN, "Weet ik niet")),
        asked_when=lambda situation: (
            not situation.short_form and (situation.danger_read or "danger_check" in situation.answers)
        ),
    ),
    Question(
        key="signs",
        page=Page.SIGNS,
        text="Wat klopt er?",
        name="Aangevinkt",
        kind=Kind.TICKS,
        asked_when=_not_acute,
    ),
    Question(
        key="minor",
        page=Page.AGE,
        text="Is de persoon jonger dan 18 jaar?",
        name="Jonger dan 18",
        kind=Kind.CHOICE,
        choices=YES_NO_UNKNOWN,
        asked_when=_not_acute,
    ),
    Question(
        key="purpose",
        page=Page.PURPOSE,
        text="Moet deze persoon werken, geld afgeven of iets doen voor een ander?",
        name="Moet iets doen voor een ander",
        kind=Kind.CHOICE,
        choices=YES_NO_UNKNOWN,
        asked_when=lambda situation: not situation.acute and situation.outcome is Outcome.OTHER,
    ),
    Question(
        key="where",
        page=Page.CIRCUMSTANCES,
        text="Waar was het?",
        name="Waar",
        kind=Kind.TEXT,
        short_form_page=Page.STORY,
        hint="Bijvoorbeeld: bij de balie, of een straat of bedrijf",
    ),
    Question(
        key="when",
        page=Page.CIRCUMSTANCES,
        text="Wanneer was het?",
        name="Wanneer",
        kind=Kind.MOMENT,
        asked_when=_not_acute,
        hint="Bijvoorbeeld: net, of gisteren rond drie uur",
    ),
    Question(
        key="still_here",
        page=Page.CIRCUMSTANCES,
        text="Is de persoon er nu nog?",
        name="Nog aanwezig",
        kind=Kind.CHOICE,
        choices=YES_NO_UNKNOWN,
        asked_when=_no_short_form,
        default=UNKNOWN,
    ),
    Question(
        key="phone",
        page=Page.CIRCUMSTANCES,
        text="Mag de AF je bellen? Op welk nummer?",
        name="Bellen op",
        kind=Kind.TEXT,
        short_form_page=Page.STORY,
        hint="Leeg laten mag. Je hoort het ook hier.",
        max_length=60,
        no_bsn=False,
    ),
    Question(
        key="photo",
        page=Page.CIRCUMSTANCES,
        text="Heb je een foto gemaakt?",
        name="Foto gemaakt",
        kind=Kind.CHOICE,
        choices=_choices((NO, "Nee"), (YES, "Ja, de AF vraagt ernaar"), (UNKNOWN, "Weet ik niet")),
        asked_when=_not_acute,
        default=NO,
        compact=True,
        hint="Stuur de foto niet hierheen.",
    ),
    Question(
        key="about",
        page=Page.CIRCUMSTANCES,
        text="Gaat het over iemand die hier werkt?",
        name="Over een collega",
        kind=Kind.CHOICE,
        choices=_choices(
            (NO, "Nee"), ("colleague", "Ja, een collega"), ("officer", "Ja, een AF"), (UNKNOWN, "Weet ik niet")
        ),
        short_form_page=Page.STORY,
        default=NO,
        compact=True,
    ),
    Question(
        key="about_officer",
        page=Page.OFFICER,
        text="Over welke AF gaat het?",
        name="Over deze AF",
        kind=Kind.CHOICE,
        choices=lambda situation: (*situation.officers, Option(UNKNOWN, "Weet ik niet")),
        asked_when=lambda situation: situation.answers.get("about") == "officer",
        only_while_asked=True,
        required=True,
        error="Kies over wie het gaat, of 'Weet ik niet'. Wie je kiest, krijgt niets van je melding te zien.",
    ),
)
