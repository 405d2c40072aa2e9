"""Logs: one JSON object a line, ids only. No answer, name or message text is ever handed to a logger."""

import logging
import sys
from typing import TextIO

import structlog

#: Libraries that would log what passes through them.
_TALKATIVE = ("aiohttp", "azure", "botbuilder", "botframework", "msal", "msrest", "sqlalchemy", "urllib3", "alembic")


def set_up_logs(level: str, *, stream: TextIO = sys.stderr, for_people: bool = False) -> None:
    """Log from this level on; `for_people` as short lines for a terminal."""
    logging.basicConfig(level=level, stream=stream, format="%(levelname)s %(name)s %(message)s")
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    last = structlog.dev.ConsoleRenderer(colors=False) if for_people else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
