"""The databases that the storage tests run on."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from dialogs.ports import UnitsOfWork
from storage.engine import Database, open_database
from storage.key_file import FileKeyRing
from storage.migrate import migrate
from storage.sqlite import SqliteEngine
from storage.transaction import Transaction
from tests import postgres
from tests.fakes.unit_of_work import Memory

KEYS = FileKeyRing("k1", {"k1": bytes(range(32))})


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[Database]:
    """An open database, which must have no connection checked out when the test is done with it."""
    database = open_database(url, KEYS)
    try:
        yield database
        assert not is_in_use(database)
    finally:
        await database.close()


def is_in_use(database: Database) -> bool:
    """Whether a unit of work still holds a connection."""
    if isinstance(database.engine, SqliteEngine):
        return database.engine.lock.locked()
    return cast("QueuePool", database.engine.sync_engine.pool).checkedout() > 0


@asynccontextmanager
async def raw(database: Database) -> AsyncGenerator[Transaction]:
    """A transaction below the stores."""
    transaction = database.engine.connect()
    await transaction.start()
    try:
        yield transaction
    finally:
        await transaction.close()


async def change(database: Database, *statements: str) -> None:
    """Execute these statements below the stores, and commit."""
    async with raw(database) as transaction:
        for statement in statements:
            await transaction.execute(text(statement))
        await transaction.commit()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the schema and nothing else, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture
def sqlite_file(tmp_path: Path, migrated_file: Path) -> Path:
    return Path(shutil.copy(migrated_file, tmp_path / "meldroute.db"))


@pytest.fixture
def sqlite_url(sqlite_file: Path) -> str:
    return f"sqlite:///{sqlite_file}"


@pytest.fixture
async def postgres_url() -> AsyncIterator[str]:
    async with postgres.server().database() as url:
        yield url


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    async with opened(sqlite_url) as database:
        yield database


@pytest.fixture
async def postgres_database(postgres_url: str) -> AsyncIterator[Database]:
    async with opened(postgres_url) as database:
        yield database


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def units(request: pytest.FixtureRequest) -> UnitsOfWork:
    """Units of work of each kind: what holds for one, holds for all."""
    if request.param == "memory":
        return Memory().unit_of_work
    database: Database = request.getfixturevalue(f"{request.param}_database")
    return database.unit_of_work


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """A migrated, open database of each kind."""
    return request.getfixturevalue(f"{request.param}_database")
