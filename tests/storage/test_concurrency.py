"""Two bots on one database: two engines, units of work that really run at the same time."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from dialogs.domain.draft_life import OpenDraft, first_due
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import NoticeKind
from dialogs.ports import Busy, Conflict
from dialogs.use_cases.watch import watch_drafts
from storage.engine import Database
from tests.storage.conftest import opened, raw
from tests.storage.factories import MINUTE, NOW, a_draft, a_notice, a_signal, an_address, an_audit_entry, an_event

#: Seconds after which who waits, waits for ever: a test that would hang fails instead.
_FOR_EVER = 30


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def bots(url: str) -> AsyncIterator[list[Database]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(opened(url)) for _ in range(2)]


@pytest.fixture
async def postgres_bots(postgres_url: str) -> AsyncIterator[list[Database]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(opened(postgres_url)) for _ in range(2)]


async def test_dispatchers_send_everything_once_and_each_person_in_order(bots: list[Database]) -> None:
    async with bots[0].unit_of_work() as uow:
        for number in range(60):
            await uow.outbox.put(a_notice(f"{number:02}", f"person-{number % 7}"))
        await uow.commit()
    sent: defaultdict[str, list[str]] = defaultdict(list)

    async def dispatch(bot: Database, worker: str) -> None:
        while True:
            async with bot.unit_of_work() as uow:
                lease = NOW + 5 * MINUTE
                claimed = await uow.outbox.claim(worker=worker, now=NOW, lease_until=lease, limit=3)
                await uow.commit()
            if not claimed:
                return
            for each in claimed:
                sent[each.notice.recipient].append(each.notice.id)
                async with bot.unit_of_work() as uow:
                    assert await uow.outbox.delivered(each.notice.id, worker, NOW)
                    await uow.commit()

    # A worker that finds nothing while others hold the last leases stops early; the last round finds the rest.
    await asyncio.gather(*(dispatch(bot, f"{index}-{turn}") for index, bot in enumerate(bots) for turn in range(3)))
    await dispatch(bots[0], "last")

    everything = [notice for notices in sent.values() for notice in notices]
    assert sorted(everything) == [f"{number:02}" for number in range(60)]
    assert all(notices == sorted(notices) for notices in sent.values())


async def test_of_workers_that_take_a_lease_at_once_one_gets_it(bots: list[Database]) -> None:
    async def take(bot: Database, holder: str, now: datetime) -> bool:
        async with bot.unit_of_work() as uow:
            lease = await uow.leases.take("draining", holder, now=now, until=now + MINUTE)
            await asyncio.sleep(0)
            await uow.commit()
        return lease is not None

    for moment in (NOW, NOW + MINUTE, NOW + 2 * MINUTE):
        async with asyncio.timeout(_FOR_EVER):
            taken = await asyncio.gather(*(take(bots[number % 2], f"{number}", moment) for number in range(8)))
        assert taken.count(True) == 1


async def test_a_dispatcher_does_not_wait_for_what_another_is_claiming(postgres_bots: list[Database]) -> None:
    one, other = postgres_bots
    async with one.unit_of_work() as uow:
        for number in (1, 2, 3, 4):
            await uow.outbox.put(a_notice(f"notice-{number}", f"person-{number % 3}"))
        await uow.commit()

    async with asyncio.timeout(_FOR_EVER), one.unit_of_work() as first, other.unit_of_work() as second:
        held = await first.outbox.claim(worker="one", now=NOW, lease_until=NOW + MINUTE, limit=2)
        free = await second.outbox.claim(worker="other", now=NOW, lease_until=NOW + MINUTE, limit=5)

    assert [each.notice.id for each in held] == ["notice-1", "notice-2"]
    assert [each.notice.id for each in free] == ["notice-3"]


async def test_of_two_officers_who_take_up_a_signal_at_once_one_becomes_its_owner(bots: list[Database]) -> None:
    async with bots[0].unit_of_work() as uow:
        for number in range(10):
            await uow.signals.add(a_signal(number))
        await uow.commit()

    async def take_up(bot: Database, officer: str, signal_id: str) -> str | None:
        async with bot.unit_of_work() as uow:
            signal = await uow.signals.get(signal_id)
            assert signal is not None
            if signal.status is not SignalStatus.RECEIVED:
                return None
            taken = replace(signal.moved_to(SignalStatus.TAKEN_UP, now=NOW), owner=officer)
            try:
                await uow.signals.save(taken)
            except Conflict:
                current = await uow.signals.get(signal_id)
                assert current is not None
                assert current.owner not in {None, officer}
                return None
            await uow.commit()
            return officer

    for number in range(10):
        signal_id = f"signal-{number}"
        owners = await asyncio.gather(take_up(bots[0], "one", signal_id), take_up(bots[1], "other", signal_id))

        winner = [owner for owner in owners if owner is not None]
        async with bots[0].unit_of_work() as uow:
            stored = await uow.signals.get(signal_id)
        assert stored is not None
        assert winner == [stored.owner]


async def until_somebody_waits(database: Database) -> None:
    """Until a transaction waits for a lock that another holds."""
    async with raw(database) as connection:
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        async with asyncio.timeout(_FOR_EVER):
            while not (await connection.execute(waiting)).scalar():
                await connection.commit()


async def test_an_officer_who_comes_second_by_a_moment_waits_and_then_hears_it(postgres_bots: list[Database]) -> None:
    one, other = postgres_bots
    async with one.unit_of_work() as uow:
        signal = await uow.signals.add(a_signal())
        await uow.commit()

    async def save_too() -> None:
        async with other.unit_of_work() as uow:
            await uow.signals.save(signal)

    async with one.unit_of_work() as uow:
        await uow.signals.save(signal)
        second = asyncio.create_task(save_too())
        await until_somebody_waits(one)
        await uow.commit()

    with pytest.raises(Conflict):
        await second


@pytest.mark.parametrize("first_commits", [True, False])
async def test_a_redelivery_waits_for_the_first_turn_to_end(postgres_bots: list[Database], first_commits: bool) -> None:
    one, other = postgres_bots

    async def again() -> bool:
        async with other.unit_of_work() as uow:
            return await uow.journal.first_time("activity-1", NOW)

    async with one.unit_of_work() as uow:
        assert await uow.journal.first_time("activity-1", NOW)
        redelivery = asyncio.create_task(again())
        await until_somebody_waits(one)
        if first_commits:
            await uow.commit()

    assert await redelivery is not first_commits


async def test_a_turn_waits_for_the_one_before_it_in_the_same_conversation_on_another_replica(
    postgres_bots: list[Database],
) -> None:
    one, other = postgres_bots

    async def second_turn() -> int:
        async with other.unit_of_work() as uow:
            assert await uow.journal.first_time("activity-2", NOW, conversation="a:1")
            draft = await uow.drafts.of("reporter-1")
            return 0 if draft is None else draft.version

    async with one.unit_of_work() as uow:
        await uow.journal.first_time("activity-1", NOW, conversation="a:1")
        second = asyncio.create_task(second_turn())
        await until_somebody_waits(one)
        await uow.drafts.save(a_draft())
        await uow.commit()

    assert await second == 1, "the second turn works on what the first one stored"


async def test_turns_of_other_conversations_do_not_wait(postgres_bots: list[Database]) -> None:
    one, other = postgres_bots
    async with one.unit_of_work() as uow, other.unit_of_work() as beside:
        await uow.journal.first_time("activity-1", NOW, conversation="a:1")
        async with asyncio.timeout(_FOR_EVER):
            assert await beside.journal.first_time("activity-2", NOW, conversation="a:2")


async def test_who_waits_too_long_for_a_conversation_hears_that_it_is_busy(postgres_bots: list[Database]) -> None:
    one, other = postgres_bots
    async with one.unit_of_work() as uow:
        await uow.journal.first_time("activity-1", NOW, conversation="a:1")
        with pytest.raises(Busy):
            async with other.unit_of_work() as second:
                await second.journal.first_time("activity-2", NOW, conversation="a:1", patience=timedelta(0))
        await uow.commit()

    async with other.unit_of_work() as uow:
        assert await uow.journal.first_time("activity-2", NOW, conversation="a:1"), "it may come again"


async def test_of_an_activity_that_comes_under_two_ids_at_once_one_is_the_first(postgres_bots: list[Database]) -> None:
    async def take_in(bot: Database, number: int) -> bool:
        async with bot.unit_of_work() as uow:
            first = await uow.journal.first_time(f"activity-{number}", NOW, twin=b"the same", conversation="a:1")
            await uow.commit()
            return first

    firsts = await asyncio.gather(*(take_in(bot, number) for bot in postgres_bots for number in range(4)))

    assert sum(firsts) == 1


async def test_a_reporter_who_starts_twice_at_once_has_one_draft(bots: list[Database]) -> None:
    async def start(bot: Database, draft_id: str) -> bool:
        async with bot.unit_of_work() as uow:
            try:
                await uow.drafts.save(a_draft(draft_id))
            except Conflict:
                return False
            await uow.commit()
            return True

    started = await asyncio.gather(*(start(bot, f"{index}-{n}") for index, bot in enumerate(bots) for n in range(4)))

    assert sum(started) == 1


async def test_signals_that_arrive_at_once_get_numbers_of_their_own(bots: list[Database]) -> None:
    async def submit(bot: Database) -> str:
        async with bot.unit_of_work() as uow:
            reference = await uow.signals.next_reference(2026)
            await uow.commit()
            return reference

    references = await asyncio.gather(*(submit(bot) for bot in bots for _ in range(10)))

    assert sorted(references) == [f"S-2026-{number:04}" for number in range(1, 21)]


async def test_events_that_happen_at_once_are_all_in_the_history(bots: list[Database]) -> None:
    async with bots[0].unit_of_work() as uow:
        await uow.signals.add(a_signal())
        await uow.commit()

    async def append(bot: Database) -> None:
        async with bot.unit_of_work() as uow:
            await uow.signals.append(an_event())
            await uow.commit()

    await asyncio.gather(*(append(bot) for bot in bots for _ in range(5)))

    async with bots[0].unit_of_work() as uow:
        assert [event.number for event in await uow.signals.history("signal-1")] == list(range(1, 11))


async def test_the_audit_chain_holds_when_many_write_at_once(bots: list[Database]) -> None:
    async def log(bot: Database, number: int) -> None:
        async with bot.unit_of_work() as uow:
            await uow.audit.append(an_audit_entry(subject=f"signal-{number}"))
            await uow.journal.first_time(f"activity-{number % 3}", NOW)  # rows that others want too
            await uow.audit.append(an_audit_entry("signal_closed", subject=f"signal-{number}"))
            await uow.commit()

    await asyncio.gather(*(log(bot, number) for number in range(10) for bot in bots))

    async with bots[0].unit_of_work() as uow:
        assert await uow.audit.broken_at() is None
    async with raw(bots[0]) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM audit_log"))).scalar() == 40


@pytest.mark.parametrize("end", [False, True], ids=["a reminder", "the end"])
async def test_of_two_watchdogs_that_saw_the_same_draft_one_tells_the_reporter(
    postgres_bots: list[Database], end: bool
) -> None:
    now = first_due(NOW, practice=False)
    async with postgres_bots[0].unit_of_work() as uow:
        draft = await uow.drafts.save(a_draft())
        if end:
            await uow.drafts.remind(OpenDraft(draft.id, draft.reporter, NOW, 1, 0, practice=False), 2, now)
        await uow.commit()

    async with postgres_bots[0].unit_of_work() as one, postgres_bots[1].unit_of_work() as other:
        await watch_drafts(one, now, 10)
        late = asyncio.create_task(watch_drafts(other, now, 10))
        await asyncio.sleep(0)
        await one.commit()
        await asyncio.wait_for(late, _FOR_EVER)
        await other.commit()

    async with postgres_bots[0].unit_of_work() as uow:
        told = await uow.outbox.claim(worker="w", now=now, lease_until=now + MINUTE, limit=10)
        assert (await uow.drafts.of(draft.reporter) is None) is end
    assert [each.notice.kind for each in told] == [NoticeKind.DRAFT_EXPIRED if end else NoticeKind.DRAFT_REMINDER]


async def test_a_draft_that_its_reporter_changes_while_it_ends_is_not_lost(postgres_bots: list[Database]) -> None:
    async with postgres_bots[0].unit_of_work() as uow:
        draft = await uow.drafts.save(a_draft())
        await uow.commit()
    seen = OpenDraft(draft.id, draft.reporter, NOW, 1, 0, practice=False)

    async with postgres_bots[0].unit_of_work() as reporter, postgres_bots[1].unit_of_work() as watchdog:
        changed = await reporter.drafts.save(replace(draft, answers={"place": "markt"}))
        ending = asyncio.create_task(watchdog.drafts.expire(seen))
        await asyncio.sleep(0)
        await reporter.commit()
        assert not await asyncio.wait_for(ending, _FOR_EVER)
        await watchdog.commit()

    async with postgres_bots[0].unit_of_work() as uow:
        assert await uow.drafts.of(draft.reporter) == changed


async def test_two_watchdogs_nudge_each_person_once(bots: list[Database]) -> None:
    later = NOW + 10 * MINUTE
    async with bots[0].unit_of_work() as uow:
        for number in range(40):
            await uow.people.seen(an_address(f"person-{number:02}"))
        await uow.commit()

    async def nudge(bot: Database) -> list[str]:
        nudged: list[str] = []
        while True:
            async with bot.unit_of_work() as uow:
                batch = await uow.nudges.take(later, later, 3)
                await uow.commit()
            nudged += batch
            if not batch:
                return nudged

    one, other = await asyncio.gather(*(nudge(bot) for bot in bots))
    rest = await nudge(bots[0])

    assert sorted(one + other + rest) == [f"person-{number:02}" for number in range(40)]
