"""An event loop that never waits: when nothing can run, its clock jumps to the next thing that is due.

The same program does the same things in the same order each time: no thread, no socket, no real clock, and sets of
tasks that are walked in the order in which the tasks were made.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Executor
from contextvars import Context
from itertools import count
from typing import Any, TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Standstill(Exception):
    """Everybody waits for somebody else: without a real loop nobody would ever wake."""


class _Task(asyncio.Task[T]):
    """A task whose place in a set does not depend on where it lies in memory."""

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        self._number = number
        super().__init__(*args, **kwargs)

    def __hash__(self) -> int:
        return self._number


class _Future(asyncio.Future[T]):
    """As `_Task`."""

    def __init__(self, *, loop: asyncio.AbstractEventLoop, number: int) -> None:
        self._number = number
        super().__init__(loop=loop)

    def __hash__(self) -> int:
        return self._number


class _Steps(Coroutine[Any, Any, T]):
    """A coroutine, each of its steps announced."""

    def __init__(self, steps: Coroutine[Any, Any, T] | Generator[Any, None, T], on_step: Callable[[], None]) -> None:
        self._steps = steps
        self._on_step = on_step

    def send(self, value: Any, /) -> Any:
        """The next step."""
        try:
            self._on_step()
        except BaseException as error:  # noqa: BLE001 - whatever it raises is raised at the await
            return self._steps.throw(error)
        return self._steps.send(value)

    def throw(self, *error: Any) -> Any:
        """The next step, with an error in place of what was awaited."""
        return self._steps.throw(*error)

    def close(self) -> None:
        """There is no next step."""
        self._steps.close()

    def __await__(self) -> Generator[Any, Any, T]:
        """Never awaited, only run as a task."""
        raise NotImplementedError


class _Jump:
    """In place of waiting for the operating system."""

    def __init__(self, loop: "SimulatedLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[object]:
        """Nothing arrives from outside, so the time until the next thing is over at once."""
        if timeout is None:
            raise Standstill
        self._loop.pass_by(max(timeout, 0.0))
        return []

    def close(self) -> None:
        """Nothing was opened."""


class SimulatedLoop(asyncio.BaseEventLoop):
    """A loop with a clock of its own, in seconds from 0."""

    def __init__(
        self,
        *,
        on_task: Callable[[asyncio.Task[Any]], None] = lambda _: None,
        on_step: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_task` hears of each task that is made, in its context; `on_step` of each time that
        a task goes on after an await, in its context: what it raises is raised there.
        """
        super().__init__()
        self._now = 0.0
        self._numbers = count()
        self._selector = _Jump(self)
        self._on_task = on_task
        self._on_step = on_step
        self.set_task_factory(self._make_task)

    def time(self) -> float:
        """Simulated seconds since the start."""
        return self._now

    def pass_by(self, seconds: float) -> None:
        """Let time pass without anybody running: what was due meanwhile is late, as after a machine was suspended."""
        self._now += seconds

    def create_future(self) -> asyncio.Future[Any]:
        """A future of this loop."""
        return _Future(loop=self, number=next(self._numbers))

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """What would run in a thread runs at once: the order of two threads is nothing that a seed could replay."""
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - goes where a thread's would go
            done.set_exception(error)
        return done

    def _make_task(
        self,
        loop: asyncio.AbstractEventLoop,
        coro: Coroutine[Any, Any, T] | Generator[Any, None, T],
        context: Context | None = None,
    ) -> asyncio.Task[T]:
        steps = _Steps(coro, self._on_step)
        task: asyncio.Task[T] = _Task(steps, loop=loop, context=context, number=next(self._numbers))
        if context is None:
            self._on_task(task)
        else:
            context.run(self._on_task, task)
        return task

    def _process_events(self, event_list: list[object]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nothing waits that would have to be woken."""
