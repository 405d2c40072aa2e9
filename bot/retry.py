"""When to try a notice again, and when to stop: a pure decision that the dispatcher obeys.

| what came back | must arrive | small | an edit |
|---|---|---|---|
| an id | delivered | delivered | delivered |
| it did not arrive (`Retryable`) | again | again, for an hour | again, for an hour |
| it may have arrived (`Ambiguous`) | again, ever more slowly | let go | again, for an hour |
| a crash between sending and recording | again | let go | again |
| Teams refuses it (`Permanent`) | dead letter | let go | let go |
| too much at once (`HeldBack`) | put off, untried | put off, untried | put off, untried |

Which kind must arrive and which is small stands in `dialogs.domain.notices.IMPORTANCE`. What must arrive is sent until
there is a definite answer, as it is harmless when seen twice and a lost one is what Meldroute exists to prevent; after
three days without one it is a dead letter too, which somebody hears of.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.teams.errors import Ambiguous, DeliveryFailed, HeldBack, Permanent, Retryable, Unreachable
from dialogs.domain.notices import EDITS, IMPORTANCE, Importance, Lane, NoticeKind
from dialogs.ports import Claimed

#: A notice that is this old, and was tried this often, is given up. A small one stands in the way of the same
#: person's next message, so it is let go sooner.
PATIENCE = timedelta(days=3)
PATIENCE_WITH_SMALL = timedelta(hours=1)
LEAST_TRIES = 5

#: The waits double from the first to the longest; Microsoft's sample for rate limits starts at 2 s, with 20 % jitter
#: (Microsoft Learn, "Optimize your bot with rate limiting in Teams").
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)
_FIRST_WAIT_IN_DOUBT, _LONGEST_WAIT_IN_DOUBT = timedelta(seconds=15), timedelta(hours=1)
#: An alarm, and the alarm behind it to the same person, wait no longer than this, whatever Teams asks.
_LONGEST_WAIT_OF_ALARM = timedelta(minutes=1)
_JITTER = 0.2
#: A longer Retry-After is taken for a mistake.
_LONGEST_RETRY_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Delivered:
    """It has arrived, or there is nothing to send any more."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Send it again at this time."""

    at: datetime
    reason: str
    #: Whether this try may have arrived.
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class PutOff:
    """It was not tried: try it at this time."""

    at: datetime


@dataclass(frozen=True, slots=True)
class LetGo:
    """Be done with it, arrived or not: it is small."""

    reason: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Make it a dead letter."""

    reason: str
    #: The recipient cannot be reached, until they are seen again.
    unreachable: bool = False


Decision = Delivered | TryAgain | PutOff | LetGo | GiveUp


def before_sending(claimed: Claimed) -> LetGo | None:
    """Whether not to try at all: a small message of which nobody knows whether it arrived."""
    return LetGo("worker_gone") if claimed.ambiguous and not _may_repeat(claimed.notice.kind) else None


def decide(claimed: Claimed, failure: DeliveryFailed | None, now: datetime, jitter: float) -> Decision:
    """What follows from a try. `jitter` is a random number from 0 to 1, which spreads the next tries."""
    kind = claimed.notice.kind
    is_small = IMPORTANCE[kind] is Importance.SMALL
    match failure:
        case None:
            return Delivered()
        case HeldBack():
            return PutOff(now + timedelta(seconds=failure.seconds))
        case Permanent():
            return LetGo(failure.reason) if is_small else GiveUp(failure.reason, isinstance(failure, Unreachable))
        case Ambiguous() if not _may_repeat(kind):
            return LetGo(failure.reason)
        case _:
            at = now + _wait(claimed, failure, jitter)
            patience = PATIENCE_WITH_SMALL if is_small else PATIENCE
            if at <= claimed.since + patience or claimed.attempts + 1 < LEAST_TRIES:
                return TryAgain(at, failure.reason, isinstance(failure, Ambiguous))
            return LetGo(failure.reason) if is_small else GiveUp(failure.reason)


def _may_repeat(kind: NoticeKind) -> bool:
    """Whether it is harmless twice."""
    return kind in EDITS or IMPORTANCE[kind] is Importance.MUST_ARRIVE


def _wait(claimed: Claimed, failure: DeliveryFailed, jitter: float) -> timedelta:
    first, longest, longest_asked = _FIRST_WAIT, _LONGEST_WAIT, _LONGEST_RETRY_AFTER
    if isinstance(failure, Ambiguous) and claimed.notice.kind not in EDITS:
        first, longest = _FIRST_WAIT_IN_DOUBT, _LONGEST_WAIT_IN_DOUBT
    if claimed.notice.lane is Lane.ALARM:
        longest = longest_asked = _LONGEST_WAIT_OF_ALARM
    doubled = min(first * 2 ** min(claimed.attempts, 20), longest)
    wait = doubled * (1 - _JITTER + 2 * _JITTER * jitter)
    if isinstance(failure, Retryable) and failure.retry_after is not None:
        asked = min(timedelta(seconds=min(failure.retry_after, 86_400.0)), longest_asked)
        return max(wait, asked)
    return wait
