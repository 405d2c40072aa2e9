"""The route of the bot on loopback, with a handler that records what reaches it and does as told."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.teams.adapter import MeldrouteAdapter
from bot.teams.connector import ConnectorClient
from bot.teams.events import Channel, Event, Message
from bot.teams.identity import NoTokens
from bot.teams.inbound import ANSWER_WITHIN, PATH, message_route
from bot.teams.teams_bot import Sentences
from bot.teams.token_check import Check, NoTokenCheck
from tests.fake_connector import FakeConnector
from tests.teams_client import Person

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SENTENCES = Sentences(
    failed="Er ging iets mis ({error_id}). Probeer het nog een keer.", done="Gedaan.", late="Nog mee bezig."
)


def activity(**fields: Any) -> dict[str, Any]:
    """A message of Anna, with these fields over the usual ones; an answer would go to this machine."""
    anna = Person("Anna", FakeConnector(), "", None)  # pyright: ignore[reportArgumentType] - only makes activities
    return anna.activity(**{"text": "hallo", "serviceUrl": "http://127.0.0.1:3979/_connector", **fields})


@dataclass(slots=True)
class Recorder:
    """A handler of events: remembers them, says what it is told to say, answers a press, or fails."""

    says: Message | None = None
    answer: Message | None = None
    error: Exception | None = None
    events: list[Event] = field(default_factory=list[Event])
    sent: list[str] = field(default_factory=list[str])

    async def __call__(self, event: Event, channel: Channel) -> Message | None:
        self.events.append(event)
        if self.says is not None:
            self.sent.append(await channel.send(self.says))
        if self.error is not None:
            raise self.error
        return self.answer

    @property
    def event(self) -> Event:
        """The only event."""
        [event] = self.events
        return event


@asynccontextmanager
async def edge(
    handler: object, check: Check | None = None, *, answer_within: float = ANSWER_WITHIN
) -> AsyncGenerator[str]:
    """The url of a bot with this handler; without a check it is the one of local mode."""
    async with ClientSession() as session:
        app = web.Application()
        message_route(
            app,
            check=check or NoTokenCheck("127.0.0.1"),
            adapter=MeldrouteAdapter(ConnectorClient(session, NoTokens())),
            handler=handler,  # pyright: ignore[reportArgumentType] - any callable of a test
            sentences=SENTENCES,
            clock=lambda: NOW,
            answer_within=answer_within,
        )
        async with TestServer(app) as server:
            yield str(server.make_url(PATH))
