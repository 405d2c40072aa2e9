"""Every change of status through the work on a case: allowed and stored with all that follows, or refused whole."""

import pytest

from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.lifecycle import UNCLAIMED, SignalStatus, TransitionNotAllowed
from dialogs.domain.notices import NoticeKind
from dialogs.use_cases.case_work import CaseWork, OutOfDate
from dialogs.use_cases.feedback import Feedback
from dialogs.use_cases.ownership import AlreadyTakenUp, Ownership
from tests.dialogs.domain.test_lifecycle import ids, pairs
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ANNA, MONDAY, OFFICER_ANNA, OFFICER_BAS, ROBIN, knowledge
from tests.storage.factories import a_signal

E, S = EventKind, SignalStatus

#: The event that tells of the new status.
EVENT = {
    S.RECEIVED: E.RECEIVED,
    S.TAKEN_UP: E.TAKEN_UP,
    S.WAITING_FOR_REPORTER: E.ASKED,
    S.CONSULTING: E.CONSULTED,
    S.HANDED_OVER: E.HANDED_OVER,
    S.CLOSED: E.CLOSED,
    S.REOPENED: E.REOPENED,
    S.WITHDRAWN: E.WITHDRAWN,
}


async def a_case(status: SignalStatus, *events: EventKind) -> Memory:
    """A signal of Robin's in this status; Anna has it unless it is unclaimed."""
    memory = Memory()
    owner = None if status in UNCLAIMED else ANNA
    async with memory.unit_of_work() as uow:
        await uow.signals.add(a_signal(reporter=ROBIN.actor.id, status=status, owner=owner))
        for kind in (E.RECEIVED, *events):
            await uow.signals.append(SignalEvent("signal-1", MONDAY, ROBIN.actor.id, kind, status))
        await uow.commit()
    return memory


@pytest.mark.parametrize(("current", "wanted", "allowed"), pairs(), ids=ids)
async def test_a_case_goes_from_one_status_to_another_as_the_table_says(
    current: SignalStatus, wanted: SignalStatus, allowed: bool
) -> None:
    memory = await a_case(current)
    before = memory.committed

    async with memory.unit_of_work() as uow:
        work = CaseWork(uow, OFFICER_ANNA.actor, knowledge(), MONDAY)
        case = await work.case("signal-1")
        owned = a_signal(status=current, owner=ANNA, reporter=ROBIN.actor.id, version=case.signal.version)
        content = {"question": "Waar?", "partner": "avim", "text": "other_help", "feedback": ""}
        if not allowed:
            with pytest.raises(TransitionNotAllowed):
                await work.record(case, owned.moved_to(wanted, now=MONDAY), EVENT[wanted], content)
        else:
            await work.record(case, owned.moved_to(wanted, now=MONDAY), EVENT[wanted], content)
        await uow.commit()

    if not allowed:
        assert memory.committed == before
        return
    assert [signal.status for signal in memory.signals] == [wanted]
    assert [(notice.kind, notice.recipient) for notice in memory.notices] == [
        (NoticeKind.STATUS_FOR_REPORTER, ROBIN.actor.id)
    ]
    assert [entry.action for entry in memory.audit_entries] == [f"signal_{EVENT[wanted]}"]


@pytest.mark.parametrize("status", SignalStatus)
async def test_a_colleague_takes_up_what_nobody_has_and_nothing_else(status: SignalStatus) -> None:
    memory = await a_case(status)
    before = memory.committed

    async with memory.unit_of_work() as uow:
        bas = Ownership(CaseWork(uow, OFFICER_BAS.actor, knowledge(), MONDAY))
        if status in UNCLAIMED:
            await bas.take_up("signal-1")
        else:
            with pytest.raises(AlreadyTakenUp):
                await bas.take_up("signal-1")
        await uow.commit()

    assert (memory.committed == before) is (status not in UNCLAIMED)


@pytest.mark.parametrize("status", sorted(set(SignalStatus) - UNCLAIMED))
async def test_the_owner_agrees_to_withdraw_whatever_is_open_and_nothing_that_has_ended(status: SignalStatus) -> None:
    memory = await a_case(status, E.WITHDRAWAL_WISHED)
    refused = status in {S.CLOSED, S.WITHDRAWN}

    async with memory.unit_of_work() as uow:
        anna = Feedback(CaseWork(uow, OFFICER_ANNA.actor, knowledge(), MONDAY))
        if refused:
            with pytest.raises(OutOfDate):
                await anna.withdraw("signal-1", 1)
        else:
            await anna.withdraw("signal-1", 1)
        await uow.commit()

    assert [signal.status for signal in memory.signals] == [status if refused else S.WITHDRAWN]
