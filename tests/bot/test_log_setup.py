"""Logs are JSON, one object a line, and nothing that passed through a library stands in them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.log_setup import set_up_logs
from bot.telemetry_export import Exported


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged; the set-up of logs before is put back afterwards."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    level = root.level
    root.handlers.clear()
    stream = io.StringIO()
    set_up_logs("INFO", stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_of_ours_is_json_with_ids(lines: io.StringIO) -> None:
    structlog.get_logger("test").info("notice_delivered", notice="n1")

    [line] = lines.getvalue().splitlines()
    assert {"event": "notice_delivered", "notice": "n1", "level": "info"}.items() <= json.loads(line).items()


def test_a_logger_that_has_spoken_follows_when_logs_are_set_up_anew(lines: io.StringIO) -> None:
    log, later = structlog.get_logger("test"), io.StringIO()
    log.info("before")
    set_up_logs("INFO", stream=later)
    log.info("after")

    assert ("before" in lines.getvalue(), "after" in later.getvalue()) == (True, True)


def test_a_line_of_a_library_tells_nothing_that_passed_through_it(lines: io.StringIO) -> None:
    secret = "hij hield haar paspoort"
    try:
        int(secret)
    except ValueError:
        logging.getLogger("library").exception("Could not send %s", secret)

    [line] = lines.getvalue().splitlines()
    entry = json.loads(line)
    assert (entry["event"], entry["error"], entry["level"]) == ("Could not send %s", "ValueError", "error")
    assert "test_log_setup.py" in entry["where"]
    assert secret not in line


async def test_a_line_within_a_turn_names_its_trace(lines: io.StringIO) -> None:
    exported = Exported("http://127.0.0.1:9", "worker-1")
    with exported.telemetry.turn("said", "activity-1"):
        structlog.get_logger("test").info("inside")
    structlog.get_logger("test").info("outside")
    await exported.close()

    ours = [json.loads(line) for line in lines.getvalue().splitlines() if "side" in line]
    assert len(ours[0]["trace"]) == 32
    assert "trace" not in ours[1]
