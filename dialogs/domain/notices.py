"""What must reach somebody: the rows of the outbox. A notice carries ids, never content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class NoticeKind(StrEnum):
    """What a notice tells. Stored; never renamed."""

    #: To a focal officer: there is a new signal. A new message, whose id is remembered as the signal's card.
    SIGNAL_FOR_OFFICER = "signal_for_officer"
    #: The officer's card of a signal follows what happened. Edits that message.
    OFFICER_CARD = "officer_card"
    #: To the reporter: received, with the reference. A new message.
    RECEIPT = "receipt"
    #: To the reporter: there is news; `event` in the detail names which. A new message.
    STATUS_FOR_REPORTER = "status_for_reporter"
    #: The reporter's intake card shrinks to reference and status. Edits that message.
    INTAKE_CARD = "intake_card"
    #: To the owner, else to all who may see it: the reporter added something. A new message, without what it says.
    ADDITION = "addition"
    #: To the same: the reporter wishes to withdraw it. A new message.
    WITHDRAWAL_WISH = "withdrawal_wish"
    #: To the reporter: a draft is still open; `number` and `until` (ISO) in the detail. A new message.
    DRAFT_REMINDER = "draft_reminder"
    #: To the reporter: the draft was not finished in time and is gone. A new message.
    DRAFT_EXPIRED = "draft_expired"
    #: The intake card of a draft that expired shrinks; `practice` in the detail if it was one. Edits that message.
    EXPIRED_CARD = "expired_card"
    #: To an employee: what Meldroute is for, once in a while. A new message. No signal.
    NUDGE = "nudge"
    #: To who hears of the signal: a notice about it did not arrive; its kind as `notice` in the detail. A new message.
    UNDELIVERED = "undelivered"
    #: To an administrator: somebody says that a number is not right; `partner` in the detail names whose. No signal.
    PARTNER_DOUBTED = "partner_doubted"
    #: To an administrator: numbers are to be checked again; `month` in the detail. No signal.
    PARTNERS_DUE = "partners_due"


#: Notices that edit a message that is already there; sending one again changes nothing.
EDITS = frozenset({NoticeKind.OFFICER_CARD, NoticeKind.INTAKE_CARD, NoticeKind.EXPIRED_CARD})


class Importance(StrEnum):
    """What is done with a notice that may have arrived, but may also not have."""

    #: Sent again until there is a definite answer, or it is a dead letter that somebody hears of. Harmless seen twice.
    MUST_ARRIVE = "must_arrive"
    #: Let go: it is a nuisance seen twice, and what it says comes again or is on a card all the same.
    SMALL = "small"


#: Of each kind which of the two it is. Edits are small, and can be sent again without harm.
IMPORTANCE: Mapping[NoticeKind, Importance] = MappingProxyType(
    {
        NoticeKind.SIGNAL_FOR_OFFICER: Importance.MUST_ARRIVE,
        NoticeKind.OFFICER_CARD: Importance.SMALL,
        NoticeKind.RECEIPT: Importance.MUST_ARRIVE,
        NoticeKind.STATUS_FOR_REPORTER: Importance.MUST_ARRIVE,
        NoticeKind.INTAKE_CARD: Importance.SMALL,
        NoticeKind.ADDITION: Importance.MUST_ARRIVE,
        NoticeKind.WITHDRAWAL_WISH: Importance.MUST_ARRIVE,
        NoticeKind.DRAFT_REMINDER: Importance.SMALL,
        # Who thinks that a draft still stands, thinks that it can still be sent.
        NoticeKind.DRAFT_EXPIRED: Importance.MUST_ARRIVE,
        NoticeKind.EXPIRED_CARD: Importance.SMALL,
        NoticeKind.NUDGE: Importance.SMALL,
        NoticeKind.UNDELIVERED: Importance.MUST_ARRIVE,
        NoticeKind.PARTNER_DOUBTED: Importance.MUST_ARRIVE,
        NoticeKind.PARTNERS_DUE: Importance.SMALL,
    }
)


class Lane(StrEnum):
    """Notices to one person keep their order within a lane; no lane waits for another. Stored; never renamed."""

    #: Somebody is in danger now.
    ALARM = "alarm"
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message that must reach one person."""

    id: str
    kind: NoticeKind
    #: Entra object id.
    recipient: str
    #: Empty for a notice that is not about a signal.
    signal_id: str
    created_at: datetime
    #: Ids, keys and moments only: `event` (number), `card` (message id), `until` (ISO).
    detail: Mapping[str, str] = field(default_factory=dict[str, str])
    lane: Lane = Lane.ORDINARY
