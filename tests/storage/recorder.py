"""Writes down what a release asks of the database, for the releases after it: a pytest plugin.

    python -m pytest -p tests.storage.recorder --record tests/storage/previous/REVISION.jsonl \\
        -k "not whoever and not long_log" tests/storage/test_*_store.py

One line of JSON a test: its name, the kind of database, and its statements with their parameters in order. Tests that
ask nothing new, and those in which the database refuses something, are left out.
"""

import base64
import json
from collections.abc import Generator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

Statement = tuple[str, Any]

#: Bytes of sealed content: nobody opens it again, and a hash is as long.
_ENOUGH = 32


def to_json(value: Any) -> Any:
    """A parameter as JSON; what JSON has no word for is an object with one key."""
    match value:
        case datetime():
            return {"time": value.isoformat()}
        case bytes() | memoryview():
            return {"bytes": base64.b64encode(bytes(value)[:_ENOUGH]).decode()}  # pyright: ignore[reportUnknownArgumentType] - of anything
        case list() | tuple():
            return [to_json(each) for each in value]  # pyright: ignore[reportUnknownVariableType] - parameters of a driver
        case _:
            return value


def from_json(value: Any) -> Any:
    """The parameter again."""
    match value:
        case {"time": time}:
            return datetime.fromisoformat(time)
        case {"bytes": text}:
            return base64.b64decode(text)
        case list():
            return tuple(from_json(each) for each in value)  # pyright: ignore[reportUnknownVariableType] - as above
        case _:
            return value


class Recorder:
    """Listens to all engines while a test runs."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines: list[str] = []
        self._known: set[tuple[str, str]] = set()
        self._statements: dict[str, list[Statement]] = {}
        self._refused = False
        event.listen(Engine, "before_cursor_execute", self._remember)
        event.listen(Engine, "handle_error", self._refuse)

    def _remember(self, connection: Any, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        self._statements.setdefault(connection.dialect.name, []).append((statement, parameters))

    def _refuse(self, _context: object) -> None:
        self._refused = True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        self._statements, self._refused = {}, False
        yield
        for dialect, statements in self._statements.items():
            new = {(dialect, sql) for sql, _ in statements} - self._known
            if new and not self._refused:
                self._known |= new
                self._lines.append(_line(item.name, dialect, statements))

    def pytest_sessionfinish(self) -> None:
        self._file.write_text("\n".join(self._lines) + "\n", "utf-8")


def _line(test: str, dialect: str, statements: Sequence[Statement]) -> str:
    recorded = [[sql, to_json(parameters)] for sql, parameters in statements]
    return json.dumps({"test": test, "dialect": dialect, "statements": recorded}, ensure_ascii=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to write."""
    parser.addoption("--record", type=Path)


def pytest_configure(config: pytest.Config) -> None:
    """Begin."""
    if file := config.getoption("--record"):
        config.pluginmanager.register(Recorder(file))
