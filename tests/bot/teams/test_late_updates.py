"""Changes of messages after the answer."""

import asyncio

from structlog.testing import capture_logs

from bot.teams.errors import HeldBack
from bot.teams.late_updates import LateUpdates


async def test_changes_of_one_message_follow_each_other_and_those_of_two_do_not_wait() -> None:
    updates, done, go = LateUpdates(), list[str](), asyncio.Event()

    async def slow() -> None:
        await go.wait()
        done.append("first, slow")

    async def quick(name: str) -> None:
        done.append(name)

    updates.start("1", slow)
    await asyncio.sleep(0)
    updates.start("1", lambda: quick("first, quick"))
    updates.start("2", lambda: quick("second"))
    await updates.settle("2")
    assert done == ["second"]
    go.set()
    await updates.settle("1")
    assert done == ["second", "first, slow", "first, quick"]


async def test_an_answer_waits_for_the_older_change_that_is_being_sent_and_for_no_other() -> None:
    updates, done, go = LateUpdates(), list[str](), asyncio.Event()

    async def made(name: str) -> None:
        await go.wait()
        done.append(name)

    await updates.overtake("1", lambda: made("first"), seconds=60)
    await asyncio.sleep(0)
    updates.start("1", lambda: made("overtaken"))
    answering = asyncio.create_task(updates.overtake("1", lambda: made("newest"), seconds=60))
    await asyncio.sleep(0)
    assert not answering.done()
    go.set()
    await answering
    assert done[0] == "first"
    await updates.settle("1")
    assert done == ["first", "newest"]


async def test_an_older_change_that_waits_for_a_slow_teams_is_not_made_after_a_newer_answer() -> None:
    updates, done, go = LateUpdates(), list[str](), asyncio.Event()

    async def slow() -> None:
        await go.wait()

    async def made(name: str) -> None:
        done.append(name)

    for other in range(8):
        updates.start(f"other {other}", slow)
    updates.start("1", lambda: made("older"))
    await asyncio.sleep(0)
    await updates.overtake("1", lambda: made("newer"), seconds=60)
    go.set()
    await updates.settle_all(1)

    assert done == ["newer"]


async def test_an_answer_does_not_wait_for_an_older_change_for_ever() -> None:
    updates, never = LateUpdates(), asyncio.Event()

    async def stuck() -> None:
        await never.wait()

    updates.start("1", stuck)
    await asyncio.sleep(0)
    await updates.overtake("1", stuck, seconds=0.01)
    await updates.settle_all(0.01)


async def test_changes_that_do_not_end_are_given_up_at_a_shutdown() -> None:
    updates, never = LateUpdates(), asyncio.Event()

    async def stuck() -> None:
        await never.wait()

    updates.start("1", stuck)
    updates.start("1", stuck)
    await updates.settle_all(0.01)
    await updates.settle("1")
    await updates.settle_all(0.01)


async def test_a_change_that_breaks_does_not_stop_the_next() -> None:
    updates, done = LateUpdates(), list[str]()

    async def broken() -> None:
        raise RuntimeError("a secret")

    async def works() -> None:
        done.append("works")

    updates.start("1", broken)
    await asyncio.sleep(0)
    updates.start("1", works)
    await updates.settle_all(1)
    assert done == ["works"]


async def test_of_the_changes_that_wait_only_the_newest_is_made() -> None:
    updates, done, go = LateUpdates(), list[str](), asyncio.Event()

    async def made(name: str) -> None:
        await go.wait()
        done.append(name)

    updates.start("1", lambda: made("first"))
    await asyncio.sleep(0)
    updates.start("1", lambda: made("overtaken"))
    updates.start("1", lambda: made("newest"))
    go.set()
    await updates.settle("1")
    assert done == ["first", "newest"]

    updates.start("1", lambda: made("later"))
    await updates.settle("1")
    assert done == ["first", "newest", "later"]


async def test_a_change_that_is_too_much_for_now_is_made_when_it_may_unless_a_newer_one_came() -> None:
    waits, done = list[float](), list[str]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            updates.start("1", lambda: made("newer"))

    async def made(name: str) -> None:
        if len(waits) < 2:
            raise HeldBack(0.5)
        done.append(name)

    updates = LateUpdates(sleep)
    updates.start("1", lambda: made("older"))
    await updates.settle("1")

    assert waits == [0.5, 0.5]
    assert done == ["newer"]


async def test_a_change_that_would_wait_too_long_is_not_made() -> None:
    updates = LateUpdates()

    async def held_back() -> None:
        raise HeldBack(61)

    with capture_logs() as logs:
        updates.start("1", held_back)
        await updates.settle("1")

    assert [log["reason"] for log in logs] == ["held_back"]
