"""People with Teams open, who press what they see: mostly what leads on, now and then anything else."""

# pyright: reportPrivateUsage=false
# - they see a card with its verbs and required fields, which nobody else has to

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from random import Random
from types import TracebackType
from typing import Any, Self

from bot.local.card_on_screen import CardOnScreen, NotOnCard
from tests.fake_connector import FakeConnector
from tests.teams_client import Json, Person, Shown

#: Hands an activity to the bot as Teams does; the status and the body of the answer.
Post = Callable[[Json], Awaitable[tuple[int, Json]]]

_STORIES = (
    "Zij had geen paspoort bij zich, haar baas heeft alle paspoorten in zijn tas",
    "Een man deed het woord voor haar en ze keek steeds naar hem",
    "Er slapen acht mannen in een schuur achter het bedrijf",
    "Ze zei dat ze een schuld moet afwerken en niet weg mag",
    "Iemand wordt nu geslagen in de hal",
    "Het voelde niet goed, meer kan ik niet zeggen",
)
_WORDS = ("melden", "mijn meldingen", "nummer avim", "help", "verder", "terug", "stop", "oefenen", "ja", "weet ik niet")
_OFFICERS_WORDS = ("wachtrij", "help", "nummer zoco")
#: How much a button attracts; all others are 1.
_PULL: Mapping[str, float] = {
    "intake.answer": 8,
    "intake.send": 3,
    "intake.back": 0.4,
    "intake.stop": 0.2,
    "intake.wipe": 0.2,
    "menu.report": 3,
    "menu.practice": 0.3,
    "signal.open": 4,
    "signal.take_up": 20,
    "signal.hand_over_form": 6,
    "signal.hand_over_preview": 20,
    "signal.hand_over": 20,
    "signal.close_form": 12,
    "signal.close_preview": 40,
    "signal.close": 40,
    "signal.unreachable_form": 0.2,
    "mine.answer": 4,
}
#: An officer mostly works on signals.
_OFFICERS_PULL: Mapping[str, float] = {
    **_PULL,
    "menu.report": 0.5,
    "menu.queue": 4,
    "intake.answer": 1,
    "intake.send": 1,
}
_CARDS_IN_REACH = 6


@dataclass(frozen=True, slots=True)
class _Posted:
    status: int
    body: Json
    content_type: str = "application/json"

    async def json(self) -> Json:
        return self.body

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return


class _Phone:
    """In place of an `aiohttp.ClientSession`: what is posted goes into the simulated network."""

    def __init__(self, post: Post) -> None:
        self._post = post

    def post(self, _url: str, *, json: Json, **_: Any) -> "_Posting":
        """Post an activity."""
        return _Posting(self._post, json)


class _Posting:
    def __init__(self, post: Post, activity: Json) -> None:
        self._post = post
        self._activity = activity

    async def __aenter__(self) -> _Posted:
        return _Posted(*await self._post(self._activity))

    async def __aexit__(self, *_: object) -> None:
        return


class SimulatedPerson(Person):
    """Somebody who goes on when Teams says that something went wrong."""

    def __init__(
        self,
        name: str,
        teams: FakeConnector,
        post: Post,
        random: Random,
        now: Callable[[], datetime],
        *,
        officer: bool,
    ) -> None:
        session: Any = _Phone(post)
        super().__init__(name, teams, "", session, now=now)
        self._random = random
        self._officer = officer
        self._marks = count(1)
        self._reads = 0

    def _was_taken(self) -> None:
        """It may be lost."""

    def takes_answer(self, message_id: str) -> None:
        """Show the answer, if there is one."""
        if self.answer.get("statusCode") == 200:
            super().takes_answer(message_id)

    async def acts(self) -> None:
        """Do one thing."""
        random = self._random
        shown = self._shown_to_press()
        if shown is None or random.random() < (0.03 if self._officer else 0.12):
            await self.says(self._something_to_say())
            return
        card = shown.card
        assert card is not None
        actions = _to_press(card)
        pull = _OFFICERS_PULL if self._officer else _PULL
        action = random.choices(actions, [pull.get(str(each.get("verb", "")), 1.0) for each in actions])[0]
        self._fills_in(card)
        with suppress(NotOnCard):  # held up by a field that was left empty
            await self.presses(str(action["title"]), on=shown)

    def _shown_to_press(self) -> Shown | None:
        recent = [each for each in self.messages[-_CARDS_IN_REACH:] if each.card is not None and _to_press(each.card)]
        if not recent:
            return None
        if self._officer and self._random.random() < 0.8:
            recent = [each for each in recent if each.card is not None and _is_of_signal(each.card)] or recent
        return recent[-1] if self._random.random() < 0.6 else self._random.choice(recent)

    def _something_to_say(self) -> str:
        random = self._random
        if self._officer:
            return random.choice(_OFFICERS_WORDS)
        if random.random() < 0.3:
            return f"{random.choice(_STORIES)} {self._mark()}"
        return random.choice((*_WORDS, "melden", "melden"))

    def _fills_in(self, card: CardOnScreen) -> None:
        """What is empty may be filled in; what stands there stays, so that a mark is written once."""
        random = self._random
        for field in card.fields:
            key, label = str(field["id"]), str(field.get("label", ""))
            if not field.get("isRequired") and random.random() < 0.4:
                continue
            if field["type"] == "Input.ChoiceSet" and (not card._filled.get(key) or random.random() < 0.1):
                choices: Any = field["choices"]
                card.tick(label, random.choice(choices)["title"])
            elif field["type"] == "Input.Text" and key not in card._filled:
                short = float(str(field.get("maxLength", 4000))) < 100
                card.fill(label, self._mark() if short else f"{random.choice(_STORIES)} {self._mark()}")

    def _mark(self) -> str:
        """A word that nobody wrote before."""
        return f"zq{self.name.lower()}{next(self._marks)}zq"


def _to_press(card: CardOnScreen) -> list[Mapping[str, Any]]:
    """What can be pressed and reaches the bot."""
    return [action for action in card.actions if action["type"] != "Action.OpenUrl"]


def _is_of_signal(card: CardOnScreen) -> bool:
    """Whether it is a card of an officer's work."""
    return any(str(action.get("verb", "")).startswith("signal.") for action in card.actions)
