"""What a person does in the window, sent to the bot over HTTP as Teams would send it."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import aiohttp
from pydantic import BaseModel, Field, JsonValue, ValidationError

from bot.local.activities import Activity, Sender
from bot.local.chats import CardJson, Chats, Content
from bot.local.clock import LocalClock
from bot.local.events import Delivery
from bot.local.feed import Feed
from bot.local.people import LocalPerson

log = logging.getLogger(__name__)

#: Teams gives a bot ten to fifteen seconds for a message (Microsoft Learn, "Long-running operations").
_TIME_OUT = aiohttp.ClientTimeout(total=15)

What = Literal["message", "press", "search", "installation"]


class InvokeAnswer(BaseModel):
    """What a bot answers to an Action.Execute (Microsoft Learn, "Universal Actions", response format)."""

    #: Empty: the body was no such answer.
    type: str = ""
    value: JsonValue = None


class PressResult(BaseModel):
    """What the person sees of a press: at most one of these."""

    card: CardJson | None = None
    note: str = ""
    error: str = ""
    #: Of the pressed message when the answer came: what has a lower or the same one is older than the answer.
    revision: int = 0


class _Preview(BaseModel):
    class _Content(BaseModel):
        title: str = ""
        text: str = ""

    content: _Content


class _Attachment(BaseModel):
    content: CardJson
    preview: _Preview


class _ComposeExtension(BaseModel):
    text: str = ""
    attachments: list[_Attachment] = Field(default_factory=list[_Attachment])


class SearchAnswer(BaseModel):
    """What a bot answers to a search (Microsoft Learn, "Respond to search command", response)."""

    composeExtension: _ComposeExtension  # noqa: N815 - the protocol's name


class Found(BaseModel):
    """One result: its line in the list, and the card that goes into the message."""

    title: str
    text: str
    card: CardJson


class SearchResult(BaseModel):
    """What the person sees of a search."""

    found: list[Found] = Field(default_factory=list[Found])
    error: str = ""


SAID_NO = "Dat is niet gelukt. Probeer het zo nog een keer."
NO_ANSWER = "Meldroute geeft geen antwoord. Kijk of het programma nog draait en probeer het nog een keer."


@dataclass(frozen=True, slots=True)
class ToBot:
    """The way to the bot."""

    session: Callable[[], aiohttp.ClientSession]
    bot_url: str
    service_url: str
    chats: Chats
    feed: Feed
    clock: LocalClock

    async def install(self, person: LocalPerson) -> None:
        """Add the app for this person, once. If the bot is not there, the next opening tries again."""
        if self.chats.has_app(person):
            return
        self.chats.add_app(person)
        for activity in self._sender(person).installed():
            status, _ = await self._send(person, activity, "installation")
            if status not in range(200, 300):
                self.chats.remove_app(person)
                return

    async def say(self, person: LocalPerson, text: str) -> None:
        """Put the message in the chat and send it."""
        message = self.chats.post(person, Content(text=text), by_bot=False)
        status, _ = await self._send(person, self._sender(person).said(text, message.id), "message")
        if status not in range(200, 300):
            self.chats.failed(person, message.id)

    async def submit(self, person: LocalPerson, card_id: str, value: Mapping[str, JsonValue]) -> PressResult:
        """An Action.Submit: the answer comes, if at all, as a message."""
        status, _ = await self._send(person, self._sender(person).submitted(value, card_id), "press")
        return PressResult() if status in range(200, 300) else _failure(status)

    async def execute(self, person: LocalPerson, card_id: str, action: Mapping[str, JsonValue]) -> PressResult:
        """An Action.Execute: the answer is a card, a short note or an error."""
        status, body = await self._send(person, self._sender(person).executed(action, card_id), "press")
        if status not in range(200, 300):
            return _failure(status)
        try:
            answer = InvokeAnswer.model_validate_json(body or b"{}")
        except ValidationError:
            return _failure(status)
        match answer:
            case InvokeAnswer(type="application/vnd.microsoft.card.adaptive", value=dict() as card):
                return PressResult(card=card, revision=self.chats.revision(person, card_id))
            case InvokeAnswer(type="application/vnd.microsoft.activity.message", value=str() as note):
                return PressResult(note=note)
            case InvokeAnswer(type="application/vnd.microsoft.error", value=dict() as fault):
                return PressResult(error=str(fault.get("message") or SAID_NO))
            case _:
                return PressResult()

    async def search(self, person: LocalPerson, query: str | None) -> SearchResult:
        """A search in the message extension; None: it was only opened."""
        status, body = await self._send(person, self._sender(person).searched(query), "search")
        if status not in range(200, 300):
            return SearchResult(error=_said(status))
        try:
            answer = SearchAnswer.model_validate_json(body).composeExtension
        except ValidationError:
            return SearchResult(error=SAID_NO)
        lines = [(each.preview.content, each.content) for each in answer.attachments]
        found = [Found(title=line.title, text=line.text, card=card) for line, card in lines]
        return SearchResult(found=found, error=answer.text)

    def _sender(self, person: LocalPerson) -> Sender:
        return Sender(person, self.service_url, self.clock())

    async def _send(self, person: LocalPerson, activity: Activity, what: What) -> tuple[int, bytes]:
        """The bot's status and body; status 0 if there was no answer."""
        try:
            async with self.session().post(self.bot_url, json=activity, timeout=_TIME_OUT) as response:
                status, body = response.status, await response.read()
        except (TimeoutError, aiohttp.ClientError) as error:
            log.warning("the bot gave no answer: %s", type(error).__name__)
            status, body = 0, b""
        now = self.clock()
        self.feed.publish(Delivery(at=now, person=person.key, to_bot=True, what=what, status=status))
        return status, body


def _failure(status: int) -> PressResult:
    return PressResult(error=_said(status))


def _said(status: int) -> str:
    return SAID_NO if status else NO_ANSWER
