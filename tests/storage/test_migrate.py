import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, make_url, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from storage.engine import Database, DatabaseRefused, make_engine
from storage.migrate import _config, current, head, migrate  # pyright: ignore[reportPrivateUsage] - to stop half-way
from storage.tables import drafts, metadata, people
from tests import postgres
from tests.storage.conftest import opened, raw
from tests.storage.factories import NOW
from tests.storage.test_unit_of_work import submit, what_is_there

DATABASE_PAGE = Path(__file__).parents[2] / "deployment" / "database.md"


@pytest.fixture
async def new_postgres_url() -> AsyncIterator[str]:
    async with postgres.server().new_database() as url:
        yield url


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/new.db"


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def new_url(kind: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database in which nothing was ever made."""
    return request.getfixturevalue(f"new_{kind}_url")


@pytest.fixture
def migrated_url(kind: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database of the same kind, migrated."""
    return request.getfixturevalue(f"{kind}_url")


async def test_a_new_database_gets_the_newest_schema_and_a_second_run_changes_nothing(new_url: str) -> None:
    assert await current(new_url) is None

    await migrate(new_url)
    schema = await schema_of(new_url)
    await migrate(new_url)

    assert await current(new_url) == head()
    assert await schema_of(new_url) == schema


async def test_two_replicas_that_migrate_at_once_both_succeed(new_url: str) -> None:
    await asyncio.gather(*(migrate(new_url) for _ in range(4)))

    assert await current(new_url) == head()


async def test_a_migration_that_fails_leaves_nothing_behind(new_url: str) -> None:
    engine = make_engine(new_url)
    async with engine.connect() as connection:
        await connection.execute(text("CREATE TABLE audit_log (in_the_way integer)"))
        await connection.commit()
    before = await schema_of(new_url)

    with pytest.raises(DatabaseRefused, match="audit_log"):
        await migrate(new_url)

    assert await schema_of(new_url) == before
    async with engine.connect() as connection:
        await connection.execute(text("DROP TABLE audit_log"))
        await connection.commit()
    await engine.dispose()
    await migrate(new_url)
    assert await current(new_url) == head()


async def test_a_migration_does_not_hold_up_the_turns_behind_a_table_that_it_cannot_get(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("storage.migrate._SHORT_WAIT", text("SELECT set_config('lock_timeout', '10ms', true)"))
    async with postgres.server().new_database() as url:
        engine = make_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(lambda sync: command.upgrade(_config(connection=sync), "0003"))
            await connection.commit()
        async with engine.connect() as reader:
            await reader.execute(text("SELECT * FROM outbox"))
            with pytest.raises(DatabaseRefused, match="er is niets veranderd: probeer het opnieuw"):
                await migrate(url)
        await engine.dispose()

        assert await current(url) == "0003"
        await migrate(url)
        assert await current(url) == head()


async def test_what_was_stored_before_a_migration_is_there_after_it(new_url: str) -> None:
    engine = make_engine(new_url)
    async with engine.connect() as connection:
        await connection.run_sync(lambda sync: command.upgrade(_config(connection=sync), "0002"))
        for statement in _ROWS_OF_0002:
            await connection.execute(text(statement))
        await connection.commit()
    await engine.dispose()

    await migrate(new_url)

    async with opened(new_url) as database, raw(database) as connection:
        for table in ("drafts", "people", "signals", "signal_events", "outbox"):
            rows = await connection.execute(select(func.count()).select_from(metadata.tables[table]))
            assert rows.scalar() == 1, table
        due = (await connection.execute(select(drafts.c.due_at, drafts.c.reminded))).one()
        nudged_at = (await connection.execute(select(people.c.nudged_at))).scalar()
    assert (due.due_at, due.reminded, nudged_at) == (NOW, 0, NOW)


_ROWS_OF_0002 = (
    "INSERT INTO drafts VALUES ('d', 'r', '2026-11-23 09:30:00.000000', '2026-11-23 09:30:00.000000', 1, false, '')",
    "INSERT INTO people VALUES ('p', '', '', '', '', '', '', '2026-11-23 09:30:00.000000', true)",
    """
    INSERT INTO signals VALUES ('s', 'S-2026-0001', 'r', '2026-11-23 09:30:00.000000', NULL, 1, 'received', NULL,
        'vague', '', -2, 1, '', '', '', '')
    """,
    "INSERT INTO signal_events VALUES ('s', 1, '2026-11-23 09:30:00.000000', 'r', 'received', 'received', '')",
    """
    INSERT INTO outbox (id, kind, recipient, signal_id, created_at, detail, due_at, attempts, ambiguous, dead) VALUES
        ('n', 'receipt', 'r', 's', '2026-11-23 09:30:00.000000', '{}', '2026-11-23 09:30:00.000000', 0, false, false)
    """,
)


async def test_a_database_that_is_not_there_is_refused_in_a_sentence_without_the_password(tmp_path: Path) -> None:
    server = make_url(postgres.server().url("postgres"))
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "no.db").write_text("this is no database, but it is as long as the header of one would have been " * 20)
    urls = [
        f"sqlite:///{tmp_path}/folder.db",
        f"sqlite:///{tmp_path}/file/new.db",
        f"sqlite:///{tmp_path}/no.db",
        server.set(database="nowhere", password="secret").render_as_string(hide_password=False),
        server.set(username="nobody", password="secret").render_as_string(hide_password=False),
        "postgresql://bot:secret@127.0.0.1:1/meldroute",
    ]
    for url in urls:
        for act in (migrate, current):
            with pytest.raises(DatabaseRefused) as refused:
                await act(url)

            assert "secret" not in str(refused.value)
            assert "\n" not in str(refused.value)


async def test_alembic_finds_no_difference_between_the_migrations_and_the_tables(migrated_url: str) -> None:
    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)

    engine = make_engine(migrated_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_the_migrations_make_the_tables_word_for_word(new_url: str, migrated_url: str) -> None:
    engine = make_engine(new_url)
    async with engine.connect() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.commit()
    await engine.dispose()

    expected = await schema_of(new_url)

    assert len(expected) > len(metadata.tables)
    assert await schema_of(migrated_url) == expected


async def schema_of(url: str) -> set[str]:
    """Every table, column, constraint and index as the database describes it, without triggers and Alembic's own."""
    engine = make_engine(url)
    async with engine.connect() as connection:
        queries = _POSTGRES_SCHEMA if connection.dialect.name == "postgresql" else _SQLITE_SCHEMA
        rows = [row for query in queries for row in await connection.execute(text(query))]
    await engine.dispose()
    described = {" ".join(str(each) for each in row) for row in rows}
    return {_in_one_order(each) for each in described if "alembic_version" not in each}


def _in_one_order(table: str) -> str:
    """A CREATE TABLE with its columns and constraints sorted: their order says nothing, nor do line ends.

    SQLite writes a column that was added later behind the constraints.
    """
    depth, parts = 0, [""]
    for letter in " ".join(table.split()):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 1:
            parts.append("")
        else:
            parts[-1] += letter
    name, _, first = parts[0].partition("(")
    last, _, tail = parts[-1].rpartition(")")
    inside = [first, *parts[1:-1], last] if len(parts) > 1 else [first]
    return "\n".join([name.strip(), *sorted(part.strip() for part in inside), tail])


_SQLITE_SCHEMA = ["SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"]
_POSTGRES_SCHEMA = [
    """
    SELECT conrelid::regclass, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    """
    SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = 'public'
    """,
]


def _documented_statements() -> tuple[list[str], list[str]]:
    """The SQL of deployment/database.md: what is done once, and what after each migration."""
    blocks = re.findall(r"```sql\n(.*?)```", DATABASE_PAGE.read_text(), re.DOTALL)
    once, after = ([each.strip() for each in block.split(";") if each.strip()] for block in blocks)
    return once, after


@pytest.fixture
async def as_documented() -> AsyncIterator[str]:
    """The application role's URL of a database that was set up as deployment/database.md says."""
    once, after = _documented_statements()
    server = postgres.server()
    await server.execute(*once)
    owner = make_url(server.url("meldroute")).set(username="meldroute_owner")
    await migrate(owner.render_as_string(hide_password=False))
    await server.execute("SET ROLE meldroute_owner", *after, database="meldroute")
    yield owner.set(username="meldroute_app").render_as_string(hide_password=False)
    await server.execute("DROP DATABASE meldroute WITH (FORCE)", "DROP ROLE meldroute_app", "DROP ROLE meldroute_owner")


async def test_the_documented_roles_let_the_bot_work_and_nothing_more(as_documented: str) -> None:
    async with opened(as_documented) as database:
        await submit(database.unit_of_work, and_commit=True)
        async with database.unit_of_work() as uow:
            reference = await uow.signals.next_reference(2026)
            signal = await uow.signals.get("signal-1")
            assert signal is not None
            await uow.signals.save(signal)
            await uow.commit()

        assert reference == "S-2026-0001"
        assert await what_is_there(database.unit_of_work) == [True] * 6
        assert await current(as_documented) == head()
        for forbidden in (
            "UPDATE audit_log SET reason = ''",
            "TRUNCATE audit_log",
            "UPDATE signal_events SET actor = ''",
            "DELETE FROM signal_events",
            "DELETE FROM reference_numbers",
            "ALTER TABLE audit_log DISABLE TRIGGER ALL",
            "SET session_replication_role = replica",
            "CREATE TABLE mine (a integer)",
            "UPDATE alembic_version SET version_num = ''",
        ):
            async with raw(database) as connection:
                with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                    await connection.execute(text(forbidden))


async def test_the_bot_may_read_every_table(as_documented: str) -> None:
    async with opened(as_documented) as database, raw(database) as connection:
        for table in metadata.sorted_tables:
            await connection.execute(select(table).limit(1))


async def test_deleting_a_signal_as_the_bot_takes_its_history_along(as_documented: str) -> None:
    async with opened(as_documented) as database:
        await submit(database.unit_of_work, and_commit=True)

        async with raw(database) as connection:
            await connection.execute(text("DELETE FROM signals"))
            assert (await connection.execute(text("SELECT count(*) FROM signal_events"))).scalar() == 0


async def test_even_the_owner_cannot_empty_the_log_by_mistake(postgres_database: Database) -> None:
    async with raw(postgres_database) as connection:
        with pytest.raises(DBAPIError, match="append-only"):
            await connection.execute(text("TRUNCATE audit_log"))
