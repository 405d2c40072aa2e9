"""What administrators changed, laid over the file as shipped: a change outlives every release."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from dialogs.domain.partners.directory import Directory
from dialogs.domain.partners.entry import Entry, EntryInvalid, read_entry
from dialogs.domain.partners.file import DirectoryFile


class Change(StrEnum):
    """What an administrator did to an entry. Stored; never renamed."""

    EDITED = "edited"
    #: Checked, and nothing had changed.
    CONFIRMED = "confirmed"
    RESTORED = "restored"
    IMPORTED = "imported"
    #: A release changed the entry too: the municipality's own stays, or the release's is taken.
    KEPT = "kept"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class PartnerEdit:
    """One version of an entry; the first edit of an entry is version 1."""

    key: str
    version: int
    at: datetime
    #: Entra object id, or "system" for an import from the command line.
    actor: str
    change: Change
    entry: Entry
    #: The entry of the shipped file when this was stored; None if the file had none.
    shipped: Entry | None


@dataclass(frozen=True, slots=True)
class PartnerRemark:
    """Somebody says that an entry is not right. The text is what they added, perhaps nothing."""

    id: str
    key: str
    at: datetime
    actor: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class LaidOver:
    """The directory in force: the shipped file with the newest edit of each entry over it."""

    shipped: DirectoryFile
    #: In the notation of the file, as it is in force.
    file: DirectoryFile
    directory: Directory
    edits: Mapping[str, PartnerEdit] = field(default_factory=dict[str, PartnerEdit])
    #: Entries whose edit this version of Meldroute cannot read: there the shipped one is in force.
    unusable: frozenset[str] = frozenset()

    def version(self, key: str) -> int:
        """The newest version of an entry; 0 if it was never edited."""
        return self.edits[key].version if key in self.edits else 0

    @property
    def overtaken(self) -> tuple[str, ...]:
        """The entries that a release changed after the municipality did: both are to be shown to an administrator."""
        return tuple(key for key, edit in self.edits.items() if self._is_overtaken(edit))

    def _is_overtaken(self, edit: PartnerEdit) -> bool:
        shipped = self.shipped.entries.get(edit.key)
        return shipped is not None and shipped not in (edit.shipped, edit.entry)


def lay_over(shipped: DirectoryFile, edits: Iterable[PartnerEdit] = ()) -> LaidOver:
    """The newest edit of each entry over the file as shipped. Raises EntryInvalid for a file that was never checked."""
    newest = {edit.key: edit for edit in edits}
    usable = _usable(newest, shipped)
    while len(usable) > len(fewer := _usable(usable, shipped)):  # a stand-in of theirs fell out
        usable = fewer
    file = replace(shipped, entries={**shipped.entries, **{key: edit.entry for key, edit in usable.items()}})
    return LaidOver(shipped, file, file.directory(), newest, frozenset(newest.keys() - usable.keys()))


def _usable(edits: Mapping[str, PartnerEdit], shipped: DirectoryFile) -> dict[str, PartnerEdit]:
    keys = shipped.entries.keys() | edits.keys()
    return {key: edit for key, edit in edits.items() if _is_usable(edit, keys)}


def _is_usable(edit: PartnerEdit, keys: Iterable[str]) -> bool:
    try:
        return read_entry(edit.entry, keys).key == edit.key
    except EntryInvalid:
        return False
