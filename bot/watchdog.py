"""Looks what is due because time passed, and does it: signals, digests, drafts, nudges, a tidy outbox.

What is due is decided by the dialogs; here is only the loop. What fails holds up nothing else. It may run in every
replica: each due moment is stored by whoever comes first. After a week of standing still nothing is told twice, and
nothing ends without notice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.clock import Clock
from dialogs.knowledge import Knowledge
from dialogs.ports import UnitOfWork, UnitsOfWork
from dialogs.use_cases.delivery import tidy_outbox
from dialogs.use_cases.watch import nudge_people, take_back_drafts, watch_drafts
from dialogs.use_cases.watch_desks import (
    kept_ids,
    orphan_ids,
    watch_digests,
    watch_kept,
    watch_orphan,
    watch_orphans,
    watch_unhandled,
)
from dialogs.use_cases.watch_signals import watch_signal, watch_signals

log = structlog.get_logger(__name__)

#: How long until the next look, and how much is done in one transaction.
_PAUSE = timedelta(minutes=1)
_BATCH = 100
_KEEP_ACTIVITIES = timedelta(days=7)


class Watchdog:
    """One watchdog; any number may run on one database."""

    def __init__(
        self,
        units: UnitsOfWork,
        clock: Clock,
        knowledge: Knowledge,
        *,
        wake_dispatcher: Callable[[], None],
        keep_sent: timedelta = timedelta(days=90),
    ) -> None:
        """`wake_dispatcher` is called when there is something to send.

        `keep_sent`: how long a delivered notice stays in the outbox.
        """
        self._units = units
        self._clock = clock
        self._knowledge = knowledge
        self._wake_dispatcher = wake_dispatcher
        self._keep_sent = keep_sent
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look now: the clock was put forward."""
        self._woken.set()

    async def run(self) -> None:
        """Look every minute, until cancelled."""
        while True:
            self._woken.clear()
            await self.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _PAUSE.total_seconds())

    async def look(self) -> int:
        """Do everything that is due now; how much that was. What cannot be done holds up nothing else."""
        now = self._clock()
        knowledge = self._knowledge
        done = await self._signals(
            partial(watch_signals, knowledge=knowledge, now=now, limit=_BATCH),
            lambda uow: uow.queue.due(now, 10 * _BATCH),
            partial(watch_signal, knowledge=knowledge, now=now),
        )
        done += await self._signals(
            partial(watch_orphans, knowledge=knowledge, now=now, limit=10 * _BATCH),
            partial(orphan_ids, knowledge=knowledge, limit=10 * _BATCH),
            partial(watch_orphan, knowledge=knowledge, now=now),
        )
        done += await self._signals(
            partial(watch_unhandled, knowledge=knowledge, now=now, limit=10 * _BATCH),
            partial(kept_ids, limit=10 * _BATCH),
            partial(watch_kept, knowledge=knowledge, now=now),
        )
        for act in (
            partial(watch_digests, knowledge=knowledge, now=now),
            partial(take_back_drafts, now=now, limit=10 * _BATCH),
            partial(watch_drafts, now=now, limit=_BATCH),
            partial(nudge_people, now=now, limit=_BATCH),
            partial(tidy_outbox, now=now, keep=self._keep_sent, limit=_BATCH),
        ):
            done += await _guarded(self._all(act))
        await _guarded(self._forget_activities(now))
        if done:
            log.info("watchdog_acted", done=done)
            self._wake_dispatcher()
        return done

    async def _signals(
        self,
        act: Callable[[UnitOfWork], Awaitable[int]],
        ids: Callable[[UnitOfWork], Awaitable[Sequence[str]]],
        act_on: Callable[[UnitOfWork, str], Awaitable[int]],
    ) -> int:
        """Act on all signals together; if that fails, on one by one of these ids: the next may be about danger."""
        try:
            return await self._all(act)
        except Exception as error:  # noqa: BLE001 - whatever the database raises: it comes back
            log.warning("watchdog_failed", kind=type(error).__name__)
        return await _guarded(self._one_by_one(ids, act_on))

    async def _one_by_one(
        self,
        ids: Callable[[UnitOfWork], Awaitable[Sequence[str]]],
        act_on: Callable[[UnitOfWork, str], Awaitable[int]],
    ) -> int:
        async with self._units() as uow:
            found = await ids(uow)
        return sum([await _guarded(self._one(act_on, each), signal=each) for each in found])

    async def _one(self, act_on: Callable[[UnitOfWork, str], Awaitable[int]], signal_id: str) -> int:
        async with self._units() as uow:
            done = await act_on(uow, signal_id)
            await uow.commit()
        return done

    async def _forget_activities(self, now: datetime) -> int:
        """What Teams no longer delivers again: it does so within minutes."""
        async with self._units() as uow:
            forgotten = await uow.journal.forget_before(now - _KEEP_ACTIVITIES)
            await uow.commit()
        return forgotten

    async def _all(self, act: Callable[[UnitOfWork], Awaitable[int]]) -> int:
        """Act in one transaction after another, until a batch is not full."""
        done, batch = 0, _BATCH
        while batch == _BATCH:
            async with self._units() as uow:
                batch = await act(uow)
                await uow.commit()
            done += batch
        return done


async def _guarded(work: Awaitable[int], **about: str) -> int:
    """How much was done; nothing if it fails, which is told, and tried again at the next look."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - whatever the database raises: it comes back
        tell = log.error if about else log.warning
        tell("watchdog_failed", kind=type(error).__name__, **about)
        return 0
