"""A year in which two officers and a deputy keep up with two thousand signals, or are told that they do not."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from storage.engine import Database
from storage.migrate import migrate
from tests.storage.conftest import opened
from tests.year.calendar import DAYS, FIRST_DAY, arrivals, moment
from tests.year.checks import Figures, check_all, check_signals, figures
from tests.year.office import Office
from tests.year.people import GONE, Year

SEED, SIGNALS = 20260105, 2000


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path / 'year.db'}"
    await migrate(url)
    async with opened(url) as database:
        event.listen(database.engine.sync_engine, "connect", _without_waiting_for_the_disk)
        yield database


def _without_waiting_for_the_disk(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


async def a_year(database: Database, count: int) -> Figures:
    """Play it, and look at every step at whatever was touched; print the figures."""
    office = Office(database, GONE)
    random = Random(SEED)  # noqa: S311 - the same year each time
    Year(office, random).begin(arrivals(random, count))

    office.check = partial(check_signals, office)
    for week in range(DAYS // 7):
        office.at(moment(FIRST_DAY + timedelta(weeks=week)), partial(check_all, office))

    with capture_logs():
        await office.play(moment(FIRST_DAY + timedelta(days=DAYS)))

    found = await figures(office)
    print(f"\n{found}\nlooks of the watchdog               {office.looks}")  # noqa: T201 - seen with -s
    return found


@pytest.mark.proof
async def test_in_a_year_nothing_is_left_lying_and_every_reporter_hears_back(database: Database) -> None:
    found = await a_year(database, SIGNALS)

    assert found.signals == SIGNALS
    assert found.closed == found.fed_back + found.not_reachable
    assert found.closed + found.withdrawn + found.open == SIGNALS
    assert set(found.escalations) == {"unclaimed", "question", "offer", "partner", "feedback"}
    assert found.mails


async def test_in_a_small_year_nothing_is_left_lying_either(database: Database) -> None:
    assert (await a_year(database, 40)).signals == 40
