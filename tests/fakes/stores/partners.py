"""The changes to the directory in memory."""

from collections.abc import Sequence

from dialogs.domain.partners import PartnerEdit, PartnerRemark
from dialogs.ports import Conflict
from tests.fakes.stores.state import Store, dump, load


class MemoryPartners(Store):
    """A `dialogs.ports.Partners`."""

    async def add(self, edit: PartnerEdit) -> None:
        """Store a new version of an entry. Raises Conflict if it is there already."""
        if (edit.key, edit.version) in self._state.partner_edits:
            raise Conflict(f"version {edit.version} of {edit.key} is there already")
        self._state.partner_edits[edit.key, edit.version] = dump(edit)

    async def newest(self) -> Sequence[PartnerEdit]:
        """The newest edit of each entry, by key."""
        return list({edit.key: edit for edit in self._edits()}.values())

    async def history(self, key: str, limit: int) -> Sequence[PartnerEdit]:
        """The newest edits of an entry, newest first."""
        return [edit for edit in reversed(self._edits()) if edit.key == key][:limit]

    async def revision(self) -> int:
        """How many edits were ever stored."""
        return len(self._state.partner_edits)

    async def put_remark(self, remark: PartnerRemark) -> bool:
        """Store a remark; False if one with its id is there already."""
        is_new = remark.id not in self._state.partner_remarks
        self._state.partner_remarks.setdefault(remark.id, dump(remark))
        return is_new

    async def remarks(self, limit: int) -> Sequence[PartnerRemark]:
        """The newest remarks on all entries, newest first."""
        remarks = [load(PartnerRemark, each) for each in self._state.partner_remarks.values()]
        return sorted(remarks, key=lambda remark: (remark.at, remark.id), reverse=True)[:limit]

    def _edits(self) -> list[PartnerEdit]:
        return [load(PartnerEdit, edit) for _, edit in sorted(self._state.partner_edits.items())]
