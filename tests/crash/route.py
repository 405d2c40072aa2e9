"""A signal from the first word to the feedback, by people who go on until they are there, whatever dies on the way.

They press by what a button does and fill in what must be filled in, so that the route outlives a change of the cards.
"""

# pyright: reportPrivateUsage=false
# - they see a card with its verbs and fields, which nobody else has to

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from aiohttp import ClientError

from bot.local.card_on_screen import CardOnScreen
from dialogs.domain.lifecycle import SignalStatus
from tests.teams_client import Json, Person, Shown

STORY = "De baas heeft alle paspoorten van de mannen in zijn tas."
S = SignalStatus

#: What leads on, the most wanted first: the first of these that is on the screen is pressed.
_TO_SEND = ("intake.send", "intake.answer", "menu.resume", "menu.report")
_TO_TAKE_UP = ("signal.take_up", "signal.open")
_TO_HAND_OVER = ("signal.hand_over", "signal.hand_over_preview", "signal.hand_over_form", "signal.open")
_TO_CLOSE = ("signal.close", "signal.close_preview", "signal.close_form", "signal.open")
_MOST_TRIES = 40
_HAND_OVER = {
    "Hoe heb je het verteld?": "Telefoon",
    "Wat heb je verteld?": "Gezien of gehoord",
    "Waarom mag je dit delen?": "Publieke taak van de gemeente",
}


class Stage(Protocol):
    """Where the route is played."""

    async def statuses(self) -> list[SignalStatus]:
        """The statuses of all signals that are stored."""
        ...

    async def a_moment_later(self) -> None:
        """Let a little time pass; afterwards the bot can be reached."""
        ...


class NotThere(AssertionError):
    """Somebody did not get there."""


class Insistent(Person):
    """Somebody whose Teams cannot reach the bot now and then."""

    async def posts(self, activity: Json) -> int:
        """Post it; status 0 when nobody answers."""
        self.status, self.answer = 0, {}
        try:
            return await super().posts(activity)
        except ClientError:
            return self.status

    def _was_taken(self) -> None:
        """It may be lost."""

    def takes_answer(self, message_id: str) -> None:
        """Show the answer, if there is one."""
        if self.answer.get("statusCode") == 200:
            super().takes_answer(message_id)


async def from_word_to_feedback(stage: Stage, robin: Person, anna: Person) -> None:
    """Robin reports, Anna takes it up, hands it over and closes it. Raises NotThere."""
    await anna.posts(anna.activity(type="installationUpdate", action="add"))
    await stage.a_moment_later()
    await reports(stage, robin, _is(stage, *S))
    await _goes_on(stage, anna, _TO_TAKE_UP, _is(stage, S.TAKEN_UP), "wachtrij")
    await _goes_on(stage, anna, _TO_HAND_OVER, _is(stage, S.HANDED_OVER), "wachtrij")
    await _goes_on(stage, anna, _TO_CLOSE, _is(stage, S.CLOSED), "wachtrij")


async def reports(stage: Stage, person: Person, until: Callable[[], Awaitable[bool]]) -> None:
    """Tell what was seen and send it, until it is so. Raises NotThere."""
    await _goes_on(stage, person, _TO_SEND, until, "melden")


def _is(stage: Stage, *wanted: SignalStatus) -> Callable[[], Awaitable[bool]]:
    async def reached() -> bool:
        return any(status in wanted for status in await stage.statuses())

    return reached


async def _goes_on(
    stage: Stage, person: Person, wanted: tuple[str, ...], until: Callable[[], Awaitable[bool]], else_says: str
) -> None:
    for _ in range(_MOST_TRIES):
        if await until():
            return
        await presses_on(person, wanted, else_says=else_says)
        await stage.a_moment_later()
    raise NotThere(f"{person.name} sees:\n{person.screen}")


async def presses_on(
    person: Person, wanted: tuple[str, ...], *, else_says: str, writes: Callable[[], str] = lambda: STORY
) -> None:
    """Fill in and press what is wanted most; where nothing of it is on the screen, say something.

    `writes` gives the words for each large field.
    """
    found = _first(person, wanted)
    if found is None:
        await person.posts(person.activity(text=else_says))
        return
    shown, action = found
    assert shown.card is not None
    _fill_in(shown.card, writes)
    await person.presses(str(action["title"]), on=shown)


def _first(person: Person, wanted: tuple[str, ...]) -> tuple[Shown, Mapping[str, Any]] | None:
    """The newest button that does what is wanted most."""
    for verb in wanted:
        for shown in reversed(person.messages):
            for action in shown.card.actions if shown.card is not None else ():
                if action.get("verb") == verb:
                    return shown, action
    return None


def _fill_in(card: CardOnScreen, writes: Callable[[], str]) -> None:
    """The last choice everywhere, and words in every large field that is empty, not a line of an officer.

    Of a hand-over the least that it takes: the partner is chosen already.
    """
    labels = {str(field["label"]) for field in card.fields}
    if _HAND_OVER.keys() <= labels:
        for label, title in _HAND_OVER.items():
            card.tick(label, title)
        return
    for field in card.fields:
        if str(field["id"]) in {*card._filled, "in.line"}:
            continue
        if field["type"] == "Input.ChoiceSet":
            choices: Any = field["choices"]
            card.tick(str(field["label"]), choices[-1]["title"])
        elif field["type"] == "Input.Text" and field.get("isMultiline"):
            card.fill(str(field["label"]), writes())
