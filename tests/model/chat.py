"""One person's chat with the bot as a test sees it: activities with ids, cards that stay on screen, a database."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.conversation import Conversation
from dialogs.domain.signals import Draft, Signal
from dialogs.from_memory import answer_from_memory
from dialogs.knowledge import Knowledge
from dialogs.turn import Answer, Button, Card, ChoiceField, Pressed, Said, TextField
from tests.fakes.unit_of_work import Memory
from tests.knowledge import MONDAY, ROBIN
from tests.transcript import buttons_of

#: So many of the last cards can still be pressed.
_CARDS_IN_REACH = 6


@dataclass(frozen=True, slots=True)
class Activity:
    """What Teams sends; a redelivery has the same id."""

    id: str
    turn: Said | Pressed


@dataclass
class Chat:
    """The chat of one reporter. Everything but `memory` may be gone at any moment."""

    knowledge: Knowledge
    memory: Memory = field(default_factory=Memory)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    #: The newest last; only cards that have a button.
    cards: list[Card] = field(default_factory=list[Card])
    sent: list[Activity] = field(default_factory=list[Activity])

    @property
    def draft(self) -> Draft | None:
        """The open draft as it is stored."""
        return next(iter(self.memory.drafts), None)

    def signal(self, draft_id: str) -> Signal | None:
        """The signal that a draft became."""
        return next((signal for signal in self.memory.signals if signal.id == draft_id), None)

    def sends(self, turn: Said | Pressed) -> Answer:
        """A new activity."""
        self.sent.append(Activity(f"activity-{len(self.sent)}", turn))
        return self.delivers(self.sent[-1])

    def delivers(self, activity: Activity, *, dies: bool = False) -> Answer:
        """Hand an activity to the bot; with `dies` it is killed just before it commits."""
        answer = self.loop.run_until_complete(self._turn(activity, commit=not dies))
        if not dies:
            self.cards += [reply.card for reply in answer.replies if buttons_of(reply.card)]
            del self.cards[:-_CARDS_IN_REACH]
        return answer

    async def _turn(self, activity: Activity, *, commit: bool) -> Answer:
        if (known := answer_from_memory(activity.turn, self.knowledge, MONDAY)) is not None:
            return known
        async with self.memory.unit_of_work() as uow:
            first = await uow.journal.first_time(activity.id, MONDAY)
            conversation = Conversation(uow, ROBIN, self.knowledge, MONDAY)
            answer = await (conversation.take(activity.turn) if first else conversation.now_on_screen(activity.turn))
            if commit:
                await uow.commit()
        return answer


def opened_with(card: Card) -> dict[str, str]:
    """What the fields of a card hold before anybody touches them."""
    inputs: dict[str, str] = {}
    for element in card.elements:
        match element:
            case TextField(key=key, value=value):
                inputs[key] = value
            case ChoiceField(key=key, value=value):
                inputs[key] = ",".join(value)
            case _:
                pass
    return inputs


def press(button: Button, inputs: Mapping[str, str]) -> Pressed:
    """The press as Teams sends it: without the inputs where the button leaves them."""
    return Pressed(button.action, button.data, {} if button.unchecked else dict(inputs), "message-1")
