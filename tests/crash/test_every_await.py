"""The process ends at every await of the route, once at each; the next one goes on, and every promise is kept."""

import asyncio
from collections.abc import Iterable
from random import Random

import pytest

from dialogs.domain.lifecycle import SignalStatus
from tests.crash.route import from_word_to_feedback
from tests.simulation.day import end, outcomes_of, settles
from tests.simulation.invariants import broken
from tests.simulation.stage import SimulatedStage
from tests.simulation.weather import Forecast, Weather
from tests.simulation.world import World

#: Into so many parts the awaits are divided, so that the processes of a run share them.
_PARTS = 8


def dies_at(await_number: int | None) -> tuple[list[tuple[str, str]], int]:
    """Play the route with a crash at this await; the broken promises, and how many awaits there were."""
    world = World(5, Forecast(Random(5), Weather()))  # noqa: S311 - the same day each time
    with world.running():
        world.kill_at = await_number
        return world.loop.run_until_complete(_route(world)), world.awaits


async def _route(world: World) -> list[tuple[str, str]]:
    stage = SimulatedStage(world)
    await stage.a_moment_later()
    try:
        async with asyncio.timeout(4 * 3600):
            await from_word_to_feedback(stage, world.people["Robin"], world.people["Anna"])
            await settles(world)
    except AssertionError as not_there:
        world.ledger.breaks(world.loop.time(), "people get where they want to be", str(not_there))
    if not world.ready:
        await world.starts_replica()
        await settles(world)
    await end(world)
    day = await outcomes_of(world)
    found = broken(day)
    if [signal.status for signal in day.signals] != [SignalStatus.CLOSED]:
        found.append(("there is one signal and it is closed", str(day.signals)))
    return found


def crashes(numbers: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """What broke, by the await at which the process ended."""
    return {number: faults for number in numbers if (faults := dies_at(number)[0])}


def test_a_process_that_ends_at_one_of_its_awaits_loses_nothing() -> None:
    faults, awaits = dies_at(None)
    assert not faults
    assert awaits > 800

    assert not crashes(range(1, awaits + 1, 37))


@pytest.mark.long
@pytest.mark.parametrize("part", range(_PARTS))
def test_a_process_that_ends_at_any_of_its_awaits_loses_nothing(part: int) -> None:
    _, awaits = dies_at(None)

    assert not crashes(range(1 + part, awaits + 1, _PARTS))
