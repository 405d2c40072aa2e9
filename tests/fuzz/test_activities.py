"""Twenty thousand damaged activities: no 500, no traceback in sight, no change of anybody else's signal.

Half of them come from a stranger, whose id stands in each whatever else is damaged: nothing that is stored of others
may change. The other half come from who sent the good ones: what they change must be what the rules allow.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from aiohttp import web

from tests.crash.route import from_word_to_feedback
from tests.fake_connector import BOT_ID, TENANT
from tests.fuzz.mutator import Mutator
from tests.simulation.day import end, outcomes_of, settles
from tests.simulation.invariants import broken, what_somebody_wrote_is_stored_once
from tests.simulation.stage import SimulatedStage, rows
from tests.simulation.weather import Forecast, Weather
from tests.simulation.world import World
from tests.teams_client import Json

#: What a person must never read.
_INNARDS = ("Traceback", 'File \\"', "Exception", "sqlalchemy", "KeyError", ".py")
_STRANGER = "Stranger"


@dataclass
class Harvest:
    """What came of damaged activities."""

    faults: list[str] = field(default_factory=list[str])
    statuses: Counter[int] = field(default_factory=Counter[int])


def fuzz(seed: int, number: int) -> Harvest:
    """Send this many."""
    random = Random(seed)  # noqa: S311 - damage that can be done again
    world = World(3, Forecast(Random(3), Weather()))  # noqa: S311 - as above
    with world.running():
        return world.loop.run_until_complete(_fuzz(world, random, number))


async def _fuzz(world: World, random: Random, number: int) -> Harvest:
    good = await _good_ones(world)
    harvest, mutator = Harvest(), Mutator(good, random)
    stranger = world.teams.account(_STRANGER).person

    def comes_from_the_stranger(activity: Json) -> None:
        if isinstance(activity.get("from"), dict):
            activity["from"]["aadObjectId"] = stranger

    for count in range(number):
        if count % 2:
            await _post(world, mutator.next(), harvest)
        else:
            before = _of_others(world, stranger)
            body = mutator.next(keep=comes_from_the_stranger)
            if stranger.encode() in body:
                await _post(world, body, harvest)
                after = _of_others(world, stranger)
                harvest.faults += [f"changed by a stranger: {body!r}"] * (before != after)
        if count % 25 == 0:
            await asyncio.sleep(1.0)
    await settles(world)
    await end(world)
    doubled = what_somebody_wrote_is_stored_once.__doc__  # the damage itself doubles texts
    found = broken(await outcomes_of(world))
    harvest.faults += [f"{sentence}: {fault}" for sentence, fault in found if sentence != doubled]
    return harvest


async def _good_ones(world: World) -> list[Json]:
    """What a lively morning brings, and whatever else Teams sends."""
    good: list[Json] = []
    deliver = world.post

    async def kept(activity: Json) -> tuple[int, Json]:
        good.append(activity)
        return await deliver(activity)

    people = {name: world.person(name, kept) for name in ("Robin", "Anna", "Bas", "Kim")}
    stage = SimulatedStage(world)
    await stage.a_moment_later()
    await from_word_to_feedback(stage, people["Robin"], people["Anna"])
    for _ in range(30):
        for name in ("Kim", "Bas", "Robin"):
            await people[name].acts()
            await stage.a_moment_later()
    for each in _SELDOM:
        await people["Kim"].sends(**each)
    await people["Kim"].says("nummer avim", group="19:group@thread.v2")
    return good


#: What Teams sends besides texts, presses and installations (Microsoft Learn, "Bot Framework activity schema").
_SELDOM: tuple[dict[str, Any], ...] = (
    {
        "type": "invoke",
        "name": "composeExtension/query",
        "value": {
            "commandId": "number",
            "parameters": [{"name": "query", "value": "avim"}],
            "queryOptions": {"skip": 0, "count": 25},
        },
    },
    {"type": "invoke", "name": "task/fetch", "value": {"data": {"type": "task/fetch"}}},
    {"type": "messageReaction", "reactionsAdded": [{"type": "like"}], "replyToId": "1700000000001"},
    {"type": "event", "name": "application/vnd.microsoft.readReceipt", "value": {"lastReadMessageId": "1"}},
    {"type": "typing"},
    {"type": "endOfConversation", "code": "completedSuccessfully"},
    {"type": "conversationUpdate", "membersRemoved": [{"id": "29:somebody"}]},
    {"type": "conversationUpdate", "membersAdded": [{"id": BOT_ID}, {"id": "29:somebody"}]},
    {"type": "installationUpdate", "action": "add-upgrade"},
    {"type": "message", "attachments": [{"contentType": "image/png", "contentUrl": "https://x/y.png"}]},
    {"type": "messageUpdate", "text": "anders", "channelData": {"tenant": {"id": TENANT}, "eventType": "editMessage"}},
)


async def _post(world: World, body: bytes, harvest: Harvest) -> None:
    replica = world.ready[0]
    try:
        response = await replica.spawn(replica.post(body))
    except web.HTTPException as refused:
        harvest.statuses[refused.status] += 1
        if refused.status >= 500:
            harvest.faults.append(f"{refused.status} for {body!r}")
        return
    except Exception as error:  # noqa: BLE001 - aiohttp would answer it with 500
        harvest.statuses[500] += 1
        harvest.faults.append(f"{error!r} for {body!r}")
        return
    harvest.statuses[response.status] += 1
    said = response.body if isinstance(response, web.Response) and isinstance(response.body, bytes) else b""
    if response.status >= 500 and response.status != 501:
        harvest.faults.append(f"{response.status} for {body!r}")
    if any(inner.encode() in said for inner in _INNARDS):
        harvest.faults.append(f"{said!r} for {body!r}")


def _of_others(world: World, stranger: str) -> object:
    """Every signal that is not the stranger's, with all that people did to it."""
    signals = rows(world, "SELECT id, version, status, owner FROM signals WHERE reporter <> ?", stranger)
    steps = "SELECT signal_id, number FROM signal_events JOIN signals ON id = signal_id"
    return signals, rows(world, f"{steps} WHERE actor <> 'system' AND reporter <> ?", stranger)


def _judge(harvest: Harvest) -> None:
    assert not harvest.faults
    assert {200, 400} <= harvest.statuses.keys(), "some are taken and some are not"


def test_hundreds_of_damaged_activities_do_no_harm() -> None:
    _judge(fuzz(7, 500))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_twenty_thousand_damaged_activities_do_no_harm(seed: int) -> None:
    _judge(fuzz(seed, 2000))
