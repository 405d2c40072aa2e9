"""The whole story in the terminal: played over HTTP against the running bot, as people in the try-out would do it."""

from collections.abc import Iterator
from itertools import groupby

import aiohttp
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from bot.local.card_on_screen import CardOnScreen, NotOnCard
from bot.local.people import DEFAULT_PEOPLE, LocalPerson, Role
from bot.local.story import STORY, Fills, Presses, Says, Sees, Step, Ticks
from bot.local.window_client import MessageOnScreen, NotSeen, WindowClient, open_window

_WIDTH = 100
#: A line or two that was there before is repeated, to hold on to.
_LINES_REPEATED = 2
#: How far somebody's part of the transcript stands from the left.
_INDENT = {Role.REPORTER: 0, Role.OFFICER: 12, Role.ADMINISTRATOR: 12}


async def demo(base_url: str, console: Console | None = None, patience: float = 20) -> int:
    """Play the story at this address; 0 when its last card, the closing feedback opened by the reporter, is on screen.

    Shows the reason in Dutch and returns 1 when somebody does not get to see what the story says within `patience`
    seconds.
    """
    console = console or Console(width=_WIDTH, highlight=False)
    console.print(Rule("Meldroute: van een vaag signaal tot terugkoppeling"))
    try:
        async with open_window(base_url) as window:
            player = _Player(window, console, patience)
            for step in STORY:
                await player.play(step)
    except (NotSeen, NotOnCard) as missing:
        console.print(f"\nHet verhaal stokt: {missing}", style="bold red", markup=False)
        return 1
    except aiohttp.ClientError:
        console.print(f"\nMeldroute is niet te bereiken op {base_url}. Start het met: make run", style="bold red")
        return 1
    console.print(Rule("Klaar: de melder heeft de terugkoppeling gelezen"))
    return 0


class _Player:
    """Does the steps and prints what everybody sees."""

    def __init__(self, window: WindowClient, console: Console, patience: float) -> None:
        self._window = window
        self._patience = patience
        self._console = console
        self._person = DEFAULT_PEOPLE[0]
        self._shown: MessageOnScreen | None = None
        self._printed: dict[str, set[str]] = {}

    async def play(self, step: Step) -> None:
        """One step of the story. Raises NotSeen, NotOnCard, aiohttp.ClientError."""
        match step:
            case Says(person=key, text=text):
                self._person = _person(key)
                self._told(f"typt: {text}")
                await self._window.says(key, text)
            case Sees(person=key, words=words, scene=scene):
                self._person = _person(key)
                self._shown = await self._window.sees(key, words, seconds=self._patience)
                if scene:
                    self._print_card()
            case Fills(label=label, text=text):
                self._card.fill(label, text)
            case Ticks(label=label, titles=titles):
                self._card.tick(label, *titles)
            case Presses(title=title):
                self._told(f"kiest: {title}")
                result = await self._window.presses(self._person.key, self._message, title)
                if result.error:
                    raise NotSeen(f"{title}: {result.error}")

    @property
    def _message(self) -> MessageOnScreen:
        if self._shown is None:
            raise NotOnCard("nothing is on screen yet")
        return self._shown

    @property
    def _card(self) -> CardOnScreen:
        return self._message.cards[0]

    def _told(self, words: str) -> None:
        line = Text.assemble((f"{self._person.name} ", "bold cyan"), words)
        self._print(line)

    def _print_card(self) -> None:
        """The whole card the first time; of a card that changed in its place only what is new."""
        message = self._message
        content = message.message.content
        lines = [content.text, *(line for card in message.cards for line in card.lines())]
        readable = [line for line in lines if line]
        before = self._printed.setdefault(message.message.id, set())
        text = Text("\n".join(_without_known_parts(readable, before)))
        before.update(readable)
        self._print(Panel(text, title=f"Meldroute aan {self._person.name}", title_align="left", expand=False))

    def _print(self, what: Text | Panel) -> None:
        self._console.print(Padding(what, (0, 0, 0, _INDENT[self._person.role])))


def _without_known_parts(lines: list[str], known: set[str]) -> Iterator[str]:
    """The lines, with "…" for each part of several lines that was printed before."""
    for is_known, part in groupby(lines, known.__contains__):
        same = list(part)
        yield from ["…"] if is_known and len(same) > _LINES_REPEATED else same


def _person(key: str) -> LocalPerson:
    return next(person for person in DEFAULT_PEOPLE if person.key == key)
