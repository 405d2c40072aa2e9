"""A hundred days in each run of the tests, five hundred more in `make test-long` and thousands in `make test-proof`."""

import os
import random
import secrets
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.day import Judged, play
from tests.simulation.world import Bug

#: A hundred at a time, so that the processes of a run share them.
_MORE = [range(first, first + 100) for first in range(1000, 1500, 100)]
_THOUSANDS = [range(first, first + 100) for first in range(1500, 4000, 100)]
#: So many days a planted bug may stay hidden.
_FOUND_WITHIN = 25


def tell(judged: Iterable[Judged]) -> str:
    """The days on which a promise was broken, each with the line that plays it again."""
    return "\n".join(f"{each.replay}\n  {sentence}\n  {fault}" for each in judged for sentence, fault in each.broken)


def happened(judged: Iterable[Judged]) -> Counter[str]:
    """How often what happened on these days."""
    return sum((Counter(each.ledger.counts) for each in judged), Counter[str]())


def test_no_promise_is_broken_whatever_goes_wrong() -> None:
    judged = [play(seed) for seed in range(100)]

    assert not tell(judged), tell(judged)
    counts = happened(judged)
    seen = {"killed_at", "kills", "stops", "jumps", "uninstalls", "teams_fails", "given_up", "request_lost"}
    assert seen <= counts.keys(), "what does not go wrong is not tested"
    assert sum(each.signals for each in judged) > 60
    assert sum(each.closed for each in judged) > 5


@pytest.mark.parametrize(
    "seeds",
    [
        *(pytest.param(each, id=f"from {each[0]}", marks=pytest.mark.long) for each in _MORE),
        *(pytest.param(each, id=f"from {each[0]}", marks=pytest.mark.proof) for each in _THOUSANDS),
    ],
)
def test_no_promise_is_broken_on_many_days(seeds: range) -> None:
    judged = [play(seed) for seed in seeds]

    assert not tell(judged), tell(judged)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(bug: Bug) -> None:
    found = next((seed for seed in range(_FOUND_WITHIN) if play(seed, bug=bug).broken), None)

    assert found is not None, bug.story


@contextmanager
def _another_thread_that_draws() -> Generator[None]:
    """Something that a test before this one left behind."""
    ended = threading.Event()

    def draw() -> None:
        while not ended.wait(0.001):
            random.random()  # noqa: S311 - nothing is done with it
            secrets.token_hex(4)

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_a_seed_gives_the_same_day_to_the_letter_also_in_another_process() -> None:
    with _another_thread_that_draws():
        here = play(7)

    command = [sys.executable, "-m", "tests.simulation", "--seed", "7"]
    environment = {**os.environ, "PYTHONHASHSEED": "99"}
    root = Path(__file__).parents[2]
    there = subprocess.run(command, capture_output=True, text=True, cwd=root, env=environment, check=False)

    days = {"here": here.ledger.lines, "there": there.stdout.splitlines()[: len(here.ledger.lines)]}
    parted = next((each for each, (one, other) in enumerate(zip(*days.values(), strict=False)) if one != other), None)
    assert parted is None, {name: lines[max(parted - 3, 0) : parted + 3] for name, lines in days.items()}
    assert here.ledger.fingerprint in there.stdout
