"""The file of one municipality: every fault with its line, and the entries as they stand in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, cast

import yaml
from pydantic import AfterValidator, Field, ValidationError

from dialogs.domain.opening_hours import public_holidays
from dialogs.domain.partners.directory import EMERGENCY_KEY, Directory
from dialogs.domain.partners.entry import Entry, PartnerEntry, Strict, Text, faults_beside, plain, read_entry
from dialogs.domain.yaml_lines import FileInvalid, Lines, compose


class DirectoryInvalid(FileInvalid):
    """The file of partners cannot be used; every fault is named with its line."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("file of partners:\n" + "\n".join(faults))


@dataclass(frozen=True, slots=True)
class DirectoryFile:
    """What stands in a file, in its own notation: the entries by key, in order."""

    municipality: str
    ordinary_days: tuple[str, ...]
    entries: Mapping[str, Entry]

    def directory(self) -> Directory:
        """The partners. Raises EntryInvalid, for entries that were never checked."""
        ordinary, keys = frozenset(self.ordinary_days), self.entries.keys()
        return Directory(
            self.municipality, [read_entry(each, keys).partner(ordinary) for each in self.entries.values()]
        )

    def written(self) -> str:
        """The text of such a file."""
        data = {
            "municipality": self.municipality,
            "ordinary_days": list(self.ordinary_days),
            "partners": [dict(entry) for entry in self.entries.values()],
        }
        return yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=120)


def parse_directory(text: str) -> Directory:
    """Read a file of partners. Raises `DirectoryInvalid` that names all faults, each with its line."""
    return read_file(text).directory()


def read_file(text: str) -> DirectoryFile:
    """Read a file in its own notation. Raises `DirectoryInvalid` that names all faults, each with its line."""
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
    entries = {read.key: plain(entry) for read, entry in zip(file.partners, data["partners"], strict=True)}
    return DirectoryFile(file.municipality, file.ordinary_days, entries)


def _refuse_references(text: str) -> None:
    """A few references to references make a file of any size. Raises `yaml.YAMLError`."""
    scanned = yaml.scan(text, yaml.CSafeLoader)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] -- its stub has no types here
    for token in cast("Iterable[yaml.Token]", scanned):
        if isinstance(token, yaml.AliasToken):
            raise yaml.YAMLError(f"line {token.start_mark.line + 1}: *{token.value}: write it out here")


def _holiday(name: str) -> str:
    known = set(public_holidays(2025).values())  # a year with 5 May in it
    if name not in known:
        raise ValueError(f"{name}: no holiday; known are {', '.join(sorted(known))}")
    return name


class _File(Strict):
    municipality: Text
    #: Public holidays on which numbers are answered as on any weekday.
    ordinary_days: tuple[Annotated[str, AfterValidator(_holiday)], ...] = ()
    partners: Annotated[tuple[PartnerEntry, ...], Field(min_length=1)]


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
        for fault in faults_beside(entry, keys):
            yield f"line {lines.of(('partners', place, *fault.place))}: {fault.says}"
