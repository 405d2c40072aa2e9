"""Nudges as a conversation: what Meldroute is for, how often, and "geen herinneringen meer"."""

from dataclasses import dataclass
from datetime import datetime

from dialogs.domain.access import Actor, Right
from dialogs.domain.nudges import CHOICES
from dialogs.domain.whole_numbers import whole_number
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.menu import plain_card
from dialogs.ports import UnitOfWork
from dialogs.requests import Wish
from dialogs.texts import Texts
from dialogs.turn import Button, Card, ChoiceField, Element, Line, Option, Pressed, Style, Weight
from dialogs.use_cases.nudges import allow_nudges, refuse_nudges, set_interval


def nudge_card(texts: Texts) -> Card:
    """What Meldroute is for, in two sentences, and the way to hear this no more."""
    return Card(
        title=texts("nudge.title"),
        elements=(Line(texts("nudge.text")),),
        buttons=(
            Button(texts("button.recognise"), "learn.open", {"topic": "recognise"}, Weight.MAIN),
            Button(texts("button.report"), "menu.report"),
            Button(texts("button.no_nudges"), "nudges.refuse"),
        ),
        summary=texts("nudge.title"),
    )


@dataclass(frozen=True, slots=True)
class NudgeDialog:
    """What somebody chooses about nudges in one transaction."""

    uow: UnitOfWork
    actor: Actor
    knowledge: Knowledge
    now: datetime

    async def ask(self, wish: Wish) -> Card:
        """The card that comes of a typed request."""
        match wish:
            case Wish.NO_NUDGES:
                return await self._refuse()
            case Wish.NUDGES:
                return await self._allow()
            case _:
                return await self._settings() if self.actor.may(Right.SET_NUDGES) else self._own_choice()

    async def press(self, pressed: Pressed) -> Card:
        """The card that comes of a press. Raises NotAllowed."""
        match pressed.action:
            case "nudges.refuse":
                return await self._refuse()
            case "nudges.allow":
                return await self._allow()
            case "nudges.set":
                self.actor.demand(Right.SET_NUDGES)
                return await self._set(pressed.inputs.get("weeks", ""))
            case _:
                return await self.ask(Wish.SET_NUDGES)

    async def _refuse(self) -> Card:
        await refuse_nudges(self.uow, self.actor)
        return self._card("nudge.refused", self._button("button.nudges", "nudges.allow"))

    async def _allow(self) -> Card:
        await allow_nudges(self.uow, self.actor)
        return self._card("nudge.allowed", self._button("button.no_nudges", "nudges.refuse"))

    def _own_choice(self) -> Card:
        buttons = self._button("button.no_nudges", "nudges.refuse"), self._button("button.nudges", "nudges.allow")
        return self._card("nudge.own_choice", *buttons)

    async def _set(self, chosen: str) -> Card:
        weeks = whole_number(chosen)
        if weeks is None or weeks not in CHOICES:
            return await self._settings(self.knowledge.texts("nudge.which"))
        await set_interval(self.uow, self.actor, weeks, self.now)
        return await self._settings(self.knowledge.texts("nudge.set"))

    async def _settings(self, note: str = "") -> Card:
        """How often colleagues are nudged, by whom that was set, and what they read."""
        texts = self.knowledge.texts
        interval = await self.uow.nudges.interval()
        weeks = interval.weeks if interval else 0
        elements: list[Element] = [Line(note, Style.NOTE)] if note else []
        elements += [Line(texts("nudge.settings")), Line(texts("nudge.text"), Style.QUOTE)]
        if interval is not None:
            who = self.knowledge.officer_names.get(interval.set_by) or texts("nudge.somebody")
            elements.append(Line(texts("nudge.set_by", who=who, when=local_time(interval.set_at)), Style.QUIET))
        options = tuple(Option(str(each), self._every(each)) for each in CHOICES)
        elements.append(ChoiceField("weeks", texts("nudge.how_often"), options, (str(weeks),), compact=True))
        return Card(
            title=texts("nudge.settings_title"),
            elements=tuple(elements),
            buttons=(Button(texts("button.directory_save"), "nudges.set", weight=Weight.MAIN),),
            summary=texts("nudge.settings_title"),
        )

    def _every(self, weeks: int) -> str:
        texts = self.knowledge.texts
        return texts("nudge.every", weeks=weeks) if weeks else texts("nudge.never")

    def _card(self, key: str, *buttons: Button) -> Card:
        texts = self.knowledge.texts
        card = plain_card(texts("nudge.own_title"), Line(texts(key)))
        return Card(card.title, card.elements, buttons, summary=card.summary)

    def _button(self, key: str, action: str) -> Button:
        return Button(self.knowledge.texts(key), action)
