"""Processes of the bot for tests that kill them, forked from one that has read everything: they start at once.

`python -m tests.crash.nursery` reads an order a line (JSON) and writes what it started a line. A process can be told to
kill itself with signal 9 at any place where it commits or calls Teams; the places are found by letting one live.

Each call says whose it is, in the place of a token, which nobody asks for here: the process, and the notice it sends.
"""

import asyncio
import json
import os
import signal as os_signal
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Literal
from unittest.mock import patch

from aiohttp import ClientSession, web
from yarl import URL

import bot.app
from bot.clock import utc_now
from bot.governor import NO_LIMITS
from bot.knowledge import load_knowledge
from bot.log_setup import set_up_logs
from bot.sender import NoticeSender
from bot.settings import Settings, read_settings
from dialogs.domain.notices import Notice
from dialogs.knowledge import CurrentPartners, Knowledge
from storage.engine import open_database
from tests.fake_connector import APP_ID, TENANT
from tests.simulation.boundaries import StoreCall, WatchedDatabase


@dataclass(frozen=True, slots=True)
class Order:
    """A process to be started."""

    data: str
    url: str
    connector_url: str
    officers: dict[str, str]
    #: The name of the place at which it kills itself; empty: never.
    kill_at: str = ""
    #: By how many seconds its clock runs ahead: leases of a process that died before are over.
    later: float = 0.0
    #: Whether it sends as fast as it can.
    without_limits: bool = False
    #: Whether it tells how many tasks it has.
    tells_tasks: bool = False

    @property
    def places(self) -> Path:
        """The file in which it writes the places that it passes, one a line."""
        return Path(self.data) / "places"

    @property
    def address(self) -> Path:
        """The file in which it writes where it takes messages, once it does."""
        return Path(self.data) / "address"

    @property
    def tasks(self) -> Path:
        """The file in which it writes the most tasks that it had since somebody took the file away."""
        return Path(self.data) / "tasks"


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a process passed."""

    #: What is about to be committed or called there, or just was; of a notice under way, with its kind.
    what: str
    #: The how manieth of these it is.
    number: int
    #: The notice under way there; empty: it was not about one.
    notice: str = ""
    #: Whether that had been sent and was not written down.
    in_doubt: bool = False

    @property
    def name(self) -> str:
        """By which it is found in another process: what happens at once does not always come in the same order."""
        return f"{self.what}, no. {self.number}"


@dataclass(frozen=True, slots=True)
class Child:
    """A process that runs."""

    pid: int
    order: Order

    @property
    def url(self) -> str:
        """Where it takes messages, also when it is no longer there."""
        address = self.order.address
        return address.read_text("utf-8") if address.exists() else "http://127.0.0.1:9/gone"

    @property
    def worker(self) -> str:
        """Its name in the outbox, and in its calls."""
        return _worker(self.pid)

    @property
    def passed(self) -> list[Place]:
        """The places that it has passed."""
        return [Place(**json.loads(line)) for line in self.order.places.read_text("utf-8").splitlines()]

    def most_tasks(self) -> int:
        """The most tasks that it had since this was asked before."""
        told = self.order.tasks
        most = int(told.read_text("utf-8")) if told.exists() else 0
        told.unlink(missing_ok=True)
        return most

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """kill -9: nothing is finished, nothing is written."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, os_signal.SIGKILL)

    async def dies(self) -> "Child":
        """kill(), and wait until it is gone."""
        self.kill()
        while self.is_alive:  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.01)
        return self

    def stop(self) -> None:
        """As a deploy does: SIGTERM."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, os_signal.SIGTERM)


class Nursery:
    """The process from which the others come."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._one_at_a_time = asyncio.Lock()

    async def starts(self, order: Order) -> Child:
        """A process of the bot that takes messages, unless it kills itself before."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order.address.unlink(missing_ok=True)
        async with self._one_at_a_time:
            self._process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
            child = Child(int(await self._process.stdout.readline()), order)
        while child.is_alive and not order.address.exists():  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.01)
        return child


@asynccontextmanager
async def nursery(log: Path) -> AsyncGenerator[Nursery]:
    """A nursery; what its children log goes to a file. They end with it."""
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=errors,
            cwd=Path(__file__).parents[2], start_new_session=True,
        )  # fmt: skip
    try:
        yield Nursery(process)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, os_signal.SIGKILL)
        await process.wait()


# What the children do.

#: In seconds.
_COUNTED_EVERY = 0.1


def _worker(pid: int) -> str:
    return f"process-{pid}"


@dataclass(slots=True)
class _Flight:
    """A notice on its way."""

    notice: Notice
    in_doubt: bool = False


#: The notice that the running code is about.
_FLIGHT: ContextVar[_Flight | None] = ContextVar("FLIGHT", default=None)
#: The last call of a store in this task: it says what a commit is of.
_LAST: ContextVar[str] = ContextVar("LAST", default="")


class _MarkedSender:
    """The real sender; what its task does from then on is about the notice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._sender = NoticeSender(*args, **kwargs)

    async def send(self, notice: Notice) -> None:
        """Send it."""
        _FLIGHT.set(_Flight(notice))
        await self._sender.send(notice)


class _Places:
    """Writes the places down, and kills the process at one of them."""

    def __init__(self, order: Order) -> None:
        self._kill_at = order.kill_at
        self._file = os.open(order.places, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._passed: Counter[str] = Counter()

    def reach(self, what: str) -> None:
        """The process is at a place."""
        flight = _FLIGHT.get()
        if flight is not None:
            what = f"{flight.notice.kind}: {what}"
        self._passed[what] += 1
        place = Place(what, self._passed[what])
        if flight is not None:
            place = replace(place, notice=flight.notice.id, in_doubt=flight.in_doubt)
        os.write(self._file, json.dumps(asdict(place)).encode() + b"\n")
        if place.name == self._kill_at:
            os.kill(os.getpid(), os_signal.SIGKILL)

    async def around(self, call: StoreCall) -> Any:
        """A call of a store."""
        if call.place != "commit":
            if "." in call.place:
                _LAST.set(call.place)
            return await call.made()
        of, flight = _LAST.get(), _FLIGHT.get()
        self.reach(f"before the commit of {of}")
        done = await call.made()
        if flight is not None and of == "outbox.delivered":
            flight.in_doubt = False
        self.reach(f"after the commit of {of}")
        return done


class _Session:
    """The pool of connections to Teams, watched."""

    def __init__(self, session: ClientSession, reach: Callable[[str], None]) -> None:
        self._session = session
        self._reach = reach

    def request(self, method: str, url: URL, *, headers: Mapping[str, str], **kwargs: Any) -> "_Call":
        """A call, to be entered."""
        flight = _FLIGHT.get()
        token = f"{_worker(os.getpid())} {flight.notice.id if flight else ''}"
        call = self._session.request(method, url, headers={**headers, "Authorization": token}, **kwargs)
        is_message = "/activities" in url.path
        return _Call(call, f"{method} of a {'message' if is_message else 'chat'}", self._reach, is_message and flight)

    async def close(self) -> None:
        """Close them."""
        await self._session.close()


@dataclass(frozen=True, slots=True)
class _Call:
    call: Any
    what: str
    reach: Callable[[str], None]
    #: The notice whose message it brings, if it does.
    brings: _Flight | Literal[False] | None

    async def __aenter__(self) -> Any:
        self.reach(f"before the {self.what}")
        answer = await self.call.__aenter__()
        if self.brings:
            self.brings.in_doubt = answer.ok
        self.reach(f"after the {self.what}")
        return answer

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.call.__aexit__(kind, error, trace)


def _settings(order: Order) -> Settings:
    return read_settings(
        local=True,
        app_id=APP_ID,
        tenant_id=TENANT,
        service_url=order.connector_url,
        database_url=order.url,
        key_file=Path(order.data) / "content.key",
        focal_officers=order.officers,
    )


_read: dict[str, Knowledge] = {}


def _knowledge(settings: Settings) -> Knowledge:
    """What is read from files is read once, before the first fork."""
    key = settings.model_dump_json(exclude={"database_url", "key_file", "service_url"})
    if key not in _read:
        _read[key] = load_knowledge(settings)
    return replace(_read[key], partners=CurrentPartners(_read[key].partners.now))


async def _serve(order: Order) -> None:
    places = _Places(order)
    session = bot.app.connector_session

    def opened(url: str, keys: Any, **options: Any) -> Any:
        return WatchedDatabase(open_database(url, keys, **options), places.around)

    def clock() -> Any:
        return utc_now() + timedelta(seconds=order.later)

    with (
        patch.object(bot.app, "load_knowledge", _knowledge),
        patch.object(bot.app, "open_database", opened),
        patch.object(bot.app, "NoticeSender", _MarkedSender),
        patch.object(bot.app, "_worker", lambda: _worker(os.getpid())),
        patch.object(bot.app, "connector_session", lambda **options: _Session(session(**options), places.reach)),  # pyright: ignore[reportUnknownArgumentType, reportUnknownLambdaType] - as it is called
    ):
        settings = _settings(order)
        rates = NO_LIMITS if order.without_limits else None
        app = await bot.app.build_app(settings, bot.app.local_identity(settings), clock=clock, rates=rates)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(os_signal.SIGTERM, ended.set)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    beside = order.address.with_suffix(".new")
    beside.write_text(f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages", "utf-8")
    beside.replace(order.address)
    if order.tells_tasks:
        _count_tasks(order.tasks)
    await ended.wait()
    await runner.cleanup()


def _count_tasks(told: Path, most: int = 0) -> None:
    """Now, and again and again."""
    most = max(most if told.exists() else 0, len(asyncio.all_tasks()))
    beside = told.with_suffix(".new")
    beside.write_text(str(most), "utf-8")
    beside.replace(told)
    asyncio.get_running_loop().call_later(_COUNTED_EVERY, _count_tasks, told, most)


def _bring_up(order: Order) -> None:
    """The child: it never returns."""
    os_signal.signal(os_signal.SIGCHLD, os_signal.SIG_DFL)
    code = 1
    try:
        asyncio.run(_serve(order))
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def _main() -> None:
    set_up_logs("WARNING")
    os_signal.signal(os_signal.SIGCHLD, os_signal.SIG_IGN)  # nobody waits for the children
    for line in sys.stdin:
        order = Order(**json.loads(line))
        _knowledge(_settings(order)).directory.overview(utc_now())  # which reads the holidays of all countries
        if (child := os.fork()) == 0:
            _bring_up(order)
        os.write(sys.stdout.fileno(), f"{child}\n".encode())


if __name__ == "__main__":
    _main()
