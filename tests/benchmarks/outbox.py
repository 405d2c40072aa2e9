"""How fast the outbox empties: claim, draw, send and record each row by itself, through the real sender.

    python -m tests.benchmarks.outbox [--rows 1000] [--rounds 3] [--postgres]

Receipts to 200 people, to a connector in the same process that takes everything at once. Prints JSON: rows a second
without limits (median over the rounds) and CPU milliseconds a row, connector included; and under Teams' limits the
most that the connector got in any second.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from bot.clock import utc_now
from bot.dispatcher import Dispatcher
from bot.governor import NO_LIMITS, Governor, Rates
from bot.sender import NoticeSender, Strangers
from bot.teams.connector import ConnectorClient, connector_session
from bot.teams.identity import NoTokens
from dialogs.domain.notices import Notice, NoticeKind
from storage.engine import Database, open_database
from storage.key_file import open_key_file
from storage.migrate import migrate
from tests import postgres
from tests.benchmarks.wire import Connector
from tests.knowledge import knowledge
from tests.storage.factories import a_signal, an_address

_PEOPLE = 200
#: Rows that are sent under the limits: five seconds at 40 a second.
_UNDER_LIMITS = 200


class _Clocked(Connector):
    """Keeps when each message came."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def take(self, head: bytes, body: bytes, *, first: bool) -> bytes:
        self.times.append(time.monotonic())
        return super().take(head, body, first=first)


async def empty(database: Database, rates: Rates, rows: int, name: str) -> tuple[float, float, Sequence[float]]:
    """Put so many notices and send them; the seconds and the CPU seconds that took, and when each came."""
    async with database.unit_of_work() as uow:
        for number in range(rows):
            person = number % _PEOPLE
            notice = Notice(f"{name}-{number}", NoticeKind.RECEIPT, f"person-{person}", f"signal-{person}", utc_now())
            await uow.outbox.put(notice)
        await uow.commit()
    connector = _Clocked()
    async with connector, connector_session(use_proxy=False) as session:
        await _move(database, connector.service_url("bot"))
        governor = Governor(utc_now, rates)
        client = ConnectorClient(session, NoTokens(), admit=governor.notice)
        strangers = Strangers(connector.service_url("bot"), "tenant", "28:bot")
        sender = NoticeSender(database.unit_of_work, client, knowledge(), utc_now, strangers)
        dispatcher = Dispatcher(database.unit_of_work, sender, utc_now, worker=name, recall=governor.recall)
        start, cpu = time.monotonic(), time.process_time()
        running = asyncio.create_task(dispatcher.run())
        await connector.until("bot", rows)
        dispatcher.stop()
        await running
        return time.monotonic() - start, time.process_time() - cpu, connector.times


async def _move(database: Database, service_url: str) -> None:
    """Everybody is at this connector."""
    async with database.unit_of_work() as uow:
        for number in range(_PEOPLE):
            await uow.people.seen(
                an_address(f"person-{number}", conversation_id=f"a:{number}", service_url=service_url)
            )
        await uow.commit()


def most_in_a_second(times: Sequence[float]) -> int:
    """The most of these moments that fit in one second, wherever it begins."""
    ordered = sorted(times)
    most = first = 0
    for last, moment in enumerate(ordered):
        while moment - ordered[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    return most


@asynccontextmanager
async def _filled(url: str, keys: Path) -> AsyncGenerator[Database]:
    await migrate(url)
    database = open_database(url, open_key_file(keys))
    try:
        async with database.unit_of_work() as uow:
            for number in range(_PEOPLE):
                await uow.signals.add(a_signal(number, reporter=f"person-{number}"))
            await uow.commit()
        yield database
    finally:
        await database.close()


async def _result(database: Database, rows: int, rounds: int) -> dict[str, object]:
    figures = [await empty(database, NO_LIMITS, rows, f"round-{number}") for number in range(rounds)]
    took, _, times = await empty(database, Rates(), _UNDER_LIMITS, "under limits")
    return {
        "rows_a_second": round(statistics.median(rows / seconds for seconds, _, _ in figures)),
        "lowest": round(min(rows / seconds for seconds, _, _ in figures)),
        "cpu_ms_a_row": round(statistics.median(cpu * 1000 / rows for _, cpu, _ in figures), 2),
        "under_limits": {"rows_a_second": round(_UNDER_LIMITS / took, 1), "most_in_a_second": most_in_a_second(times)},
    }


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder, "keys.json")
        results: dict[str, object] = {}
        async with _filled(f"sqlite:///{folder}/outbox.db", keys) as database:
            results["sqlite"] = await _result(database, options.rows, options.rounds)
        if options.postgres:
            async with postgres.server().database() as url, _filled(url, keys) as database:
                results["postgresql"] = await _result(database, options.rows, options.rounds)
    sys.stdout.write(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
