"""The queue and the case as a conversation: a press to the card that comes of it."""

from dataclasses import dataclass
from datetime import datetime

from dialogs.domain.access import Actor, Right
from dialogs.domain.addresses import CardAddress, CardSubject
from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.officer import cards
from dialogs.ports import UnitOfWork
from dialogs.turn import Card, Pressed
from dialogs.use_cases.handle_signal import AlreadyTakenUp, FeedbackMissing, Handler, OutOfDate

_QUEUE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class OfficerDialog:
    """What a handler of signals does in one transaction."""

    uow: UnitOfWork
    actor: Actor
    knowledge: Knowledge
    now: datetime

    async def queue(self) -> Card:
        """The open signals that this person may handle. Raises NotAllowed."""
        self.actor.demand(Right.SEE_QUEUE)
        signals = await self.uow.signals.queue(self.actor.id, _QUEUE_LIMIT)
        mine = [signal for signal in signals if signal.may_be_handled_by(self.actor.id, self.knowledge.staff)]
        return cards.queue_card(mine, self.knowledge)

    async def press(self, pressed: Pressed) -> Card:
        """The card that comes of a press. Raises NotAllowed, TransitionNotAllowed."""
        handler = Handler(self.uow, self.actor, self.knowledge, self.now)
        await self._learn_card(pressed)
        signal_id = pressed.data.get("signal", "")
        version = int(v) if (v := pressed.data.get("version", "")).isdecimal() else 0
        texts = self.knowledge.texts
        try:
            match pressed.action:
                case "signal.queue":
                    return await self.queue()
                case "signal.take_up":
                    return await self._case(await handler.take_up(signal_id), texts("case.taken_up"))
                case "signal.hand_over":
                    return await self._hand_over(handler, signal_id, version, pressed)
                case "signal.hand_over_form" | "signal.close_form" as act:
                    form = cards.close_card if act == "signal.close_form" else cards.hand_over_card
                    return form(await handler.own(signal_id, version), self.knowledge)
                case "signal.close":
                    return await self._close(handler, signal_id, version, pressed)
                case "signal.withdraw" | "signal.go_on":
                    return await self._decide_on_wish(handler, signal_id, version, pressed.action)
                case "signal.fold":
                    return cards.notice_card(await handler.open(signal_id), self.knowledge)
                case _:
                    return await self._case(await handler.open(signal_id))
        except AlreadyTakenUp as taken:
            return await self._case(taken.signal, self._who_was_first(taken.signal))
        except OutOfDate as outdated:
            return await self._case(outdated.signal, texts("case.out_of_date"))

    async def _decide_on_wish(self, handler: Handler, signal_id: str, version: int, act: str) -> Card:
        if act == "signal.withdraw":
            return await self._case(await handler.withdraw(signal_id, version), self.knowledge.texts("case.withdrawn"))
        return await self._case(await handler.go_on(signal_id, version), self.knowledge.texts("case.gone_on"))

    async def _learn_card(self, pressed: Pressed) -> None:
        """Remember the message that was pressed, where its id was lost in a crash between sending and storing it."""
        signal_id = pressed.data.get("signal")
        if signal_id is None or pressed.card_id is None or not self.actor.may(Right.SEE_CONTENT):
            return
        subject = CardSubject.SIGNAL_FOR_OFFICER
        known = await self.uow.cards.of(signal_id, subject)
        if all(card.person != self.actor.id for card in known):
            await self.uow.cards.remember(CardAddress(self.actor.id, subject, signal_id, pressed.card_id))

    async def _hand_over(self, handler: Handler, signal_id: str, version: int, pressed: Pressed) -> Card:
        partner = pressed.inputs.get("partner", "")
        texts = self.knowledge.texts
        try:
            signal = await handler.hand_over(
                signal_id, version, partner, pressed.inputs.get("note", ""), pressed.inputs.get("line", "")
            )
        except KeyError:
            signal = await handler.own(signal_id, version)
            return cards.hand_over_card(signal, self.knowledge, texts("hand_over.partner_missing"))
        return await self._case(signal, texts("case.handed_over"))

    async def _close(self, handler: Handler, signal_id: str, version: int, pressed: Pressed) -> Card:
        texts = self.knowledge.texts
        try:
            signal = await handler.close(
                signal_id, version, pressed.inputs.get("feedback", ""), pressed.inputs.get("line", "")
            )
        except FeedbackMissing:
            signal = await handler.own(signal_id, version)
            return cards.close_card(signal, self.knowledge, texts("close.feedback_missing"))
        return await self._case(signal, texts("case.closed"))

    async def _case(self, signal: Signal, note: str = "") -> Card:
        history = await self.uow.signals.history(signal.id)
        return cards.case_card(signal, history, self.actor.id, self.knowledge, self.now, note)

    def _who_was_first(self, signal: Signal) -> str:
        name = self.knowledge.officer_names.get(signal.owner or "", self.knowledge.texts("case.somebody"))
        when = local_time(signal.changed_at or signal.received_at)
        return self.knowledge.texts("case.already_taken_up", name=name, when=when)
