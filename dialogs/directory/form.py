"""An entry as fields that a person can fill in, in the notation of the file, and back."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from dialogs.domain.partners import Entry, EntryInvalid

#: Rows for numbers: one more than there are, within these.
_LEAST_ROWS, _MOST_ROWS = 2, 4
_TEXTS = ("mail", "site", "role", "source", "missing")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DUTCH_DATE = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
_DOTTED = re.compile(r"\b(\d{1,2})[.:](\d{2})\b")
_SPACED_DASH = re.compile(r"\s*[-\u2013]\s*")
UNKNOWN_HOURS = "onbekend"


def fields_of(entry: Entry) -> dict[str, str]:
    """The fields with what stands in the entry."""
    fields = {name: str(entry.get(name) or "") for name in _TEXTS}
    for place, number in enumerate(entry.get("numbers", ()), start=1):
        fields[f"number{place}"] = str(number["number"])
        fields[f"hours{place}"] = _hours_in_notation(number)
    return fields


def rows_of(entry: Entry, fields: Mapping[str, str]) -> int:
    """How many numbers the form has room for."""
    filled = [place for place in range(1, _MOST_ROWS + 1) if fields.get(f"number{place}")]
    return min(max(len(entry.get("numbers", ())) + 1, *filled, _LEAST_ROWS), _MOST_ROWS)


def entry_of(before: Entry, fields: Mapping[str, str], *, checked_by: str | None, today: date) -> dict[str, Any]:
    """The entry as filled in; what the form does not show stays. Whether it is right, the entry's own check decides.

    `checked_by`: who checked it today; None: nobody did, and a check of older numbers no longer holds for new ones.
    """
    entry = {**before}
    for name in _TEXTS:
        if text := fields.get(name, "").strip():
            entry[name] = text
        else:
            entry.pop(name, None)
    old = list(before.get("numbers", ()))
    rows = range(1, max(_MOST_ROWS, len(old)) + 1)
    numbers = [_number(old[place - 1] if place <= len(old) else {}, fields, place) for place in rows]
    entry["numbers"] = [number for number in numbers if number is not None]
    if checked_by is not None:
        return checked(entry, checked_by, today)
    if entry["numbers"] != old:
        entry = {key: each for key, each in entry.items() if key not in {"checked_on", "checked_by"}}
    if not entry["numbers"] and "numbers" not in before:
        del entry["numbers"]
    return entry


def checked(entry: Entry, by: str, today: date) -> dict[str, Any]:
    """The entry, checked today: its numbers are confirmed."""
    numbers = [{key: each for key, each in number.items() if key != "confirmed"} for number in entry.get("numbers", ())]
    return {**entry, "numbers": numbers, "checked_on": today.isoformat(), "checked_by": by}


def fields_at_fault(invalid: EntryInvalid) -> list[tuple[str, int]]:
    """The name of each field that is wrong, with the place of its number (0: it has none), in order."""
    found: dict[tuple[str, int], None] = {}
    for fault in invalid.faults:
        match fault.place:
            case ("numbers", int(place), "number", *_):
                found["number", place + 1] = None
            case ("numbers", int(place), *_):
                found["hours", place + 1] = None
            case (str(name), *_) if name in _TEXTS:
                found[name, 0] = None
            case _:
                found["other", 0] = None
    return list(found)


def _number(old: Mapping[str, Any], fields: Mapping[str, str], place: int) -> dict[str, Any] | None:
    written = fields.get(f"number{place}", "").strip()
    hours = fields.get(f"hours{place}", "").strip()
    if not written and (not hours or hours == UNKNOWN_HOURS or hours == (_hours_in_notation(old) if old else "")):
        return None
    rest = {key: each for key, each in old.items() if key not in {"hours", "exceptions"}}
    if old and hours == _hours_in_notation(old):
        return {**old, "number": written}
    return {**rest, "number": written, **_hours(hours)}


def _hours_in_notation(number: Mapping[str, Any]) -> str:
    """The hours of a number on one line: "ma-vr 08:00-16:30; 2026-12-31 gesloten"."""
    hours = number["hours"]
    days = [f"{day} {times}" for day, times in hours.items()] if isinstance(hours, Mapping) else [str(hours)]  # pyright: ignore[reportUnknownVariableType] - JSON has no types
    return "; ".join([*days, *(f"{day} {times}" for day, times in number.get("exceptions", {}).items())])


def _hours(written: str) -> dict[str, Any]:
    """What was written, in the notation of the file; what cannot be read stays as it is, for the check to refuse."""
    if not written:
        return {"hours": UNKNOWN_HOURS}
    if written.casefold() in {"24/7", UNKNOWN_HOURS}:
        return {"hours": written.casefold()}
    days: dict[str, str] = {}
    exceptions: dict[str, str] = {}
    for part in filter(None, (part.strip().casefold() for part in re.split(r"[;\n]", written))):
        name, _, times = _SPACED_DASH.sub("-", part).partition(" ")
        into = exceptions if _ISO_DATE.fullmatch(day := _iso(name)) else days
        if day in into:
            return {"hours": written}
        into[day] = _DOTTED.sub(lambda clock: f"{clock[1]:0>2}:{clock[2]}", times.strip().removesuffix(" uur"))
    return {"hours": days, **({"exceptions": exceptions} if exceptions else {})}


def _iso(day: str) -> str:
    dutch = _DUTCH_DATE.fullmatch(day)
    return f"{dutch[3]}-{dutch[2]:0>2}-{dutch[1]:0>2}" if dutch else day
