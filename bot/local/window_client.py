"""Everybody's screen in the try-out as a program sees it, over the same HTTP addresses as the page."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

import aiohttp
from pydantic import BaseModel, Field, TypeAdapter

from bot.local.card_on_screen import CardOnScreen
from bot.local.chats import ChatMessage, MessageGone, MessageShown
from bot.local.events import ClockMoved, Delivery, FaultsChanged, Typing
from bot.local.outbound import PressResult
from bot.local.window import Opened, PressAsked, SayAsked, WindowState

_Event = Annotated[
    WindowState | MessageShown | MessageGone | Delivery | Typing | FaultsChanged | ClockMoved,
    Field(discriminator="kind"),
]
_EVENT: TypeAdapter[_Event] = TypeAdapter(_Event)
_DATA = b"data: "
#: A whole state comes as one line.
_LONGEST_LINE = 2**24


class NotSeen(Exception):
    """What was waited for did not come; the message says what was on screen instead."""


@dataclass
class MessageOnScreen:
    """A message of the bot, with its cards as they are now."""

    message: ChatMessage
    cards: list[CardOnScreen]

    def reads(self, words: str) -> bool:
        """Whether these words can be read in it."""
        return words in self.message.content.text or any(card.reads(words) for card in self.cards)


class WindowClient:
    """Says, sees and presses for everybody in the try-out."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self._session = session
        self._url = base_url.rstrip("/") + "/try-out"
        self._screens: dict[str, dict[str, MessageOnScreen]] = {}
        self._changed = asyncio.Condition()

    async def open(self) -> None:
        """Open the window: the first time, everybody gets the app."""
        await self._post("open", Opened())

    async def says(self, person: str, text: str) -> None:
        """Type a message. Raises aiohttp.ClientError when the program cannot be reached."""
        await self._post("say", SayAsked(person=person, text=text))

    async def sees(self, person: str, words: str, *, seconds: float = 20) -> MessageOnScreen:
        """The newest message of the bot with these words, waited for. Raises NotSeen."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                while (found := self._find(person, words)) is None:
                    await self._changed.wait()
                return found
        except TimeoutError:
            latest = list(self._screens.get(person, {}).values())[-1:]
            there = "; ".join(line for shown in latest for card in shown.cards for line in card.lines())
            raise NotSeen(f"{person} does not see {words!r}. The latest message: {there or 'none'}") from None

    def shows(self, person: str, words: str) -> bool:
        """Whether a message of the bot has these words now."""
        return self._find(person, words) is not None

    async def presses(self, person: str, shown: MessageOnScreen, title: str) -> PressResult:
        """Press a button of that message; a card that is the answer takes its place. Raises NotOnCard."""
        card = next(iter(shown.cards), CardOnScreen({}))
        press = card.press(title)
        asked = PressAsked(
            person=person, card_id=shown.message.id, execute=press.execute, verb=press.verb, data=press.data
        )
        result = PressResult.model_validate_json(await self._post("press", asked))
        if result.card is not None:
            content = shown.message.content.model_copy(update={"cards": (result.card,)})
            answer = shown.message.model_copy(update={"content": content, "revision": result.revision})
            await self._show(person, answer, is_answer=True)
        return result

    async def follow(self) -> None:
        """Keep the screens up to date until the program at the other end stops."""
        async with self._session.get(f"{self._url}/events", read_bufsize=_LONGEST_LINE, timeout=_NO_END) as response:
            async for line in response.content:
                if line.startswith(_DATA):
                    await self._take(_EVENT.validate_json(line.removeprefix(_DATA)))

    async def _take(self, event: _Event) -> None:
        match event:
            case WindowState(messages=messages):
                for person, chat in messages.items():
                    for message in chat:
                        await self._show(person, message)
            case MessageShown(person=person, message=message):
                await self._show(person, message)
            case MessageGone(person=person, id=message_id):
                self._screens.get(person, {}).pop(message_id, None)
            case _:
                pass

    async def _show(self, person: str, message: ChatMessage, *, is_answer: bool = False) -> None:
        screen = self._screens.setdefault(person, {})
        before = screen.get(message.id)
        if message.by_bot and (before is None or is_answer or message.revision > before.message.revision):
            drawn = before.cards if before and before.message.content.cards == message.content.cards else None
            cards = drawn if drawn is not None else [CardOnScreen(card) for card in message.content.cards]
            screen[message.id] = MessageOnScreen(message, cards)
        async with self._changed:
            self._changed.notify_all()

    def _find(self, person: str, words: str) -> MessageOnScreen | None:
        shown = reversed(self._screens.get(person, {}).values())
        return next((message for message in shown if message.reads(words)), None)

    async def _post(self, what: str, asked: BaseModel) -> bytes:
        async with self._session.post(f"{self._url}/{what}", json=asked.model_dump()) as response:
            response.raise_for_status()
            return await response.read()


_NO_END = aiohttp.ClientTimeout(total=None)


@asynccontextmanager
async def open_window(base_url: str) -> AsyncGenerator[WindowClient]:
    """The try-out that runs at this address, opened. Raises aiohttp.ClientError."""
    async with aiohttp.ClientSession() as session:
        client = WindowClient(session, base_url)
        following = asyncio.create_task(client.follow())
        try:
            await client.open()
            yield client
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
