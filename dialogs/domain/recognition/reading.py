"""What was read in a text, and the port behind which reading sits."""

from dataclasses import dataclass
from typing import Protocol

#: Start and end in Unicode code points of the text that was given.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A criterion that the text seems to mention, with the words it was read in: `text[start:end] == quote`."""

    criterion: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read in one text. Nothing in it counts before the reporter confirms it."""

    suggestions: tuple[Suggestion, ...] = ()
    negated: frozenset[str] = frozenset()  #: criteria the text denies; never also suggested
    minor: bool | None = None  #: whether it speaks of somebody under 18; None if it does not say
    minor_quote: str | None = None  #: the words that say so, if it does
    danger: bool = False
    danger_quote: str | None = None
    bsn: tuple[Span, ...] = ()
    phone_numbers: tuple[Span, ...] = ()
    warnings: tuple[str, ...] = ()  #: Dutch sentences for the person who typed it


class Suggester(Protocol):
    """Reads a text. Never raises, whatever the text; a suggestion counts only if its quote stands in the text."""

    def read(self, text: str) -> Reading:
        """Return what was read in `text`."""
        ...
