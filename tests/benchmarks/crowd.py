"""The people of the benchmark: what each does in a turn, and whether the bot answered it as it should."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import uuid4

import orjson
from aiohttp import ClientSession

from bot.local.card_on_screen import CardOnScreen
from tests.benchmarks.bot_process import BotProcess, WrongAnswer
from tests.benchmarks.wire import post
from tests.fake_connector import FakeConnector
from tests.teams_client import Json, Person

#: A report of usual length; what is read in it stands in the draft that every turn opens and seals.
STORY = (
    "Aan de balie kwam een man met een vrouw voor een inschrijving. Hij deed het woord, zij keek naar de grond. "
    "Hij had haar paspoort in zijn binnenzak en gaf het niet af toen ik erom vroeg. Op de vraag waar ze woont, "
    "keek ze eerst naar hem. Ze zei dat ze haar loon niet zelf krijgt."
)
#: The page that is answered in the measured turn: a choice of three, as on most pages.
ASKED = "Is de persoon jonger dan 18 jaar?"
#: What every page of an intake has.
_A_PAGE = '"verb":"intake.answer"'


class Crowd(Protocol):
    """People who each do one thing in a measured turn, and then whatever makes them ready for the next."""

    #: Calls to the connector that one measured turn makes.
    calls: int

    async def arrive(self) -> None:
        """Do all that comes before the first measured turn."""
        ...

    def turns(self) -> list[bytes]:
        """The requests of one measured turn of each."""
        ...

    def check(self, answers: Sequence[bytes]) -> None:
        """Look at what everybody got. Raises WrongAnswer."""
        ...

    async def back(self) -> None:
        """Make everybody ready for another measured turn."""
        ...


class Reporter:
    """One person in a conversation of their own with one bot."""

    def __init__(self, name: str, bot: BotProcess, people: FakeConnector, session: ClientSession) -> None:
        """`people` only keeps who is who; nobody calls it."""
        person = Person(name, people, "", session)
        self.name = name
        self._person = person
        self._bot = bot.name
        self._chats = bot.connector.newest[bot.name]
        self._service_url = bot.connector.service_url(bot.name)
        self._conversation = person.account.conversation_id
        self._card: CardOnScreen | None = None
        self._card_id = ""

    def says(self, text: str) -> bytes:
        """The request of a typed text."""
        return self._request(text=text, textFormat="plain")

    def presses(self, title: str, fills: Mapping[str, str] | None = None) -> bytes:
        """The request of a press of an Action.Execute on the card in view, with fields filled in by label."""
        card = self._seen()
        for label, text in (fills or {}).items():
            card.fill(label, text)
        press = card.press(title)
        pressed = {"type": "Action.Execute", "verb": press.verb, "data": press.data}
        return self._request(
            type="invoke",
            name="adaptiveCard/action",
            id=f"f:{uuid4()}",
            replyToId=self._card_id,
            value={"action": pressed, "trigger": "manual"},
        )

    def looks_at_answer(self, body: bytes, expected: str) -> None:
        """The card in the answer to a press takes the place of the one that was pressed. Raises WrongAnswer."""
        answer: Json = orjson.loads(body or b"{}")
        if answer.get("statusCode") != 200 or "card.adaptive" not in answer.get("type", ""):
            raise WrongAnswer(f"{self._bot}: a press was answered with {body[:300]!r}")
        self._look(answer["value"], expected)

    def looks_at_chat(self, expected: str) -> None:
        """The newest message is what is in view. Raises WrongAnswer."""
        self._card_id, body = self._chats.get(self._conversation, ("", b"{}"))
        message: Json = orjson.loads(body)
        self._look(message.get("attachments", [{}])[0].get("content", {}), expected)

    def newest_text(self) -> str:
        """The text of the newest message."""
        _, body = self._chats.get(self._conversation, ("", b"{}"))
        return str(orjson.loads(body).get("text", ""))

    @property
    def version(self) -> int:
        """The version of the draft that the card in view carries: each stored turn makes it one more."""
        card: Any = self._seen().card
        return int(card["actions"][0]["data"]["version"])

    def _request(self, **fields: Any) -> bytes:
        return post(orjson.dumps(self._person.activity(serviceUrl=self._service_url, **fields)))

    def _seen(self) -> CardOnScreen:
        if self._card is None:
            raise WrongAnswer(f"{self._bot}: {self.name} sees no card")
        return self._card

    def _look(self, card: Any, expected: str) -> None:
        if expected not in orjson.dumps(card).decode():
            raise WrongAnswer(f"{self._bot}: {self.name} does not see {expected!r}, but {orjson.dumps(card)[:600]!r}")
        self._card = CardOnScreen(card)


class Echoed:
    """People who type a text that comes back."""

    calls = 1

    def __init__(self, people: Sequence[Reporter], *, times: int = 1, numbered: bool = False) -> None:
        """`times`: how often each types, so that the fastest bot is warm. `numbered`: the bot also says the turn."""
        self._people = people
        self._times = times
        self._numbered = numbered
        self._turn = 0

    async def arrive(self) -> None:
        """Nothing comes before."""

    def turns(self) -> list[bytes]:
        """Everybody says no."""
        self._turn += 1
        return [person.says("nee") for _ in range(self._times) for person in self._people]

    def check(self, answers: Sequence[bytes]) -> None:
        """Everybody hears it."""
        expected = f"Je zei: nee (beurt {self._turn})" if self._numbered else "Je zei: nee"
        for person in self._people:
            if (heard := person.newest_text()) != expected:
                raise WrongAnswer(f"{person.name} heard {heard!r}, not {expected!r}")

    async def back(self) -> None:
        """Nothing to go back to."""


class Reporting:
    """People half-way a report, who answer one question and then go back to it."""

    def __init__(self, people: Sequence[Reporter], bot: BotProcess, *, typed: bool) -> None:
        """`typed`: they type the answer instead of pressing it."""
        self._people = people
        self._bot = bot
        self._typed = typed
        #: Typed: the new card, and the old one that shrinks. Pressed: the card for the person's other devices.
        self.calls = 2 if typed else 1
        self._versions: list[int] = []

    async def arrive(self) -> None:
        """Report up to the page that is measured, by pressing; then answer it once, so that all is as later."""
        calls = self._bot.calls
        story = {"Wat heb je gezien of gehoord?": STORY}
        steps = (("Nee", None, "Wat heb je"), ("Volgende", story, "in.signs"), ("Volgende", None, ASKED))
        for person in self._people:
            await self._bot.ask(person.says("melden"))
            person.looks_at_chat("Is er nu direct gevaar?")
            for title, fills, expected in steps:
                person.looks_at_answer(await self._bot.ask(person.presses(title, fills)), expected)
        await self._bot.has_made(calls + len(self._people) * (1 + len(steps)))
        self.check(await self._one_by_one(self.turns()))
        await self.back()

    def turns(self) -> list[bytes]:
        """Everybody answers: no."""
        self._versions = [person.version for person in self._people]
        return [person.says("nee") if self._typed else person.presses("Nee") for person in self._people]

    def check(self, answers: Sequence[bytes]) -> None:
        """Everybody sees a page of the draft as it is now: it was stored once."""
        self._look(answers, _A_PAGE)
        for person, before in zip(self._people, self._versions, strict=True):
            if person.version != before + 1:
                raise WrongAnswer(f"the draft of {person.name} went from version {before} to {person.version}")

    async def back(self) -> None:
        """Everybody goes back a page."""
        answers = await self._one_by_one([p.says("terug") if self._typed else p.presses("Terug") for p in self._people])
        self._look(answers, ASKED)

    async def _one_by_one(self, requests: Sequence[bytes]) -> list[bytes]:
        calls = self._bot.calls
        answers = [await self._bot.ask(request) for request in requests]
        await self._bot.has_made(calls + len(requests) * self.calls)
        return answers

    def _look(self, answers: Sequence[bytes], expected: str) -> None:
        for person, answer in zip(self._people, answers, strict=True):
            if self._typed:
                person.looks_at_chat(expected)
            else:
                person.looks_at_answer(answer, expected)
