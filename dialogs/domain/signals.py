"""A draft, the signal it becomes, and the events of its life."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from dialogs.domain.access import Staff
from dialogs.domain.assessment import Assessment
from dialogs.domain.lifecycle import SignalStatus, check_transition
from dialogs.domain.recognition import Suggestion

#: An answer by question key: a text or the key of a choice, or the keys of all that was ticked.
Answer = str | tuple[str, ...]
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers so far of one reporter: content, kept only until it is sent, dropped or expired."""

    id: str
    #: Entra object id.
    reporter: str
    started_at: datetime
    changed_at: datetime
    #: Counts the stored changes: a card that carries an older number is out of date.
    version: int = 0
    answers: Answers = field(default_factory=dict[str, Answer])
    #: What was read in the story, kept so that it is read once.
    suggestions: tuple[Suggestion, ...] = ()
    #: Words in the story that sound like danger now; None if there are none.
    danger_quote: str | None = None
    #: Whether the story seems to speak of somebody under 18.
    minor_read: bool | None = None
    #: What is on screen instead of the next question: a page or question that is being changed, or a prompt.
    focus: str | None = None
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Signal:
    """What was seen, once sent. Immutable; a change makes a copy with the next version in mind."""

    #: The id of the draft it was, so that sending twice meets itself.
    id: str
    #: "S-2026-0001": given out once, in order of arrival.
    reference: str
    reporter: str
    reporter_name: str
    received_at: datetime
    answers: Answers
    suggestions: tuple[Suggestion, ...]
    assessment: Assessment
    status: SignalStatus = SignalStatus.RECEIVED
    owner: str | None = None
    #: Entra object ids of the focal officers it is about: they see nothing of it.
    excluded: frozenset[str] = frozenset()
    version: int = 0
    changed_at: datetime | None = None

    def moved_to(self, status: SignalStatus, *, now: datetime) -> "Signal":
        """The same signal in the next status; raises TransitionNotAllowed."""
        check_transition(self.status, status)
        return replace(self, status=status, changed_at=now)

    def may_be_handled_by(self, person: str, staff: Staff) -> bool:
        """Whether this person may open and handle it: a handler of signals whom it is not about."""
        return person in staff.handlers(self.excluded)


class EventKind(StrEnum):
    """What can happen to a signal. Stored; never renamed."""

    RECEIVED = "received"
    TAKEN_UP = "taken_up"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    FEEDBACK_READ = "feedback_read"


@dataclass(frozen=True, slots=True)
class SignalEvent:
    """One line of a signal's history: appended, never edited."""

    signal_id: str
    at: datetime
    #: Entra object id of who did it.
    actor: str
    kind: EventKind
    status: SignalStatus
    #: 1, 2, 3 ... within the signal; 0 until it is stored.
    number: int = 0
    #: Content by name: `partner` (key), `feedback` (text for the reporter), `note`.
    content: Mapping[str, str] = field(default_factory=dict[str, str])
