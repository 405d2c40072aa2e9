"""The law of what comes twice: what a process had sent and not yet written down when it died, and nothing else.

Bot -> Teams -> "it arrived" -> outbox: whoever dies between the second and the last leaves a notice in doubt. The next
one sends it once more, as a new message or, if it knows the first by then, by editing that.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from bot.dispatcher import Pace
from dialogs.domain.notices import EDITS, Lane, NoticeKind
from storage.engine import Database
from tests.crash.nursery import Child
from tests.fake_connector import Call, FakeConnector

_SETTLED = "SELECT id FROM outbox WHERE worker = :worker AND settled_at IS NOT NULL"
_NOTICES = "SELECT id, kind, recipient, lane, last_error FROM outbox WHERE settled_at IS NOT NULL ORDER BY number"


@dataclass(frozen=True, slots=True)
class Death:
    """A process that is gone."""

    worker: str
    #: The notices of which it wrote down what became of them.
    settled: frozenset[str]


@dataclass(frozen=True, slots=True)
class Came:
    """How a notice came to its person."""

    notice: str
    kind: str
    recipient: str
    lane: str
    #: How often as a message of its own, and how often by editing one.
    new: int
    edits: int
    #: The processes that left it in doubt.
    left_by: tuple[str, ...]

    @property
    def twice(self) -> int:
        """How many messages too many somebody sees."""
        return max(0, self.new - 1)


async def death_of(child: Child, database: Database) -> Death:
    """What a process that no longer lives wrote down. What it sent may still be on its way to Teams."""
    transaction = database.engine.connect()
    await transaction.start()
    try:
        if transaction.dialect.name == "postgresql":
            # PostgreSQL may still be committing for it. What writes to the table is over once this lock is there, and
            # whatever was not begun will never be.
            await transaction.execute(text("LOCK TABLE outbox IN SHARE MODE"))
        settled = await transaction.execute(text(_SETTLED), {"worker": child.worker})
        return Death(child.worker, frozenset(row.id for row in settled.all()))
    finally:
        await transaction.close()


async def what_came(database: Database, connector: FakeConnector, deaths: Sequence[Death]) -> list[Came]:
    """How each notice came, once all of them are settled. Fails where one came more or less often than the law says."""
    calls = _calls_by_notice(connector)
    came: list[Came] = []
    for row in await _rows(database):
        sent = calls.pop(row.id, [])
        by = Counter(_worker(call) for call in sent)
        left_by = tuple(death.worker for death in deaths if by[death.worker] and row.id not in death.settled)
        assert set(by.values()) <= {1}, f"{row.id}: a process sent it twice: {by}"
        assert len(sent) in _times(row, len(left_by)), f"{row.id}: came by {by}, left in doubt by {left_by}"
        new = sum(call.operation == "send" for call in sent)
        came.append(Came(row.id, row.kind, row.recipient, row.lane, new, len(sent) - new, left_by))
    assert not calls, "no message of a notice that nobody stored"
    _judge_deaths(came)
    return came


def _times(row: Any, in_doubt: int) -> set[int]:
    """How often it may have come: once, and once more for each time that it was left in doubt."""
    if row.last_error == "worker_gone":  # small: nobody sends it again
        return {in_doubt}
    if row.kind == NoticeKind.INBOX:  # there may be nothing new any more when its turn comes
        return {in_doubt, in_doubt + 1}
    return {in_doubt + 1}


def _judge_deaths(came: Iterable[Came]) -> None:
    """A process has one notice under way to a person in a lane, and so many in all (bot/dispatcher.py)."""
    left = [(worker, each) for each in came for worker in each.left_by]
    to_a_person = Counter((worker, each.recipient, each.lane) for worker, each in left)
    assert set(to_a_person.values()) <= {1}, f"more than one under way to a person: {to_a_person}"
    in_a_lane = Counter((worker, each.lane) for worker, each in left)
    assert all(number <= Pace().places(Lane(lane)) for (_, lane), number in in_a_lane.items()), in_a_lane


def _calls_by_notice(connector: FakeConnector) -> dict[str, list[Call]]:
    """The calls with which a message of a notice came. New messages are of notices only: answers are replies."""
    found: dict[str, list[Call]] = defaultdict(list)
    for call in connector.calls_of("send", "update"):
        notice = (call.token or "").partition(" ")[2]
        assert notice or call.operation == "update", "a new message that is of no notice"
        if notice and call.status in {200, 201}:
            found[notice].append(call)
    return found


def _worker(call: Call) -> str:
    return (call.token or "").partition(" ")[0]


async def _rows(database: Database) -> Sequence[Any]:
    transaction = database.engine.connect()
    await transaction.start()
    try:
        return (await transaction.execute(text(_NOTICES))).all()
    finally:
        await transaction.close()


def is_new(kind: str) -> bool:
    """Whether a notice of this kind is a message of its own."""
    return kind not in EDITS
