"""Messages that get lost on purpose, a counted number of them, to see that the bot makes up for it."""

from collections import deque
from enum import StrEnum


class Fault(StrEnum):
    """What goes wrong with one delivery of the bot."""

    #: Refused with 503: nothing arrived.
    REFUSED = "refused"
    #: The connection breaks off: nothing arrived, and the bot gets no answer at all.
    CUT = "cut"
    #: It arrives, but the bot is told 504.
    ANSWER_LOST = "answer_lost"


class Faults:
    """The faults still to come, oldest first; each is used up by one delivery."""

    def __init__(self) -> None:
        self._pending: deque[Fault] = deque()

    @property
    def pending(self) -> tuple[Fault, ...]:
        """What the next deliveries will meet."""
        return tuple(self._pending)

    def add(self, fault: Fault) -> None:
        """Let one more delivery go wrong."""
        self._pending.append(fault)

    def clear(self) -> None:
        """All is well again."""
        self._pending.clear()

    def take(self) -> Fault | None:
        """What happens to this delivery; None if it simply arrives."""
        return self._pending.popleft() if self._pending else None
