"""Every button of every card acts once, however often it is pressed: by hand, or because Teams delivers it again.

Walks through the whole bot: reporters, officers, an administrator and all cards they get. The next press is always of a
kind that was pressed least. After each press the same is done again in three ways, and nothing may have changed.
"""

# pyright: reportPrivateUsage=false
# - presses the buttons of a card one by one, as titles may stand on it twice

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
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
#: What changes something. The walks must have pressed all of it, or they prove nothing. Linking needs two signals of
#: one owner, which no walk comes to: tests/dialogs/officer/test_workbench.py presses it twice.
CHANGING = {
    "doubt.tell", "entry.confirm", "entry.confirm_in_list", "entry.restore", "entry.save",
    "intake.answer", "intake.back", "intake.edit", "intake.keep", "intake.resume", "intake.send", "intake.skip",
    "intake.stop", "intake.wipe", "menu.practice", "menu.report", "menu.resume", "menu.stop", "mine.add", "mine.read",
    "mine.withdraw", "others.start", "signal.answer", "signal.close", "signal.consult", "signal.go_on",
    "signal.hand_over", "signal.judge", "signal.look_up", "signal.note", "signal.read_out",
    "signal.take_up", "signal.tick", "signal.withdraw",
}  # fmt: skip
#: So deep in a case that not every walk comes there.
DEEP = {"signal.answer", "signal.close", "signal.link", "signal.take_away", "signal.unlink"}
#: To look is written down each time: it changes nothing else.
VIEWS = {"signal_opened"}
WALKS, MOST_WALKS, STEPS = 2, 8, 450


class Shown:
    """A card in a chat, with its buttons that the bot hears of."""

    def __init__(self, card: Any) -> None:
        self.card = CardOnScreen(card)
        self.actions = [action for action in self.card._actions() if action.get("type") == "Action.Execute"]
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

    def __init__(self, seed: int, pressed: Counter[str]) -> None:
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
        options = [(person, message, index) for person in PEOPLE for message, index in self._buttons(person)]
        forward = [option for option in options if self._verb(option) == "intake.answer"]
        if forward and self.random.random() < 0.3:  # what is done least comes far down a form
            person, message, index = self.random.choice(forward[-8:])
            return person, self._press(person, message, index)
        typed = [(person, text) for person in PEOPLE for text in TYPED]
        verbs = [(self.pressed[self._verb(option)], self.random.random(), option) for option in options]
        texts = [(3 * self.pressed[text], self.random.random(), (person, text)) for person, text in typed]
        least = min(verbs, default=None)
        word = min(texts)
        if least is None or word[:2] < least[:2]:
            return word[2][0], Said(word[2][1])
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
        for element in card._fields():
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

    missed = CHANGING - set(pressed) - DEEP
    assert not missed, f"never pressed: {sorted(missed)}"
