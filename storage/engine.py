"""Opening the database: an SQLite file or a PostgreSQL server, named by a URL."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, exists, make_url, or_, select
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from storage.codec import ContentCodec, KeyRing
from storage.health import StoredHealth, look_at
from storage.sqlite import SqliteEngine
from storage.tables import people, signals
from storage.transaction import Transactions
from storage.unit_of_work import SqlUnitOfWork

_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}

#: What may stand behind the "?" of a URL of PostgreSQL: what its driver takes as text.
_IN_QUERY = frozenset(
    {
        "host",
        "krbsrvname",
        "passfile",
        "port",
        "prepared_statement_cache_size",
        "service",
        "ssl",
        "sslmode",
        "target_session_attrs",
    }
)
_HIGHEST_PORT = 65535

#: A PostgreSQL connection that was idle for longer is asked whether it still lives, before it is used.
_IDLE_SECONDS = 30
#: A statement of the bot that takes longer hangs, on a server that is gone without a word: its turn must end.
_STATEMENT_SECONDS = 30.0


class DatabaseRefused(Exception):
    """The database at this URL cannot be used; the message says why, without the password."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `unit_of_work` is a `dialogs.ports.UnitsOfWork`."""

    engine: Transactions
    codec: ContentCodec

    def unit_of_work(self) -> SqlUnitOfWork:
        """A new unit of work, to be entered once."""
        return SqlUnitOfWork(self.engine, self.codec)

    async def holds_content(self) -> bool:
        """Whether anything is stored that only the right key can open: whoever wrote once has their name here."""
        return await _holds_content(self.engine)

    async def health(self, handlers: Collection[str] = ()) -> StoredHealth:
        """The revision of the schema, and since when something waits. Raises what the driver raises.

        `handlers` is everybody who may handle signals, to find those that nobody may.
        """
        return await look_at(self.engine, handlers)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


async def holds_content(url: str) -> bool:
    """The same of the database at this URL, for who has no key. Raises DatabaseRefused."""
    engine = make_engine(url)
    try:
        return await _holds_content(engine)
    finally:
        await engine.dispose()


async def _holds_content(engine: Transactions) -> bool:
    transaction = engine.connect()
    await transaction.start()
    try:
        found = await transaction.execute(select(or_(exists(select(people)), exists(select(signals)))))
        return bool(found.scalar_one())
    finally:
        await transaction.close()


def open_database(url: str, keys: KeyRing, *, connections: int = 10) -> Database:
    """The database at this URL; nothing is connected yet. Raises DatabaseRefused.

    `connections` is the most that are open to PostgreSQL; SQLite gets one, because it has one writer.
    """
    engine = make_engine(url, connections=connections, patience=_STATEMENT_SECONDS)
    return Database(engine, ContentCodec(keys))


def make_engine(url: str, *, connections: int = 10, patience: float | None = None) -> SqliteEngine | AsyncEngine:
    """An engine for "sqlite:///file" or "postgresql://...". Raises DatabaseRefused.

    `patience`: seconds after which a statement to PostgreSQL raises TimeoutError; None: it may take for ever.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    return _postgresql(parsed, connections, patience)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseRefused(
            "de URL van de database is geen URL: gebruik sqlite:///bestand of postgresql://..."
        ) from None
    driver = _DRIVERS.get(parsed.drivername.partition("+")[0])
    if driver is None:
        raise DatabaseRefused(f"{parsed.drivername} kan niet: gebruik sqlite:///bestand of postgresql://...")
    return parsed.set(drivername=driver)


def _sqlite(url: URL) -> SqliteEngine:
    if not url.database or url.database == ":memory:":
        raise DatabaseRefused(
            "SQLite heeft een bestand nodig, zoals sqlite:///meldroute.db: het geheugen is na afloop leeg"
        )
    return SqliteEngine(Path(url.database))


def _postgresql(url: URL, connections: int, patience: float | None) -> AsyncEngine:
    if url.port is not None and not 1 <= url.port <= _HIGHEST_PORT:
        highest = f"kies een getal tot en met {_HIGHEST_PORT}"
        raise DatabaseRefused(f"de URL van de database heeft poort {url.port}: {highest}")
    query = dict(url.query)
    if unknown := sorted(query.keys() - _IN_QUERY):
        raise DatabaseRefused(
            f"de URL van de database heeft {', '.join(unknown)}: haal dat weg. Wel kan: {', '.join(sorted(_IN_QUERY))}"
        )
    if mode := query.pop("sslmode", None):
        query["ssl"] = mode  # what libpq calls sslmode, asyncpg calls ssl
    settings = {"application_name": "meldroute", "jit": "off"}  # short statements: compiling them costs more
    engine = create_async_engine(
        url.set(query=query),
        pool_size=connections,
        max_overflow=0,
        pool_use_lifo=True,
        connect_args={"server_settings": settings, "command_timeout": patience},
    )
    _check_idle_connections(engine)
    return engine


def _check_idle_connections(engine: AsyncEngine) -> None:
    """Ask a connection that was long idle whether it lives, and replace it if not.

    `pool_pre_ping` would ask before each unit of work, which is a round trip for each turn; proxies and load balancers
    drop only connections that were silent for minutes.
    """
    pool = engine.sync_engine.pool
    event.listen(pool, "checkin", _remember_checkin)
    event.listen(pool, "checkout", partial(_ping_if_idle, engine))


def _remember_checkin(connection: Any, entry: ConnectionPoolEntry) -> None:
    entry.info["idle_since"] = time.monotonic()


def _ping_if_idle(engine: AsyncEngine, connection: Any, entry: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
    since = entry.info.get("idle_since")
    if since is None or time.monotonic() - since < _IDLE_SECONDS:
        return
    dialect = engine.sync_engine.dialect
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError("the connection was lost while idle") from error
