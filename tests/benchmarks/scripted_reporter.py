"""A reporter who answers from the labels of a text: `python -m tests.benchmarks.scripted_reporter [part]`.

She sees what the real recogniser read, ticks of it what is right, opens no further list, and answers every question by
the labels; what they do not say she does not know. An action is a button pressed or a text sent; ticking and filling in
are none. The outcome is held against the one with all criteria asked. Parts: see `tests.benchmarks.recognition`.
"""

import argparse
import asyncio
from dataclasses import dataclass, replace
from statistics import median

from rich.console import Console
from rich.table import Table

from bot.commands.knowledge import load_recogniser
from dialogs import menu
from dialogs.domain.assessment import NON_SPECIFIC, Outcome, assess
from dialogs.domain.signals import Signal
from dialogs.intake import follow_up
from dialogs.intake.questions import FOLLOW_UP, NO, UNKNOWN, YES
from dialogs.knowledge import Knowledge
from dialogs.turn import Card, ChoiceField, TextField
from tests.benchmarks.recognition import Labelled, corpus
from tests.fakes.unit_of_work import Memory
from tests.knowledge import MONDAY, ROBIN, knowledge
from tests.transcript import Talk

_MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Played:
    """One report, from opening the chat to the receipt."""

    text: Labelled
    actions: int
    #: Fields and messages in which she wrote the story; what is short (where it was) is not counted.
    typed: int
    #: What was asked about single criteria.
    asked: int
    #: On what was ticked alone, before any question.
    after_ticks: Outcome
    outcome: Outcome
    with_all_asked: Outcome


def real_knowledge() -> Knowledge:
    """What the bot knows as shipped, with a made-up staff."""
    return replace(knowledge(), suggester=load_recogniser())


async def play(text: Labelled, known: Knowledge) -> Played:
    """Let the reporter tell this text."""
    memory = Memory()
    talk = Talk(memory.unit_of_work, known, ROBIN, MONDAY)
    talk.card = menu.welcome_card(ROBIN.actor, known)
    actions = typed = 0
    for _ in range(_MOST_STEPS):
        if memory.signals:
            break
        typed += _fills_in(talk, text)
        await talk.presses(_button(talk.card, text))
        actions += 1
    (signal,) = memory.signals
    return _held_against(signal, text, known, actions, typed)


def _held_against(signal: Signal, text: Labelled, known: Knowledge, actions: int, typed: int) -> Played:
    acute, minor = text.danger, text.minor
    ticked = tuple(signal.answers.get("signs", ()))
    labelled = [key for key in text.indicators if key in known.criteria]
    return Played(
        text=text,
        actions=actions,
        typed=typed,
        asked=sum(key.startswith(FOLLOW_UP) for key in signal.answers),
        after_ticks=assess(known.criteria, ticked, minor=minor, acute=acute, ticks_skipped=not ticked).outcome,
        outcome=signal.assessment.outcome,
        with_all_asked=assess(
            known.criteria, labelled, minor=minor, acute=acute, ticks_skipped=not labelled or _has_to_act(text)
        ).outcome,
    )


def _has_to_act(text: Labelled) -> bool:
    """The person has to work, pay or act for another: some sign says more than that something is wrong at home."""
    return not text.indicators <= NON_SPECIFIC


def _fills_in(talk: Talk, text: Labelled) -> int:
    """Tick and fill in what the card asks; the number of stories written."""
    typed = 0
    for element in talk.card.elements:
        match element:
            case TextField(key="story"):
                talk.filled["story"] = text.text
                typed += 1
            case TextField(key="where"):
                talk.filled["where"] = "bij de balie"
            case ChoiceField(key=follow_up.WRONG):
                wrong = [option.key for option in element.options if _knows(option.key, text) == NO]
                talk.filled[element.key] = ",".join(wrong)
            case ChoiceField(many=True, folded=False):
                right = [option.key for option in element.options if _knows(option.key, text) == YES]
                talk.filled[element.key] = ",".join(right)
            case _:
                pass
    return typed


def _knows(key: str, text: Labelled) -> str:
    criterion = key.removeprefix(FOLLOW_UP)
    if criterion in text.indicators:
        return YES
    return NO if criterion in text.negated else UNKNOWN


def _button(card: Card, text: Labelled) -> str:
    """What she presses: an answer from the labels, or the way on."""
    says = {True: YES, False: NO, None: UNKNOWN}
    answers = {
        "danger": says[text.danger],
        "danger_check": says[text.danger],
        "minor": says[text.minor],
        "purpose": YES if _has_to_act(text) else UNKNOWN,
    }
    for button in card.buttons:
        key = button.data.get("question", "")
        answer = _knows(key, text) if key.startswith(FOLLOW_UP) else answers.get(key)
        if answer is not None and button.data.get("value") == answer:
            return button.title
    titles = [button.title for button in card.buttons]
    return next(title for title in ("Melden", "Versturen naar de AF", "Volgende") if title in titles)


async def play_all(part: str) -> list[Played]:
    """Every text of a part of the corpus."""
    known = real_knowledge()
    return [await play(text, known) for text in corpus(part)]


def _print(played: list[Played]) -> None:
    table = Table("tekst", "acties", "getypt", "nagevraagd", "na aanvinken", "uitkomst", "alles gevraagd", "gelijk")
    for each in played:
        same = "ja" if each.outcome is each.with_all_asked else "NEE"
        cells = (each.actions, each.typed, each.asked, each.after_ticks, each.outcome, each.with_all_asked)
        table.add_row(each.text.id, *(str(cell) for cell in cells), same)
    console = Console()
    console.print(table)
    before = sum(each.after_ticks is each.with_all_asked for each in played)
    same = sum(each.outcome is each.with_all_asked for each in played)
    console.print(
        f"acties: mediaan {median(each.actions for each in played)}, hoogste {max(each.actions for each in played)}; "
        f"uitkomst gelijk: {before} van {len(played)} na aanvinken, {same} van {len(played)} na de vragen"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", default="vignettes")
    _print(asyncio.run(play_all(parser.parse_args().part)))
