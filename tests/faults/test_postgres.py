"""PostgreSQL ends in the middle of the work, three times, as a crash does; nothing that was told is lost."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dialogs.domain.lifecycle import SignalStatus
from storage.engine import Database, open_database
from storage.key_file import open_key_file
from tests.crash.route import Insistent, reports
from tests.postgres import PostgresServer
from tests.scenarios.office import Office, office
from tests.simulation.invariants import EDITS

_REPORTERS, _RESTARTS = 24, 3
_SETTLES_WITHIN = 120.0


@dataclass
class _Stage:
    """An office on a database that goes and comes."""

    database: Database

    async def statuses(self) -> list[SignalStatus]:
        return [SignalStatus(row.status) for row in await self.rows("SELECT status FROM signals")]

    async def a_moment_later(self) -> None:
        await asyncio.sleep(0.3)

    async def rows(self, query: str) -> list[Any]:
        """What is stored; nothing while the database is away."""
        transaction = self.database.engine.connect()
        try:
            await transaction.start()
            try:
                return list((await transaction.execute(text(query))).all())
            finally:
                await transaction.close()
        except Exception:  # noqa: BLE001 - whatever the driver raises: it comes back
            return []

    async def has_sent(self, person: Insistent) -> bool:
        """Whether a signal of this person is stored."""
        reporter = person.account.person
        return bool(await self.rows(f"SELECT id FROM signals WHERE reporter = '{reporter}'"))  # noqa: S608 - a test's own id

    async def settles(self) -> None:
        async with asyncio.timeout(_SETTLES_WITHIN):
            while await self.rows("SELECT id FROM outbox WHERE settled_at IS NULL") or not await self.statuses():  # noqa: ASYNC110 - it is a database
                await asyncio.sleep(0.1)


@pytest.mark.long
async def test_what_was_told_is_there_and_everything_arrives_when_postgres_ends_in_the_middle(tmp_path: Path) -> None:
    server = PostgresServer(durable=True)
    async with server.new_database() as url, office(tmp_path, url) as town:
        stage = _Stage(open_database(url, open_key_file(tmp_path / "content.key")))
        people = [Insistent(f"person {n}", town.connector, town.bot_url, town.session) for n in range(_REPORTERS)]

        async def one(number: int, person: Insistent) -> None:
            await asyncio.sleep(number * 0.4)
            await reports(stage, person, lambda: stage.has_sent(person))

        async with asyncio.TaskGroup() as group:
            for number, person in enumerate(people):
                group.create_task(one(number, person))
            for _ in range(_RESTARTS):
                await asyncio.sleep(2.0)
                await server.dies()
                await asyncio.sleep(1.0)
                await server.comes_back()
        await stage.settles()
        await _judge(stage, town, people)
        await stage.database.close()


async def _judge(stage: _Stage, town: Office, people: list[Insistent]) -> None:
    signals = await stage.rows("SELECT reference, reporter FROM signals")
    assert sorted(row.reporter for row in signals) == sorted(person.account.person for person in people)
    outbox = await stage.rows("SELECT kind, recipient, dead FROM outbox")
    assert not [row for row in outbox if row.dead]
    told = Counter(row.recipient for row in outbox if row.kind not in EDITS)
    for person in (*people, *(town.person(name) for name in ("Anna", "Bas"))):
        chat = person.account.conversation_id
        arrived = town.connector.calls_of("send", conversation=chat)
        # The process that sent them lives, and writes down what it sent once the database is back: none comes twice.
        assert len(arrived) == told[person.account.person], f"{person.name} misses a message, or got one twice"
    async with stage.database.unit_of_work() as uow:
        assert await uow.audit.broken_at() is None
