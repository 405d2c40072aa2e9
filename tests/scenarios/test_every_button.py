"""Every button of every card acts once, however often it is pressed: by hand, or because Teams delivers it again.

Walks through the whole bot: reporters, officers, an administrator and all cards they get. The next press is always of a
kind that was pressed least. After each press the same is done again in three ways, and nothing may have changed.
"""

# pyright: reportPrivateUsage=false
# - presses the buttons of a card one by one, as titles may stand on it twice

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count, cycle
from random import Random
from typing import Any, cast

import pytest

from bot.cards import INPUT
from bot.dispatcher import Obsolete
from bot.local.card_on_screen import CardOnScreen, NotOnCard
from bot.sender import NoticeSender, Strangers
from bot.teams.events import Event, Message, Scope, What
from bot.turns import Turns
from dialogs.domain.addresses import Address
from dialogs.officer.preview import mark_of
from dialogs.ports import Busy
from dialogs.turn import Pressed, Said
from dialogs.use_cases.watch import watch_drafts
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ADMINISTRATOR, ANNA, BAS, MONDAY, knowledge

PEOPLE = ("robin", "kim", ANNA, BAS, ADMINISTRATOR)
TYPED = (
    "melden", "oefenen", "mijn meldingen", "aanvullen", "intrekken", "invoeren", "beheer nummers", "wachtrij",
    "nummers", "help", "stop", "de baas heeft alle paspoorten van de mannen in zijn tas",
)  # fmt: skip
#: What changes something. The walks must have pressed all of it, or they prove nothing; what is done in a case, those
#: that begin in one.
CHANGING = {
    "doubt.tell", "entry.confirm", "entry.confirm_in_list", "entry.restore", "entry.save", "intake.answer",
    "intake.back", "intake.edit", "intake.keep", "intake.resume", "intake.send", "intake.skip", "intake.stop",
    "intake.wipe", "menu.practice", "menu.report", "menu.resume", "menu.stop", "mine.add", "mine.read",
    "mine.withdraw", "others.start", "signal.go_on", "signal.take_up", "signal.withdraw",
}  # fmt: skip
IN_A_CASE = {
    "signal.accept", "signal.answer", "signal.ask", "signal.close", "signal.consult", "signal.decline",
    "signal.end_question", "signal.feed_back", "signal.hand_over", "signal.judge", "signal.link", "signal.look_up",
    "signal.note", "signal.offer", "signal.read_out", "signal.reopen", "signal.take_away", "signal.take_over",
    "signal.tick", "signal.unlink",
}  # fmt: skip
AT_ONE_COMPANY = ("look_up", {"field": "company", "value": "De Brug", "reason": "Is het bekend?"})
CONSULTED = ("consult", {"partner": "avim", "how": "phone", "shared": "story", "due": "2026-12-01"})


@dataclass(frozen=True)
class Beginning:
    """Where a walk begins: what Anna did with which signal, and what she types last, so that two cards are open."""

    done: tuple[tuple[str, dict[str, str], int], ...]
    opens: tuple[str, str] = ("open S-2026-0002", "open S-2026-0001")


BEGINNINGS = {
    "two signals at the same company": Beginning(
        ((*AT_ONE_COMPANY, 1), (*AT_ONE_COMPANY, 2)), ("opgezocht S-2026-0002", "koppelen S-2026-0001")
    ),
    "two signals that are linked": Beginning((("link", {"reference": "S-2026-0002"}, 1),)),
    "a partner who was consulted": Beginning(((*CONSULTED, 1),)),
    "a question that is open": Beginning((("ask", {"question": "Hoe laat was het?"}, 1),)),
    "an offer to a colleague": Beginning((("offer", {"to": BAS, "reason": "druk"}, 1),)),
}
#: To look is written down each time: it changes nothing else.
VIEWS = {"signal_opened"}
WALKS, MOST_WALKS, STEPS = 2, 8, 300
STEPS_IN_A_CASE, MOST_CASES = 60, 20


class Shown:
    """A card in a chat, with its buttons that the bot hears of."""

    def __init__(self, card: Any) -> None:
        self.card = CardOnScreen(card)
        self.actions = [action for action in self.card.actions if action.get("type") == "Action.Execute"]
        self.verbs = [str(action["verb"]) for action in self.actions]


@dataclass
class Chat:
    """What stands in the chat of one person."""

    person: str
    ids: Iterator[int]
    cards: dict[str, Shown] = field(default_factory=dict[str, Shown])

    async def send(self, message: Message) -> str:
        message_id = f"{self.person}-{next(self.ids)}"
        if message.card is not None:
            self.cards[message_id] = Shown(message.card)
        return message_id

    async def update(self, message_id: str, message: Message) -> None:
        if message.card is not None:
            self.cards[message_id] = Shown(message.card)

    async def delete(self, message_id: str) -> None:
        self.cards.pop(message_id, None)


class Walk:
    """A new bot and people who press everything."""

    def __init__(
        self, seed: int, pressed: Counter[str], people: Sequence[str] = PEOPLE, typed: Sequence[str] = TYPED
    ) -> None:
        """`people`: who press; `typed`: what they type besides."""
        self._people, self._typed = people, typed
        self.random = Random(seed)  # noqa: S311 - a walk that can be walked again
        self.memory = Memory()
        self.now = MONDAY
        self.pressed = pressed
        self._ids = count()
        self._chats = {person: Chat(person, self._ids) for person in PEOPLE}
        self._sent: set[str] = set()
        self._knowledge = replace(knowledge())
        self._turns = Turns(
            self.memory.unit_of_work, self._knowledge, self._clock, wake=lambda: None, refresh=self._no_refresh
        )
        strangers = Strangers("https://service", "tenant", "28:bot")
        self._sender = NoticeSender(self.memory.unit_of_work, self, self._knowledge, self._clock, strangers)  # pyright: ignore[reportArgumentType] - the part that is used

    def _clock(self) -> datetime:
        return self.now

    async def _no_refresh(self) -> None: ...

    # The connector, as far as notices need it.

    async def send(self, _service_url: str, conversation: str, activity: Mapping[str, Any]) -> str:
        return await self._chats[conversation].send(Message(card=activity["attachments"][0]["content"]))

    async def update(self, _service_url: str, conversation: str, message_id: str, activity: Mapping[str, Any]) -> None:
        await self._chats[conversation].update(message_id, Message(card=activity["attachments"][0]["content"]))

    async def create_conversation(self, _service_url: str, *, bot_id: str, person: str, tenant_id: str) -> str:
        del bot_id, tenant_id
        return person

    # What people do.

    async def days_pass(self) -> None:
        """A weekend, and what the watchdog does on Monday."""
        self.now += timedelta(days=7)
        async with self.memory.unit_of_work() as uow:
            await watch_drafts(uow, self.now, 10)
            await uow.commit()
        await self._deliver_notices()

    async def comes_to(self, beginning: Beginning) -> None:
        """Robin and Kim report, Anna takes both up and does what the beginning says; then both cases are open."""
        for person in ("robin", "kim"):
            for text in ("melden", "nee", TYPED[-1], "klopt", "nu versturen zoals het is"):
                await self._takes(self._event(person, Said(text)))
        for number in (1, 2):
            await self._takes(self._event(ANNA, Said(f"oppakken S-2026-000{number}")))
        for act, inputs, number in beginning.done:
            await self._does(act, inputs, number)
        await self._takes(self._event(BAS, Said("open S-2026-0001")))
        for text in beginning.opens:
            await self._takes(self._event(ANNA, Said(text)))
        await self._deliver_notices()

    async def _does(self, act: str, inputs: dict[str, str], number: int) -> None:
        signal = next(each for each in self.memory.signals if each.reference == f"S-2026-000{number}")
        carried = {"signal": signal.id, "version": str(signal.version)}
        if act == "ask":
            carried["shown"] = mark_of(inputs)
        await self._takes(self._event(ANNA, Pressed(f"signal.{act}", carried, inputs)))

    async def step(self) -> None:
        """Somebody does what was done least; then the same comes again."""
        person, what = self._choose()
        self.pressed[what.action if isinstance(what, Pressed) else what.text] += 1
        event = self._event(person, what)
        self.now += timedelta(minutes=1)
        await self._takes(event)
        await self._deliver_notices()
        after = self.effects()
        for again in self._again(event):
            self.now += timedelta(seconds=2)
            await self._takes(again)
            assert self.effects() == after, f"{what} acted twice"

    def effects(self) -> dict[str, object]:
        """All that is stored, apart from the journal, when people were seen, and what was looked at."""
        state = self.memory.committed
        entries = [entry for entry in self.memory.audit_entries if entry.action not in VIEWS]
        return {
            "drafts": dict(state.drafts),
            "signals": dict(state.signals),
            "events": {key: list(events) for key, events in state.events.items()},
            "references": dict(state.references),
            "notices": set(state.outbox),
            "numbers": (dict(state.partner_edits), dict(state.partner_remarks)),
            "audit": entries,
        }

    def _again(self, event: Event) -> list[Event]:
        """The same activity, the same under a new id, and for a press the same by hand, a moment later."""
        renamed = replace(event, activity_id=f"activity-{next(self._ids)}", twin=event.twin)
        by_hand = self._event(event.address.person, event.what)
        return [event, renamed, by_hand] if isinstance(event.what, Pressed) else [event, renamed]

    def _choose(self) -> tuple[str, Pressed | Said]:
        options = [(person, message, index) for person in self._people for message, index in self._buttons(person)]
        forward = [option for option in options if self._verb(option) == "intake.answer"]
        if forward and self.random.random() < 0.3:  # what is done least comes far down a form
            person, message, index = self.random.choice(forward[-8:])
            return person, self._press(person, message, index)
        typed = [(person, text) for person in self._people for text in self._typed]
        verbs = [(self.pressed[self._verb(option)], self.random.random(), option) for option in options]
        texts = [(3 * self.pressed[text], self.random.random(), (person, text)) for person, text in typed]
        least = min(verbs, default=None)
        word = min(texts, default=None)
        if word is not None and (least is None or word[:2] < least[:2]):
            return word[2][0], Said(word[2][1])
        assert least is not None, "nothing can be pressed"
        person, message, index = least[2]
        return person, self._press(person, message, index)

    def _buttons(self, person: str) -> list[tuple[str, int]]:
        """The buttons of the last few messages, old ones among them."""
        chat = self._chats[person]
        newest = list(chat.cards)[-6:]
        return [(message, index) for message in newest for index in range(len(chat.cards[message].verbs))]

    def _verb(self, option: tuple[str, str, int]) -> str:
        person, message, index = option
        return self._chats[person].cards[message].verbs[index]

    def _press(self, person: str, message: str, index: int) -> Pressed:
        shown = self._chats[person].cards[message]
        card, action = shown.card, shown.actions[index]
        self._fill_in(card)
        try:
            texts = {key: str(value) for key, value in card.data_of(action).items()}
        except NotOnCard:
            texts = {key: str(value) for key, value in cast("dict[str, object]", action.get("data") or {}).items()}
        inputs = {key.removeprefix(INPUT): text for key, text in texts.items() if key.startswith(INPUT)}
        carried = {key: text for key, text in texts.items() if not key.startswith(INPUT)}
        return Pressed(shown.verbs[index], carried, inputs, message)

    def _fill_in(self, card: CardOnScreen) -> None:
        everything = self.random.random() < 0.5  # else what a form opened with stays right
        for element in card.fields:
            key, choices = str(element["id"]), element.get("choices")
            if isinstance(choices, list) and choices:
                chosen = self.random.choice(choices)
                assert isinstance(chosen, dict)
                card._filled[key] = str(chosen["value"])
            elif everything and not card._filled.get(key):
                card._filled[key] = f"tekst {next(self._ids)}"

    def _event(self, person: str, what: What) -> Event:
        number = next(self._ids)
        address = Address(person, person.title(), person, "https://service", "tenant", "29:1", "28:bot", self.now)
        press = isinstance(what, Pressed)
        return Event(f"activity-{number}", Scope.PERSONAL, address, what, press, twin=str(number).encode())

    async def _takes(self, event: Event) -> None:
        chat = self._chats[event.address.person]
        try:
            body = await self._turns(event, chat)
        except Busy as busy:
            raise AssertionError("nobody else is there") from busy
        if isinstance(body, Message) and isinstance(event.what, Pressed) and event.what.card_id:
            await chat.update(event.what.card_id, body)

    async def _deliver_notices(self) -> None:
        for notice in self.memory.notices:
            if notice.id not in self._sent:
                self._sent.add(notice.id)
                try:
                    await self._sender.send(notice)
                except (Obsolete, KeyError):
                    continue


@pytest.mark.long
async def test_every_button_acts_once() -> None:
    pressed = Counter[str]()
    for seed in range(MOST_WALKS):
        if seed >= WALKS and set(pressed) >= CHANGING:
            break
        walk = Walk(seed, pressed)
        for step in range(STEPS):
            if step == STEPS // 2:
                await walk.days_pass()
            await walk.step()

    missed = CHANGING - set(pressed)
    assert not missed, f"never pressed: {sorted(missed)}"


@pytest.mark.long
async def test_every_button_of_a_case_acts_once() -> None:
    pressed = Counter[str]()
    for seed, beginning in zip(range(MOST_CASES), cycle(BEGINNINGS.values())):
        if seed >= len(BEGINNINGS) and set(pressed) >= IN_A_CASE:
            break
        walk = Walk(seed, pressed, people=(ANNA, BAS), typed=())
        await walk.comes_to(beginning)
        for _ in range(STEPS_IN_A_CASE):
            await walk.step()

    missed = IN_A_CASE - set(pressed)
    assert not missed, f"never pressed: {sorted(missed)}"
