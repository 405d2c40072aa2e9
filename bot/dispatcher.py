"""Empties the outbox: claim with a lease, commit, send, record.

Every notice that must arrive is delivered at least once. A crash between sending and recording leaves a lease that
runs out; whoever takes it over sends once more, unless it is small. Knows the outbox and a sender, not SQL and not
Teams.

Any number of replicas may run on one database, and one of them at a time empties the outbox: the one with work to do
takes the draining lease, in the transaction of its claim, and lets go of it when nothing is under way. So the limits
of Teams can be kept by counting in memory, and what a dead replica held is free as soon as its draining lease is over.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bot.clock import Clock
from bot.courier import Courier, Obsolete, Sender, Terms, Undelivered, tell_nobody
from bot.draining import Draining
from bot.governor import LONGEST
from bot.telemetry import OFF, Telemetry
from dialogs.domain.notices import Lane, Notice
from dialogs.ports import Claimed, Sent, UnitOfWork, UnitsOfWork

__all__ = ["Dispatcher", "Obsolete", "Pace", "Sender"]

log = structlog.get_logger(__name__)

#: The lease of whoever empties the outbox.
DRAINING = "draining"


@dataclass(frozen=True, slots=True)
class Pace(Terms):
    """How much at once, and how long things may take."""

    #: Notices under way at the same time, each to another person; alarms have places of their own.
    in_flight: int = 16
    alarms_in_flight: int = 4
    #: How long the draining lease is taken for, and how long before its end it is taken again.
    drains: timedelta = timedelta(seconds=10)
    renew: timedelta = timedelta(seconds=7)
    #: How long until a look at the outbox that nobody asked for, while somebody is draining it and while nobody is.
    look: timedelta = timedelta(seconds=1)
    poll: timedelta = timedelta(seconds=5)

    def places(self, lane: Lane) -> int:
        """How many of this lane may be under way."""
        return self.alarms_in_flight if lane is Lane.ALARM else self.in_flight


def _count_nothing(_sent: Iterable[Sent]) -> None:
    """For a sender without limits."""


class Dispatcher:
    """One worker. Any number may run on one database; one of them drains the outbox at a time."""

    def __init__(
        self,
        units: UnitsOfWork,
        sender: Sender,
        clock: Clock,
        *,
        worker: str,
        pace: Pace | None = None,
        draining: Draining | None = None,
        recall: Callable[[Iterable[Sent]], None] = _count_nothing,
        undelivered: Undelivered = tell_nobody,
        telemetry: Telemetry = OFF,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """`worker` names this one among all that share the database, and is new at each start.

        `recall` is told what others sent before this one took over; `draining` is what `sender` asks, too.
        """
        self._units = units
        self._clock = clock
        self._worker = worker
        self._pace = pace or Pace()
        self._draining = draining or Draining(clock)
        self._recall = recall
        self._sleep = sleep
        self._courier = Courier(
            units,
            _WhileDraining(sender, self._draining),
            clock,
            worker=worker,
            terms=self._pace,
            undelivered=undelivered,
            telemetry=telemetry,
            jitter=jitter,
            sleep=sleep,
        )
        self._woken = asyncio.Event()
        self._stopping = False
        self._under_way = dict.fromkeys(Lane, 0)
        #: Until when we know what was sent.
        self._knows_until = datetime.min.replace(tzinfo=UTC)

    def wake(self) -> None:
        """Something may be due: look now. For after a commit."""
        self._woken.set()

    def stop(self) -> None:
        """Claim nothing more; run() returns when what is under way is sent and recorded."""
        self._stopping = True
        self._courier.stop()
        self._woken.set()

    async def run(self) -> None:
        """Deliver until stop()."""
        failures = 0
        async with asyncio.TaskGroup() as flights:
            while not self._stopping:
                self._woken.clear()
                try:
                    pause = await self._look(flights)
                    failures = 0
                except Exception as error:  # noqa: BLE001 - whatever the database raises: it comes back
                    log.warning("outbox_not_reached", kind=type(error).__name__, failures=failures)
                    pause = min(self._pace.recover * 2 ** min(failures, 8), self._pace.recover_at_most)
                    failures += 1
                if pause:
                    await self._woken_or(pause)
            while any(self._under_way.values()):
                await self._stay_alive()
        await self._let_go()

    async def drain(self) -> int:
        """Deliver everything that is due now; how many tries that took."""
        tries = 0
        while claimed := await self._claim({lane: self._pace.places(lane) for lane in Lane}):
            await asyncio.gather(*(self._courier.deliver(one) for one in claimed))
            tries += len(claimed)
        await self._let_go()
        return tries

    async def _look(self, flights: asyncio.TaskGroup) -> timedelta | None:
        """Claim and start what is due; how long to wait before looking again, if nobody wakes us."""
        async with self._units() as uow:
            due = await uow.outbox.next_due()
            # Whoever holds something drains the outbox, or is dead.
            is_held = due is not None and await uow.outbox.is_held_by_others(self._worker)
        now = self._clock()
        if not is_held and (due is None or due > now):
            await self._rest()
            longest = self._pace.look if self._draining.until else self._pace.poll
            return longest if due is None else min(due - now, longest)
        free = {lane: self._pace.places(lane) - under_way for lane, under_way in self._under_way.items()}
        claimed = await self._claim({lane: places for lane, places in free.items() if places > 0})
        for one in claimed:
            self._under_way[one.notice.lane] += 1
            flights.create_task(self._fly(one))
        return None if claimed else self._pace.look

    async def _claim(self, places: dict[Lane, int]) -> Sequence[Claimed]:
        """What we may send now; nothing while another worker drains the outbox."""
        now = self._clock()
        claimed: list[Claimed] = []
        async with self._units() as uow:
            taken = await self._take(uow, now)
            if taken is None:
                return []
            for lane, limit in places.items():
                lease_until = now + self._pace.lease
                claimed += await uow.outbox.claim(
                    worker=self._worker, now=now, lease_until=lease_until, limit=limit, lane=lane
                )
            await uow.commit()
        self._took(taken, now)
        return claimed

    async def _take(self, uow: UnitOfWork, now: datetime) -> Sequence[Sent] | None:
        """Take the draining lease, or take it again; what others sent meanwhile. None: another worker has it."""
        lasts = self._pace.drains
        stale = self._draining.stale(lasts)
        lease = await uow.leases.take(DRAINING, self._worker, now=now, until=now + lasts, stale=stale)
        if lease is None:
            self._draining.is_with_another(await uow.leases.ends(DRAINING))
            return None
        if lease.holder_before in {"", self._worker}:
            return []
        # Its draining lease is over, so it sends nothing any more: what it held need not wait for its own leases.
        if released := await uow.outbox.release_all_of(lease.holder_before, now):
            log.warning("outbox_taken_over", released=released)
        return await uow.outbox.sent_since(max(self._knows_until, now - LONGEST), now)

    def _took(self, sent: Sequence[Sent], now: datetime) -> None:
        self._recall(sent)
        self._draining.is_taken(now + self._pace.drains)
        self._knows_until = now

    async def _rest(self) -> None:
        """Nothing is due."""
        if any(self._under_way.values()):
            await self._renew()
        else:
            await self._let_go()

    async def _renew(self) -> None:
        """Take the draining lease again, well before it is over."""
        now = self._clock()
        if self._draining.until is None or self._draining.until - now > self._pace.renew:
            return
        async with self._units() as uow:
            taken = await self._take(uow, now)
            await uow.commit()
        if taken is not None:
            self._took(taken, now)

    async def _let_go(self) -> None:
        """Let another worker drain."""
        if self._draining.until is None:
            return
        try:
            async with self._units() as uow:
                now = self._clock()
                await uow.leases.release(DRAINING, self._worker)
                await uow.commit()
        except Exception as error:  # noqa: BLE001 - whatever the database raises: the lease ends by itself
            log.warning("draining_lease_kept", kind=type(error).__name__)
        else:
            self._draining.until, self._knows_until = None, now

    async def _fly(self, claimed: Claimed) -> None:
        try:
            await self._courier.deliver(claimed)
        finally:
            self._under_way[claimed.notice.lane] -= 1
            self.wake()

    async def _stay_alive(self) -> None:
        """While what is under way ends: keep the draining lease."""
        self._woken.clear()
        try:
            await self._renew()
        except Exception as error:  # noqa: BLE001 - as in run()
            log.warning("outbox_not_reached", kind=type(error).__name__)
        await self._woken_or(self._pace.look)

    async def _woken_or(self, pause: timedelta) -> None:
        woken = asyncio.ensure_future(self._woken.wait())
        slept = asyncio.ensure_future(self._sleep(pause.total_seconds()))
        try:
            await asyncio.wait({woken, slept}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
            slept.cancel()


class _WhileDraining:
    """Sends as long as the draining lease is ours: a replica that stood still finds that another went on."""

    def __init__(self, sender: Sender, draining: Draining) -> None:
        self._sender = sender
        self._draining = draining

    async def send(self, notice: Notice) -> None:
        """Send it. Raises DeliveryFailed, Obsolete."""
        self._draining.demand()
        await self._sender.send(notice)
