from dataclasses import replace
from typing import Any

import pytest

from dialogs.domain.assessment import Outcome
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.signals import Channel, Origin
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


async def test_a_signal_is_found_by_its_reference_and_its_followers_by_it(units: UnitsOfWork) -> None:
    async with units() as uow:
        for number in (1, 2, 3):
            await uow.signals.add(a_signal(number, received_at=NOW - number * MINUTE))
        for number in (2, 3):
            signal = await uow.signals.get(f"signal-{number}")
            assert signal is not None
            await uow.signals.save(replace(signal, lead="signal-1"))

        found = await uow.signals.by_reference("S-2026-0002")

        assert found is not None
        assert (found.id, found.lead) == ("signal-2", "signal-1")
        assert await uow.signals.by_reference("S-2026-9999") is None
        assert [each.id for each in await uow.signals.followers("signal-1")] == ["signal-3", "signal-2"]
        assert list(await uow.signals.followers("signal-2")) == []


async def test_what_is_planned_is_kept_through_a_change(units: UnitsOfWork) -> None:
    planned: dict[str, Any] = {"due_at": NOW, "partner_due_at": NOW + MINUTE, "feedback_due_at": NOW + 2 * MINUTE}
    async with units() as uow:
        signal = await uow.signals.add(a_signal(**planned))
        assert await uow.signals.get("signal-1") == signal

        later = replace(signal, due_at=None, partner_due_at=None)
        await uow.signals.save(later)

        assert await uow.signals.get("signal-1") == replace(later, version=2)


async def test_of_two_who_plan_the_same_moment_one_does_and_no_card_goes_out_of_date(units: UnitsOfWork) -> None:
    async with units() as uow:
        signal = await uow.signals.add(a_signal(due_at=NOW))
        later = replace(signal, due_at=NOW + MINUTE, partner_due_at=NOW, feedback_due_at=NOW)

        assert await uow.signals.plan(later, NOW)
        assert not await uow.signals.plan(later, NOW)

        assert await uow.signals.get(signal.id) == later
        assert await uow.signals.plan(replace(later, due_at=None), NOW + MINUTE)
        assert await uow.signals.plan(later, None)


async def test_a_plan_for_an_older_version_is_not_stored(units: UnitsOfWork) -> None:
    async with units() as uow:
        signal = await uow.signals.add(a_signal(due_at=NOW))
        changed = await uow.signals.save(signal)

        assert not await uow.signals.plan(replace(signal, due_at=None), NOW)

        assert await uow.signals.get(signal.id) == changed


_A, _E, _W = EventKind.ASKED, EventKind.QUESTION_ENDED, EventKind.CONSULTED


@pytest.mark.parametrize(
    ("happened", "is_open", "asked"),
    [
        ((), True, False),
        ((_A,), True, True),
        ((_A, _W), True, True),
        ((_A, EventKind.ANSWERED), True, False),
        ((_A, _E), True, False),
        ((_A, _E, _A), True, True),
        ((_A,), False, False),
        ((_A, EventKind.CLOSED, EventKind.REOPENED), True, False),
        ((_A, EventKind.WITHDRAWN, EventKind.REOPENED), True, False),
    ],
    ids=["never", "asked", "went on", "answered", "ended", "again", "has ended", "closed since", "withdrawn since"],
)
async def test_a_question_is_open_until_it_is_answered_or_ended(
    units: UnitsOfWork, happened: tuple[EventKind, ...], is_open: bool, asked: bool
) -> None:
    status = SignalStatus.CONSULTING if is_open else SignalStatus.CLOSED
    async with units() as uow:
        await uow.signals.add(a_signal(2, reporter="reporter-2"))
        signal = await uow.signals.add(a_signal(status=status, owner="officer-1"))
        for kind in happened:
            await uow.signals.append(an_event(kind=kind, content={"question": "Waar?"}))

        assert list(await uow.signals.asked("reporter-1", limit=5)) == [signal] * asked
        assert list(await uow.signals.asked("reporter-2", limit=5)) == []


async def test_all_signals_are_read_in_order_of_arrival_a_page_at_a_time(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert await uow.signals.count() == 0
        for number, minutes in ((1, 3), (2, 1), (3, 1), (4, 2)):
            await uow.signals.add(a_signal(number, received_at=NOW + minutes * MINUTE))

        read, behind = list[str](), None
        while page := await uow.signals.page(behind, limit=2):
            read += [signal.id for signal in page]
            behind = page[-1]

        assert read == ["signal-2", "signal-3", "signal-4", "signal-1"]
        assert await uow.signals.count() == 4
