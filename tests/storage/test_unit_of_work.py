from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.exc import StatementError

from dialogs.ports import UnitsOfWork
from tests.storage.factories import NOW, a_draft, a_notice, a_signal, an_address, an_audit_entry, an_event


async def submit(units: UnitsOfWork, *, and_commit: bool) -> None:
    async with units() as uow:
        await uow.journal.first_time("activity-1", NOW)
        await uow.drafts.save(a_draft())
        await uow.signals.add(a_signal())
        await uow.signals.append(an_event())
        await uow.outbox.put(a_notice())
        await uow.people.seen(an_address())
        await uow.audit.append(an_audit_entry())
        if and_commit:
            await uow.commit()


async def what_is_there(units: UnitsOfWork) -> list[bool]:
    async with units() as uow:
        return [
            not await uow.journal.first_time("activity-1", NOW),
            await uow.drafts.of("reporter-1") is not None,
            await uow.signals.get("signal-1") is not None,
            len(await uow.signals.history("signal-1")) == 1,
            await uow.outbox.next_due() is not None,
            await uow.people.address("reporter-1") is not None,
        ]


@pytest.mark.parametrize("and_commit", [True, False], ids=["committed", "left"])
async def test_a_unit_stores_all_or_nothing(units: UnitsOfWork, and_commit: bool) -> None:
    await submit(units, and_commit=and_commit)

    assert await what_is_there(units) == [and_commit] * 6


async def test_an_error_half_way_undoes_what_was_before_it(units: UnitsOfWork) -> None:
    async def fail() -> None:
        async with units() as uow:
            await uow.drafts.save(a_draft())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    async with units() as uow:
        assert await uow.drafts.of("reporter-1") is None


async def test_what_is_written_after_the_commit_needs_another_one(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.drafts.save(a_draft("draft-1"))
        await uow.commit()
        await uow.drafts.save(a_draft("draft-2", reporter="reporter-2"))

    async with units() as uow:
        assert await uow.drafts.of("reporter-1") is not None
        assert await uow.drafts.of("reporter-2") is None


@pytest.mark.parametrize("name", ["started_at", "changed_at"])
async def test_a_time_without_a_time_zone_is_refused(units: UnitsOfWork, name: str) -> None:
    naive = datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001  # that is the point
    async with units() as uow:
        with pytest.raises((ValueError, StatementError), match="time zone"):
            await uow.drafts.save(replace(a_draft(), **{name: naive}))
