"""Conversations as transcripts: `>` is what a person types or presses, `<` is what stands on the card that comes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from textwrap import dedent

from dialogs.conversation import Conversation, Person
from dialogs.domain.access import Actor
from dialogs.from_memory import answer_from_memory
from dialogs.knowledge import Knowledge
from dialogs.ports import UnitsOfWork
from dialogs.turn import (
    Answer,
    Button,
    ButtonRow,
    Card,
    ChoiceField,
    DateField,
    Element,
    Entry,
    Facts,
    Folded,
    Line,
    Pressed,
    Said,
    TextField,
)
from tests.cards.collection import keep


def words_of(card: Card) -> str:
    """All that can be read on a card, top to bottom."""
    return "\n".join(
        part
        for part in (card.title, *_words(card), *(button.name or button.title for button in buttons_of(card)))
        if part
    )


def buttons_of(card: Card) -> tuple[Button, ...]:
    """All buttons on a card, those beside an entry and between elements included."""
    beside = tuple(e.button for e in card.elements if isinstance(e, Entry) and e.button is not None)
    between = tuple(button for e in card.elements if isinstance(e, ButtonRow) for button in e.buttons)
    return (*beside, *between, *card.buttons)


def _words(card: Card) -> Iterable[str]:
    yield from _words_of(card.elements)


def _words_of(elements: Iterable[Element]) -> Iterable[str]:
    for element in elements:
        match element:
            case Folded(title=title, elements=folded):
                yield title
                yield from _words_of(folded)
            case Line(text=text):
                yield text
            case Facts(rows=rows):
                yield from (f"{label}: {value}" for label, value in rows)
            case Entry(label=label, value=value):
                yield f"{label}: {value}"
            case TextField(label=label) | DateField(label=label):
                yield label
            case ChoiceField(label=label, options=options):
                yield label
                yield from (option.title for option in options)
            case ButtonRow():
                pass


@dataclass
class Talk:
    """One person in the one-to-one chat: says, fills in, ticks, presses; sees the card that came last."""

    units: UnitsOfWork
    knowledge: Knowledge
    person: Person
    now: datetime
    card: Card = field(default_factory=lambda: Card(""))
    card_id: str = "message-1"
    filled: dict[str, str] = field(default_factory=dict[str, str])

    async def says(self, text: str) -> Card:
        """Type a text and send it."""
        return await self.does(Said(text))

    def fills(self, values: Mapping[str, str]) -> "Talk":
        """Fill in fields by their labels; a choice by the words of its option."""
        for label, words in values.items():
            element = next(
                e
                for e in self.card.elements
                if isinstance(e, TextField | DateField | ChoiceField) and e.label.startswith(label)
            )
            choices = element.options if isinstance(element, ChoiceField) else ()
            self.filled[element.key] = next((option.key for option in choices if option.title.startswith(words)), words)
        return self

    def ticks(self, *sentences: str) -> "Talk":
        """Tick boxes by the beginning of their sentence."""
        for sentence in sentences:
            element, option = next(
                (e, o)
                for e in self.card.elements
                if isinstance(e, ChoiceField) and e.many
                for o in e.options
                if o.title.startswith(sentence)
            )
            before = self.filled.get(element.key)
            self.filled[element.key] = f"{before},{option.key}" if before else option.key
        return self

    async def presses(self, title: str) -> Card:
        """Press a button by its title; what is filled in goes along unless the button leaves it."""
        button = next((b for b in buttons_of(self.card) if title in {b.title, b.name}), None)
        assert button is not None, f"no button {title!r} on:\n{words_of(self.card)}"
        return await self.does(self.press(button))

    def press(self, button: Button) -> Pressed:
        """The press of a button with what is filled in now and what the card opened with."""
        inputs: dict[str, str] = {}
        if not button.unchecked:
            for element in self.card.elements:
                if isinstance(element, TextField | DateField) and element.value:
                    inputs[element.key] = element.value
                if isinstance(element, ChoiceField) and element.value:
                    inputs[element.key] = ",".join(element.value)
            inputs |= self.filled
        return Pressed(button.action, button.data, inputs, self.card_id)

    async def does(self, turn: Said | Pressed) -> Card:
        """Take a turn; the card that comes of it."""
        answer = answer_from_memory(turn, self.knowledge, self.now) or await self.take(turn)
        self.filled = {}
        for reply in answer.replies:
            keep(reply.card)
        if answer.replies:
            self.card = answer.replies[-1].card
        return self.card

    async def take(self, turn: Said | Pressed) -> Answer:
        """One turn in one transaction."""
        async with self.units() as uow:
            answer = await Conversation(uow, self.person, self.knowledge, self.now).take(turn)
            await uow.commit()
        return answer

    def sees(self, *parts: str) -> None:
        """Every one of these stands on the card."""
        missing = [part for part in parts if part not in words_of(self.card)]
        assert not missing, f"{missing} not on:\n{words_of(self.card)}"


def employee(name: str = "Robin", person: str = "reporter-1") -> Person:
    """Somebody at a desk."""
    return Person(Actor(person), name)


_FILLS = re.compile(r"^(?P<label>[^=]+?)\s*=\s*(?P<value>.+)$")


async def play(talk: Talk, transcript: str) -> Talk:
    """Play a transcript.

    `> text` types, `> [Button]` presses, `> Label = text` fills in a field, `> [x] sentence` ticks a box, and
    `< text` must stand on the card.
    """
    for line in dedent(transcript).strip().splitlines():
        mark, _, rest = line.strip().partition(" ")
        if mark == "<":
            talk.sees(rest)
        elif rest.startswith("[x] "):
            talk.ticks(rest.removeprefix("[x] "))
        elif rest.startswith("["):
            await talk.presses(rest.strip("[]"))
        elif match := _FILLS.match(rest):
            talk.fills({match["label"]: match["value"]})
        else:
            await talk.says(rest)
    return talk
