"""Three replicas on one PostgreSQL, two hundred people, two thousand turns: one replica is killed, another is stopped.

Each turn goes to whichever replica comes next; many are delivered twice, at once to two of them or later under another
id, and some buttons are pressed twice. Nobody's signal is lost or there twice, and every message comes.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout
from sqlalchemy import text

from storage.engine import Database, open_database
from storage.key_file import open_key_file
from tests import postgres
from tests.crash.nursery import Child, Order, nursery
from tests.crash.route import STORY, Insistent, presses_on
from tests.fake_connector import FakeConnector
from tests.scenarios.office import officers_of
from tests.simulation.invariants import EDITS
from tests.teams_client import Json

_PEOPLE, _TURNS_EACH, _AT_ONCE = 200, 10, 24
_SETTLES_WITHIN = 90.0
#: Notices that a replica may have under way (bot/dispatcher.py), which is what a kill can bring twice.
_UNDER_WAY = 20
#: What leads to the summary first, with every question answered on the way.
_THE_LONG_WAY = ("intake.answer", "intake.skip", "intake.send", "menu.report")


class _Roaming(Insistent):
    """Somebody whose Teams delivers to whichever replica comes next, and often twice."""

    def __init__(self, name: str, connector: FakeConnector, session: ClientSession, replicas: list[Child]) -> None:
        super().__init__(name, connector, "", session)
        self._replicas = replicas
        self._random = Random(name)  # noqa: S311 - the same habits in each run
        self.turns = 0
        self.again: list[asyncio.Task[int]] = []

    @property
    def has_sent(self) -> bool:
        """Whether they were told so."""
        return "Verstuurd: S-" in self.screen or "Je melding is ontvangen" in self.screen

    async def goes_on(self) -> None:
        """One turn: what leads to a signal, and once it is sent something else."""
        if self.has_sent:
            await self.says("mijn meldingen")
        else:
            words = f"{STORY} Opgeschreven in stap {self.turns} door {self.name}."
            await presses_on(self, _THE_LONG_WAY, else_says="melden", writes=words)

    async def posts(self, activity: Json) -> int:
        self.turns += 1
        chance = self._random.random()
        if chance < 0.15:
            self._later(activity, 0.0)
        elif chance < 0.22:
            self._later({**activity, "id": f"{activity['id']}-again"}, 0.4)
        elif chance < 0.27 and activity["type"] == "invoke":
            moment = activity["timestamp"].replace("Z", "7Z")
            self._later({**activity, "id": f"{activity['id']}-twice", "timestamp": moment}, 0.1)
        for _ in range(5):
            if await self._delivers(activity):
                break
        return self.status

    def _later(self, activity: Json, seconds: float) -> None:
        other = Insistent(self.name, self._connector, self._random.choice(self._replicas).url, self.session)

        async def again() -> int:
            await asyncio.sleep(seconds)
            return await other.posts(activity)

        self.again.append(asyncio.create_task(again()))

    async def _delivers(self, activity: Json) -> int:
        """Deliver it; 0 if nobody was there, so that Teams delivers it once more."""
        self.bot_url = self._random.choice(self._replicas).url
        return await super().posts(activity)


@pytest.mark.proof
async def test_two_thousand_turns_on_three_replicas_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(postgres.server().database())
        connector = await stack.enter_async_context(FakeConnector())
        session = await stack.enter_async_context(ClientSession(timeout=ClientTimeout(total=30)))
        home = await stack.enter_async_context(nursery(tmp_path / "log"))
        open_key_file(tmp_path / "content.key")
        replicas: list[Child] = []
        for number in range(3):
            data = tmp_path / str(number)
            data.mkdir()
            shutil.copy(tmp_path / "content.key", data)
            order = Order(str(data), url, connector.service_url, officers_of(connector), without_limits=True)
            replicas.append(await home.starts(order))
        people = [_Roaming(f"person {number}", connector, session, replicas) for number in range(_PEOPLE)]
        await _everybody_reports(people, replicas)
        database = open_database(url, open_key_file(tmp_path / "content.key"))
        try:
            await _settles(database)
            await _judge(database, connector, people)
        finally:
            await database.close()


async def _everybody_reports(people: Sequence[_Roaming], replicas: list[Child]) -> None:
    """All of them, so many at once; after a third one replica is killed, after two thirds another is stopped."""
    room = asyncio.Semaphore(_AT_ONCE)
    done = 0

    async def one(person: _Roaming) -> None:
        nonlocal done
        async with room:
            while person.turns < _TURNS_EACH or not person.has_sent:
                await person.goes_on()
            done += 1
            if done == _PEOPLE // 3:
                replicas.pop(0).kill()
            elif done == 2 * _PEOPLE // 3:
                replicas.pop(0).stop()
            await asyncio.gather(*person.again)

    async with asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(one(person))


async def _settles(database: Database) -> None:
    async with asyncio.timeout(_SETTLES_WITHIN):
        while await _rows(database, "SELECT id FROM outbox WHERE settled_at IS NULL"):  # noqa: ASYNC110 - it is a database
            await asyncio.sleep(0.2)


async def _judge(database: Database, connector: FakeConnector, people: Sequence[_Roaming]) -> None:
    assert sum(person.turns for person in people) >= _PEOPLE * _TURNS_EACH
    signals = await _rows(database, "SELECT id, reporter FROM signals")
    each = Counter(row.reporter for row in signals)
    assert set(each.values()) == {1}, "one signal each"
    assert each.keys() == {person.account.person for person in people}
    assert not await _rows(database, "SELECT id FROM drafts")
    outbox = await _rows(database, "SELECT kind, recipient, dead FROM outbox")
    assert not [row for row in outbox if row.dead]
    told = Counter(row.recipient for row in outbox if row.kind not in EDITS)
    twice = 0
    for person in (*people, *(Insistent(name, connector, "", people[0].session) for name in ("Anna", "Bas"))):
        arrived = connector.calls_of("send", conversation=person.account.conversation_id)
        assert len(arrived) >= told[person.account.person], f"{person.name} misses a message"
        twice += len(arrived) - told[person.account.person]
    assert twice <= _UNDER_WAY, "twice only if it was under way when a replica died"
    async with database.unit_of_work() as uow:
        assert await uow.audit.broken_at() is None
        for row in signals:
            signal = await uow.signals.get(row.id)
            assert signal is not None
            assert str(signal.answers["story"]).count(STORY) == 1, "what was written once stands there once"
            assert len(await uow.signals.history(row.id)) == 1


async def _rows(database: Database, query: str) -> list[Any]:
    transaction = database.engine.connect()
    await transaction.start()
    try:
        return list((await transaction.execute(text(query))).all())
    finally:
        await transaction.close()
