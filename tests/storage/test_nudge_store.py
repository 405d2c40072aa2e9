from dialogs.domain.nudges import Interval
from dialogs.ports import UnitsOfWork
from tests.storage.factories import MINUTE, NOW, an_address


async def test_people_are_nudged_once_each_longest_ago_first(units: UnitsOfWork) -> None:
    async with units() as uow:
        for number, person in enumerate(("kim", "robin", "sam")):
            await uow.people.seen(an_address(person, seen_at=NOW + number * MINUTE))
        later = NOW + 10 * MINUTE

        assert list(await uow.nudges.take(later, NOW, 10)) == []
        assert list(await uow.nudges.take(later, later, 2)) == ["kim", "robin"]
        assert list(await uow.nudges.take(later, later, 2)) == ["sam"]
        assert list(await uow.nudges.take(later, later, 2)) == []


async def test_who_is_seen_again_is_not_nudged_later_for_it(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.people.seen(an_address("kim"))
        await uow.people.seen(an_address("kim", seen_at=NOW + 5 * MINUTE))

        assert list(await uow.nudges.take(NOW + MINUTE, NOW + MINUTE, 10)) == ["kim"]


async def test_who_cannot_be_reached_is_not_nudged(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.people.seen(an_address("kim"))
        await uow.people.unreachable("kim")

        assert list(await uow.nudges.take(NOW + MINUTE, NOW + MINUTE, 10)) == []


async def test_who_wants_none_gets_none_until_they_want_them_again(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.nudges.refuse("kim")
        await uow.nudges.refuse("kim")
        await uow.people.seen(an_address("kim"))

        assert list(await uow.nudges.take(NOW + MINUTE, NOW + MINUTE, 10)) == []

        await uow.nudges.allow("kim")
        await uow.nudges.allow("sam")
        assert list(await uow.nudges.take(NOW + MINUTE, NOW + MINUTE, 10)) == ["kim"]


async def test_the_interval_that_was_set_last_is_in_force(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert await uow.nudges.interval() is None

        await uow.nudges.set_interval(Interval(8, "officer-1", NOW))
        await uow.nudges.set_interval(Interval(0, "officer-2", NOW))
        assert await uow.nudges.interval() == Interval(0, "officer-2", NOW)
