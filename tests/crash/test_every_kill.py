"""A real kill -9 at every commit and every call to Teams of the route, on both databases.

The places are found by counting them in a run in which nobody dies; what is asked of the process that comes after is
that every signal is there once, and that every message came: once, or twice if it was under way at that moment.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout
from sqlalchemy import text

from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from storage.engine import Database, open_database
from storage.key_file import open_key_file
from storage.migrate import migrate
from tests import postgres
from tests.crash.nursery import Child, Nursery, Order, nursery
from tests.crash.route import Insistent, from_word_to_feedback
from tests.fake_connector import FakeConnector
from tests.scenarios.office import officers_of
from tests.simulation.invariants import EDITS
from tests.teams_client import Person

#: The lease of a notice is over by then.
_A_MINUTE_LATER = 90.0
_SETTLES_WITHIN = 30.0


@dataclass
class _Stage:
    """A process of the bot, and another one when it is dead."""

    nursery: Nursery
    order: Order
    database: Database
    people: tuple[Person, ...]
    child: Child | None = None
    deaths: int = 0
    #: The place at which it died.
    died_at: str = ""

    async def a_moment_later(self) -> None:
        while self.child is None or not self.child.is_alive:
            if self.child is not None:
                self.deaths += 1
                self.died_at = self.child.passed[1]
                self.order = replace(self.order, kill_at=0, later=_A_MINUTE_LATER)
            self.child = await self.nursery.starts(self.order)
        for person in self.people:
            person.bot_url = self.child.url

    async def statuses(self) -> list[SignalStatus]:
        return [SignalStatus(row.status) for row in await self.rows("SELECT status FROM signals")]

    async def settles(self) -> None:
        """Wait until everything is sent, by whoever lives."""
        async with asyncio.timeout(_SETTLES_WITHIN):
            while True:
                await self.a_moment_later()
                if not await self.rows("SELECT id FROM outbox WHERE settled_at IS NULL"):
                    return
                await asyncio.sleep(0.02)

    async def rows(self, query: str) -> list[Any]:
        transaction = self.database.engine.connect()
        await transaction.start()
        try:
            return list((await transaction.execute(text(query))).all())
        finally:
            await transaction.close()


async def killed_at(place: int, home: Nursery, data: Path, url: str, session: ClientSession) -> tuple[int, str, int]:
    """Play the route with a kill there (0: nowhere); how many places there were, which it was, what came twice."""
    async with FakeConnector() as connector:
        robin, anna = (Insistent(name, connector, "", session) for name in ("Robin", "Anna"))
        order = Order(str(data), url, connector.service_url, officers_of(connector), kill_at=place, without_limits=True)
        database = open_database(url, open_key_file(data / "content.key"))
        stage = _Stage(home, order, database, (robin, anna))
        try:
            await stage.a_moment_later()
            await from_word_to_feedback(stage, robin, anna)
            await stage.settles()
            assert stage.deaths <= 1
            twice = await _judge(stage, connector, robin, anna)
            assert stage.child is not None
            return stage.child.passed[0], stage.died_at, twice
        finally:
            if stage.child is not None:
                stage.child.kill()
            await database.close()


async def _judge(stage: _Stage, connector: FakeConnector, robin: Person, anna: Person) -> int:
    """Every promise that can be seen from outside; how many messages came twice."""
    async with stage.database.unit_of_work() as uow:
        (signal,) = await uow.signals.of_reporter(robin.account.person, 10)
        history = await uow.signals.history(signal.id)
        assert await uow.audit.broken_at() is None
    steps = [event.kind for event in history if event.kind is not EventKind.FEEDBACK_READ]
    assert steps == [EventKind.RECEIVED, EventKind.TAKEN_UP, EventKind.HANDED_OVER, EventKind.CLOSED]
    outbox = await stage.rows("SELECT kind, recipient, dead FROM outbox")
    assert not [row for row in outbox if row.dead]
    told = Counter(row.recipient for row in outbox if row.kind not in EDITS)
    twice = 0
    for person in (robin, anna):
        arrived = connector.calls_of("send", conversation=person.account.conversation_id)
        more = len(arrived) - told[person.account.person]
        assert more >= 0, f"{person.name} misses a message:\n{person.screen}"
        assert more <= stage.deaths, "more than what was under way to this person came twice"
        twice += more
    return twice


@asynccontextmanager
async def _sqlite(folder: Path, number: int) -> AsyncGenerator[tuple[Path, str]]:
    data = folder / str(number)
    data.mkdir()
    empty = folder / "empty.db"
    if not empty.exists():
        await migrate(f"sqlite:///{empty}")
    shutil.copy(empty, data / "meldroute.db")
    yield data, f"sqlite:///{data}/meldroute.db"


@asynccontextmanager
async def _postgres(folder: Path, number: int) -> AsyncGenerator[tuple[Path, str]]:
    data = folder / str(number)
    data.mkdir()
    async with postgres.server().database() as url:
        yield data, url


_DATABASES = {"sqlite": _sqlite, "postgres": _postgres}


async def die_everywhere(kind: str, folder: Path, step: int) -> tuple[int, int]:
    """Die at every `step`-th place; at how many that was, and how many messages came twice in all."""
    async with nursery(folder / "log") as home, ClientSession(timeout=ClientTimeout(total=30)) as session:

        async def once(place: int) -> tuple[int, str, int]:
            async with _DATABASES[kind](folder, place) as (data, url):
                try:
                    return await killed_at(place, home, data, url, session)
                except BaseException as error:
                    error.add_note(f"killed at place {place} on {kind}")
                    raise

        places, _, twice = await once(0)
        assert twice == 0
        numbers = range(1, places + 1, step)
        at_once = asyncio.Semaphore(2)

        async def bounded(place: int) -> int:
            async with at_once:
                return (await once(place))[2]

        async with asyncio.TaskGroup() as group:
            runs = [group.create_task(bounded(place)) for place in numbers]
        return len(numbers), sum(run.result() for run in runs)


@pytest.mark.parametrize("kind", _DATABASES)
async def test_a_kill_at_some_of_the_commits_and_calls_loses_nothing(kind: str, tmp_path: Path) -> None:
    deaths, twice = await die_everywhere(kind, tmp_path, 31)

    assert deaths > 2
    assert twice <= deaths


@pytest.mark.proof
@pytest.mark.parametrize("kind", _DATABASES)
async def test_a_kill_at_every_commit_and_every_call_loses_nothing(kind: str, tmp_path: Path) -> None:
    deaths, twice = await die_everywhere(kind, tmp_path, 1)

    assert deaths > 80
    assert 0 < twice < deaths / 4
