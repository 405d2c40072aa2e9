"""Somebody who walks through the intake to any step of it, and on to the receipt, and remembers every word they gave.

The steps are those of the list of questions: a new one can be walked to by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.cards import INPUT
from bot.knowledge import shipped
from dialogs.domain.signals import Answers, Signal
from dialogs.intake.questions import FOLLOW_UP, QUESTIONS, Kind, Question
from dialogs.ports import UnitsOfWork
from dialogs.texts import parse_texts
from tests.fake_connector import Call
from tests.scenarios.office import Office
from tests.teams_client import Json, Person, Shown

TEXTS = parse_texts(shipped("texts.yaml"))
SUMMARY, STOP = "summary", "stop"
ASKED = {question.key: question for question in QUESTIONS if not question.retired}
#: How somebody answers who is asked this; all others are asked whatever is answered.
ROUTES: Mapping[str, Mapping[str, str]] = {
    "danger_check": {"story": "Ze zit opgesloten boven de zaak en hij staat nu voor de deur."},
    "purpose": {"signs": "fear", "minor": "no"},
    "about_officer": {"about": "officer"},
}
#: With danger from the start the form is short, and these stand on another card.
SHORT = "short."
#: Each step of the intake, and the answers that lead there.
STEPS: Mapping[str, Mapping[str, str]] = {
    **{key: ROUTES.get(key, {}) for key in ASKED},
    FOLLOW_UP: {},
    **{SHORT + key: {"danger": "yes"} for key, question in ASKED.items() if question.short_form_page},
    SUMMARY: {},
    STOP: {},
}
_TITLES = {SUMMARY: "intake.title.summary", STOP: "intake.stop.title"}
_MOST_CARDS = 20
_words = count(1)


@dataclass
class Reporter:
    """One report of one person."""

    office: Office
    units: UnitsOfWork
    person: Person
    step: str
    #: What was filled in and is to be found back, by question.
    given: dict[str, str] = field(default_factory=dict[str, str])
    #: What was typed and is to be found back, whatever question it stands under.
    told: list[str] = field(default_factory=list[str])
    _answered: Json = field(default_factory=dict[str, Any])

    @property
    def question(self) -> Question | None:
        """The question of this step; a criterion that is asked about is like any other choice."""
        return ASKED.get(self.step.removeprefix(SHORT)) or (ASKED["minor"] if self.step == FOLLOW_UP else None)

    # What stands there.

    @property
    def shown(self) -> Shown:
        """The newest card of the report."""
        return next(s for s in reversed(self.person.messages) if s.card is not None and "'draft'" in str(s.card.card))

    @property
    def _actions(self) -> list[Json]:
        card: Any = self.shown.card
        return [action for action in card.card["actions"] if "draft" in action["data"]]

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions on it."""
        data = self._actions[0]["data"]
        return tuple(key for key in (data.get("question") or data.get("asked", "")).split(",") if key)

    def stands_at(self, step: str) -> bool:
        """Whether it is this step."""
        if step in _TITLES:
            return self.person.card.reads(TEXTS(_TITLES[step]))
        return any(
            key == step.removeprefix(SHORT) or (step == FOLLOW_UP and key.startswith(step)) for key in self.asked
        )

    def reads(self, *keys: str) -> None:
        """One of these sentences came, in the answer to the press or in the chat."""
        told = self.person.answer.get("value")
        came = "\n".join((told if isinstance(told, str) else "", self.person.screen))
        sentences = [TEXTS(key).split("{")[0] for key in keys]
        assert any(sentence in came for sentence in sentences), f"none of {sentences} in:\n{came}"

    # What the person does.

    async def walks_to_it(self) -> None:
        """Answer what is asked until this step is on screen."""
        await self.person.says("melden")
        await self._walks_to(SUMMARY if self.step == STOP else self.step)
        if self.step == STOP:
            await self.person.says("stop")

    async def _walks_to(self, step: str) -> None:
        for _ in range(_MOST_CARDS):
            if self.stands_at(step):
                return
            assert not self.stands_at(SUMMARY), f"nobody was asked {step!r}: which answers lead there?"
            self._answered = self.fills_in()
            await self.does(self._answered)
        raise AssertionError(f"there is no end to it:\n{self.person.screen}")

    def fills_in(self, **instead: Any) -> Json:
        """The press that answers this card, with these fields `instead` of what this person would give."""
        route = STEPS[self.step]
        choices = {a["data"]["value"]: a["title"] for a in self._actions if "value" in a["data"]}
        if choices:
            # "Weet ik niet" everywhere but here: this office has no vertrouwenspersoon, who alone may read it then.
            names_officer = self.asked[0] == "about_officer"
            title = choices.get(route.get(self.asked[0], ""), list(choices.values())[0 if names_officer else -1])
            return self.person.press(title, on=self.shown, **instead)
        fields: Json = {}
        for key in self.asked:
            if key in ASKED and ASKED[key].kind in {Kind.TEXT, Kind.MOMENT}:
                fields[INPUT + key] = self.given.setdefault(
                    key, f"{route.get(key, 'Het zit niet goed.')} {self.word()}"
                )
            elif key in route:
                fields[INPUT + key] = route[key]
        main = next(action["title"] for action in self._actions if action["style"] == "positive")
        return self.person.press(main, on=self.shown, **{**fields, **instead})

    def fills_in_wrongly(self, value: object) -> Json:
        """The same with this for the answer to the question of this step; without one, for the version of the card."""
        key = next((each for each in self.asked if self.step.removeprefix(SHORT) in {each, FOLLOW_UP}), None)
        if key is None:
            return self.fills_in(version=value)
        buttons = any("value" in action["data"] for action in self._actions)
        return self.fills_in(**{"value" if buttons else INPUT + key: value})

    def tells(self) -> Json:
        """A message that tells something."""
        self.told.append(self.word())
        return self.person.activity(text=f"ik zag daarna nog iets anders gebeuren {self.told[-1]}")

    def again(self, press: Json) -> Json:
        """The same press by hand once more, a moment later."""
        fresh = self.person.activity()
        return press | {"id": f"again-{self.word()}", "timestamp": f"{fresh['timestamp'][:-1]}9Z"}

    def old_press(self) -> Json:
        """The press that answered the card before this one, by hand once more; of the first one an older version."""
        return self.again(self._answered) if self._answered else self.fills_in(version="0")

    async def does(self, *activities: Json) -> None:
        """Send these at once, and see the answer as Teams shows it."""
        for activity in activities:
            await self.person.posts(activity)
            assert self.person.status < 300
        if activities[0]["type"] == "invoke":
            self.person.takes_answer(activities[0]["replyToId"])

    def word(self) -> str:
        """A word that nobody said yet."""
        return f"woord{next(_words)}"

    def is_to_me(self, call: Call) -> bool:
        """Whether the bot writes in this person's chat."""
        return call.conversation == self.person.account.conversation_id

    # What is kept.

    async def stored(self) -> Answers:
        """The answers of the open report, or of the signal that it became."""
        async with self.units() as uow:
            draft = await uow.drafts.of(self.person.account.person)
        return draft.answers if draft is not None else next(iter(await self.signals())).answers

    async def signals(self) -> list[Signal]:
        """What this person reported."""
        async with self.units() as uow:
            return list(await uow.signals.of_reporter(self.person.account.person, 5))

    async def finishes(self) -> None:
        """Go on to the receipt, and find each word back in the one signal."""
        if not await self.signals():
            await self.person.says("verder")
            await self._walks_to(SUMMARY)
            await self.person.presses(TEXTS("button.send"))
        await self.person.hears("Je melding is ontvangen")
        (signal,) = await self.signals()
        for key, words in self.given.items():
            assert words in str(signal.answers.get(key)), f"{key!r} was given and is {signal.answers.get(key)!r}"
        for word in self.told:
            assert str(signal.answers).count(word) == 1, f"{word!r} was told, and it says {signal.answers}"
        async with self.units() as uow:
            assert await uow.drafts.of(self.person.account.person) is None
        self.person.does_not_see(TEXTS("failure.text").split("(")[0])
