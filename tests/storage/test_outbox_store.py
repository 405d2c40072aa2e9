from collections.abc import Sequence

import pytest

from dialogs.ports import Claimed, UnitOfWork, UnitsOfWork
from tests.storage.factories import MINUTE, NOW, a_notice

LEASE = NOW + 5 * MINUTE


async def claim(uow: UnitOfWork, worker: str = "worker-1", minutes: int = 0, limit: int = 10) -> list[Claimed]:
    """What this worker may send at this time."""
    now = NOW + minutes * MINUTE
    return list(await uow.outbox.claim(worker=worker, now=now, lease_until=now + 5 * MINUTE, limit=limit))


def ids(claimed: Sequence[Claimed]) -> list[str]:
    return [each.notice.id for each in claimed]


async def test_a_notice_is_claimed_as_it_was_put(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice(detail={"event": "2", "card": "message-1"}))
        await uow.commit()

    async with units() as uow:
        notice = a_notice(detail={"event": "2", "card": "message-1"})
        assert await claim(uow) == [Claimed(notice, attempts=0, ambiguous=False)]


async def test_the_same_notice_put_twice_is_sent_once(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice("notice-1", "officer-1"))
        await uow.outbox.put(a_notice("notice-1", "officer-1", created_at=NOW - MINUTE))

        assert ids(await claim(uow)) == ["notice-1"]
        await uow.outbox.delivered("notice-1", "worker-1", NOW)
        assert await uow.outbox.next_due() is None


async def test_what_a_failed_use_case_would_have_told_is_not_sent(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice())

    async with units() as uow:
        assert await claim(uow) == []


async def test_two_workers_never_hold_the_same_notice(units: UnitsOfWork) -> None:
    async with units() as uow:
        for number in (1, 2, 3):
            await uow.outbox.put(a_notice(f"notice-{number}", f"officer-{number}"))

        assert ids(await claim(uow, "worker-1", limit=2)) == ["notice-1", "notice-2"]
        assert ids(await claim(uow, "worker-2", limit=2)) == ["notice-3"]
        assert ids(await claim(uow, "worker-2", limit=2)) == []


async def test_a_notice_is_not_due_before_its_time(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice(created_at=NOW + MINUTE))

        assert await uow.outbox.next_due() == NOW + MINUTE
        assert await claim(uow) == []
        assert ids(await claim(uow, minutes=1)) == ["notice-1"]


async def test_a_person_gets_their_notices_one_by_one_in_order(units: UnitsOfWork) -> None:
    async with units() as uow:
        for notice in ("first", "second", "third"):
            await uow.outbox.put(a_notice(notice, "reporter-1"))
        await uow.outbox.put(a_notice("other", "officer-1"))

        assert ids(await claim(uow)) == ["first", "other"]
        assert ids(await claim(uow, "worker-2")) == []
        assert await uow.outbox.delivered("first", "worker-1", NOW)
        assert ids(await claim(uow, "worker-2")) == ["second"]


async def test_a_person_who_cannot_be_reached_now_holds_up_nobody_else(units: UnitsOfWork) -> None:
    async with units() as uow:
        for number in range(1, 6):
            await uow.outbox.put(a_notice(f"failing-{number}", "reporter-1"))
        await uow.outbox.put(a_notice("other", "officer-1"))

        assert ids(await claim(uow, limit=1)) == ["failing-1"]
        assert await uow.outbox.postpone("failing-1", "worker-1", until=NOW + 10 * MINUTE, error="429", ambiguous=False)

        assert ids(await claim(uow, limit=1)) == ["other"]
        assert ids(await claim(uow, minutes=9)) == ["other"]
        assert ids(await claim(uow, minutes=10, limit=1)) == ["failing-1"]


async def test_the_next_claim_is_worth_making_when_somebodys_oldest_notice_is_due(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert await uow.outbox.next_due() is None
        await uow.outbox.put(a_notice("first", "reporter-1"))
        await uow.outbox.put(a_notice("second", "reporter-1"))
        assert await uow.outbox.next_due() == NOW

        await claim(uow)
        assert await uow.outbox.next_due() == LEASE

        await uow.outbox.postpone("first", "worker-1", until=NOW + 9 * MINUTE, error="", ambiguous=False)
        assert await uow.outbox.next_due() == NOW + 9 * MINUTE

        await uow.outbox.put(a_notice("other", "officer-1", created_at=NOW + MINUTE))
        assert await uow.outbox.next_due() == NOW + MINUTE


@pytest.mark.parametrize("told_ambiguous", [False, True])
async def test_a_later_try_knows_how_often_it_was_tried_and_whether_it_may_have_arrived(
    units: UnitsOfWork, told_ambiguous: bool
) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice())
        for minutes in (0, 1):
            await claim(uow, minutes=minutes)
            until = NOW + (minutes + 1) * MINUTE
            in_doubt = told_ambiguous and minutes == 0
            await uow.outbox.postpone("notice-1", "worker-1", until=until, error="502", ambiguous=in_doubt)

        assert await claim(uow, minutes=2) == [Claimed(a_notice(), attempts=2, ambiguous=told_ambiguous)]


async def test_when_a_worker_dies_another_sends_it_after_the_lease_and_knows_that_it_may_have_arrived(
    units: UnitsOfWork,
) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice())
        await claim(uow, "worker-1")

        assert await claim(uow, "worker-2", minutes=4) == []
        assert await claim(uow, "worker-2", minutes=5) == [Claimed(a_notice(), attempts=1, ambiguous=True)]


async def test_a_slow_worker_hears_that_it_lost_the_lease_but_its_delivery_counts(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice())
        await claim(uow, "worker-1")
        await claim(uow, "worker-2", minutes=5)

        later = NOW + 20 * MINUTE
        assert not await uow.outbox.postpone("notice-1", "worker-1", until=NOW, error="", ambiguous=True)
        assert not await uow.outbox.give_up("notice-1", "worker-1", NOW, "gone")
        assert await uow.outbox.next_due() == NOW + 10 * MINUTE

        assert not await uow.outbox.delivered("notice-1", "worker-1", later)
        assert await uow.outbox.next_due() is None
        assert await uow.outbox.delivered("notice-1", "worker-2", later)
        assert not await uow.outbox.postpone("notice-1", "worker-2", until=later, error="", ambiguous=True)
        assert await claim(uow, minutes=30) == []


async def test_a_worker_that_is_late_but_alone_still_holds_its_lease(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice())
        await claim(uow, "worker-1")

        assert await uow.outbox.delivered("notice-1", "worker-1", NOW + 20 * MINUTE)


async def test_a_dead_letter_blocks_nobody(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice("dead", "reporter-1"))
        await uow.outbox.put(a_notice("next", "reporter-1"))
        await claim(uow)

        assert await uow.outbox.give_up("dead", "worker-1", NOW, "403 blocked")
        assert ids(await claim(uow)) == ["next"]
        assert not await uow.outbox.give_up("dead", "worker-1", NOW, "403 blocked")


async def test_a_notice_that_is_not_there_is_nobodys(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert not await uow.outbox.delivered("another", "worker-1", NOW)
        assert not await uow.outbox.postpone("another", "worker-1", until=NOW, error="", ambiguous=False)
        assert not await uow.outbox.give_up("another", "worker-1", NOW, "")
