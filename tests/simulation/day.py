"""One seed, one day: it begins, things happen and go wrong, it clears up, and what is left is judged."""

import asyncio
import sqlite3
from dataclasses import dataclass
from random import Random

from dialogs.domain.access import Staff
from dialogs.domain.lifecycle import SignalStatus
from storage.engine import open_database
from storage.key_file import open_key_file
from tests.simulation import stage
from tests.simulation.invariants import Outcomes, Row, broken
from tests.simulation.ledger import Ledger
from tests.simulation.people import SimulatedPerson
from tests.simulation.weather import Forecast, todays
from tests.simulation.world import OFFICERS, REPORTERS, Bug, World

#: How long everything may take to settle, in seconds, once nothing goes wrong any more: the longest wait before a next
#: try is an hour (bot/retry.py).
_SETTLES_WITHIN = 3 * 3600.0
#: A quarter of an hour, a watchdog that looks every minute, and a minute more.
_ALARMS_WITHIN = 17 * 60.0
_MOST_REPLICAS = 3
#: How often each person does something: short days are many, long ones go deep. An officer does so many times more.
_ACTS = (4, 8, 14)
_OFFICERS_DO = 2
#: The mean time between two things that somebody does, in seconds.
_BETWEEN = 12.0


@dataclass(frozen=True, slots=True)
class Judged:
    """How a day went."""

    seed: int
    broken: list[tuple[str, str]]
    ledger: Ledger
    signals: int
    closed: int

    @property
    def replay(self) -> str:
        """The line that plays it again."""
        return f"python -m tests.simulation --seed {self.seed}"


def play(seed: int, *, bug: Bug | None = None) -> Judged:
    """Play the day of this seed."""
    random = Random(seed)  # noqa: S311 - a day that can be played again
    acts = random.choice(_ACTS)
    world = World(seed, Forecast(random, todays(random)), bug=bug)
    with world.running():
        try:
            outcomes = world.loop.run_until_complete(_day(world, acts))
        except BaseException as error:
            error.add_note(f"on the day of: python -m tests.simulation --seed {seed}")
            raise
        closed = sum(signal.status is SignalStatus.CLOSED for signal in outcomes.signals)
        return Judged(seed, broken(outcomes), world.ledger, len(outcomes.signals), closed)


async def _day(world: World, acts: int) -> Outcomes:
    for _ in range(world.random.randint(1, _MOST_REPLICAS)):
        await world.starts_replica()
    disorder = world.loop.create_task(_disorder(world))
    officers = [_lives(world, world.people[name], _OFFICERS_DO * acts, _BETWEEN / _OFFICERS_DO) for name in OFFICERS]
    await asyncio.gather(*officers, *(_lives(world, world.people[name], acts, _BETWEEN) for name in REPORTERS))
    disorder.cancel()
    await asyncio.wait({disorder})
    world.forecast.clears_up()
    world.note("clears_up")
    while len(world.ready) > 1:
        await world.stops(world.ready[0])
    if not world.ready:
        await world.starts_replica()
    await settles(world)
    await _alarms_come(world)
    await end(world)
    return await outcomes_of(world)


async def _alarms_come(world: World) -> None:
    """While an acute signal is left lying, the day goes on until it must have alarmed."""
    if stage.rows(world, "SELECT id FROM signals WHERE outcome = 'acute' AND status = 'received'"):
        await asyncio.sleep(_ALARMS_WITHIN)
        await settles(world)


async def _lives(world: World, person: SimulatedPerson, acts: int, between: float) -> None:
    """Install the app, and then do one thing after another; some remove the app and come back."""
    random = world.random
    await asyncio.sleep(random.uniform(0, 5))
    if random.random() < 0.9:
        await person.installs()
    for _ in range(acts):
        await asyncio.sleep(random.expovariate(1 / between))
        if random.random() < 0.04:
            world.note("uninstalls", person.name)
            await person.uninstalls()
            await asyncio.sleep(random.expovariate(1 / 30.0))
            await person.installs()
        else:
            await person.acts()


async def _disorder(world: World) -> None:
    """Replicas come and go, storms break, time jumps."""
    random = world.random
    while True:
        await asyncio.sleep(random.expovariate(1 / 25.0))
        match random.choice(("kill", "stop", "start", "storm", "jump", "quiet")):
            case "kill" if world.ready:
                world.kills(random.choice(world.ready))
            case "stop" if len(world.ready) > 1:
                world.in_background(world.stops(random.choice(world.ready)))
            case "storm":
                chats = [person.account.conversation_id for person in world.people.values()]
                world.forecast.storm(world.loop.time(), chats)
            case "jump":
                seconds = random.choice((50.0, 1000.0, 6 * 3600.0, 86400.0))
                world.note("jumps", seconds)
                now = world.loop.time()
                world.ledger.jumps.append((now, now + seconds))
                world.loop.pass_by(seconds)
            case _:
                pass
        if len(world.ready) < random.randint(1, _MOST_REPLICAS):
            await world.starts_replica()


async def settles(world: World, *, within: float = _SETTLES_WITHIN) -> None:
    """Wait until nothing is left to send, and a moment later still nothing, but no longer than so many seconds."""
    until = world.loop.time() + within
    quiet = False
    with sqlite3.connect(f"file:{world.folder}/meldroute.db?mode=ro", uri=True) as connection:

        def nothing_left() -> bool:
            return not connection.execute("SELECT count(*) FROM outbox WHERE settled_at IS NULL").fetchone()[0]

        while not quiet and world.loop.time() < until:
            await asyncio.sleep(20.0)
            quiet = nothing_left()
            await asyncio.sleep(5.0)
            quiet = quiet and nothing_left()
    connection.close()


async def outcomes_of(world: World) -> Outcomes:
    """What is stored now."""
    staff = Staff(tuple(world.settings.focal_officers), tuple(world.settings.confidants))
    database = open_database(world.settings.database_url.get_secret_value(), open_key_file(world.settings.key_file))
    connection = sqlite3.connect(f"file:{world.folder}/meldroute.db?mode=ro", uri=True)
    columns = "number, id, kind, recipient, signal_id, detail, settled_at IS NOT NULL, dead, attempts, lane, "
    columns += "resent_at IS NOT NULL"
    rows = [Row(*row) for row in connection.execute(f"SELECT {columns} FROM outbox ORDER BY number")]  # noqa: S608
    signal_ids = [row[0] for row in connection.execute("SELECT id FROM signals ORDER BY reference")]
    reporters = [row[0] for row in connection.execute("SELECT reporter FROM drafts ORDER BY id")]
    connection.close()
    async with database.unit_of_work() as uow:
        signals = [signal for each in signal_ids if (signal := await uow.signals.get(each)) is not None]
        histories = {each: await uow.signals.history(each) for each in signal_ids}
        drafts = [draft for each in reporters if (draft := await uow.drafts.of(each)) is not None]
        broken_at = await uow.audit.broken_at()
    await database.close()
    handlers = {signal.id: staff.handlers(signal.excluded) for signal in signals}
    return Outcomes(signals, histories, drafts, rows, broken_at, handlers, world.ledger, world.start)


async def end(world: World) -> None:
    """Nobody is left running."""
    for replica in world.ready:
        await world.stops(replica)
    await world.settle_background()
    await asyncio.sleep(1.0)
