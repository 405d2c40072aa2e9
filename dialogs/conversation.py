"""Which dialog takes this turn, and the one transaction in which it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from dialogs import menu
from dialogs.commands import Command, command_in
from dialogs.directory.dialog import DirectoryDialog, asks_to_keep_directory
from dialogs.domain.access import Actor, NotAllowed, Right
from dialogs.domain.addresses import CardSubject
from dialogs.domain.bsn import find_bsn
from dialogs.domain.lifecycle import TransitionNotAllowed
from dialogs.domain.partners import PartnerRemark
from dialogs.domain.signals import OWN_REPORT, Draft, Origin
from dialogs.intake.dialog import Intake, Step
from dialogs.knowledge import Knowledge
from dialogs.learning import Lesson, lesson_in
from dialogs.lessons import lesson_card, lesson_pressed
from dialogs.lookup import look_up, look_up_query
from dialogs.numbers import numbers_card, wrong_number_card
from dialogs.officer.dialog import OfficerDialog
from dialogs.ports import UnitOfWork
from dialogs.reporter import cards as reporter_cards
from dialogs.reporter import forms
from dialogs.reporter.dialog import ReporterDialog
from dialogs.requests import Request, Wish, request_in
from dialogs.turn import Answer, Card, Line, Pressed, Reply, Said, Style
from dialogs.use_cases.edit_partner import doubt
from dialogs.use_cases.submit_signal import NobodyToReceive, submit_signal

#: A text of this many words is told to us, not asked of us: it starts a report.
_WORDS_OF_A_REPORT = 5


@dataclass(frozen=True, slots=True)
class Person:
    """Who is speaking."""

    actor: Actor
    name: str


def answer_from_memory(
    said: Said | Pressed, knowledge: Knowledge, now: datetime, *, in_group: bool = False
) -> Answer | None:
    """The answer that needs no journal and no database: a number, or the list of numbers. None for all else.

    In a group whatever is asked of the bot may be for a number: there nobody has a draft, and nothing else is answered.
    """
    directory = knowledge.directory
    match said:
        case Pressed(action="menu.numbers"):
            return _numbers("", knowledge, now, in_group=in_group)
        case Pressed(action="doubt.form", data=data):
            asked = [directory[key] for key in data.get("partners", "").split(",") if key in directory]
            return _new(wrong_number_card(asked or directory, knowledge.texts, in_group=in_group))
        case Pressed():
            lesson = lesson_pressed(said)
            return _lesson(lesson, knowledge, in_place=said.action == "learn.show") if lesson else None
        case Said(text=text) if not in_group and (lesson := _asked_lesson(text, knowledge)) is not None:
            return _lesson(lesson, knowledge, in_place=False)
        case Said(text=text) if asks_to_keep_directory(text):
            return None
        case Said(text=text) if command_in(text) is Command.NUMBERS:
            return _numbers("", knowledge, now, in_group=in_group)
        case Said(text=text) if (query := look_up_query(directory, text)) is not None:
            return _numbers(query, knowledge, now, in_group=in_group)
        case Said(text=text):
            return answer_to_short_question(text, knowledge, now, in_group=True) if in_group else None


def _asked_lesson(text: str, knowledge: Knowledge) -> Lesson | None:
    """The lesson that is asked for in a sentence; one word may just as well be an answer."""
    return lesson_in(text, knowledge.learning) if len(text.split()) > 1 else None


def _lesson(lesson: Lesson, knowledge: Knowledge, *, in_place: bool) -> Answer:
    return Answer((Reply(lesson_card(lesson, knowledge), in_place=in_place),))


def answer_to_short_question(
    text: str, knowledge: Knowledge, now: datetime, *, in_group: bool = False
) -> Answer | None:
    """The numbers for a few words that point to somebody in the directory: for who has no draft open."""
    if not 0 < len(text.split()) < _WORDS_OF_A_REPORT or not look_up(knowledge.directory, text, now).exact:
        return None
    return _numbers(text, knowledge, now, in_group=in_group)


def _numbers(query: str, knowledge: Knowledge, now: datetime, *, in_group: bool) -> Answer:
    answer = look_up(knowledge.directory, query, now)
    return _new(numbers_card(answer, knowledge.texts, in_group=in_group, away=knowledge.partners.away))


@dataclass(frozen=True, slots=True)
class Conversation:
    """One turn of one person in one transaction. The caller commits."""

    uow: UnitOfWork
    person: Person
    knowledge: Knowledge
    now: datetime

    async def take(self, turn: Said | Pressed) -> Answer:
        """What comes of what was said or pressed."""
        if isinstance(turn, Pressed):
            return await self._pressed(turn)
        draft = await self.uow.drafts.of(self.person.actor.id)
        answer = await self._said(turn.text, draft)
        return replace(answer, replies=(*answer.replies, self._file_left())) if turn.with_file else answer

    async def now_on_screen(self, turn: Said | Pressed) -> Answer:
        """The current state, without any effect: for an activity that was taken in before."""
        if isinstance(turn, Said):
            return Answer()
        draft = await self.uow.drafts.of(self.person.actor.id)
        if draft is not None and turn.data.get("draft") == draft.id:
            return _in_place(Intake(draft, self.knowledge).card())
        if draft is not None and turn.action == "others.start":
            return _in_place(Intake(draft, self.knowledge).card())
        if turn.action.startswith("mine."):
            return await self._reporter(replace(turn, action="mine.look"))
        if turn.action.startswith("entry."):
            return await self._keep_directory(replace(turn, action="entry.open"))
        if turn.action == "doubt.tell":
            return self._told()
        if "signal" in turn.data and self.person.actor.may(Right.SEE_CONTENT):
            return await self._officer(replace(turn, action="signal.open"))
        return await self._gone(turn)

    # --- pressed ---

    async def _pressed(self, pressed: Pressed) -> Answer:
        kind, _, act = pressed.action.partition(".")
        match kind:
            case "intake":
                return await self._intake_press(pressed)
            case "signal":
                return await self._officer(pressed)
            case "mine":
                return await self._reporter(pressed)
            case "others":
                return await self._for_others(pressed)
            case "menu":
                return await self._menu(act)
            case "entry":
                return await self._keep_directory(pressed)
            case "doubt":
                return await self._doubt(pressed)
            case _:
                return _in_place(self._help(self.knowledge.texts("unknown.button")))

    async def _menu(self, act: str) -> Answer:
        commands = {
            "report": Command.REPORT,
            "practice": Command.PRACTICE,
            "mine": Command.MINE,
            "queue": Command.QUEUE,
            "help": Command.HELP,
            "resume": Command.RESUME,
            "stop": Command.STOP,
        }
        draft = await self.uow.drafts.of(self.person.actor.id)
        return await self._command(commands.get(act, Command.HELP), draft)

    async def _intake_press(self, pressed: Pressed) -> Answer:
        draft = await self.uow.drafts.of(self.person.actor.id)
        if draft is None or pressed.data.get("draft") != draft.id:
            return await self._gone(pressed)
        return await self._step(Intake(draft, self.knowledge).press(pressed, self.now), draft, in_place=True)

    async def _gone(self, pressed: Pressed) -> Answer:
        """A card of a draft that is no more: sent already, or wiped."""
        signal = await self.uow.signals.get(pressed.data.get("draft", ""))
        if signal is not None and signal.reporter == self.person.actor.id:
            return _in_place(reporter_cards.sent_card(signal, self.knowledge.texts))
        return _in_place(self._help(self.knowledge.texts("intake.gone")))

    async def _reporter(self, pressed: Pressed) -> Answer:
        try:
            return replace(_in_place(await self._own.press(pressed)), notifies=True)
        except NotAllowed:
            return _in_place(self._not_yours())

    @property
    def _own(self) -> ReporterDialog:
        return ReporterDialog(self.uow, self.person.actor, self.knowledge, self.now)

    async def _for_others(self, pressed: Pressed) -> Answer:
        """The form that says where a signal comes from, and then the intake itself."""
        texts = self.knowledge.texts
        draft = await self.uow.drafts.of(self.person.actor.id)
        if draft is not None:
            return await self._command(Command.RESUME, draft)
        if pressed.action != "others.start":
            return _in_place(forms.origin_card(texts))
        origin = self._own.origin(pressed)
        if isinstance(origin, Card):
            return _in_place(origin)
        fresh = await self._store(self._new_draft(practice=False, origin=origin))
        return await self.new_card(fresh.id, Intake(fresh, self.knowledge).card(texts("for_others.begun")))

    async def _officer(self, pressed: Pressed) -> Answer:
        dialog = OfficerDialog(self.uow, self.person.actor, self.knowledge, self.now)
        try:
            return replace(_in_place(await dialog.press(pressed)), notifies=True)
        except NotAllowed:
            return _in_place(self._not_yours())
        except TransitionNotAllowed:
            card = await dialog.press(replace(pressed, action="signal.open"))
            return _in_place(card)

    async def _keep_directory(self, pressed: Pressed) -> Answer:
        dialog = DirectoryDialog(self.uow, self.person.actor, self.person.name, self.knowledge, self.now)
        try:
            return replace(_in_place(await dialog.press(pressed)), changes_numbers=True)
        except NotAllowed:
            return _in_place(self._not_the_keeper())

    async def _doubt(self, pressed: Pressed) -> Answer:
        """Somebody says that a number is not right."""
        key, text = pressed.inputs.get("partner", ""), pressed.inputs.get("remark", "")
        texts = self.knowledge.texts
        directory = self.knowledge.directory
        known = key in directory
        if not known or find_bsn(text):
            fault = texts("rejected.bsn") if known else texts("numbers.wrong.which")
            partners = [directory[key]] if known else directory
            return _in_place(wrong_number_card(partners, texts, in_group=False, remark=text, fault=fault))
        actor = self.person.actor
        remark_id = f"{pressed.data.get('remark', '')}.{key}.{actor.id}"
        remark = PartnerRemark(remark_id, key, self.now, actor.id, text)
        await doubt(self.uow, actor, remark, self.knowledge.staff)
        return replace(self._told(), notifies=True)

    def _told(self) -> Answer:
        texts = self.knowledge.texts
        return _in_place(menu.plain_card(texts("numbers.wrong.title"), Line(texts("numbers.wrong.told"), Style.GOOD)))

    # --- said ---

    async def _said(self, text: str, draft: Draft | None) -> Answer:
        if asks_to_keep_directory(text):
            answer = await self._keep_directory(Pressed("entry.list"))
            return _new(answer.replies[0].card)
        if draft is not None and (button := Intake(draft, self.knowledge).button_called(text)) is not None:
            pressed = Pressed(button.action, button.data)
            return await self._step(Intake(draft, self.knowledge).press(pressed, self.now), draft, in_place=False)
        if (request := request_in(text)) is not None and (draft is None or not request.text):
            return await self._request(request, draft)
        if (command := command_in(text)) is not None:
            return await self._command(command, draft)
        if draft is not None:
            return await self._step(Intake(draft, self.knowledge).say(text, self.now), draft, in_place=False)
        if (lesson := lesson_in(text, self.knowledge.learning)) is not None:
            return _lesson(lesson, self.knowledge, in_place=False)
        if self._reads_like_a_report(text):
            fresh = self._new_draft(practice=False)
            return await self._step(Intake(fresh, self.knowledge).begin(text, self.now), fresh, in_place=False)
        if (numbers := answer_to_short_question(text, self.knowledge, self.now)) is not None:
            return numbers
        return _new(self._help(self.knowledge.texts("unknown.text")))

    async def _request(self, request: Request, draft: Draft | None) -> Answer:
        if request.wish is not Wish.REPORT_FOR_OTHERS:
            return replace(_new(await self._own.ask(request)), notifies=True)
        if draft is not None:
            return await self._command(Command.RESUME, draft)
        return _new(forms.origin_card(self.knowledge.texts))

    def _reads_like_a_report(self, text: str) -> bool:
        """It is told, not asked: long enough and no question, or something in it sounds like a sign or like danger."""
        reading = self.knowledge.suggester.read(text)
        asks = text.rstrip().endswith("?")
        return bool(reading.suggestions) or reading.danger or (len(text.split()) >= _WORDS_OF_A_REPORT and not asks)

    async def _command(self, command: Command, draft: Draft | None) -> Answer:
        if draft is not None and (step := self._in_intake(command, draft)) is not None:
            return await self._step(step, draft, in_place=False)
        match command:
            case Command.REPORT | Command.PRACTICE | Command.RESUME if draft is not None:
                note = self.knowledge.texts("intake.resumed")
                step = Intake(draft, self.knowledge).resume(self.now, note)
                return await self._step(step, draft, in_place=False)
            case Command.REPORT | Command.PRACTICE:
                fresh = await self._store(self._new_draft(practice=command is Command.PRACTICE))
                return await self.new_card(fresh.id, Intake(fresh, self.knowledge).card())
            case Command.MINE:
                return _new(await self._own.list())
            case Command.QUEUE:
                return _new(await self._queue())
            case Command.HELP:
                return _new(self._help(self.knowledge.texts("help.draft") if draft else ""))
            case _:
                return _new(self._help(self.knowledge.texts("intake.none")))

    def _in_intake(self, command: Command, draft: Draft) -> Step | None:
        """The command as a step of the open draft; None if it is not about the draft."""
        intake = Intake(draft, self.knowledge)
        steps: Mapping[Command, Callable[[datetime], Step]] = {
            Command.BACK: intake.back,
            Command.SKIP: intake.skip,
            Command.STOP: intake.stop,
            Command.SEND: intake.send,
        }
        return steps[command](self.now) if command in steps else None

    async def _queue(self) -> Card:
        try:
            return await OfficerDialog(self.uow, self.person.actor, self.knowledge, self.now).queue()
        except NotAllowed:
            return self._not_yours()

    # --- the draft ---

    def _new_draft(self, *, practice: bool, origin: Origin = OWN_REPORT) -> Draft:
        return Draft(uuid4().hex, self.person.actor.id, self.now, self.now, practice=practice, origin=origin)

    async def _store(self, draft: Draft) -> Draft:
        return await self.uow.drafts.save(draft)

    async def _step(self, step: Step, before: Draft, *, in_place: bool) -> Answer:
        """Do what a step of the intake asks: send, wipe, store the change, or nothing."""
        if step.send:
            return await self._send(step.draft, in_place=in_place)
        if step.wipe:
            await self.uow.drafts.remove(before.id)
            return await self._ended(before, self._wiped(), in_place=in_place)
        if step.draft != before or before.version == 0:
            await self._store(step.draft)
        if step.keep:
            return await self._ended(before, self._kept(), in_place=in_place)
        return _in_place(step.card) if in_place else await self.new_card(before.id, step.card)

    async def _send(self, draft: Draft, *, in_place: bool) -> Answer:
        texts = self.knowledge.texts
        if draft.practice:
            await self.uow.drafts.remove(draft.id)
            card = menu.plain_card(texts("practice.title"), Line(texts("practice.text"), Style.GOOD))
            return await self._ended(draft, replace(card, practice=True), in_place=in_place)
        try:
            submitted = await submit_signal(
                self.uow, draft, self.person.actor, self.person.name, self.knowledge, self.now
            )
        except NobodyToReceive:
            card = menu.plain_card(texts("nobody.title"), Line(texts("nobody.text")), Line(texts("danger.short")))
            return _in_place(card) if in_place else _new(card)
        ended = await self._ended(draft, reporter_cards.sent_card(submitted.signal, texts), in_place=in_place)
        return replace(ended, notifies=True)

    async def _ended(self, draft: Draft, card: Card, *, in_place: bool) -> Answer:
        """The draft is no more: its card shows what became of it; typed, that comes below and the card shrinks too."""
        if in_place:
            return _in_place(card)
        old = await self.uow.cards.of(draft.id, CardSubject.DRAFT)
        return Answer((Reply(card, in_place=False),), {known.message_id: card for known in old})

    async def new_card(self, draft_id: str, card: Card) -> Answer:
        """A new message for the draft; the message that showed it until now points to it."""
        moved = menu.plain_card(self.knowledge.texts("intake.moved"))
        old = await self.uow.cards.of(draft_id, CardSubject.DRAFT)
        reply = Reply(card, in_place=False, shows_draft=draft_id)
        return Answer((reply,), {known.message_id: moved for known in old})

    # --- small cards ---

    def _help(self, note: str = "") -> Card:
        return menu.help_card(self.person.actor, self.knowledge, note)

    def _not_yours(self) -> Card:
        texts = self.knowledge.texts
        return menu.plain_card(texts("refused.title"), Line(texts("refused.text")))

    def _file_left(self) -> Reply:
        texts = self.knowledge.texts
        card = menu.plain_card(texts("file_left.title"), Line(texts("file_left.text")))
        return Reply(card, in_place=False)

    def _not_the_keeper(self) -> Card:
        texts = self.knowledge.texts
        return menu.plain_card(texts("refused.title"), Line(texts("directory.refused")))

    def _kept(self) -> Card:
        texts = self.knowledge.texts
        return replace(
            menu.plain_card(texts("kept.title"), Line(texts("kept.text"))),
            buttons=(menu.menu_buttons(self.person.actor, texts)[0],),
        )

    def _wiped(self) -> Card:
        texts = self.knowledge.texts
        return menu.plain_card(texts("wiped.title"), Line(texts("wiped.text")))


def _in_place(card: Card) -> Answer:
    return Answer((Reply(card),))


def _new(card: Card) -> Answer:
    return Answer((Reply(card, in_place=False),))
