"""Keeping the directory right: an administrator changes, confirms and restores entries; anybody says what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dialogs.domain.access import Actor, Right, Staff
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.partners import (
    Change,
    DirectoryFile,
    Entry,
    LaidOver,
    PartnerEdit,
    PartnerRemark,
    lay_over,
    read_entry,
)
from dialogs.ports import AuditEntry, Conflict, UnitOfWork

#: The actor of what no person did.
SYSTEM = "system"


class EntryOutOfDate(Exception):
    """Somebody stored a newer version of the entry first. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class PartnerEditor:
    """An administrator in one transaction; `shipped` is the file that this version of Meldroute brought."""

    uow: UnitOfWork
    actor: Actor
    shipped: DirectoryFile
    now: datetime

    async def current(self) -> LaidOver:
        """The directory as it is stored now. Raises NotAllowed."""
        self.actor.demand(Right.EDIT_DIRECTORY)
        return lay_over(self.shipped, await self.uow.partners.newest())

    async def save(self, key: str, version: int, entry: Entry, change: Change = Change.EDITED) -> LaidOver:
        """Store a new version of an entry on top of `version` (0: as shipped); the directory with it.

        Raises NotAllowed, EntryInvalid, EntryOutOfDate.
        """
        current = await self.current()
        read_entry(entry, {*current.file.entries, key})
        edit = PartnerEdit(key, version + 1, self.now, self.actor.id, change, entry, self.shipped.entries.get(key))
        if current.version(key) != version:
            raise EntryOutOfDate(key)
        try:
            await _store(self.uow, edit)
        except Conflict as conflict:
            raise EntryOutOfDate(key) from conflict
        return lay_over(self.shipped, [*current.edits.values(), edit])

    async def restore(self, key: str, version: int, to: int) -> LaidOver:
        """Bring back an older version as the newest; 0 is the shipped one.

        Raises NotAllowed, EntryInvalid, EntryOutOfDate, KeyError (there is no such version).
        """
        return await self.save(key, version, await self.version(key, to), Change.RESTORED)

    async def version(self, key: str, number: int) -> Entry:
        """The entry as it was in that version; 0 is the shipped one. Raises NotAllowed, KeyError."""
        self.actor.demand(Right.EDIT_DIRECTORY)
        if number == 0:
            return self.shipped.entries[key]
        history = await self.uow.partners.history(key, limit=max(1, await self.uow.partners.revision()))
        return {edit.version: edit.entry for edit in history}[number]


async def doubt(uow: UnitOfWork, actor: Actor, remark: PartnerRemark, staff: Staff) -> None:
    """Somebody says that an entry is not right: those who keep the directory hear of it. The same remark tells once."""
    actor.demand(Right.LOOK_UP_NUMBER)
    if not await uow.partners.put_remark(remark):
        return
    for person in staff.keepers:
        notice_id = ".".join((remark.id, NoticeKind.PARTNER_DOUBTED, person))
        detail = {"partner": remark.key, "remark": remark.id}
        await uow.outbox.put(Notice(notice_id, NoticeKind.PARTNER_DOUBTED, person, "", remark.at, detail))
    await uow.audit.append(AuditEntry(remark.at, actor.id, "partner_doubted", remark.key))


async def put_digest(uow: UnitOfWork, month: str, staff: Staff, now: datetime) -> None:
    """Tell each administrator that numbers are to be checked; again for the same month it changes nothing."""
    for person in staff.administrators:
        notice_id = ".".join((NoticeKind.PARTNERS_DUE, month, person))
        await uow.outbox.put(Notice(notice_id, NoticeKind.PARTNERS_DUE, person, "", now, {"month": month}))


async def import_entries(uow: UnitOfWork, shipped: DirectoryFile, file: DirectoryFile, now: datetime) -> list[str]:
    """Lay the entries of a file over those in force; the keys of the entries that changed. None is removed.

    Raises EntryInvalid: an entry leans on one that is neither in the file nor in force. Raises Conflict.
    """
    current = lay_over(shipped, await uow.partners.newest())
    changed = _different(file.entries, current.file.entries)
    for key, entry in changed.items():
        read_entry(entry, {*current.file.entries, *file.entries})
        version = current.version(key) + 1
        await _store(uow, PartnerEdit(key, version, now, SYSTEM, Change.IMPORTED, entry, shipped.entries.get(key)))
    return list(changed)


def _different(entries: Mapping[str, Entry], than: Mapping[str, Entry]) -> dict[str, Entry]:
    return {key: entry for key, entry in entries.items() if entry != than.get(key)}


async def _store(uow: UnitOfWork, edit: PartnerEdit) -> None:
    await uow.partners.add(edit)
    reason = f"version {edit.version}"
    await uow.audit.append(AuditEntry(edit.at, edit.actor, f"partner_{edit.change}", edit.key, reason))
