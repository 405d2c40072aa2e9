"""A day: replicas, Teams, people and the weather, all drawn from one seed."""

import asyncio
import atexit
import logging
import os
import random as random_module
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import orjson
import structlog
from aiohttp import web

import bot.app
from bot.dispatcher import Sender
from bot.knowledge import load_knowledge
from bot.sender import NoticeSender
from bot.settings import Settings, read_settings
from dialogs.domain.notices import Notice
from dialogs.knowledge import CurrentPartners, Knowledge
from dialogs.ports import UnitsOfWork
from storage.codec import KeyRing
from storage.engine import Database, open_database
from storage.key_file import open_key_file
from storage.migrate import migrate
from storage.sqlite import SqliteEngine
from tests.fake_connector import APP_ID, TENANT
from tests.simulation.boundaries import Around, StoreCall, WatchedDatabase
from tests.simulation.clockwork import SimulatedLoop
from tests.simulation.ledger import TRY, Ledger, Try
from tests.simulation.network import SimulatedSession, SimulatedTeams
from tests.simulation.people import Post, SimulatedPerson
from tests.simulation.replica import REPLICA, Killed, Replica, is_killed, register
from tests.simulation.told import Told
from tests.simulation.weather import Forecast
from tests.teams_client import Json

#: When a day may begin, in UTC: a Monday morning, just before the weekend, at night, before Christmas, and in the
#: night in which the clock goes back.
_MORNINGS = (
    datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    datetime(2026, 11, 27, 15, 40, tzinfo=UTC),
    datetime(2026, 11, 25, 1, 0, tzinfo=UTC),
    datetime(2026, 12, 24, 14, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
)
#: How long Teams waits for an answer, and after how long it delivers once more (vercel/chat#731,
#: MicrosoftDocs/msteams-docs#6084).
_TEAMS_PATIENCE = 15.0
#: The invokes that the bot knows.
_INVOKES = frozenset({"adaptiveCard/action", "composeExtension/query"})
_AGAIN_AFTER = (0.0, 0.3, 15.0, 30.0)
OFFICERS, REPORTERS = ("Anna", "Bas"), ("Robin", "Kim", "Sam")


@dataclass(frozen=True, slots=True)
class Bug:
    """A known fault, put in to see it found."""

    name: str
    #: What goes wrong, in a sentence.
    story: str
    #: What it does to the calls of the stores.
    around: Callable[["World"], Around] | None = None
    #: What it makes of the sender of notices.
    sender: Callable[["World", Sender], Sender] | None = None


class World:
    """Everything there is on one simulated day."""

    def __init__(self, seed: int, forecast: Forecast, *, bug: Bug | None = None) -> None:
        self.seed = seed
        self.random = forecast.random
        self.forecast = forecast
        self.bug = bug
        self.ledger = Ledger()
        self.loop = SimulatedLoop(on_task=register, on_step=lambda: self._reach("await"))
        self.loop.set_exception_handler(self._unhandled)
        self.start = self.random.choice(_MORNINGS)
        self.folder = _folder()
        self._files = _files()
        self.replicas: list[Replica] = []
        self._numbers = count(1)
        self._background: set[asyncio.Task[Any]] = set()
        #: What went wrong in the simulation itself.
        self.failure: BaseException | None = None
        #: At which of its awaits a replica is killed; None: by chance, as the weather says.
        self.kill_at: int | None = None
        self.awaits = 0
        for each in self.folder.iterdir():
            each.unlink()
        for each in _template().iterdir():
            shutil.copy(each, self.folder)
        self.told = Told(self.folder / "meldroute.db")
        self.teams = SimulatedTeams(forecast, self.ledger, self._hears)
        self.people = {name: self.person(name, self.post) for name in (*OFFICERS, *REPORTERS)}
        self.settings = read_settings(
            local=True,
            app_id=APP_ID,
            tenant_id=TENANT,
            service_url=self.teams.service_url,
            database_url=f"sqlite:///{self.folder}/meldroute.db",
            key_file=self.folder / "content.key",
            focal_officers={self.teams.account(name).person: name for name in OFFICERS},
            confidants={self.teams.account("Carla").person: "Carla"},
        )

    def clock(self) -> datetime:
        """Now, for the bot."""
        return self.start + timedelta(seconds=self.loop.time())

    def person(self, name: str, post: Post) -> SimulatedPerson:
        """Somebody with Teams open."""
        return SimulatedPerson(name, self.teams, post, self.random, self.clock, officer=name in OFFICERS)

    def note(self, what: str, *details: object) -> None:
        """Write down that this happened now."""
        self.ledger.note(self.loop.time(), what, *details)

    @contextmanager
    def running(self) -> Generator["World"]:
        """The world with everything random drawn from its seed; afterwards nothing of it is left."""
        drawn, jitter = Random(self.seed), Random(self.seed)  # noqa: S311 - a day that can be played again
        drawn_here = _in_this_thread(drawn.randbytes, os.urandom)
        structlog.reset_defaults()
        structlog.configure(
            processors=[lambda _logger, _name, entry: entry],
            wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
            logger_factory=lambda *_: _Log(self),
        )
        patches = [
            patch.object(os, "urandom", drawn_here),
            patch.object(random_module, "_urandom", drawn_here),
            patch.object(bot.app, "Dispatcher", partial(bot.app.Dispatcher, jitter=jitter.random)),
            patch.object(bot.app, "open_database", self._open_database),
            patch.object(bot.app, "connector_session", self._session),
            patch.object(bot.app, "load_knowledge", _knowledge),
            patch.object(bot.app, "NoticeSender", self._sender),
        ]
        for each in patches:
            each.start()
        try:
            yield self
        finally:
            for each in reversed(patches):
                each.stop()
            structlog.reset_defaults()
            self.told.close()
            self._end_loop()
            self._files.close()

    # --- replicas ---

    @property
    def ready(self) -> list[Replica]:
        """Who takes requests."""
        return [replica for replica in self.replicas if replica.alive and not replica.draining]

    async def starts_replica(self) -> Replica:
        """One more process."""
        replica = Replica(next(self._numbers), self.loop)
        self.replicas.append(replica)
        replica.draining = True
        self.note("starts", replica.number)
        with _unless_killed():
            await replica.start(
                lambda: bot.app.build_app(self.settings, bot.app.local_identity(self.settings), clock=self.clock)
            )
        replica.draining = False
        self.ledger.began[replica.number] = self.loop.time()
        return replica

    async def stops(self, replica: Replica) -> None:
        """A deploy, or fewer replicas: it finishes what it can."""
        self.note("stops", replica.number)
        self.ledger.ended[replica.number] = self.loop.time()
        with _unless_killed():
            await replica.stop()
        replica.kill()
        await replica.bury()

    def kills(self, replica: Replica) -> None:
        """kill -9."""
        if replica.alive:
            self.note("kills", replica.number)
            self.ledger.ended[replica.number] = self.loop.time()
            replica.kill()
            self.in_background(replica.bury())

    def in_background(self, work: Coroutine[Any, Any, object]) -> None:
        """Run something that belongs to no replica."""
        context = copy_context()
        context.run(REPLICA.set, None)
        task = self.loop.create_task(work, context=context)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        task.add_done_callback(self._must_not_fail)

    def _end_loop(self) -> None:
        """Leave no task behind, also after an error in the middle of a day."""
        for replica in self.replicas:
            replica.kill()
        left = asyncio.all_tasks(self.loop)
        for task in left:
            task.cancel()
        if left:
            self.loop.run_until_complete(asyncio.wait(left, timeout=1.0))
        self.loop.close()

    async def settle_background(self) -> None:
        """Wait for what belongs to no replica."""
        while self._background:
            await asyncio.wait(set(self._background))
        if self.failure is not None:
            raise self.failure

    # --- between Teams and the bot ---

    async def post(self, activity: Json) -> tuple[int, Json]:
        """Deliver what somebody did, as Teams does; what the person's client hears of it."""
        weather, happens = self.forecast.weather, self.forecast.happens
        if activity["type"] == "invoke" and happens(weather.double_press):
            moment = (self.clock() + timedelta(milliseconds=230)).isoformat()
            twice = {**activity, "id": f"{activity['id']}-twice", "timestamp": moment}
            self.in_background(self._deliver(twice, after=0.23))
        if happens(weather.delivered_again):
            self.in_background(self._deliver(activity, after=self.random.choice(_AGAIN_AFTER)))
        if happens(weather.delivered_again_under_a_new_id):
            again = {**activity, "id": f"{activity['id']}-again"}
            self.in_background(self._deliver(again, after=self.random.choice(_AGAIN_AFTER)))
        status, body = await self._deliver(activity)
        return (504, {}) if happens(weather.answer_lost) else (status, body)

    async def _deliver(self, activity: Json, *, after: float = 0.0) -> tuple[int, Json]:
        await asyncio.sleep(after + self.random.uniform(0.002, 0.08))
        if not self.ready or self.forecast.happens(self.forecast.weather.request_lost):
            self.note("request_lost", activity["id"])
            return 504, {}
        replica = self.random.choice(self.ready)
        self.note("delivers", replica.number, activity["type"], activity["id"])
        asked = self.loop.time()
        work = replica.spawn(replica.post(orjson.dumps(activity)))
        await asyncio.wait({work}, timeout=_TEAMS_PATIENCE)
        if not work.done():
            return 504, {}
        if work.cancelled() or is_killed(work.exception()):
            return 502, {}
        response = work.result()
        assert isinstance(response, web.Response)
        body = response.body if isinstance(response.body, bytes) else b""
        seconds = self.loop.time() - asked
        self.note("answers", response.status, activity["id"], f"{seconds:.3f}", len(body))
        known = activity.get("name") in _INVOKES
        if activity["type"] == "invoke" and (not body or (known and response.status != 200)):
            self.ledger.breaks(self.loop.time(), "an invoke is answered with 200 and a body", str(response.status))
        await self._hears(body.decode())
        return response.status, orjson.loads(body) if body else {}

    async def _hears(self, words: str) -> None:
        """Somebody can read this from now on."""
        for fault in self.told.not_stored(words):
            self.ledger.breaks(self.loop.time(), "what is told is stored", fault)

    # --- parts of the bot ---

    def own_units(self) -> UnitsOfWork:
        """Units of work of the running replica, for a planted bug that opens one of its own."""
        replica = REPLICA.get()
        assert replica is not None
        return replica.units

    def _open_database(self, *args: Any, **kwargs: Any) -> object:
        database: Any = WatchedDatabase(self._files.open(*args, **kwargs), self._around)
        if (replica := REPLICA.get()) is not None:
            replica.units = database.unit_of_work
        if self.bug is not None and self.bug.around is not None:
            return WatchedDatabase(database, self.bug.around(self))
        return database

    async def _around(self, call: StoreCall) -> Any:
        if call.place != "end":
            self._reach(call.place)
        done = await call.made()
        if call.place == "commit":
            self._reach("committed")
        return done

    def _reach(self, place: str) -> None:
        """A process can be killed here. Raises Killed."""
        replica = REPLICA.get()
        if replica is None:
            return
        replica.check_alive()
        self.awaits += 1
        if self.awaits == self.kill_at or self.forecast.happens(self.forecast.weather.killed):
            self.note("killed_at", place)
            self.kills(replica)
            raise Killed

    def _session(self, **_: Any) -> SimulatedSession:
        replica = REPLICA.get()
        assert replica is not None
        return SimulatedSession(replica, self.teams, self.forecast, self.ledger, self._reach)

    def _sender(self, *args: Any, **kwargs: Any) -> Sender:
        sender = _TriedSender(NoticeSender(*args, **kwargs), self)
        return sender if self.bug is None or self.bug.sender is None else self.bug.sender(self, sender)

    def _must_not_fail(self, task: asyncio.Task[Any]) -> None:
        self.failure = self.failure or (asyncio.CancelledError() if task.cancelled() else task.exception())

    def _unhandled(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not is_killed(error):
            self.ledger.breaks(self.loop.time(), "no task fails unseen", f"{context.get('message')}: {error!r}")


def _in_this_thread(here: Callable[[int], bytes], elsewhere: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """What other threads of the process draw, a test before this one may have left them, is not of the day."""
    thread = threading.get_ident()

    def draw(size: int) -> bytes:
        return here(size) if threading.get_ident() == thread else elsewhere(size)

    return draw


@contextmanager
def _unless_killed() -> Generator[None]:
    """What a process that was killed in the middle had to say is not heard."""
    try:
        yield
    except BaseException as error:
        if not is_killed(error):
            raise


class _TriedSender:
    """The real sender, with each try in the ledger."""

    def __init__(self, sender: NoticeSender, world: World) -> None:
        self._sender = sender
        self._world = world

    async def send(self, notice: Notice) -> None:
        replica = REPLICA.get()
        assert replica is not None
        now = self._world.loop.time
        attempt = Try(notice.id, notice.kind, notice.recipient, replica.number, now())
        self._world.ledger.tries.append(attempt)
        token = TRY.set(attempt)
        try:
            await self._sender.send(notice)
        except BaseException as error:
            if not isinstance(error, Killed):
                attempt.failure, attempt.ended = type(error).__name__, now()
            raise
        finally:
            TRY.reset(token)
        attempt.ended = now()


class _Log:
    """What the bot logs as an error is a fault of the bot: Teams and the network only make warnings."""

    def __init__(self, world: World) -> None:
        self._world = world

    def error(self, **entry: Any) -> None:
        """One entry."""
        if entry["event"] == "notice_given_up":
            self._world.note("given_up", entry["notice"], entry["reason"])
            return
        if entry.get("error") == "TimeoutError" and self._world.ledger.jumps:
            return  # the clock jumped while it was being sent
        about = " ".join(str(entry[key]) for key in ("event", "error", "place", "where") if key in entry)
        self._world.ledger.breaks(self._world.loop.time(), "the bot makes no error of its own", about)


class _Files:
    """Opens the day's database, again and again with the same engines: a new one would compile all SQL anew."""

    def __init__(self) -> None:
        self._all: list[Database] = []
        self._used = 0

    def open(self, url: str, keys: KeyRing, **options: Any) -> Database:
        """An engine that nobody has used today."""
        if self._used == len(self._all):
            self._all.append(open_database(url, keys, **options))
        self._used += 1
        database = self._all[self._used - 1]
        assert isinstance(database.engine, SqliteEngine)
        database.engine.lock = asyncio.Lock()  # the one of another day belongs to another loop
        return database

    def close(self) -> None:
        """The day is over."""
        for database in self._all[: self._used]:
            assert isinstance(database.engine, SqliteEngine)
            database.engine._close()  # pyright: ignore[reportPrivateUsage] - without a loop
        self._used = 0


_files = cache(_Files)


@cache
def _folder() -> Path:
    """Where the database of the day lies, in the memory of this machine."""
    folder = Path(tempfile.mkdtemp(prefix="meldroute-day-", dir=_fast_folder()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _fast_folder() -> str | None:
    """A folder in memory, where there is one: SQLite's fsync then costs nothing."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    return str(shared) if os.access(shared, os.W_OK) else None


@cache
def _template() -> Path:
    """An empty, migrated database with its key, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="meldroute-template-", dir=_fast_folder()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_key_file(folder / "content.key")
    asyncio.run(migrate(f"sqlite:///{folder}/meldroute.db"))
    with sqlite3.connect(folder / "meldroute.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


_read: dict[str, Knowledge] = {}


def _knowledge(settings: Settings) -> Knowledge:
    """What is read from files is read once for all days; only the partners change."""
    key = settings.model_dump_json(exclude={"database_url", "key_file", "service_url"})
    if key not in _read:
        _read[key] = load_knowledge(settings)
    return replace(_read[key], partners=CurrentPartners(_read[key].partners.now, revision=0))
