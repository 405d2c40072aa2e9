"""A reporter and officers in their chats, for transcripts in which a signal goes to and fro."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dialogs.conversation import Person
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.signals import Signal
from dialogs.turn import Button, Pressed
from tests.fakes.unit_of_work import Memory
from tests.knowledge import MONDAY, OFFICER_ANNA, OFFICER_BAS, ROBIN, knowledge
from tests.transcript import Talk, buttons_of, play

STORY = "Vier mannen aan de balie. Een vrouw van het uitzendbureau had alle paspoorten in haar tas."


@dataclass
class Desk:
    """Stores in memory, Robin who reports, and Anna and Bas who handle signals."""

    memory: Memory = field(default_factory=Memory)
    now: datetime = MONDAY

    def __post_init__(self) -> None:
        self.robin, self.anna, self.bas = (self.talk(each) for each in (ROBIN, OFFICER_ANNA, OFFICER_BAS))

    def talk(self, person: Person) -> Talk:
        """Somebody's chat."""
        return Talk(self.memory.unit_of_work, knowledge(), person, self.now)

    def goes_on(self, **span: float) -> None:
        """Time passes for everybody."""
        self.now += timedelta(**span)
        for each in (self.robin, self.anna, self.bas):
            each.now = self.now

    async def reports(self, story: str = STORY) -> None:
        """Robin reports the shortest signal."""
        await play(self.robin, f"> melden\n> [Nee]\n> Wat heb je gezien = {story}\n> [Volgende]")
        await self.robin.presses("Nu versturen zoals het is")

    async def opens(self, officer: Talk, number: int = 1) -> None:
        """An officer opens a signal, wherever it is."""
        signal = self.signal(number)
        await officer.does(Pressed("signal.open", {"signal": signal.id, "version": str(signal.version)}))

    async def takes_up(self, number: int = 1) -> None:
        """Anna takes it up."""
        await self.opens(self.anna, number)
        await self.anna.presses("Oppakken")

    async def is_asked(self, question: str, number: int = 1) -> None:
        """Anna asks Robin something."""
        await self.opens(self.anna, number)
        await play(
            self.anna,
            f"""
            > [Vraag aan de melder]
            > Je vraag = {question}
            > [Bekijk wat de melder leest]
            > [Vraag versturen]
            < Je vraag is verstuurd
            """,
        )

    async def closes(self, text: str = "Er is iets gedaan") -> None:
        """Anna closes it."""
        await self.opens(self.anna)
        await play(
            self.anna,
            f"""
            > [Afsluiten]
            > Wat leest de melder = {text}
            > [Bekijk wat de melder leest]
            > [Afsluiten en terugkoppelen]
            < Het signaal is afgesloten
            """,
        )

    def signal(self, number: int = 1) -> Signal:
        """The signal with this number."""
        return next(each for each in self.memory.signals if each.reference == f"S-2026-{number:04}")

    async def history(self, number: int = 1) -> list[SignalEvent]:
        """What happened to it."""
        async with self.memory.unit_of_work() as uow:
            return list(await uow.signals.history(self.signal(number).id))

    async def happened(self, kind: EventKind, number: int = 1) -> list[SignalEvent]:
        """What happened of this kind."""
        return [event for event in await self.history(number) if event.kind is kind]

    def told(self, kind: NoticeKind) -> list[Notice]:
        """The notices of this kind."""
        return [notice for notice in self.memory.notices if notice.kind is kind]


def button(talk: Talk, title: str) -> Button:
    """A button on the card that somebody sees."""
    return next(each for each in buttons_of(talk.card) if title in {each.title, each.name})


def with_inputs(talk: Talk, title: str, **inputs: str) -> Pressed:
    """A press with these inputs, whatever the fields allow."""
    return replace(talk.press(button(talk, title)), inputs=inputs)
