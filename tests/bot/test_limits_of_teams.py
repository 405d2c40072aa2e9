"""However many replicas there are and whatever happens to them: Teams never gets more than it takes."""

import asyncio
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.dispatcher import Dispatcher
from bot.draining import Draining
from bot.governor import TEAMS_CONVERSATION, TEAMS_TENANT, Governor
from bot.rate_windows import Limit
from bot.teams.errors import Ambiguous, HeldBack, Retryable
from dialogs.domain.notices import Lane, Notice, NoticeKind
from tests.fakes.fake_time import FakeTime, settle
from tests.fakes.unit_of_work import Memory

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Town:
    """An outbox, replicas that come and go, and a count of all that leaves them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a seed that can be replayed is the point
        self.memory = Memory()
        self.time = FakeTime(START)
        self.sent: defaultdict[str, list[datetime]] = defaultdict(list)
        self.arrived: defaultdict[tuple[str, Lane], list[int]] = defaultdict(list)
        self.running: dict[str, tuple[Dispatcher, Governor, asyncio.Task[None]]] = {}
        #: Seconds that it takes to make a message.
        self.making = 0.0
        self.started = 0
        self.put = 0

    def start(self, time: FakeTime | None = None) -> None:
        """One more replica, with a time of its own if it is to stand still."""
        time = time or self.time
        self.started += 1
        name = f"replica {self.started}"
        governor, draining = Governor(time, sleep=time.sleep), Draining(time)
        dispatcher = Dispatcher(
            self.memory.unit_of_work,
            _Teams(self, governor, draining, time),
            time,
            worker=name,
            draining=draining,
            recall=governor.recall,
            jitter=self.random.random,
            sleep=time.sleep,
        )
        self.running[name] = (dispatcher, governor, asyncio.create_task(dispatcher.run()))

    async def lose(self, *, suddenly: bool) -> None:
        """A replica dies, or stops and finishes what is under way."""
        name = self.random.choice(list(self.running))
        dispatcher, _, task = self.running.pop(name)
        if suddenly:
            task.cancel()
        dispatcher.stop()
        await settle()
        if suddenly:
            await asyncio.wait({task})

    async def notices(self, count: int, people: int) -> None:
        """So many notices to so many people, in a transaction of whichever replica."""
        async with self.memory.unit_of_work() as uow:
            for _ in range(count):
                self.put += 1
                person = f"person {self.random.randrange(people)}"
                lane = Lane.ALARM if self.random.random() < 0.1 else Lane.ORDINARY
                kind = NoticeKind.STATUS_FOR_REPORTER
                await uow.outbox.put(Notice(str(self.put), kind, person, "s1", self.time(), lane=lane))
            await uow.commit()
        dispatcher, _, _ = self.random.choice(list(self.running.values()))
        dispatcher.wake()

    async def end(self) -> None:
        """All stop."""
        while self.running:
            await self.lose(suddenly=True)


class _Teams:
    """What a replica sends by: every try that leaves is counted, whatever comes of it."""

    def __init__(self, town: Town, governor: Governor, draining: Draining, time: FakeTime) -> None:
        self.town = town
        self.governor = governor
        self.draining = draining
        self.time = time

    async def send(self, notice: Notice) -> None:
        town = self.town
        admit = self.governor.alarm if notice.lane is Lane.ALARM else self.governor.notice
        if town.making:
            await self.time.sleep(town.making)
        await self.draining.at_last(admit)(notice.recipient)
        town.sent[notice.recipient].append(town.time())
        chance = town.random.random()
        if chance < 0.1:
            await self.time.sleep(town.random.uniform(0.1, 9))
        if chance < 0.02:
            raise Retryable(status=503)
        if chance < 0.04:
            town.arrived[notice.recipient, notice.lane].append(int(notice.id))
            raise Ambiguous(status=504)
        town.arrived[notice.recipient, notice.lane].append(int(notice.id))


@pytest.mark.parametrize("seed", range(6))
async def test_the_limits_hold_while_replicas_come_and_go(seed: int) -> None:
    town = Town(seed)
    for _ in range(3):
        town.start()
    await settle()
    for _ in range(15):
        match town.random.randrange(6):
            case 0 if len(town.running) > 1:
                await town.lose(suddenly=True)
                town.start()
            case 1 if len(town.running) > 1:
                await town.lose(suddenly=False)
                town.start()
            case 2:
                await town.notices(town.random.randrange(100, 300), 200)
            case _:
                await town.notices(town.random.randrange(1, 40), 2)
        await town.time.pass_by(town.random.choice([0, 0.1, 1, 3, 12, 40]))
    await town.time.pass_by(timedelta(hours=1).total_seconds())

    assert town.memory.unsent == []
    assert_limits(town)
    assert_in_order(town)
    await town.end()


async def test_what_waits_for_its_turn_in_a_replica_that_stands_still_is_left_to_the_other() -> None:
    town, standing = Town(0), FakeTime(START)
    town.start(standing)
    await settle()
    await town.notices(300, 300)
    await settle()
    town.start()
    await town.time.pass_by(12)
    standing.jump(12)
    await standing.pass_by(0)
    await town.time.pass_by(timedelta(minutes=10).total_seconds())

    assert town.memory.unsent == []
    assert_limits(town)
    await town.end()


class _Ahead(FakeTime):
    """The time of a machine whose clock runs ahead."""

    def __init__(self, time: FakeTime, by: timedelta) -> None:
        super().__init__(time())
        self._time = time
        self._by = by

    def __call__(self) -> datetime:
        return self._time() + self._by

    async def sleep(self, seconds: float) -> None:
        await self._time.sleep(seconds)


@pytest.mark.parametrize("minutes", [-10, 10])
async def test_replicas_whose_clocks_differ_do_not_keep_each_other_from_sending(minutes: int) -> None:
    town = Town(0)
    town.making = 0.2
    town.start()
    town.start(_Ahead(town.time, timedelta(minutes=minutes)))
    await settle()
    await town.notices(200, 200)
    await town.time.pass_by(120)
    assert town.memory.unsent == []
    assert sum(len(times) for times in town.sent.values()) < 200 + 60, "few are sent again"

    await town.notices(200, 200)
    await town.time.pass_by(1)
    await town.lose(suddenly=True)
    await town.time.pass_by(timedelta(minutes=15).total_seconds())
    assert town.memory.unsent == [], "whoever is left goes on, at the latest when the other's moments have come"
    await town.end()


async def test_answers_and_notices_share_the_limit_of_a_conversation() -> None:
    town = Town(0)
    town.start()
    await settle()
    [(dispatcher, governor, _)] = town.running.values()
    await town.notices(200, 1)
    dispatcher.wake()

    async def answers() -> None:
        for _ in range(300):
            await town.time.sleep(town.random.uniform(0, 0.5))
            try:
                await governor.answer("person 0")
            except HeldBack:
                continue
            town.sent["person 0"].append(town.time())

    answering = asyncio.create_task(answers())
    await town.time.pass_by(3600)
    assert answering.done()
    assert len(town.arrived["person 0", Lane.ORDINARY]) > 100
    assert_limits(town)
    await town.end()


def assert_limits(town: Town) -> None:
    for times in town.sent.values():
        assert_within(times, TEAMS_CONVERSATION)
    assert_within(sorted(time for times in town.sent.values() for time in times), TEAMS_TENANT)


def assert_within(times: list[datetime], limits: tuple[Limit, ...]) -> None:
    for limit in limits:
        for first, one_too_many in zip(times, times[limit.most :], strict=False):
            assert one_too_many - first >= limit.within, f"more than {limit}"


def assert_in_order(town: Town) -> None:
    """A notice that may have arrived can show again; what was not yet seen comes in order."""
    for numbers in town.arrived.values():
        first_seen = list(dict.fromkeys(numbers))
        assert all(earlier < later for earlier, later in pairwise(first_seen))
