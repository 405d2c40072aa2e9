"""The signals as lists, on every kind of store."""

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from dialogs.domain.access import Staff
from dialogs.domain.assessment import Outcome
from dialogs.domain.criteria import Form
from dialogs.domain.lifecycle import OPEN, SignalStatus
from dialogs.domain.queue import QueueEntry, QueueFilter, QueueQuery
from dialogs.domain.signals import Standing
from dialogs.ports import UnitsOfWork
from storage.engine import Database
from storage.tables import signal_places
from tests.storage.conftest import raw
from tests.storage.factories import MINUTE, NOW, a_signal

ADDRESS = ("address", "5408 XB 12")


async def test_the_queue_has_the_most_urgent_first_and_then_the_oldest(units: UnitsOfWork) -> None:
    arrivals = [Outcome.NONE, Outcome.VAGUE, Outcome.CLEAR, Outcome.ACUTE, Outcome.OTHER, Outcome.VAGUE, Outcome.CLEAR]
    async with units() as uow:
        for number, outcome in enumerate(arrivals, start=1):
            await uow.signals.add(a_signal(number, outcome=outcome, received_at=NOW + number * MINUTE))

        queue = await uow.queue.page(QueueQuery("officer-1"), limit=10)
        page = await uow.queue.page(QueueQuery("officer-1"), limit=3)

    assert [signal.id for signal in queue] == [f"signal-{number}" for number in (4, 3, 7, 2, 6, 5, 1)]
    assert list(page) == list(queue[:3])


async def test_what_an_officer_judged_stands_where_the_judgement_puts_it(units: UnitsOfWork) -> None:
    async with units() as uow:
        for number, outcome in enumerate([Outcome.CLEAR, Outcome.VAGUE, Outcome.CLEAR], start=1):
            await uow.signals.add(a_signal(number, outcome=outcome, received_at=NOW + number * MINUTE))
        first, second = await uow.signals.get("signal-1"), await uow.signals.get("signal-2")
        assert first
        assert second
        await uow.signals.save(replace(first, judged=Standing(Outcome.OTHER, ())))
        raised = await uow.signals.save(replace(second, judged=Standing(Outcome.CLEAR, (Form.CU,))))

        queue = await uow.queue.page(QueueQuery("officer-1"), limit=10)
        pages = [each for behind in (None, *queue[:2]) for each in await uow.queue.page(_behind(behind), limit=1)]

        assert [(each.id, each.outcome) for each in queue] == [
            ("signal-2", Outcome.CLEAR),
            ("signal-3", Outcome.CLEAR),
            ("signal-1", Outcome.OTHER),
        ]
        assert pages == list(queue)
        assert queue[0].forms == (Form.CU,)
        assert await uow.signals.get("signal-2") == raised
        again = await uow.signals.save(replace(raised, judged=None))
        assert await uow.signals.get("signal-2") == again
        assert [each.id for each in await uow.queue.page(QueueQuery("officer-1"), limit=1)] == ["signal-3"]


def _behind(entry: QueueEntry | None) -> QueueQuery:
    return QueueQuery("officer-1", behind=entry and entry.position)


async def test_the_oldest_comes_first_whatever_the_time_zone_it_was_written_in(units: UnitsOfWork) -> None:
    summer = NOW.astimezone(timezone(timedelta(hours=2)))
    async with units() as uow:
        await uow.signals.add(a_signal(1, received_at=summer))
        await uow.signals.add(a_signal(2, received_at=NOW - MINUTE))

        queue = await uow.queue.page(QueueQuery("officer-1"), limit=10)

    assert [signal.id for signal in queue] == ["signal-2", "signal-1"]
    assert queue[1].received_at == NOW
    assert queue[1].received_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("status", SignalStatus)
async def test_the_queue_has_what_is_open_and_nothing_that_has_ended(units: UnitsOfWork, status: SignalStatus) -> None:
    async with units() as uow:
        signal = await uow.signals.add(a_signal())
        await uow.signals.save(replace(signal, status=status, owner="officer-1"))

        assert len(await uow.queue.page(QueueQuery("officer-1"), limit=10)) == (status in OPEN)


async def test_a_signal_that_is_opened_again_is_in_the_queue_again(units: UnitsOfWork) -> None:
    async with units() as uow:
        signal = await uow.signals.add(a_signal(status=SignalStatus.CLOSED, owner="officer-1"))
        await uow.signals.save(signal.moved_to(SignalStatus.REOPENED, now=NOW))

        assert [each.status for each in await uow.queue.page(QueueQuery("officer-1"), limit=10)] == [
            SignalStatus.REOPENED
        ]


async def test_an_officer_whom_a_signal_is_about_does_not_see_it_in_the_queue(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.signals.add(a_signal(1, excluded=frozenset({"officer-1", "officer-3"})))
        await uow.signals.add(a_signal(2))

        assert [signal.id for signal in await uow.queue.page(QueueQuery("officer-1"), limit=10)] == ["signal-2"]
        assert [signal.id for signal in await uow.queue.page(QueueQuery("officer-2"), limit=10)] == [
            "signal-1",
            "signal-2",
        ]


async def test_a_page_goes_on_behind_the_one_before_and_nothing_is_passed_over(units: UnitsOfWork) -> None:
    outcomes = [Outcome.VAGUE, Outcome.CLEAR, Outcome.VAGUE, Outcome.ACUTE, Outcome.CLEAR, Outcome.VAGUE, Outcome.NONE]
    async with units() as uow:
        for number, outcome in enumerate(outcomes, start=1):
            await uow.signals.add(a_signal(number, outcome=outcome, received_at=NOW + (number % 2) * MINUTE))
        query = QueueQuery("officer-1")
        whole = await uow.queue.page(query, limit=10)

        pages = list(await uow.queue.page(query, limit=2))
        for _ in outcomes:
            pages += await uow.queue.page(replace(query, behind=pages[-1].position), limit=2)

        assert pages == whole
        assert await uow.queue.size(query) == len(whole) == len(outcomes)


async def test_each_filter_lists_its_own(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.signals.add(a_signal(1))
        await uow.signals.add(a_signal(2, status=SignalStatus.TAKEN_UP, owner="officer-1"))
        await uow.signals.add(a_signal(3, status=SignalStatus.WAITING_FOR_REPORTER, owner="officer-2"))
        await uow.signals.add(a_signal(4, status=SignalStatus.CONSULTING, owner="officer-1", partner_due_at=NOW))
        await uow.signals.add(a_signal(5, status=SignalStatus.HANDED_OVER, owner="officer-2", partner_due_at=NOW))
        await uow.signals.add(a_signal(6, status=SignalStatus.TAKEN_UP, owner="officer-2", feedback_due_at=NOW))
        await uow.signals.add(a_signal(7, status=SignalStatus.CLOSED, owner="officer-1"))

        async def numbers(wanted: QueueFilter) -> list[str]:
            query = QueueQuery("officer-1", wanted, owed_before=NOW + MINUTE)
            page = await uow.queue.page(query, limit=10)
            assert await uow.queue.size(query) == len(page)
            return [entry.id.removeprefix("signal-") for entry in page]

        assert await numbers(QueueFilter.ALL) == ["1", "2", "3", "4", "5", "6"]
        assert await numbers(QueueFilter.MINE) == ["2", "4"]
        assert await numbers(QueueFilter.UNCLAIMED) == ["1"]
        assert await numbers(QueueFilter.WAITING) == ["3", "4"]
        assert await numbers(QueueFilter.PARTNER_OWES) == ["4", "5"]
        assert await numbers(QueueFilter.WE_OWE) == ["6"]


async def test_a_follower_is_listed_with_its_owner_but_not_in_the_queue(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.signals.add(a_signal(1, status=SignalStatus.TAKEN_UP, owner="officer-1"))
        await uow.signals.add(a_signal(2, status=SignalStatus.TAKEN_UP, owner="officer-1", lead="signal-1"))

        assert [entry.id for entry in await uow.queue.page(QueueQuery("officer-1"), 5)] == ["signal-1"]
        assert [entry.id for entry in await uow.queue.of_owner("officer-1", 5)] == ["signal-1", "signal-2"]


async def test_a_confidant_is_listed_only_what_is_kept_from_all_officers(units: UnitsOfWork) -> None:
    officers = ("officer-1", "officer-2")
    async with units() as uow:
        await uow.signals.add(a_signal(1))
        await uow.signals.add(a_signal(2, excluded=frozenset(officers[:1])))
        await uow.signals.add(a_signal(3, excluded=frozenset(officers)))

        for kept_from in (officers, (*officers, "officer-1")):
            page = await uow.queue.page(QueueQuery("confidant-1", kept_from=kept_from), limit=5)

            assert [entry.id for entry in page] == ["signal-3"]


async def test_what_is_owned_by_somebody_who_left_is_found(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.signals.add(a_signal(1))
        await uow.signals.add(a_signal(2, status=SignalStatus.TAKEN_UP, owner="officer-1"))
        await uow.signals.add(a_signal(3, status=SignalStatus.TAKEN_UP, owner="officer-gone"))
        await uow.signals.add(a_signal(4, status=SignalStatus.CLOSED, owner="officer-gone"))

        assert [entry.id for entry in await uow.queue.orphans(Staff(("officer-1",)), 5)] == ["signal-3"]


async def test_what_an_owner_may_not_handle_any_more_is_found_like_what_somebody_left(units: UnitsOfWork) -> None:
    staff = Staff(("officer-1", "officer-2"), ("confidant-1", "confidant-2"), deputies=("deputy-1", "officer-2"))
    kept, all_kept = frozenset({"officer-1"}), frozenset({"officer-1", "officer-2", "deputy-1"})
    owners = [
        ("officer-2", kept),
        ("deputy-1", kept),
        ("officer-1", kept),
        ("confidant-1", frozenset[str]()),
        ("confidant-1", kept),
        ("confidant-1", all_kept),
        ("confidant-1", all_kept | {"confidant-1"}),
        ("administrator-1", all_kept),
    ]
    async with units() as uow:
        for number, (owner, excluded) in enumerate(owners, start=1):
            at = NOW + number * MINUTE
            await uow.signals.add(
                a_signal(number, status=SignalStatus.TAKEN_UP, owner=owner, excluded=excluded, received_at=at)
            )

        async def numbers(staff: Staff, reader: str | None = None) -> list[str]:
            return [entry.id.removeprefix("signal-") for entry in await uow.queue.orphans(staff, 9, reader)]

        assert await numbers(staff) == ["3", "4", "5", "7", "8"]
        assert await numbers(Staff(())) == ["1", "2", "3", "4", "5", "6", "7", "8"]
        assert await numbers(Staff((), ("confidant-1",))) == ["1", "2", "3", "7", "8"]


async def test_of_what_has_no_handler_somebody_it_is_about_is_shown_nothing(units: UnitsOfWork) -> None:
    staff = Staff(("officer-1", "officer-2"))
    gone: dict[str, Any] = {"status": SignalStatus.TAKEN_UP, "owner": "officer-gone"}
    async with units() as uow:
        await uow.signals.add(a_signal(1, excluded=frozenset({"officer-1"}), **gone))
        await uow.signals.add(a_signal(2, received_at=NOW + MINUTE, **gone))

        assert [entry.id for entry in await uow.queue.orphans(staff, 5, "officer-1")] == ["signal-2"]
        assert [entry.id for entry in await uow.queue.orphans(staff, 5, "officer-2")] == ["signal-1", "signal-2"]


async def test_what_is_open_and_kept_from_somebody_is_found_whoever_owns_it(units: UnitsOfWork) -> None:
    kept: dict[str, Any] = {"excluded": frozenset({"officer-1", "officer-2"})}
    async with units() as uow:
        await uow.signals.add(a_signal(1))
        await uow.signals.add(a_signal(2, received_at=NOW + MINUTE, **kept))
        await uow.signals.add(a_signal(3, status=SignalStatus.TAKEN_UP, owner="confidant-1", **kept))
        await uow.signals.add(a_signal(4, status=SignalStatus.CLOSED, owner="confidant-1", **kept))

        assert [entry.id for entry in await uow.queue.about_officers(5)] == ["signal-3", "signal-2"]
        assert [entry.id for entry in await uow.queue.about_officers(1)] == ["signal-3"]


async def test_what_is_due_is_found_longest_due_first(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.signals.add(a_signal(1, due_at=NOW + MINUTE))
        await uow.signals.add(a_signal(2, due_at=NOW))
        await uow.signals.add(a_signal(3, due_at=NOW - MINUTE))
        await uow.signals.add(a_signal(4))

        assert list(await uow.queue.due(NOW, 10)) == ["signal-3", "signal-2"]
        assert list(await uow.queue.due(NOW, 1)) == ["signal-3"]


async def test_signals_at_the_same_place_find_each_other_also_when_closed(units: UnitsOfWork) -> None:
    async with units() as uow:
        of_each: list[dict[str, Any]] = [
            {},
            {"status": SignalStatus.CLOSED, "owner": "officer-2"},
            {"excluded": frozenset({"officer-1"})},
            {},
        ]
        for number, changes in enumerate(of_each, start=1):
            await uow.signals.add(a_signal(number, received_at=NOW + number * MINUTE, **changes))
        for number in (1, 2, 3):
            await uow.signals.place(f"signal-{number}", [ADDRESS, ("company", f"bedrijf {number}")])
        await uow.signals.place("signal-4", [("company", ADDRESS[1])])

        assert [each.id for each in await uow.queue.at_same_place("signal-1", "officer-1", 5)] == ["signal-2"]
        assert [each.id for each in await uow.queue.at_same_place("signal-1", "officer-2", 5)] == [
            "signal-3",
            "signal-2",
        ]

        await uow.signals.place("signal-2", [])
        assert list(await uow.queue.at_same_place("signal-1", "officer-1", 5)) == []


async def test_a_place_cannot_be_read_in_the_database(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.signals.add(a_signal())
        await uow.signals.place("signal-1", [ADDRESS])
        await uow.commit()

    async with raw(database) as connection:
        stored = (await connection.execute(signal_places.select())).one()
    assert len(stored.place) == 32
    assert ADDRESS[1].encode() not in stored.place


async def test_what_was_received_in_a_time_or_is_still_open_is_listed_oldest_first(units: UnitsOfWork) -> None:
    closed: dict[str, Any] = {"status": SignalStatus.CLOSED, "owner": "officer-1"}
    async with units() as uow:
        await uow.signals.add(a_signal(1, received_at=NOW - 9 * MINUTE))
        await uow.signals.add(a_signal(2, received_at=NOW - 8 * MINUTE, **closed))
        await uow.signals.add(a_signal(3, received_at=NOW, **closed))
        await uow.signals.add(a_signal(4, received_at=NOW + 9 * MINUTE))

        listed = await uow.queue.received("officer-1", NOW - MINUTE, NOW + MINUTE, 10)

        assert [entry.id for entry in listed] == ["signal-1", "signal-3"]
