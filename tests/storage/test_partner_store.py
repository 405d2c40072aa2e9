from typing import Any

import pytest
from sqlalchemy import select

from dialogs.domain.partners import Change, PartnerEdit, PartnerRemark
from dialogs.ports import Conflict, UnitsOfWork
from storage.engine import Database
from storage.tables import partner_edits, partner_remarks
from tests.storage.conftest import raw
from tests.storage.factories import MINUTE, NOW


def an_edit(key: str = "avim", version: int = 1, **changes: Any) -> PartnerEdit:
    entry = {"key": key, "numbers": [{"number": "088-9630320"}], "checked_by": "Kim"}
    values: dict[str, Any] = {"actor": "admin-1", "change": Change.EDITED, "entry": entry, "shipped": {"key": key}}
    return PartnerEdit(key, version, NOW + version * MINUTE, **values | changes)


async def test_the_newest_edit_of_each_entry_is_in_force_and_all_are_kept(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert await uow.partners.revision() == 0
        for edit in (an_edit("ind"), an_edit(), an_edit(version=2), *(an_edit(version=n) for n in range(3, 12))):
            await uow.partners.add(edit)
        await uow.commit()

    async with units() as uow:
        assert list(await uow.partners.newest()) == [an_edit(version=11), an_edit("ind")]
        assert list(await uow.partners.history("avim", 2)) == [an_edit(version=11), an_edit(version=10)]
        assert list(await uow.partners.history("riec", 2)) == []
        assert await uow.partners.revision() == 12


async def test_of_two_administrators_with_the_same_version_the_second_is_told(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.partners.add(an_edit())
        with pytest.raises(Conflict):
            await uow.partners.add(an_edit(actor="admin-2"))
        await uow.partners.add(an_edit(version=2, shipped=None, change=Change.RESTORED))
        await uow.commit()

    async with units() as uow:
        history = await uow.partners.history("avim", 10)
        assert [(edit.actor, edit.shipped) for edit in history] == [("admin-1", None), ("admin-1", {"key": "avim"})]


async def test_remarks_are_read_newest_first_and_one_that_came_twice_counts_once(units: UnitsOfWork) -> None:
    first = PartnerRemark("r1", "avim", NOW, "kim", "Er neemt niemand op.")
    second = PartnerRemark("r2", "ind", NOW + MINUTE, "robin")
    async with units() as uow:
        stored: list[PartnerRemark] = []
        for remark in (first, second, first):
            assert await uow.partners.put_remark(remark) is (remark not in stored)
            stored.append(remark)
        await uow.commit()

    async with units() as uow:
        assert list(await uow.partners.remarks(10)) == [second, first]
        assert list(await uow.partners.remarks(1)) == [second]


async def test_names_and_remarks_are_sealed(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.partners.add(an_edit())
        await uow.partners.put_remark(PartnerRemark("r1", "avim", NOW, "kim", "Er neemt niemand op."))
        await uow.commit()

    async with raw(database) as transaction:
        for table, text in ((partner_edits, b"Kim"), (partner_remarks, b"niemand")):
            content = (await transaction.execute(select(table.c.content))).scalar_one()
            assert text not in bytes(content)
