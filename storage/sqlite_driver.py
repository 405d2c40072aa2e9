"""An aiosqlite connection that goes to its thread for the commit only, and that writes from the first statement.

SQLAlchemy's adapter goes to the thread four times for a statement (cursor, execute, fetch, close), and each trip costs
several times what the statement does: they take 0.01 ms, as the pages are in memory. So statements run where they are
called, and only the end of a transaction, which waits for the disk, goes to the thread. SQLAlchemy takes such a
connection through `async_creator`.

SQLite holds one writer at a time; a transaction that begins by reading and writes later can fail half-way with
"database is locked". So each transaction begins with BEGIN IMMEDIATE, just before its first statement; while another
process writes, it tries again, as SQLite itself would, but without holding up the loop or the thread.
"""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite

#: How long to wait for another process that writes.
_BUSY_SECONDS = 10
_RETRY_SECONDS = 0.01

#: WAL with synchronous FULL writes the log to the disk itself (fsync) at each commit: what was committed survives
#: kill -9 and a power cut. NORMAL survives only the first: it may lose the last commits when the power goes
#: (https://www.sqlite.org/pragma.html#pragma_synchronous). On macOS only fullfsync really reaches the disk.
_PRAGMAS = ("synchronous = FULL", "fullfsync = ON", "foreign_keys = ON", "trusted_schema = OFF")

_Parameters = Sequence[Any]
_PRIMARY_CODE = 0xFF


def connector(path: Path) -> Callable[[], sqlite3.Connection]:
    """A function that opens this database file, made if needed and then readable by its owner only."""
    return partial(_open, path)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite gives its log file the same mode
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    _use_write_ahead_log(connection)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA busy_timeout = 0")  # from here on only BEGIN may have to wait, and waits by itself
    return connection


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL. Of two that do so at once, SQLite refuses one without letting it wait."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _may_retry(error, deadline):
                raise
            time.sleep(_RETRY_SECONDS)  # this is the connection's own thread
        else:
            return


def _may_retry(error: sqlite3.OperationalError, deadline: float) -> bool:
    return error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY and time.monotonic() < deadline


class EagerConnection(aiosqlite.Connection):
    """What SQLAlchemy's aiosqlite adapter asks of a connection."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect, iter_chunk_size=64)
        self._thread.daemon = True  # as SQLAlchemy does: a connection left open must not keep the process alive

    def cursor(self) -> "EagerCursor":  # type: ignore[override]  # the adapter only enters it
        """A cursor that has everything once it has executed."""
        return EagerCursor(self)

    def idle(self) -> sqlite3.Connection:
        """The database connection as it is. Raises ValueError if it was closed."""
        return self._conn

    async def writing(self) -> sqlite3.Connection:
        """The database connection, in a transaction that may write. Raises sqlite3.OperationalError if it is locked."""
        connection = self._conn
        deadline = time.monotonic() + _BUSY_SECONDS
        while not connection.in_transaction:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not _may_retry(error, deadline):
                    raise
                await asyncio.sleep(_RETRY_SECONDS)
        return connection

    async def commit(self) -> None:
        """Make the transaction last; no trip if there is none."""
        if self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """Undo the transaction; no trip if there is none."""
        if self.in_transaction:
            await super().rollback()


class EagerCursor:
    """The asynchronous cursor of PEP 249 that SQLAlchemy's adapter drives."""

    arraysize = 1

    def __init__(self, connection: EagerConnection) -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None

    @property
    def description(self) -> Any:
        """The columns of the rows, None if there are none."""
        return self._cursor and self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows the statement changed."""
        return -1 if self._cursor is None else self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The row that was inserted last."""
        return self._cursor and self._cursor.lastrowid

    async def __aenter__(self) -> "EagerCursor":
        return self

    async def execute(self, operation: str, parameters: _Parameters = ()) -> None:
        """Execute one statement; for a PRAGMA, such as SQLAlchemy's at its first connect, no transaction begins."""
        needs_none = operation.startswith("PRAGMA")
        connection = self._connection.idle() if needs_none else await self._connection.writing()
        self._cursor = connection.execute(operation, parameters)

    async def executemany(self, operation: str, parameters: Sequence[_Parameters]) -> None:
        """Execute a statement for each of these parameters."""
        self._cursor = (await self._connection.writing()).executemany(operation, parameters)

    async def fetchall(self) -> list[Any]:
        """All rows."""
        return [] if self._cursor is None else self._cursor.fetchall()

    async def close(self) -> None:
        """Let go of the statement."""
        if self._cursor is not None:
            self._cursor.close()
