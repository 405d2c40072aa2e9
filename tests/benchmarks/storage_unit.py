"""What a stored intake turn asks of the storage: CPU, statements and trips for one unit of work.

    python -m tests.benchmarks.storage_unit [--units 1000] [--rounds 7] [--postgres]

One unit: write the activity down, read the draft, save it with one more answer, commit. Prints JSON with the median
over the rounds of the CPU milliseconds a unit (all threads of this process; a PostgreSQL server's CPU is not in it),
and the statements a unit, counted by SQLAlchemy.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event

from dialogs.domain.signals import Draft
from storage.engine import Database, open_database
from storage.key_file import open_key_file
from storage.migrate import migrate
from tests import postgres

_NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_PEOPLE = 64
_STORY = "Aan de balie stond een vrouw; hij hield haar paspoort en praatte voor haar. " * 4


@dataclass(slots=True)
class Turns:
    """Turns of many reporters, one after another."""

    database: Database
    count: int = 0

    async def turn(self) -> None:
        """One stored turn."""
        self.count += 1
        reporter = f"reporter-{self.count % _PEOPLE}"
        async with self.database.unit_of_work() as uow:
            await uow.journal.first_time(f"activity-{self.count}", _NOW)
            draft = await uow.drafts.of(reporter) or Draft(reporter, reporter, _NOW, _NOW)
            answers = {"story": _STORY, f"question_{self.count % 12}": "weet ik niet"}
            await uow.drafts.save(replace(draft, answers={**draft.answers, **answers}))
            await uow.commit()

    async def measure(self, units: int) -> float:
        """CPU milliseconds a unit over this many."""
        start = time.process_time()
        for _ in range(units):
            await self.turn()
        return (time.process_time() - start) * 1000 / units


@asynccontextmanager
async def _turns(url: str, keys: Path) -> AsyncGenerator[Turns]:
    await migrate(url)
    database = open_database(url, open_key_file(keys))
    try:
        yield Turns(database)
    finally:
        await database.close()


async def _result(turns: Turns, units: int, rounds: int) -> dict[str, object]:
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    await turns.measure(units)  # warm: caches filled, drafts there
    figures = [await turns.measure(units) for _ in range(rounds)]
    event.listen(turns.database.engine.sync_engine, "before_cursor_execute", count)
    await turns.measure(10)
    return {
        "cpu_ms_per_unit": round(statistics.median(figures), 4),
        "lowest": round(min(figures), 4),
        "statements_per_unit": statements / 10,
    }


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder, "keys.json")
        results: dict[str, object] = {}
        async with _turns(f"sqlite:///{folder}/units.db", keys) as turns:
            results["sqlite"] = await _result(turns, options.units, options.rounds)
        if options.postgres:
            async with postgres.server().database() as url, _turns(url, keys) as turns:
                results["postgresql"] = await _result(turns, options.units, options.rounds)
    sys.stdout.write(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
