from dataclasses import replace

from dialogs.ports import UnitsOfWork
from tests.storage.factories import MINUTE, NOW, an_address


async def test_a_person_is_found_where_they_were_last_seen(units: UnitsOfWork) -> None:
    moved = an_address(conversation_id="a:2", name="Anne de Vries", teams_id="29:2", seen_at=NOW + MINUTE)
    async with units() as uow:
        await uow.people.seen(an_address())
        await uow.people.seen(moved)
        await uow.commit()

    async with units() as uow:
        assert await uow.people.address("reporter-1") == moved
        assert await uow.people.address("reporter-2") is None


async def test_only_the_known_ones_of_a_group_are_found(units: UnitsOfWork) -> None:
    async with units() as uow:
        for person in ("officer-1", "officer-2", "officer-3"):
            await uow.people.seen(an_address(person))

        found = await uow.people.addresses(["officer-1", "officer-3", "officer-4"])
        assert found == {person: an_address(person) for person in ("officer-1", "officer-3")}
        assert await uow.people.addresses([]) == {}


async def test_a_person_who_cannot_be_reached_is_reachable_when_seen_again(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.people.seen(an_address())
        await uow.people.unreachable("reporter-1")
        await uow.people.unreachable("reporter-2")

        assert await uow.people.address("reporter-1") == an_address(reachable=False)

        await uow.people.seen(replace(an_address(), reachable=False))
        assert await uow.people.address("reporter-1") == an_address(reachable=True)


async def test_who_lacks_the_app_is_known_until_they_are_seen(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.people.lacks_app("officer-1", NOW)
        await uow.people.lacks_app("officer-1", NOW + MINUTE)
        await uow.people.lacks_app("officer-2", NOW)
        await uow.commit()

    async with units() as uow:
        assert await uow.people.without_app(["officer-1", "officer-3"]) == {"officer-1": NOW}
        assert await uow.people.without_app([]) == {}
        await uow.people.seen(an_address("officer-1", seen_at=NOW + MINUTE))
        assert await uow.people.without_app(["officer-1", "officer-2"]) == {"officer-2": NOW}
