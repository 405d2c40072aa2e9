"""The queue of open signals: what is listed, in which order, and by which filter. No content, so nothing is opened."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dialogs.domain.assessment import Outcome
from dialogs.domain.criteria import Form
from dialogs.domain.lifecycle import SignalStatus


class QueueFilter(StrEnum):
    """Which of the open signals are listed."""

    ALL = "all"
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    #: Taken up, and now waiting for the reporter or for a partner who was consulted.
    WAITING = "waiting"
    #: A partner was asked for feedback that has not come.
    PARTNER_OWES = "partner_owes"
    #: The reporter must hear something soon (`QueueQuery.owed_before`).
    WE_OWE = "we_owe"


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """A place in the queue: most urgent first, by the officer's judgement where there is one, then oldest first."""

    #: Minus the rank of the outcome.
    rank: int
    received_at: datetime
    signal_id: str


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What somebody asks of the queue."""

    #: Entra object id; signals from which this person is excluded are not listed.
    reader: str
    filter: QueueFilter = QueueFilter.ALL
    #: List only signals from which all these people are excluded: what a confidant may see.
    kept_from: tuple[str, ...] = ()
    #: For WE_OWE: the reporter must have heard before this moment.
    owed_before: datetime | None = None
    #: The last entry of the page before; None for the first page.
    behind: QueuePosition | None = None


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A signal as the queue lists it: outcome and forms by the officer's judgement, else by the assessment."""

    id: str
    reference: str
    outcome: Outcome
    #: Best first.
    forms: tuple[Form, ...]
    status: SignalStatus
    owner: str | None
    received_at: datetime
    version: int
    due_at: datetime | None
    partner_due_at: datetime | None
    feedback_due_at: datetime | None

    @property
    def position(self) -> QueuePosition:
        """Its place, for the page behind it."""
        return QueuePosition(-self.outcome.rank, self.received_at, self.id)
