import io
import json
from typing import Any

import pytest

from bot.commands.recognise import run


class Terminal(io.StringIO):
    """A stderr that a person watches."""

    def isatty(self) -> bool:
        return True


def recognise(*lines: str, stderr: io.StringIO | None = None) -> tuple[int, list[dict[str, Any]], str]:
    stdout, stderr = io.StringIO(), stderr or io.StringIO()
    status = run(io.StringIO("".join(f"{line}\n" for line in lines)), stdout, stderr)
    return status, [json.loads(line) for line in stdout.getvalue().splitlines()], stderr.getvalue()


def line(text: str, identifier: str = "1") -> str:
    return json.dumps({"id": identifier, "text": text})


def test_every_good_line_gets_one_line_in_order_with_quotes_that_stand_in_the_text():
    text = "Zijn baas heeft z'n paspoort afgepakt en hij krijgt maar 3 euro per uur."
    status, answers, errors = recognise(line("De lamp is stuk.", "a"), line(text, "b"), line("", "c"))

    assert status == 0
    assert [answer["id"] for answer in answers] == ["a", "b", "c"]
    assert {each["criterion"] for each in answers[1]["suggested"]} >= {"docs_held", "low_no_pay"}
    assert all(text[each["start"] : each["end"]] == each["quote"] for each in answers[1]["suggested"])
    assert set(answers[1]) == {"id", "suggested", "negated", "minor", "danger"}
    assert "regel 3" in errors


@pytest.mark.parametrize(
    "bad",
    [
        "geen json",
        "[1]",
        "{}",
        '{"id": 1, "text": "a"}',
        '{"id": "1", "text": null}',
        '{"id": "1"}',
        "[" * 100_000,
        "\udcff",
        '{"id": "1", "text": ' + "9" * 10_000 + "}",
    ],
)
def test_a_bad_line_is_named_and_the_others_go_on(bad: str):
    status, answers, errors = recognise(line("Goed."), bad, line("Ook goed."))

    assert status == 1
    assert len(answers) == 2
    assert errors.startswith("regel 2: ")


@pytest.mark.parametrize("text", ["The boss has his passport and he is not paid.", "De lamp is stuk. " * 6_000])
def test_a_foreign_or_very_long_text_is_a_good_line_with_a_warning(text: str):
    status, answers, errors = recognise(line(text))

    assert status == 0
    assert len(answers) == 1
    assert "regel 1: " in errors


def test_half_a_surrogate_pair_is_echoed_and_blank_lines_are_passed_over():
    status, answers, _ = recognise('{"id": "\\ud800", "text": "Ze huilt \\ud800"}', "", "  ")

    assert status == 0
    assert answers[0]["id"] == "\ud800"


def test_bytes_that_are_no_utf_8_are_a_bad_line():
    stdout, stderr = io.StringIO(), io.StringIO()
    stdin = io.TextIOWrapper(io.BytesIO(b'{"id": "1", "text": "\xff"}\n'), encoding="utf-8")

    assert run(stdin, stdout, stderr) == 1
    assert "geen UTF-8" in stderr.getvalue()


def test_a_person_at_a_terminal_sees_progress():
    status, answers, errors = recognise(line("Goed."), stderr=Terminal())

    assert status == 0
    assert len(answers) == 1
    assert "regels" in errors
