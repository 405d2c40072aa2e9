import asyncio
import re
import stat
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from dialogs.ports import Busy
from storage.engine import Database, DatabaseRefused, make_engine, open_database
from storage.sqlite import open_file
from tests import postgres
from tests.storage.conftest import KEYS, opened, raw
from tests.storage.factories import NOW, a_draft


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///m.db", "sqlite"),
        ("sqlite+aiosqlite:////data/m.db", "sqlite"),
        ("postgresql://bot:secret@host/meldroute", "postgresql+asyncpg"),
        ("postgres://bot:secret@host/meldroute", "postgresql+asyncpg"),
        ("postgresql+psycopg://bot:secret@host/meldroute", "postgresql+asyncpg"),
    ],
)
def test_any_spelling_of_a_url_gets_the_driver_that_is_here(url: str, driver: str) -> None:
    assert make_engine(url).sync_engine.url.drivername == driver


def test_sslmode_is_understood_as_libpq_writes_it() -> None:
    assert dict(make_engine("postgresql://host/meldroute?sslmode=require").sync_engine.url.query) == {"ssl": "require"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "meldroute.db",
        "mysql://bot:secret@host/x",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql:secret",
        "postgresql://bot:secret@host:port/x",
    ],
)
def test_a_url_that_cannot_work_is_refused_without_showing_the_password(url: str) -> None:
    with pytest.raises(DatabaseRefused, match=r"sqlite:///") as refused:
        open_database(url, KEYS)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (":70000/x", "poort 70000: kies"),
        ("/x?sslmode=require&connect_timeout=10", "heeft connect_timeout: haal dat weg. Wel kan: host,"),
    ],
)
def test_what_the_driver_would_break_on_is_told_with_the_remedy(end: str, said: str) -> None:
    with pytest.raises(DatabaseRefused, match=said) as refused:
        open_database(f"postgresql://bot:secret@host{end}", KEYS)

    assert "secret" not in str(refused.value)


async def test_an_sqlite_file_is_made_in_its_folder_and_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "meldroute.db"
    path.parent.mkdir()
    engine = make_engine(f"sqlite:///{path}")
    async with engine.connect() as connection:
        await connection.execute(text("CREATE TABLE a (b)"))
        await connection.commit()
        made = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    await engine.dispose()

    assert made == dict.fromkeys(("meldroute.db", "meldroute.db-wal", "meldroute.db-shm"), 384)


def test_processes_that_open_a_new_file_at_once_all_succeed(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        for number in range(150):  # a race, which shows in some rounds only
            path = tmp_path / f"{number}.db"
            start = Barrier(4)

            def open_one(path: Path = path, start: Barrier = start) -> None:
                start.wait()
                open_file(path).close()

            for opening in [pool.submit(open_one) for _ in range(4)]:
                opening.result()


async def test_sqlite_keeps_what_is_committed_and_what_belongs_together(sqlite_database: Database) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "fullfsync": 1}
    async with raw(sqlite_database) as connection:
        found = {name: (await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in expected}

    assert found == expected


@pytest.fixture
async def two_processes(sqlite_url: str) -> AsyncIterator[tuple[Database, Database]]:
    async with opened(sqlite_url) as one, opened(sqlite_url) as other:
        yield one, other


async def test_who_would_write_waits_for_another_process_that_writes(
    two_processes: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite._RETRY_SECONDS", 0)
    one, other = two_processes

    async def first_time() -> bool:
        async with other.unit_of_work() as uow:
            return await uow.journal.first_time("activity-1", NOW)

    async with raw(other):  # so that the next unit finds its connection open
        pass
    async with one.unit_of_work() as uow:
        await uow.journal.first_time("activity-1", NOW)
        second = asyncio.create_task(first_time())
        for _ in range(50):  # more than it needs when nothing holds it up
            await asyncio.sleep(0)
        assert not second.done()
        await uow.commit()

    assert await second is False


async def test_who_waits_too_long_for_another_process_gets_an_error_and_can_go_on_later(
    two_processes: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite._BUSY_SECONDS", 0)
    one, other = two_processes
    async with one.unit_of_work() as uow:
        await uow.journal.first_time("activity-1", NOW)
        async with other.unit_of_work() as second:
            with pytest.raises(Exception, match="database is locked"):
                await second.journal.first_time("activity-2", NOW)
        await uow.commit()

    async with other.unit_of_work() as uow:
        assert await uow.journal.first_time("activity-2", NOW)


async def test_a_unit_inside_another_one_gets_an_error_and_does_not_wait_for_ever(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite._QUEUE_SECONDS", 0.01)
    async with sqlite_database.unit_of_work() as uow:
        await uow.drafts.save(a_draft())
        with pytest.raises(Busy):
            await sqlite_database.unit_of_work().__aenter__()
        await uow.commit()

    async with sqlite_database.unit_of_work() as uow:
        assert await uow.drafts.of("reporter-1") is not None


async def test_a_closed_database_opens_again_when_it_is_used(database: Database) -> None:
    await database.close()
    async with database.unit_of_work() as uow:
        assert await uow.drafts.of("reporter-1") is None
    await database.close()


async def test_who_stops_waiting_leaves_the_connection_usable(two_processes: tuple[Database, Database]) -> None:
    one, other = two_processes

    async def save() -> None:
        async with other.unit_of_work() as uow:
            await uow.drafts.save(a_draft())
            await uow.commit()

    async with one.unit_of_work() as uow:
        await uow.journal.first_time("activity-1", NOW)
        waiting = asyncio.create_task(save())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    await save()


async def test_a_turn_that_is_cancelled_while_it_commits_leaves_the_connection_usable(database: Database) -> None:
    async def save(draft_id: str) -> None:
        async with database.unit_of_work() as uow:
            if await uow.drafts.of(f"reporter-{draft_id}") is None:
                await uow.drafts.save(a_draft(draft_id, reporter=f"reporter-{draft_id}"))
                await uow.commit()

    for steps in range(1, 12):
        turn = asyncio.create_task(save(f"cancelled-{steps}"))
        for _ in range(steps):
            await asyncio.sleep(0)
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)

        await save(f"cancelled-{steps}")
        await save(f"after-{steps}")

    async with raw(database) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM drafts"))).scalar() == 22


async def test_a_statement_that_hangs_ends_and_leaves_the_database_usable(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engine._STATEMENT_SECONDS", 0.5)
    async with opened(postgres_url) as database:
        with pytest.raises(TimeoutError):
            async with raw(database) as connection:
                await connection.execute(text("SELECT pg_sleep(60)"))

        async with database.unit_of_work() as uow:
            assert await uow.drafts.of("reporter-1") is None


async def test_a_plain_turn_takes_three_statements(database: Database) -> None:
    statements: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def remember(*arguments: object) -> None:
        [verb] = re.findall(r"^\s*(SELECT|INSERT|UPDATE)", str(arguments[2]), re.MULTILINE)[:1]
        statements.append(verb)

    async with database.unit_of_work() as uow:
        await uow.journal.first_time("activity-1", NOW)
        await uow.drafts.of("reporter-1")
        await uow.drafts.save(a_draft())
        await uow.commit()

    assert statements == ["INSERT", "SELECT", "INSERT"]


@pytest.mark.parametrize(("idle_seconds", "notices"), [(0, True), (3600, False)])
async def test_a_connection_that_was_lost_while_idle_is_replaced(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch, idle_seconds: int, notices: bool
) -> None:
    monkeypatch.setattr("storage.engine._IDLE_SECONDS", idle_seconds)
    async with postgres_database.unit_of_work() as uow:
        await uow.drafts.of("reporter-1")
    name = postgres_database.engine.sync_engine.url.database
    assert name is not None
    await postgres.server().execute(postgres.CUT_OFF, database=name)

    async def turn() -> None:
        async with postgres_database.unit_of_work() as uow:
            await uow.drafts.save(a_draft())
            await uow.commit()

    if not notices:
        with pytest.raises(DBAPIError):
            await turn()
    await turn()
