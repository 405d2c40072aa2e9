"""How much may be sent in a time: sliding windows, as a pure account that somebody else keeps to.

Exact, not a token bucket: in no stretch of time as long as a window, wherever it begins, is more than it allows. A
bucket of 7 that refills at 7 a second gives 13 in its first second.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_NOW = timedelta(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in so long."""

    most: int
    within: timedelta


class Windows:
    """What was sent lately, held against several limits at once."""

    __slots__ = ("_limits", "_sent")

    def __init__(self, limits: Sequence[Limit]) -> None:
        self._limits = tuple(limits)
        self._sent = tuple(deque[datetime](maxlen=limit.most) for limit in self._limits)

    def wait(self, now: datetime, share: float = 1.0) -> timedelta:
        """How long until one more can be sent. `share`: as if the limits were this part of what they are."""
        waits = (_wait(limit, sent, now, share) for limit, sent in zip(self._limits, self._sent, strict=True))
        return max(waits, default=_NOW)

    def add(self, at: datetime) -> None:
        """One was sent, after all that were added before. Adding more than wait() allows makes the next wait longer."""
        for sent in self._sent:
            sent.append(at)

    def recall(self, ats: Iterable[datetime]) -> None:
        """These were sent too, at whatever times."""
        more = list(ats)
        for sent in self._sent:
            in_order = sorted([*sent, *more])
            sent.clear()
            sent.extend(in_order)

    def is_idle(self, now: datetime) -> bool:
        """Whether nothing that was sent counts any more."""
        pairs = zip(self._limits, self._sent, strict=True)
        return all(not sent or sent[-1] + limit.within <= now for limit, sent in pairs)


def _wait(limit: Limit, sent: deque[datetime], now: datetime, share: float) -> timedelta:
    most = max(1, int(limit.most * share))
    if len(sent) < most:
        return _NOW
    if sent[-1] > now:
        _set_back(sent, now)
    return max(_NOW, sent[-most] + limit.within - now)


def _set_back(sent: deque[datetime], now: datetime) -> None:
    """The clock was set back: what seems to lie ahead counts as sent now, so that nobody waits for longer than that."""
    for index in range(len(sent) - 1, -1, -1):
        if sent[index] <= now:
            break
        sent[index] = now
