"""What a look-up costs with a large directory: `python -m tests.benchmarks.lookup [--partners 500] [--json]`.

The shipped directory of Maashorst is filled up with made-up partners that have as many names as the real ones. Times
are CPU milliseconds for one question to a ready directory; `first` also loads the holidays, once in a process. `route`
is the decision whether a typed text asks for a number at all, also for text that does not.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from statistics import mean, median

import yaml

from bot.commands.partners import shipped_directory
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.partners import Directory, Partner
from dialogs.lookup import look_up, look_up_query

CORPUS = Path(__file__).parents[1] / "corpus"
BY_NIGHT = datetime(2026, 12, 25, 3, tzinfo=AMSTERDAM)


def filled_up(directory: Directory, partners: int) -> Directory:
    """The directory with made-up partners added until there are `partners`."""
    lot = Random(7)  # noqa: S311 -- a fixed lot, so that two runs can be compared
    letters = "aaeeiioouubdfghklmnprstvz"

    def word() -> str:
        return "".join(lot.choice(letters) for _ in range(lot.randint(6, 14)))

    real = list(directory)
    made_up: Iterable[Partner] = (
        replace(
            real[number % len(real)],
            key=f"made_up_{number}",
            name=f"{word()} {word()}",
            aliases=tuple(word() for _ in range(8)),
            topics=tuple(word() for _ in range(5)),
            route=(),
        )
        for number in range(partners - len(real))
    )
    return Directory(directory.municipality, [*real, *made_up])


def cost(ask: Callable[[str], object], texts: list[str]) -> dict[str, float]:
    """CPU milliseconds for each text: mean, median, the one in a hundred, and the worst."""
    spent: list[float] = []
    for text in texts:
        start = time.process_time_ns()
        ask(text)
        spent.append((time.process_time_ns() - start) / 1e6)
    spent.sort()
    figures = {"mean": mean(spent), "median": median(spent), "p99": spent[len(spent) * 99 // 100], "worst": spent[-1]}
    return {name: round(value, 3) for name, value in figures.items()}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    questions = yaml.safe_load((CORPUS / "lookup" / "questions.yaml").read_text("utf-8"))
    reports: list[str] = yaml.safe_load((CORPUS / "lookup" / "reports.yaml").read_text("utf-8"))
    stories: list[str] = [entry["text"] for entry in yaml.safe_load((CORPUS / "vignettes.yaml").read_text("utf-8"))]
    asked: list[str] = [entry["text"] for part in questions.values() for entry in part]
    shipped = shipped_directory("maashorst")
    start = time.process_time()
    directory = filled_up(shipped, options.partners)
    built = time.process_time() - start
    figures = {
        "partners": len(directory),
        "build_ms": round(built * 1000, 1),
        "first_ms": cost(lambda text: look_up(directory, text, BY_NIGHT), ["avim"])["worst"],
        "look_up_ms": cost(lambda text: look_up(directory, text, BY_NIGHT), asked),
        "route_question_ms": cost(lambda text: look_up_query(directory, text), asked),
        "route_report_ms": cost(lambda text: look_up_query(directory, text), reports + stories),
        "look_up_shipped_ms": cost(lambda text: look_up(shipped, text, BY_NIGHT), asked),
    }
    if options.json:
        sys.stdout.write(json.dumps(figures) + "\n")
        return
    for name, value in figures.items():
        sys.stdout.write(f"{name:20} {value}\n")


if __name__ == "__main__":
    main()
