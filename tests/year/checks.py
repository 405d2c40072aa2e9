"""What must hold at every step of the year, and for every signal at its end; and the year in figures."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from dialogs.domain.case_file import CaseFile, case_file
from dialogs.domain.events import UNREACHABLE, EventKind, is_seen_by_reporter
from dialogs.domain.lifecycle import ALLOWED_TRANSITIONS, OPEN, SignalStatus
from dialogs.domain.notices import NoticeKind
from dialogs.domain.queue import QueueQuery
from dialogs.domain.terms import WatchKind, watches
from dialogs.domain.working_time import next_working_moment, workdays_between
from tests.year.office import KNOWLEDGE, Office, Posted

E = EventKind
_MORE_THAN_EVER = 10_000
_STAFF = frozenset((*KNOWLEDGE.staff.focal_officers, *KNOWLEDGE.staff.deputies))


def check_open(case: CaseFile, office: Office) -> None:
    """An open signal has an owner or an alarm, and the next thing that is waited for is planned in its term."""
    signal, running = case.signal, watches(case, KNOWLEDGE.terms)
    assert case.is_unclaimed or signal.owner in _STAFF, f"{signal.reference} has no owner"
    assert case.is_unclaimed is any(watch.kind is WatchKind.UNCLAIMED for watch in running), signal.reference
    assert signal.due_at is not None, f"{signal.reference} is watched by nobody"
    latest = max(running[0].due_at, next_working_moment(office.now))
    assert signal.due_at <= latest, f"{signal.reference} is looked at on {signal.due_at}, and is due {running[0]}"


async def check_signals(office: Office, ids: Collection[str]) -> None:
    """Those of these signals that are open."""
    async with office.database.unit_of_work() as uow:
        for signal_id in ids:
            signal = await uow.signals.get(signal_id)
            if signal is not None and signal.status in OPEN:
                check_open(case_file(signal, await uow.signals.history(signal_id)), office)


async def check_all(office: Office) -> None:
    """All that are open: also those of which nobody heard anything for long."""
    async with office.database.unit_of_work() as uow:
        entries = await uow.queue.page(QueueQuery(""), _MORE_THAN_EVER)
    await check_signals(office, [entry.id for entry in entries])


def check_history(case: CaseFile) -> None:
    """Numbered, in order of time, by allowed steps; what its reporter sees begins with the receipt."""
    history = case.history
    assert [event.number for event in history] == list(range(1, len(history) + 1))
    assert history[0].kind is E.RECEIVED
    assert history[-1].status is case.signal.status
    for before, event in pairwise(history):
        assert before.at <= event.at
        assert event.status is before.status or event.status in ALLOWED_TRANSITIONS[before.status], event
    assert next(filter(is_seen_by_reporter, history)).kind is E.RECEIVED


class Letters:
    """What was brought, found by what it tells of."""

    def __init__(self, posted: Sequence[Posted]) -> None:
        self.of_event: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.arrived: set[tuple[str, str, str]] = set()
        self.terms: set[tuple[str, str, str, str, str]] = set()
        self.undelivered: set[str] = set()
        self.mails = 0
        for each in posted:
            self._sort(each)

    def _sort(self, posted: Posted) -> None:
        notice, detail = posted.notice, posted.notice.detail
        signal, person = notice.signal_id, notice.recipient
        match notice.kind:
            case NoticeKind.STATUS_FOR_REPORTER:
                self.of_event[signal, person].append(detail["event"])
                if posted.arrived:
                    self.arrived.add((signal, person, detail["event"]))
            case NoticeKind.TERM_PASSED | NoticeKind.FALLBACK_MAIL:
                self.terms.add((signal, person, detail["watch"], detail["about"], detail["step"]))
                self.mails += notice.kind is NoticeKind.FALLBACK_MAIL
            case NoticeKind.QUESTION_REMINDER:
                self.terms.add((signal, person, WatchKind.QUESTION, detail["event"], "1"))
            case NoticeKind.UNDELIVERED:
                self.undelivered.add(signal)
            case _:
                pass


def check_told(case: CaseFile, letters: Letters) -> None:
    """Every term that ran out was told to somebody, and the reporter got each news once and in order."""
    signal = case.signal
    for event in case.of_kind(E.ESCALATED):
        said = event.content
        assert said["told"], f"nobody was told of {said} on {signal.reference}"
        for person in said["told"].split(","):
            assert (signal.id, person, said["watch"], said["about"], said["step"]) in letters.terms, said
    news = [str(event.number) for event in case.history if event.is_pushed]
    assert letters.of_event[signal.id, signal.reporter] == news, signal.reference


def is_fed_back(case: CaseFile, letters: Letters) -> bool:
    """Of a signal that was closed: fed back, else counted as not reachable, with what was tried."""
    closing = case.of_kind(E.CLOSED)[-1]
    if closing.content["text"] == UNREACHABLE:
        assert int(closing.content["attempts"]) > 0
        assert closing.content["reason"]
        return False
    assert (case.signal.id, case.signal.reporter, str(closing.number)) in letters.arrived, case.signal.reference
    return True


@dataclass
class Figures:
    """The year in a table."""

    signals: int = 0
    closed: int = 0
    fed_back: int = 0
    not_reachable: int = 0
    withdrawn: int = 0
    open: int = 0
    outcomes: Counter[str] = field(default_factory=Counter[str])
    escalations: Counter[str] = field(default_factory=Counter[str])
    taking_up: list[int] = field(default_factory=list[int])
    closing: list[int] = field(default_factory=list[int])
    mails: int = 0
    undelivered: int = 0
    events: int = 0

    def add(self, case: CaseFile, letters: Letters) -> None:
        """Check this signal and count it."""
        check_history(case)
        check_told(case, letters)
        self.signals += 1
        self.events += len(case.history)
        self.outcomes[case.signal.assessment.outcome] += 1
        self.escalations.update(event.content["watch"] for event in case.of_kind(E.ESCALATED))
        self.undelivered += len(case.of_kind(E.UNDELIVERED))
        if taken := case.of_kind(E.TAKEN_UP):
            self.taking_up.append(workdays_between(case.signal.received_at, taken[0].at))
        self.withdrawn += case.signal.status is SignalStatus.WITHDRAWN
        self.open += case.is_open
        if case.signal.status is SignalStatus.CLOSED:
            self.closed += 1
            self.closing.append(workdays_between(case.signal.received_at, case.of_kind(E.CLOSED)[-1].at))
            fed_back = is_fed_back(case, letters)
            self.fed_back += fed_back
            self.not_reachable += not fed_back

    def __str__(self) -> str:
        """One figure a line."""
        rows: dict[str, object] = {
            "signals": self.signals,
            "  by outcome": _listed(self.outcomes),
            "closed": self.closed,
            "  fed back": self.fed_back,
            "  not reachable": self.not_reachable,
            "withdrawn": self.withdrawn,
            "still open": self.open,
            "working days to take-up, median": median(self.taking_up),
            "working days to close, median": median(self.closing),
            "terms that ran out": _listed(self.escalations),
            "mails to the mailbox": self.mails,
            "messages that did not arrive": self.undelivered,
            "events": self.events,
        }
        return "\n".join(f"{name:<34}{value}" for name, value in rows.items())


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))


async def figures(office: Office) -> Figures:
    """Every signal checked and counted."""
    letters, found, behind = Letters(office.posted), Figures(), None
    found.mails = letters.mails
    async with office.database.unit_of_work() as uow:
        while page := await uow.signals.page(behind, 200):
            for signal in page:
                case = case_file(signal, await uow.signals.history(signal.id))
                if case.is_open:
                    check_open(case, office)
                found.add(case, letters)
                if case.of_kind(E.UNDELIVERED):
                    assert signal.id in letters.undelivered, f"no officer heard that {signal.reference} did not arrive"
            behind = page[-1]
        assert await uow.audit.broken_at() is None
    return found
