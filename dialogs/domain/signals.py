"""A draft and the signal it becomes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from dialogs.domain.access import Staff
from dialogs.domain.assessment import Assessment, Outcome
from dialogs.domain.criteria import Form
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
    #: Words in the story that seem to speak of somebody under 18; None if there are none.
    minor_quote: str | None = None
    #: What is on screen instead of the next question: a page or question that is being changed, or a prompt.
    focus: str | None = None
    practice: bool = False
    origin: Origin = OWN_REPORT


@dataclass(frozen=True, slots=True)
class Standing:
    """What a signal is listed as."""

    outcome: Outcome
    #: Best first.
    forms: tuple[Form, ...]

    @classmethod
    def of(cls, assessment: Assessment) -> "Standing":
        """As the rules weigh it."""
        return cls(assessment.outcome, tuple(assessment.forms))


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
    #: The id of the signal that leads, if this one is about the same thing and follows it.
    lead: str | None = None
    # Planned from its history (`dialogs.domain.terms`), so that it can be found by them.
    #: When something must be done if nothing happens before.
    due_at: datetime | None = None
    #: From when a partner's feedback is late.
    partner_due_at: datetime | None = None
    #: When the reporter must have heard something.
    feedback_due_at: datetime | None = None
    #: As an officer judged it, if that differs from the assessment.
    judged: Standing | None = None

    @property
    def standing(self) -> Standing:
        """What it is listed as, and where in the queue."""
        return self.judged or Standing.of(self.assessment)

    def moved_to(self, status: SignalStatus, *, now: datetime) -> "Signal":
        """The same signal in the next status; raises TransitionNotAllowed."""
        check_transition(self.status, status)
        return replace(self, status=status, changed_at=now)

    def may_be_handled_by(self, person: str, staff: Staff) -> bool:
        """Whether this person may open and handle it: a handler of signals whom it is not about."""
        return person in staff.handlers(self.excluded)

    def listeners(self, staff: Staff, absent: Collection[str] = ()) -> tuple[str, ...]:
        """Who hears of what happens to it: its owner if at work, else everybody on duty. Never who is excluded."""
        if self.owner in staff.handlers(self.excluded) and self.owner not in absent:
            return (self.owner,)
        return staff.on_duty(self.excluded, absent)
