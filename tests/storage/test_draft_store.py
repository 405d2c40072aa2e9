from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.domain.draft_life import OpenDraft, first_due
from dialogs.domain.signals import Channel, Origin
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
        changed = replace(changed, danger_quote=None, minor_quote=None, practice=True)

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


async def test_a_draft_on_behalf_of_somebody_keeps_where_it_came_from(units: UnitsOfWork) -> None:
    origin = Origin(Channel.PHONE, "Burgerzaken", "via de teamleider")
    async with units() as uow:
        saved = await uow.drafts.save(a_draft(origin=origin))

        assert saved.origin == origin
        assert await uow.drafts.of("reporter-1") == saved


DUE = first_due(NOW, practice=False)


def as_open(version: int = 1, reminded: int = 0) -> OpenDraft:
    """The draft of the factories, as the watchdog sees it."""
    return OpenDraft("draft-1", "reporter-1", NOW, version, reminded, practice=False)


async def test_a_draft_is_due_from_its_moment_on_and_not_before(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.drafts.save(a_draft())

        assert list(await uow.drafts.due(DUE - timedelta(seconds=1), 10)) == []
        assert list(await uow.drafts.due(DUE, 10)) == [as_open()]


async def test_the_longest_due_comes_first_and_no_more_than_asked(units: UnitsOfWork) -> None:
    async with units() as uow:
        for number, minutes in enumerate((3, 1, 2)):
            changed_at = NOW + minutes * MINUTE
            await uow.drafts.save(a_draft(f"draft-{number}", reporter=f"reporter-{number}", changed_at=changed_at))

        due = await uow.drafts.due(DUE + 5 * MINUTE, 2)

    assert [draft.id for draft in due] == ["draft-1", "draft-2"]


async def test_a_reminder_is_stored_once_and_leaves_the_version_of_the_cards(units: UnitsOfWork) -> None:
    later = DUE + timedelta(days=1)
    async with units() as uow:
        saved = await uow.drafts.save(a_draft())

        assert await uow.drafts.remind(as_open(), 1, later)
        assert not await uow.drafts.remind(as_open(), 1, later)

        assert await uow.drafts.of("reporter-1") == saved
        assert list(await uow.drafts.due(later - MINUTE, 10)) == []
        assert list(await uow.drafts.due(later, 10)) == [as_open(reminded=1)]


async def test_after_a_change_the_reminders_start_again(units: UnitsOfWork) -> None:
    async with units() as uow:
        saved = await uow.drafts.save(a_draft())
        await uow.drafts.remind(as_open(), 1, DUE + timedelta(days=1))
        await uow.drafts.save(saved)

        assert list(await uow.drafts.due(DUE, 10)) == [as_open(version=2)]


async def test_a_draft_that_expires_is_gone(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.drafts.save(a_draft())

        assert await uow.drafts.expire(as_open())
        assert not await uow.drafts.expire(as_open())

        assert await uow.drafts.of("reporter-1") is None
        assert list(await uow.drafts.due(DUE, 10)) == []


@pytest.mark.parametrize("stale", [as_open(version=2), as_open(reminded=1)], ids=["changed", "reminded"])
async def test_a_draft_that_was_touched_meanwhile_neither_expires_nor_is_reminded_of(
    units: UnitsOfWork, stale: OpenDraft
) -> None:
    async with units() as uow:
        saved = await uow.drafts.save(a_draft())

        assert not await uow.drafts.expire(stale)
        assert not await uow.drafts.remind(stale, 2, DUE)

        assert await uow.drafts.of("reporter-1") == saved
