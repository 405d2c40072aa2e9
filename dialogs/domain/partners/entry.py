"""One partner as it stands in the file: what it may hold, read into a partner and back to plain data."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from dialogs.domain.criteria import Form
from dialogs.domain.opening_hours import ALWAYS, UNKNOWN, OpeningHours, Week, Window
from dialogs.domain.partners.partner import Kind, Partner, PhoneNumber, Step, national

#: An entry as it stands in the file, as data that JSON can hold: a date is "2026-11-01".
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Where something is wrong in an entry (("numbers", 0, "hours")), and what."""

    place: tuple[str | int, ...]
    says: str


class EntryInvalid(ValueError):
    """An entry that cannot be used, with every fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{'.'.join(map(str, fault.place))}: {fault.says}" for fault in self.faults))


_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
_CLOCK = re.compile(r"(\d{2}):([0-5]\d)-(\d{2}):([0-5]\d)")
_CLOSED = "gesloten"


def _windows(value: object) -> tuple[Window, ...]:
    """Read "08:00-12:00, 13:00-16:30" or "gesloten": in order, apart from each other, each within one day."""
    if value == _CLOSED:
        return ()
    windows: list[Window] = []
    for part in str(value).split(","):
        clock = _CLOCK.fullmatch(part.strip())
        if clock is None:
            raise ValueError(f'"{part.strip()}": write a time as 08:00-16:30, or gesloten')
        opens, past, closes, late = map(int, clock.groups())
        windows.append(Window(opens * 60 + past, closes * 60 + late))
    if any(later.start <= earlier.end for earlier, later in pairwise(windows)):
        raise ValueError(f'"{value}": times stand in order and do not touch')
    return tuple(windows)


def _days(name: str) -> range:
    """The days of "ma-vr" or "za", from 0. Raises ValueError."""
    first, _, last = name.partition("-")
    if first not in _DAYS or (last or first) not in _DAYS or _DAYS.index(last or first) < _DAYS.index(first):
        raise ValueError(f'"{name}": write days as ma, or ma-vr')
    return range(_DAYS.index(first), _DAYS.index(last or first) + 1)


def _week(value: object) -> Week:
    if not isinstance(value, dict):
        raise ValueError("write hours by day, as {ma-vr: 08:00-16:30}, or as 24/7 or onbekend")  # noqa: TRY004 -- pydantic turns only a ValueError into a fault
    week: list[tuple[Window, ...] | None] = [None] * 7
    for name, times in value.items():  # pyright: ignore[reportUnknownVariableType] -- straight from YAML
        for day in _days(str(name)):  # pyright: ignore[reportUnknownArgumentType]
            if week[day] is not None:
                raise ValueError(f"{_DAYS[day]} stands twice")
            week[day] = _windows(times)  # pyright: ignore[reportUnknownArgumentType]
    return tuple(windows or () for windows in week)


def _number(written: str) -> str:
    return national(written)[0]


#: Longer texts than these make a card that no phone shows whole.
LONGEST_NAME, LONGEST_TEXT = 60, 160

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, max_length=LONGEST_NAME)]
_Sentence = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, max_length=LONGEST_TEXT)]
_Sentences = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$")]
_Windows = Annotated[tuple[Window, ...], BeforeValidator(_windows)]


class Strict(BaseModel):
    """A part of the file: nothing in it that is not named here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NumberEntry(Strict):
    """A number, in the notation of the file."""

    number: Annotated[str, AfterValidator(_number)]
    kind: Kind = Kind.GENERAL
    hours: Literal["24/7", "onbekend"] | Annotated[Week, BeforeValidator(_week)]
    exceptions: dict[date, _Windows] = {}
    confirmed: bool = True
    note: _Sentences = ""

    def phone(self, ordinary_days: frozenset[str]) -> PhoneNumber:
        """The number; these holidays are ordinary days for it."""
        number, link = national(self.number)
        return PhoneNumber(number, self.kind, self._hours(ordinary_days), link, self.confirmed, self.note)

    def _hours(self, ordinary_days: frozenset[str]) -> OpeningHours:
        match self.hours:
            case "24/7":
                return ALWAYS
            case "onbekend":
                return UNKNOWN
            case week:
                return OpeningHours(week, self.exceptions, ordinary_days)


class StepEntry(Strict):
    """A place in the route of a form."""

    order: Annotated[int, Field(ge=1, le=9)]
    note: str = ""


class PartnerEntry(Strict):
    """A partner, in the notation of the file."""

    key: Key
    name: _Name
    role: _Sentence
    tasks: tuple[Text, ...] = ()
    numbers: tuple[NumberEntry, ...] = ()
    missing: _Sentences = ""
    mail: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")] | None = None
    site: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = None
    route: dict[Form, StepEntry] = {}
    stand_in: Key | None = None
    source: _Sentence
    checked_on: date | None = None
    checked_by: Text | None = None
    aliases: tuple[Text, ...] = ()
    topics: tuple[Text, ...] = ()

    def partner(self, ordinary_days: frozenset[str]) -> Partner:
        """The partner; these holidays are ordinary days for its numbers."""
        return Partner(
            key=self.key,
            name=self.name,
            role=self.role,
            source=self.source,
            tasks=self.tasks,
            numbers=tuple(number.phone(ordinary_days) for number in self.numbers),
            mail=self.mail,
            site=self.site,
            route=tuple(Step(form, step.order, step.note) for form, step in self.route.items()),
            stand_in=self.stand_in,
            checked_on=self.checked_on,
            checked_by=self.checked_by,
            missing=self.missing,
            aliases=self.aliases,
            topics=self.topics,
        )


def read_entry(entry: Entry, keys: Iterable[str]) -> PartnerEntry:
    """Check an entry beside the others, which have these keys. Raises EntryInvalid."""
    try:
        read = PartnerEntry.model_validate(dict(entry))
    except ValidationError as error:
        raise EntryInvalid(Fault(fault["loc"], fault["msg"]) for fault in error.errors()) from error
    if faults := tuple(faults_beside(read, keys)):
        raise EntryInvalid(faults)
    return read


def faults_beside(entry: PartnerEntry, keys: Iterable[str]) -> Iterable[Fault]:
    """What only shows when the entry is read as a whole, beside the others."""
    if entry.stand_in is not None and entry.stand_in not in set(keys) - {entry.key}:
        yield Fault(("stand_in",), f"stand_in of {entry.key}: {entry.stand_in} is nobody else in this file")
    doubtful = not entry.numbers or not all(number.confirmed for number in entry.numbers)
    if doubtful and not entry.missing.strip():
        yield Fault(("missing",), f"{entry.key} must say in `missing` who supplies or confirms its number")
    if (entry.checked_on is None) != (entry.checked_by is None):
        yield Fault(("checked_by",), f"{entry.key} needs both checked_on and checked_by, or neither")


def plain(value: Any) -> Any:
    """What YAML read, as data that JSON can hold: dates become text, also where they are keys."""
    if isinstance(value, Mapping):
        return {plain(key): plain(each) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType] - YAML has no types
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return value.isoformat() if isinstance(value, date) else value
