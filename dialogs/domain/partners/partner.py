"""A partner of the chain, and its numbers."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import phonenumbers
from phonenumbers import shortnumberinfo

from dialogs.domain.criteria import Form
from dialogs.domain.opening_hours import OpeningHours


class Kind(StrEnum):
    """What a number is for."""

    GENERAL = "general"
    URGENT = "urgent"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number as Dutch people write it ("088-9630320", "0900-8844", "112").

    `dialable` is its `tel:` link. `note` says in Dutch what is special about it. A number that is not `confirmed` is
    shown with that warning.
    """

    number: str
    kind: Kind
    hours: OpeningHours
    dialable: str
    confirmed: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """The place of a partner in the route of one form; the first is called first. `note` is Dutch."""

    form: Form
    order: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    """Who can be called, when, and where that is written down.

    `role` answers in Dutch "wanneer bel je deze?"; `tasks` are the tasks and powers of the policy's annex 4. `aliases`
    are other names, abbreviations and old names; `topics` are words for what it is called about. `stand_in` is the key
    of who answers while this partner is closed. `missing` says in Dutch who must supply or confirm a number.
    """

    key: str
    name: str
    role: str
    source: str
    tasks: tuple[str, ...] = ()
    numbers: tuple[PhoneNumber, ...] = ()
    mail: str | None = None
    site: str | None = None
    route: tuple[Step, ...] = ()
    stand_in: str | None = None
    checked_on: date | None = None
    checked_by: str | None = None
    missing: str = ""
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def national(written: str) -> tuple[str, str]:
    """Return a number in national format and as `tel:` link. Raises ValueError where it is no Dutch number.

    Short numbers such as 112 are checked apart: they are no number in the numbering plan. Area code and subscriber are
    joined by one hyphen, as the policy writes them; `phonenumbers` itself would write "088 963 0320".
    """
    try:
        parsed = phonenumbers.parse(written, "NL")
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"{written} is no phone number") from error
    if shortnumberinfo.is_valid_short_number_for_region(parsed, "NL"):
        short = phonenumbers.national_significant_number(parsed)
        return short, f"tel:{short}"
    if parsed.country_code != _NETHERLANDS or not phonenumbers.is_valid_number(parsed):
        raise ValueError(f"{written} is no Dutch phone number")
    significant = phonenumbers.national_significant_number(parsed)
    if significant.startswith(_MUNICIPAL) and len(significant) < _FULL_LENGTH:
        return f"{_MUNICIPAL} {significant.removeprefix(_MUNICIPAL)}", f"tel:{significant}"
    code = phonenumbers.length_of_national_destination_code(parsed)
    number = f"0{significant[:code]}-{significant[code:]}"
    if significant[:code] in _SERVICE:  # answered in the Netherlands only
        return number, f"tel:0{significant}"
    return number, phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.RFC3966).replace("-", "")


_NETHERLANDS = 31
#: "14 0413": a municipality's number, 14 and the area code.
_MUNICIPAL = "14"
_FULL_LENGTH = 9
_SERVICE = {"800", "900", "906", "909"}
