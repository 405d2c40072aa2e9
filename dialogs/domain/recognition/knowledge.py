"""The word lists of `dialogs/data/recognition.yaml`: shared vocabulary and the words that turn a meaning around."""

from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from dialogs.domain.yaml_lines import FileInvalid, compose

_Word = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Words = tuple[_Word, ...]


class KnowledgeInvalid(FileInvalid):
    """The word lists cannot be used; every fault is named with its line."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PatternSet(_Section):
    """Patterns for one thing, and those that make it untrue."""

    recognise: _Words
    unless: _Words = ()


class Danger(PatternSet):
    """Patterns for danger now; `now` says the moment beside a criterion that has an urgency condition."""

    now: _Words


class Denials(_Section):
    """Patterns that say no."""

    around: _Words  #: to their clause
    ahead: _Words  #: to some words that follow
    harmless: _Words  #: no denial after all: niet alleen, geen twijfel
    refuted: _Words  #: to everything up to a contrast: het klopt niet dat


class ClauseWords(_Section):
    """Words that open a clause always (against what went before: `contrasts`) or before a verb, and those verbs."""

    contrasts: _Words
    openers: _Words
    joiners: _Words
    verbs: _Words


class Silences(_Section):
    """Patterns with which nothing is suggested: up to a contrast, or from there to the end of the text."""

    part: _Words
    rest: _Words
    back: _Words  #: patterns that end the silence of `rest`


class Languages(_Section):
    """Small words by which Dutch is told from other languages."""

    dutch: _Words
    other: _Words


class Knowledge(_Section):
    """All of the file."""

    lists: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*$")], _Words]
    spellings: dict[str, str]
    abbreviations: _Words
    numbers: dict[str, float]
    fillers: _Words
    clauses: ClauseWords
    denial: Denials
    silence: Silences
    danger: Danger
    minor: PatternSet
    young: PatternSet  #: words such as meisje, that say minor only where nothing says adult
    adult: PatternSet
    languages: Languages


def parse_knowledge(text: str) -> Knowledge:
    """Read the word lists. Raises `KnowledgeInvalid` that names all faults, each with its line."""
    try:
        data, lines = compose(text)
    except yaml.YAMLError as error:
        raise KnowledgeInvalid(f"word lists: no YAML: {error}") from error
    try:
        return Knowledge.model_validate(data)
    except ValidationError as error:
        faults = (_fault(fault, lines.of(fault["loc"])) for fault in error.errors())
        raise KnowledgeInvalid("word lists:\n" + "\n".join(faults)) from error


def _fault(fault: Any, line: int) -> str:
    return f"line {line}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
