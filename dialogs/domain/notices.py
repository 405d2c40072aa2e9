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
    #: To who hears of the signal: a notice about it did not arrive; `notice` (its kind) and `to` ("reporter" or
    #: "officer") in the detail. A new message.
    UNDELIVERED = "undelivered"
    #: To a focal officer: the one open notice of what is new. Edits that message while it stands; else a new one.
    INBOX = "inbox"
    #: To a focal officer, daily: the figures of the queue. A new message.
    DIGEST = "digest"
    #: To an officer: a colleague offers a signal; `event` in the detail. A new message.
    OFFER = "offer"
    #: To who offered it: accepted or declined; `event` in the detail. A new message.
    OFFER_ANSWERED = "offer_answered"
    #: To the former owner: a colleague took it over; `event` in the detail. A new message.
    TAKEN_OVER = "taken_over"
    #: To the owner, else to all on duty: the reporter answered a question. A new message.
    ANSWER = "answer"
    #: To the reporter: a question still waits for an answer; `event` in the detail. A new message.
    QUESTION_REMINDER = "question_reminder"
    #: To officers: a term ran out; `watch`, `about` and `step` in the detail. A new message.
    TERM_PASSED = "term_passed"
    #: To the functional mailbox of the municipality, by mail: officers did not react; no content, no name.
    FALLBACK_MAIL = "fallback_mail"
    #: To an administrator: somebody says that a number is not right; `partner` in the detail names whose. No signal.
    PARTNER_DOUBTED = "partner_doubted"
    #: To an administrator: numbers are to be checked again; `month` in the detail. No signal.
    PARTNERS_DUE = "partners_due"


#: Notices that edit a message that is already there; sending one again changes nothing.
EDITS = frozenset({NoticeKind.OFFICER_CARD, NoticeKind.INTAKE_CARD, NoticeKind.EXPIRED_CARD})
#: About a signal, to who handles signals: who may not handle this one, or not any more, does not get it.
FOR_HANDLERS = frozenset(
    {
        NoticeKind.SIGNAL_FOR_OFFICER,
        NoticeKind.OFFICER_CARD,
        NoticeKind.ADDITION,
        NoticeKind.WITHDRAWAL_WISH,
        NoticeKind.UNDELIVERED,
        NoticeKind.OFFER,
        NoticeKind.OFFER_ANSWERED,
        NoticeKind.TAKEN_OVER,
        NoticeKind.ANSWER,
        NoticeKind.TERM_PASSED,
    }
)


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
        NoticeKind.INBOX: Importance.MUST_ARRIVE,
        # What it counts is counted anew the next day, and every term that runs out is told apart.
        NoticeKind.DIGEST: Importance.SMALL,
        NoticeKind.OFFER: Importance.MUST_ARRIVE,
        NoticeKind.OFFER_ANSWERED: Importance.MUST_ARRIVE,
        NoticeKind.TAKEN_OVER: Importance.MUST_ARRIVE,
        NoticeKind.ANSWER: Importance.MUST_ARRIVE,
        NoticeKind.QUESTION_REMINDER: Importance.SMALL,
        NoticeKind.TERM_PASSED: Importance.MUST_ARRIVE,
        NoticeKind.FALLBACK_MAIL: Importance.MUST_ARRIVE,
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
