"""Three replicas on one PostgreSQL, two hundred people, two thousand turns: one replica is killed, another is stopped.

Each turn goes to whichever replica comes next; many are delivered twice, at once to two of them or later under another
id, and some buttons are pressed twice. People report, and then add to what they sent, while two officers take up what
they see. Everything that somebody writes carries a mark of its own, so that an effect that is lost or doubled is seen.
"""

# pyright: reportPrivateUsage=false
# - an officer sees a card with its verbs, which nobody else has to

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout
from sqlalchemy import text

from dialogs.domain.access import Staff
from dialogs.domain.events import EventKind
from storage.engine import Database, open_database
from storage.key_file import open_key_file
from tests import postgres
from tests.crash.in_doubt import Death, death_of, what_came
from tests.crash.nursery import Child, Order, nursery
from tests.crash.route import STORY, Insistent, presses_on
from tests.fake_connector import FakeConnector
from tests.scenarios.office import OFFICERS, officers_of
from tests.simulation.invariants import (
    Outcomes,
    Row,
    a_draft_becomes_one_signal_with_one_reference,
    a_signal_has_its_receipt_and_its_news,
    every_history_follows_the_table,
    what_somebody_wrote_is_stored_once,
)
from tests.simulation.ledger import Ledger
from tests.teams_client import Json

_PEOPLE, _TURNS_EACH, _AT_ONCE = 200, 10, 24
#: How long an officer waits before the next thing, in seconds; how many signals each takes up at least, and in how
#: many turns they must.
_BETWEEN, _TAKEN_UP, _TURNS_OF_OFFICER = 0.5, 10, 400
_MOVES_WITHIN = 60.0
#: What leads to the summary first, with every question answered on the way.
_THE_LONG_WAY = ("intake.answer", "intake.skip", "intake.send", "menu.report")
_ADDED = "Toegevoegd aan"
#: What is said of a turn that found no place, or broke (dialogs/data/texts.yaml).
_REFUSED = ("Het is nu druk", "Er ging iets mis")
#: What an id ends in of an activity that is delivered again under a new one.
_AGAIN = "-again"
_marks = count(1)


class _Roaming(Insistent):
    """Somebody whose Teams delivers to whichever replica comes next, and often twice."""

    def __init__(self, name: str, connector: FakeConnector, session: ClientSession, replicas: list[Child]) -> None:
        super().__init__(name, connector, "", session)
        self._replicas = replicas
        self._random = Random(name)  # noqa: S311 - the same habits in each run
        self.turns = 0
        self.taken_up = 0
        self.again: list[asyncio.Task[int]] = []
        #: What they added, each with the activity in which they did.
        self.added: dict[str, str] = {}

    @property
    def has_sent(self) -> bool:
        """Whether they were told so."""
        return "Verstuurd: S-" in self.screen or "Je melding is ontvangen" in self.screen

    async def goes_on(self) -> None:
        """One turn: what leads to a signal, and once it is sent something else."""
        if not self.has_sent:
            await presses_on(self, _THE_LONG_WAY, else_says="melden", writes=self._writes)
        elif self._random.random() < 0.4:
            await self._adds()
        else:
            await self.says("mijn meldingen")

    async def takes_up(self) -> None:
        """One turn of an officer: take up what is open; else open something of the queue, which is asked for anew."""
        shown = [each for each in self.messages[-3:] if each.card is not None]
        buttons = [(each, action) for each in shown if each.card is not None for action in each.card.actions]
        wanted = [each for each in buttons if each[1].get("verb") == "signal.take_up"] or [
            each for each in buttons if each[1].get("verb") == "signal.open"
        ]
        if not wanted or self.turns % 3 == 0:
            await self.says("wachtrij")
            return
        on, action = self._random.choice(wanted)
        self.taken_up += action.get("verb") == "signal.take_up"
        await self.presses(str(action["title"]), on=on)

    async def posts(self, activity: Json) -> int:
        self.turns += 1
        chance = self._random.random()
        if chance < 0.15:
            self._later(activity, 0.0)
        elif chance < 0.22:
            self._later({**activity, "id": f"{activity['id']}{_AGAIN}"}, 0.4)
        elif chance < 0.27 and activity["type"] == "invoke":
            moment = activity["timestamp"].replace("Z", "7Z")
            self._later({**activity, "id": f"{activity['id']}-twice", "timestamp": moment}, 0.1)
        for _ in range(5):
            if await self._delivers(activity):
                break
        return self.status

    def _writes(self) -> str:
        return f"{STORY} {self._mark()}"

    def _mark(self) -> str:
        """A word that nobody wrote before."""
        return f"zqp{next(_marks)}zq"

    async def _adds(self) -> None:
        mark = self._mark()
        activity = self.activity(text=f"aanvullen {mark}", textFormat="plain")
        self.added[mark] = str(activity["id"])
        await self.posts(activity)

    def told(self) -> set[str]:
        """What they added and the bot said was stored: once for each, whatever was delivered twice."""
        told = self._answered(_ADDED)
        assert set(told.values()) <= {1}, f"{self.name} was told twice:\n{self.screen}"
        return set(told)

    def refused(self) -> set[str]:
        """What they added and the bot said was not, or may not be."""
        return set(self._answered(*_REFUSED))

    def _answered(self, *words: str) -> Counter[str]:
        """What they added and was answered with these words, and how often."""
        marks = {activity: mark for mark, activity in self.added.items()}
        replies = self._connector.calls_of("reply", conversation=self.account.conversation_id)
        of = [call.message.removesuffix(_AGAIN) for call in replies if any(each in str(call.body) for each in words)]
        return Counter(marks[activity] for activity in of if activity in marks)

    def _later(self, activity: Json, seconds: float) -> None:
        other = Insistent(self.name, self._connector, self._random.choice(self._replicas).url, self.session)

        async def again() -> int:
            await asyncio.sleep(seconds)
            return await other.posts(activity)

        self.again.append(asyncio.create_task(again()))

    async def _delivers(self, activity: Json) -> int:
        """Deliver it; 0 if nobody was there, so that Teams delivers it once more."""
        self.bot_url = self._random.choice(self._replicas).url
        return await super().posts(activity)


@pytest.mark.long
async def test_two_thousand_turns_on_three_replicas_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(postgres.server().database())
        connector = await stack.enter_async_context(FakeConnector())
        session = await stack.enter_async_context(ClientSession(timeout=ClientTimeout(total=30)))
        home = await stack.enter_async_context(nursery(tmp_path / "log"))
        open_key_file(tmp_path / "content.key")
        replicas: list[Child] = []
        for number in range(3):
            data = tmp_path / str(number)
            data.mkdir()
            shutil.copy(tmp_path / "content.key", data)
            order = Order(str(data), url, connector.service_url, officers_of(connector), without_limits=True)
            replicas.append(await home.starts(order))
        people = [_Roaming(f"person {number}", connector, session, replicas) for number in range(_PEOPLE)]
        officers = [_Roaming(name, connector, session, replicas) for name in OFFICERS]
        database = open_database(url, open_key_file(tmp_path / "content.key"))
        try:
            death, under_way = await _everybody_works(people, officers, replicas, database)
            await _settles(database)
            await _judge(database, connector, people, officers, under_way)
            await what_came(database, connector, [death])
        finally:
            await database.close()


async def _everybody_works(
    people: Sequence[_Roaming], officers: Sequence[_Roaming], replicas: list[Child], database: Database
) -> tuple[Death, set[str]]:
    """So many at once; after a third of the people the replica that sends is killed, after two thirds another stops.

    The replica that was killed, and the additions of which nobody had been told then that they were stored.
    """
    room = asyncio.Semaphore(_AT_ONCE)
    done = 0
    deaths: list[Death] = []
    under_way: set[str] = set()

    async def reports(person: _Roaming) -> None:
        nonlocal done
        async with room:
            while person.turns < _TURNS_EACH or not person.has_sent:
                await person.goes_on()
            done += 1
            if done == _PEOPLE // 3:
                dying = await _draining(database, replicas)
                replicas.remove(dying)
                under_way.update(*(each.added.keys() - each.told() for each in people))
                deaths.append(await death_of(await dying.dies(), database))
            elif done == 2 * _PEOPLE // 3:
                replicas.pop(0).stop()
            await asyncio.gather(*person.again)

    async def takes_up(officer: _Roaming) -> None:
        # They go on after the others: how many they reach must not hang on how fast the machine is.
        while done < _PEOPLE or (officer.taken_up < _TAKEN_UP and officer.turns < _TURNS_OF_OFFICER):
            await officer.takes_up()
            await asyncio.sleep(_BETWEEN)
        await asyncio.gather(*officer.again)

    async with asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(reports(person))
        for officer in officers:
            group.create_task(takes_up(officer))
    [death] = deaths
    return death, under_way


async def _draining(database: Database, replicas: Sequence[Child]) -> Child:
    """The replica that empties the outbox, or did so last: it has the most in its hands."""
    [lease] = await _rows(database, "SELECT holder FROM leases WHERE name = 'draining'")
    return next(each for each in replicas if each.worker == lease.holder)


async def _settles(database: Database) -> None:
    """Wait until everything is sent; it may take long, but never stands still."""
    left = None
    while left != []:
        async with asyncio.timeout(_MOVES_WITHIN):
            before = left
            while left == before:
                await asyncio.sleep(0.2)
                left = await _rows(database, "SELECT id FROM outbox WHERE settled_at IS NULL ORDER BY number")


async def _judge(
    database: Database,
    connector: FakeConnector,
    people: Sequence[_Roaming],
    officers: Sequence[_Roaming],
    under_way: set[str],
) -> None:
    assert sum(person.turns for person in people) >= _PEOPLE * _TURNS_EACH
    stored = await _stored(database, connector)
    for invariant in (
        a_draft_becomes_one_signal_with_one_reference,
        what_somebody_wrote_is_stored_once,
        every_history_follows_the_table,
        a_signal_has_its_receipt_and_its_news,
    ):
        assert not list(invariant(stored)), invariant.__doc__
    each = Counter(signal.reporter for signal in stored.signals)
    assert set(each.values()) == {1}, "one signal each"
    assert each.keys() == {person.account.person for person in people}
    left = {row.reporter for row in await _rows(database, "SELECT reporter FROM drafts")}
    assert not left, "\n=====\n".join(person.screen for person in people if person.account.person in left)
    assert stored.audit_broken_at is None
    _judge_additions(stored, people, under_way)
    assert not [row for row in stored.outbox if row.dead]
    for officer in officers:
        heard = str([call.body for call in connector.calls_of(conversation=officer.account.conversation_id)])
        assert all(signal.reference in heard for signal in stored.signals), f"{officer.name} has not heard of one"


def _judge_additions(stored: Outcomes, people: Sequence[_Roaming], under_way: set[str]) -> None:
    """What somebody added is stored once, and so they were told.

    Not what they were told was not taken, nor what a replica had taken and not stored or answered when it died.
    """
    unanswered: set[str] = set()
    for signal in stored.signals:
        [person] = [each for each in people if each.account.person == signal.reporter]
        added, told, refused = set(person.added), person.told(), person.refused()
        events = Counter(event.kind for event in stored.histories[signal.id])
        words = " ".join(event.content.get("text", "") for event in stored.histories[signal.id])
        there = {mark for mark in added if mark in words}
        assert told <= there, f"{signal.reference} misses what was said to be stored:\n{person.screen}"
        assert added - there <= refused | under_way, f"{signal.reference} misses what was taken:\n{person.screen}"
        assert added - told <= refused | under_way, f"{signal.reference}: no answer:\n{person.screen}"
        assert events[EventKind.ADDED] == len(there)
        assert events[EventKind.TAKEN_UP] <= 1
        unanswered |= added - told
    assert len(unanswered) <= _AT_ONCE, "one turn of each who was at work"
    taken_up = sum(event.kind is EventKind.TAKEN_UP for history in stored.histories.values() for event in history)
    assert taken_up >= _TAKEN_UP


async def _stored(database: Database, connector: FakeConnector) -> Outcomes:
    columns = "number, id, kind, recipient, signal_id, detail, settled_at IS NOT NULL, dead, attempts, lane, "
    columns += "resent_at IS NOT NULL"
    rows = await _rows(database, f"SELECT {columns} FROM outbox ORDER BY number")  # noqa: S608 - as it stands here
    staff = Staff(tuple(officers_of(connector)))
    async with database.unit_of_work() as uow:
        ids = [row.id for row in await _rows(database, "SELECT id FROM signals")]
        signals = [signal for each in ids if (signal := await uow.signals.get(each)) is not None]
        histories = {each: await uow.signals.history(each) for each in ids}
        broken_at = await uow.audit.broken_at()
    handlers = {signal.id: staff.handlers(signal.excluded) for signal in signals}
    return Outcomes(
        signals, histories, (), [Row(*row) for row in rows], broken_at, handlers, Ledger(), datetime.now(UTC)
    )


async def _rows(database: Database, query: str) -> list[Any]:
    transaction = database.engine.connect()
    await transaction.start()
    try:
        return list((await transaction.execute(text(query))).all())
    finally:
        await transaction.close()
