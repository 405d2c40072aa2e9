"""How many turns may be under way at once, and whether any new one may begin.

Beyond the bound people hear at once that it is busy: a turn that waits for its database connection for longer than
Teams waits for its answer helps nobody. Who is in danger is always let in.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from dialogs.ports import Busy


class Admission:
    """The door to the turns that need the database."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._under_way = 0
        self._stopping = False

    def stop(self) -> None:
        """Let in nobody more; who is in, ends."""
        self._stopping = True

    @contextmanager
    def enter(self, *, always: Callable[[], bool]) -> Generator[None]:
        """Around a turn. Raises Busy unless there is room, or `always` says that this one may never be refused."""
        reason = "stopping" if self._stopping else "full" if self._under_way >= self._most else ""
        if reason and not always():
            raise Busy(reason)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
