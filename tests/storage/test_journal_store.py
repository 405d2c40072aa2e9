from dialogs.ports import UnitsOfWork
from tests.storage.factories import MINUTE, NOW


async def test_an_activity_that_is_delivered_twice_counts_once(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert await uow.journal.first_time("activity-1", NOW)
        await uow.commit()

    async with units() as uow:
        assert not await uow.journal.first_time("activity-1", NOW + MINUTE)
        assert await uow.journal.first_time("activity-2", NOW + MINUTE)


async def test_two_people_who_write_in_the_same_millisecond_are_both_heard(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert await uow.journal.first_time("1700000000000", NOW, twin=b"of Robin", conversation="a:1")
        assert await uow.journal.first_time("1700000000000", NOW, twin=b"of Kim", conversation="a:2")
        assert not await uow.journal.first_time("1700000000000", NOW, conversation="a:1")


async def test_an_activity_whose_turn_failed_may_come_again(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.journal.first_time("activity-1", NOW)

    async with units() as uow:
        assert await uow.journal.first_time("activity-1", NOW)


async def test_an_activity_that_comes_again_under_another_id_is_known_by_its_twin(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert await uow.journal.first_time("activity-1", NOW, twin=b"the same")
        assert not await uow.journal.first_time("activity-2", NOW, twin=b"the same")
        assert not await uow.journal.first_time("activity-1", NOW, twin=b"another")
        assert await uow.journal.first_time("activity-3", NOW, twin=b"a third")


async def test_old_activities_are_forgotten_and_newer_ones_are_not(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.journal.first_time("old", NOW - MINUTE)
        await uow.journal.first_time("new", NOW)

        assert await uow.journal.forget_before(NOW) == 1
        assert await uow.journal.first_time("old", NOW)
        assert not await uow.journal.first_time("new", NOW)
