"""A signal whose content cannot be read (a key that is gone, a damaged row) stands in the way of no other."""

from datetime import timedelta

from structlog.testing import capture_logs

from bot.watchdog import Watchdog
from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import case_file
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import Lane, NoticeKind
from dialogs.domain.terms import planned
from storage.engine import Database
from tests.knowledge import STAFF, knowledge
from tests.storage.conftest import change
from tests.storage.factories import MINUTE, NOW, a_signal, an_event


async def test_an_acute_signal_alarms_though_an_older_one_cannot_be_read(database: Database) -> None:
    known = knowledge()
    async with database.unit_of_work() as uow:
        for number in (1, 2):
            new = a_signal(number, outcome=Outcome.ACUTE, received_at=NOW + number * MINUTE)
            event = an_event(new.id, at=new.received_at, kind=EventKind.RECEIVED, status=SignalStatus.RECEIVED)
            await uow.signals.add(planned(case_file(new, (event,)), known.terms))
            await uow.signals.append(event)
        await uow.commit()
    await change(database, "UPDATE signals SET answers = suggestions WHERE id = 'signal-1'")
    later = NOW + timedelta(minutes=20)
    dog = Watchdog(database.unit_of_work, lambda: later, known, wake_dispatcher=lambda: None)

    with capture_logs() as logs:
        assert await dog.look() > 0

    async with database.unit_of_work() as uow:
        claimed = await uow.outbox.claim(worker="w", now=later, lease_until=later, limit=9, lane=Lane.ALARM)
    assert {(each.notice.kind, each.notice.signal_id) for each in claimed} == {(NoticeKind.TERM_PASSED, "signal-2")}
    assert [entry["signal"] for entry in logs if entry["log_level"] == "error"] == ["signal-1"]


async def test_officers_hear_of_a_signal_without_a_handler_though_another_one_cannot_be_read(
    database: Database,
) -> None:
    async with database.unit_of_work() as uow:
        for number in (1, 2):
            await uow.signals.add(a_signal(number, status=SignalStatus.TAKEN_UP, owner="officer-gone"))
        await uow.commit()
    await change(database, "UPDATE signals SET answers = suggestions WHERE id = 'signal-1'")
    dog = Watchdog(database.unit_of_work, lambda: NOW, knowledge(), wake_dispatcher=lambda: None)

    with capture_logs() as logs:
        assert await dog.look() == 1

    async with database.unit_of_work() as uow:
        claimed = await uow.outbox.claim(worker="w", now=NOW, lease_until=NOW, limit=9)
    told = {(each.notice.recipient, each.notice.signal_id) for each in claimed}
    assert told == {(person, "signal-2") for person in STAFF.focal_officers}
    assert [entry["signal"] for entry in logs if entry["log_level"] == "error"] == ["signal-1"]
