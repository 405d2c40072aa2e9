"""The own signals as a conversation: what is pressed or asked for, to the card that comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.domain.access import Actor, Right
from dialogs.domain.free_text import TextRefused, accepted
from dialogs.domain.lifecycle import OPEN
from dialogs.domain.signals import Channel, Draft, Origin, Signal
from dialogs.handler_words import texts_about
from dialogs.intake.questions import NO, YES
from dialogs.knowledge import Knowledge
from dialogs.near_words import nearest
from dialogs.ports import UnitOfWork
from dialogs.reporter import cards, forms, question_cards
from dialogs.requests import Request, Wish
from dialogs.turn import Card, Line, Pressed
from dialogs.use_cases.own_signals import MOST_ADDED, MOST_REASON, HasEnded, OwnSignal, OwnSignals

#: To so many signals a text can be added from the card that asks where it belongs: the buttons that Teams shows.
_MOST_OTHERS = 4
#: One wrong letter in a word of eight; "mail" is the shortest channel.
_CLOSE_ENOUGH = 85
_SHORTEST = 4


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
        return OwnSignals(self.uow, self.actor, self.knowledge, self.now)

    async def list(self) -> Card:
        """The own signals."""
        return cards.own_signals_card(await self.own.newest(), self.knowledge.texts)

    async def show(self, signal_id: str, note: str = "") -> Card:
        """One of them, without any effect. Raises NotAllowed."""
        return cards.own_signal_card(await self.own.look(signal_id), self.knowledge, note)

    async def press(self, pressed: Pressed) -> Card:
        """The card that comes of a press. Raises NotAllowed, Conflict."""
        signal_id, written = pressed.data.get("signal", ""), pressed.inputs.get("text", "")
        match pressed.action:
            case "mine.read":
                return cards.own_signal_card(await self.own.read(signal_id), self.knowledge)
            case "mine.look":
                return await self.show(signal_id)
            case "mine.add_form":
                return forms.add_card((await self.own.look(signal_id)).signal, self.knowledge)
            case "mine.add":
                return await self._add(signal_id, written)
            case "mine.withdraw_form":
                return await self._withdraw_form(signal_id)
            case "mine.withdraw":
                return await self._withdraw(signal_id, written)
            case _:
                return await self._press_about_question(pressed)

    async def _press_about_question(self, pressed: Pressed) -> Card:
        match pressed.action:
            case "mine.question":
                return await self._question(pressed.data.get("signal", ""))
            case "mine.answer":
                return await self._answer(pressed, pressed.inputs.get("text", ""))
            case "mine.confirm":
                return await self._confirm(pressed)
            case "mine.rate":
                return await self._rate(pressed)
            case _:
                return await self.list()

    async def ask(self, request: Request) -> Card:
        """The card that comes of a typed request: the form of the one signal that can be meant, or which one it is."""
        signals = [signal for signal in await self.own.newest() if _fits(signal, request)]
        texts = self.knowledge.texts
        about = Wish.WITHDRAW if request.wish is Wish.WITHDRAW_NOW else request.wish
        if not signals:
            return self._none(request)
        if request.wish in {Wish.CONFIRM, Wish.USEFUL, Wish.NOT_USEFUL}:
            return await self._confirm_or_rate(signals, request)
        meant = _meant(signals)
        if meant is None:
            return forms.choose_card(signals, about, texts)
        if request.wish is Wish.READ:
            return cards.own_signal_card(await self.own.read(meant.id), self.knowledge)
        if request.wish is Wish.WITHDRAW:
            return await self._withdraw_form(meant.id)
        if request.wish is Wish.WITHDRAW_NOW:
            return await self._withdraw(meant.id, "")
        return await self._add(meant.id, request.text) if request.text else forms.add_card(meant, self.knowledge)

    async def _confirm_or_rate(self, signals: Sequence[Signal], request: Request) -> Card:
        """Of the newest signal where there is something to confirm or to rate."""
        for signal in signals:
            if request.wish is Wish.CONFIRM:
                if (heard := await self.own.unconfirmed(signal.id)) is not None:
                    return question_cards.heard_card(heard, "add", self.knowledge)
            elif (own := await self.own.look(signal.id)).to_rate is not None:
                return await self._rated(own, YES if request.wish is Wish.USEFUL else NO)
        return self._none(replace(request, reference=""))

    async def asked(self) -> Sequence[OwnSignal]:
        """The own signals about which a question is open."""
        return [await self.own.look(signal.id) for signal in await self.own.asked()]

    async def typed_answer(self, request: Request, draft: Draft | None) -> Card | None:
        """What comes of a typed "antwoord", with the text after it if there is one; None if it can be no answer.

        Only where one question is open, and no draft, it is clear what is meant.
        """
        asked = [own for own in await self.asked() if request.reference in {"", own.signal.reference}]
        if not asked and draft is not None:
            return None
        if not asked and not request.text:
            return self._none(request)
        if not asked:
            others = [signal for signal in await self.own.newest() if _fits(signal, request)]
            return self.which(request.text, (), others) if others else None
        if not request.text:
            if len(asked) == 1:
                return await self._question(asked[0].signal.id)
            return forms.choose_card([own.signal for own in asked], request.wish, self.knowledge.texts)
        if len(asked) > 1 or draft is not None:
            return self.which(request.text, asked, draft=draft)
        return await self._answer(Pressed("mine.answer", _answers(asked[0])), request.text)

    def which(
        self, text: str, asked: Sequence[OwnSignal], others: Sequence[Signal] = (), *, draft: Draft | None = None
    ) -> Card:
        """Where a typed text belongs."""
        fault = ""
        try:
            accepted(text, most=MOST_ADDED)
        except TextRefused as refused:
            fault = self._fault(refused, MOST_ADDED)
        return question_cards.which_card(
            text, self.knowledge, asked=asked, others=others[:_MOST_OTHERS], draft=draft, fault=fault
        )

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
        words = text.split()
        channels = {self.knowledge.texts(f"channel.{channel}").casefold(): channel for channel in forms.CHANNELS}
        for count in sorted({len(name.split()) for name in channels}, reverse=True):
            first = " ".join(words[:count]).casefold().strip(",.:")
            if near := nearest(first, channels, least=_CLOSE_ENOUGH, shortest=_SHORTEST):
                team = " ".join(words[count:])
                return Pressed("others.start", {}, {"channel": channels[near], "team": team})
        return Pressed("others.start", {}, {"team": text.strip()})

    async def _add(self, signal_id: str, written: str) -> Card:
        texts = self.knowledge.texts
        try:
            heard = await self.own.add(signal_id, written)
        except TextRefused as refused:
            fault = texts("add.empty") if refused.reason == "empty" else self._fault(refused, MOST_ADDED)
            signal = (await self.own.look(signal_id)).signal
            return forms.add_card(signal, self.knowledge, written=written, fault=fault)
        return question_cards.heard_card(heard, "add", self.knowledge)

    async def _question(self, signal_id: str) -> Card:
        own = await self.own.read(signal_id)
        if own.question is None:
            return await self.show(signal_id, self.knowledge.texts("question.ended"))
        return question_cards.question_card(own, self.knowledge.texts)

    async def _answer(self, pressed: Pressed, written: str) -> Card:
        """*Weet ik niet* is an answer; what was written beside it goes along."""
        signal_id, texts = pressed.data.get("signal", ""), self.knowledge.texts
        said = texts("question.unknown") if pressed.data.get("unknown") == YES else ""
        answer = f"{said} {written}".strip()
        try:
            heard = await self.own.answer(signal_id, pressed.data.get("asked", ""), answer)
        except TextRefused as refused:
            empty = refused.reason == "empty"
            fault = texts("question.empty") if empty else self._fault(refused, MOST_ADDED)
            own = await self.own.look(signal_id)
            if own.question is None:
                return forms.add_card(own.signal, self.knowledge, written=written, fault=fault)
            return question_cards.question_card(own, texts, written=written, fault=fault)
        return question_cards.heard_card(heard, "late" if heard.is_late else "answer", self.knowledge)

    async def _confirm(self, pressed: Pressed) -> Card:
        inputs = pressed.inputs
        ticked = [key for key in inputs.get("signs", "").split(",") if key]
        in_danger = inputs.get("danger_check") == YES
        signal_id, event = pressed.data.get("signal", ""), pressed.data.get("event", "")
        own = await self.own.confirm(signal_id, event, ticked, in_danger=in_danger)
        return forms.told_card(own.signal, "heard", self.knowledge, in_danger=in_danger)

    async def _rate(self, pressed: Pressed) -> Card:
        data = pressed.data
        own = await self.own.rate(data.get("signal", ""), data.get("closing", ""), data.get("useful", ""))
        return self._thanks(own, data.get("useful", ""))

    async def _rated(self, own: OwnSignal, useful: str) -> Card:
        return self._thanks(await self.own.rate(own.signal.id, str(own.to_rate), useful), useful)

    def _thanks(self, own: OwnSignal, useful: str) -> Card:
        note = texts_about(own.signal, self.knowledge)("rate.no" if useful == NO else "rate.yes")
        return cards.own_signal_card(own, self.knowledge, note)

    async def _withdraw_form(self, signal_id: str) -> Card:
        own = await self.own.look(signal_id)
        if own.may_be_withdrawn:
            return forms.withdraw_card(own.signal, self.knowledge)
        ended = own.signal.status not in OPEN
        texts = texts_about(own.signal, self.knowledge)
        return await self.show(signal_id, texts("withdraw.ended" if ended else "withdraw.done"))

    async def _withdraw(self, signal_id: str, written: str) -> Card:
        texts = self.knowledge.texts
        try:
            own = await self.own.wish_to_withdraw(signal_id, written)
        except HasEnded:
            return await self.show(signal_id, texts("withdraw.ended"))
        except TextRefused as refused:
            fault = self._fault(refused, MOST_REASON)
            signal = (await self.own.look(signal_id)).signal
            return forms.withdraw_card(signal, self.knowledge, written=written, fault=fault)
        return forms.told_card(own.signal, "withdraw", self.knowledge)

    def _none(self, request: Request) -> Card:
        texts = self.knowledge.texts
        about = {Wish.WITHDRAW_NOW: Wish.WITHDRAW, Wish.NOT_USEFUL: Wish.USEFUL}.get(request.wish, request.wish)
        key = f"choose.none_{'found' if request.reference else about}"
        return Card(texts("own.list_title"), (Line(texts(key)),), summary=texts("own.list_title"))

    def _fault(self, refused: TextRefused, most: int) -> str:
        texts = self.knowledge.texts
        return texts("rejected.too_long", most=most) if refused.reason == "too_long" else texts("rejected.bsn")


def _answers(own: OwnSignal) -> dict[str, str]:
    """What the answer to the open question carries."""
    return {"signal": own.signal.id, "asked": str(own.question.number) if own.question else ""}


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
