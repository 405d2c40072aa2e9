"""A draft, the signal it becomes, and the events of its life."""

from collections.abc import Iterable, Mapping
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


class Channel(StrEnum):
    """How a signal came in. Stored; never renamed."""

    #: The reporter wrote it in Teams; all others were entered by a colleague.
    TEAMS = "teams"
    PHONE = "phone"
    MAIL = "mail"
    PARTNER = "partner"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a signal comes from, if a colleague entered it on behalf of somebody. Kept for the figures."""

    channel: Channel = Channel.TEAMS
    #: Of whoever saw it: a team of the municipality, or an organisation.
    team: str = ""
    #: How whoever saw it can be reached, if that is possible.
    contact: str = ""


OWN_REPORT = Origin()


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
    origin: Origin = OWN_REPORT


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
    origin: Origin = OWN_REPORT

    def moved_to(self, status: SignalStatus, *, now: datetime) -> "Signal":
        """The same signal in the next status; raises TransitionNotAllowed."""
        check_transition(self.status, status)
        return replace(self, status=status, changed_at=now)

    def may_be_handled_by(self, person: str, staff: Staff) -> bool:
        """Whether this person may open and handle it: a handler of signals whom it is not about."""
        return person in staff.handlers(self.excluded)

    def listeners(self, staff: Staff) -> tuple[str, ...]:
        """Who hears of what happens to it: its owner, else everybody who may handle it. Never who is excluded."""
        handlers = staff.handlers(self.excluded)
        return (self.owner,) if self.owner in handlers else handlers


class EventKind(StrEnum):
    """What can happen to a signal. Stored; never renamed."""

    RECEIVED = "received"
    TAKEN_UP = "taken_up"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    FEEDBACK_READ = "feedback_read"
    #: The reporter added something.
    ADDED = "added"
    WITHDRAWAL_WISHED = "withdrawal_wished"
    #: The owner agreed.
    WITHDRAWN = "withdrawn"
    #: The owner goes on with it.
    WITHDRAWAL_DECLINED = "withdrawal_declined"


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
    #: Content by name: `partner` (key), `feedback` (text for the reporter), `note`, `text` (of the reporter; closed:
    #: the key of a reviewed one).
    content: Mapping[str, str] = field(default_factory=dict[str, str])


#: What tells the reporter something new.
NEWS = frozenset(
    {
        EventKind.TAKEN_UP,
        EventKind.HANDED_OVER,
        EventKind.CLOSED,
        EventKind.WITHDRAWN,
        EventKind.WITHDRAWAL_DECLINED,
    }
)
#: What a reporter sees of the history; other events stay with the officers.
SEEN_BY_REPORTER = NEWS | {EventKind.RECEIVED, EventKind.ADDED, EventKind.WITHDRAWAL_WISHED}
_IN_OWN_WORDS = frozenset({EventKind.ADDED, EventKind.WITHDRAWAL_WISHED})
#: What ends the wish to withdraw: the owner's decision on it, or the end of the signal.
_ANSWERS_WISH = frozenset({EventKind.WITHDRAWN, EventKind.WITHDRAWAL_DECLINED, EventKind.CLOSED})


def is_withdrawal_wished(history: Iterable[SignalEvent]) -> bool:
    """Whether the reporter wishes to withdraw the signal and nobody has decided on it yet."""
    wished = False
    for event in history:
        wished = event.kind is EventKind.WITHDRAWAL_WISHED or (wished and event.kind not in _ANSWERS_WISH)
    return wished


def own_words(event: SignalEvent) -> str:
    """What the reporter wrote in this step; empty if nothing, or if the step was not the reporter's."""
    return event.content.get("text", "") if event.kind in _IN_OWN_WORDS else ""
