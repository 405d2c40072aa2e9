"""When it was, in the words that people use: "gisteren rond drie", "vanmorgen", "dinsdag om half drie", "22 nov 15.30".

The day is read by dateparser (Dutch); the hour by the small grammar here, because dateparser takes "15u" and "om 3 uur"
for a stretch of time. Whoever writes keeps the own words; what is read only stands beside them.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, cast

from dateparser.date import DateDataParser

from dialogs.domain.opening_hours import AMSTERDAM

_NUMBERS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf")
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBERS)}|één)\b")
_PART = r"(ochtend|morgen|middag|avond|nacht)s?"
_DAY_AND_PART = re.compile(rf"\b(van|gister|(?:maan|dins|woens|donder|vrij|zater|zon)dag)\s?{_PART}\b")
_PART_ALONE = re.compile(rf"(?:['’`]\s?s|\bin de|\bde)\s{_PART}\b")
_MONTH = r"(?:jan|feb|maart|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)"
_CLOCK = re.compile(
    r"\b(?:(?P<before>om|rond|omstreeks|tegen|ongeveer)\s)?(?:een uur of\s)?"
    r"(?:(?P<shift>half|kwart over|kwart voor|vijf over|vijf voor|tien over|tien voor)\s)?"
    r"(?P<hour>[01]?\d|2[0-3])(?:(?:[:.]|u)(?P<minute>[0-5]\d))?\s?(?P<after>uur|u\b)?"
    rf"(?!\s?[-/.:]?\d|\s?{_MONTH}|\s(?:geleden|dag|dagen|week|weken|minuut|minuten|maand|maanden)\b)"
)
_SHIFTS = {
    "half": -30,
    "kwart over": 15,
    "kwart voor": -15,
    "5 over": 5,
    "5 voor": -5,
    "10 over": 10,
    "10 voor": -10,
}
_STRETCHES = (
    (re.compile(r"(?:\b1 )?\bkwartier(?= geleden)"), "15 minuten"),
    (re.compile(r"(?:\b1 )?\bhalf ?uur(?= geleden)"), "30 minuten"),
)
_JUST_NOW = re.compile(r"^(?:nu|net|zonet|zojuist|daarnet|zo net|nu net|net nu|net pas|zo-even)$")
_FILLING = re.compile(r"\b(?:het was|dat was|was|op|om|rond|omstreeks|tegen|ongeveer|zo'n|afgelopen)\b|^net,|[,.!]+$")
#: Up to here an hour without more is meant in the afternoon: a desk is open then, and hardly anybody sees things at
#: three in the morning without saying so.
_LAST_HOUR_OF_THE_AFTERNOON = 6
_NOON = 12
#: A longer text tells more than when it was.
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Moment:
    """A day in the Netherlands, with the time on its clock if that was said."""

    at: datetime  #: without time zone: as on the clock on the wall
    has_time: bool

    def __str__(self) -> str:
        """As people read it: "22-11-2026 15:00"."""
        return self.at.strftime("%d-%m-%Y %H:%M" if self.has_time else "%d-%m-%Y")

    @property
    def stored(self) -> str:
        """As it is kept: "2026-11-22T15:00", or the date alone."""
        return self.at.isoformat(timespec="minutes") if self.has_time else self.at.date().isoformat()

    @classmethod
    def from_stored(cls, stored: str) -> "Moment":
        """What `stored` wrote. Raises ValueError."""
        return cls(datetime.fromisoformat(stored), has_time="T" in stored)


def read_moment(text: str, now: datetime) -> Moment | None:
    """The moment up to `now` (aware) that the whole text names; None if it names none or more than one would fit."""
    if len(text) > _LONGEST:
        return None
    here = now.astimezone(AMSTERDAM).replace(tzinfo=None, second=0, microsecond=0)
    said = _NUMBER_WORD.sub(_digits, " ".join(text.casefold().split()))
    if _JUST_NOW.match(said.strip(" .!")):
        return Moment(here, has_time=True)
    for words, minutes in _STRETCHES:
        said = words.sub(minutes, said)
    part, said = _part_of_day(said)
    clock = next((match for match in _CLOCK.finditer(said) if _is_clock(match)), None)
    if clock is not None:
        said = said[: clock.start()] + said[clock.end() :]
    rest = " ".join(_FILLING.sub(" ", said).split())
    if not rest and clock is None and not part:
        return None
    day = _day(rest, here) if rest else Moment(datetime.combine(here, time.min), has_time=False)
    if day is None or (day.has_time and clock is not None):
        return None
    if clock is not None:
        day = Moment(datetime.combine(day.at, time.min) + _time_of(clock, part), has_time=True)
    ahead = day.at > here if day.has_time else day.at.date() > here.date()
    return None if ahead else day


def _digits(match: re.Match[str]) -> str:
    return "1" if match.group() == "één" else str(_NUMBERS.index(match.group()) + 1)


def _part_of_day(said: str) -> tuple[str, str]:
    """The part of the day that is named, and the text with only the day left of it."""
    if match := _DAY_AND_PART.search(said):
        day = {"van": "vandaag", "gister": "gisteren"}.get(match[1], match[1])
        return match[2], said[: match.start()] + day + said[match.end() :]
    if match := _PART_ALONE.search(said):
        return match[1], said[: match.start()] + said[match.end() :]
    return "", said


def _is_clock(match: re.Match[str]) -> bool:
    """A bare number is no time: something around it says so."""
    return any(match[name] for name in ("before", "shift", "minute", "after"))


def _time_of(match: re.Match[str], part: str) -> timedelta:
    hour = int(match["hour"])
    early = hour <= _LAST_HOUR_OF_THE_AFTERNOON and not part and not match["hour"].startswith("0")
    if hour < _NOON and (part in {"middag", "avond"} or early):
        hour += _NOON
    return timedelta(hours=hour, minutes=int(match["minute"] or 0) + _SHIFTS.get(match["shift"] or "", 0))


def _day(rest: str, here: datetime) -> Moment | None:
    """The day that dateparser reads; a stretch of hours or minutes ago gives the time too."""
    # The base is the same all day: dateparser keeps its settings in memory.
    noon = datetime.combine(here, time(_NOON))
    settings = {"RELATIVE_BASE": noon, "PREFER_DATES_FROM": "past", "RETURN_TIME_AS_PERIOD": True}
    parser = cast("Any", DateDataParser)(languages=["nl"], settings=settings)  # dateparser ships no types
    read = parser.get_date_data(rest)
    found: datetime | None = read.date_obj
    if found is None or rest.isdecimal() or read.period not in {"day", "time"}:
        return None
    if read.period == "time":
        return Moment(here - (noon - found), has_time=True) if rest.endswith("geleden") else None
    return Moment(datetime.combine(found, time.min), has_time=False)
