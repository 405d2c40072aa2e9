import io
import json
from typing import Any

import pytest

from bot.commands.partners import run

FIELDS = ["partner", "name", "number", "open", "until", "reason", "source", "checked_on"]


def ask(
    query: str | None, at: str | None, municipality: str = "maashorst", *, as_json: bool = True
) -> tuple[int, str, str]:
    stdout, stderr = io.StringIO(), io.StringIO()
    status = run(query, at, municipality, as_json, stdout, stderr)
    return status, stdout.getvalue(), stderr.getvalue()


def answers(query: str | None, at: str, municipality: str = "maashorst") -> list[dict[str, Any]]:
    status, out, err = ask(query, at, municipality)
    assert (status, err) == (0, "")
    return json.loads(out)


def test_by_day_avim_answers_itself() -> None:
    (avim,) = answers("nummer avim", "2026-11-24T10:00")
    assert list(avim) == FIELDS
    assert (avim["partner"], avim["number"], avim["open"]) == ("avim", "088-9630320", True)
    assert (avim["until"], avim["checked_on"]) == ("2026-11-24T16:30:00+01:00", None)


def test_by_night_the_police_stand_in_under_their_own_key() -> None:
    politie, avim = answers("avim", "2026-11-24T22:00")
    assert (politie["partner"], politie["number"], politie["open"], politie["until"]) == (
        "politie",
        "0900-8844",
        True,
        None,
    )
    assert (avim["partner"], avim["open"], avim["until"]) == ("avim", False, "2026-11-25T08:00:00+01:00")


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("2026-07-01T08:00", "avim"),
        ("2026-07-01T06:00Z", "avim"),
        ("2026-07-01T05:59:59Z", "politie"),
        ("2026-07-01T08:00+00:00", "avim"),
        ("2026-07-01T16:30", "politie"),
        ("2026-07-01", "politie"),
    ],
)
def test_a_moment_without_offset_is_amsterdam_time(at: str, first: str) -> None:
    assert answers("avim", at)[0]["partner"] == first


@pytest.mark.parametrize("name", ["Eersel", "EERSEL", " eersel "])
def test_the_name_of_a_municipality_ignores_case(name: str) -> None:
    assert answers("zoco", "2026-11-24T10:00", name)[0]["number"] == "040-2193388"


def test_a_partner_without_a_number_says_so() -> None:
    (riec,) = answers("riec", "2026-11-24T10:00")
    assert (riec["number"], riec["open"], riec["until"]) == (None, False, None)


@pytest.mark.parametrize("query", [None, "", "  "])
def test_without_a_question_everybody_is_listed(query: str | None) -> None:
    listed = [each["partner"] for each in answers(query, "2026-11-24T10:00")]
    assert {"112", "avim", "af", "mma"} <= set(listed)
    assert len(listed) == len(set(listed)) >= 16


def test_without_a_moment_it_is_now() -> None:
    status, out, _ = ask("politie", None)
    assert status == 0
    assert json.loads(out)[0]["number"] == "0900-8844"


def test_a_guess_is_called_one_beside_the_array() -> None:
    status, out, err = ask("fietsenmaker", "2026-11-24T10:00")
    assert status == 0
    assert [each["partner"] for each in json.loads(out)][-1] == "112"
    assert "Niemand gevonden voor: fietsenmaker" in err


def test_a_person_reads_a_table() -> None:
    status, out, _ = ask("avim", "2026-12-25T10:00", as_json=False)
    assert status == 0
    assert "0900-8844" in out
    assert "088-9630320" in out
    assert "[" not in out


@pytest.mark.parametrize(
    ("at", "municipality", "says"),
    [
        ("kerst", "maashorst", "--at kerst"),
        ("0001-01-01T00:00", "maashorst", "--at 0001-01-01T00:00"),
        ("2026-11-24T10:00", "Zundert", "er zijn eersel, maashorst"),
        ("2026-11-24T10:00", "../maashorst", "er zijn eersel, maashorst"),
        ("2026-11-24T10:00", "", "er zijn eersel, maashorst"),
    ],
)
def test_what_does_not_exist_is_one_sentence(at: str, municipality: str, says: str) -> None:
    status, out, err = ask("avim", at, municipality)
    assert (status, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1
