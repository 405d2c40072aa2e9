"""The Delphi rule of the ILO and the European Commission (2009), exactly as published.

Source: ILO, *Operational indicators of trafficking in human beings* (WCMS_105023), p. 3: a dimension is positive with
two strong indicators, one strong and one medium or weak, three medium, or two medium and one weak. The Dutch sentences
are for the AF: they explain, they decide nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dialogs.domain.criteria import Criterion, Dimension, Strength

DIMENSIONS: dict[Dimension, str] = {
    Dimension.DECEPTION: "misleiding bij de werving",
    Dimension.COERCIVE_RECRUITMENT: "dwang bij de werving",
    Dimension.VULNERABILITY: "werving door misbruik van een kwetsbare positie",
    Dimension.EXPLOITATION: "uitbuiting",
    Dimension.COERCION: "dwang op de plek zelf",
    Dimension.DEPENDENCE: "misbruik van een kwetsbare positie op de plek zelf",
}


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """One dimension of the ILO: how many confirmed criteria stand in it, by published weight."""

    dimension: Dimension
    name: str
    strong: int
    medium: int
    weak: int
    positive: bool


@dataclass(frozen=True, slots=True)
class DelphiResult:
    """The dimensions that hold anything, and the Dutch sentence for the case as a whole."""

    dimensions: tuple[DimensionResult, ...]
    case: str


def combination(weights: Iterable[Strength]) -> bool:
    """Return whether the weights together make a dimension positive."""
    counted = list(weights)
    strong, medium, weak = (counted.count(strength) for strength in Strength)
    return strong >= 2 or (strong == 1 and medium + weak >= 1) or medium >= 3 or (medium == 2 and weak >= 1)  # noqa: PLR2004


def delphi_result(criteria: Iterable[Criterion], *, minor: bool | None) -> DelphiResult:
    """Apply the published rule to criteria that have a published weight for this age in an ILO dimension."""
    by_dimension: dict[Dimension, list[Strength]] = {dimension: [] for dimension in DIMENSIONS}
    for criterion in criteria:
        weight = criterion.delphi_child if minor else criterion.delphi_adult
        if weight is not None and criterion.dimension in by_dimension:
            by_dimension[criterion.dimension].append(weight)
    results = tuple(
        DimensionResult(
            dimension,
            DIMENSIONS[dimension],
            weights.count(Strength.STRONG),
            weights.count(Strength.MEDIUM),
            weights.count(Strength.WEAK),
            combination(weights),
        )
        for dimension, weights in by_dimension.items()
        if weights
    )
    return DelphiResult(results, _case({result.dimension for result in results if result.positive}, minor=minor))


def _case(positive: set[Dimension], *, minor: bool | None) -> str:
    if Dimension.EXPLOITATION not in positive:
        return "Volgens de strikte ILO-regel is er met wat nu bekend is geen geval van uitbuiting."
    if minor:
        return "Volgens de strikte ILO-regel: uitbuiting van een minderjarige. Een dwangmiddel is dan niet nodig."
    if Dimension.COERCION in positive and positive & {Dimension.DECEPTION, Dimension.COERCIVE_RECRUITMENT}:
        return "Volgens de strikte ILO-regel: mensenhandel voor gedwongen arbeid."
    if Dimension.DECEPTION in positive:
        return "Volgens de strikte ILO-regel: misleiding en uitbuiting."
    return "Volgens de strikte ILO-regel: uitbuiting, zonder dat werving of dwang is vastgesteld."
