"""Which partners an assessment leads to, in the order in which the AF calls them.

Policy appendix 1: at SU, CU and OV phone AVIM first, then the ZoCo. Arbeidsuitbuiting goes to the Nederlandse
Arbeidsinspectie (appendix 4, then called ISZW); that AVIM joins at violence, confinement or a minor is a judgement
that the municipality confirms.
"""

from collections.abc import Set as AbstractSet
from enum import StrEnum

from dialogs.domain.criteria import Form


class RouteToken(StrEnum):
    """One stop on the route. The order of the members is the order on every route."""

    EMERGENCY = "112"
    AF = "AF"
    AVIM = "AVIM"
    NLA = "NLA"
    ZOCO = "ZOCO"
    VT = "VT"
    RIEC = "RIEC"


_POLICE_AND_CARE = frozenset({RouteToken.AVIM, RouteToken.ZOCO})

#: The partners of a clear signal, by form.
PARTNERS_BY_FORM: dict[Form, frozenset[RouteToken]] = {
    Form.SU: _POLICE_AND_CARE,
    Form.CU: _POLICE_AND_CARE,
    Form.OV: _POLICE_AND_CARE,
    Form.AU: frozenset({RouteToken.NLA, RouteToken.ZOCO}),
}

#: With one of these criteria AVIM is called for arbeidsuitbuiting too.
POLICE_FOR_LABOUR = frozenset({"violence", "confined_watched"})


def partners_for(form: Form | None, criteria: AbstractSet[str], *, minor: bool | None) -> frozenset[RouteToken]:
    """Return the partners of a clear signal whose first form is `form`; police and care where no form is known."""
    if form is None:
        return _POLICE_AND_CARE
    partners = PARTNERS_BY_FORM[form]
    if form is Form.AU and (minor or criteria & POLICE_FOR_LABOUR):
        partners |= {RouteToken.AVIM}
    return partners


def in_order(tokens: AbstractSet[RouteToken]) -> tuple[RouteToken, ...]:
    """Return the stops in the order of every route."""
    return tuple(token for token in RouteToken if token in tokens)
