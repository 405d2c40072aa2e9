"""Addresses and companies in one normal form, so that two ways of writing the same one meet in the blind index.

Only for finding earlier signals: what an officer wrote is kept and shown as it was written.
"""

import re
from collections.abc import Iterable
from functools import cache

# The library has no types of its own.
from cleanco.clean import (  # pyright: ignore[reportMissingTypeStubs]
    custom_basename,  # pyright: ignore[reportUnknownVariableType]
    normalized,  # pyright: ignore[reportUnknownVariableType]
    strip_punct,  # pyright: ignore[reportUnknownVariableType]
)
from cleanco.termdata import terms_by_country  # pyright: ignore[reportMissingTypeStubs]
from stdnum.exceptions import ValidationError
from stdnum.nl import postcode

_POSTCODE = re.compile(r"(?<!\w)[1-9]\d{3}\s?[A-Za-z]{2}(?!\w)")
#: "12", "12a", "12 bis", "12-3": the number counts, what comes behind it does not. One house, one place.
_NUMBER = r"(?<!\d)(\d{1,5})(?:\s?[A-Za-z]{1,3}|\s?[-/]\s?\w{1,4})?"
_NUMBER_BEFORE = re.compile(rf"{_NUMBER}[\s,]*$")
_NUMBER_BEHIND = re.compile(rf"^[\s,]*{_NUMBER}(?!\w)")

#: The places of the municipalities whose partners are shipped. Within a place a street has its name alone (BAG), so
#: there, and only there, street and number are enough; of any other word behind a number it is not known what it is.
_TOWNS = (
    "duizel", "eersel", "knegsel", "odiliapeel", "reek", "schaijk", "steensel", "uden", "vessem", "volkel", "wintelre",
    "zeeland",
)  # fmt: skip
_IN_TOWN = re.compile(rf"^(?P<street>\D.{{2,}}?)[\s,]+{_NUMBER}[\s,]+(?P<town>{'|'.join(_TOWNS)})$")
#: How the last part of a street's name is shortened.
_SHORT = {"str": "straat", "ln": "laan", "wg": "weg", "pln": "plein"}
_SHORTENED = re.compile(rf"({'|'.join(_SHORT)})$")

#: Before a name only Dutch forms are looked for: "AG Bouw" is a name.
_DUTCH_FORMS = (
    "bv", "nv", "vof", "cv", "eenmanszaak", "maatschap", "stichting", "vereniging", "cooperatie", "ua", "ba",
)  # fmt: skip
#: Behind it also those of the countries where companies that recruit for work here are registered.
_COUNTRIES = ("Netherlands", "Germany", "Poland", "Romania", "United Kingdom")
#: As it is written; the library has "sp. z.o.o.".
_POLISH = "sp z oo"


def address_forms(written: str) -> tuple[str, ...]:
    """Postcode and house number ("5401 AB 12"), and town, street and number ("uden dorpsstraat 12"); what is there."""
    return tuple(form for form in (_by_postcode(written), _by_street(written)) if form)


def _by_street(written: str) -> str | None:
    plain = " ".join(str(normalized(_POSTCODE.sub(" ", written))).strip(" .,").split())
    found = _IN_TOWN.match(plain)
    if found is None:
        return None
    street = "".join(re.findall(r"[^\W_]+", found["street"]))
    street = _SHORTENED.sub(lambda short: _SHORT[short[1]], street)
    return f"{found['town']} {street} {int(found[2])}"


def _by_postcode(written: str) -> str | None:
    for found in _POSTCODE.finditer(written):
        number = _NUMBER_BEHIND.search(written[found.end() :]) or _NUMBER_BEFORE.search(written[: found.start()])
        if number is None:
            continue
        try:
            code = postcode.validate(found[0])
        except ValidationError:
            continue
        return f"{code} {int(number[1])}"
    return None


def company_form(written: str) -> str | None:
    """The name without legal form, case, accents, punctuation and spaces; None where nothing is left."""
    name = _plain(written)
    bare = str(custom_basename(name, _behind(), suffix=True, prefix=False))
    bare = str(custom_basename(bare, _before(), suffix=False, prefix=True))
    return (bare or name).replace(" ", "") or None


def _plain(name: str) -> str:
    """Lower case, without accents, dots within abbreviations, and anything else that is no letter or digit."""
    return " ".join(re.findall(r"[^\W_]+", str(normalized(name)).replace(".", "").replace("'", "")))


@cache
def _before() -> list[tuple[int, list[str]]]:
    return _terms(_DUTCH_FORMS)


@cache
def _behind() -> list[tuple[int, list[str]]]:
    return _terms((*_DUTCH_FORMS, _POLISH, *(form for country in _COUNTRIES for form in terms_by_country[country])))


def _terms(forms: Iterable[str]) -> list[tuple[int, list[str]]]:
    """Legal forms as the library takes them: words with how many they are, the most first."""
    words = {tuple(str(strip_punct(normalized(form))).split()) for form in forms}
    return sorted(((len(each), list(each)) for each in words if each), key=lambda term: (-term[0], term[1]))
