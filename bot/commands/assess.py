"""`meldroute assess`: try what an assessment makes of confirmed criteria."""

from collections.abc import Callable
from typing import Any, TextIO

from bot.commands.json_lines import LineRefused, answer_lines, field
from bot.commands.knowledge import load_criteria
from dialogs.domain.assessment import assess
from dialogs.domain.criteria import UnknownCriterion


def run(stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """Read lines `{"id", "criteria", "minor", "acute"}`; return the exit status (1 if a line was bad)."""
    return answer_lines(_assess, stdin, stdout, stderr)


def _assess(fields: dict[str, Any], _say: Callable[[str], None]) -> dict[str, Any]:
    identifier = field(fields, "id", str)
    keys: list[Any] = field(fields, "criteria", list)
    if not all(isinstance(key, str) for key in keys):
        raise LineRefused("het veld criteria heeft het verkeerde type.")
    minor: bool | None = field(fields, "minor", bool, None)
    acute: bool = field(fields, "acute", bool)
    try:
        assessment = assess(load_criteria(), keys, minor=minor, acute=acute)
    except UnknownCriterion as error:
        raise LineRefused(f"het criterium {error.key} bestaat niet.") from None
    return {
        "id": identifier,
        "outcome": assessment.outcome.value,
        "forms": [form.value for form in assessment.forms],
        "route": [token.value for token in assessment.route],
        "reasons": list(assessment.reasons),
    }
