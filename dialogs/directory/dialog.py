"""Keeping the directory as a conversation: a press to the card that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dialogs.directory import cards
from dialogs.directory.form import checked, entry_of, fields_at_fault, fields_of
from dialogs.domain.access import Actor
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.partners import Change, Entry, EntryInvalid, LaidOver, PartnerEdit, lay_over, read_entry
from dialogs.domain.whole_numbers import whole_number
from dialogs.knowledge import Knowledge
from dialogs.ports import UnitOfWork
from dialogs.turn import Card, Pressed
from dialogs.use_cases.edit_partner import EntryOutOfDate, PartnerEditor

_MOST_REMARKS = 200
_MOST_VERSIONS = 10
#: What the buttons carry of a form begins with this.
_FIELD = "f."


@dataclass(frozen=True, slots=True)
class DirectoryDialog:
    """What an administrator does in one transaction."""

    uow: UnitOfWork
    actor: Actor
    name: str
    knowledge: Knowledge
    now: datetime

    async def press(self, pressed: Pressed) -> Card:
        """The card that comes of a press. Raises NotAllowed."""
        key = pressed.data.get("partner") or pressed.inputs.get("partner", "")
        version = whole_number(pressed.data.get("version", "")) or 0
        current = await self._editor.current()
        if pressed.action == "entry.list":
            return await self.list()
        if key not in current.directory:
            return await self.list(self.knowledge.texts("directory.unknown"))
        try:
            return await self._act(pressed, current, key, version)
        except EntryOutOfDate:
            return await self._entry(key, self.knowledge.texts("directory.out_of_date"))

    async def list(self, note: str = "") -> Card:
        """All entries, what is due first. Raises NotAllowed."""
        current = await self._editor.current()
        remarks = await self.uow.partners.remarks(_MOST_REMARKS)
        return cards.list_card(current, remarks, self.now, self.knowledge.texts, note)

    async def _act(self, pressed: Pressed, current: LaidOver, key: str, version: int) -> Card:
        texts = self.knowledge.texts
        entry = current.file.entries[key]
        match pressed.action:
            case "entry.form":
                fields = _carried(pressed.data) or fields_of(entry)
                return cards.form_card(current.directory[key], entry, version, fields, texts)
            case "entry.preview":
                return self._preview(current, key, version, pressed.inputs)
            case "entry.save":
                return await self._save(current, key, version, _carried(pressed.data))
            case "entry.confirm" | "entry.confirm_in_list":
                await self._editor.save(key, version, checked(entry, self._checker, self._today), Change.CONFIRMED)
                note = texts("directory.confirmed", name=current.directory[key].name)
                return await (self._entry(key, note) if pressed.action == "entry.confirm" else self.list(note))
            case "entry.history":
                return await self._history(key)
            case "entry.restore":
                return await self._restore(key, version, pressed.inputs.get("to", ""))
            case "entry.keep":
                await self._editor.save(key, version, entry, Change.KEPT)
                return await self._entry(key, texts("directory.saved"))
            case "entry.adopt" if key in current.shipped.entries:
                await self._editor.save(key, version, current.shipped.entries[key], Change.ADOPTED)
                return await self._entry(key, texts("directory.saved"))
            case _:
                return await self._entry(key)

    def _preview(self, current: LaidOver, key: str, version: int, fields: Mapping[str, str]) -> Card:
        texts = self.knowledge.texts
        entry = self._entry_of(current.file.entries[key], fields)
        try:
            read_entry(entry, current.file.entries)
        except EntryInvalid as invalid:
            return self._form_again(current, key, version, fields, invalid)
        shipped = current.shipped
        edit = PartnerEdit(key, version + 1, self.now, self.actor.id, Change.EDITED, entry, shipped.entries.get(key))
        after = lay_over(shipped, [*current.edits.values(), edit])
        return cards.preview_card(key, after, version, fields, self.now, texts)

    async def _save(self, current: LaidOver, key: str, version: int, fields: Mapping[str, str]) -> Card:
        before = current.file.entries[key]
        entry = self._entry_of(before, fields)
        if entry == before:
            return await self._entry(key, self.knowledge.texts("directory.same"))
        try:
            await self._editor.save(key, version, entry)
        except EntryInvalid as invalid:
            return self._form_again(current, key, version, fields, invalid)
        return await self._entry(key, self.knowledge.texts("directory.saved"))

    def _form_again(
        self, current: LaidOver, key: str, version: int, fields: Mapping[str, str], invalid: EntryInvalid
    ) -> Card:
        """The form as filled in, with what is wrong in Dutch."""
        texts = self.knowledge.texts
        wrong = {
            "number": "directory.wrong.number",
            "hours": "directory.wrong.hours",
            "mail": "directory.wrong.mail",
            "site": "directory.wrong.site",
            "role": "directory.wrong.role",
            "source": "directory.wrong.source",
            "missing": "directory.wrong.missing",
            "other": "directory.wrong.other",
        }
        faults = [
            texts(wrong[name], place=place) if place else texts(wrong[name]) for name, place in fields_at_fault(invalid)
        ]
        return cards.form_card(current.directory[key], current.file.entries[key], version, fields, texts, faults)

    async def _restore(self, key: str, version: int, to: str) -> Card:
        chosen = whole_number(to)
        try:
            await self._editor.restore(key, version, -1 if chosen is None else chosen)
        except (EntryInvalid, KeyError):
            return await self._history(key, self.knowledge.texts("directory.not_restored"))
        return await self._entry(key, self.knowledge.texts("directory.saved"))

    async def _entry(self, key: str, note: str = "") -> Card:
        current = await self._editor.current()
        remarks = await self.uow.partners.remarks(_MOST_REMARKS)
        names = await self._names({remark.actor for remark in remarks})
        return cards.entry_card(key, current, remarks, names, self.knowledge.texts, note)

    async def _history(self, key: str, note: str = "") -> Card:
        current = await self._editor.current()
        history = await self.uow.partners.history(key, _MOST_VERSIONS)
        names = await self._names({edit.actor for edit in history})
        return cards.history_card(key, current, history, names, self.knowledge.texts, note)

    async def _names(self, people: set[str]) -> dict[str, str]:
        known = await self.uow.people.addresses(sorted(people))
        return {person: address.name for person, address in known.items()}

    def _entry_of(self, before: Entry, fields: Mapping[str, str]) -> Entry:
        by = self._checker if fields.get(cards.CHECKED) else None
        return entry_of(before, fields, checked_by=by, today=self._today)

    @property
    def _checker(self) -> str:
        return self.name.strip() or self.knowledge.texts("directory.somebody")

    @property
    def _today(self) -> date:
        return self.now.astimezone(AMSTERDAM).date()

    @property
    def _editor(self) -> PartnerEditor:
        return PartnerEditor(self.uow, self.actor, self.knowledge.partners.now.shipped, self.now)


def _carried(data: Mapping[str, str]) -> dict[str, str]:
    """What the buttons of a preview carry of its form."""
    return {name.removeprefix(_FIELD): text for name, text in data.items() if name.startswith(_FIELD)}


#: What an administrator types.
_WORDS = frozenset({"beheer nummers", "nummers beheren", "beheer de nummers", "nummers beheer"})


def asks_to_keep_directory(text: str) -> bool:
    """Whether this is the command that opens the directory."""
    return " ".join(text.casefold().strip(" .!?").split()) in _WORDS
