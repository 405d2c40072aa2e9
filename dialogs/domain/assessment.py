"""What confirmed criteria mean together: a fixed rule that explains itself. A person decides; nothing is rejected.

The rule is section 5 of the design: acute, none, other, clear, vague; the first that fits wins. It pools the criteria
instead of asking for a full ILO case, because a desk sees two or three things spread over the dimensions.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from dialogs.domain.criteria import Age, Criteria, Criterion, Dimension, Element, Form, Source, Strength
from dialogs.domain.delphi import DelphiResult, combination, delphi_result
from dialogs.domain.routing import RouteToken, in_order, partners_for

#: Signs that fit many other worries too; alone they ask for one more question and for Veilig Thuis.
NON_SPECIFIC = frozenset(
    {
        "violence",
        "injuries",
        "fear",
        "threats_person",
        "always_accompanied",
        "other_speaks",
        "isolated",
        "behaviour_change",
        "exhausted",
    }
)

#: Ties between forms fall in this order.
_TIE_ORDER = (Form.SU, Form.CU, Form.OV, Form.AU)

_FORM_NAMES = {
    Form.SU: "seksuele uitbuiting",
    Form.AU: "arbeidsuitbuiting",
    Form.CU: "criminele uitbuiting",
    Form.OV: "gedwongen orgaanverwijdering",
}
_STRENGTH_NAMES = {Strength.STRONG: "sterk", Strength.MEDIUM: "gemiddeld", Strength.WEAK: "zwak"}
_SOURCE_NAMES = {Source.DELPHI: "ILO Delphi 2009", Source.LAW: "de wet", Source.JUDGEMENT: "eigen oordeel"}


class Outcome(StrEnum):
    """How serious the signal looks, from low to high."""

    NONE = "none"
    OTHER = "other"
    VAGUE = "vague"
    CLEAR = "clear"
    ACUTE = "acute"

    @property
    def rank(self) -> int:
        """The place in the order of severity, from 0."""
        return _RANKS[self]


_RANKS = {outcome: rank for rank, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True)
class Counted:
    """One criterion that counted, with the weight that it had."""

    criterion: str
    weight: Strength
    source: Source


@dataclass(frozen=True, slots=True)
class Assessment:
    """The outcome with everything that explains it. All texts are Dutch; `to_json` and `from_json` are inverse."""

    outcome: Outcome
    forms: tuple[Form, ...]  #: best first
    route: tuple[RouteToken, ...]
    counted: tuple[Counted, ...]  #: in the order of the criteria file
    reasons: tuple[str, ...]  #: in full, for the AF
    explanation: str  #: short, for the reporter; no verdict
    missing: tuple[str, ...]  #: what is unknown and could change the outcome
    delphi: DelphiResult  #: beside it, for the AF; decides nothing
    criteria_version: str

    def to_json(self) -> dict[str, Any]:
        """Return the assessment as plain lists, dicts, strings, numbers and booleans."""
        return _ADAPTER.dump_python(self, mode="json")

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Assessment":
        """Return what `to_json` wrote. Raises `pydantic.ValidationError`."""
        return _ADAPTER.validate_python(data)


_ADAPTER = TypeAdapter(Assessment)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided, without the reasons: outcome, forms best first, route."""

    outcome: Outcome
    forms: tuple[Form, ...]
    route: tuple[RouteToken, ...]


def verdict(
    chosen: Sequence[Criterion], *, minor: bool | None, acute: bool = False, ticks_skipped: bool = False
) -> Verdict:
    """The decision of `assess` on these criteria, each once: quick, to try out what an answer would change."""
    outcome = _outcome(chosen, minor=minor, acute=acute, ticks_skipped=ticks_skipped)
    forms = _ranked_forms(chosen, minor=minor)
    return Verdict(outcome, forms, route_of(outcome, forms, {each.key for each in chosen}, minor=minor))


def assess(
    criteria: Criteria,
    confirmed: Iterable[str],
    *,
    minor: bool | None,
    acute: bool,
    ticks_skipped: bool = False,
) -> Assessment:
    """Weigh the confirmed criteria (keys; order and repeats do not matter). Raises `UnknownCriterion`.

    `minor` None is unknown and weighed as an adult. `acute` is the answer to the danger question, never a weight.
    `ticks_skipped`: a text was given but nobody ticked what is right; the outcome is then at least vague.
    """
    keys = {criteria[key].key for key in confirmed}
    chosen = [criterion for criterion in criteria if criterion.key in keys]
    decided = verdict(chosen, minor=minor, acute=acute, ticks_skipped=ticks_skipped)
    outcome, forms = decided.outcome, decided.forms
    return Assessment(
        outcome=outcome,
        forms=forms,
        route=decided.route,
        counted=tuple(Counted(each.key, each.strength_for(minor=minor), _source(each, minor=minor)) for each in chosen),
        reasons=_reasons(chosen, outcome, forms, keys, minor=minor, ticks_skipped=ticks_skipped),
        explanation=_EXPLANATIONS[outcome],
        missing=tuple(_missing(chosen, outcome, minor=minor, ticks_skipped=ticks_skipped)),
        delphi=delphi_result(chosen, minor=minor),
        criteria_version=criteria.version,
    )


def _outcome(chosen: Sequence[Criterion], *, minor: bool | None, acute: bool, ticks_skipped: bool) -> Outcome:
    if acute:
        return Outcome.ACUTE
    if not chosen:
        return Outcome.VAGUE if ticks_skipped else Outcome.NONE
    if all(criterion.key in NON_SPECIFIC for criterion in chosen):
        return Outcome.VAGUE if ticks_skipped else Outcome.OTHER
    return Outcome.CLEAR if _is_clear(chosen, minor=minor) else Outcome.VAGUE


def _is_clear(chosen: Sequence[Criterion], *, minor: bool | None) -> bool:
    weights = [criterion.strength_for(minor=minor) for criterion in chosen]
    if not combination(weights) or not any(_is_core(criterion, minor=minor) for criterion in chosen):
        return False
    elements = {criterion.element for criterion in chosen}
    return bool(minor) or Strength.STRONG in weights or {Element.MEANS, Element.PURPOSE} <= elements


def _is_core(criterion: Criterion, *, minor: bool | None) -> bool:
    if criterion.dimension is Dimension.DISCLOSURE or (minor and criterion.age is Age.CHILD):
        return True
    speaks_of_the_offence = criterion.element in {Element.MEANS, Element.PURPOSE}
    return speaks_of_the_offence and criterion.dimension not in {Dimension.PRESENTATION, Dimension.LOCATION}


def _ranked_forms(chosen: Sequence[Criterion], *, minor: bool | None) -> tuple[Form, ...]:
    points = {
        form: sum(criterion.strength_for(minor=minor).points for criterion in chosen if form in criterion.forms)
        for form in _TIE_ORDER
    }
    return tuple(sorted((form for form in _TIE_ORDER if points[form]), key=lambda form: -points[form]))


def route_of(
    outcome: Outcome, forms: Sequence[Form], keys: AbstractSet[str], *, minor: bool | None
) -> tuple[RouteToken, ...]:
    """The stops for an outcome and forms, best first, whoever judged them; `keys` are the confirmed criteria."""
    stops = {RouteToken.AF}
    first = forms[0] if forms else None
    match outcome:
        case Outcome.ACUTE:
            stops |= {RouteToken.EMERGENCY} | partners_for(first, keys, minor=minor)
        case Outcome.CLEAR:
            stops |= partners_for(first, keys, minor=minor)
        case Outcome.VAGUE if forms:
            stops |= partners_for(first, keys, minor=minor) - {RouteToken.ZOCO}
        case Outcome.OTHER:
            stops.add(RouteToken.VT)
        case _:
            pass
    if minor and outcome is not Outcome.NONE:
        stops.add(RouteToken.VT)
    return in_order(stops)


def _source(criterion: Criterion, *, minor: bool | None) -> Source:
    """The weight of a child comes from the Delphi lists wherever that is the higher one."""
    raised = minor and criterion.minor_strength is not criterion.strength
    return Source.DELPHI if raised else criterion.source


_EXPLANATIONS = {
    Outcome.NONE: "Je hebt geen van de signalen aangevinkt. De AF leest je verhaal toch en kijkt ernaar.",
    Outcome.OTHER: (
        "Wat je zag, kan verschillende dingen betekenen. De AF leest het en kijkt welke hulp past. "
        "Je kunt ook zelf advies vragen aan Veilig Thuis."
    ),
    Outcome.VAGUE: "Wat je zag, is een reden om verder te kijken. De AF zoekt uit wat er meer bekend is.",
    Outcome.CLEAR: "Wat je zag, past bij signalen van mensenhandel. De AF bekijkt het en belt zo nodig een partner.",
    Outcome.ACUTE: "Je zegt dat er nu gevaar is. Bel 112 als je dat nog niet deed. De AF krijgt je signaal meteen.",
}

_WHY = {
    Outcome.NONE: "Uitkomst geen: er is geen signaal bevestigd. Het verhaal zelf kan wel iets zeggen.",
    Outcome.OTHER: (
        "Uitkomst anders: alle bevestigde signalen passen ook bij andere zorgen, zoals huiselijk geweld. "
        "Vraag of de persoon moet werken, geld moet afgeven of iets moet doen voor een ander."
    ),
    Outcome.VAGUE: "Uitkomst vaag: de bevestigde signalen zijn samen nog niet genoeg voor een duidelijk signaal.",
    Outcome.CLEAR: (
        "Uitkomst duidelijk: de signalen halen samen de ILO-combinatie, en er is een sterk signaal bij "
        "of zowel een middel als een doel uit artikel 273f Sr."
    ),
    Outcome.ACUTE: "Uitkomst acuut: de melder zegt dat er nu gevaar is. Dat volgt nooit uit de weging zelf.",
}
_WHY_CLEAR_MINOR = (
    "Uitkomst duidelijk: de signalen halen samen de ILO-combinatie. Bij een minderjarige is een dwangmiddel niet nodig."
)
_WHY_SKIPPED = "Uitkomst vaag: er is een verhaal, maar niemand heeft aangevinkt welke signalen kloppen."


def _reasons(
    chosen: Sequence[Criterion],
    outcome: Outcome,
    forms: tuple[Form, ...],
    keys: set[str],
    *,
    minor: bool | None,
    ticks_skipped: bool,
) -> tuple[str, ...]:
    reasons = [_why(outcome, chosen, minor=minor, ticks_skipped=ticks_skipped)]
    for criterion in chosen:
        weight = _STRENGTH_NAMES[criterion.strength_for(minor=minor)]
        source = _SOURCE_NAMES[_source(criterion, minor=minor)]
        because = f": {criterion.why}" if criterion.why and _source(criterion, minor=minor) is criterion.source else ""
        reasons.append(f"{criterion.sentence} Weegt {weight} ({source}{because}).")
    if forms:
        reasons.append(f"Past het best bij {', dan '.join(_FORM_NAMES[form] for form in forms)}.")
    reasons.extend(_route_reasons(outcome, forms, keys, minor=minor))
    if minor:
        reasons.append("De persoon is minderjarig: de gewichten voor kinderen gelden en Veilig Thuis hoort erbij.")
    return tuple(reasons)


def _why(outcome: Outcome, chosen: Sequence[Criterion], *, minor: bool | None, ticks_skipped: bool) -> str:
    if outcome is Outcome.CLEAR and minor:
        return _WHY_CLEAR_MINOR
    if outcome is Outcome.VAGUE and ticks_skipped and all(criterion.key in NON_SPECIFIC for criterion in chosen):
        return _WHY_SKIPPED
    return _WHY[outcome]


def _route_reasons(outcome: Outcome, forms: tuple[Form, ...], keys: set[str], *, minor: bool | None) -> Iterable[str]:
    if outcome not in {Outcome.VAGUE, Outcome.CLEAR, Outcome.ACUTE} or not forms:
        return
    partners = partners_for(forms[0], keys, minor=minor)
    if RouteToken.NLA in partners:
        yield "Bij arbeidsuitbuiting belt de AF de Nederlandse Arbeidsinspectie."
        if RouteToken.AVIM in partners:
            yield "Door geweld, opsluiting of een minderjarige hoort AVIM daar ook bij."
        else:
            yield "Of AVIM hier meekijkt, stemt de AF af: dat moet de gemeente nog bevestigen."
    else:
        yield "Bel eerst AVIM: de politie is dag en nacht bereikbaar en kan iemand op de plek zelf beschermen."
    if outcome is Outcome.VAGUE:
        yield "Het signaal is nog vaag: overleg met de partner voordat je het overdraagt."
    else:
        yield "Bel daarna de zorgcoördinator voor hulp en opvang."


def _missing(
    chosen: Sequence[Criterion], outcome: Outcome, *, minor: bool | None, ticks_skipped: bool
) -> Iterable[str]:
    """What is still unknown, but only where knowing it could change the outcome or the route."""
    if outcome is Outcome.ACUTE:
        return
    if ticks_skipped or not chosen:
        yield "Welke signalen kloppen met wat er gezien of gehoord is."
    if minor is None:
        yield "Of de persoon jonger is dan 18: dan wegen signalen zwaarder en hoort Veilig Thuis erbij."
    if outcome is Outcome.CLEAR or not chosen:
        return
    elements = {criterion.element for criterion in chosen}
    if Element.PURPOSE not in elements:
        yield "Of de persoon moet werken, geld moet afgeven of iets moet doen voor een ander."
    if not minor and Element.MEANS not in elements:
        yield "Of er dwang, druk, misleiding of misbruik van een kwetsbare positie bij komt."
    if Strength.STRONG not in {criterion.strength_for(minor=minor) for criterion in chosen}:
        yield "Of er een sterk signaal is, zoals papieren die een ander houdt, een schuld of opsluiting."
