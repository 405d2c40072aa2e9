"""The figures as a table in Markdown."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.benchmarks.turns import CONCURRENCIES, RAW, STOCK

_COLUMNS = ("turn", "at once", "CPU ms", "x raw", "of stock", "turns/s", "p50 ms", "p99 ms", "opened")


def table(turns: Mapping[str, Any]) -> str:
    """One row a series and concurrency."""
    rows = [_COLUMNS, *_rows(turns["series"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _rows(series: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for concurrency in map(str, CONCURRENCIES):
        raw, stock = series[RAW][concurrency]["cpu_ms"], series[STOCK][concurrency]["cpu_ms"]
        for name, by_concurrency in series.items():
            figures = by_concurrency[concurrency]
            yield (
                name,
                concurrency,
                f"{figures['cpu_ms']:.2f}",
                f"{figures['cpu_ms'] / raw:.1f}",
                f"{figures['cpu_ms'] / stock:.2f}",
                f"{figures['turns_per_second']:.0f}",
                f"{figures['p50_ms']:.1f}",
                f"{figures['p99_ms']:.1f}",
                str(figures["most_connections_opened_in_a_round"]),
            )
