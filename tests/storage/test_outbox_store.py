from collections.abc import Sequence

import pytest

from dialogs.domain.notices import Lane
from dialogs.ports import Claimed, Delivery, DeliveryState, Sent, UnitOfWork, UnitsOfWork
from tests.storage.factories import MINUTE, NOW, a_notice, an_address

LEASE = NOW + 5 * MINUTE


async def claim(
    uow: UnitOfWork, worker: str = "worker-1", minutes: int = 0, limit: int = 10, lane: Lane = Lane.ORDINARY
) -> list[Claimed]:
    """What this worker may send at this time."""
    now = NOW + minutes * MINUTE
    until = now + 5 * MINUTE
    return list(await uow.outbox.claim(worker=worker, now=now, lease_until=until, limit=limit, lane=lane))


def ids(claimed: Sequence[Claimed | Delivery]) -> list[str]:
    return [each.notice.id for each in claimed]


async def test_a_notice_is_claimed_as_it_was_put(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice(detail={"event": "2", "card": "message-1"}))
        await uow.commit()

    async with units() as uow:
        notice = a_notice(detail={"event": "2", "card": "message-1"})
        assert await claim(uow) == [Claimed(notice, attempts=0, ambiguous=False, since=NOW)]


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

        assert await claim(uow, minutes=2) == [Claimed(a_notice(), attempts=2, ambiguous=told_ambiguous, since=NOW)]


async def test_when_a_worker_dies_another_sends_it_after_the_lease_and_knows_that_it_may_have_arrived(
    units: UnitsOfWork,
) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice())
        await claim(uow, "worker-1")

        assert await claim(uow, "worker-2", minutes=4) == []
        assert await claim(uow, "worker-2", minutes=5) == [Claimed(a_notice(), attempts=1, ambiguous=True, since=NOW)]


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
        assert not await uow.outbox.put_off("another", "worker-1", NOW)
        assert not await uow.outbox.let_go("another", "worker-1", NOW, "")
        assert await uow.outbox.resend(NOW, "another") == 0


async def test_an_alarm_waits_for_nothing_that_is_no_alarm(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice("earlier"))
        await uow.outbox.put(a_notice("alarm", lane=Lane.ALARM))
        await uow.outbox.put(a_notice("second alarm", lane=Lane.ALARM))
        await claim(uow)
        await uow.outbox.postpone("earlier", "worker-1", until=NOW + 10 * MINUTE, error="429", ambiguous=False)

        assert await uow.outbox.next_due() == NOW
        assert ids(await claim(uow)) == []
        [alarm] = await claim(uow, lane=Lane.ALARM)
        assert alarm.notice == a_notice("alarm", lane=Lane.ALARM)
        assert ids(await claim(uow, lane=Lane.ALARM)) == []
        assert ids(await claim(uow, minutes=10)) == ["earlier"]


async def test_what_a_worker_held_that_is_gone_can_be_claimed_at_once_and_may_have_arrived(units: UnitsOfWork) -> None:
    async with units() as uow:
        for number in (1, 2, 3):
            await uow.outbox.put(a_notice(f"notice-{number}", f"officer-{number}"))
        await claim(uow, "gone", limit=2)
        await uow.outbox.delivered("notice-1", "gone", NOW)
        assert not await uow.outbox.is_held_by_others("gone")
        await claim(uow, "alive")
        assert await uow.outbox.is_held_by_others("gone")
        assert await uow.outbox.is_held_by_others("alive")

        assert await uow.outbox.release_all_of("gone", NOW + MINUTE) == 1
        [again] = await claim(uow, "alive", minutes=1)
        assert (again.notice.id, again.ambiguous) == ("notice-2", True)


async def test_what_is_put_off_was_not_tried(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice())
        await claim(uow)

        assert not await uow.outbox.put_off("notice-1", "worker-2", NOW)
        assert await uow.outbox.put_off("notice-1", "worker-1", NOW + 2 * MINUTE)
        assert await claim(uow, minutes=1) == []
        assert await claim(uow, minutes=2) == [Claimed(a_notice(), attempts=0, ambiguous=False, since=NOW)]


async def test_what_became_of_the_notices_about_a_signal_is_known(units: UnitsOfWork) -> None:
    async with units() as uow:
        for notice in ("delivered", "dead", "let go", "tried", "new"):
            await uow.outbox.put(a_notice(notice, f"recipient of {notice}"))
        await uow.outbox.put(a_notice("of another", signal_id="signal-2"))
        await claim(uow, limit=4)
        await uow.outbox.delivered("delivered", "worker-1", NOW + MINUTE)
        await uow.outbox.give_up("dead", "worker-1", NOW + MINUTE, "403 blocked")
        await uow.outbox.let_go("let go", "worker-1", NOW + MINUTE, "504")
        await uow.outbox.postpone("tried", "worker-1", until=NOW + 9 * MINUTE, error="429", ambiguous=False)

        told = {each.notice.id: each for each in await uow.outbox.of_signal("signal-1")}
        assert [(key, each.state, each.tries, each.at, each.reason) for key, each in told.items()] == [
            ("delivered", DeliveryState.DELIVERED, 1, NOW + MINUTE, ""),
            ("dead", DeliveryState.FAILED, 1, NOW + MINUTE, "403 blocked"),
            ("let go", DeliveryState.LET_GO, 1, NOW + MINUTE, "504"),
            ("tried", DeliveryState.PENDING, 1, NOW + 9 * MINUTE, "429"),
            ("new", DeliveryState.PENDING, 0, NOW, ""),
        ]
        assert await uow.outbox.dead_letters(10) == [told["dead"]]
        assert ids(await uow.outbox.waiting(2)) == ["tried", "new"]


async def test_a_delivery_in_the_end_makes_earlier_failures_forgotten(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.outbox.put(a_notice())
        await claim(uow)
        await uow.outbox.postpone("notice-1", "worker-1", until=NOW, error="429", ambiguous=False)
        await claim(uow)
        await uow.outbox.delivered("notice-1", "worker-1", NOW + MINUTE)

        delivery = Delivery(a_notice(), DeliveryState.DELIVERED, tries=2, at=NOW + MINUTE)
        assert await uow.outbox.of_signal("signal-1") == [delivery]


async def dead(uow: UnitOfWork, notice: str, *, unreachable: bool = False) -> None:
    """Put a notice to somebody of its own, and give it up."""
    await uow.outbox.put(a_notice(notice, f"recipient of {notice}"))
    await claim(uow)
    assert await uow.outbox.give_up(notice, "worker-1", NOW, "403", unreachable=unreachable)


async def test_a_dead_letter_that_is_put_back_starts_anew(units: UnitsOfWork) -> None:
    async with units() as uow:
        for notice in ("first", "second", "third"):
            await dead(uow, notice)

        assert await uow.outbox.resend(NOW + MINUTE, "second") == 1
        assert await claim(uow) == []
        [again] = await claim(uow, minutes=1)
        assert again == Claimed(
            a_notice("second", "recipient of second"), attempts=0, ambiguous=False, since=NOW + MINUTE
        )
        assert await uow.outbox.resend(NOW + MINUTE, "second") == 0

        assert await uow.outbox.resend(NOW + 2 * MINUTE) == 2
        assert ids(await claim(uow, minutes=2)) == ["first", "third"]
        assert await uow.outbox.dead_letters(10) == []


async def test_who_is_seen_again_gets_what_could_not_reach_them(units: UnitsOfWork) -> None:
    async with units() as uow:
        for notice in ("blocked", "refused", "back"):
            await uow.people.seen(an_address(f"recipient of {notice}"))
        await dead(uow, "blocked", unreachable=True)
        await dead(uow, "refused")
        await dead(uow, "back", unreachable=True)
        await dead(uow, "never seen", unreachable=True)
        for notice in ("blocked", "back"):
            await uow.people.unreachable(f"recipient of {notice}")
        await uow.people.seen(an_address("recipient of back", seen_at=NOW + MINUTE))
        await uow.people.seen(an_address("recipient of refused", seen_at=NOW + MINUTE))

        assert await uow.outbox.resend_to_who_came_back(NOW + 2 * MINUTE) == 1
        assert ids(await claim(uow, minutes=2)) == ["back"]
        await uow.outbox.give_up("back", "worker-1", NOW + 2 * MINUTE, "400")
        assert await uow.outbox.resend_to_who_came_back(NOW + 3 * MINUTE) == 0


async def test_how_much_was_sent_to_whom_is_known_for_an_hour(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.people.seen(an_address("known", conversation_id="a:known"))
        for notice, recipient in (("old", "1"), ("settled", "2"), ("held", "known"), ("failing", "3"), ("ahead", "5")):
            await uow.outbox.put(a_notice(notice, recipient))
        await claim(uow)
        await uow.outbox.delivered("old", "worker-1", NOW)
        await uow.outbox.delivered("settled", "worker-1", NOW + 30 * MINUTE)
        await uow.outbox.delivered("ahead", "worker-1", NOW + 62 * MINUTE)
        await uow.outbox.postpone("failing", "worker-1", until=NOW, error="429", ambiguous=False)
        await uow.outbox.put(a_notice("new", "4"))

        now = NOW + 61 * MINUTE
        sent = await uow.outbox.sent_since(NOW + MINUTE, now)
        assert sorted(sent, key=lambda each: (each.at, each.conversation_id)) == [
            Sent("2", NOW + 30 * MINUTE),
            Sent("3", now),
            Sent("a:known", now),
        ]


async def test_what_was_sent_is_forgotten_and_what_was_not_stays(units: UnitsOfWork) -> None:
    async with units() as uow:
        for notice in ("delivered", "let go", "newer", "unsent"):
            await uow.outbox.put(a_notice(notice, f"recipient of {notice}"))
        await claim(uow, limit=3)
        await uow.outbox.delivered("delivered", "worker-1", NOW)
        await uow.outbox.let_go("let go", "worker-1", NOW, "504")
        await uow.outbox.delivered("newer", "worker-1", NOW + 5 * MINUTE)
        await dead(uow, "dead")

        assert await uow.outbox.forget_sent(NOW + MINUTE, limit=1) == 1
        assert await uow.outbox.forget_sent(NOW + MINUTE, limit=10) == 1
        assert await uow.outbox.forget_sent(NOW + MINUTE, limit=10) == 0
        assert ids(await uow.outbox.of_signal("signal-1")) == ["newer", "unsent", "dead"]
