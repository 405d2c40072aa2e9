from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dialogs.ports import UnitsOfWork
from storage.engine import Database
from tests.storage.conftest import change, raw
from tests.storage.factories import MINUTE, NOW, an_audit_entry


async def log(units: UnitsOfWork, lines: int) -> None:
    """So many lines, two in each unit."""
    for number in range(0, lines, 2):
        async with units() as uow:
            await uow.audit.append(an_audit_entry(reason=f"reason {number}", at=NOW + number * MINUTE))
            await uow.audit.append(an_audit_entry("signal_closed"))
            await uow.commit()


async def broken_at(units: UnitsOfWork) -> int | None:
    async with units() as uow:
        return await uow.audit.broken_at()


async def test_an_untouched_log_holds(units: UnitsOfWork) -> None:
    assert await broken_at(units) is None

    await log(units, 6)

    assert await broken_at(units) is None


async def test_a_unit_that_is_left_logs_nothing(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.audit.append(an_audit_entry())

    async with raw(database) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM audit_log"))).scalar() == 0


async def test_the_log_is_stored_as_it_was_said(database: Database) -> None:
    await log(database.unit_of_work, 2)

    async with raw(database) as connection:
        rows = await connection.execute(text("SELECT number, actor, action, subject, reason FROM audit_log"))
        assert [tuple(row) for row in rows] == [
            (1, "officer-1", "signal_opened", "signal-1", "reason 0"),
            (2, "officer-1", "signal_closed", "signal-1", ""),
        ]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_log SET reason = ''", "DELETE FROM audit_log", "DELETE FROM audit_log WHERE number = 2"],
)
async def test_the_database_refuses_to_change_the_log(database: Database, statement: str) -> None:
    await log(database.unit_of_work, 4)

    async with raw(database) as connection:
        with pytest.raises(DBAPIError, match="append-only"):
            await connection.execute(text(statement))


Tamper = Callable[[str], Awaitable[None]]


@pytest.fixture
def tamper(database: Database) -> Tamper:
    """Execute a statement as somebody who can switch the triggers off."""

    async def execute(statement: str) -> None:
        if database.engine.sync_engine.dialect.name == "postgresql":
            await change(database, "SET LOCAL session_replication_role = replica", statement)
        else:
            triggers = ("DROP TRIGGER audit_log_no_update", "DROP TRIGGER audit_log_no_delete")
            await change(database, *triggers, statement)

    return execute


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_log SET reason = 'another' WHERE number = 3", 3),
        ("UPDATE audit_log SET actor = 'officer-2' WHERE number = 1", 1),
        ("UPDATE audit_log SET actor = subject, subject = actor WHERE number = 6", 6),
        ("UPDATE audit_log SET at = '2026-11-23 09:31:00.000000' WHERE number = 1", 1),
        ("UPDATE audit_log SET hash = (SELECT hash FROM audit_log WHERE number = 2) WHERE number = 4", 4),
        ("DELETE FROM audit_log WHERE number = 3", 4),
        ("DELETE FROM audit_log WHERE number = 1", 2),
        ("UPDATE audit_log SET number = 9 WHERE number = 6", 9),
        ("INSERT INTO audit_log SELECT 7, at, actor, action, subject, reason, hash FROM audit_log WHERE number = 6", 7),
    ],
)
async def test_whoever_changes_the_log_is_found_out(
    database: Database, tamper: Tamper, statement: str, broken: int
) -> None:
    await log(database.unit_of_work, 6)

    await tamper(statement)

    assert await broken_at(database.unit_of_work) == broken


async def test_the_chain_goes_on_from_the_last_line(database: Database, tamper: Tamper) -> None:
    await log(database.unit_of_work, 2)
    await tamper("UPDATE audit_log SET reason = 'another' WHERE number = 2")
    await log(database.unit_of_work, 4)

    assert await broken_at(database.unit_of_work) == 2


async def test_a_long_log_is_checked_to_its_end(database: Database, tamper: Tamper) -> None:
    async with database.unit_of_work() as uow:
        for _ in range(1050):
            await uow.audit.append(an_audit_entry())
        await uow.commit()
    assert await broken_at(database.unit_of_work) is None

    await tamper("UPDATE audit_log SET reason = 'another' WHERE number = 1050")

    assert await broken_at(database.unit_of_work) == 1050
