import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.dispatcher import Dispatcher, Obsolete, Pace
from bot.teams.errors import Ambiguous, HeldBack, Permanent, Retryable, Unreachable
from dialogs.domain.addresses import Address
from dialogs.domain.notices import Lane, Notice, NoticeKind
from dialogs.ports import Sent, UnitOfWork
from tests.fakes.fake_time import FakeTime, settle
from tests.fakes.unit_of_work import Memory

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Teams:
    """A sender that keeps what it was given, and fails or waits as told."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.arrived: list[str] = []
        #: What becomes of the next tries of a notice; after that it arrives.
        self.failures: dict[str, list[Exception]] = {}
        #: Notices that stay under way until their event is set: before they arrive, or after.
        self.held: dict[str, asyncio.Event] = {}
        self.held_after: dict[str, asyncio.Event] = {}

    async def send(self, notice: Notice) -> None:
        self.given.append(notice.id)
        if notice.id in self.held:
            await self.held[notice.id].wait()
        if self.failures.get(notice.id):
            raise self.failures[notice.id].pop(0)
        self.arrived.append(notice.id)
        if notice.id in self.held_after:
            await self.held_after[notice.id].wait()


class Desk:
    """An outbox, a clock and Teams, and dispatchers that work on them."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.teams = Teams()
        self.time = FakeTime(START)
        self.down = False
        #: Workers that do not reach the database, while others do.
        self.cut_off: set[str] = set()
        self.recalled: dict[str, list[Sent]] = {}

    def dispatcher(self, worker: str = "first", pace: Pace | None = None) -> Dispatcher:
        def units() -> UnitOfWork:
            if self.down or worker in self.cut_off:
                raise ConnectionError("the database is away")
            return self.memory.unit_of_work()

        return Dispatcher(
            units,
            self.teams,
            self.time,
            worker=worker,
            pace=pace,
            recall=self.recalled.setdefault(worker, []).extend,
            undelivered=self.undelivered,
            jitter=lambda: 0.5,
            sleep=self.time.sleep,
        )

    async def undelivered(self, uow: UnitOfWork, notice: Notice, why: str, now: datetime) -> None:
        """Bert hears of what did not reach somebody else."""
        if notice.recipient != "bert":
            await uow.outbox.put(Notice(f"bert: {notice.id}", NoticeKind.UNDELIVERED, "bert", "s1", now, {"why": why}))

    @asynccontextmanager
    async def running(self, worker: str = "first", pace: Pace | None = None) -> AsyncGenerator[Dispatcher]:
        dispatcher = self.dispatcher(worker, pace)
        task = asyncio.create_task(dispatcher.run())
        await settle()
        yield dispatcher
        dispatcher.stop()
        await task

    async def crashed(self, worker: str = "first") -> None:
        """A worker takes what is due and dies while it is under way."""
        task = asyncio.create_task(self.dispatcher(worker).run())
        await settle()
        task.cancel()
        await asyncio.wait({task})

    async def put(
        self, *notices: str, kind: NoticeKind = NoticeKind.STATUS_FOR_REPORTER, lane: Lane = Lane.ORDINARY
    ) -> None:
        """Notices named by their recipient and a number: "anna 1"."""
        async with self.memory.unit_of_work() as uow:
            for notice in notices:
                await uow.outbox.put(Notice(notice, kind, notice.split()[0], "s1", self.time(), lane=lane))
            await uow.commit()

    @property
    def unsent(self) -> list[str]:
        return [notice.id for notice in self.memory.unsent]

    @property
    def dead(self) -> list[str]:
        return [notice.id for notice in self.memory.dead]


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_everything_that_is_due_is_delivered_in_order(desk: Desk) -> None:
    await desk.put("anna 1", "bert 1", "anna 2", "anna 3")

    tries = await desk.dispatcher().drain()

    assert tries == 4
    assert [notice for notice in desk.teams.arrived if notice.startswith("anna")] == ["anna 1", "anna 2", "anna 3"]
    assert desk.unsent == []


async def test_a_notice_leaves_as_soon_as_the_dispatcher_is_woken(desk: Desk) -> None:
    async with desk.running() as dispatcher:
        await desk.put("anna 1", "anna 2")
        dispatcher.wake()
        await settle()

        assert desk.teams.arrived == ["anna 1", "anna 2"]
        assert desk.time() == START


async def test_a_notice_of_another_process_is_found_by_the_next_look(desk: Desk) -> None:
    async with desk.running():
        await desk.put("anna 1")
        await settle()
        assert desk.teams.arrived == []

        await desk.time.pass_by(5)
        assert desk.teams.arrived == ["anna 1"]


async def test_a_failed_notice_is_tried_when_it_is_due_and_not_before(desk: Desk) -> None:
    desk.teams.failures["anna 1"] = [Retryable()]
    await desk.put("anna 1")

    async with desk.running():
        await desk.time.pass_by(1.9)
        assert desk.teams.given == ["anna 1"]

        await desk.time.pass_by(0.1)
        assert desk.teams.given == ["anna 1", "anna 1"]
        assert desk.unsent == []


async def test_a_failing_person_keeps_their_order_and_holds_up_nobody_else(desk: Desk) -> None:
    desk.teams.failures["anna 1"] = [Retryable(), Retryable(30.0)]
    await desk.put("anna 1", "anna 2", "bert 1", "bert 2")

    async with desk.running():
        await desk.time.pass_by(31)
        assert desk.teams.arrived == ["bert 1", "bert 2"]

        await desk.time.pass_by(1)
        assert desk.teams.arrived == ["bert 1", "bert 2", "anna 1", "anna 2"]


async def test_a_slow_person_holds_up_nobody_else(desk: Desk) -> None:
    desk.teams.held["anna 1"] = asyncio.Event()
    await desk.put("anna 1", "anna 2", "bert 1", "bert 2")

    async with desk.running():
        assert desk.teams.arrived == ["bert 1", "bert 2"]

        desk.teams.held["anna 1"].set()
        await settle()
        assert desk.teams.arrived == ["bert 1", "bert 2", "anna 1", "anna 2"]


async def test_a_slow_person_does_not_delay_the_next_try_of_another(desk: Desk) -> None:
    desk.teams.failures["bert 1"] = [Retryable()]
    desk.teams.held["anna 1"] = asyncio.Event()
    await desk.put("bert 1")

    async with desk.running() as dispatcher:
        await desk.put("anna 1")
        dispatcher.wake()
        await desk.time.pass_by(2)
        assert desk.teams.arrived == ["bert 1"]

        desk.teams.held["anna 1"].set()


async def test_no_more_are_under_way_than_allowed(desk: Desk) -> None:
    people = [f"person{number} 1" for number in range(5)]
    desk.teams.held = {notice: asyncio.Event() for notice in people}
    await desk.put(*people)

    async with desk.running(pace=Pace(in_flight=2)):
        assert len(desk.teams.given) == 2

        desk.teams.held[desk.teams.given[0]].set()
        await settle()
        assert len(desk.teams.given) == 3

        for event in desk.teams.held.values():
            event.set()
    await desk.dispatcher().drain()
    assert sorted(desk.teams.arrived) == people


async def test_two_workers_deliver_each_notice_once(desk: Desk) -> None:
    notices = [f"person{number % 4} {number}" for number in range(40)]
    await desk.put(*notices)

    async with desk.running("first"), desk.running("second"):
        await desk.time.pass_by(10)

    assert sorted(desk.teams.arrived) == sorted(notices)


async def test_a_stop_finishes_what_is_under_way_and_starts_nothing_more(desk: Desk) -> None:
    desk.teams.held["anna 1"] = asyncio.Event()
    await desk.put("anna 1")
    dispatcher = desk.dispatcher()
    running = asyncio.create_task(dispatcher.run())
    await settle()

    dispatcher.stop()
    await desk.put("bert 1")
    await desk.time.pass_by(10)
    assert not running.done()

    desk.teams.held["anna 1"].set()
    await running
    assert desk.teams.arrived == ["anna 1"]
    assert desk.unsent == ["bert 1"]


async def test_a_crash_after_sending_leads_to_one_more_message_when_the_draining_lease_is_over(desk: Desk) -> None:
    desk.teams.held_after["anna 1"] = asyncio.Event()
    await desk.put("anna 1")
    await desk.crashed()
    desk.teams.held_after.clear()

    async with desk.running("second"):
        await desk.time.pass_by(9)
        assert desk.teams.arrived == ["anna 1"]

        await desk.time.pass_by(1)
        assert desk.teams.arrived == ["anna 1", "anna 1"]
        await desk.time.pass_by(3600)

    assert desk.teams.arrived == ["anna 1", "anna 1"]
    assert desk.memory.committed.outbox["anna 1"].ambiguous


async def test_a_small_message_is_not_sent_again_after_a_crash(desk: Desk) -> None:
    desk.teams.held["anna 1"] = asyncio.Event()
    await desk.put("anna 1", kind=NoticeKind.NUDGE)
    await desk.put("anna 2")
    await desk.crashed()

    async with desk.running("second"):
        await desk.time.pass_by(10)

    assert desk.teams.given == ["anna 1", "anna 2"]
    assert desk.unsent == desk.dead == []


async def test_a_worker_that_lost_its_lease_still_records_the_delivery(desk: Desk) -> None:
    desk.teams.held["anna 1"] = asyncio.Event()
    await desk.put("anna 1")
    with capture_logs() as logs:
        async with desk.running("first"):
            desk.cut_off = {"first"}
            async with desk.running("second"):
                await desk.time.pass_by(11)
                assert desk.teams.given == ["anna 1", "anna 1"]
                desk.cut_off = set()
                desk.teams.held["anna 1"].set()
                await settle()

    assert desk.unsent == []
    assert [log["event"] for log in logs].count("lease_lost") == 1


async def test_one_worker_at_a_time_empties_the_outbox(desk: Desk) -> None:
    desk.teams.held["anna 1"] = asyncio.Event()
    await desk.put("anna 1")
    async with desk.running("first", Pace(look=timedelta(hours=1))), desk.running("second") as second:
        await desk.put("bert 1")
        second.wake()
        await desk.time.pass_by(2)
        assert desk.teams.given == ["anna 1"]

        desk.teams.held["anna 1"].set()
        await settle()
        assert desk.teams.given == ["anna 1", "bert 1"]


async def test_a_worker_that_is_woken_drains_at_once_when_no_other_does(desk: Desk) -> None:
    async with desk.running("first") as first, desk.running("second") as second:
        for number, woken in enumerate((first, second, first)):
            await desk.put(f"anna {number}")
            woken.wake()
            await settle()

        assert desk.teams.arrived == ["anna 0", "anna 1", "anna 2"]
        assert desk.time() == START


async def test_a_worker_that_stops_leaves_the_outbox_to_the_next_at_once(desk: Desk) -> None:
    async with desk.running("first"):
        await desk.put("anna 1")
    await desk.put("anna 2")

    async with desk.running("second"):
        assert desk.teams.arrived[-1] == "anna 2"


async def test_a_worker_that_takes_over_hears_what_was_sent_before(desk: Desk) -> None:
    await desk.put("anna 1")
    await desk.dispatcher("first").drain()
    await desk.time.pass_by(60)
    desk.teams.held["anna 2"] = asyncio.Event()
    await desk.put("anna 2")
    await desk.crashed("first again")
    desk.teams.held.clear()

    async with desk.running("second") as second:
        await desk.time.pass_by(10)
        await desk.put("anna 3")
        second.wake()
        await settle()

    lost = START + timedelta(seconds=60 + 10)
    assert desk.recalled["second"] == [Sent("anna", START), Sent("anna", lost)]


async def test_a_worker_that_stood_still_finds_that_another_went_on(desk: Desk) -> None:
    await desk.put("anna 1")
    first = desk.dispatcher("first")
    claiming = asyncio.create_task(first.run())
    while desk.memory.committed.outbox["anna 1"].worker is None:  # noqa: ASYNC110 - no event tells of a commit
        await asyncio.sleep(0)
    # Before it can send, the machine sleeps for a while.
    desk.time.jump(20)
    async with desk.running("second"):
        await desk.time.pass_by(1)
    first.stop()
    await claiming

    assert desk.teams.given == ["anna 1"]
    assert desk.memory.committed.outbox["anna 1"].worker == "second"


async def test_an_alarm_does_not_wait_behind_what_is_being_tried_again(desk: Desk) -> None:
    desk.teams.failures["anna 1"] = [Retryable() for _ in range(20)]
    await desk.put("anna 1", "anna 2")
    async with desk.running() as dispatcher:
        await desk.time.pass_by(60)
        await desk.put("anna alarm", lane=Lane.ALARM)
        dispatcher.wake()
        await settle()

        assert desk.teams.arrived == ["anna alarm"]


async def test_an_alarm_has_a_place_when_every_other_is_taken(desk: Desk) -> None:
    people = [f"person{number} 1" for number in range(16)]
    desk.teams.held = {notice: asyncio.Event() for notice in people}
    await desk.put(*people, "bert 1")
    async with desk.running() as dispatcher:
        await desk.put("anna alarm", "carla alarm", lane=Lane.ALARM)
        dispatcher.wake()
        await settle()

        assert desk.teams.arrived == ["anna alarm", "carla alarm"]
        for event in desk.teams.held.values():
            event.set()


async def test_an_alarm_that_a_dying_worker_held_waits_for_the_draining_lease_only(desk: Desk) -> None:
    desk.teams.held["anna alarm"] = asyncio.Event()
    await desk.put("anna alarm", lane=Lane.ALARM)
    await desk.crashed()
    desk.teams.held.clear()

    async with desk.running("second"):
        await desk.put("anna second", lane=Lane.ALARM)
        await desk.time.pass_by(10)

    assert desk.teams.arrived == ["anna alarm", "anna second"]


async def test_what_is_held_back_is_put_off_untried_and_holds_up_nobody_else(desk: Desk) -> None:
    desk.teams.failures["anna 1"] = [HeldBack(30), HeldBack(1)]
    await desk.put("anna 1", "anna 2", "bert 1")
    async with desk.running():
        assert desk.teams.arrived == ["bert 1"]
        await desk.time.pass_by(30)
        assert desk.teams.arrived == ["bert 1"]
        await desk.time.pass_by(1)
        assert desk.teams.arrived == ["bert 1", "anna 1", "anna 2"]

    assert desk.memory.committed.outbox["anna 1"].attempts == 1


async def test_a_dead_letter_and_the_word_about_it_are_stored_together(desk: Desk) -> None:
    desk.teams.failures["anna 1"] = [Permanent(status=400)]
    await desk.put("anna 1")

    with capture_logs() as logs:
        await desk.dispatcher().drain()

    assert desk.dead == ["anna 1"]
    assert desk.teams.arrived == ["bert: anna 1"]
    [told] = [log for log in logs if log["event"] == "notice_given_up"]
    assert (told["notice"], told["reason"], told["log_level"]) == ("anna 1", "400", "error")


async def test_the_loss_of_the_database_is_survived(desk: Desk) -> None:
    async with desk.running():
        desk.down = True
        await desk.time.pass_by(60)
        desk.down = False
        await desk.put("anna 1")
        await desk.time.pass_by(5)

        assert desk.teams.arrived == ["anna 1"]


async def test_a_database_that_is_away_for_a_moment_after_sending_gives_no_second_message(desk: Desk) -> None:
    desk.teams.held_after["anna 1"] = asyncio.Event()
    await desk.put("anna 1")

    async with desk.running():
        desk.down = True
        desk.teams.held_after["anna 1"].set()
        await desk.time.pass_by(20)
        desk.down = False
        await desk.time.pass_by(600)

    assert desk.teams.arrived == ["anna 1"]
    assert desk.unsent == []


async def test_a_database_that_stays_away_after_sending_gives_one_message_more(desk: Desk) -> None:
    desk.teams.held_after["anna 1"] = asyncio.Event()
    await desk.put("anna 1")

    async with desk.running():
        desk.down = True
        desk.teams.held_after["anna 1"].set()
        await desk.time.pass_by(600)
        desk.down = False
        await desk.time.pass_by(600)

    assert desk.teams.arrived == ["anna 1", "anna 1"]
    assert desk.unsent == []


async def test_a_stop_does_not_wait_for_a_database_that_is_away(desk: Desk) -> None:
    desk.teams.held_after["anna 1"] = asyncio.Event()
    await desk.put("anna 1")
    async with desk.running() as dispatcher:
        desk.down = True
        dispatcher.stop()
        desk.teams.held_after["anna 1"].set()

    assert desk.unsent == ["anna 1"]


async def test_somebody_who_cannot_be_reached_is_marked_so_and_the_notice_is_kept_as_a_dead_letter(desk: Desk) -> None:
    async with desk.memory.unit_of_work() as uow:
        await uow.people.seen(Address("anna", "Anna", "a:1", "https://teams", "t", "29:1", "28:1", START))
        await uow.commit()
    desk.teams.failures["anna 1"] = [Unreachable(status=403, code="BotNotInConversationRoster")]
    await desk.put("anna 1", "anna 2")

    await desk.dispatcher().drain()

    async with desk.memory.unit_of_work() as uow:
        address = await uow.people.address("anna")
    assert address is not None
    assert not address.reachable
    assert desk.dead == ["anna 1"]
    assert desk.teams.arrived == ["anna 2", "bert: anna 1"]


async def test_what_there_is_no_more_to_tell_is_done(desk: Desk) -> None:
    desk.teams.failures["anna 1"] = [Obsolete()]
    await desk.put("anna 1")

    await desk.dispatcher().drain()

    assert desk.teams.given == ["anna 1"]
    assert desk.unsent == desk.dead == []


async def test_a_fault_of_ours_is_tried_again_holds_up_nobody_and_tells_no_content(desk: Desk) -> None:
    desk.teams.failures["anna 1"] = [KeyError("het verhaal van de melder")]
    await desk.put("anna 1", "bert 1")

    with capture_logs() as logs:
        async with desk.running():
            assert desk.teams.arrived == ["bert 1"]
            await desk.time.pass_by(15)
            assert desk.teams.arrived == ["bert 1", "anna 1"]

    assert "verhaal" not in f"{logs}"
    fault = next(log for log in logs if log["event"] == "notice_not_made")
    assert fault["error"] == "KeyError"
    assert fault["place"].startswith("test_dispatcher.py:")


async def test_a_send_that_never_ends_is_cut_off_and_may_have_arrived(desk: Desk) -> None:
    desk.teams.held["anna 1"] = asyncio.Event()
    await desk.put("anna 1")

    await desk.dispatcher(pace=Pace(send_within=timedelta(0))).drain()

    row = desk.memory.committed.outbox["anna 1"]
    assert (row.worker, row.ambiguous, row.due_at) == (None, True, START + timedelta(seconds=15))


async def test_a_message_in_doubt_is_sent_until_the_answer_is_definite(desk: Desk) -> None:
    desk.teams.failures["anna 1"] = [Ambiguous(status=504), Retryable(), Ambiguous(status=502)]
    await desk.put("anna 1", kind=NoticeKind.SIGNAL_FOR_OFFICER)

    async with desk.running():
        await desk.time.pass_by(15 + 4 + 60)

    assert desk.teams.given == ["anna 1"] * 4
    assert desk.teams.arrived == ["anna 1"]


async def test_a_notice_that_nobody_takes_for_three_days_becomes_a_dead_letter(desk: Desk) -> None:
    desk.teams.failures["anna 1"] = [Retryable(status=429) for _ in range(2000)]
    await desk.put("anna 1")

    async with desk.running(pace=Pace(poll=timedelta(hours=1))):
        await desk.time.pass_by(timedelta(hours=71).total_seconds())
        assert desk.unsent == ["anna 1"]
        await desk.time.pass_by(timedelta(hours=1).total_seconds())

    assert desk.dead == ["anna 1"]


async def test_an_idle_dispatcher_only_looks(desk: Desk) -> None:
    async with desk.running():
        await desk.time.pass_by(60)

    assert desk.memory.commits == 0
