"""The criteria and word lists as shipped, read from the installed package."""

import gc
from functools import cache
from importlib import resources

from dialogs.domain.criteria import Criteria, parse_criteria
from dialogs.domain.recognition import Knowledge, Recogniser, parse_knowledge


def _shipped(name: str) -> str:
    return resources.files("dialogs").joinpath("data", name).read_text("utf-8")


@cache
def load_criteria() -> Criteria:
    """Return the criteria as shipped. Raises `CriteriaInvalid`."""
    return parse_criteria(_shipped("criteria.yaml"))


def load_knowledge() -> Knowledge:
    """Return the word lists as shipped. Raises `KnowledgeInvalid`."""
    return parse_knowledge(_shipped("recognition.yaml"))


@cache
def load_recogniser() -> Recogniser:
    """Return a recogniser with the criteria and word lists as shipped; the first call takes about a second.

    Raises `CriteriaInvalid` or `KnowledgeInvalid`.
    """
    recogniser = Recogniser(load_criteria(), load_knowledge())
    recogniser.read(
        " ".join(map(str, range(100)))
    )  # the dictionary and the small numbers, before anybody waits for them
    # It lives as long as the process. Left to the collector, its hundreds of thousands of objects are walked again at
    # every full collection: a quarter of a second in the middle of somebody's turn.
    gc.collect()
    gc.freeze()
    return recogniser
