"""Which dialog takes this turn, and the one transaction in which it does."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import uuid4

from dialogs import menu
from dialogs.commands import Command, command_in
from dialogs.directory.dialog import DirectoryDialog, asks_to_keep_directory
from dialogs.directory.doubts import doubted, tell_doubt, told_card
from dialogs.domain.access import Actor, NotAllowed, Right
from dialogs.domain.signals import Draft
from dialogs.draft_dialog import DraftDialog
from dialogs.from_memory import WORDS_OF_A_REPORT, answer_to_short_question, lesson_answer
from dialogs.intake.dialog import Intake
from dialogs.knowledge import Knowledge
from dialogs.learning import lesson_in
from dialogs.nudges import NudgeDialog
from dialogs.numbers import wrong_number_card
from dialogs.officer.dialog import OfficerDialog
from dialogs.ports import AuditEntry, DraftUnreadable, UnitOfWork
from dialogs.reporter import forms
from dialogs.reporter.cards import sent_card
from dialogs.reporter.dialog import ReporterDialog
from dialogs.requests import Request, Wish, denies_request, reference_in, request_in
from dialogs.turn import Answer, Card, Pressed, Reply, Said
from dialogs.use_cases.own_signals import OwnSignal
from dialogs.use_cases.watch import SYSTEM


@dataclass(frozen=True, slots=True)
class Person:
    """Who is speaking."""

    actor: Actor
    name: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One turn of one person in one transaction. The caller commits."""

    uow: UnitOfWork
    person: Person
    knowledge: Knowledge
    now: datetime

    async def take(self, turn: Said | Pressed) -> Answer:
        """What comes of what was said or pressed."""
        return await self._whatever_opens(partial(self._take, turn), turn)

    async def now_on_screen(self, turn: Said | Pressed) -> Answer:
        """The current state, without any effect: for an activity that was taken in before."""
        return Answer() if isinstance(turn, Said) else await self._whatever_opens(partial(self._state, turn), turn)

    async def unreadable(self) -> Answer:
        """Something came that is no text: a picture, a voice message."""
        return await self._whatever_opens(self._unreadable)

    async def _whatever_opens(self, act: Callable[[], Awaitable[Answer]], turn: Said | Pressed | None = None) -> Answer:
        """Act; with a draft that does not open, tell that and act as if there were none. Nothing was done before.

        It is kept apart, and comes back when it opens again.
        """
        try:
            return await act()
        except DraftUnreadable as unreadable:
            draft_id = unreadable.draft_id
        await self.uow.drafts.set_aside(draft_id, self.now)
        await self.uow.audit.append(AuditEntry(self.now, SYSTEM, "draft_set_aside", draft_id))
        if isinstance(turn, Pressed) and turn.data.get("draft") == draft_id:
            return Answer.in_place(self._lost())
        answer = await act()
        return replace(answer, replies=(Reply(self._lost(), in_place=False), *answer.replies))

    async def _take(self, turn: Said | Pressed) -> Answer:
        if isinstance(turn, Pressed):
            return await self._pressed(turn)
        answer = await self._said(turn.text, await self._draft())
        return replace(answer, replies=(*answer.replies, self._file_left())) if turn.with_file else answer

    async def _state(self, turn: Pressed) -> Answer:
        draft = await self._draft()
        if draft is not None and (turn.data.get("draft") == draft.id or turn.action in _BEGINS_DRAFT):
            return Answer.in_place(Intake(draft, self.knowledge).card())
        if turn.action.startswith("mine."):
            return await self._own_signals(replace(turn, action="mine.look"))
        if turn.action.startswith("entry."):
            return await self._keep_directory(replace(turn, action="entry.open"))
        if turn.action == "doubt.tell":
            return Answer.in_place(told_card(self.knowledge.texts))
        if "signal" in turn.data and self.person.actor.may(Right.SEE_CONTENT):
            return await self._officer(replace(turn, action="signal.open"))
        return await self._gone(turn)

    async def _unreadable(self) -> Answer:
        draft = await self._draft()
        if draft is None:
            return Answer.below(self._help("unknown.unreadable"))
        note = self.knowledge.texts("unknown.unreadable")
        return await self._drafting.new_card(draft.id, Intake(draft, self.knowledge).card(note))

    # --- pressed ---

    async def _pressed(self, pressed: Pressed) -> Answer:
        kind, _, act = pressed.action.partition(".")
        match kind:
            case "intake":
                return await self._intake(pressed)
            case "signal":
                return await self._officer(pressed)
            case "mine":
                return await self._own_signals(pressed)
            case "others":
                return await self._for_others(pressed)
            case "menu":
                return await self._command(_MENU.get(act, Command.HELP), await self._draft())
            case "entry":
                return await self._keep_directory(pressed)
            case "nudges":
                return await self._nudges(pressed)
            case "doubt":
                told = await tell_doubt(self.uow, self.person.actor, pressed, self.knowledge, self.now)
                return replace(Answer.in_place(told), notifies=True)
            case _:
                return Answer.in_place(self._help("unknown.button"))

    async def _intake(self, pressed: Pressed) -> Answer:
        draft = await self._draft()
        if draft is None or pressed.data.get("draft") != draft.id:
            return await self._gone(pressed)
        return await self._drafting.press(pressed, draft)

    async def _gone(self, pressed: Pressed) -> Answer:
        """A card of a draft that is no more: sent already, or wiped."""
        signal = await self.uow.signals.get(pressed.data.get("draft", ""))
        if signal is not None and signal.reporter == self.person.actor.id:
            return Answer.in_place(sent_card(signal, self.knowledge.texts))
        if await self.uow.drafts.is_aside(pressed.data.get("draft", "")):
            return Answer.in_place(self._lost())
        return Answer.in_place(self._help("intake.gone"))

    async def _own_signals(self, pressed: Pressed) -> Answer:
        if pressed.action in _MOVES_TEXT:
            return await self._move_text(pressed)
        try:
            return replace(Answer.in_place(await self._own.press(pressed)), notifies=True)
        except NotAllowed:
            return Answer.in_place(self._refused())

    async def _move_text(self, pressed: Pressed) -> Answer:
        """A text that is no answer: a report of its own, or part of the open one. Until it is, its card stays."""
        text, draft = pressed.inputs.get("text", "").strip(), await self._draft()
        if draft is not None and (draft.id, str(draft.version)) != _draft_of(pressed):
            return await self._drafting.resume(draft)
        answer = await (self._drafting.begin(text) if draft is None else self._drafting.say(text, draft))
        after = await self._draft()
        if after is None or (draft is None and not after.answers) or (draft is not None and draft == after):
            return answer
        moved = Reply(menu.plain_card(self.knowledge.texts("intake.moved")))
        return replace(answer, replies=(moved, *answer.replies))

    async def _for_others(self, pressed: Pressed) -> Answer:
        """The form that says where a signal comes from, and then the intake itself."""
        texts = self.knowledge.texts
        draft = await self._draft()
        if draft is not None:
            return await self._drafting.resume(draft)
        if pressed.action != "others.start":
            return Answer.in_place(forms.origin_card(texts))
        origin = self._own.origin(pressed)
        if isinstance(origin, Card):
            return Answer.in_place(origin)
        return await self._drafting.start(origin=origin, note=texts("for_others.begun"))

    async def _officer(self, pressed: Pressed) -> Answer:
        try:
            return replace(Answer.in_place(await self._officers.press(pressed)), notifies=True)
        except NotAllowed:
            return Answer.in_place(self._refused())

    async def _keep_directory(self, pressed: Pressed) -> Answer:
        dialog = DirectoryDialog(self.uow, self.person.actor, self.person.name, self.knowledge, self.now)
        try:
            return replace(Answer.in_place(await dialog.press(pressed)), changes_numbers=True)
        except NotAllowed:
            return Answer.in_place(self._refused("directory.refused"))

    async def _nudges(self, pressed: Pressed) -> Answer:
        try:
            return Answer.in_place(await self._nudging.press(pressed))
        except NotAllowed:
            return Answer.in_place(self._refused())

    # --- said ---

    async def _said(self, text: str, draft: Draft | None) -> Answer:
        """The words that work at any moment; then an answer to what is asked, or the beginning of something."""
        if asks_to_keep_directory(text):
            return (await self._keep_directory(Pressed("entry.list"))).as_new()
        if (keys := doubted(text, self.knowledge.directory)) is not None and (keys or draft is None):
            return await self._doubted(text, keys)
        if draft is not None and (pressed := await self._drafting.press_called(text, draft)) is not None:
            return pressed
        if (officers := await self._typed_by_officer(text, draft)) is not None:
            return officers
        request = request_in(text)
        if request is not None and (answer := await self._request(request, draft)) is not None:
            return answer
        if (command := command_in(text)) is not None:
            return await self._command(command, draft)
        if draft is not None and not (reference_in(text) and self._officers.denies(text)):
            return await self._drafting.say(text, draft)
        return await self._begin(text) if draft is None else self._not_done()

    async def _typed_by_officer(self, text: str, draft: Draft | None) -> Answer | None:
        """The words of a button on a case, before they could be anything else; of an own signal those of its reporter.

        While a report is open they must name the signal.
        """
        if (page := self._officers.page_called(text, beside_report=draft is not None)) is not None:
            return (await self._officer(page)).as_new()
        reference = reference_in(text)
        if draft is not None and not reference:
            return None
        if reference and request_in(text) is not None:
            named = await self.uow.signals.by_reference(reference)
            if named is not None and named.reporter == self.person.actor.id:
                return None
        return await self._said_to_officers(text, only_certain=True)

    async def _said_to_officers(self, text: str, *, only_certain: bool = False) -> Answer | None:
        if not self.person.actor.may(Right.SEE_QUEUE):
            return None
        try:
            card = await self._officers.say(text, only_certain=only_certain)
        except NotAllowed:
            return Answer.below(self._refused())
        return None if card is None else replace(Answer.below(card), notifies=True)

    async def _begin(self, text: str) -> Answer:
        """What is typed while no report is open."""
        if (officers := await self._said_to_officers(text)) is not None:
            return officers
        if asked := await self._own.asked():
            return self._which(text, asked)
        if self._officers.denies(text) or denies_request(text):
            return self._not_done()
        if (lesson := lesson_in(text, self.knowledge.learning)) is not None:
            return lesson_answer(lesson, self.knowledge, in_place=False)
        if self._reads_like_a_report(text):
            return await self._drafting.begin(text)
        if (numbers := answer_to_short_question(text, self.knowledge, self.now)) is not None:
            return numbers
        return Answer.below(self._help("unknown.text"))

    def _which(self, text: str, asked: Sequence[OwnSignal]) -> Answer:
        """It may be the answer to a question: that is asked. What a few words look up is shown all the same."""
        which = Reply(self._own.which(text, asked), in_place=False)
        if (lesson := lesson_in(text, self.knowledge.learning)) is not None:
            found = lesson_answer(lesson, self.knowledge, in_place=False)
        else:
            found = answer_to_short_question(text, self.knowledge, self.now) or Answer()
        return replace(found, replies=(*found.replies, which))

    async def _request(self, request: Request, draft: Draft | None) -> Answer | None:
        """What comes of a typed request; None if its text belongs to the open report, or to none."""
        if request.wish is Wish.ANSWER:
            card = await self._own.typed_answer(request, draft)
            return None if card is None else replace(Answer.below(card), notifies=True)
        if draft is not None and request.text:
            return None
        if request.wish in {Wish.NO_NUDGES, Wish.NUDGES, Wish.SET_NUDGES}:
            return Answer.below(await self._nudging.ask(request.wish))
        if request.wish is not Wish.REPORT_FOR_OTHERS:
            return replace(Answer.below(await self._own.ask(request)), notifies=True)
        if draft is not None:
            return await self._drafting.resume(draft)
        if not request.text:
            return Answer.below(forms.origin_card(self.knowledge.texts))
        return (await self._for_others(self._own.origin_told(request.text))).as_new()

    async def _doubted(self, text: str, keys: Sequence[str]) -> Answer:
        """Of one partner it is told at once; else it is asked which."""
        partners = [self.knowledge.directory[key] for key in keys] or self.knowledge.directory
        if len(keys) != 1:
            return Answer.below(wrong_number_card(partners, self.knowledge.texts, in_group=False))
        told = Pressed("doubt.tell", {"remark": uuid4().hex}, {"partner": keys[0], "remark": text})
        card = await tell_doubt(self.uow, self.person.actor, told, self.knowledge, self.now)
        return replace(Answer.below(card), notifies=True)

    def _reads_like_a_report(self, text: str) -> bool:
        """It is told, not asked: long enough and no question, or something in it sounds like a sign or like danger."""
        reading = self.knowledge.suggester.read(text)
        asks = text.rstrip().endswith("?")
        return bool(reading.suggestions) or reading.danger or (len(text.split()) >= WORDS_OF_A_REPORT and not asks)

    async def _command(self, command: Command, draft: Draft | None) -> Answer:
        if draft is not None and (answer := await self._drafting.command(command, draft)) is not None:
            return answer
        match command:
            case Command.REPORT | Command.PRACTICE | Command.RESUME if draft is not None:
                return await self._drafting.resume(draft)
            case Command.REPORT | Command.PRACTICE:
                return await self._drafting.start(practice=command is Command.PRACTICE)
            case Command.MINE:
                return Answer.below(await self._own.list())
            case Command.QUEUE:
                return Answer.below(await self._queue())
            case Command.HELP:
                return Answer.below(self._help("help.draft" if draft else ""))
            case _:
                return Answer.below(self._help("intake.none"))

    async def _queue(self) -> Card:
        try:
            return await self._officers.queue()
        except NotAllowed:
            return self._refused()

    # --- the dialogs of this person, and small cards ---

    async def _draft(self) -> Draft | None:
        return await self.uow.drafts.of(self.person.actor.id)

    @property
    def _drafting(self) -> DraftDialog:
        return DraftDialog(self.uow, self.person.actor, self.person.name, self.knowledge, self.now)

    @property
    def _nudging(self) -> NudgeDialog:
        return NudgeDialog(self.uow, self.person.actor, self.knowledge, self.now)

    @property
    def _own(self) -> ReporterDialog:
        return ReporterDialog(self.uow, self.person.actor, self.knowledge, self.now)

    @property
    def _officers(self) -> OfficerDialog:
        return OfficerDialog(self.uow, self.person.actor, self.knowledge, self.now)

    def _help(self, note: str) -> Card:
        return menu.help_card(self.person.actor, self.knowledge, self.knowledge.texts(note) if note else "")

    def _lost(self) -> Card:
        """An open report does not open: what is safe, and how to begin anew."""
        texts = self.knowledge.texts
        card = menu.text_card(texts, "lost.title", "lost.text", "lost.sent", "lost.again", "danger.short")
        return replace(card, buttons=(menu.menu_buttons(self.person.actor, texts)[0],))

    def _not_done(self) -> Answer:
        """What somebody says not to want is not done, and that is told."""
        return Answer.below(menu.text_card(self.knowledge.texts, "denied.title", "denied.text"))

    def _refused(self, why: str = "refused.text") -> Card:
        return menu.text_card(self.knowledge.texts, "refused.title", why)

    def _file_left(self) -> Reply:
        return Reply(menu.text_card(self.knowledge.texts, "file_left.title", "file_left.text"), in_place=False)


def _draft_of(pressed: Pressed) -> tuple[str, str]:
    """The draft that a button belongs to, and its version on the card."""
    return pressed.data.get("draft", ""), pressed.data.get("version", "")


#: A typed text that stood on the card which asks where it belongs.
_MOVES_TEXT = frozenset({"mine.report", "mine.draft"})
_BEGINS_DRAFT = _MOVES_TEXT | {"others.start"}
_MENU = {
    "report": Command.REPORT,
    "practice": Command.PRACTICE,
    "mine": Command.MINE,
    "queue": Command.QUEUE,
    "help": Command.HELP,
    "resume": Command.RESUME,
    "stop": Command.STOP,
}
