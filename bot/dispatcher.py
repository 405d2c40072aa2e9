"""Brings the notices of the outbox to people: claim with a lease, commit, send, record.

Every notice is delivered at least once. A crash between sending and recording leaves a lease that runs out; whoever
takes it over sends once more. Knows the outbox and a sender, not SQL and not Teams.
"""

import asyncio
import random
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.retry import Decision, Delivered, GiveUp, TryAgain, decide
from bot.teams.errors import Ambiguous, DeliveryFailed, Unreachable
from dialogs.domain.notices import Notice
from dialogs.ports import Claimed, UnitOfWork, UnitsOfWork

log = structlog.get_logger(__name__)


class Obsolete(Exception):
    """There is nothing to send any more: what the notice tells of is gone."""


class Sender(Protocol):
    """Makes a message of a notice and sends it."""

    async def send(self, notice: Notice) -> None:
        """Send it. Raises DeliveryFailed, or Obsolete when there is nothing to send any more."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once, and how long things may take."""

    #: Notices under way at the same time, each to another person.
    in_flight: int = 16
    #: How long one is claimed for; longer than sending may take, so that a healthy worker never loses it.
    lease: timedelta = timedelta(seconds=45)
    send_within: timedelta = timedelta(seconds=35)
    #: How long until a look at the outbox that nobody asked for: finds what other replicas left.
    poll: timedelta = timedelta(seconds=5)
    #: The first wait after the database failed; it doubles up to `poll`.
    recover: timedelta = timedelta(seconds=0.5)


class Dispatcher:
    """One worker. Any number may run on one database; each notice is held by one of them."""

    def __init__(
        self,
        units: UnitsOfWork,
        sender: Sender,
        clock: Clock,
        *,
        worker: str,
        pace: Pace | None = None,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """`worker` names this one among all that share the database, and is new at each start."""
        self._units = units
        self._sender = sender
        self._clock = clock
        self._worker = worker
        self._pace = pace or Pace()
        self._jitter = jitter
        self._sleep = sleep
        self._woken = asyncio.Event()
        self._stopping = False
        self._under_way = 0

    def wake(self) -> None:
        """Something may be due: look now. For after a commit."""
        self._woken.set()

    def stop(self) -> None:
        """Claim nothing more; run() returns when what is under way is sent and recorded."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Deliver until stop()."""
        failures = 0
        async with asyncio.TaskGroup() as flights:
            while not self._stopping:
                self._woken.clear()
                try:
                    pause = await self._start_what_is_due(flights)
                    failures = 0
                except Exception as error:  # noqa: BLE001 - whatever the database raises: it comes back
                    log.warning("outbox_not_reached", kind=type(error).__name__, failures=failures)
                    pause = min(self._pace.recover * 2 ** min(failures, 8), self._pace.poll)
                    failures += 1
                if pause:
                    await self._woken_or(pause)

    async def drain(self) -> int:
        """Deliver everything that is due now; how many tries that took."""
        tries = 0
        while claimed := await self._claim(self._pace.in_flight):
            await asyncio.gather(*(self._deliver(one) for one in claimed))
            tries += len(claimed)
        return tries

    async def _start_what_is_due(self, flights: asyncio.TaskGroup) -> timedelta | None:
        """Claim and start; how long to wait before looking again, if nobody wakes us."""
        free = self._pace.in_flight - self._under_way
        if not free:
            return self._pace.poll
        async with self._units() as uow:
            due = await uow.outbox.next_due()
        now = self._clock()
        if due is None or due > now:
            return self._pace.poll if due is None else min(due - now, self._pace.poll)
        claimed = await self._claim(free)
        for one in claimed:
            self._under_way += 1
            flights.create_task(self._fly(one))
        return None if claimed else self._pace.poll

    async def _claim(self, limit: int) -> Sequence[Claimed]:
        now = self._clock()
        async with self._units() as uow:
            claimed = await uow.outbox.claim(
                worker=self._worker, now=now, lease_until=now + self._pace.lease, limit=limit
            )
            await uow.commit()
        return claimed

    async def _fly(self, claimed: Claimed) -> None:
        try:
            await self._deliver(claimed)
        finally:
            self._under_way -= 1
            self.wake()

    async def _deliver(self, claimed: Claimed) -> None:
        failure = await self._try(claimed.notice)
        decision = decide(claimed, failure, self._clock(), self._jitter())
        _tell(claimed, decision)
        await self._record(claimed.notice, decision, failure)

    async def _try(self, notice: Notice) -> DeliveryFailed | None:
        try:
            async with asyncio.timeout(self._pace.send_within.total_seconds()):
                await self._sender.send(notice)
        except Obsolete:
            log.info("notice_obsolete", notice=notice.id, kind=notice.kind.value)
        except DeliveryFailed as failure:
            return failure
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the others
            log.error(  # noqa: TRY400 - the words of an error may hold content
                "notice_not_made", notice=notice.id, error=type(error).__name__, place=_place(error)
            )
            return Ambiguous(code=type(error).__name__)
        return None

    async def _record(self, notice: Notice, decision: Decision, failure: DeliveryFailed | None) -> None:
        """Write the outcome down. While the database is away, again until the lease is over: else it is sent twice."""
        until = self._clock() + self._pace.lease
        pause = self._pace.recover
        while True:
            try:
                async with self._units() as uow:
                    kept = await self._written(uow, notice, decision)
                    if isinstance(failure, Unreachable):
                        await uow.people.unreachable(notice.recipient)
                    await uow.commit()
            except Exception as error:  # noqa: BLE001 - as in run()
                log.warning("outcome_not_recorded", notice=notice.id, kind=type(error).__name__)
                if self._stopping or self._clock() + pause > until:
                    return
                await self._sleep(pause.total_seconds())
                pause = min(pause * 2, self._pace.poll)
            else:
                if not kept:
                    log.warning("lease_lost", notice=notice.id)
                return

    async def _written(self, uow: UnitOfWork, notice: Notice, decision: Decision) -> bool:
        match decision:
            case Delivered():
                return await uow.outbox.delivered(notice.id, self._worker, self._clock())
            case TryAgain(at, reason, ambiguous):
                return await uow.outbox.postpone(notice.id, self._worker, until=at, error=reason, ambiguous=ambiguous)
            case GiveUp(reason):
                return await uow.outbox.give_up(notice.id, self._worker, self._clock(), reason)

    async def _woken_or(self, pause: timedelta) -> None:
        woken = asyncio.ensure_future(self._woken.wait())
        slept = asyncio.ensure_future(self._sleep(pause.total_seconds()))
        try:
            await asyncio.wait({woken, slept}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
            slept.cancel()


def _tell(claimed: Claimed, decision: Decision) -> None:
    about = {"notice": claimed.notice.id, "kind": claimed.notice.kind.value, "tries": claimed.attempts + 1}
    match decision:
        case Delivered():
            log.info("notice_delivered", **about)
        case TryAgain(at, reason, ambiguous):
            log.warning("notice_postponed", **about, until=at.isoformat(), reason=reason, ambiguous=ambiguous)
        case GiveUp(reason):
            log.error("notice_given_up", **about, reason=reason)


def _place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
