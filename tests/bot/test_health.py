"""Alive, ready, and how long something may wait; over HTTP, on both databases."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from sqlalchemy import text

from bot.health import Health, Limits
from dialogs.domain.assessment import Outcome
from dialogs.domain.lifecycle import SignalStatus
from storage.engine import Database, open_database
from storage.health import StoredHealth
from storage.migrate import fits, head, migrate
from tests import postgres
from tests.storage.conftest import KEYS
from tests.storage.factories import MINUTE, NOW, a_notice, a_signal

WELL = StoredHealth(head(), None, None, 0)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Stored:
    """A database that tells what a test wants, or nothing."""

    health: StoredHealth | Exception | None = WELL
    asked: int = 0

    async def look(self) -> StoredHealth:
        self.asked += 1
        if self.health is None:
            await asyncio.Event().wait()
        if isinstance(self.health, Exception):
            raise self.health
        assert self.health is not None
        return self.health


def a_health(stored: Stored, **limits: timedelta) -> Health:
    return Health(stored.look, fits, Clock(), Limits(**limits))


@asynccontextmanager
async def asked(health: Health) -> AsyncGenerator[Any]:
    """Ask a server at a path; the status and the JSON."""
    app = web.Application()
    health.add_routes(app)
    async with TestServer(app) as server, ClientSession() as session:

        async def ask(path: str) -> tuple[int, Any]:
            async with session.get(server.make_url(path)) as answer:
                return answer.status, await answer.json()

        yield ask


async def test_when_all_is_well_there_are_numbers_only() -> None:
    async with asked(a_health(Stored())) as ask:
        assert await ask("/healthz") == (200, {"status": "alive"})
        status, found = await ask("/readyz")

    assert status == 200
    assert found["ready"] == 1
    assert all(isinstance(each, int | float) for each in found.values())


@pytest.mark.parametrize(
    ("health", "reasons"),
    [
        (ConnectionRefusedError("postgresql://meldroute:secret@db"), ["database"]),
        (replace(WELL, read_only=True), ["database"]),
        (replace(WELL, revision=None), ["schema"]),
        (replace(WELL, revision="0001"), ["schema"]),
        (replace(WELL, revision="9999"), []),
        (replace(WELL, oldest_unsent=NOW - timedelta(minutes=16)), ["notices"]),
        (replace(WELL, oldest_unsent=NOW - timedelta(minutes=14)), []),
        (replace(WELL, oldest_acute=NOW - timedelta(minutes=31)), ["acute"]),
        (replace(WELL, oldest_acute=NOW - timedelta(minutes=29), dead_letters=3), []),
    ],
    ids=[
        "the database is away", "it takes no changes",
        "no schema", "an old schema", "a later schema", "an old notice", "a young notice",
        "an acute signal nobody took up", "a young one, and dead letters",
    ],
)  # fmt: skip
async def test_what_is_not_well_is_told(health: StoredHealth | Exception, reasons: list[str]) -> None:
    async with asked(a_health(Stored(health))) as ask:
        status, found = await ask("/readyz")
        takes_turns, _ = await ask("/readyz/traffic")

    assert (status, found.get("reasons", [])) == (503 if reasons else 200, reasons)
    assert "secret" not in str(found)
    assert takes_turns == 200, "112 and numbers are told all the same"


async def test_a_database_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.health._PATIENCE", 0)
    async with asked(a_health(Stored(None))) as ask:
        assert await ask("/readyz") == (503, {"ready": 0, "reasons": ["database"]})


async def test_a_limit_of_zero_is_no_limit() -> None:
    old = replace(WELL, oldest_unsent=NOW - timedelta(days=9), oldest_acute=NOW - timedelta(days=9))
    async with asked(a_health(Stored(old), notice=timedelta(0), acute=timedelta(0))) as ask:
        status, found = await ask("/readyz")

    assert status == 200
    assert found["oldest_unsent_notice_seconds"] == 9 * 24 * 3600


async def test_a_bot_that_stops_is_not_ready_and_alive() -> None:
    health = a_health(Stored())
    health.stopping = True
    async with asked(health) as ask:
        assert (await ask("/readyz"))[1]["reasons"] == ["stopping"]
        assert (await ask("/readyz/traffic"))[0] == 503
        assert (await ask("/healthz"))[0] == 200


async def test_asked_often_the_database_is_asked_once() -> None:
    stored = Stored()
    async with asked(a_health(stored)) as ask:
        await asyncio.gather(*(ask("/readyz") for _ in range(20)))

    assert stored.asked == 1


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/meldroute.db"
        await migrate(url)
        opened = open_database(url, KEYS)
        yield opened
        await opened.close()
        return
    async with postgres.server().database() as url:
        opened = open_database(url, KEYS)
        yield opened
        await opened.close()


async def test_the_database_tells_since_when_something_waits(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.outbox.put(a_notice("sent", "kim", created_at=NOW - 9 * MINUTE))
        await uow.outbox.claim(worker="w", now=NOW, lease_until=NOW, limit=1)
        await uow.outbox.delivered("sent", "w", NOW)
        await uow.outbox.put(a_notice("waits", "robin", created_at=NOW - 5 * MINUTE))
        await uow.signals.add(a_signal(1, received_at=NOW - 8 * MINUTE))
        await uow.signals.add(a_signal(2, outcome=Outcome.ACUTE, received_at=NOW - 3 * MINUTE))
        taken = a_signal(3, outcome=Outcome.ACUTE, received_at=NOW - 7 * MINUTE)
        await uow.signals.add(replace(taken, status=SignalStatus.TAKEN_UP, owner="anna"))
        await uow.commit()

    assert await database.health() == StoredHealth(head(), NOW - 5 * MINUTE, NOW - 3 * MINUTE, 0)


async def test_an_empty_database_waits_for_nothing(database: Database) -> None:
    assert await database.health() == WELL


async def test_a_postgresql_that_takes_no_changes_says_so() -> None:
    async with postgres.server().database() as url:
        database = open_database(url, KEYS, connections=1)
        async with database.unit_of_work() as uow:
            await uow._transaction.execute(text("SET default_transaction_read_only = on"))  # pyright: ignore[reportPrivateUsage] - as a server with a full disk does
            await uow.commit()
        found = await database.health()
        await database.close()

    assert found == replace(WELL, read_only=True)


async def test_a_signal_is_without_handler_when_everybody_who_handles_signals_is_kept_from_it(
    database: Database,
) -> None:
    handlers = ("anna", "bas", "vera", "bas")
    async with database.unit_of_work() as uow:
        await uow.signals.add(a_signal(1, excluded=frozenset({"anna", "bas", "vera"})))
        await uow.signals.add(a_signal(2, excluded=frozenset({"anna", "bas"})))
        await uow.signals.add(a_signal(3))
        closed: dict[str, Any] = {"status": SignalStatus.CLOSED, "owner": "vera"}
        await uow.signals.add(a_signal(4, excluded=frozenset({"anna", "bas", "vera"}), **closed))
        await uow.commit()

    assert (await database.health(handlers)).unhandled == 1
    assert (await database.health((*handlers, "kim"))).unhandled == 0
    assert (await database.health()).unhandled == 0


async def test_a_bot_with_a_signal_that_nobody_may_handle_is_not_well() -> None:
    report = await a_health(Stored(replace(WELL, unhandled=1))).report()

    assert report.reasons == ("handlers",)
    assert report.figures["signals_without_handler"] == 1
