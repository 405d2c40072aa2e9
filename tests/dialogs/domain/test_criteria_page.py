from pathlib import Path

from bot.commands.knowledge import load_criteria
from dialogs.domain.criteria_page import criteria_page

PAGE = Path(__file__).parents[3] / "deployment" / "guide" / "criteria.md"


def test_the_page_for_the_focal_officer_is_in_step_with_the_criteria_file():
    assert PAGE.read_text("utf-8") == criteria_page(load_criteria()), f"run python -m {__name__}"


def test_the_page_says_of_every_criterion_what_it_weighs_and_when_it_is_read():
    page = criteria_page(load_criteria())

    for criterion in load_criteria():
        assert criterion.sentence in page
        assert f"`{criterion.key}`" in page
        assert all(example in page for example in criterion.examples.match)


if __name__ == "__main__":
    PAGE.write_text(criteria_page(load_criteria()), "utf-8")
