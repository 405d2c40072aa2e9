import io
import json
from typing import Any

import pytest

from bot.commands.assess import run


def assess(*lines: str) -> tuple[int, list[dict[str, Any]], str]:
    stdout, stderr = io.StringIO(), io.StringIO()
    status = run(io.StringIO("".join(f"{line}\n" for line in lines)), stdout, stderr)
    return status, [json.loads(line) for line in stdout.getvalue().splitlines()], stderr.getvalue()


def line(criteria: list[str], *, minor: bool | None = False, acute: bool = False) -> str:
    return json.dumps({"id": "1", "criteria": criteria, "minor": minor, "acute": acute})


def test_it_answers_with_outcome_forms_route_and_dutch_reasons():
    status, answers, _ = assess(line(["forced_sexwork", "blackmail", "blackmail"]), line([]), line([], acute=True))

    assert status == 0
    assert [answer["outcome"] for answer in answers] == ["clear", "none", "acute"]
    assert answers[0]["forms"] == ["SU", "CU"]
    assert answers[0]["route"] == ["AF", "AVIM", "ZOCO"]
    assert any("Weegt sterk" in reason for reason in answers[0]["reasons"])
    assert set(answers[0]) == {"id", "outcome", "forms", "route", "reasons"}


@pytest.mark.parametrize(
    "bad",
    [
        line(["nonsense"]),
        '{"id": "1", "criteria": "fear", "minor": null, "acute": false}',
        '{"id": "1", "criteria": [3], "minor": null, "acute": false}',
        '{"id": "1", "criteria": [], "minor": "yes", "acute": false}',
        '{"id": "1", "criteria": [], "minor": 1, "acute": false}',
        '{"id": "1", "criteria": [], "minor": null, "acute": 1}',
        '{"id": "1", "criteria": [], "acute": false}',
        "geen json",
    ],
)
def test_a_bad_line_is_named_and_the_others_go_on(bad: str):
    status, answers, errors = assess(bad, line(["fear"]))

    assert status == 1
    assert [answer["outcome"] for answer in answers] == ["other"]
    assert errors.startswith("regel 1: ")
