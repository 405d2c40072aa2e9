"""The criteria and word lists as shipped, read from the installed package."""

from functools import cache
from importlib import resources

from dialogs.domain.criteria import Criteria, parse_criteria
from dialogs.domain.recognition import Recogniser, parse_knowledge


def _shipped(name: str) -> str:
    return resources.files("dialogs").joinpath("data", name).read_text("utf-8")


@cache
def load_criteria() -> Criteria:
    """Return the criteria as shipped. Raises `CriteriaInvalid`."""
    return parse_criteria(_shipped("criteria.yaml"))


@cache
def load_recogniser() -> Recogniser:
    """Return a recogniser with the criteria and word lists as shipped; the first call takes about a second.

    Raises `CriteriaInvalid` or `KnowledgeInvalid`.
    """
    return Recogniser(load_criteria(), parse_knowledge(_shipped("recognition.yaml")))
