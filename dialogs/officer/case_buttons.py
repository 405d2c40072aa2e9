"""What can be pressed on a case. Each module of acts lists its own buttons (`BUTTONS`), with when and where they stand.

Teams shows six buttons at the foot of a card. What finds no room there, and what is seldom needed, is on *Meer*.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from dialogs.domain.case_file import CaseFile
from dialogs.officer.parts import signal_button
from dialogs.texts import Texts
from dialogs.turn import Button, Weight

#: Teams shows six at most (Microsoft Learn, "Design cards"); two of them are *Meer* and *Inklappen*.
AT_FOOT = 4

#: Whether a button is offered: for a case, to this person.
When = Callable[[CaseFile, str], bool]


class Place(StrEnum):
    """Where a button stands."""

    #: The main acts. Where there is no room left, on *Meer*.
    FOOT = "foot"
    MORE = "more"
    #: Behind what must be known first: a wish to withdraw it, an offer, that it follows another signal.
    TOP = "top"
    #: Behind what is known of the place, the company and the like.
    ENRICHMENT = "enrichment"
    WEIGHING = "weighing"
    CHECKLIST = "checklist"
    #: Behind whom it was handed to, and who was consulted.
    PARTNERS = "partners"
    #: Behind what the reporter heard, was asked and may do.
    REPORTER = "reporter"
    TIMELINE = "timeline"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class CaseButton:
    """A button of a case."""

    #: Key of its words.
    title: str
    action: str
    when: When
    place: Place = Place.FOOT
    weight: Weight = Weight.PLAIN
    #: Also on a signal that follows another one: all other work on it is done where it is led.
    on_follower: bool = False
    #: What it carries besides signal and version.
    data: Callable[[CaseFile], Mapping[str, str]] | None = None

    def drawn(self, case: CaseFile, texts: Texts) -> Button:
        """The button on a card."""
        button = signal_button(case.signal, texts(self.title), self.action, self.weight)
        return replace(button, data={**button.data, **self.data(case)}) if self.data else button


def anybody(_case: CaseFile, _reader: str) -> bool:
    """Always: the owner, the buddy, also when it is closed."""
    return True


def while_open(case: CaseFile, _reader: str) -> bool:
    """Everybody who may handle it, until it is closed or withdrawn."""
    return case.is_open


def while_unclaimed(case: CaseFile, _reader: str) -> bool:
    """Everybody who may handle it, until somebody takes it up."""
    return case.is_unclaimed


def to_owner(case: CaseFile, reader: str) -> bool:
    """Its owner, while it is taken up."""
    return case.is_open and not case.is_unclaimed and case.signal.owner == reader


def to_colleagues(case: CaseFile, reader: str) -> bool:
    """Who may handle it but does not have it, while it is taken up."""
    return case.is_open and not case.is_unclaimed and case.signal.owner != reader


@dataclass(frozen=True, slots=True)
class Offered:
    """The buttons that this person gets on this case, in the order in which the modules list them."""

    case: CaseFile
    buttons: tuple[CaseButton, ...]
    texts: Texts

    def at(self, place: Place) -> tuple[Button, ...]:
        """Those of one place, drawn; the foot holds what it can and *Meer* the rest."""
        foot = [each for each in self.buttons if each.place is Place.FOOT]
        match place:
            case Place.FOOT:
                chosen: Iterable[CaseButton] = foot[:AT_FOOT]
            case Place.MORE:
                chosen = (*foot[AT_FOOT:], *(each for each in self.buttons if each.place is Place.MORE))
            case _:
                chosen = (each for each in self.buttons if each.place is place)
        return tuple(each.drawn(self.case, self.texts) for each in chosen)


def offered(buttons: Iterable[CaseButton], case: CaseFile, reader: str, texts: Texts) -> Offered:
    """What this person is offered now."""
    follows = case.signal.lead is not None
    fitting = (each for each in buttons if each.on_follower or not follows)
    return Offered(case, tuple(each for each in fitting if each.when(case, reader)), texts)
