"""Two minutes at a desk: a reporter who answers from the labels of the vignettes gets to the receipt in few actions."""

import asyncio
from statistics import median

import pytest

from dialogs.domain.assessment import Outcome
from tests.benchmarks.scripted_reporter import Played, play_all


@pytest.fixture(scope="module")
def played() -> list[Played]:
    return asyncio.run(play_all("vignettes"))


def test_the_receipt_comes_within_eight_actions_with_one_text_typed(played: list[Played]) -> None:
    assert len(played) == 20
    assert median(each.actions for each in played) <= 8
    assert max(each.actions for each in played) <= 9
    assert {each.typed for each in played} == {1}


def test_the_outcome_is_the_one_with_all_questions_asked(played: list[Played]) -> None:
    other = [each.text.id for each in played if each.outcome is not each.with_all_asked]

    assert len(other) <= 1, other


def test_danger_takes_three_steps_after_the_menu(played: list[Played]) -> None:
    acute = [each for each in played if each.text.danger]

    assert len(acute) == 2
    for each in acute:
        assert each.actions == 4, "Melden, and then: danger, the story with where, send"
        assert each.outcome is Outcome.ACUTE


def test_nobody_is_asked_about_more_than_five_criteria(played: list[Played]) -> None:
    assert max(each.asked for each in played) <= 5
