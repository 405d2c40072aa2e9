"""The open draft of one person in one transaction: begun, answered, stopped, wiped, sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from dialogs import menu
from dialogs.commands import Command
from dialogs.domain.access import Actor
from dialogs.domain.addresses import CardSubject
from dialogs.domain.signals import OWN_REPORT, Draft, Origin
from dialogs.intake.dialog import Intake, Step
from dialogs.intake.typed import has_fields
from dialogs.knowledge import Knowledge
from dialogs.ports import UnitOfWork
from dialogs.reporter.cards import sent_card
from dialogs.turn import Answer, Card, Line, Pressed, Reply, Style
from dialogs.use_cases.submit_signal import submit_signal


@dataclass(frozen=True, slots=True)
class DraftDialog:
    """What a reporter does with the one report that is not sent yet."""

    uow: UnitOfWork
    actor: Actor
    name: str
    knowledge: Knowledge
    now: datetime

    async def start(self, *, practice: bool = False, origin: Origin = OWN_REPORT, note: str = "") -> Answer:
        """A new report, at its first question."""
        fresh = await self.uow.drafts.save(self._new(practice=practice, origin=origin))
        return await self.new_card(fresh.id, Intake(fresh, self.knowledge).card(note))

    async def begin(self, story: str) -> Answer:
        """A new report with what was told already."""
        fresh = self._new()
        return await self._step(Intake(fresh, self.knowledge).begin(story, self.now), fresh, in_place=False)

    async def resume(self, draft: Draft) -> Answer:
        """On with the open report."""
        step = Intake(draft, self.knowledge).resume(self.now, self.knowledge.texts("intake.resumed"))
        return await self._step(step, draft, in_place=False)

    async def press(self, pressed: Pressed, draft: Draft, *, in_place: bool = True) -> Answer:
        """A button on a card of this draft."""
        return await self._step(Intake(draft, self.knowledge).press(pressed, self.now), draft, in_place=in_place)

    async def say(self, text: str, draft: Draft) -> Answer:
        """A typed answer; or that the report must not be sent, which changes nothing."""
        intake = Intake(draft, self.knowledge)
        step = intake.not_done() if intake.denies(text) else intake.say(text, self.now)
        return await self._step(step, draft, in_place=False)

    async def press_called(self, text: str, draft: Draft) -> Answer | None:
        """The button on screen whose words were typed; None if there is none."""
        intake = Intake(draft, self.knowledge)
        pressed = intake.press_called(text)
        return None if pressed is None else await self._typed(intake.press(pressed, self.now), intake)

    async def command(self, command: Command, draft: Draft) -> Answer | None:
        """A typed word that is about the draft; None if it is not."""
        intake = Intake(draft, self.knowledge)
        steps: Mapping[Command, Callable[[datetime], Step]] = {
            Command.BACK: intake.back,
            Command.SKIP: intake.skip,
            Command.STOP: intake.stop,
            Command.SEND: intake.send,
        }
        return await self._typed(steps[command](self.now), intake) if command in steps else None

    async def _typed(self, step: Step, intake: Intake) -> Answer:
        """A step that was typed. Teams sends what was filled in with a button only, so what may be lost is told."""
        answer = await self._step(step, intake.draft, in_place=False)
        if not has_fields(intake.card()) or (step.send and intake.draft.practice):
            return answer
        note = Line(self.knowledge.texts("intake.unseen_sent" if step.send else "intake.unseen"), Style.NOTE)
        return replace(answer, replies=tuple(replace(each, card=each.card.under(note)) for each in answer.replies))

    async def new_card(self, draft_id: str, card: Card) -> Answer:
        """A new message for the draft; the message that showed it until now points to it."""
        moved = menu.plain_card(self.knowledge.texts("intake.moved"))
        old = await self.uow.cards.of(draft_id, CardSubject.DRAFT)
        reply = Reply(card, in_place=False, shows_draft=draft_id)
        return Answer((reply,), {known.message_id: moved for known in old})

    def _new(self, *, practice: bool = False, origin: Origin = OWN_REPORT) -> Draft:
        return Draft(uuid4().hex, self.actor.id, self.now, self.now, practice=practice, origin=origin)

    async def _step(self, step: Step, before: Draft, *, in_place: bool) -> Answer:
        """Do what a step of the intake asks: send, wipe, store the change, or nothing."""
        if step.send:
            return await self._send(step.draft, in_place=in_place)
        if step.wipe:
            await self.uow.drafts.remove(before.id)
            return await self._ended(before, self._wiped(), in_place=in_place)
        if step.draft != before or before.version == 0:
            await self.uow.drafts.save(step.draft)
        if step.keep:
            return await self._ended(before, self._kept(), in_place=in_place)
        return Answer.in_place(step.card) if in_place else await self.new_card(before.id, step.card)

    async def _send(self, draft: Draft, *, in_place: bool) -> Answer:
        texts = self.knowledge.texts
        if draft.practice:
            await self.uow.drafts.remove(draft.id)
            card = menu.plain_card(texts("practice.title"), Line(texts("practice.text"), Style.GOOD))
            return await self._ended(draft, replace(card, practice=True), in_place=in_place)
        submitted = await submit_signal(self.uow, draft, self.actor, self.name, self.knowledge, self.now)
        ended = await self._ended(draft, sent_card(submitted.signal, texts), in_place=in_place)
        return replace(ended, notifies=True)

    async def _ended(self, draft: Draft, card: Card, *, in_place: bool) -> Answer:
        """The draft is no more: its card shows what became of it; typed, that comes below and the card shrinks too."""
        if in_place:
            return Answer.in_place(card)
        old = await self.uow.cards.of(draft.id, CardSubject.DRAFT)
        return Answer((Reply(card, in_place=False),), {known.message_id: card for known in old})

    def _kept(self) -> Card:
        texts = self.knowledge.texts
        return replace(
            menu.text_card(texts, "kept.title", "kept.text"), buttons=(menu.menu_buttons(self.actor, texts)[0],)
        )

    def _wiped(self) -> Card:
        return menu.text_card(self.knowledge.texts, "wiped.title", "wiped.text")
