import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.governor import NO_LIMITS, TEAMS_CONVERSATION, Governor, Rates
from bot.teams.errors import HeldBack
from dialogs.ports import Sent
from tests.fakes.fake_time import FakeTime, settle

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def time() -> FakeTime:
    return FakeTime(START)


@pytest.fixture
def governor(time: FakeTime) -> Governor:
    return Governor(time, sleep=time.sleep)


async def how_many(let_through: Callable[[str], Awaitable[None]], conversation: str = "anna") -> int:
    """How many leave at this moment, until one is held back."""
    count = 0
    while True:
        try:
            await let_through(conversation)
        except HeldBack:
            return count
        count += 1


async def test_notices_leave_room_for_alarms_and_answers_and_both_together_leave_half(
    governor: Governor, time: FakeTime
) -> None:
    assert await how_many(governor.notice) == 2  # 30 % of 7 in a second
    assert await how_many(governor.alarm) == 1  # half of 7 is 3

    await time.pass_by(1)
    assert await how_many(governor.notice) == 0  # 30 % of 8 in two seconds
    assert await how_many(governor.alarm) == 1  # half of 8 is 4


async def test_two_replicas_that_answer_one_person_at_once_stay_within_the_limits_of_teams(time: FakeTime) -> None:
    draining, other = (Governor(time, sleep=time.sleep) for _ in range(2))
    left: list[datetime] = []
    for _ in range(12_000):
        for let_through in (draining.notice, draining.alarm, other.alarm):
            left += [time()] * await how_many(let_through)
        await time.pass_by(0.4)

    for limit in TEAMS_CONVERSATION:
        assert all(after - before >= limit.within for before, after in zip(left, left[limit.most :], strict=False))


async def test_who_is_held_back_hears_for_how_long(governor: Governor, time: FakeTime) -> None:
    await how_many(governor.notice)
    await time.pass_by(0.25)

    with pytest.raises(HeldBack) as held:
        await governor.notice("anna")
    assert held.value.seconds == 1.75


async def test_a_conversation_that_had_enough_holds_up_no_other(governor: Governor) -> None:
    await how_many(governor.notice)

    assert await how_many(governor.notice, "bert") == 2


async def test_an_answer_waits_for_its_turn(governor: Governor, time: FakeTime) -> None:
    await how_many(governor.alarm)
    answering = asyncio.create_task(governor.answer("anna"))

    await time.pass_by(0.9)
    assert not answering.done()
    await time.pass_by(0.1)
    assert answering.done()
    await answering


async def test_an_answer_that_would_wait_too_long_is_held_back(time: FakeTime) -> None:
    governor = Governor(time, Rates(others=0.02), sleep=time.sleep)  # 1 in half a minute
    await governor.answer("anna")

    with pytest.raises(HeldBack):
        await governor.answer("anna")


async def test_the_tenant_gets_no_more_than_its_part_in_a_second_and_nothing_is_held_back(
    governor: Governor, time: FakeTime
) -> None:
    notices = [asyncio.create_task(governor.notice(f"person-{number}")) for number in range(100)]
    await settle()
    assert sum(each.done() for each in notices) == 40  # 80 % of 50
    alarms = [asyncio.create_task(governor.alarm(f"officer-{number}")) for number in range(10)]
    await settle()
    assert sum(each.done() for each in alarms) == 7  # 95 % of 50 is 47

    await time.pass_by(1)
    assert all(each.done() for each in alarms)
    await time.pass_by(1)
    assert all(each.done() for each in notices)


async def test_what_another_replica_sent_counts(governor: Governor, time: FakeTime) -> None:
    ago = [timedelta(seconds=seconds) for seconds in (0.5, 25, 26, 40)]
    governor.recall(Sent("anna", START - each) for each in ago)

    assert await how_many(governor.notice) == 1  # 2 in a second
    await time.pass_by(1)
    assert await how_many(governor.notice) == 0  # 2 in two seconds
    await time.pass_by(1)
    assert await how_many(governor.notice) == 2


async def test_an_hour_of_one_conversation_is_remembered_among_many(governor: Governor, time: FakeTime) -> None:
    governor.recall(Sent("anna", START - timedelta(minutes=minute)) for minute in range(60) for _ in range(9))
    for number in range(3000):
        governor.recall([Sent(f"person-{number}", START)])

    assert await how_many(governor.notice) == 0  # 540 in an hour
    await time.pass_by(61 * 60)
    assert await how_many(governor.notice) == 2


async def test_without_limits_everything_leaves(time: FakeTime) -> None:
    governor = Governor(time, NO_LIMITS, sleep=time.sleep)
    for _ in range(10_000):
        await governor.notice("anna")
