"""What administrators changed in the directory."""

from collections.abc import Sequence
from typing import Protocol

from dialogs.domain.partners import PartnerEdit, PartnerRemark


class Partners(Protocol):
    """What administrators changed in the directory of partners, and what others said is not right."""

    async def add(self, edit: PartnerEdit) -> None:
        """Store a new version of an entry. Raises Conflict if that version is there already."""
        ...

    async def newest(self) -> Sequence[PartnerEdit]:
        """The newest edit of each entry, by key."""
        ...

    async def history(self, key: str, limit: int) -> Sequence[PartnerEdit]:
        """The newest edits of an entry, newest first."""
        ...

    async def revision(self) -> int:
        """How many edits were ever stored: whoever knows this many knows them all."""
        ...

    async def put_remark(self, remark: PartnerRemark) -> bool:
        """Store a remark; one whose id is there already is the same one: then False, and nothing happens."""
        ...

    async def remarks(self, limit: int) -> Sequence[PartnerRemark]:
        """The newest remarks on all entries, newest first."""
        ...
