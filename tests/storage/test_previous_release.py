"""While a new version comes up, the one before it still runs: all that it asks, the newest schema answers.

`previous/` holds what a release asked, by the revision of its schema (recorder.py). A migration that breaks one of
these statements must wait until that release is gone (deployment/database.md, "A new version while the old one runs").
"""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Database
from storage.migrate import fits, head
from storage.sqlite import SqliteTransaction
from tests.storage.recorder import from_json, to_json

PREVIOUS = sorted((Path(__file__).parent / "previous").glob("*.jsonl"))


def recorded(release: Path, dialect: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in release.read_text("utf-8").splitlines()]
    return [line for line in lines if line["dialect"] == dialect]


def replay(connection: Connection, statements: list[tuple[str, Any]]) -> None:
    for sql, given in statements:
        parameters = from_json(given)
        many = bool(parameters) and isinstance(parameters[0], tuple)
        connection.exec_driver_sql(sql, list(parameters) if many else parameters)


@pytest.mark.parametrize("release", PREVIOUS, ids=lambda each: each.stem)
async def test_what_the_previous_release_asks_the_newest_schema_answers(database: Database, release: Path) -> None:
    dialect = database.engine.sync_engine.dialect.name
    sessions = recorded(release, dialect)
    assert len(sessions) > 10

    for session in sessions:
        transaction = database.engine.connect()
        await transaction.start()
        assert isinstance(transaction, SqliteTransaction | AsyncConnection)
        try:
            await transaction.execute(text("SELECT 1"))  # with its first statement a transaction begins
            await transaction.run_sync(partial(replay, statements=session["statements"]))
        finally:
            await transaction.close()


def test_there_is_a_release_to_look_back_to() -> None:
    assert PREVIOUS
    assert all(release.stem < head() for release in PREVIOUS)


@pytest.mark.parametrize(
    ("revision", "works"), [(None, False), ("0001", False), (head(), True), ("9999", True)], ids=str
)
def test_a_bot_starts_on_its_own_schema_and_on_a_later_one(revision: str | None, works: bool) -> None:
    assert fits(revision) is works


def test_what_is_recorded_is_read_back() -> None:
    values = ("text", 5, None, True, b"\x00\xff", ("a", b"b"))

    assert from_json(json.loads(json.dumps(to_json(values)))) == values
