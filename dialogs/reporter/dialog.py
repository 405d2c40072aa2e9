"""The own signals as a conversation: what is pressed or asked for, to the card that comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process

from dialogs.domain.access import Actor, Right
from dialogs.domain.free_text import TextRefused, accepted
from dialogs.domain.lifecycle import OPEN
from dialogs.domain.signals import Channel, Origin, Signal
from dialogs.knowledge import Knowledge
from dialogs.ports import UnitOfWork
from dialogs.reporter import cards, forms
from dialogs.requests import Request, Wish
from dialogs.turn import Card, Line, Pressed
from dialogs.use_cases.own_signals import MOST_ADDED, MOST_REASON, HasEnded, OwnSignals


@dataclass(frozen=True, slots=True)
class ReporterDialog:
    """What a reporter does with own signals in one transaction."""

    uow: UnitOfWork
    actor: Actor
    knowledge: Knowledge
    now: datetime

    @property
    def own(self) -> OwnSignals:
        """The signals of this person."""
        return OwnSignals(self.uow, self.actor, self.knowledge.staff, self.now)

    async def list(self) -> Card:
        """The own signals."""
        return cards.own_signals_card(await self.own.newest(), self.knowledge.texts)

    async def show(self, signal_id: str, note: str = "") -> Card:
        """One of them, without any effect. Raises NotAllowed."""
        return cards.own_signal_card(await self.own.look(signal_id), self.knowledge, note)

    async def press(self, pressed: Pressed) -> Card:
        """The card that comes of a press. Raises NotAllowed, Conflict."""
        signal_id = pressed.data.get("signal", "")
        written = pressed.inputs.get("text", "")
        texts = self.knowledge.texts
        match pressed.action:
            case "mine.read":
                return cards.own_signal_card(await self.own.read(signal_id), self.knowledge)
            case "mine.look":
                return await self.show(signal_id)
            case "mine.add_form":
                return forms.add_card((await self.own.look(signal_id)).signal, texts)
            case "mine.add":
                return await self._add(signal_id, written)
            case "mine.withdraw_form":
                return await self._withdraw_form(signal_id)
            case "mine.withdraw":
                return await self._withdraw(signal_id, written)
            case _:
                return await self.list()

    async def ask(self, request: Request) -> Card:
        """The card that comes of a typed request: the form of the one signal that can be meant, or which one it is."""
        signals = [signal for signal in await self.own.newest() if _fits(signal, request)]
        texts = self.knowledge.texts
        about = Wish.WITHDRAW if request.wish is Wish.WITHDRAW_NOW else request.wish
        if not signals:
            key = f"choose.none_{'found' if request.reference else about}"
            return Card(texts("own.list_title"), (Line(texts(key)),), summary=texts("own.list_title"))
        meant = _meant(signals)
        if meant is None:
            return forms.choose_card(signals, about, texts)
        if request.wish is Wish.READ:
            return cards.own_signal_card(await self.own.read(meant.id), self.knowledge)
        if request.wish is Wish.WITHDRAW:
            return await self._withdraw_form(meant.id)
        if request.wish is Wish.WITHDRAW_NOW:
            return await self._withdraw(meant.id, "")
        return await self._add(meant.id, request.text) if request.text else forms.add_card(meant, texts)

    def origin(self, pressed: Pressed) -> Origin | Card:
        """Where a signal of somebody else comes from, or the form again with what is wrong. Raises NotAllowed."""
        self.actor.demand(Right.REPORT_FOR_OTHERS)
        texts, inputs = self.knowledge.texts, pressed.inputs
        if inputs.get("channel") not in forms.CHANNELS:
            return forms.origin_card(texts, filled=inputs, fault=texts("for_others.channel_missing"))
        try:
            team, contact = (accepted(inputs.get(key, ""), most=forms.MOST_ORIGIN) for key in ("team", "contact"))
        except TextRefused as refused:
            return forms.origin_card(texts, filled=inputs, fault=self._fault(refused, forms.MOST_ORIGIN))
        return Origin(Channel(inputs["channel"]), team, contact)

    def origin_told(self, text: str) -> Pressed:
        """What was typed after "invoeren", as the form would bring it: "telefoon, Burgerzaken"."""
        first, _, rest = text.strip().partition(" ")
        channels = {self.knowledge.texts(f"channel.{channel}").casefold(): channel for channel in forms.CHANNELS}
        best = process.extractOne(first.casefold().strip(",.:"), channels.keys(), scorer=fuzz.WRatio, score_cutoff=85)
        inputs = {"channel": channels[best[0]], "team": rest.strip()} if best else {"team": text.strip()}
        return Pressed("others.start", {}, inputs)

    async def _add(self, signal_id: str, written: str) -> Card:
        texts = self.knowledge.texts
        try:
            own = await self.own.add(signal_id, written)
        except TextRefused as refused:
            fault = texts("add.empty") if refused.reason == "empty" else self._fault(refused, MOST_ADDED)
            return forms.add_card((await self.own.look(signal_id)).signal, texts, written=written, fault=fault)
        return forms.told_card(own.signal, "add", texts)

    async def _withdraw_form(self, signal_id: str) -> Card:
        own = await self.own.look(signal_id)
        if own.may_be_withdrawn:
            return forms.withdraw_card(own.signal, self.knowledge.texts)
        ended = own.signal.status not in OPEN
        return await self.show(signal_id, self.knowledge.texts("withdraw.ended" if ended else "withdraw.done"))

    async def _withdraw(self, signal_id: str, written: str) -> Card:
        texts = self.knowledge.texts
        try:
            own = await self.own.wish_to_withdraw(signal_id, written)
        except HasEnded:
            return await self.show(signal_id, texts("withdraw.ended"))
        except TextRefused as refused:
            fault = self._fault(refused, MOST_REASON)
            return forms.withdraw_card((await self.own.look(signal_id)).signal, texts, written=written, fault=fault)
        return forms.told_card(own.signal, "withdraw", texts)

    def _fault(self, refused: TextRefused, most: int) -> str:
        texts = self.knowledge.texts
        return texts("rejected.too_long", most=most) if refused.reason == "too_long" else texts("rejected.bsn")


def _fits(signal: Signal, request: Request) -> bool:
    if request.reference:
        return signal.reference == request.reference
    return request.wish not in {Wish.WITHDRAW, Wish.WITHDRAW_NOW} or signal.status in OPEN


def _meant(signals: Sequence[Signal]) -> Signal | None:
    """The one that can be meant: the only one, or the only one that is open."""
    still_open = [signal for signal in signals if signal.status in OPEN]
    if len(signals) == 1:
        return signals[0]
    return still_open[0] if len(still_open) == 1 else None
