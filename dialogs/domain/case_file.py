"""A signal with its history, read as a case: what is open, what was found out, what is owed to whom. Nothing is stored.

Everything follows from the events, so it cannot disagree with them; what the database must find by is planned from it
(`dialogs.domain.terms`) and stored beside the signal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from dialogs.domain.assessment import Outcome
from dialogs.domain.criteria import Form
from dialogs.domain.events import ENDS_QUESTION, EventKind, SignalEvent, is_withdrawal_wished
from dialogs.domain.lifecycle import OPEN, UNCLAIMED, SignalStatus
from dialogs.domain.signals import Signal, Standing


class Field(StrEnum):
    """What an officer adds to a signal (policy annex 3, step 2). Stored; never renamed."""

    ADDRESS = "address"
    COMPANY = "company"
    #: Earlier sanctions.
    SANCTIONS = "sanctions"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the officer makes of it, beside the bot's assessment: it drives the checklist."""

    outcome: Outcome
    form: Form | None
    reason: str
    #: The officer adds the RIEC to the route; the rules never do.
    riec: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A question that the reporter has not answered yet."""

    #: The number of its event.
    number: int
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """The owner offered it to somebody who has not accepted or declined."""

    number: int
    by: str
    to: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Referral:
    """A partner who was consulted or got the signal."""

    #: The number of its event.
    number: int
    kind: EventKind
    #: Key in the directory, or of a recipient outside it.
    partner: str
    at: datetime
    #: Until which day the partner's feedback is waited for; None if none was asked for.
    due: date | None
    answered: bool


@dataclass(frozen=True)
class CaseFile:
    """A signal and its history, oldest first."""

    signal: Signal
    history: tuple[SignalEvent, ...]

    def of_kind(self, *kinds: EventKind) -> tuple[SignalEvent, ...]:
        """The events of these kinds, oldest first."""
        return tuple(event for event in self.history if event.kind in kinds)

    def with_event(self, event: SignalEvent, signal: Signal | None = None) -> "CaseFile":
        """The case after one more event, and after the change that the event tells of."""
        return CaseFile(signal or self.signal, (*self.history, event))

    @property
    def is_open(self) -> bool:
        """Whether it still needs somebody."""
        return self.signal.status in OPEN

    @property
    def is_unclaimed(self) -> bool:
        """Whether nobody has taken it up."""
        return self.signal.status in UNCLAIMED

    @cached_property
    def judgement(self) -> Judgement | None:
        """The officer's newest judgement."""
        event = _last(self.of_kind(EventKind.JUDGED))
        if event is None:
            return None
        said = event.content
        form = Form(said["form"]) if said["form"] else None
        riec = said.get("riec") == "yes"
        return Judgement(Outcome(said["outcome"]), form, said["reason"], riec, event.actor, event.at)

    @cached_property
    def judged(self) -> Standing | None:
        """What it is listed as by the officer's judgement, if that differs from the assessment.

        What the reporter confirmed after it can make it more urgent, never less.
        """
        if (judgement := self.judgement) is None:
            return None
        newest = _last(self.of_kind(EventKind.JUDGED, EventKind.REASSESSED))
        assessed = Standing.of(self.signal.assessment)
        is_raised = newest is not None and newest.kind is EventKind.REASSESSED
        if is_raised and assessed.outcome.rank > judgement.outcome.rank:
            return None
        judged = Standing(judgement.outcome, (judgement.form,) if judgement.form else ())
        return judged if judged != assessed else None

    @cached_property
    def enrichment(self) -> Mapping[Field, SignalEvent]:
        """The newest look-up of each field: what was found, or that nothing was; an empty value takes it away."""
        newest = {Field(event.content["field"]): event for event in self.of_kind(EventKind.ENRICHED)}
        return {
            field: newest[field]
            for field in Field
            if field in newest and (newest[field].content["value"] or newest[field].content.get("hit") == "no")
        }

    @cached_property
    def ticks(self) -> Mapping[str, SignalEvent]:
        """The newest tick of each step of the checklist, by token."""
        return {event.content["token"]: event for event in self.of_kind(EventKind.TICKED)}

    @cached_property
    def done(self) -> frozenset[str]:
        """The steps of the checklist that were done, by token."""
        return frozenset(token for token, event in self.ticks.items() if event.content["done"] == "yes")

    @cached_property
    def question(self) -> Question | None:
        """The question that is open; at most one is."""
        event = _last(self.of_kind(EventKind.ASKED, *ENDS_QUESTION))
        if event is None or event.kind is not EventKind.ASKED or not self.is_open:
            return None
        return Question(event.number, event.content["question"], event.actor, event.at)

    @cached_property
    def closing(self) -> SignalEvent | None:
        """How it was closed; None if it is not."""
        return _last(self.of_kind(EventKind.CLOSED)) if self.signal.status is SignalStatus.CLOSED else None

    @cached_property
    def rating(self) -> str:
        """Whether the feedback of this closing was useful to the reporter: "yes", "no", or empty until they say so."""
        event = _last(self.of_kind(EventKind.CLOSED, EventKind.RATED))
        return event.content["useful"] if event is not None and event.kind is EventKind.RATED else ""

    @cached_property
    def offer(self) -> Offer | None:
        """The offer that is open; whoever takes it up or over ends it too."""
        ends = (EventKind.ACCEPTED, EventKind.DECLINED, EventKind.TAKEN_OVER, EventKind.TAKEN_UP)
        event = _last(self.of_kind(EventKind.OFFERED, *ends))
        if event is None or event.kind is not EventKind.OFFERED or not self.is_open:
            return None
        return Offer(event.number, event.actor, event.content["to"], event.content["reason"], event.at)

    @cached_property
    def referrals(self) -> tuple[Referral, ...]:
        """Everybody who was consulted or got it, oldest first; one entry for each partner."""
        came = self.of_kind(EventKind.PARTNER_ANSWERED)
        answers = {(event.content["about"], event.content["partner"]) for event in came}
        return tuple(
            Referral(
                event.number,
                event.kind,
                partner,
                event.at,
                date.fromisoformat(event.content["due"]) if event.content.get("due") else None,
                (str(event.number), partner) in answers,
            )
            for event in self.of_kind(EventKind.CONSULTED, EventKind.HANDED_OVER)
            for partner in event.content["partner"].split(",")
        )

    @property
    def minor_quote(self) -> str:
        """The words of the story that seemed to speak of somebody under 18; empty if there were none."""
        return next((event.content.get("minor", "") for event in self.of_kind(EventKind.RECEIVED)), "")

    @property
    def unanswered(self) -> tuple[Referral, ...]:
        """The partners who were consulted or got it and of whom no answer was recorded, oldest first."""
        return tuple(each for each in self.referrals if not each.answered)

    @cached_property
    def owed_by_partners(self) -> tuple[Referral, ...]:
        """The partners whose feedback was asked for and has not come, soonest due first."""
        if not self.is_open:
            return ()
        owed = [each for each in self.referrals if each.due is not None and not each.answered]
        return tuple(sorted(owed, key=lambda each: (each.due or date.max, each.number)))

    @cached_property
    def told_at(self) -> datetime:
        """When the reporter last heard something: a message, or in person; at first the receipt."""
        told = [event.at for event in self.history if event.is_pushed or event.kind is EventKind.FED_BACK]
        return told[-1] if told else self.signal.received_at

    @property
    def is_withdrawal_wished(self) -> bool:
        """Whether the reporter wishes to withdraw it and nobody has decided."""
        return self.is_open and is_withdrawal_wished(self.history)


def case_file(signal: Signal, history: Iterable[SignalEvent]) -> CaseFile:
    """The case of a signal; `history` is oldest first."""
    return CaseFile(signal, tuple(history))


def _last(events: Sequence[SignalEvent]) -> SignalEvent | None:
    return events[-1] if events else None
