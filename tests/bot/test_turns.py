"""Turns that wait for each other, find no room, or fail: what people hear, above all in danger."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from types import TracebackType

import pytest
from structlog.testing import capture_logs

from bot.admission import Admission
from bot.conversation_locks import ConversationLocks
from bot.teams.errors import Retryable
from bot.teams.events import Event, Message, Scope, What
from bot.turns import Turns
from dialogs.domain.addresses import Address
from dialogs.ports import Busy
from dialogs.turn import Pressed, Said
from tests.fakes.unit_of_work import Memory, MemoryUnitOfWork
from tests.knowledge import MONDAY, knowledge

_ids = count()
YES_TO_DANGER = Pressed("intake.answer", {"draft": "d", "version": "1", "question": "danger", "value": "yes"})
NO_TO_DANGER = Pressed("intake.answer", {"draft": "d", "version": "1", "question": "danger", "value": "no"})
TEXTS = knowledge().texts


def event(what: What, person: str = "robin", *, press: bool = False) -> Event:
    address = Address(person, person, f"a:{person}", "http://127.0.0.1", "tenant", f"29:{person}", "28:bot", MONDAY)
    return Event(f"activity-{next(_ids)}", Scope.PERSONAL, address, what, wants_answer=press)


class Chat:
    """The conversation of a turn: what was posted."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.edited: list[str] = []
        #: Nothing is posted until this is set.
        self.go = asyncio.Event()
        self.go.set()

    async def send(self, message: Message) -> str:
        await self.go.wait()
        self.messages.append(message)
        return f"message-{len(self.messages)}"

    async def update(self, message_id: str, message: Message) -> None:
        del message
        self.edited.append(message_id)

    async def delete(self, message_id: str) -> None:
        del message_id

    @property
    def words(self) -> str:
        return "\n".join(message.text or str(message.card) for message in self.messages)


class Broken(MemoryUnitOfWork):
    """A unit of work on a database that is away."""

    async def __aenter__(self) -> "Broken":
        raise ConnectionRefusedError("robin: mijn baas heeft mijn paspoort")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def turns(memory: Memory | None = None, admission: Admission | None = None, *, away: bool = False) -> Turns:
    memory = memory or Memory()
    units = (lambda: Broken(memory)) if away else memory.unit_of_work

    async def refresh() -> None: ...

    return Turns(units, knowledge(), lambda: MONDAY, wake=lambda: None, refresh=refresh, admission=admission)


@asynccontextmanager
async def full_house(memory: Memory | None = None) -> AsyncGenerator[Turns]:
    """A bot with room for one turn, which is under way."""
    taking = turns(memory, Admission(1))
    chat = Chat()
    chat.go.clear()
    under_way = asyncio.create_task(taking(event(Said("melden"), "kim"), chat))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not under_way.done()
    try:
        yield taking
    finally:
        chat.go.set()
        await under_way
        assert "direct gevaar" in chat.words


async def test_who_finds_no_room_hears_that_it_is_busy_and_comes_in_later() -> None:
    chat, memory = Chat(), Memory()
    async with full_house(memory) as taking:
        with capture_logs() as logs:
            await taking(event(Said("melden")), chat)
        body = await taking(event(NO_TO_DANGER, press=True), Chat())

    assert chat.words == TEXTS("failure.busy")
    assert body == Message(text=TEXTS("failure.busy"))
    assert [(entry["event"], entry["reason"]) for entry in logs] == [("turn_refused", "full")]

    await taking(event(Said("melden")), chat)
    assert {draft.reporter for draft in memory.drafts} == {"kim", "robin"}


@pytest.mark.parametrize("text", ["112", "nummer avim", "nummers", "wat is mensenhandel?"])
async def test_numbers_and_lessons_need_no_room(text: str) -> None:
    chat = Chat()
    async with full_house() as taking:
        await taking(event(Said(text)), chat)

    assert chat.messages[0].card is not None


@pytest.mark.parametrize(
    "what",
    [YES_TO_DANGER, Said("help ze zit opgesloten"), Pressed("intake.answer", {}, {"story": "ze zit opgesloten"})],
    ids=["a press", "words", "words in a card"],
)
async def test_who_is_in_danger_is_always_let_in(what: What) -> None:
    chat = Chat()
    async with full_house() as taking:
        body = await taking(event(what, press=isinstance(what, Pressed)), chat)

    assert TEXTS("failure.busy") not in f"{chat.words} {body}"


@pytest.mark.parametrize(("what", "said"), [(YES_TO_DANGER, "failure.danger"), (NO_TO_DANGER, "failure.busy")])
async def test_a_press_that_waits_too_long_for_the_turn_before_it_is_answered(
    monkeypatch: pytest.MonkeyPatch, what: What, said: str
) -> None:
    monkeypatch.setattr("bot.turns._PATIENCE_OF_A_PRESS", timedelta(0))
    taking, chat = turns(), Chat()
    chat.go.clear()
    before = asyncio.create_task(taking(event(Said("melden")), chat))
    for _ in range(50):
        await asyncio.sleep(0)

    body = await taking(event(what, press=True), chat)

    chat.go.set()
    await before
    assert body == Message(text=TEXTS(said))


async def test_turns_of_one_conversation_come_one_after_another_and_others_do_not_wait() -> None:
    memory, robin, kim = Memory(), Chat(), Chat()
    taking = turns(memory)
    robin.go.clear()
    first = asyncio.create_task(taking(event(Said("melden")), robin))
    second = asyncio.create_task(taking(event(Said("nee")), robin))
    await taking(event(Said("melden"), "kim"), kim)

    assert "direct gevaar" in kim.words
    assert robin.messages == []
    robin.go.set()
    await asyncio.gather(first, second)
    [answers] = [draft.answers for draft in memory.drafts if draft.reporter == "robin"]
    assert answers["danger"] == "no", "the second turn worked on what the first one stored"
    assert robin.edited == ["message-1"], "and knew the card of the first one"


@pytest.mark.parametrize(
    ("text", "press", "said"),
    [("help ze zit opgesloten", False, ["failure.danger_late"]), ("melden", False, []), ("opgesloten", True, [])],
    ids=["danger", "no danger", "a press, which hears it in its late answer"],
)
async def test_who_writes_of_danger_reads_112_while_the_turn_waits(
    monkeypatch: pytest.MonkeyPatch, text: str, press: bool, said: list[str]
) -> None:
    monkeypatch.setattr("bot.turns._DANGER_WAITS", 0.0)
    taking, slow, chat = turns(), Chat(), Chat()
    slow.go.clear()
    before = asyncio.create_task(taking(event(Said("melden")), slow))
    for _ in range(50):
        await asyncio.sleep(0)

    what = Pressed("intake.answer", {}, {"story": text}) if press else Said(text)
    waiting = asyncio.create_task(taking(event(what, press=press), chat))
    for _ in range(50):
        await asyncio.sleep(0)

    assert [message.text for message in chat.messages] == [TEXTS(each) for each in said]
    slow.go.set()
    await asyncio.gather(before, waiting)
    assert press or len(chat.messages) > len(said), "and the turn itself goes on"


class Slow(Chat):
    """A conversation in which each message takes some turns of the loop."""

    async def send(self, message: Message) -> str:
        for _ in range(20):
            await asyncio.sleep(0)
        return await super().send(message)


@pytest.mark.parametrize("chat", [Chat(), Slow()], ids=["fast", "slow to send"])
async def test_nothing_is_said_of_waiting_once_there_is_an_answer(monkeypatch: pytest.MonkeyPatch, chat: Chat) -> None:
    monkeypatch.setattr("bot.turns._DANGER_WAITS", 0.05)
    taking, later = turns(), asyncio.Event()
    await taking(event(Said("help ze zit opgesloten")), chat)
    asyncio.get_running_loop().call_later(0.1, later.set)
    await later.wait()

    assert TEXTS("failure.danger_late") not in [message.text for message in chat.messages[1:]]


class Refusing(Chat):
    """A conversation that takes no words, only cards."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    async def send(self, message: Message) -> str:
        if message.text:
            raise self._error
        return await super().send(message)


@pytest.mark.parametrize(
    ("error", "level"),
    [(RuntimeError("mijn baas heeft mijn paspoort"), "error"), (Retryable(status=503), "warning")],
    ids=["a fault of ours", "a fault of Teams"],
)
async def test_a_word_about_112_that_cannot_be_said_hinders_nothing_and_tells_no_log(
    monkeypatch: pytest.MonkeyPatch, error: Exception, level: str
) -> None:
    monkeypatch.setattr("bot.turns._DANGER_WAITS", 0.0)
    taking, slow, chat = turns(), Chat(), Refusing(error)
    slow.go.clear()
    before = asyncio.create_task(taking(event(Said("melden")), slow))
    for _ in range(50):
        await asyncio.sleep(0)
    with capture_logs() as logs:
        waiting = asyncio.create_task(taking(event(Said("help ze zit opgesloten")), chat))
        for _ in range(50):
            await asyncio.sleep(0)
        slow.go.set()
        await asyncio.gather(before, waiting)

    told = [(entry["event"], entry.get("kind"), entry["log_level"]) for entry in logs]
    assert told == [("danger_not_named", type(error).__name__, level)]
    assert chat.messages, "the turn itself is answered"


async def test_with_the_database_away_who_is_in_danger_reads_112_first() -> None:
    chat = Chat()
    with capture_logs() as logs:
        await turns(away=True)(event(Said("help ze zit opgesloten")), chat)

    assert chat.words == TEXTS("failure.danger")
    assert "paspoort" not in str(logs)


async def test_with_the_database_away_others_hear_it_from_the_edge() -> None:
    with pytest.raises(ConnectionRefusedError):
        await turns(away=True)(event(Said("melden")), Chat())


async def test_who_waited_in_vain_for_a_conversation_leaves_it_free() -> None:
    locks = ConversationLocks()
    async with locks.alone("a:1", timedelta(seconds=1)):
        with pytest.raises(Busy, match="conversation"):
            async with locks.alone("a:1", timedelta(0)):
                raise AssertionError("two turns in one conversation")
        async with locks.alone("a:2", timedelta(0)):
            pass

    async with locks.alone("a:1", timedelta(seconds=1)):
        pass


async def test_a_bot_that_stops_lets_in_danger_only_and_ends_what_it_began() -> None:
    admission = Admission(5)
    with admission.enter(always=lambda: False):
        admission.stop()
        with pytest.raises(Busy, match="stopping"), admission.enter(always=lambda: False):
            raise AssertionError("a turn began while the bot stops")
        with admission.enter(always=lambda: True):
            pass


async def test_a_turn_that_fails_makes_room_again() -> None:
    admission = Admission(1)
    with suppress(ValueError), admission.enter(always=lambda: False):
        raise ValueError

    with admission.enter(always=lambda: False):
        pass


async def test_somebody_whom_a_notice_did_not_reach_is_reachable_again_when_they_write() -> None:
    memory, chat = Memory(), Chat()
    bot = turns(memory)
    first = event(Said("hallo"))
    await bot(first, chat)
    async with memory.unit_of_work() as uow:
        await uow.people.unreachable("robin")
        await uow.commit()

    later = MONDAY + timedelta(seconds=5)
    await bot(replace(event(Said("hallo")), address=replace(first.address, seen_at=later)), chat)

    async with memory.unit_of_work() as uow:
        address = await uow.people.address("robin")
    assert address is not None
    assert address.reachable
    assert address.seen_at == later


@pytest.mark.parametrize("instead", ["text", "busy", "late", "danger"])
def test_whatever_comes_in_place_of_an_answer_tells_of_112(instead: str) -> None:
    assert "112" in TEXTS(f"failure.{instead}", error_id="1")
