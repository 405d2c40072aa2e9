import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.knowledge import load_criteria
from dialogs.domain.assessment import Assessment, Outcome, assess
from dialogs.domain.criteria import Strength, UnknownCriterion
from dialogs.domain.delphi import combination

CRITERIA = load_criteria()
VIGNETTES = Path(__file__).parents[2] / "corpus" / "vignettes.yaml"

keys = st.frozensets(st.sampled_from([criterion.key for criterion in CRITERIA]), max_size=12)
minors = st.sampled_from([True, False, None])


def outcome(*confirmed: str, minor: bool | None = False, acute: bool = False, ticks_skipped: bool = False) -> str:
    return assess(CRITERIA, confirmed, minor=minor, acute=acute, ticks_skipped=ticks_skipped).outcome.value


@pytest.mark.parametrize(
    ("confirmed", "minor", "expected"),
    [
        pytest.param((), None, "none", id="nothing confirmed"),
        pytest.param(("fear",), False, "other", id="only fear"),
        pytest.param(("violence", "injuries", "fear"), False, "other", id="violence fits other worries too"),
        pytest.param(("violence", "docs_held"), False, "clear", id="violence and papers"),
        pytest.param(("docs_held",), False, "vague", id="one strong sign alone"),
        pytest.param(("docs_held", "other_speaks"), False, "clear", id="one strong and one weak"),
        pytest.param(("low_no_pay", "no_contract", "no_own_money"), False, "vague", id="a purpose without a means"),
        pytest.param(("low_no_pay", "threat_authorities", "other_speaks"), False, "clear", id="a means and a purpose"),
        pytest.param(("many_male_visitors", "closed_premises", "always_accompanied"), False, "vague", id="no core"),
        pytest.param(("asked_for_help", "fear"), False, "clear", id="asking for help is core"),
        pytest.param(
            ("runaway_hotels", "picked_up_older", "sudden_luxury"), False, "vague", id="signs of youth, adult"
        ),
        pytest.param(("runaway_hotels", "picked_up_older", "sudden_luxury"), True, "clear", id="signs of youth, minor"),
        pytest.param(("runaway_hotels", "picked_up_older", "sudden_luxury"), None, "vague", id="age unknown"),
        pytest.param(("child_no_school_works", "low_no_pay", "no_contract"), True, "clear", id="minor needs no means"),
    ],
)
def test_the_outcome_follows_the_rule(confirmed: tuple[str, ...], minor: bool | None, expected: str):
    assert outcome(*confirmed, minor=minor) == expected


def test_acute_is_an_answer_and_never_a_weight():
    assert outcome("violence", "confined_watched", "debt_bondage", "docs_held") == "clear"
    assert outcome(acute=True) == "acute"


def test_a_story_without_ticks_is_at_least_vague():
    assert outcome(ticks_skipped=True) == "vague"
    assert outcome("fear", ticks_skipped=True) == "vague"
    assert outcome("docs_held", "debt_bondage", ticks_skipped=True) == "clear"


@pytest.mark.parametrize(
    ("confirmed", "minor", "acute", "route"),
    [
        pytest.param((), None, False, ["AF"], id="none"),
        pytest.param((), True, False, ["AF"], id="none, minor"),
        pytest.param(("fear",), None, False, ["AF", "VT"], id="other"),
        pytest.param(("forced_sexwork",), False, False, ["AF", "AVIM"], id="vague SU: consult first"),
        pytest.param(("forced_sexwork", "blackmail"), False, False, ["AF", "AVIM", "ZOCO"], id="clear SU"),
        pytest.param(("excessive_hours", "low_no_pay"), False, False, ["AF", "NLA", "ZOCO"], id="clear AU"),
        pytest.param(("low_no_pay",), False, False, ["AF", "NLA"], id="vague AU"),
        pytest.param(
            ("excessive_hours", "low_no_pay", "confined_watched"),
            False,
            False,
            ["AF", "AVIM", "NLA", "ZOCO"],
            id="clear AU with confinement",
        ),
        pytest.param(
            ("minor_paid_sex", "blackmail"), True, True, ["112", "AF", "AVIM", "ZOCO", "VT"], id="acute minor"
        ),
        pytest.param((), None, True, ["112", "AF", "AVIM", "ZOCO"], id="acute without criteria"),
    ],
)
def test_the_route_follows_outcome_form_and_age(
    confirmed: tuple[str, ...], minor: bool | None, acute: bool, route: list[str]
):
    assessment = assess(CRITERIA, confirmed, minor=minor, acute=acute)

    assert [token.value for token in assessment.route] == route


def test_forms_rank_by_weight_and_ties_fall_in_a_fixed_order():
    assert [form.value for form in assess(CRITERIA, ["low_no_pay", "blackmail"], minor=False, acute=False).forms] == [
        "SU",
        "CU",
        "AU",
    ]
    assert assess(CRITERIA, ["excessive_hours", "blackmail"], minor=False, acute=False).forms[0] == "AU"


def test_the_focal_officer_reads_every_criterion_with_its_weight_and_source():
    assessment = assess(CRITERIA, ["threats_person", "docs_held", "docs_held"], minor=True, acute=False)

    assert [(each.criterion, each.weight.value, each.source.value) for each in assessment.counted] == [
        ("docs_held", "S", "delphi"),
        ("threats_person", "S", "delphi"),
    ]
    assert any("paspoort" in reason and "sterk" in reason for reason in assessment.reasons)
    assert assessment.criteria_version == CRITERIA.version


def test_what_is_missing_is_named_only_where_it_can_change_the_outcome():
    vague = assess(CRITERIA, ["low_no_pay"], minor=None, acute=False)
    clear = assess(CRITERIA, ["docs_held", "debt_bondage"], minor=False, acute=False)

    assert any("jonger is dan 18" in sentence for sentence in vague.missing)
    assert any("dwang" in sentence for sentence in vague.missing)
    assert clear.missing == ()


def test_an_unknown_criterion_is_refused():
    with pytest.raises(UnknownCriterion, match="nonsense"):
        outcome("nonsense")


@pytest.mark.parametrize(
    ("weights", "positive"),
    [
        ("SS", True),
        ("SW", True),
        ("SM", True),
        ("MMM", True),
        ("MMW", True),
        ("S", False),
        ("MM", False),
        ("MWW", False),
        ("WWWW", False),
        ("", False),
    ],
)
def test_the_published_combination_of_the_ilo(weights: str, positive: bool):
    assert combination(Strength(weight) for weight in weights) is positive


@pytest.mark.parametrize(
    ("confirmed", "minor", "said"),
    [
        (["docs_held"], False, "geen geval van uitbuiting"),
        (["excessive_hours", "low_no_pay"], False, "uitbuiting, zonder dat werving of dwang"),
        (["excessive_hours", "low_no_pay"], True, "uitbuiting van een minderjarige"),
        (
            ["excessive_hours", "low_no_pay", "false_promise_job", "false_promise_terms"],
            False,
            "misleiding en uitbuiting",
        ),
        (
            ["excessive_hours", "low_no_pay", "false_promise_job", "false_promise_terms", "docs_held", "violence"],
            False,
            "mensenhandel voor gedwongen arbeid",
        ),
    ],
)
def test_the_strict_case_of_the_ilo_stands_beside_the_outcome(confirmed: list[str], minor: bool, said: str):
    assert said in assess(CRITERIA, confirmed, minor=minor, acute=False).delphi.case


@given(keys, keys, minors, st.booleans())
def test_confirming_more_never_lowers_the_outcome(
    some: frozenset[str], more: frozenset[str], minor: bool | None, acute: bool
):
    before = assess(CRITERIA, some, minor=minor, acute=acute).outcome
    after = assess(CRITERIA, some | more, minor=minor, acute=acute).outcome

    assert after.rank >= before.rank


@given(keys, st.booleans())
def test_an_unknown_age_never_counts_as_no(some: frozenset[str], acute: bool):
    unknown = assess(CRITERIA, some, minor=None, acute=acute)
    adult = assess(CRITERIA, some, minor=False, acute=acute)

    assert unknown.outcome.rank >= adult.outcome.rank
    assert acute or any("jonger is dan 18" in sentence for sentence in unknown.missing)


@given(st.lists(st.sampled_from([criterion.key for criterion in CRITERIA]), max_size=12), minors, st.randoms())
def test_order_and_repeats_do_not_matter(some: list[str], minor: bool | None, chance: Any):
    shuffled = some + some[:3]
    chance.shuffle(shuffled)

    assert assess(CRITERIA, some, minor=minor, acute=False) == assess(CRITERIA, shuffled, minor=minor, acute=False)


@given(keys, minors, st.booleans(), st.booleans())
def test_an_assessment_survives_json(some: frozenset[str], minor: bool | None, acute: bool, skipped: bool):
    assessment = assess(CRITERIA, some, minor=minor, acute=acute, ticks_skipped=skipped)

    assert Assessment.from_json(json.loads(json.dumps(assessment.to_json()))) == assessment


@given(keys, minors, st.booleans(), st.booleans())
def test_the_reporter_never_reads_a_verdict(some: frozenset[str], minor: bool | None, acute: bool, skipped: bool):
    assessment = assess(CRITERIA, some, minor=minor, acute=acute, ticks_skipped=skipped)

    assert not {"dader", "slachtoffer", "bewezen"} & set(assessment.explanation.lower().split())
    assert assessment.reasons


def test_outcomes_have_an_order():
    assert [outcome.value for outcome in sorted(Outcome, key=lambda outcome: outcome.rank)] == [
        "none",
        "other",
        "vague",
        "clear",
        "acute",
    ]


def test_the_labelled_vignettes_get_their_outcome_and_route():
    entries: list[dict[str, Any]] = yaml.safe_load(VIGNETTES.read_text("utf-8"))
    outcomes = routes = 0
    for entry in entries:
        minor = {"true": True, "false": False}.get(str(entry["minor"]).lower())
        assessment = assess(CRITERIA, entry["indicators"], minor=minor, acute=entry["urgency"] == "acute")
        compared = {"AVIM", "NLA", "ZOCO", "112"}
        outcomes += assessment.outcome.value == entry["urgency"]
        routes += {token.value for token in assessment.route} & compared == set(entry["route"]) & compared

    assert outcomes >= 19
    assert routes >= 17
