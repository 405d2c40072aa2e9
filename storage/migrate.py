"""Bringing a database to the schema of this version, with Alembic; no alembic.ini is needed."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import DatabaseRefused, make_engine
from storage.sqlite import SqliteTransaction
from storage.unit_of_work import lock_was_not_got

#: What lets one migration run at a time. On PostgreSQL a lock with a number of our own, any would do; on SQLite the
#: first statement of a transaction takes the lock for writing.
_LOCKS = {"postgresql": text("SELECT pg_advisory_xact_lock(7203614)"), "sqlite": text("SELECT 1")}
#: A change that waits for a table makes all who come after it wait too, so it waits no longer than a bot does.
_SHORT_WAIT = text("SELECT set_config('lock_timeout', '5s', true)")


async def migrate(url: str) -> None:
    """Bring the database at this URL (its owner's) to the newest schema, in one transaction.

    Running it again changes nothing; of two at once the second waits and then finds nothing to do. Raises
    DatabaseRefused.
    """
    async with _transaction(url) as transaction:
        await transaction.execute(_LOCKS[transaction.dialect.name])
        if transaction.dialect.name == "postgresql":
            await transaction.execute(_SHORT_WAIT)
        await transaction.run_sync(_upgrade)
        await transaction.commit()


async def current(url: str) -> str | None:
    """The revision of the database at this URL; None if it was never migrated. Raises DatabaseRefused."""
    async with _transaction(url) as transaction:
        return await transaction.run_sync(_revision)


def fits(revision: str | None) -> bool:
    """Whether this version of Meldroute works with a schema of this revision: its own, or a later one.

    A revision that this version has never heard of is later: a migration leaves what the release before it needs
    (deployment/database.md, "A new version while the old one runs").
    """
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return revision is not None and (revision == head() or revision not in known)


def head() -> str:
    """The revision that this version of Meldroute works with."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise LookupError("the migrations are not installed")
    return revision


@asynccontextmanager
async def _transaction(url: str) -> AsyncGenerator[SqliteTransaction | AsyncConnection]:
    """A transaction on the database at this URL, whose errors say in a sentence what is wrong with it."""
    engine = make_engine(url)
    try:
        async with engine.connect() as transaction:
            yield transaction
    except DBAPIError as error:
        if lock_was_not_got(error):
            raise DatabaseRefused(
                "iemand houdt een tabel te lang vast; er is niets veranderd: probeer het opnieuw"
            ) from error
        raise DatabaseRefused(f"de database weigert: {error.orig}") from error
    except OSError as error:
        raise DatabaseRefused(f"de database is niet bereikbaar: {error}") from error
    finally:
        await engine.dispose()


def _config(**attributes: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes)
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection=connection), "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
