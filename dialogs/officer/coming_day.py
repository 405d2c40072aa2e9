"""A day that is still to come, as people write it: "12 december", "volgende week maandag", "over twee weken"."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from dateparser.date import DateDataParser

from dialogs.domain.opening_hours import AMSTERDAM

_NOON = time(12)
_NEXT_WEEK = "volgende week"
_NUMBERS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")
_WEEKS = re.compile(rf"\bover ({'|'.join(_NUMBERS)}) we(?:ek|ken)\b")
#: A longer text tells more than a day.
_LONGEST = 60


def read_coming_day(text: str, now: datetime) -> date | None:
    """The day after that of `now` (aware) that the whole text names; None if it names none, or one that is past."""
    said = " ".join(text.casefold().strip(" .!").split()).removeprefix("tot ").removeprefix("en met ")
    said = _WEEKS.sub(lambda match: f"over {_NUMBERS.index(match[1]) + 1} weken", said)
    if not said or len(said) > _LONGEST or said.isdecimal():
        return None
    today = now.astimezone(AMSTERDAM).date()
    base = today
    if said.startswith(_NEXT_WEEK):
        base += timedelta(days=6 - today.weekday())  # the Sunday before it, so that its days are the ones to come
        said = said.removeprefix(_NEXT_WEEK).strip() or "maandag"
    # The base is the same all day: dateparser keeps its settings in memory.
    settings = {
        "RELATIVE_BASE": datetime.combine(base, _NOON),
        "PREFER_DATES_FROM": "future",
        "DATE_ORDER": "DMY",
    }
    parser = cast("Any", DateDataParser)(languages=["nl"], settings=settings)  # dateparser ships no types
    read = parser.get_date_data(said)
    found: datetime | None = read.date_obj
    if found is None or read.period not in {"day", "week"}:
        return None
    return found.date() if found.date() > today else None
