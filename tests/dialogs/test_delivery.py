"""What follows when a notice does not arrive."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.domain.access import Staff
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import Lane, Notice, NoticeKind
from dialogs.use_cases.delivery import record_undelivered, tidy_outbox
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ANNA, BAS, CONFIDANT, MONDAY, STAFF
from tests.storage.factories import a_signal, an_address

REPORTER = "reporter-1"


@pytest.fixture
async def memory() -> Memory:
    memory = Memory()
    async with memory.unit_of_work() as uow:
        taken_up = replace(a_signal(2), owner=ANNA, status=SignalStatus.TAKEN_UP)
        about_anna = replace(a_signal(3), excluded=frozenset({ANNA}))
        for signal in (a_signal(1), taken_up, about_anna):
            await uow.signals.add(signal)
        await uow.commit()
    return memory


def a_notice(kind: NoticeKind, recipient: str, signal_id: str, lane: Lane = Lane.ORDINARY) -> Notice:
    return Notice("notice-1", kind, recipient, signal_id, MONDAY, lane=lane)


async def fail(memory: Memory, notice: Notice, staff: Staff = STAFF) -> list[Notice]:
    """Record that it did not arrive; the words about that."""
    async with memory.unit_of_work() as uow:
        await record_undelivered(uow, notice, "403 X", MONDAY, staff)
        await uow.commit()
    return memory.notices


@pytest.mark.parametrize(
    ("kind", "recipient", "signal_id", "told"),
    [
        # To the reporter: whoever owns it hears, else all who may.
        (NoticeKind.RECEIPT, REPORTER, "signal-1", [ANNA, BAS]),
        (NoticeKind.STATUS_FOR_REPORTER, REPORTER, "signal-2", [ANNA]),
        (NoticeKind.STATUS_FOR_REPORTER, REPORTER, "signal-3", [BAS]),
        # To somebody who handles signals: the others hear.
        (NoticeKind.SIGNAL_FOR_OFFICER, ANNA, "signal-1", [BAS]),
        (NoticeKind.ADDITION, ANNA, "signal-2", [BAS]),
        (NoticeKind.SIGNAL_FOR_OFFICER, BAS, "signal-3", []),
        # About no signal, or about a word like this itself.
        (NoticeKind.DRAFT_EXPIRED, REPORTER, "draft-1", []),
        (NoticeKind.PARTNER_DOUBTED, "administrator-1", "", []),
        (NoticeKind.UNDELIVERED, ANNA, "signal-1", []),
    ],
)
async def test_who_hears_of_a_signal_hears_that_a_notice_about_it_did_not_arrive(
    memory: Memory, kind: NoticeKind, recipient: str, signal_id: str, told: list[str]
) -> None:
    words = await fail(memory, a_notice(kind, recipient, signal_id))

    assert [(word.kind, word.recipient) for word in words] == [(NoticeKind.UNDELIVERED, person) for person in told]
    to = "reporter" if recipient == REPORTER else "officer"
    assert all((word.signal_id, word.detail) == (signal_id, {"notice": kind, "to": to}) for word in words)


async def test_the_history_of_a_signal_tells_that_the_reporter_was_not_reached_and_why(memory: Memory) -> None:
    await fail(memory, a_notice(NoticeKind.ADDITION, ANNA, "signal-2"))
    await fail(memory, a_notice(NoticeKind.STATUS_FOR_REPORTER, REPORTER, "signal-2"))

    async with memory.unit_of_work() as uow:
        [event] = await uow.signals.history("signal-2")
    assert (event.kind, event.actor) == (EventKind.UNDELIVERED, "system")
    assert event.content == {"notice": "status_for_reporter", "why": "403 X"}


async def test_an_officer_who_is_away_is_not_the_one_who_hears(memory: Memory) -> None:
    async with memory.unit_of_work() as uow:
        await uow.desks.save(replace(await uow.desks.of(ANNA), absent_until=MONDAY + timedelta(days=7)))
        await uow.commit()

    [word] = await fail(memory, a_notice(NoticeKind.RECEIPT, REPORTER, "signal-2"))
    assert word.recipient == BAS


async def test_a_signal_without_another_officer_tells_nobody_else_than_the_log(memory: Memory) -> None:
    notice = a_notice(NoticeKind.SIGNAL_FOR_OFFICER, ANNA, "signal-1")

    assert await fail(memory, notice, Staff((ANNA,), (CONFIDANT,))) == []
    assert [(entry.action, entry.subject) for entry in memory.audit_entries] == [("notice_undelivered", "signal-1")]


async def test_the_word_about_an_alarm_is_an_alarm(memory: Memory) -> None:
    [word] = await fail(memory, a_notice(NoticeKind.SIGNAL_FOR_OFFICER, ANNA, "signal-1", Lane.ALARM))

    assert word.lane is Lane.ALARM


async def test_the_same_dead_letter_is_told_of_once(memory: Memory) -> None:
    notice = a_notice(NoticeKind.RECEIPT, REPORTER, "signal-2")
    await fail(memory, notice)

    assert len(await fail(memory, notice)) == 1


async def test_time_removes_what_was_sent_and_brings_back_what_can_be_sent_again(memory: Memory) -> None:
    month = timedelta(days=30)
    async with memory.unit_of_work() as uow:
        for number, notice_id in enumerate(("sent", "sent later", "dead")):
            await uow.outbox.put(replace(a_notice(NoticeKind.RECEIPT, f"person-{number}", "signal-1"), id=notice_id))
        await uow.outbox.claim(worker="w", now=MONDAY, lease_until=MONDAY, limit=9)
        await uow.outbox.delivered("sent", "w", MONDAY)
        await uow.outbox.delivered("sent later", "w", MONDAY + month)
        await uow.outbox.give_up("dead", "w", MONDAY, "403", unreachable=True)

        now = MONDAY + timedelta(days=31)
        assert await tidy_outbox(uow, now, month, 10) == 1
        await uow.people.seen(an_address("person-2", seen_at=now))
        assert await tidy_outbox(uow, now, month, 10) == 1
        await uow.commit()

    assert [notice.id for notice in memory.notices] == ["sent later", "dead"]
    assert [notice.id for notice in memory.unsent] == ["dead"]
