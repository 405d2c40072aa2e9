"""Bringing a database to the schema of this version, with Alembic; no alembic.ini is needed."""

from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import make_engine

#: The lock that lets one migration run at a time on PostgreSQL; a number of our own, any would do.
_LOCK = text("SELECT pg_advisory_xact_lock(7203614)")


async def migrate(url: str) -> None:
    """Bring the database at this URL (its owner's) to the newest schema, in one transaction.

    Running it again changes nothing; of two at once the second waits and then finds nothing to do. Raises
    DatabaseRefused.
    """
    engine = make_engine(url)
    try:
        await upgrade(engine)
    finally:
        await engine.dispose()


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    """Bring the database of this engine to a revision."""
    async with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(_LOCK)
        await connection.run_sync(_upgrade, revision)


async def current(url: str) -> str | None:
    """The revision of the database at this URL; None if it was never migrated. Raises DatabaseRefused."""
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_revision)
    finally:
        await engine.dispose()


def head() -> str:
    """The revision that this version of Meldroute works with."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise LookupError("the migrations are not installed")
    return revision


def _config(**attributes: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes)
    return config


def _upgrade(connection: Connection, revision: str) -> None:
    command.upgrade(_config(connection=connection), revision)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
