from dataclasses import replace

import pytest

from dialogs.ports import Conflict, UnitsOfWork
from tests.storage.factories import MINUTE, NOW, a_draft


async def test_a_reporter_finds_the_draft_as_it_was_left(units: UnitsOfWork) -> None:
    async with units() as uow:
        saved = await uow.drafts.save(a_draft())
        await uow.commit()

    assert saved == a_draft(version=1)
    async with units() as uow:
        assert await uow.drafts.of("reporter-1") == saved
        assert await uow.drafts.of("reporter-2") is None


async def test_each_change_has_the_next_version(units: UnitsOfWork) -> None:
    async with units() as uow:
        draft = await uow.drafts.save(a_draft())
        changed = replace(draft, changed_at=NOW + MINUTE, answers={"place": "markt"}, suggestions=(), focus=None)
        changed = replace(changed, danger_quote=None, minor_read=None, practice=True)

        assert await uow.drafts.save(changed) == replace(changed, version=2)
        assert await uow.drafts.of("reporter-1") == replace(changed, version=2)


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_a_change_made_to_another_version_is_a_conflict(units: UnitsOfWork, version: int) -> None:
    async with units() as uow:
        stored = await uow.drafts.save(await uow.drafts.save(a_draft()))

        with pytest.raises(Conflict):
            await uow.drafts.save(a_draft(version=version, answers={}))

        assert await uow.drafts.of("reporter-1") == stored


async def test_a_draft_that_was_removed_meanwhile_is_a_conflict(units: UnitsOfWork) -> None:
    async with units() as uow:
        draft = await uow.drafts.save(a_draft())
        await uow.drafts.remove(draft.id)
        await uow.drafts.remove(draft.id)

        with pytest.raises(Conflict):
            await uow.drafts.save(draft)
        assert await uow.drafts.of("reporter-1") is None


async def test_a_reporter_has_one_draft_at_most(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.drafts.save(a_draft("draft-1"))
        await uow.drafts.save(a_draft("draft-2", reporter="reporter-2"))

        with pytest.raises(Conflict):
            await uow.drafts.save(a_draft("draft-3"))

        found = await uow.drafts.of("reporter-1")
        assert found is not None
        assert found.id == "draft-1"


async def test_a_draft_does_not_change_hands(units: UnitsOfWork) -> None:
    async with units() as uow:
        draft = await uow.drafts.save(a_draft())

        with pytest.raises(Conflict):
            await uow.drafts.save(replace(draft, reporter="reporter-2"))


async def test_a_draft_that_json_cannot_hold_is_refused(units: UnitsOfWork) -> None:
    async with units() as uow:
        with pytest.raises(Exception, match=r"(?i)serializ|JSON|expected"):
            await uow.drafts.save(a_draft(answers={"story": object()}))
