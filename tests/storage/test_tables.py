"""States that must not exist cannot be stored, and what is asked often is read along an index."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, update
from sqlalchemy.exc import IntegrityError, StatementError

from dialogs.domain.queue import QueueFilter, QueuePosition, QueueQuery
from dialogs.domain.signals import Channel, Origin
from dialogs.ports import UnitOfWork
from storage.engine import Database, make_engine
from storage.tables import drafts, outbox, signal_events, signal_origins, signals
from tests.storage.conftest import change, raw
from tests.storage.factories import MINUTE, NOW, a_notice, a_signal, an_event


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "lost"},
        {"status": "taken_up"},
        {"status": "closed", "owner": "officer-1"},
        {"queue_rank": None},
        {"outcome": "perhaps"},
        {"reference": "1"},
        {"version": 0},
        {"received_at": None},
        {"answers": None},
    ],
    ids=str,
)
async def test_a_signal_in_an_impossible_state_is_refused(database: Database, changes: dict[str, Any]) -> None:
    async with database.unit_of_work() as uow:
        await uow.signals.add(a_signal())
        await uow.commit()

    async with raw(database) as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(update(signals).values(changes))


async def test_two_signals_never_have_one_reference(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.signals.add(a_signal(1))
        await uow.signals.add(a_signal(2))
        await uow.commit()

    async with raw(database) as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(update(signals).values(reference="S-2026-0001"))


@pytest.mark.parametrize("changes", [{"kind": "lost"}, {"status": "lost"}, {"number": 0}, {"signal_id": "no"}], ids=str)
async def test_an_impossible_event_is_refused(database: Database, changes: dict[str, Any]) -> None:
    async with database.unit_of_work() as uow:
        await uow.signals.add(a_signal())
        await uow.signals.append(an_event())
        await uow.commit()

    async with raw(database) as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(update(signal_events).values(changes))


async def test_a_signal_that_came_by_no_known_channel_is_refused(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.signals.add(a_signal(origin=Origin(Channel.MAIL)))
        await uow.commit()

    async with raw(database) as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(update(signal_origins).values(channel="pigeon"))


@pytest.mark.parametrize(
    "changes", [{"kind": "lost"}, {"lane": "fast"}, {"dead": True}, {"attempts": -1}, {"due_at": None}], ids=str
)
async def test_an_impossible_notice_is_refused(database: Database, changes: dict[str, Any]) -> None:
    async with database.unit_of_work() as uow:
        await uow.outbox.put(a_notice())
        await uow.commit()

    async with raw(database) as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(update(outbox).values(changes))


async def test_a_draft_with_a_naive_time_is_refused_whoever_writes_it(database: Database) -> None:
    values = {"id": "1", "reporter": "2", "version": 1, "practice": False, "content": b"", "started_at": NOW}
    values |= {"reminded": 0, "due_at": NOW}
    async with raw(database) as connection:
        with pytest.raises(StatementError, match="without a time zone"):
            await connection.execute(insert(drafts).values(values | {"changed_at": NOW.replace(tzinfo=None)}))


async def test_when_a_signal_goes_its_history_goes_and_its_number_does_not_come_back(database: Database) -> None:
    async with database.unit_of_work() as uow:
        reference = await uow.signals.next_reference(2026)
        await uow.signals.add(a_signal(reference=reference, excluded=frozenset({"officer-1"})))
        await uow.signals.append(an_event())
        await uow.commit()

    await change(database, "DELETE FROM signals")

    async with database.unit_of_work() as uow:
        assert await uow.signals.next_reference(2026) == "S-2026-0002"
        assert list(await uow.signals.history("signal-1")) == []
        await uow.signals.add(a_signal())
        assert len(await uow.queue.page(QueueQuery("officer-1"), limit=1)) == 1


_MANY_SIGNALS = """
    INSERT INTO signals
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
    SELECT 'signal-' || i, 'S-2026-' || (10000 + i), 'reporter-' || (i % 100), '2026-11-23 09:30:00.000000', NULL, 1,
        CASE WHEN i % 50 = 0 THEN 'received' ELSE 'closed' END, 'officer-' || (i % 1000), 'vague', '',
        CASE WHEN i % 50 = 0 THEN -2 END, 0, '', '', '', '', NULL, NULL, NULL, NULL
    FROM n
"""
_MANY_NOTICES = """
    INSERT INTO outbox
        (id, kind, recipient, signal_id, created_at, detail, due_at, attempts, ambiguous, settled_at, dead)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
    SELECT 'notice-' || i, 'receipt', 'reporter-' || (i % 100), 'signal-' || i, '2026-11-23 09:30:00.000000', '',
        '2026-11-23 09:30:00.000000', 0, false, '2026-11-23 09:30:00.000000', false
    FROM n
"""
_THOUSAND_UNSENT = """
    INSERT INTO outbox (id, kind, recipient, signal_id, created_at, detail, due_at, attempts, ambiguous, dead)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    SELECT 'unsent-' || (i + before), 'receipt', 'reporter-' || (i % 2), 'signal-1', '2026-11-23 09:30:00.000000', '{}',
        '2026-11-23 09:30:00.000000', 0, false, false
    FROM n, (SELECT count(*) AS before FROM outbox) AS there
"""
_MANY_DRAFTS = """
    INSERT INTO drafts (id, reporter, started_at, changed_at, version, practice, content, reminded, due_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
    SELECT 'draft-' || i, 'reporter-' || i, '2026-11-23 09:30:00.000000', '2026-11-23 09:30:00.000000', 1, false, '', 0,
        '2026-11-24 09:00:00.000000'
    FROM n
"""
_SOME_DUE = "UPDATE drafts SET due_at = '2026-11-23 09:00:00.000000' WHERE id LIKE '%50'"
_MANY_PEOPLE = """
    INSERT INTO people
        (person, name, conversation_id, service_url, tenant_id, teams_id, bot_id, seen_at, reachable, nudged_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
    SELECT 'person-' || i, '', '', '', '', '', '', '2026-11-23 09:30:00.000000', true,
        '2026-11-24 09:00:00.000000'
    FROM n
"""
_SOME_OWED = """
    UPDATE signals SET due_at = received_at, partner_due_at = received_at
    WHERE queue_rank IS NOT NULL AND reference LIKE '%400'
"""
_SOME_TO_NUDGE = "UPDATE people SET nudged_at = '2026-10-01 09:00:00.000000' WHERE person LIKE '%50'"
_SOME_UNSENT = "UPDATE outbox SET settled_at = NULL WHERE number % 50 = 0"
_MANY = (_MANY_SIGNALS, _MANY_NOTICES, _MANY_DRAFTS, _MANY_PEOPLE, _SOME_UNSENT, _SOME_DUE, _SOME_OWED, _SOME_TO_NUDGE)

_BEHIND = QueuePosition(-2, NOW, "signal-150")

Ask = Callable[[UnitOfWork], Awaitable[object]]


def _claim(uow: UnitOfWork) -> Awaitable[object]:
    return uow.outbox.claim(worker="w", now=NOW, lease_until=NOW, limit=10)


def _next_due(uow: UnitOfWork) -> Awaitable[object]:
    return uow.outbox.next_due()


_ASKED_OFTEN: list[tuple[Ask, str]] = [
    (lambda uow: uow.queue.page(QueueQuery("officer-1"), 25), "ix_signals_queue"),
    (lambda uow: uow.queue.page(QueueQuery("officer-1", behind=_BEHIND), 25), "ix_signals_queue"),
    (lambda uow: uow.queue.page(QueueQuery("officer-1", QueueFilter.MINE), 25), "ix_signals_queue_owner"),
    (lambda uow: uow.queue.page(QueueQuery("officer-1", QueueFilter.PARTNER_OWES), 25), "ix_signals_queue_partner"),
    (lambda uow: uow.queue.due(NOW, 25), "ix_signals_due_at"),
    (lambda uow: uow.signals.of_reporter("reporter-1", 5), "ix_signals_reporter"),
    (lambda uow: uow.signals.page(a_signal(), 25), "ix_signals_received_at"),
    (_next_due, "ix_outbox_unsent"),
    (lambda uow: uow.outbox.of_signal("signal-50"), "ix_outbox_signal_id"),
    (lambda uow: uow.outbox.forget_sent(NOW, 10), "ix_outbox_settled_at"),
    (lambda uow: uow.drafts.due(NOW, 10), "ix_drafts_due_at"),
    (lambda uow: uow.nudges.take(NOW, NOW - MINUTE, 10), "ix_people_nudged_at"),
]


_SCAN = r"Seq Scan on (signals|outbox|drafts|people)|SCAN (signals|outbox|earlier|drafts|people)$"


async def statements(database: Database, ask: Ask) -> list[tuple[str, Any]]:
    """What this asks of the database, with the parameters."""
    asked: list[tuple[str, Any]] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def remember(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    async with database.unit_of_work() as uow:
        await ask(uow)
    event.remove(database.engine.sync_engine, "before_cursor_execute", remember)
    return asked


async def plan_of(database: Database, ask: Ask) -> str:
    """How the database goes about the one statement that this asks, with enough rows for an index to pay."""
    [(statement, parameters)] = await statements(database, ask)
    await change(database, *_MANY, "ANALYZE")
    engine = make_engine(database.engine.sync_engine.url.render_as_string(hide_password=False))
    async with engine.connect() as connection:
        explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        rows = await connection.run_sync(lambda sync: sync.exec_driver_sql(f"{explain} {statement}", parameters).all())
    await engine.dispose()
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize(
    ("ask", "index"),
    _ASKED_OFTEN,
    ids=[
        "queue",
        "next_page",
        "mine",
        "partner_owes",
        "due",
        "of_reporter",
        "next_of_all",
        "next_due",
        "of_signal",
        "forget_sent",
        "drafts_due",
        "nudge",
    ],
)
async def test_what_is_asked_often_is_read_along_an_index_without_sorting(
    database: Database, ask: Ask, index: str
) -> None:
    plan = await plan_of(database, ask)

    assert index in plan
    assert not re.search(_SCAN, plan, re.MULTILINE), plan
    assert not re.search(r"Sort Key: \(?(signals|outbox|drafts)|TEMP B-TREE", plan), plan


async def test_open_questions_are_looked_for_among_the_signals_of_one_person(database: Database) -> None:
    plan = await plan_of(database, lambda uow: uow.signals.asked("reporter-1", 5))

    assert "ix_signals_reporter" in plan
    assert not re.search(_SCAN, plan, re.MULTILINE), plan


async def test_a_claim_reads_what_is_unsent_and_nothing_else(database: Database) -> None:
    """PostgreSQL may sort what it found due, at most one notice a person; SQLite reads it in order."""
    plan = await plan_of(database, _claim)

    assert "ix_outbox_unsent" in plan
    assert not re.search(_SCAN, plan, re.MULTILINE), plan
    assert "TEMP B-TREE" not in plan, plan


@pytest.mark.parametrize("ask", [_claim, _next_due])
async def test_twice_as_much_that_waits_is_at_most_about_twice_the_work(database: Database, ask: Ask) -> None:
    """Feedback for two people, a thousand notices and two thousand: compared with each other it would be four times."""
    [asked] = await statements(database, ask)
    work: list[int] = []
    for _ in range(2):
        await change(database, _THOUSAND_UNSENT, "ANALYZE")
        work.append(await work_of(database, *asked))

    assert work[1] < 2.5 * work[0]


async def work_of(database: Database, statement: str, parameters: Any) -> int:
    """What executing this takes: the rows that PostgreSQL handles, or the instructions of SQLite's machine."""
    engine = make_engine(database.engine.sync_engine.url.render_as_string(hide_password=False))
    async with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            told = await connection.run_sync(
                lambda sync: sync.exec_driver_sql(
                    f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters
                ).scalar_one()
            )
            work = _rows_handled(told[0]["Plan"])
        else:
            work = await connection.run_sync(lambda sync: _instructions(sync, statement, parameters))
    await engine.dispose()
    return work


def _rows_handled(plan: Any) -> int:
    thrown_away = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Join Filter", 0)
    own = (plan["Actual Rows"] + thrown_away) * plan["Actual Loops"]
    return int(own) + sum(map(_rows_handled, plan.get("Plans", ())))


def _instructions(connection: Connection, statement: str, parameters: Any) -> int:
    """To the nearest hundred."""
    hundreds = 0

    def count() -> None:
        nonlocal hundreds
        hundreds += 1

    sqlite: Any = connection.connection.driver_connection
    sqlite.set_progress_handler(count, 100)
    connection.exec_driver_sql(statement, parameters).all()
    sqlite.set_progress_handler(None, 0)
    return 100 * hundreds
