"""Changes of messages after the answer."""

import asyncio

from bot.teams.late_updates import LateUpdates


async def test_changes_of_one_message_follow_each_other_and_those_of_two_do_not_wait() -> None:
    updates, done, go = LateUpdates(), list[str](), asyncio.Event()

    async def slow() -> None:
        await go.wait()
        done.append("first, slow")

    async def quick(name: str) -> None:
        done.append(name)

    updates.start("1", slow)
    updates.start("1", lambda: quick("first, quick"))
    updates.start("2", lambda: quick("second"))
    await updates.settle("2")
    assert done == ["second"]
    go.set()
    await updates.settle("1")
    assert done == ["second", "first, slow", "first, quick"]


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
    updates.start("1", works)
    await updates.settle_all(1)
    assert done == ["works"]
