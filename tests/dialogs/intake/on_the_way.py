"""How far a report is: the way to its later pages, and what is stored and on screen then."""

from dialogs.domain.signals import Answer, Signal
from dialogs.turn import Card, TextField
from tests.fakes.unit_of_work import Memory

STORY = "Een vrouw van het uitzendbureau had alle paspoorten in haar tas."
TO_THE_TICKS = f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Volgende]"
TO_THE_QUESTIONS = f"{TO_THE_TICKS}\n> [x] Iemand anders (baas\n> [Volgende]\n> [Nee]"


def answers(memory: Memory) -> dict[str, Answer]:
    (draft,) = memory.drafts
    return dict(draft.answers)


def sent(memory: Memory) -> Signal:
    (signal,) = memory.signals
    return signal


def value(card: Card, key: str) -> str:
    return next(e.value for e in card.elements if isinstance(e, TextField) and e.key == key)
