"""Answers, suggestions and origins as JSON, and back; what a signal is listed as in plain columns."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from dialogs.domain.assessment import Outcome
from dialogs.domain.criteria import Form
from dialogs.domain.recognition import Suggestion
from dialogs.domain.signals import OWN_REPORT, Answer, Answers, Channel, Origin, Standing


def answers_to_json(answers: Answers) -> dict[str, Any]:
    """The answers as a dict of texts and lists of texts."""
    return dict(answers)


def answers_from_json(data: Mapping[str, Any]) -> Answers:
    """The answers; a list becomes a tuple."""
    answers: dict[str, Answer] = {}
    for key, each in data.items():
        answers[key] = each if isinstance(each, str) else tuple(each)
    return MappingProxyType(answers)


def suggestions_to_json(suggestions: Sequence[Suggestion]) -> list[dict[str, Any]]:
    """The suggestions as a list of dicts."""
    return [
        {"criterion": each.criterion, "quote": each.quote, "start": each.start, "end": each.end} for each in suggestions
    ]


def suggestions_from_json(data: Sequence[Mapping[str, Any]]) -> tuple[Suggestion, ...]:
    """What `suggestions_to_json` wrote."""
    return tuple(Suggestion(**each) for each in data)


def origin_to_json(origin: Origin) -> dict[str, str] | None:
    """The origin as a dict; None for what a reporter wrote in Teams."""
    if origin == OWN_REPORT:
        return None
    return {"channel": origin.channel.value, "team": origin.team, "contact": origin.contact}


def origin_from_json(data: Mapping[str, str] | None) -> Origin:
    """What `origin_to_json` wrote."""
    return OWN_REPORT if data is None else Origin(Channel(data["channel"]), data["team"], data["contact"])


def standing_from(outcome: str, forms: str) -> Standing:
    """What the two columns say: "clear", "SU,AU"."""
    return Standing(Outcome(outcome), tuple(Form(code) for code in forms.split(",") if code))
