"""When an entry is to be checked again, and when administrators hear of it."""

from calendar import monthrange
from datetime import date, datetime

from dialogs.domain.opening_hours import AMSTERDAM, UNKNOWN
from dialogs.domain.partners.directory import EMERGENCY_KEY, Directory
from dialogs.domain.partners.overlay import LaidOver
from dialogs.domain.partners.partner import Partner

#: Part 7 of the work, "Freshness": confirmed again every six months.
_MONTHS = 6


def due_on(partner: Partner) -> date | None:
    """From which day it is to be checked again; None: it was never checked, so it is due now."""
    if partner.checked_on is None:
        return None
    year, month = divmod(partner.checked_on.year * 12 + partner.checked_on.month - 1 + _MONTHS, 12)
    return date(year, month + 1, min(partner.checked_on.day, monthrange(year, month + 1)[1]))


def due(directory: Directory, now: datetime) -> tuple[str, ...]:
    """The keys of the partners that are to be checked, in the order of the directory. `now` is aware.

    112 is never one of them: nobody is to call it for a check.
    """
    today = now.astimezone(AMSTERDAM).date()
    others = (partner for partner in directory if partner.key != EMERGENCY_KEY)
    return tuple(partner.key for partner in others if (due_on(partner) or today) <= today)


def digest(partners: LaidOver, now: datetime) -> str | None:
    """The month ("2026-11") whose digest may go out now; None outside office hours, or with nothing to tell.

    Once a month, from its first office hour on: whoever sends it does so once for each month.
    """
    at_work = UNKNOWN.at(now).open  # working days from 9 to 5, holidays left out
    if not at_work or not (due(partners.directory, now) or partners.overtaken or partners.unusable):
        return None
    return f"{now.astimezone(AMSTERDAM):%Y-%m}"
