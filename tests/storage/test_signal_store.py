from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from dialogs.domain.assessment import Outcome
from dialogs.domain.lifecycle import OPEN, SignalStatus
from dialogs.domain.signals import Channel, EventKind, Origin
from dialogs.ports import Conflict, UnitsOfWork
from tests.storage.factories import MINUTE, NOW, a_signal, an_assessment, an_event


async def test_a_signal_is_read_as_it_was_sent(units: UnitsOfWork) -> None:
    sent = a_signal(excluded=frozenset({"officer-1", "officer-2"}), answers={"story": "", "seen": ()}, suggestions=())
    async with units() as uow:
        added = await uow.signals.add(sent)
        await uow.commit()

    assert added == replace(sent, version=1)
    async with units() as uow:
        assert await uow.signals.get(sent.id) == added
        assert await uow.signals.get("another") is None


async def test_numbers_count_from_one_in_each_year(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert [await uow.signals.next_reference(2026) for _ in range(3)] == [
            "S-2026-0001",
            "S-2026-0002",
            "S-2026-0003",
        ]
        assert await uow.signals.next_reference(2027) == "S-2027-0001"
        await uow.commit()

    async with units() as uow:
        assert await uow.signals.next_reference(2026) == "S-2026-0004"


async def test_sending_the_same_draft_twice_is_a_conflict_after_which_the_signal_can_be_read(
    units: UnitsOfWork,
) -> None:
    async with units() as uow:
        await uow.signals.add(a_signal(1))

        with pytest.raises(Conflict):
            await uow.signals.add(a_signal(1, reference="S-2026-0002"))

        assert await uow.signals.get("signal-1") == a_signal(1, version=1)


async def test_a_change_is_stored_with_the_next_version(units: UnitsOfWork) -> None:
    async with units() as uow:
        signal = await uow.signals.add(a_signal(excluded=frozenset({"officer-2"})))
        taken = replace(signal.moved_to(SignalStatus.TAKEN_UP, now=NOW + MINUTE), owner="officer-1")
        changed = replace(
            taken,
            excluded=frozenset({"officer-3"}),
            answers={"place": "markt"},
            assessment=an_assessment(Outcome.ACUTE),
        )

        assert await uow.signals.save(changed) == replace(changed, version=2)
        assert await uow.signals.get(signal.id) == replace(changed, version=2)


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_the_second_of_two_changes_is_a_conflict_and_changes_nothing(units: UnitsOfWork, version: int) -> None:
    async with units() as uow:
        stored = await uow.signals.save(await uow.signals.add(a_signal()))

        with pytest.raises(Conflict):
            await uow.signals.save(a_signal(version=version, excluded=frozenset({"officer-1"})))

        assert await uow.signals.get(stored.id) == stored


async def test_a_change_to_a_signal_that_is_not_there_is_a_conflict(units: UnitsOfWork) -> None:
    async with units() as uow:
        with pytest.raises(Conflict):
            await uow.signals.save(a_signal(version=1))


async def test_the_history_tells_what_happened_in_order(units: UnitsOfWork) -> None:
    closed = an_event(at=NOW + MINUTE, kind=EventKind.CLOSED, status=SignalStatus.CLOSED, content={})
    async with units() as uow:
        await uow.signals.add(a_signal(1))
        await uow.signals.add(a_signal(2))
        taken_up = await uow.signals.append(an_event("signal-1"))
        await uow.signals.append(an_event("signal-2"))
        await uow.signals.append(closed)
        await uow.commit()

    assert taken_up == an_event("signal-1", number=1)
    async with units() as uow:
        assert list(await uow.signals.history("signal-1")) == [taken_up, replace(closed, number=2)]
        assert list(await uow.signals.history("another")) == []


async def test_an_event_needs_its_signal(units: UnitsOfWork) -> None:
    async with units() as uow:
        with pytest.raises(Conflict):
            await uow.signals.append(an_event("another"))


async def test_an_event_does_not_make_a_change_by_another_officer_a_conflict(units: UnitsOfWork) -> None:
    async with units() as uow:
        signal = await uow.signals.add(a_signal())
        await uow.signals.append(an_event())

        assert (await uow.signals.save(signal)).version == 2


async def test_a_reporter_sees_the_newest_own_signals_first(units: UnitsOfWork) -> None:
    async with units() as uow:
        for number in (2, 1, 3):
            await uow.signals.add(a_signal(number, received_at=NOW + number * MINUTE))
        await uow.signals.add(a_signal(4, reporter="reporter-2"))

        own = await uow.signals.of_reporter("reporter-1", limit=2)

    assert [signal.id for signal in own] == ["signal-3", "signal-2"]


async def test_the_queue_has_the_most_urgent_first_and_then_the_oldest(units: UnitsOfWork) -> None:
    arrivals = [Outcome.NONE, Outcome.VAGUE, Outcome.CLEAR, Outcome.ACUTE, Outcome.OTHER, Outcome.VAGUE, Outcome.CLEAR]
    async with units() as uow:
        for number, outcome in enumerate(arrivals, start=1):
            await uow.signals.add(a_signal(number, outcome=outcome, received_at=NOW + number * MINUTE))

        queue = await uow.signals.queue("officer-1", limit=10)
        page = await uow.signals.queue("officer-1", limit=3)

    assert [signal.id for signal in queue] == [f"signal-{number}" for number in (4, 3, 7, 2, 6, 5, 1)]
    assert list(page) == list(queue[:3])


async def test_the_oldest_comes_first_whatever_the_time_zone_it_was_written_in(units: UnitsOfWork) -> None:
    summer = NOW.astimezone(timezone(timedelta(hours=2)))
    async with units() as uow:
        await uow.signals.add(a_signal(1, received_at=summer))
        await uow.signals.add(a_signal(2, received_at=NOW - MINUTE))

        queue = await uow.signals.queue("officer-1", limit=10)

    assert [signal.id for signal in queue] == ["signal-2", "signal-1"]
    assert queue[1].received_at == NOW
    assert queue[1].received_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("status", SignalStatus)
async def test_the_queue_has_what_is_open_and_nothing_that_has_ended(units: UnitsOfWork, status: SignalStatus) -> None:
    async with units() as uow:
        signal = await uow.signals.add(a_signal())
        await uow.signals.save(replace(signal, status=status, owner="officer-1"))

        assert len(await uow.signals.queue("officer-1", limit=10)) == (status in OPEN)


async def test_a_signal_that_is_opened_again_is_in_the_queue_again(units: UnitsOfWork) -> None:
    async with units() as uow:
        signal = await uow.signals.add(a_signal(status=SignalStatus.CLOSED, owner="officer-1"))
        await uow.signals.save(signal.moved_to(SignalStatus.REOPENED, now=NOW))

        assert [each.status for each in await uow.signals.queue("officer-1", limit=10)] == [SignalStatus.REOPENED]


async def test_an_officer_whom_a_signal_is_about_does_not_see_it_in_the_queue(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.signals.add(a_signal(1, excluded=frozenset({"officer-1", "officer-3"})))
        await uow.signals.add(a_signal(2))

        assert [signal.id for signal in await uow.signals.queue("officer-1", limit=10)] == ["signal-2"]
        assert [signal.id for signal in await uow.signals.queue("officer-2", limit=10)] == ["signal-1", "signal-2"]


async def test_a_signal_that_came_by_phone_keeps_channel_team_and_contact_through_every_change(
    units: UnitsOfWork,
) -> None:
    origin = Origin(Channel.PHONE, "Burgerzaken", "via de teamleider")
    async with units() as uow:
        signal = await uow.signals.add(a_signal(origin=origin))
        await uow.signals.save(replace(signal, changed_at=NOW + MINUTE))

        found = await uow.signals.get(signal.id)
        assert found is not None
        assert found.origin == origin
        assert [each.origin for each in await uow.signals.queue("officer-1", 5)] == [origin]
