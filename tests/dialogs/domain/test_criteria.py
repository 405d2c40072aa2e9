import pytest

from bot.commands.knowledge import load_criteria, load_recogniser
from dialogs.domain.criteria import CriteriaInvalid, Criterion, Form, Source, Strength, UnknownCriterion, parse_criteria

ENTRY = """
  - key: {key}
    sentence: Een zin voor de balie.
    theme: Werk en loon
    forms: [{forms}]
    strength: S
    source: judgement
    why: een reden
    dimension: D5
    element: means
"""


def file(*entries: str) -> str:
    return 'version: "2026-11-23"\ncriteria:' + "".join(entries)


def test_the_shipped_file_holds_every_criterion_of_the_catalogue_with_patterns_and_examples():
    criteria = load_criteria()

    assert len(criteria) == 72
    assert all(
        criterion.patterns and criterion.examples.match and criterion.examples.no_match for criterion in criteria
    )


def test_a_weight_by_law_or_judgement_always_says_why():
    assert all(criterion.why for criterion in load_criteria() if criterion.source is not Source.DELPHI)


def test_a_minor_gets_the_higher_of_the_two_weights():
    criteria = load_criteria()

    assert criteria["threats_person"].strength_for(minor=False) is Strength.MEDIUM
    assert criteria["threats_person"].strength_for(minor=None) is Strength.MEDIUM
    assert criteria["threats_person"].strength_for(minor=True) is Strength.STRONG
    assert criteria["child_no_school_works"].strength_for(minor=True) is Strength.MEDIUM


def test_the_file_keeps_its_order_and_answers_by_key():
    criteria = parse_criteria(file(ENTRY.format(key="one", forms="SU"), ENTRY.format(key="two", forms="AU, CU")))

    assert [criterion.key for criterion in criteria] == ["one", "two"]
    assert criteria["two"].forms == (Form.AU, Form.CU)
    assert "one" in criteria
    with pytest.raises(UnknownCriterion, match="three"):
        criteria["three"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param(
            file(ENTRY.format(key="one", forms="SU"), ENTRY.format(key="one", forms="SU")),
            ["line 13: one is already on line 3"],
            id="the same key twice",
        ),
        pytest.param(file(ENTRY.format(key="one", forms="XU")), ["line 6: criteria.0.forms.0"], id="an unknown form"),
        pytest.param(file(ENTRY.format(key="one", forms="SU, SU")), ["one names a form twice"], id="a form twice"),
        pytest.param(
            file(ENTRY.format(key="one", forms="SU") + "    gives_way_to: [two]\n"),
            ["line 12: one cannot give way to two"],
            id="gives way to one that is not there",
        ),
        pytest.param(
            file(ENTRY.format(key="one", forms="SU") + "    gives_way_to: [one]\n"),
            ["line 12: one cannot give way to one"],
            id="gives way to itself",
        ),
        pytest.param(
            file(ENTRY.format(key="one", forms="SU").replace("    why: een reden\n", "")),
            ["line 3: one has a weight by judgement and must say why"],
            id="a judgement without a why",
        ),
        pytest.param(
            file(ENTRY.format(key="one", forms="SU").replace("judgement", "delphi")),
            ["line 3: one names the Delphi lists and must give their weight"],
            id="a Delphi weight that is not given",
        ),
        pytest.param(
            file(ENTRY.format(key="One", forms="XU").replace("strength: S", "strength: Z")),
            ["line 3: criteria.0.key", "line 6: criteria.0.forms.0", "line 7: criteria.0.strength"],
            id="all faults at once",
        ),
        pytest.param("version: [", ["no YAML"], id="no YAML"),
        pytest.param("", ["line 1"], id="an empty file"),
        pytest.param(
            'version: "2026-11-23"\nversion: "2026-11-24"', ["the key version stands twice"], id="a key twice"
        ),
        pytest.param(
            file(ENTRY.format(key="one", forms="SU") + "    colour: red\n"), ["colour"], id="an unknown field"
        ),
    ],
)
def test_a_wrong_file_is_refused_with_every_fault_and_its_line(text: str, faults: list[str]):
    with pytest.raises(CriteriaInvalid) as refusal:
        parse_criteria(text)

    for fault in faults:
        assert fault in str(refusal.value)


@pytest.mark.parametrize("criterion", load_criteria(), ids=lambda criterion: criterion.key)
def test_the_examples_beside_the_patterns_are_read_as_they_say(criterion: Criterion):
    recogniser = load_recogniser()

    for example in criterion.examples.match:
        assert criterion.key in {each.criterion for each in recogniser.read(example).suggestions}, example
    for example in criterion.examples.no_match:
        assert criterion.key not in {each.criterion for each in recogniser.read(example).suggestions}, example
