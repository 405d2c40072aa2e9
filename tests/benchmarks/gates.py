"""What the figures must show, each as one line that says so or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.turns import CONCURRENCIES, PRESS, PRESS_PG, RAW, STOCK, TYPED, TYPED_PG

#: CPU of a stored turn on SQLite, in turns of the raw handler.
MOST_TIMES_RAW = 18.0
#: CPU of a stored turn, in turns of stock botbuilder on the same storage: an aim.
AIM_OF_STOCK = 0.2
#: Statements of a plain turn: written down, read, stored, and that the person is there.
MOST_STATEMENTS = 4.1
#: Milliseconds of CPU for a notice, from the claim to the record: 200 notices a second on one core, four times what
#: Teams takes.
AIM_OF_NOTICE = 5.0
#: What Teams takes in a second from one app in one tenant.
MOST_IN_A_SECOND = 50.0

#: Statements of a page of the queue: its entries, and how many there are in all.
MOST_PAGE_STATEMENTS = 2
#: A page far into the queue, in times of the first.
MOST_DEPTH = 3.0


@dataclass(frozen=True, slots=True)
class Gate:
    """One figure and its limit."""

    name: str
    figure: float
    limit: float
    #: An aim is told, but never fails a run.
    aim: bool = False

    @property
    def holds(self) -> bool:
        """Whether the figure is within the limit."""
        return self.figure <= self.limit

    def __str__(self) -> str:
        """ "pass  ...: 9.1 (at most 18)"."""
        verdict = "pass" if self.holds else ("aim missed" if self.aim else "FAIL")
        return f"{verdict:<10}  {self.name}: {self.figure:g} ({'aim' if self.aim else 'at most'} {self.limit:g})"


def gates(turns: Mapping[str, Any]) -> list[Gate]:
    """The gates of a run."""
    series, counted = turns["series"], turns["counted"]
    most = str(max(CONCURRENCIES))

    def cpu(name: str) -> float:
        return float(series[name][most]["cpu_ms"])

    found = [
        Gate(
            "CPU of a stored press on SQLite, times raw aiohttp, 16 at once",
            round(cpu(PRESS) / cpu(RAW), 1),
            MOST_TIMES_RAW,
        ),
        Gate(
            "CPU of a stored press on SQLite, of stock botbuilder, 16 at once",
            round(cpu(PRESS) / cpu(STOCK), 3),
            AIM_OF_STOCK,
            aim=True,
        ),
        Gate("statements a stored press", round(sum(counted["statements_per_turn"].values()), 2), MOST_STATEMENTS),
        Gate(f"token requests in {counted['turns']} turns", counted["token_requests"], 1),
    ]
    slow = counted["connections_to_a_slow_connector"]
    found.append(Gate(f"connections to a connector that takes 0.1 s, press, {most} at once", slow, float(most)))
    for name in (PRESS, TYPED, PRESS_PG, TYPED_PG):
        opened = series[name][most]["most_connections_opened_in_a_round"]
        found.append(Gate(f"connections opened in a round, {name}, {most} at once", opened, float(most)))
    return found


def delivery_gates(outbox: Mapping[str, Any]) -> list[Gate]:
    """The gates of the outbox, on each database that was measured."""
    return [
        gate
        for database, figures in outbox.items()
        for gate in (
            Gate(f"CPU of a notice on {database}, ms", figures["cpu_ms_a_row"], AIM_OF_NOTICE, aim=True),
            Gate(
                f"notices in any second under the limits, {database}",
                figures["under_limits"]["most_in_a_second"],
                MOST_IN_A_SECOND,
            ),
        )
    ]


def queue_gates(queue: Mapping[str, Any]) -> list[Gate]:
    """The gates of the officers' queue among very many signals, on each database that was measured."""
    found: list[Gate] = []
    for database, figures in queue.items():
        presses = figures["presses"]
        scans = sum(len(press["scans"]) for press in presses.values())
        statements = presses["page all"]["statements"]
        found += [
            Gate(f"plans that read signals or events from end to end, {database}", scans, 0),
            Gate(f"statements of a page of the queue, {database}", statements, MOST_PAGE_STATEMENTS),
            Gate(f"a page far into the queue, times the first, {database}", figures["depth_of_first"], MOST_DEPTH),
        ]
    return found
