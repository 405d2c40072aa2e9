"""Bugs that such a bot could have, planted to see that the simulation finds each of them."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from bot.dispatcher import Sender
from dialogs.domain.notices import Notice
from tests.simulation.boundaries import Around, StoreCall
from tests.simulation.world import Bug, World


def _at(place: str, instead: Around) -> Callable[[World], Around]:
    """A bug in one call."""

    async def around(call: StoreCall) -> Any:
        return await (instead(call) if call.place == place else call.made())

    return lambda _: around


async def _ignores_leases(call: StoreCall) -> Any:
    return await call.made(now=call.kwargs["now"] + timedelta(minutes=30))


async def _takes_failure_for_delivery(call: StoreCall) -> Any:
    return await call.owner.delivered(*call.args, call.kwargs["until"])


async def _forgets_delivery(call: StoreCall) -> Any:
    notice, worker, at = call.args
    return await call.owner.postpone(notice, worker, until=at + timedelta(minutes=10), error="", ambiguous=False)


async def _buries_in_silence(call: StoreCall) -> Any:
    notice, worker, at, _ = call.args
    return await call.owner.delivered(notice, worker, at)


async def _takes_every_activity_for_new(call: StoreCall) -> Any:
    await call.made()
    return True


async def _sees_nothing_due(call: StoreCall) -> Any:
    await call.made()
    return []


def _commits_after_the_answer(_: World) -> Around:
    """The commit comes a moment after the answer, in the background."""
    owed: dict[int, StoreCall] = {}

    async def finish(commit: StoreCall, end: StoreCall) -> None:
        await asyncio.sleep(0.3)
        try:
            await commit.made()
        finally:
            await end.made()

    async def around(call: StoreCall) -> Any:
        unit = id(call.owner)
        if call.place == "commit":
            owed[unit] = call
        elif call.place == "end" and unit in owed:
            _in_background(finish(owed.pop(unit), call))
        else:
            return await call.made()
        return None

    return around


def _notices_after_the_commit(world: World) -> Around:
    """Notices are stored in a transaction of their own, after the one that they tell of."""

    async def put_later(notice: Notice) -> None:
        await asyncio.sleep(5.0)
        async with world.own_units()() as uow:
            await uow.outbox.put(notice)
            await uow.commit()

    async def around(call: StoreCall) -> Any:
        if call.place != "outbox.put":
            return await call.made()
        _in_background(put_later(call.args[0]))
        return None

    return around


class _RecordsBeforeItSends:
    """The sender says that it has sent, and then sends."""

    def __init__(self, _world: World, sender: Sender) -> None:
        self._sender = sender

    async def send(self, notice: Notice) -> None:
        _in_background(self._sender.send(notice))


class _SendsBeforeItsTurn:
    """The sender hands what it has to several hands, and the slowest comes last."""

    def __init__(self, world: World, sender: Sender) -> None:
        self._world = world
        self._sender = sender

    async def send(self, notice: Notice) -> None:
        async def later() -> None:
            await asyncio.sleep(self._world.random.uniform(0, 20))
            await self._sender.send(notice)

        _in_background(later())


def _in_background(work: Coroutine[Any, Any, None]) -> None:
    """As part of the running replica; what becomes of it nobody hears."""
    task = asyncio.get_running_loop().create_task(work)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())


BUGS = (
    Bug("record-before-send", "A notice counts as delivered before it is sent.", sender=_RecordsBeforeItSends),
    Bug("commit-after-answer", "The person has the answer before it is stored.", _commits_after_the_answer),
    Bug("lease-ignored", "What another worker is sending is taken as well.", _at("outbox.claim", _ignores_leases)),
    Bug(
        "failure-is-delivery", "A failed try counts as delivered.", _at("outbox.postpone", _takes_failure_for_delivery)
    ),
    Bug("delivery-forgotten", "What was delivered is sent again.", _at("outbox.delivered", _forgets_delivery)),
    Bug("silent-burial", "A dead letter counts as delivered.", _at("outbox.give_up", _buries_in_silence)),
    Bug("no-journal", "An activity that comes again is new.", _at("journal.first_time", _takes_every_activity_for_new)),
    Bug("no-watch", "No term ever runs out.", _at("queue.due", _sees_nothing_due)),
    Bug("notices-apart", "Notices are stored after the commit of what they tell.", _notices_after_the_commit),
    Bug("out-of-turn", "Notices of one person overtake each other.", sender=_SendsBeforeItsTurn),
)
