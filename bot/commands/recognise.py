"""`meldroute recognise`: try on example texts what Meldroute would suggest."""

from collections.abc import Callable
from typing import Any, TextIO

from bot.commands.json_lines import answer_lines, field
from bot.commands.knowledge import load_recogniser


def run(stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """Read lines `{"id", "text"}`; return the exit status (1 if a line was bad)."""
    return answer_lines(_recognise, stdin, stdout, stderr)


def _recognise(fields: dict[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
    identifier = field(fields, "id", str)
    reading = load_recogniser().read(field(fields, "text", str))
    for warning in reading.warnings:
        say(warning)
    return {
        "id": identifier,
        "suggested": [
            {"criterion": each.criterion, "quote": each.quote, "start": each.start, "end": each.end}
            for each in reading.suggestions
        ],
        "negated": sorted(reading.negated),
        "minor": reading.minor,
        "danger": reading.danger,
    }
