"""What must hold at the end of every day. The docstring of each is the sentence that is told when it is broken."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from dialogs.domain.assessment import Outcome
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.lifecycle import ALLOWED_TRANSITIONS, SignalStatus
from dialogs.domain.signals import Draft, Signal
from tests.simulation.ledger import Arrival, Ledger, Try

#: Notices that are not repeated when it is not known whether they arrived, and whose loss costs nothing: all others
#: must arrive.
SMALL = frozenset(
    {
        "digest",
        "draft_reminder",
        "expired_card",
        "intake_card",
        "nudge",
        "officer_card",
        "partners_due",
        "question_reminder",
    }
)
EDITS = frozenset({"officer_card", "intake_card", "expired_card"})
#: How a try ends of which nobody knows whether it arrived; whatever else a try fails by, it did not arrive.
IN_DOUBT = frozenset({"Ambiguous", "CancelledError"})
#: In seconds: a replica that lives has recorded by then what it sent.
_RECORDED_WITHIN = 1.0
#: Danger runs on the real clock (dialogs/domain/terms.py).
ALARMS_AFTER = timedelta(minutes=15)
#: In seconds: how often a watchdog looks (bot/watchdog.py), and how long that may take.
_LOOKS_EVERY, _LOOK_TAKES = 60.0, 5.0
#: Microsoft Learn, "Optimize your bot with rate limiting in Teams": so many in so many seconds, in a conversation and
#: in a tenant.
LIMITS = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
LIMITS_OF_TENANT = ((50, 1.0),)
#: Of times that are counted in microseconds by one and in floating point by the other.
_ROUNDING = 0.00001
_MARK = re.compile(r"zq[a-z]+\d+zq")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the outbox."""

    number: int
    id: str
    kind: str
    recipient: str
    signal_id: str
    detail: str
    settled: bool
    dead: bool
    attempts: int
    lane: str
    #: It was a dead letter before.
    resent: bool


@dataclass(frozen=True)
class Outcomes:
    """What is stored at the end of a day, and what happened on it."""

    signals: Sequence[Signal]
    histories: Mapping[str, Sequence[SignalEvent]]
    drafts: Sequence[Draft]
    outbox: Sequence[Row]
    audit_broken_at: int | None
    handlers: Mapping[str, tuple[str, ...]]
    ledger: Ledger
    #: When the day began.
    start: datetime

    def tries_of(self, notice: str) -> list[Try]:
        """Every time that somebody sent it, oldest first."""
        return self._tries[notice]

    def arrivals_of(self, notice: str) -> list[Arrival]:
        """Every time that it arrived."""
        return self._arrivals[notice]

    @cached_property
    def _tries(self) -> Mapping[str, list[Try]]:
        found: dict[str, list[Try]] = defaultdict(list)
        for each in self.ledger.tries:
            found[each.notice].append(each)
        return found

    @cached_property
    def _arrivals(self) -> Mapping[str, list[Arrival]]:
        found: dict[str, list[Arrival]] = defaultdict(list)
        for each in self.ledger.arrivals:
            if each.attempt is not None and each.operation != "create":
                found[each.attempt.notice].append(each)
        return found


Invariant = Callable[[Outcomes], Iterator[str]]


def a_draft_becomes_one_signal_with_one_reference(day: Outcomes) -> Iterator[str]:
    """A draft becomes one signal at most, with a reference of its own, and is a draft no longer."""
    references = Counter(signal.reference for signal in day.signals)
    yield from (reference for reference, times in references.items() if times > 1)
    ids = {signal.id for signal in day.signals}
    yield from (draft.id for draft in day.drafts if draft.id in ids)
    reporters = Counter(draft.reporter for draft in day.drafts)
    yield from (f"two drafts of {reporter}" for reporter, times in reporters.items() if times > 1)


def what_somebody_wrote_is_stored_once(day: Outcomes) -> Iterator[str]:
    """What somebody wrote once stands in one place: no press, repeated or redelivered, was acted upon twice."""
    places: dict[str, set[str]] = defaultdict(set)
    for thing in (*day.signals, *day.drafts):
        for key, answer in thing.answers.items():
            for mark in _MARK.findall(str(answer)):
                places[mark].add(f"{thing.id} {key}")
            if len(set(_MARK.findall(str(answer)))) < len(_MARK.findall(str(answer))):
                yield f"twice in {thing.id} {key}: {answer}"
    for signal_id, history in day.histories.items():
        for event in history:
            for mark in _MARK.findall(" ".join(event.content.values())):
                # What several partners answered at once is an event for each.
                at_once = event.kind is EventKind.PARTNER_ANSWERED
                places[mark].add(f"{signal_id} event {event.at if at_once else event.number}")
    yield from (f"{mark}: {', '.join(sorted(found))}" for mark, found in places.items() if len(found) > 1)


def every_history_follows_the_table(day: Outcomes) -> Iterator[str]:
    """The history of a signal begins with its arrival, takes allowed steps only and ends in its status."""
    for signal in day.signals:
        status = SignalStatus.RECEIVED
        history = day.histories[signal.id]
        if [event.number for event in history] != list(range(1, len(history) + 1)):
            yield f"{signal.reference}: a number is missing"
        if [event.kind for event in history].count(EventKind.RECEIVED) != 1:
            yield f"{signal.reference}: not received once"
        for event in history:
            moves = event.status is not status or event.kind is EventKind.HANDED_OVER
            if moves and event.status not in ALLOWED_TRANSITIONS[status]:
                yield f"{signal.reference}: {event.kind} from {status} to {event.status}"
            status = event.status
        if status is not signal.status:
            yield f"{signal.reference}: is {signal.status}, its history says {status}"


def a_signal_has_its_receipt_and_its_news(day: Outcomes) -> Iterator[str]:
    """Signal, receipt and notices of every handler were stored together, and so was each step with its news."""
    there = {(row.signal_id, row.kind, row.recipient) for row in day.outbox}
    news = Counter((row.signal_id, row.kind) for row in day.outbox)
    for signal in day.signals:
        if (signal.id, "receipt", signal.reporter) not in there:
            yield f"{signal.reference}: no receipt"
        for person in day.handlers[signal.id]:
            if (signal.id, "signal_for_officer", person) not in there:
                yield f"{signal.reference}: not for {person}"
        told = [each for each in day.histories[signal.id] if each.is_pushed and each.actor != signal.reporter]
        if news[signal.id, "status_for_reporter"] != len(told):
            yield f"{signal.reference}: {len(told)} steps, {news[signal.id, 'status_for_reporter']} notices"


def a_closed_signal_has_feedback(day: Outcomes) -> Iterator[str]:
    """Whoever reported a signal that is closed was told what became of it."""
    for signal in day.signals:
        for event in day.histories[signal.id]:
            if event.kind is EventKind.CLOSED and not event.content.get("text"):
                yield f"{signal.reference}: closed without a text"


def everything_that_must_arrive_arrives(day: Outcomes) -> Iterator[str]:
    """Every notice that must arrive was taken by Teams or is a dead letter in sight; none waits for ever."""
    for row in day.outbox:
        if not row.settled:
            yield f"{row.id}: still waits after {row.attempts} tries"
        elif row.kind not in SMALL and not row.dead and not day.arrivals_of(row.id) and not _is_old_news(day, row):
            yield f"{row.id}: counts as delivered and never arrived"


def _is_old_news(day: Outcomes, row: Row) -> bool:
    """What was new, and was taken up before it could be told."""
    return row.kind == "inbox" and [each.failure for each in day.tries_of(row.id)][-1:] == ["Obsolete"]


def nothing_dies_without_a_reason(day: Outcomes) -> Iterator[str]:
    """A notice that must arrive becomes a dead letter only when Teams refuses it for good or takes nothing for days."""
    for row in day.outbox:
        failures = [each.failure for each in day.tries_of(row.id)]
        if (
            row.dead
            and row.kind not in SMALL
            and not {"Permanent", "Unreachable", "NotAuthorised"} & set(failures[-1:])
        ):
            yield f"{row.id}: {failures}"


def an_acute_signal_is_heard_of(day: Outcomes) -> Iterator[str]:
    """Every handler hears of every acute signal: the message arrived in their chat, or lies there to be seen."""
    rows = {(row.signal_id, row.recipient): row for row in day.outbox if row.kind == "signal_for_officer"}
    for signal in day.signals:
        if signal.assessment.outcome is not Outcome.ACUTE:
            continue
        for person in day.handlers[signal.id]:
            row = rows.get((signal.id, person))
            if row is None or not (row.dead or any(signal.reference in each.body for each in day.arrivals_of(row.id))):
                yield f"{signal.reference}: {person}"


def an_acute_signal_that_is_left_lying_alarms(day: Outcomes) -> Iterator[str]:
    """An acute signal that nobody takes up alarms every handler after a quarter of an hour, whatever the hour.

    A replica that lives looks every minute, and at once when it starts.
    """
    for signal in day.signals:
        history = day.histories[signal.id]
        if signal.assessment.outcome is not Outcome.ACUTE or signal.lead is not None:
            continue
        if any(event.kind is EventKind.REASSESSED for event in history):
            continue  # it may have become so later
        latest = _looked_at(day.ledger, (history[0].at + ALARMS_AFTER - day.start).total_seconds())
        if latest is None or any(
            event.status is not SignalStatus.RECEIVED and (event.at - day.start).total_seconds() <= latest
            for event in history
        ):
            continue
        alarms = [event for event in history if event.kind is EventKind.ESCALATED]
        told = {row.recipient for row in day.outbox if (row.signal_id, row.kind) == (signal.id, "term_passed")}
        if not alarms or (alarms[0].at - day.start).total_seconds() > latest:
            yield f"{signal.reference}: no alarm by {latest:.0f}, but {[str(event.at) for event in alarms[:1]]}"
        elif missing := set(day.handlers[signal.id]) - told:
            yield f"{signal.reference}: {missing} were not alarmed"


def _looked_at(ledger: Ledger, due: float) -> float | None:
    """By when somebody must have seen what is due then; None if nobody lived long enough."""
    looks: list[float] = []
    for number, began in ledger.began.items():
        look = began if began >= due else due + _LOOKS_EVERY
        look = max([look, *(after for before, after in ledger.jumps if before <= look <= after)]) + _LOOK_TAKES
        if ledger.ended.get(number, look) >= look:
            looks.append(look)
    return min(looks, default=None)


def the_order_in_a_conversation_is_kept(day: Outcomes) -> Iterator[str]:
    """New messages reach a person in the order in which they were stored.

    Only an alarm overtakes the others, and a dead letter that was put back comes when it comes. Where Teams takes in a
    small message after the bot had stopped waiting for it, the order is Teams' own doing.
    """
    first: dict[tuple[str, str], list[tuple[int, float, str]]] = defaultdict(list)
    for row in day.outbox:
        arrivals = day.arrivals_of(row.id)
        if row.kind not in EDITS and arrivals and not row.resent and not _was_let_go(day, row, arrivals[0].at):
            first[row.recipient, row.lane].append((row.number, arrivals[0].at, row.id))
    for rows in first.values():
        for before, after in pairwise(sorted(rows)):
            if before[1] > after[1]:
                yield f"{after[2]} before {before[2]}"


def _was_let_go(day: Outcomes, row: Row, arrived: float) -> bool:
    last = day.tries_of(row.id)[-1]
    return row.kind in SMALL and last.failure != "" and last.ended is not None and last.ended < arrived


def twice_only_when_in_doubt(day: Outcomes) -> Iterator[str]:
    """A new message comes twice only if it was not known whether the first had arrived, or the replica had died."""
    ledger = day.ledger
    for row in day.outbox:
        tries = day.tries_of(row.id)
        came = [each.attempt for each in day.arrivals_of(row.id) if each.operation == "send"]
        for before, after in pairwise(tries):
            died = ledger.ended.get(before.replica)
            excused = (
                before.failure in IN_DOUBT
                or (before.failure and before not in came)
                or (before.ended is None and died is not None)
                or (died is not None and before.ended is not None and died < before.ended + _RECORDED_WITHIN)
                or any(before.began <= jump <= after.began for jump, _ in ledger.jumps)
            )
            if row.kind not in EDITS and not excused:
                yield f"{row.id}: at {before.began:.3f} and at {after.began:.3f}"


def a_small_notice_in_doubt_is_let_go(day: Outcomes) -> Iterator[str]:
    """A small notice of which it is not known whether it arrived is not sent again."""
    for row in day.outbox:
        for before, after in pairwise(day.tries_of(row.id)):
            in_doubt = before.ended is None or before.failure in IN_DOUBT
            if row.kind in SMALL - EDITS and in_doubt:
                yield f"{row.id}: at {before.began:.3f} and at {after.began:.3f}"


def teams_limits_are_kept(day: Outcomes) -> Iterator[str]:
    """No more leaves for a conversation, or for all together, than Teams takes."""
    yield from exceeded(day.ledger.sent)


def exceeded(calls: Sequence[tuple[float, str]]) -> Iterator[str]:
    """Where more calls than a limit allows lie within its time, wherever that begins."""
    by_conversation: dict[str, list[float]] = defaultdict(list)
    for at, conversation in calls:
        if conversation:
            by_conversation[conversation].append(at)
    for conversation, times in by_conversation.items():
        for most, within in LIMITS:
            if (at := _over(sorted(times), most, within)) is not None:
                yield f"{conversation}: more than {most} in {within} s from {at:.3f}"
    for most, within in LIMITS_OF_TENANT:
        if (at := _over(sorted(at for at, _ in calls), most, within)) is not None:
            yield f"all: more than {most} in {within} s from {at:.3f}"


def _over(times: Sequence[float], most: int, within: float) -> float | None:
    for first, one_too_many in zip(times, times[most:], strict=False):
        if one_too_many - first < within - _ROUNDING:
            return first
    return None


def the_audit_chain_holds(day: Outcomes) -> Iterator[str]:
    """The chain of the audit log holds."""
    if day.audit_broken_at is not None:
        yield f"line {day.audit_broken_at}"


def no_content_in_the_outbox(day: Outcomes) -> Iterator[str]:
    """A row of the outbox holds nothing that somebody wrote."""
    yield from (row.id for row in day.outbox if _MARK.search(f"{row.id} {row.detail}"))


INVARIANTS: tuple[Invariant, ...] = (
    a_draft_becomes_one_signal_with_one_reference,
    what_somebody_wrote_is_stored_once,
    every_history_follows_the_table,
    a_signal_has_its_receipt_and_its_news,
    a_closed_signal_has_feedback,
    everything_that_must_arrive_arrives,
    nothing_dies_without_a_reason,
    an_acute_signal_is_heard_of,
    an_acute_signal_that_is_left_lying_alarms,
    the_order_in_a_conversation_is_kept,
    twice_only_when_in_doubt,
    a_small_notice_in_doubt_is_let_go,
    teams_limits_are_kept,
    the_audit_chain_holds,
    no_content_in_the_outbox,
)


def broken(day: Outcomes) -> list[tuple[str, str]]:
    """The sentences that do not hold, each with what was seen."""
    found = [(str(each.__doc__), fault) for each in INVARIANTS for fault in each(day)]
    return [*day.ledger.broken, *found]
