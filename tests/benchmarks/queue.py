"""The queue's pages, its filters and a case card among very many stored signals: statements, plans, times.

    python -m tests.benchmarks.queue [--signals 100000] [--rounds 15] [--postgres]

One signal in twenty is open. Prints JSON a database: of each press the statements of its unit of work, the tables that
a plan reads from end to end (signals or their events: none may be), and the median milliseconds of a press.
"""

import argparse
import asyncio
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, event, insert, select, text

from dialogs.conversation import Person
from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import case_file
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.lifecycle import OPEN, UNCLAIMED, SignalStatus
from dialogs.domain.queue import QueueFilter, QueueQuery
from dialogs.domain.terms import planned
from dialogs.turn import Pressed
from storage.engine import Database, open_database
from storage.key_file import open_key_file
from storage.migrate import migrate
from storage.tables import signal_events, signals
from storage.transaction import Transaction
from tests import postgres
from tests.knowledge import ANNA, BAS, MONDAY, OFFICER_ANNA, ROBIN, knowledge
from tests.storage.factories import a_signal
from tests.transcript import Talk

_BATCH = 2000
#: One in so many is open: of those that are written one by one half, whose other half the database then copies.
_OPEN_EACH = 20
_COPIES = _OPEN_EACH - 2
_EVENTS = 4
_STATUSES = sorted(OPEN)
_OUTCOMES = tuple(Outcome)
_DEEP = "page at depth"
_FIRST = "page all"
_ANALYZE = text("ANALYZE")


@dataclass
class Recorder:
    """The statements that a database gets, with their values, while it is switched on."""

    on: bool = False
    statements: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])

    def __call__(self, _connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        """One statement is about to run."""
        if self.on:
            self.statements.append((statement, values))


async def fill(database: Database, count: int) -> None:
    """So many signals: one as it really is, of which the others are copies with other plain columns."""
    async with database.unit_of_work() as uow:
        await uow.signals.add(a_signal(0, reporter=ROBIN.actor.id, received_at=MONDAY - timedelta(days=400)))
        await uow.signals.append(_event("signal-0", 1))
        await uow.commit()
    transaction = database.engine.connect()
    await transaction.start()
    try:
        made = dict((await transaction.execute(select(signals))).mappings().one())
        told = dict((await transaction.execute(select(signal_events))).mappings().one())
        written = count * 2 // _OPEN_EACH
        for first in range(1, written, _BATCH):
            numbers = range(first, min(first + _BATCH, written))
            await transaction.execute(insert(signals), [{**made, **_plain(number)} for number in numbers])
            await transaction.execute(
                insert(signal_events),
                [
                    {**told, "signal_id": f"signal-{number}", "number": each}
                    for number in numbers
                    for each in range(1, _EVENTS + 1)
                ],
            )
        for copy in range(_COPIES):
            await _copy(transaction, f"-{copy}")
        await transaction.execute(_ANALYZE)
        await transaction.commit()
    finally:
        await transaction.close()


async def _copy(transaction: Transaction, suffix: str) -> None:
    """The same closed signals again, under other ids and references, with their histories."""
    for table, renamed in ((signals, ("id", "reference")), (signal_events, ("signal_id",))):
        key = table.c[renamed[0]]
        columns = [column + suffix if column.name in renamed else column for column in table.columns]
        originals = select(signals.c.id).where(signals.c.status == SignalStatus.CLOSED, signals.c.id.not_like("%-%-%"))
        chosen = select(*columns).where(key.in_(originals))
        await transaction.execute(insert(table).from_select([column.name for column in table.columns], chosen))


def _event(signal_id: str, number: int) -> SignalEvent:
    return SignalEvent(signal_id, MONDAY, ROBIN.actor.id, EventKind.RECEIVED, SignalStatus.RECEIVED, number)


def _plain(number: int) -> Mapping[str, Any]:
    """The plain columns of this one: every status, outcome, owner and term has its share."""
    is_open = number % 2 == 0
    status = _STATUSES[number // 2 % len(_STATUSES)] if is_open else SignalStatus.CLOSED
    outcome = _OUTCOMES[number // 2 % len(_OUTCOMES)]
    owner = None if status in UNCLAIMED else (ANNA, BAS)[number // 2 // len(_STATUSES) % 2]
    received_at = MONDAY - timedelta(days=365) + timedelta(minutes=50 * number)
    plan = received_at + timedelta(days=14) if is_open else None
    return {
        "id": f"signal-{number}",
        "reference": f"S-2025-{number:04}",
        "received_at": received_at,
        "changed_at": received_at,
        "status": status,
        "owner": owner,
        "outcome": outcome,
        "queue_rank": -outcome.rank if is_open else None,
        "events": _EVENTS,
        "due_at": plan,
        "feedback_due_at": plan,
        "partner_due_at": plan if status in {SignalStatus.CONSULTING, SignalStatus.HANDED_OVER} else None,
    }


async def add_one(database: Database, number: int) -> str:
    """One more, whose content can be read, with a history; its id."""
    new = a_signal(number, reporter=ROBIN.actor.id, reference=f"S-2026-{number:04}", received_at=MONDAY)
    async with database.unit_of_work() as uow:
        await uow.signals.add(planned(case_file(new, (_event(new.id, 1),)), knowledge().terms))
        for each in range(_EVENTS):
            await uow.signals.append(_event(new.id, each + 1))
        await uow.commit()
    return new.id


async def presses(database: Database, count: int) -> dict[str, Pressed]:
    """What an officer presses, by name: each filter, a page far into the queue, and a case."""
    open_ones = count // _OPEN_EACH
    async with database.unit_of_work() as uow:
        behind = (await uow.queue.page(QueueQuery(ANNA), open_ones * 9 // 10))[-1].position
    deep = {"rank": str(behind.rank), "at": behind.received_at.isoformat(), "behind": behind.signal_id}
    return {
        **{f"page {each}": Pressed("signal.queue", {"filter": each.value}) for each in QueueFilter},
        _DEEP: Pressed("signal.queue", {"filter": QueueFilter.ALL.value, **deep}),
        "case card": Pressed("signal.open", {"signal": await add_one(database, count + 1)}),
    }


async def measure(database: Database, count: int, rounds: int) -> dict[str, Any]:
    """The figures of one database."""
    recorder = Recorder()
    event.listen(database.engine.sync_engine, "before_cursor_execute", recorder)
    named = await presses(database, count)
    talk = Talk(database.unit_of_work, knowledge(), Person(OFFICER_ANNA.actor, "Anna"), MONDAY)
    found: dict[str, Any] = {name: {} for name in named}
    for name, pressed in named.items():
        recorder.statements, recorder.on = [], True
        await talk.take(pressed)
        recorder.on = False
        found[name]["statements"] = len(recorder.statements)
        found[name]["scans"] = sorted(await scans(database, recorder.statements))
    took: dict[str, list[float]] = {name: [] for name in named}
    for _ in range(rounds):
        for name, pressed in named.items():
            start = time.perf_counter()
            await talk.take(pressed)
            took[name].append(time.perf_counter() - start)
    for name in named:
        found[name]["ms"] = round(statistics.median(took[name]) * 1000, 2)
    return {"presses": found, "depth_of_first": round(found[_DEEP]["ms"] / found[_FIRST]["ms"], 2)}


async def scans(database: Database, statements: Sequence[tuple[str, Any]]) -> set[str]:
    """Which of the two big tables the plans of these statements read from end to end."""
    found: set[str] = set()
    transaction = database.engine.connect()
    await transaction.start()
    try:
        for statement, values in statements:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                found |= set(await _scanned(transaction, statement, values))
    finally:
        await transaction.close()
    return found


async def _scanned(transaction: Any, statement: str, values: Any) -> list[str]:
    """The big tables in one plan. `run_sync` is what both kinds of transactions give besides the stores' protocol."""
    if transaction.dialect.name == "sqlite":
        explain, pattern = "EXPLAIN QUERY PLAN ", r"^SCAN (signals|signal_events)$"
    else:
        explain, pattern = "EXPLAIN ", r"Seq Scan on (signals|signal_events)\b"

    def plan(connection: Connection) -> Sequence[Row[Any]]:
        return connection.exec_driver_sql(explain + statement, values).all()

    rows: Sequence[Row[Any]] = await transaction.run_sync(plan)
    return [match[1] for row in rows if (match := re.search(pattern, row[-1]))]


@asynccontextmanager
async def _filled(url: str, keys: Path, count: int) -> AsyncGenerator[Database]:
    await migrate(url)
    database = open_database(url, open_key_file(keys))
    try:
        await fill(database, count)
        yield database
    finally:
        await database.close()


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--signals", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder, "keys.json")
        results: dict[str, object] = {}
        async with _filled(f"sqlite:///{folder}/queue.db", keys, options.signals) as database:
            results["sqlite"] = await measure(database, options.signals, options.rounds)
        if options.postgres:
            async with (
                postgres.server().database() as url,
                _filled(url, keys, options.signals) as database,
            ):
                results["postgresql"] = await measure(database, options.signals, options.rounds)
    sys.stdout.write(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
