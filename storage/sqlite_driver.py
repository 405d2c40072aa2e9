"""An aiosqlite connection that does each statement in one trip to its thread, and writes from the first one.

SQLAlchemy's adapter makes four trips for a statement (cursor, execute, fetch, close), and each costs more than the
statement itself. It takes a connection of our own through `async_creator`, so that is where the trips are joined.
SQLite holds one writer at a time; a transaction that begins by reading and writes later can fail half-way with
"database is locked". So each transaction begins with BEGIN IMMEDIATE, in the same trip as its first statement.
"""

import os
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite

#: How long a statement waits for another process that writes, in milliseconds.
_BUSY_MILLISECONDS = 10_000

#: WAL with synchronous FULL writes the log to the disk itself (fsync) at each commit: what was committed survives
#: kill -9 and a power cut. NORMAL survives only the first: it may lose the last commits when the power goes
#: (https://www.sqlite.org/pragma.html#pragma_synchronous). On macOS only fullfsync really reaches the disk.
_PRAGMAS = (
    f"busy_timeout = {_BUSY_MILLISECONDS}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "fullfsync = ON",
    "foreign_keys = ON",
    "trusted_schema = OFF",
)

_Parameters = Sequence[Any]
_Rows = list[tuple[Any, ...]]


def connector(path: Path) -> Callable[[], sqlite3.Connection]:
    """A function that opens this database file, made if needed and then readable by its owner only."""
    return partial(_open, path)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite gives its log file the same mode
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


class OneTripConnection(aiosqlite.Connection):
    """What SQLAlchemy's aiosqlite adapter asks of a connection, with one trip a statement."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect, iter_chunk_size=64)
        self._thread.daemon = True  # as SQLAlchemy does: a connection left open must not keep the process alive

    def cursor(self) -> "OneTripCursor":  # type: ignore[override]  # the adapter only enters it
        """A cursor that has everything once it has executed."""
        return OneTripCursor(self)

    async def run(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Do this with the database connection, on its thread."""
        return await self._execute(work, self._conn)  # pyright: ignore[reportUnknownMemberType]  # has no types

    async def commit(self) -> None:
        """Make the transaction last; no trip if there is none."""
        if self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """Undo the transaction; no trip if there is none."""
        if self.in_transaction:
            await super().rollback()


class OneTripCursor:
    """The asynchronous cursor of PEP 249 that SQLAlchemy's adapter drives."""

    arraysize = 1

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._rows: _Rows = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "OneTripCursor":
        return self

    async def execute(self, operation: str, parameters: _Parameters = ()) -> None:
        """Execute and fetch, in one trip."""
        await self._run(partial(_execute, operation, parameters))

    async def executemany(self, operation: str, parameters: Sequence[_Parameters]) -> None:
        """Execute for each of these parameters, in one trip."""
        await self._run(partial(_execute_many, operation, parameters))

    async def fetchall(self) -> _Rows:
        """The rows that came with the execution."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open: the rows came along."""

    async def _run(self, work: Callable[[sqlite3.Connection], tuple[sqlite3.Cursor, _Rows]]) -> None:
        cursor, self._rows = await self._connection.run(work)
        self.description = cursor.description
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid


def _execute(operation: str, parameters: _Parameters, connection: sqlite3.Connection) -> tuple[sqlite3.Cursor, _Rows]:
    _begin(connection)
    cursor = connection.execute(operation, parameters)
    return cursor, cursor.fetchall()


def _execute_many(
    operation: str, parameters: Sequence[_Parameters], connection: sqlite3.Connection
) -> tuple[sqlite3.Cursor, _Rows]:
    _begin(connection)
    return connection.executemany(operation, parameters), []


def _begin(connection: sqlite3.Connection) -> None:
    if not connection.in_transaction:
        connection.execute("BEGIN IMMEDIATE")
