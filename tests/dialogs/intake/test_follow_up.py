"""What is still asked after the ticks: computed from the criteria, and only what can change something."""

from dataclasses import replace

import pytest

from dialogs.domain.assessment import assess
from dialogs.domain.criteria import Age
from dialogs.domain.signals import Answer, Draft
from dialogs.intake.answers import AnswerRejected
from dialogs.intake.dialog import Intake
from dialogs.intake.follow_up import MOST, Known, ticked, worth_asking
from dialogs.intake.questions import Page
from dialogs.intake.typed import list_called
from tests.knowledge import MONDAY, ROBIN, knowledge

CRITERIA = knowledge().criteria
_NONE = frozenset[str]()


def known(*confirmed: str, settled: frozenset[str] = _NONE, minor: bool | None = None) -> Known:
    return Known(frozenset(confirmed), settled, minor, purpose=False)


def asked(**answers: Answer) -> tuple[str, ...]:
    """The keys of the questions on the page of follow-up questions."""
    draft = Draft("draft-1", ROBIN.actor.id, MONDAY, MONDAY, version=1, answers={"story": "Een verhaal.", **answers})
    return tuple(question.key for question in Intake(draft, knowledge()).flow.open(Page.FOLLOW_UP))


@pytest.mark.parametrize("minor", [True, False, None])
@pytest.mark.parametrize("confirmed", [(), ("docs_held",), ("no_contract", "low_no_pay"), ("many_male_visitors",)])
def test_every_question_could_change_outcome_form_or_route(confirmed: tuple[str, ...], minor: bool | None) -> None:
    now = assess(CRITERIA, confirmed, minor=minor, acute=False, ticks_skipped=not confirmed)
    keys = worth_asking(CRITERIA, known(*confirmed, minor=minor))

    assert 0 < len(keys) <= MOST
    for key in keys:
        then = assess(CRITERIA, (*confirmed, key), minor=minor, acute=False)
        assert (then.outcome, then.forms[:1], then.route) != (now.outcome, now.forms[:1], now.route)


def test_nothing_is_asked_when_nothing_can_change_any_more() -> None:
    everything_known = ("domestic_servitude", "excessive_hours", "confined_watched", "docs_held", "fear")

    assert worth_asking(CRITERIA, known(*everything_known, minor=False)) == ()


def test_what_would_make_a_vague_signal_clear_comes_before_what_only_moves_the_route() -> None:
    keys = worth_asking(CRITERIA, known("no_contract", "low_no_pay"))

    outcomes = [assess(CRITERIA, ("no_contract", "low_no_pay", key), minor=None, acute=False).outcome for key in keys]
    assert set(outcomes) == {"clear"}


def test_questions_of_one_theme_stand_together() -> None:
    themes = [CRITERIA[key].theme for key in worth_asking(CRITERIA, known("docs_held"))]

    assert themes == sorted(themes, key=themes.index)


def test_what_was_put_to_the_reporter_before_is_not_asked_again() -> None:
    first = worth_asking(CRITERIA, known("docs_held"))

    assert set(first).isdisjoint(worth_asking(CRITERIA, known("docs_held", settled=frozenset(first))))


def test_signs_of_children_are_not_asked_about_an_adult() -> None:
    keys = worth_asking(CRITERIA, known("runaway_hotels", minor=False))

    assert all(CRITERIA[key].age is not Age.CHILD for key in keys)


def test_the_age_comes_first_and_weighs_in_what_is_asked() -> None:
    assert asked(danger="no", signs=("blackmail",)) == ()
    assert asked(danger="no", signs=("blackmail", "ronseld"), minor="yes") != asked(
        danger="no", signs=("blackmail", "ronseld"), minor="no"
    )


def test_a_worry_about_something_else_is_asked_one_thing_only() -> None:
    assert asked(danger="no", signs=("fear",), minor="no") == ()
    assert asked(danger="no", signs=("fear",), minor="no", purpose="unknown") == ()
    assert asked(danger="no", signs=("fear",), minor="no", purpose="yes")


def test_danger_is_not_held_up_by_questions() -> None:
    assert asked(danger="yes", signs=("docs_held",), minor="no") == ()


def test_never_more_than_five_are_asked_however_the_answers_fall() -> None:
    answers: dict[str, Answer] = {"danger": "no", "signs": ("docs_held",), "minor": "unknown"}
    for _ in range(10):
        answers |= dict.fromkeys(asked(**answers), "unknown")

    assert sum(key.startswith("sign.") for key in answers) <= MOST


def test_a_yes_counts_a_no_takes_nothing_away_and_not_knowing_is_no_no() -> None:
    def outcome(**answers: Answer) -> str:
        told = {"story": "Een verhaal.", "danger": "no", "minor": "no", "signs": ("docs_held",), **answers}
        draft = Draft("draft-1", ROBIN.actor.id, MONDAY, MONDAY, version=1, answers=told)
        return Intake(draft, knowledge()).flow.assessment.outcome

    before = outcome()
    assert outcome(**{"sign.debt_bondage": "yes"}) == "clear"
    assert outcome(**{"sign.debt_bondage": "no"}) == before == "vague"
    assert outcome(**{"sign.debt_bondage": "unknown"}) == before
    assert outcome(**{"sign.docs_held": "no"}) == before, "what was ticked stays seen"


def test_an_answer_about_a_criterion_that_left_the_file_is_kept() -> None:
    fewer = type(CRITERIA)("later", {key: each for key, each in CRITERIA.by_key.items() if key != "debt_bondage"})
    answers: dict[str, Answer] = {"story": "Een verhaal.", "danger": "no", "signs": (), "sign.debt_bondage": "yes"}
    draft = Draft("draft-1", ROBIN.actor.id, MONDAY, MONDAY, version=1, answers=answers)

    flow = Intake(draft, replace(knowledge(), criteria=fewer)).flow

    assert flow.answers_that_count()["sign.debt_bondage"] == "yes"
    assert "sign.debt_bondage" not in {question.key for question in flow.questions}


# --- the list on the card ---


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        ("1 en 3", "yes unknown yes"),
        ("2", "unknown yes unknown"),
        ("nee", "no no no"),
        ("Geen.", "no no no"),
        ("weet ik niet", "unknown unknown unknown"),
        ("weet niet", "unknown unknown unknown"),
        ("alles klopt", "yes yes yes"),
    ],
)
def test_a_list_can_be_answered_by_typing(typed: str, answers: str) -> None:
    assert list_called(typed, ("sign.a", "sign.b", "sign.c")) == dict(
        zip(("sign.a", "sign.b", "sign.c"), answers.split(), strict=True)
    )


@pytest.mark.parametrize("typed", ["ja", "klopt", "4", "de eerste", "🤷"])
def test_what_may_be_meant_for_one_of_them_is_asked_again(typed: str) -> None:
    with pytest.raises(AnswerRejected, match="no_such_number"):
        list_called(typed, ("sign.a", "sign.b", "sign.c"))


def test_what_is_ticked_as_right_and_as_wrong_is_right() -> None:
    assert ticked({"right": "sign.a", "wrong": "sign.a,sign.b", "where": "hier"}) == {"sign.a": "yes", "sign.b": "no"}
