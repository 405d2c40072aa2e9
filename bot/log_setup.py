"""Logs: one JSON object a line, ids only. No answer, name or message text is ever handed to a logger.

What libraries log goes the same way, without what they fill in: it may hold what passed through them.
"""

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import EventDict, WrappedLogger

#: Libraries that would log what passes through them.
_TALKATIVE = ("aiohttp", "azure", "botbuilder", "botframework", "msal", "msrest", "sqlalchemy", "urllib3", "alembic")


def set_up_logs(level: str, *, stream: TextIO = sys.stderr, for_people: bool = False) -> None:
    """Log from this level on; `for_people` as short lines for a terminal."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s") if for_people else _LibraryLine())
    logging.basicConfig(level=level, handlers=[handler])
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    last = structlog.dev.ConsoleRenderer(colors=False) if for_people else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _add_trace,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        # no cache_logger_on_first_use: a logger that has spoken would never hear of another set-up
    )


class _LibraryLine(logging.Formatter):
    """A line of a library: its words before anything was filled in, and where an exception came from."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as JSON."""
        entry: dict[str, str] = {
            "event": str(record.msg),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            entry["error"] = type(record.exc_info[1]).__name__
            entry["where"] = "".join(traceback.format_tb(record.exc_info[2]))
        return orjson.dumps(entry).decode()


def _add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """With telemetry on, the trace that a line belongs to."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace"] = trace.format_trace_id(span.trace_id)
    return event
