from dialogs.ports import Lease, UnitsOfWork
from tests.storage.factories import MINUTE, NOW


async def test_one_worker_at_a_time_has_a_lease(units: UnitsOfWork) -> None:
    async with units() as uow:
        until = NOW + 2 * MINUTE
        assert await uow.leases.take("digest", "first", now=NOW, until=until) == Lease("first", until, "")
        assert await uow.leases.take("digest", "second", now=NOW + MINUTE, until=NOW + 5 * MINUTE) is None
        assert await uow.leases.take("other", "second", now=NOW, until=until) == Lease("second", until, "")


async def test_a_lease_can_be_taken_again_by_its_holder_also_when_it_is_over(units: UnitsOfWork) -> None:
    async with units() as uow:
        for minutes in (0, 1, 9):
            now = NOW + minutes * MINUTE
            lease = await uow.leases.take("digest", "first", now=now, until=now + 2 * MINUTE)
            assert lease == Lease("first", now + 2 * MINUTE, "first" if minutes else "")

        assert await uow.leases.take("digest", "second", now=NOW + 10 * MINUTE, until=NOW + 12 * MINUTE) is None


async def test_when_a_holder_dies_another_takes_the_lease_when_it_is_over_and_knows_whose_it_was(
    units: UnitsOfWork,
) -> None:
    async with units() as uow:
        await uow.leases.take("digest", "first", now=NOW, until=NOW + MINUTE)
        await uow.commit()

    async with units() as uow:
        until = NOW + 2 * MINUTE
        assert await uow.leases.take("digest", "second", now=NOW + MINUTE, until=until) == Lease(
            "second", until, "first"
        )
        assert await uow.leases.take("digest", "first", now=NOW + MINUTE, until=until) is None


async def test_a_lease_that_is_let_go_of_is_free_at_once(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.leases.take("digest", "first", now=NOW, until=NOW + 5 * MINUTE)
        await uow.leases.release("digest", "second")
        assert await uow.leases.take("digest", "second", now=NOW, until=NOW + 5 * MINUTE) is None

        await uow.leases.release("digest", "first")
        behind = NOW - 60 * MINUTE
        lease = await uow.leases.take("digest", "second", now=behind, until=behind + 5 * MINUTE)
        assert lease == Lease("second", behind + 5 * MINUTE, "first")


async def test_a_lease_of_a_transaction_that_failed_was_not_taken(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.leases.take("digest", "first", now=NOW, until=NOW + 5 * MINUTE)

    async with units() as uow:
        assert await uow.leases.take("digest", "second", now=NOW, until=NOW + 5 * MINUTE) is not None


async def test_a_lease_that_a_wrong_clock_took_is_taken_only_when_nobody_moves_its_end(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert await uow.leases.ends("digest") is None
        for minutes in (60, 61):
            ahead = NOW + minutes * MINUTE
            await uow.leases.take("digest", "ahead", now=ahead, until=ahead + MINUTE)
        ends = await uow.leases.ends("digest")
        assert ends == NOW + 62 * MINUTE
        moved = NOW + 61 * MINUTE

        assert await uow.leases.take("digest", "second", now=NOW, until=NOW + MINUTE) is None
        assert await uow.leases.take("digest", "second", now=NOW, until=NOW + MINUTE, stale=moved) is None
        assert await uow.leases.take("digest", "second", now=NOW, until=NOW + MINUTE, stale=ends) is not None
