"""SQLite behind the interface of SQLAlchemy's asynchronous engine, with a trip to a thread for the commit only.

aiosqlite goes to its thread four times for a statement (cursor, execute, fetch, close), and a trip costs more than the
statement: 0.05 to 0.3 ms against 0.01, as the pages are in memory. So statements run where they are called, on
SQLAlchemy's synchronous connection; what waits for the disk (opening, the commit) runs in the thread. A turn costs a
third of what it costs with aiosqlite (tests/benchmarks/storage_unit.py).

SQLite holds one writer at a time, and a transaction that begins by reading and writes later can fail half-way with
"database is locked". So there is one connection, for one transaction after another, and each begins with BEGIN
IMMEDIATE, just before its first statement. While another process writes, it tries again without holding up the loop.
"""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, CursorResult, Dialect, Executable, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from storage.transaction import Parameters

T = TypeVar("T")

#: How long to wait for another process that writes, and for the transactions of this one.
_BUSY_SECONDS = 10
_QUEUE_SECONDS = 30
_RETRY_SECONDS = 0.01

#: WAL with synchronous FULL writes the log to the disk itself (fsync) at each commit: what was committed survives
#: kill -9 and a power cut. NORMAL survives only the first: it may lose the last commits when the power goes
#: (https://www.sqlite.org/pragma.html#pragma_synchronous). On macOS only fullfsync really reaches the disk.
#: From here on only BEGIN may have to wait for another process, and that waits by itself: no busy_timeout.
_PRAGMAS = ("synchronous = FULL", "fullfsync = ON", "foreign_keys = ON", "trusted_schema = OFF", "busy_timeout = 0")

_PRIMARY_CODE = 0xFF


class SqliteEngine:
    """A database file, made if needed and then readable by its owner only."""

    def __init__(self, path: Path) -> None:
        url = URL.create("sqlite", database=str(path))
        self.sync_engine = create_engine(url, creator=partial(open_file, path), poolclass=StaticPool)
        #: Held by the transaction that runs.
        self.lock = asyncio.Lock()
        self._thread = _new_thread()
        self._connection: Connection | None = None

    def connect(self) -> "SqliteTransaction":
        """A transaction, to be started."""
        return SqliteTransaction(self)

    async def acquire(self) -> Connection:
        """The connection, once no other transaction runs. Raises TimeoutError after half a minute."""
        async with asyncio.timeout(_QUEUE_SECONDS):
            await self.lock.acquire()
        try:
            if self._connection is None:
                self._connection = await self.in_thread(self.sync_engine.connect)
        except BaseException:
            self.lock.release()
            raise
        return self._connection

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do this in the thread. A cancelled caller waits for it too: a connection has one user at a time."""
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            while not future.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({future})
            raise

    async def dispose(self) -> None:
        """Close the file and end the thread; both come back when they are needed again."""
        await self.in_thread(self._close)
        self._thread.shutdown()
        self._thread = _new_thread()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.sync_engine.dispose()


class SqliteTransaction:
    """A `storage.transaction.Transaction` on an SQLite file."""

    __slots__ = ("_connection", "_driver", "_engine")

    _connection: Connection
    _driver: sqlite3.Connection

    def __init__(self, engine: SqliteEngine) -> None:
        self._engine = engine

    @property
    def dialect(self) -> Dialect:
        """SQLite's."""
        return self._engine.sync_engine.dialect

    async def start(self) -> Self:
        """Wait until no other transaction runs. Raises TimeoutError after half a minute."""
        self._connection = await self._engine.acquire()
        self._driver = _driver_of(self._connection)
        return self

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> CursorResult[Any]:
        """Execute a statement. Raises OperationalError if another process writes for too long."""
        if not self._driver.in_transaction:
            await self._begin()
        return self._connection.execute(statement, parameters)

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """Do this with SQLAlchemy's connection, in the thread."""
        return await self._engine.in_thread(partial(work, self._connection))

    async def commit(self) -> None:
        """Make the changes last."""
        if self._driver.in_transaction:
            await self._engine.in_thread(self._connection.commit)

    async def close(self) -> None:
        """Undo what was not committed, which touches no disk, and let the next transaction in."""
        try:
            self._connection.rollback()
        finally:
            self._engine.lock.release()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _begin(self) -> None:
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not _may_retry(error, deadline):
                    raise OperationalError("BEGIN IMMEDIATE", None, error) from error
            else:
                return
            await asyncio.sleep(_RETRY_SECONDS)


def _new_thread() -> ThreadPoolExecutor:
    """One thread, which starts with its first work."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")


def _driver_of(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(driver)
    return driver


def open_file(path: Path) -> sqlite3.Connection:
    """Open this database file, made and switched to WAL if needed. Raises OSError, sqlite3.Error.

    Its folder is not made: a typing error is no new database.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(f"de map {path.parent} is er niet")
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite gives its log file the same mode
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _use_write_ahead_log(connection)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL. Of two processes that do so at once, SQLite refuses one without letting it wait."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _may_retry(error, deadline):
                raise
        else:
            return
        time.sleep(_RETRY_SECONDS)


def is_busy(error: BaseException | None) -> bool:
    """Whether another process writes to the file."""
    if not isinstance(error, sqlite3.OperationalError):
        return False
    return error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY


def _may_retry(error: sqlite3.OperationalError, deadline: float) -> bool:
    return is_busy(error) and time.monotonic() < deadline
