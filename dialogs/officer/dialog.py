"""The queue and the cases as a conversation: a press, to the act behind it, to the card that comes of it."""

from dataclasses import dataclass
from datetime import datetime

from dialogs.domain.access import Actor, NotAllowed, Right
from dialogs.domain.addresses import CardAddress, CardSubject
from dialogs.domain.case_file import CaseFile
from dialogs.domain.lifecycle import TransitionNotAllowed
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.queue import QueueFilter
from dialogs.knowledge import Knowledge
from dialogs.officer import (
    case,
    desk,
    enrichment,
    feedback,
    judgement,
    linking,
    ownership,
    questions,
    queue,
    reading_out,
    referrals,
)
from dialogs.officer.press import Act, Press
from dialogs.officer.queue import query_of
from dialogs.officer.typed import Typed, denies_act, page_in, queue_in, turns_page, typed_in
from dialogs.ports import UnitOfWork
from dialogs.turn import Card, Pressed
from dialogs.use_cases.case_work import Follows, OutOfDate
from dialogs.use_cases.ownership import AlreadyTakenUp

_MODULES = (
    queue,
    desk,
    ownership,
    referrals,
    questions,
    feedback,
    reading_out,
    enrichment,
    judgement,
    linking,
    case,
)
#: What every button of an officer does, by the name behind `signal.`.
ACTS: dict[str, Act] = {}
for _module in _MODULES:
    if _twice := ACTS.keys() & _module.ACTS.keys():
        raise ValueError(f"two acts are called {sorted(_twice)}")
    ACTS.update(_module.ACTS)
#: What can be pressed on a case, in the order in which it stands there.
BUTTONS = tuple(button for module in _MODULES for button in module.BUTTONS)


@dataclass(frozen=True, slots=True)
class OfficerDialog:
    """What a handler of signals does in one transaction."""

    uow: UnitOfWork
    actor: Actor
    knowledge: Knowledge
    now: datetime

    async def queue(self) -> Card:
        """The open signals that this person may handle. Raises NotAllowed."""
        return await queue.list_queue(self._press(Pressed("signal.queue")))

    async def press(self, pressed: Pressed) -> Card:
        """The card that comes of a press; of an act that nobody knows any more, the case. Raises NotAllowed."""
        await self._learn_card(pressed)
        press = self._press(pressed)
        act = ACTS.get(pressed.action.partition(".")[2], case.open_case)
        try:
            return await act(press)
        except AlreadyTakenUp as taken:
            return await press.case_card(taken.case, press.who_was_first(taken.case))
        except OutOfDate as outdated:
            return await press.case_card(outdated.case, press.texts("case.out_of_date"))
        except Follows as follows:
            return await press.case_card(follows.case, press.texts("case.follows_first"))
        except TransitionNotAllowed:
            now = await press.work.open(press.signal_id)
            return await press.case_card(now, press.texts("case.not_now"))

    async def say(self, text: str, *, only_certain: bool = False) -> Card | None:
        """The card that comes of what was typed instead of pressed; None if it is anything else. Raises NotAllowed.

        `only_certain`: leave what is only nearly the words of a button, and names no signal.
        """
        if (pressed := desk.pressed_for(text) or queue_in(text, self.knowledge.texts)) is not None:
            return None if only_certain else await self.press(pressed)
        typed = typed_in(text, BUTTONS, self.knowledge.texts)
        if typed is None or (only_certain and not (typed.reference or typed.is_exact)):
            return None
        signal_id = await self._meant(typed)
        if signal_id is None:
            shown = QueueFilter.UNCLAIMED if typed.meanings[0].act == "take_up" else QueueFilter.MINE
            note = self.knowledge.texts("queue.which_one")
            return await queue.list_queue(self._press(Pressed("signal.queue", {"filter": shown})), note)
        view = await self._press(Pressed("signal.open")).work.seen(signal_id)
        fitting = (each for each in typed.meanings if each.button is None or each.button.when(view, self.actor.id))
        meaning = next(fitting, typed.meanings[0])
        if meaning.act.endswith("_form") and not self._may_open(meaning.act, view):
            press = self._press(Pressed("signal.open"))
            return await press.case_card(await press.work.open(signal_id), press.texts("case.not_now"))
        carried = {"signal": signal_id, "version": str(view.signal.version), "events": str(len(view.history))}
        if meaning.button is not None and meaning.button.data is not None:
            carried |= meaning.button.data(view)
        return await self.press(typed.press(meaning, carried))

    def page_called(self, text: str, *, beside_report: bool) -> Pressed | None:
        """The page of the queue that was typed; who names none gets the first, which says what to type.

        `beside_report`: a report is open, and takes the words that name no list.
        """
        if not self.actor.may(Right.SEE_QUEUE):
            return None
        if not beside_report and turns_page(text, self.knowledge.texts):
            return Pressed("signal.queue")
        return page_in(text, self.knowledge.texts)

    def denies(self, text: str) -> bool:
        """Whether it says not to do what a button does."""
        return self.actor.may(Right.SEE_QUEUE) and denies_act(text, BUTTONS, self.knowledge.texts)

    def _may_open(self, form: str, case: CaseFile) -> bool:
        """Whether a form can be sent by this person now; one that is on another card than the case says so itself."""
        buttons = [button for button in BUTTONS if button.action == f"signal.{form}"]
        return not buttons or any(button.when(case, self.actor.id) for button in buttons)

    async def _meant(self, typed: Typed) -> str | None:
        """The id of the signal that was named; without a name the one that it must be, None if there are more."""
        if typed.reference:
            named = await self.uow.signals.by_reference(typed.reference)
            if named is None:
                raise NotAllowed(Right.SEE_CONTENT)
            return named.id
        chosen = QueueFilter.UNCLAIMED if typed.meanings[0].act == "take_up" else QueueFilter.MINE
        query = query_of(self.actor, self.knowledge.staff, self.now, chosen)
        entries = await self.uow.queue.page(query, 2)
        return entries[0].id if len(entries) == 1 else None

    def _press(self, pressed: Pressed) -> Press:
        return Press(self.uow, self.actor, self.knowledge, self.now, pressed, BUTTONS)

    async def _learn_card(self, pressed: Pressed) -> None:
        """Remember the message that was pressed, where its id was lost in a crash between sending and storing it."""
        signal_id = pressed.data.get("signal")
        if signal_id is None or pressed.card_id is None or not self.actor.may(Right.SEE_CONTENT):
            return
        await self._leave_inbox(signal_id, pressed.card_id)
        subject = CardSubject.SIGNAL_FOR_OFFICER
        known = await self.uow.cards.of(signal_id, subject)
        if all(card.person != self.actor.id for card in known):
            await self.uow.cards.remember(CardAddress(self.actor.id, subject, signal_id, pressed.card_id))

    async def _leave_inbox(self, signal_id: str, card_id: str) -> None:
        """The notice of what is new becomes this case; if it told of more, that comes below it as a new notice."""
        for card in await self.uow.cards.of("", CardSubject.INBOX):
            if (card.person, card.message_id) != (self.actor.id, card_id):
                continue
            await self.uow.cards.forget(card)
            staff = self.knowledge.staff
            unclaimed = query_of(self.actor, staff, self.now, QueueFilter.UNCLAIMED)
            if any(entry.id != signal_id for entry in await self.uow.queue.page(unclaimed, 2)):
                notice_id = ".".join((NoticeKind.INBOX, self.actor.id, card_id))
                await self.uow.outbox.put(Notice(notice_id, NoticeKind.INBOX, self.actor.id, "", self.now))
