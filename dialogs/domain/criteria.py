"""The signal criteria as reviewed data: what they say, what they weigh and how a text mentions them.

The file is `dialogs/data/criteria.yaml`. `parse_criteria` reads it as a string and names every fault with its line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from dialogs.domain.yaml_lines import FileInvalid, Lines, compose


class Form(StrEnum):
    """A form of exploitation: sexual, labour, criminal, or the removal of organs (policy, chapter 3)."""

    SU = "SU"
    AU = "AU"
    CU = "CU"
    OV = "OV"


class Strength(StrEnum):
    """The weight of a criterion, in the three tiers of the ILO Delphi lists (2009)."""

    STRONG = "S"
    MEDIUM = "M"
    WEAK = "W"

    @property
    def points(self) -> int:
        """What the weight adds when forms are ranked: 3, 2 or 1."""
        return {"S": 3, "M": 2, "W": 1}[self.value]


class Source(StrEnum):
    """Where a weight comes from; `JUDGEMENT` and `LAW` come with a `why`."""

    DELPHI = "delphi"
    LAW = "law"
    JUDGEMENT = "judgement"


class Dimension(StrEnum):
    """The six dimensions of the ILO, and three of a desk: presentation, location, disclosure."""

    DECEPTION = "D1"
    COERCIVE_RECRUITMENT = "D2"
    VULNERABILITY = "D3"
    EXPLOITATION = "D4"
    COERCION = "D5"
    DEPENDENCE = "D6"
    PRESENTATION = "P"
    LOCATION = "L"
    DISCLOSURE = "X"


class Element(StrEnum):
    """Which part of article 273f Sr a criterion speaks to."""

    ACT = "act"
    MEANS = "means"
    PURPOSE = "purpose"
    CONTEXT = "context"


class Age(StrEnum):
    """Whom a criterion is about."""

    ADULT = "adult"
    CHILD = "child"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Examples:
    """Sentences that must and must not be read as the criterion; they run as tests."""

    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One signal criterion. `sentence`, `theme`, `why` and `acute_if` are Dutch; the rest is data."""

    key: str
    sentence: str
    theme: str
    forms: tuple[Form, ...]
    strength: Strength
    source: Source
    dimension: Dimension
    element: Element
    age: Age = Age.BOTH
    delphi_adult: Strength | None = None  #: weight in the ILO Delphi list for adults, labour or sexual
    delphi_child: Strength | None = None
    why: str | None = None
    acute_if: str | None = None
    ilo: int | None = None  #: number among the eleven ILO indicators of forced labour
    lists: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()  #: how a text mentions it, in the language of `recognition.patterns`
    hints: tuple[str, ...] = ()  #: patterns too weak to stand alone: two in other words do, or three
    unless: tuple[str, ...] = ()  #: innocent readings: nothing is suggested from this sentence
    denied: tuple[str, ...] = ()  #: the text says that it is not so
    gives_way_to: tuple[str, ...] = ()  #: keys of criteria that say it better: words that these read do not count
    examples: Examples = field(default_factory=Examples)
    lines: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)  #: where each pattern stands

    @property
    def minor_strength(self) -> Strength:
        """The weight when the person is under 18: the higher of `strength` and the Delphi weight for children."""
        return max((self.strength, self.delphi_child or self.strength), key=lambda strength: strength.points)

    def strength_for(self, *, minor: bool | None) -> Strength:
        """The weight that counts; an unknown age is weighed as an adult."""
        return self.minor_strength if minor else self.strength


class CriteriaInvalid(FileInvalid):
    """The criteria file cannot be used; every fault is named with its line."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("criteria file:\n" + "\n".join(faults))


class UnknownCriterion(KeyError):
    """A criterion is named that the criteria file does not hold."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)

    def __str__(self) -> str:
        return f"unknown criterion: {self.key}"


@dataclass(frozen=True, slots=True, eq=False)
class Criteria:
    """All criteria of one version, in the order of the file; two files read are two, whatever stands in them."""

    version: str
    by_key: dict[str, Criterion]

    def __iter__(self) -> Iterator[Criterion]:
        return iter(self.by_key.values())

    def __len__(self) -> int:
        return len(self.by_key)

    def __contains__(self, key: object) -> bool:
        return key in self.by_key

    def __getitem__(self, key: str) -> Criterion:
        """Return the criterion with this key; raise `UnknownCriterion` where there is none."""
        try:
            return self.by_key[key]
        except KeyError:
            raise UnknownCriterion(key) from None


_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ExamplesEntry(_Strict):
    match: tuple[_Text, ...] = ()
    no_match: tuple[_Text, ...] = ()


class _DelphiEntry(_Strict):
    adult: Strength | None = None
    child: Strength | None = None


class _Entry(_Strict):
    key: _Key
    sentence: _Text
    theme: _Text
    forms: Annotated[tuple[Form, ...], Field(min_length=1)]
    strength: Strength
    source: Source
    why: _Text | None = None
    delphi: _DelphiEntry = _DelphiEntry()
    dimension: Dimension
    element: Element
    age: Age = Age.BOTH
    acute_if: _Text | None = None
    ilo: Annotated[int, Field(ge=1, le=11)] | None = None
    lists: tuple[_Text, ...] = ()
    recognise: tuple[_Text, ...] = ()
    hints: tuple[_Text, ...] = ()
    unless: tuple[_Text, ...] = ()
    denied: tuple[_Text, ...] = ()
    gives_way_to: tuple[_Key, ...] = ()
    examples: _ExamplesEntry = _ExamplesEntry()

    def criterion(self, lines: Mapping[str, int]) -> Criterion:
        return Criterion(
            key=self.key,
            sentence=self.sentence,
            theme=self.theme,
            forms=self.forms,
            strength=self.strength,
            source=self.source,
            dimension=self.dimension,
            element=self.element,
            age=self.age,
            delphi_adult=self.delphi.adult,
            delphi_child=self.delphi.child,
            why=self.why,
            acute_if=self.acute_if,
            ilo=self.ilo,
            lists=self.lists,
            patterns=self.recognise,
            hints=self.hints,
            unless=self.unless,
            denied=self.denied,
            gives_way_to=self.gives_way_to,
            examples=Examples(self.examples.match, self.examples.no_match),
            lines=lines,
        )


class _File(_Strict):
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(\.\d+)?$")]
    criteria: Annotated[tuple[_Entry, ...], Field(min_length=1)]


_FILE: TypeAdapter[_File] = TypeAdapter(_File)


def parse_criteria(text: str) -> Criteria:
    """Read a criteria file. Raises `CriteriaInvalid` that names all faults, each with its line."""
    try:
        data, lines = compose(text)
    except yaml.YAMLError as error:
        raise CriteriaInvalid((f"no YAML: {error}",)) from error
    try:
        file = _FILE.validate_python(data)
    except ValidationError as error:
        raise CriteriaInvalid(tuple(_fault(fault, lines) for fault in error.errors())) from error
    faults = tuple(_faults(file, lines))
    if faults:
        raise CriteriaInvalid(faults)
    return Criteria(
        file.version,
        {
            entry.key: entry.criterion(dict(_pattern_lines(number, entry, lines)))
            for number, entry in enumerate(file.criteria)
        },
    )


def _pattern_lines(number: int, entry: _Entry, lines: Lines) -> Iterator[tuple[str, int]]:
    for name in ("recognise", "hints", "unless", "denied"):
        patterns: tuple[str, ...] = getattr(entry, name)
        for place, pattern in enumerate(patterns):
            yield pattern, lines.of(("criteria", number, name, place))


def _fault(fault: Any, lines: Lines) -> str:
    place: tuple[str | int, ...] = fault["loc"]
    return f"line {lines.of(place)}: {'.'.join(map(str, place))}: {fault['msg']}"


def _faults(file: _File, lines: Lines) -> Iterator[str]:
    seen: dict[str, int] = {}
    gives_way = {entry.key: bool(entry.gives_way_to) for entry in file.criteria}
    for number, entry in enumerate(file.criteria):
        line = lines.of(("criteria", number))
        if entry.key in seen:
            yield f"line {line}: {entry.key} is already on line {seen[entry.key]}"
        seen.setdefault(entry.key, line)
        if len(set(entry.forms)) < len(entry.forms):
            yield f"line {line}: {entry.key} names a form twice"
        if entry.source is not Source.DELPHI and entry.why is None:
            yield f"line {line}: {entry.key} has a weight by {entry.source} and must say why"
        if entry.source is Source.DELPHI and entry.delphi.adult is None and entry.delphi.child is None:
            yield f"line {line}: {entry.key} names the Delphi lists and must give their weight"
        for place, other in enumerate(entry.gives_way_to):
            if gives_way.get(other, True):
                where = lines.of(("criteria", number, "gives_way_to", place))
                yield f"line {where}: {entry.key} cannot give way to {other}: name a criterion that gives way to none"
