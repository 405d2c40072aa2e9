"""A real kill -9 at every commit and every call to Teams of the route, on both databases.

The places are those of a run in which nobody dies, by name; what is asked of the process that comes after is
that every signal is there once, and that every message came: once, or twice if it was sent and not yet written down.
"""

import asyncio
import shutil
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout
from sqlalchemy import text

from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from storage.engine import Database, open_database
from storage.key_file import open_key_file
from storage.migrate import migrate
from tests import postgres
from tests.crash.in_doubt import Came, Death, death_of, is_new, what_came
from tests.crash.nursery import Child, Nursery, Order, Place, nursery
from tests.crash.route import STORY, Insistent, from_word_to_feedback
from tests.fake_connector import FakeConnector
from tests.scenarios.office import officers_of
from tests.teams_client import Person

#: The lease of a notice is over by then.
_A_MINUTE_LATER = 90.0
_SETTLES_WITHIN = 30.0
_WRITTEN_DOWN = "the commit of outbox.delivered"
#: Where a notice of what is new is in doubt: how often it comes as a new message then, and how often as an edit.
_IN_DOUBT = {
    "after the POST of a message": (2, 0),
    "before the commit of cards.remember": (2, 0),
    "after the commit of cards.remember": (1, 1),
    "before the commit of outbox.delivered": (1, 1),
}


@dataclass
class _Stage:
    """A process of the bot, and another one when it is dead."""

    nursery: Nursery
    order: Order
    database: Database
    people: tuple[Person, ...]
    child: Child | None = None
    deaths: list[Death] = field(default_factory=list[Death])
    #: The place at which the first one died.
    died_at: Place | None = None

    async def a_moment_later(self) -> None:
        while self.child is None or not self.child.is_alive:
            if self.child is not None:
                self.deaths.append(await death_of(self.child, self.database))
                self.died_at = self.died_at or self.child.passed[-1]
                self.order = replace(self.order, kill_at="", later=_A_MINUTE_LATER)
            self.child = await self.nursery.starts(self.order)
        for person in self.people:
            person.bot_url = self.child.url

    async def statuses(self) -> list[SignalStatus]:
        return [SignalStatus(row.status) for row in await self.rows("SELECT status FROM signals")]

    async def settles(self) -> None:
        """Wait until everything is sent, by whoever lives."""
        async with asyncio.timeout(_SETTLES_WITHIN):
            while True:
                await self.a_moment_later()
                if not await self.rows("SELECT id FROM outbox WHERE settled_at IS NULL") and self._has_landed():
                    return
                await asyncio.sleep(0.02)

    def _has_landed(self) -> bool:
        """Whether the process knows of the last commit, too: it may be one of which it dies."""
        assert self.child is not None
        passed = self.child.passed
        times = Counter(place.what.rpartition(": ")[2] for place in passed)
        knows = times[f"before {_WRITTEN_DOWN}"] == times[f"after {_WRITTEN_DOWN}"]
        return knows and self.order.kill_at not in {place.name for place in passed}

    async def rows(self, query: str) -> list[Any]:
        transaction = self.database.engine.connect()
        await transaction.start()
        try:
            return list((await transaction.execute(text(query))).all())
        finally:
            await transaction.close()


@dataclass(frozen=True, slots=True)
class Run:
    """The route, played once."""

    #: What the last process passed, and where the one before it died.
    places: Sequence[Place]
    died_at: Place | None
    came: Sequence[Came]


#: What people do.
Play = Callable[[_Stage, Insistent, Insistent], Awaitable[None]]


async def whole_route(stage: _Stage, robin: Insistent, anna: Insistent) -> None:
    """A signal from the first word to the feedback, which is there once."""
    await from_word_to_feedback(stage, robin, anna)
    async with stage.database.unit_of_work() as uow:
        (signal,) = await uow.signals.of_reporter(robin.account.person, 10)
        history = await uow.signals.history(signal.id)
    steps = [event.kind for event in history if event.kind is not EventKind.FEEDBACK_READ]
    assert steps == [EventKind.RECEIVED, EventKind.TAKEN_UP, EventKind.HANDED_OVER, EventKind.CLOSED]


async def report_without_danger(_stage: _Stage, robin: Insistent, _anna: Insistent) -> None:
    """A signal of which the officers hear in their one notice of what is new, and which nobody opens."""
    await robin.says("melden")
    await robin.presses("Nee")
    robin.fills("Wat heb je gezien of gehoord?", STORY)
    await robin.presses("Volgende")
    await robin.presses("Nu versturen zoals het is")


async def killed_at(
    place: str, home: Nursery, data: Path, url: str, session: ClientSession, play: Play = whole_route
) -> Run:
    """Play it with a kill there (empty: nowhere)."""
    async with FakeConnector() as connector:
        robin, anna = (Insistent(name, connector, "", session) for name in ("Robin", "Anna"))
        order = Order(str(data), url, connector.service_url, officers_of(connector), kill_at=place, without_limits=True)
        database = open_database(url, open_key_file(data / "content.key"))
        stage = _Stage(home, order, database, (robin, anna))
        try:
            await stage.a_moment_later()
            await play(stage, robin, anna)
            await stage.settles()
            assert stage.child is not None
            run = Run(stage.child.passed, stage.died_at, await what_came(database, connector, stage.deaths))
            await _judge(stage, run)
            return run
        finally:
            if stage.child is not None:
                stage.child.kill()
            await database.close()


async def _judge(stage: _Stage, run: Run) -> None:
    """Nothing is given up, and what the process had in its hands when it died is in doubt if it was sent."""
    assert len(stage.deaths) <= 1
    assert not await stage.rows("SELECT id FROM outbox WHERE dead")
    async with stage.database.unit_of_work() as uow:
        assert await uow.audit.broken_at() is None
    if run.died_at is not None and run.died_at.notice:
        assert bool(_under_way(run).left_by) is run.died_at.in_doubt, "it was sent and not written down, or it was not"


def _under_way(run: Run) -> Came:
    """The notice of which it died."""
    assert run.died_at is not None
    return next(each for each in run.came if each.notice == run.died_at.notice)


@asynccontextmanager
async def _sqlite(folder: Path, number: int) -> AsyncGenerator[tuple[Path, str]]:
    data = folder / str(number)
    data.mkdir()
    empty = folder / "empty.db"
    if not empty.exists():
        await migrate(f"sqlite:///{empty}")
    shutil.copy(empty, data / "meldroute.db")
    yield data, f"sqlite:///{data}/meldroute.db"


@asynccontextmanager
async def _postgres(folder: Path, number: int) -> AsyncGenerator[tuple[Path, str]]:
    data = folder / str(number)
    data.mkdir()
    async with postgres.server().database() as url:
        yield data, url


_DATABASES = {"sqlite": _sqlite, "postgres": _postgres}


async def die_everywhere(kind: str, folder: Path, step: int) -> list[Run]:
    """Die at every `step`-th place; how that went, after a run in which nobody died."""
    async with nursery(folder / "log") as home, ClientSession(timeout=ClientTimeout(total=30)) as session:

        async def once(number: int, place: str) -> Run:
            async with _DATABASES[kind](folder, number) as (data, url):
                try:
                    return await killed_at(place, home, data, url, session)
                except BaseException as error:
                    error.add_note(f"killed on {kind} {place}")
                    raise

        undisturbed = await once(0, "")
        at_once = asyncio.Semaphore(2)

        async def bounded(number: int, place: Place) -> Run:
            async with at_once:
                return await once(number, place.name)

        async with asyncio.TaskGroup() as group:
            places = enumerate(undisturbed.places[::step], 1)
            runs = [group.create_task(bounded(number, place)) for number, place in places]
        return [undisturbed, *(run.result() for run in runs)]


def _table(runs: Sequence[Run]) -> str:
    """By place: how many died there, and what came twice then, or edited what had come."""
    deaths: Counter[str] = Counter()
    twice: dict[str, Counter[str]] = defaultdict(Counter)
    for run in runs:
        if run.died_at is None:
            continue
        deaths[run.died_at.what] += 1
        for each in run.came:
            if each.left_by:
                twice[run.died_at.what][each.kind if each.twice else f"({each.kind})"] += 1
    lines = [
        f"{number:3} x {what:75} {', '.join(f'{times} x {kind}' for kind, times in sorted(twice[what].items()))}"
        for what, number in sorted(deaths.items())
    ]
    messages = sum(each.twice for run in runs for each in run.came)
    return "\n".join((*lines, f"{deaths.total()} deaths, {messages} messages twice; (in brackets): edited again"))


@pytest.mark.parametrize("kind", _DATABASES)
async def test_a_kill_at_some_of_the_commits_and_calls_loses_nothing(kind: str, tmp_path: Path) -> None:
    runs = await die_everywhere(kind, tmp_path, 31)

    assert sum(run.died_at is not None for run in runs) > 2


@pytest.mark.long
async def test_a_notice_in_doubt_edits_its_message_once_that_is_known_and_is_sent_anew_before(
    tmp_path: Path,
) -> None:
    came: dict[str, tuple[int, int]] = {}
    async with nursery(tmp_path / "log") as home, ClientSession(timeout=ClientTimeout(total=30)) as session:
        for number, place in enumerate(_IN_DOUBT):
            async with _sqlite(tmp_path, number) as (data, url):
                name = f"signal_for_officer: {place}, no. 1"
                run = await killed_at(name, home, data, url, session, report_without_danger)
            came[place] = _under_way(run).new, _under_way(run).edits

    assert came == _IN_DOUBT


@pytest.mark.proof
@pytest.mark.parametrize("kind", _DATABASES)
async def test_a_kill_at_every_commit_and_every_call_loses_nothing(kind: str, tmp_path: Path) -> None:
    undisturbed, *runs = await die_everywhere(kind, tmp_path, 1)

    print(f"\n{kind}\n{_table(runs)}")  # noqa: T201 - what the proof shows
    died_at = {run.died_at.name for run in runs if run.died_at is not None}
    assert len(died_at) > 80
    new = [each for each in undisturbed.came if is_new(each.kind)]
    of_messages = {place.name for place in undisturbed.places if place.notice in {each.notice for each in new}}
    assert of_messages <= died_at, "each place of a message is died at"
    assert {each.kind for run in runs for each in run.came if each.twice} == {each.kind for each in new}
