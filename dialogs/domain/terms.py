"""The terms within which something must happen to a signal, and what runs out when.

Policy annex 3, step 3: no signal may be left lying. How long each wait may last is our judgement (the policy gives no
terms) and a setting; design section 6: danger runs on the real clock, all else on the clock of working time. A term
that runs out is told and starts again, so nothing that waits is ever forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.signals import Signal
from dialogs.domain.working_time import WORKDAY, after, next_working_moment


class WatchKind(StrEnum):
    """What is waited for. Stored; never renamed."""

    #: That somebody takes it up.
    UNCLAIMED = "unclaimed"
    #: That the reporter answers: step 1 reminds, step 2 ends the question.
    QUESTION = "question"
    #: That a colleague accepts or declines.
    OFFER = "offer"
    #: That a partner gives feedback.
    PARTNER = "partner"
    #: That the reporter hears something.
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each wait may last: `unclaimed_acute` on the real clock, all others in working time."""

    unclaimed_acute: timedelta = timedelta(minutes=15)
    unclaimed_clear: timedelta = timedelta(hours=4)
    unclaimed: timedelta = 2 * WORKDAY
    question_reminder: timedelta = 2 * WORKDAY
    question: timedelta = 5 * WORKDAY
    offer: timedelta = WORKDAY
    #: How long a partner gets when no day was agreed, and how often the officer is reminded after that day.
    partner: timedelta = 5 * WORKDAY
    partner_again: timedelta = 2 * WORKDAY
    feedback: timedelta = 10 * WORKDAY


#: An alarm that nobody hears comes again ever more slowly, up to this many times its term.
_SLOWEST_ALARM = 4


@dataclass(frozen=True, slots=True)
class Watch:
    """One wait that runs."""

    kind: WatchKind
    #: What it is about: the number of the event that began it; for a partner with the partner's key behind it.
    about: str
    #: Which time this will be: 1, 2, ...
    step: int
    due_at: datetime


def watches(case: CaseFile, terms: Terms) -> tuple[Watch, ...]:
    """Everything that is waited for in this case, soonest first.

    A signal that follows another is watched there, but for the answer of its own reporter.
    """
    if not case.is_open:
        return ()
    follows = case.signal.lead is not None
    running = [watch for watch in _running(case, terms) if not follows or watch.kind is WatchKind.QUESTION]
    return tuple(sorted(running, key=lambda watch: (watch.due_at, watch.kind, watch.about)))


def planned(case: CaseFile, terms: Terms) -> Signal:
    """The signal with what the database finds it by: what is due next, what is owed to whom, how urgent it is."""
    running = watches(case, terms)

    def soonest(*kinds: WatchKind) -> datetime | None:
        return next((watch.due_at for watch in running if watch.kind in kinds), None)

    owed = case.owed_by_partners
    return replace(
        case.signal,
        due_at=running[0].due_at if running else None,
        partner_due_at=_day_after(owed[0].due) if owed else None,
        feedback_due_at=soonest(WatchKind.FEEDBACK),
        judged=case.judged,
    )


def _running(case: CaseFile, terms: Terms) -> Iterator[Watch]:
    if case.is_unclaimed:
        began = case.of_kind(EventKind.RECEIVED, EventKind.REOPENED)[-1]
        yield _unclaimed(case, str(began.number), began.at, terms)
    if (question := case.question) is not None:
        step, _ = _fired(case, WatchKind.QUESTION, str(question.number), question.at)
        span = terms.question_reminder if step == 1 else terms.question
        yield Watch(WatchKind.QUESTION, str(question.number), step, after(question.at, span))
    if (offer := case.offer) is not None:
        step, since = _fired(case, WatchKind.OFFER, str(offer.number), offer.at)
        yield Watch(WatchKind.OFFER, str(offer.number), step, after(since, terms.offer))
    for owed in case.owed_by_partners:
        about = f"{owed.number}.{owed.partner}"
        step, since = _fired(case, WatchKind.PARTNER, about, owed.at)
        due_at = next_working_moment(_day_after(owed.due)) if step == 1 else after(since, terms.partner_again)
        yield Watch(WatchKind.PARTNER, about, step, due_at)
    step, since = _fired(case, WatchKind.FEEDBACK, "", case.told_at)
    yield Watch(WatchKind.FEEDBACK, "", step, after(since, terms.feedback))


def _unclaimed(case: CaseFile, about: str, began: datetime, terms: Terms) -> Watch:
    step, since = _fired(case, WatchKind.UNCLAIMED, about, began)
    match case.signal.assessment.outcome:
        case Outcome.ACUTE:
            due_at = since.astimezone(UTC) + terms.unclaimed_acute * min(2 ** (step - 1), _SLOWEST_ALARM)
        case Outcome.CLEAR:
            due_at = after(since, terms.unclaimed_clear)
        case _:
            due_at = after(since, terms.unclaimed)
    return Watch(WatchKind.UNCLAIMED, about, step, due_at)


def _fired(case: CaseFile, kind: WatchKind, about: str, began: datetime) -> tuple[int, datetime]:
    """Which step comes next, and since when it is waited for: the last time that this wait ran out."""
    past = [
        event.at
        for event in case.of_kind(EventKind.ESCALATED)
        if (event.content["watch"], event.content["about"]) == (kind, about) and event.at >= began
    ]
    return len(past) + 1, past[-1] if past else began


def _day_after(day: date | None) -> datetime:
    """The first moment after this day in Amsterdam, in UTC."""
    if day is None:
        raise ValueError("nothing is due")
    return datetime.combine(day + timedelta(days=1), time(), AMSTERDAM).astimezone(UTC)
