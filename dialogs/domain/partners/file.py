"""The file of one municipality: what it may hold, and every fault with its line."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, cast

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from dialogs.domain.criteria import Form
from dialogs.domain.opening_hours import ALWAYS, UNKNOWN, OpeningHours, Week, Window, public_holidays
from dialogs.domain.partners.directory import EMERGENCY_KEY, Directory
from dialogs.domain.partners.partner import Kind, Partner, PhoneNumber, Step, national
from dialogs.domain.yaml_lines import Lines, compose


class DirectoryInvalid(ValueError):
    """The file of partners cannot be used; every fault is named with its line."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("file of partners:\n" + "\n".join(faults))


def parse_directory(text: str) -> Directory:
    """Read a file of partners. Raises `DirectoryInvalid` that names all faults, each with its line."""
    try:
        _refuse_references(text)
        data, lines = compose(text)
    except yaml.YAMLError as error:
        raise DirectoryInvalid((f"no YAML: {error}",)) from error
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        raise DirectoryInvalid(tuple(_fault(fault, lines) for fault in error.errors())) from error
    faults = tuple(_faults(file, lines))
    if faults:
        raise DirectoryInvalid(faults)
    ordinary = frozenset(file.ordinary_days)
    return Directory(file.municipality, (entry.partner(ordinary) for entry in file.partners))


def _refuse_references(text: str) -> None:
    """A few references to references make a file of any size. Raises `yaml.YAMLError`."""
    scanned = yaml.scan(text, yaml.CSafeLoader)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] -- its stub has no types here
    for token in cast("Iterable[yaml.Token]", scanned):
        if isinstance(token, yaml.AliasToken):
            raise yaml.YAMLError(f"line {token.start_mark.line + 1}: *{token.value}: write it out here")


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


def _holiday(name: str) -> str:
    known = set(public_holidays(2025).values())  # a year with 5 May in it
    if name not in known:
        raise ValueError(f"{name}: no holiday; known are {', '.join(sorted(known))}")
    return name


def _number(written: str) -> str:
    return national(written)[0]


_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$")]
_Windows = Annotated[tuple[Window, ...], BeforeValidator(_windows)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _NumberEntry(_Strict):
    number: Annotated[str, AfterValidator(_number)]
    kind: Kind = Kind.GENERAL
    hours: Literal["24/7", "onbekend"] | Annotated[Week, BeforeValidator(_week)]
    exceptions: dict[date, _Windows] = {}
    confirmed: bool = True
    note: str = ""

    def phone(self, ordinary_days: frozenset[str]) -> PhoneNumber:
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


class _StepEntry(_Strict):
    order: Annotated[int, Field(ge=1, le=9)]
    note: str = ""


class _Entry(_Strict):
    key: _Key
    name: _Text
    role: _Text
    tasks: tuple[_Text, ...] = ()
    numbers: tuple[_NumberEntry, ...] = ()
    missing: str = ""
    mail: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")] | None = None
    site: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = None
    route: dict[Form, _StepEntry] = {}
    stand_in: _Key | None = None
    source: _Text
    checked_on: date | None = None
    checked_by: _Text | None = None
    aliases: tuple[_Text, ...] = ()
    topics: tuple[_Text, ...] = ()

    def partner(self, ordinary_days: frozenset[str]) -> Partner:
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


class _File(_Strict):
    municipality: _Text
    #: Public holidays on which numbers are answered as on any weekday.
    ordinary_days: tuple[Annotated[str, AfterValidator(_holiday)], ...] = ()
    partners: Annotated[tuple[_Entry, ...], Field(min_length=1)]


def _fault(fault: Any, lines: Lines) -> str:
    place: tuple[str | int, ...] = fault["loc"]
    return f"line {lines.of(place)}: {'.'.join(map(str, place)) or 'file'}: {fault['msg']}"


def _faults(file: _File, lines: Lines) -> Iterator[str]:
    """What only shows when entries are read side by side."""
    seen: dict[str, int] = {}
    keys = {entry.key for entry in file.partners}
    if EMERGENCY_KEY not in keys:
        yield f"line {lines.of(('partners',))}: {EMERGENCY_KEY} is missing: it is shown where danger is mentioned"
    for place, entry in enumerate(file.partners):
        line = lines.of(("partners", place))
        if entry.key in seen:
            yield f"line {line}: {entry.key} is already on line {seen[entry.key]}"
        seen.setdefault(entry.key, line)
        if entry.stand_in is not None and entry.stand_in not in keys - {entry.key}:
            stands = lines.of(("partners", place, "stand_in"))
            yield f"line {stands}: stand_in of {entry.key}: {entry.stand_in} is nobody else in this file"
        doubtful = not entry.numbers or not all(number.confirmed for number in entry.numbers)
        if doubtful and not entry.missing.strip():
            yield f"line {line}: {entry.key} must say in `missing` who supplies or confirms its number"
        if (entry.checked_on is None) != (entry.checked_by is None):
            yield f"line {line}: {entry.key} needs both checked_on and checked_by, or neither"
