"""What one turn is, without Teams: what a person said or pressed, and the cards they get back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Said:
    """Text that a person typed."""

    text: str
    #: A picture or file came along; it is not taken in.
    with_file: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that a person pressed, with what the card carried and what was filled in."""

    action: str
    #: What the button carries: ids and versions, put there by us and never believed without a check.
    data: Mapping[str, str] = field(default_factory=dict[str, str])
    #: The card's inputs by id; several ticks come as "a,b".
    inputs: Mapping[str, str] = field(default_factory=dict[str, str])
    #: The message on which it was pressed.
    card_id: str | None = None


class Style(StrEnum):
    """How a line of a card looks; never the only carrier of meaning."""

    PLAIN = "plain"
    HEADING = "heading"
    QUIET = "quiet"
    #: Where it comes from, when it was checked.
    SMALL = "small"
    #: What has just happened, or what to know first.
    NOTE = "note"
    ALARM = "alarm"
    GOOD = "good"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. May hold Markdown links ("[112](tel:112)") written by us; text of people is `verbatim`."""

    text: str
    style: Style = Style.PLAIN
    #: Text that a person wrote: shown letter for letter, never read as Markdown.
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with what belongs to them, in order; the values are shown letter for letter."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TextField:
    """A field to write in."""

    key: str
    label: str
    value: str = ""
    hint: str = ""
    multiline: bool = False
    required: bool = False
    error: str = ""
    max_length: int = 4000


@dataclass(frozen=True, slots=True)
class DateField:
    """A field for a day; `value` is an ISO date or empty."""

    key: str
    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: what is stored and what people read."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """A choice of one, or of several (`many`)."""

    key: str
    label: str
    options: tuple[Option, ...]
    value: tuple[str, ...] = ()
    many: bool = False
    required: bool = False
    error: str = ""
    hint: str = ""
    #: Shown folded: a long list behind its label.
    folded: bool = False
    #: One line with the choice that stands in it, which opens: for what is seldom changed.
    compact: bool = False


class Weight(StrEnum):
    """How much a button asks for attention."""

    PLAIN = "plain"
    MAIN = "main"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its words, what it does and what it carries."""

    title: str
    action: str
    data: Mapping[str, str] = field(default_factory=dict[str, str])
    weight: Weight = Weight.PLAIN
    #: The fields need not be filled in, and go along unchecked (Terug, Overslaan, Stoppen).
    unchecked: bool = False
    #: The whole name, if the title says it only where it stands ("Wijzig" beside an answer): read out, and typed.
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A label with what belongs to it and a button of its own: an answer that can be changed, a signal in a list."""

    label: str
    value: str
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """Buttons between other elements: what can be done with what stands above them."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """What opens on a press: to look up, in nobody's way."""

    key: str
    title: str
    elements: tuple[Line | Facts, ...]


Element = Line | Facts | Entry | TextField | DateField | ChoiceField | ButtonRow | Folded


@dataclass(frozen=True, slots=True)
class Card:
    """What a person sees: a title, elements from top to bottom, buttons."""

    title: str
    elements: tuple[Element, ...] = ()
    buttons: tuple[Button, ...] = ()
    #: What a lock screen may show: reference and status, never content. Empty: the title.
    summary: str = ""
    #: (3, 5) is "stap 3 van 5".
    progress: tuple[int, int] | None = None
    #: Marked "Oefening" at the top.
    practice: bool = False

    def under(self, line: Line) -> "Card":
        """The same card with this line on top."""
        return replace(self, elements=(line, *self.elements))


@dataclass(frozen=True, slots=True)
class Reply:
    """A card for the person whose turn it is."""

    card: Card
    #: True: it takes the place of the card that was pressed. False: it is a new message.
    in_place: bool = True
    #: Remember the message's id under this draft, so that the card can be edited later.
    shows_draft: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """All that comes of one turn."""

    replies: tuple[Reply, ...] = ()
    #: Messages to shrink to these cards, by message id: the card that a newer one takes over from.
    edits: Mapping[str, Card] = field(default_factory=dict[str, Card])
    #: Notices may have been put in the outbox: whoever sends them can be woken.
    notifies: bool = False
    #: An entry of the directory was changed: what is kept in memory is to be read again before anything is said.
    changes_numbers: bool = False

    def as_new(self) -> "Answer":
        """The same as new messages: for what was typed where a button would have done it."""
        return replace(self, replies=tuple(replace(reply, in_place=False) for reply in self.replies))

    @classmethod
    def in_place(cls, card: Card) -> "Answer":
        """The card that takes the place of the one that was pressed."""
        return cls((Reply(card),))

    @classmethod
    def below(cls, card: Card) -> "Answer":
        """The card as a new message."""
        return cls((Reply(card, in_place=False),))
