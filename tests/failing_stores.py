"""All together or not at all: an act fails at each of its calls to the stores, and everything is as it was before."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

from sqlalchemy import Column, Table, select

from dialogs.ports import UnitOfWork, UnitsOfWork
from storage.engine import Database
from storage.tables import metadata, signals
from tests.fakes.unit_of_work import Memory
from tests.watched_units import watched

#: What is done in one unit of work; the commit is not its own.
Act = Callable[[UnitOfWork], Awaitable[object]]
#: All that is stored, by table.
Stored = Mapping[str, object]
_COMMIT = "commit"
#: What is called otherwise in memory than in the database.
_TABLES = {
    "events": "signal_events",
    "references": "reference_numbers",
    "places": "signal_places",
    "audit": "audit_log",
}


class Fault(Exception):
    """The database went away, the disk is full, the process was told to stop."""


class Stock(Protocol):
    """Units of work, and a look at all that they stored."""

    @property
    def units(self) -> UnitsOfWork:
        """The units of work."""
        ...

    async def stored(self) -> Stored:
        """All that is committed, in a form that can be compared."""
        ...


@dataclass(frozen=True, slots=True)
class Done:
    """An act that failed everywhere and was done at last."""

    #: The calls at which it failed, in order: "signals.save".
    failed: tuple[str, ...]
    #: The tables that it changed when it was done.
    changed: frozenset[str]


async def fails_everywhere(stock: Stock, act: Act) -> Done:
    """Do the act with a fault at its first call, then at its second, and so on until it is done without one.

    After each fault everything must be as it was. The fault comes when the call was done, of the commit before it.
    """
    before, failed = await stock.stored(), list[str]()
    while name := await _failed_at(stock.units, act, len(failed)):
        failed.append(name)
        left = _changed(before, await stock.stored())
        assert not left, f"a fault at {name} left {sorted(left)} behind"
    return Done(tuple(failed), _changed(before, await stock.stored()))


async def _failed_at(units: UnitsOfWork, act: Act, at: int) -> str:
    """Do it once with a fault at this call, the first being 0: its name; empty if it was done in fewer calls."""
    calls = 0

    async def count(name: str) -> None:
        nonlocal calls
        calls += 1
        if calls > at:
            raise Fault(name)

    async def before(name: str) -> None:
        if name == _COMMIT:
            await count(name)

    async def after(name: str) -> None:
        if name != _COMMIT:
            await count(name)

    try:
        async with watched(units, before=before, after=after)() as uow:
            await act(uow)
            await uow.commit()
    except Fault as fault:
        return str(fault)
    return ""


def _changed(before: Stored, after: Stored) -> frozenset[str]:
    return frozenset(name for name in before if before[name] != after[name])


@dataclass(frozen=True, slots=True)
class MemoryStock:
    """The stores in memory."""

    memory: Memory

    @property
    def units(self) -> UnitsOfWork:
        """The units of work."""
        return self.memory.unit_of_work

    async def stored(self) -> Stored:
        """All that is committed, by the names of the tables."""
        state = self.memory.committed.copied()
        tables = {_TABLES.get(each.name, each.name): getattr(state, each.name) for each in fields(state)}
        return {**tables, "drafts": (state.drafts, state.reminders), "reminders": None}


@dataclass(frozen=True, slots=True)
class DatabaseStock:
    """A database."""

    database: Database

    @property
    def units(self) -> UnitsOfWork:
        """The units of work."""
        return self.database.unit_of_work

    async def stored(self) -> Stored:
        """All rows of all tables; a signal without the count of its events, which changes with each of them."""
        transaction = self.database.engine.connect()
        await transaction.start()
        try:
            return {
                table.name: sorted(repr(row) for row in await transaction.execute(select(*_columns(table))))
                for table in metadata.sorted_tables
            }
        finally:
            await transaction.close()


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column is not signals.c.events]
