"""When to try a notice again, and when to stop: a pure decision that the dispatcher obeys.

A new message can arrive and still fail (`Ambiguous`). Feedback, receipts and new signals are then sent again, as they
are harmless when seen twice and a lost one is what Meldroute exists to prevent; ever more slowly, as each may show
twice. Edits can always be repeated, but stand in the way of the same person's next message, so they are dropped sooner.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.teams.errors import Ambiguous, DeliveryFailed, Permanent, Retryable
from dialogs.domain.notices import EDITS
from dialogs.ports import Claimed

#: A notice that is this old, and was tried this often, is given up.
PATIENCE = timedelta(days=3)
PATIENCE_WITH_EDITS = timedelta(hours=1)
LEAST_TRIES = 5

#: The waits double from the first to the longest; Microsoft's sample for rate limits starts at 2 s, with 20 % jitter
#: (Microsoft Learn, "Optimize your bot with rate limiting in Teams").
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)
_FIRST_WAIT_IN_DOUBT, _LONGEST_WAIT_IN_DOUBT = timedelta(seconds=15), timedelta(hours=1)
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
    #: Whether this or an earlier try may have arrived.
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Make it a dead letter."""

    reason: str


Decision = Delivered | TryAgain | GiveUp


def decide(claimed: Claimed, failure: DeliveryFailed | None, now: datetime, jitter: float) -> Decision:
    """What follows from a try. `jitter` is a random number from 0 to 1, which spreads the next tries."""
    if failure is None:
        return Delivered()
    if isinstance(failure, Permanent):
        return GiveUp(failure.reason)
    at = now + _wait(claimed.attempts, failure, jitter)
    patience = PATIENCE_WITH_EDITS if claimed.notice.kind in EDITS else PATIENCE
    if at > claimed.notice.created_at + patience and claimed.attempts + 1 >= LEAST_TRIES:
        return GiveUp(failure.reason)
    return TryAgain(at, failure.reason, ambiguous=claimed.ambiguous or isinstance(failure, Ambiguous))


def _wait(tries_before: int, failure: DeliveryFailed, jitter: float) -> timedelta:
    first, longest = _FIRST_WAIT, _LONGEST_WAIT
    if isinstance(failure, Ambiguous):
        first, longest = _FIRST_WAIT_IN_DOUBT, _LONGEST_WAIT_IN_DOUBT
    doubled = min(first * 2 ** min(tries_before, 20), longest)
    wait = doubled * (1 - _JITTER + 2 * _JITTER * jitter)
    if isinstance(failure, Retryable) and failure.retry_after is not None:
        asked = min(timedelta(seconds=min(failure.retry_after, 86_400.0)), _LONGEST_RETRY_AFTER)
        return max(wait, asked)
    return wait
