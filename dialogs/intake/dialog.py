"""The intake as a conversation: a draft and what the reporter does, to a card and the next draft. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from dialogs.commands import Command, denied_command
from dialogs.domain.signals import Answer, Draft
from dialogs.intake import cards
from dialogs.intake.answers import WORDS_THAT_TELL, AnswerRejected, read_answer, reason_in_words, skipped
from dialogs.intake.fields import suggested_keys
from dialogs.intake.filled import Filled, filled_in
from dialogs.intake.flow import Flow
from dialogs.intake.questions import FOLLOW_UP, YES, Kind, Page, Question
from dialogs.intake.summary import own_words
from dialogs.intake.summary_card import summary_card
from dialogs.intake.typed import (
    as_it_opened,
    button_called,
    denied_button,
    is_next,
    list_called,
    question_called,
    ticks_called,
)
from dialogs.knowledge import Knowledge
from dialogs.turn import Card, Option, Pressed

#: What is on screen beside the next open page: an earlier page, one on which something was refused, one that is changed
#: from the summary, one question.
PAGE = "page:"
AGAIN = "again:"
EDIT = "edit:"
QUESTION = "question:"
STOP = "stop"
#: Why a text is refused that is none of the choices; one that tells more goes to the story all the same.
_NOT_AMONG_THESE = {"no_such_choice", "no_such_tick", "no_such_subject", "no_such_number"}


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of one step: the card to show, and the draft as it is now."""

    card: Card
    draft: Draft
    #: The reporter wants it sent.
    send: bool = False
    #: The reporter wants it gone.
    wipe: bool = False
    #: The reporter wants to go on another time.
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What cannot be stored, by question key: why, and what was filled in."""

    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    refused: Mapping[str, str] = field(default_factory=dict[str, str])


class Intake:
    """One draft, seen with the knowledge of the municipality."""

    def __init__(self, draft: Draft, knowledge: Knowledge) -> None:
        self.draft = draft
        self.knowledge = knowledge
        officers = tuple(Option(key, name) for key, name in knowledge.officer_names.items())
        self.flow = Flow.of(draft, knowledge.criteria, officers, knowledge.questions)

    @property
    def page(self) -> Page | None:
        """The page on screen; None is the summary."""
        if (page := self._focused_page()) is not None:
            return page
        if question := self._focused_question():
            return self.flow.page_of(question)
        return self.flow.next_page()

    def on_screen(self) -> tuple[Question, ...]:
        """The questions on screen."""
        if (page := self._focused_page()) is not None:
            return self.flow.applying(page)
        if question := self._focused_question():
            return (question,)
        page = self.flow.next_page()
        return () if page is None else self.flow.open(page)

    def card(self, note: str = "", mistakes: Mistakes | None = None) -> Card:
        """The card for the state this draft is in, with a remark on top if there is one."""
        if self.draft.focus == STOP:
            return cards.stop_card(self.draft, self.knowledge.texts, note)
        if (page := self.page) is None:
            return summary_card(self.draft, self.flow, self.knowledge, note)
        wrong = mistakes or Mistakes()
        return cards.page_card(
            self.draft, self.flow, page, self.on_screen(), self.knowledge, note, wrong.errors, wrong.refused
        )

    def press(self, pressed: Pressed, now: datetime) -> Step:
        """A button on a card of this draft."""
        filled = filled_in(pressed, self.draft, self.flow, self.knowledge, now)
        if pressed.data.get("version") != str(self.draft.version):
            return self._stale(filled, now)
        moves = {"intake.back": self.back, "intake.skip": self.skip, "intake.stop": self.stop, "intake.send": self.send}
        match pressed.action:
            case "intake.answer" | "intake.send" if filled.errors:
                return self._refuse(filled, now)
            case "intake.answer":
                return self._store(filled.answers, now)
            case "intake.resume" | "intake.keep" as act:
                return replace(self._next(replace(self.draft, focus=None), now), keep=act == "intake.keep")
            case "intake.edit":
                return self._edit(pressed.data, now)
            case "intake.wipe":
                return Step(self.card(), self.draft, wipe=True)
            case act if act in moves:
                return moves[act](now, filled.changed)
            case _:
                return self._stay(self.knowledge.texts("intake.stale"))

    def press_called(self, text: str) -> Pressed | None:
        """The press on screen whose words were typed; "wijzig" with the name of an answer, wherever one is."""
        if (question := question_called(text, self._answered())) is not None:
            button = cards.button(self.draft, text, "intake.edit", question=question.key)
            return Pressed(button.action, button.data)
        card = self.card()
        button = button_called(text, card)
        if button is None:
            return None
        return Pressed(button.action, button.data, as_it_opened(card) if is_next(button) else {})

    def denies(self, text: str) -> bool:
        """Whether it says not to send, or not to wipe where that can be chosen."""
        button = denied_button(text, self.card())
        ends = button is not None and button.action in {"intake.send", "intake.wipe"}
        return ends or denied_command(text) in {Command.SEND, Command.STOP}

    def not_done(self) -> Step:
        """What was on screen, and that nothing was sent or wiped."""
        return self._stay(self.knowledge.texts("denied.draft"))

    def _answered(self) -> tuple[Question, ...]:
        return tuple(question for question in self.flow.applying() if question.key in self.draft.answers)

    def say(self, text: str, now: datetime) -> Step:
        """A typed answer to the first open question on screen; a text that tells more goes to the story."""
        tells = len(text.split()) >= WORDS_THAT_TELL
        questions = self.on_screen()
        if self.draft.focus == STOP or not questions:
            note = "" if self.draft.focus == STOP else self.knowledge.texts("intake.summary_help")
            return self._add_to_story(text, now) if tells else self._stay(note)
        question = next((each for each in questions if each.key not in self.draft.answers), questions[0])
        if len(questions) > 1 and (self.draft.focus or "").startswith(EDIT):
            return self._stay(self.knowledge.texts("intake.which"))
        if question.key == "story" and self._focused_question() is None and self.draft.answers.get("story"):
            return self._add_to_story(text, now)
        try:
            answers = self._called(question, questions, text, now)
        except AnswerRejected as rejected:
            if tells and rejected.reason in _NOT_AMONG_THESE:
                return self._add_to_story(text, now)
            return self._stay(self._reason(rejected, question))
        if tells and question.kind is Kind.CHOICE:
            return self._add_to_story(text, now, answers)
        return self._store(answers, now)

    def back(self, now: datetime, filled: Mapping[str, Answer] | None = None) -> Step:
        """To the page before this one, filled in as it was; from an answer that is changed, to the summary."""
        draft = self._with(filled or {})
        if self._changes_one():
            return self._next(replace(draft, focus=None), now)
        before = self.flow.page_before(self.page)
        if before is None:
            return self._stay(self.knowledge.texts("intake.first_page"))
        return self._next(replace(draft, focus=f"{PAGE}{before}"), now)

    def skip(self, now: datetime, filled: Mapping[str, Answer] | None = None) -> Step:
        """Past the questions on screen, as far as they may be passed over."""
        given = {**self.draft.answers, **(filled or {})}
        questions = self.on_screen()
        if required := next((q for q in questions if q.required and not given.get(q.key)), None):
            return self._stay(required.error)
        passed = {q.key: skipped(q) for q in questions if q.key not in given}
        return self._store({**passed, **(filled or {})}, now)

    def stop(self, now: datetime, filled: Mapping[str, Answer] | None = None) -> Step:
        """Ask whether to keep or to wipe."""
        return self._next(replace(self._with(filled or {}), focus=STOP), now)

    def resume(self, now: datetime, note: str) -> Step:
        """Go on where it was left; a stop or a change that was not finished is put aside."""
        stays = self.draft.focus is None or self.draft.focus.startswith(AGAIN)
        return self._stay(note) if stays else self._next(replace(self.draft, focus=None), now, note)

    def send(self, now: datetime, filled: Mapping[str, Answer] | None = None) -> Step:
        """Send as it is, if there is anything to send and it is clear who may not see it.

        Words of danger that nobody was asked about come first, once, with 112 on screen.
        """
        whole = Intake(self._with(filled or {}), self.knowledge)
        if not whole.draft.answers.get("story"):
            return self._stay(self.knowledge.texts("rejected.empty"))
        if whole.flow.open(Page.DANGER_CHECK) and self.page is not Page.DANGER_CHECK:
            return self._next(replace(whole.draft, focus=f"{PAGE}{Page.DANGER_CHECK}"), now)
        about = next((q for q in whole.flow.open(Page.OFFICER) if q.required), None)
        if about is not None:
            return self._next(replace(whole.draft, focus=f"{QUESTION}{about.key}"), now, about.error)
        return Step(whole.card(), whole.draft, send=True)

    def begin(self, story: str, now: datetime) -> Step:
        """Start with a text that was already typed; a text that cannot be stored is asked again."""
        question = self._story_question()
        try:
            return self._store({"story": self._read(question, story, now)}, now)
        except AnswerRejected as rejected:
            return self._stay(self._reason(rejected, question))

    # --- what is on screen ---

    def _focused_page(self) -> Page | None:
        kind, _, name = (self.draft.focus or "").partition(":")
        focused = next((page for page in Page if page == name and f"{kind}:" in {PAGE, AGAIN, EDIT}), None)
        return focused if focused is not None and self.flow.applying(focused) else None

    def _changes_one(self) -> bool:
        """Something is changed that was answered: the way from there is to the summary."""
        return self._focused_question() is not None or (self.draft.focus or "").startswith(EDIT)

    def _focused_question(self) -> Question | None:
        applying = self.flow.applying()
        return next((question for question in applying if self.draft.focus == f"{QUESTION}{question.key}"), None)

    def _edit(self, data: Mapping[str, str], now: datetime) -> Step:
        """Change a page, or one question of it; what was asked about criteria stands on a page of its own."""
        page, key = data.get("page", ""), data.get("question", "")
        if key.startswith(FOLLOW_UP):
            page = Page.FOLLOW_UP
        if page in {self.flow.page_of(question) for question in self.flow.applying()}:
            return self._next(replace(self.draft, focus=f"{EDIT}{page}"), now)
        if key in {question.key for question in self.flow.applying()}:
            return self._next(replace(self.draft, focus=f"{QUESTION}{key}"), now)
        return self._stay(self.knowledge.texts("intake.stale"))

    # --- what was filled in or typed ---

    def _read(self, question: Question, text: str, now: datetime) -> Answer:
        return read_answer(question, text, self.flow.situation, now)

    def _stale(self, filled: Filled, now: datetime) -> Step:
        """A press on a card that is out of date changes no answer; what it brings that is new is kept."""
        note = self.knowledge.texts("intake.stale")
        new = {key: answer for key, answer in filled.changed.items() if key not in self.draft.answers}
        return self._store(new, now, note) if new else self._stay(note)

    def _refuse(self, filled: Filled, now: datetime) -> Step:
        """Keep what is right, and show what is not with the reason, also to who comes back later."""
        focus = self.draft.focus if self._changes_one() or self.page is None else f"{AGAIN}{self.page}"
        draft = replace(self._with(filled.changed), focus=focus)
        return self._next(draft, now, mistakes=Mistakes(filled.errors, filled.refused))

    def _called(self, question: Question, on_screen: Sequence[Question], text: str, now: datetime) -> dict[str, Answer]:
        """What was typed as the answer to a question, or to the list of which it is the first."""
        if question.kind is Kind.TICKS:
            suggested = suggested_keys(self.draft, self.knowledge.criteria)
            return {question.key: ticks_called(text, suggested, self.draft.answers.get(question.key, ()))}
        listed = [each.key for each in on_screen if each.key.startswith(FOLLOW_UP)]
        if question.key in listed and len(listed) > 1:
            return list_called(text, listed)
        return {question.key: self._read(question, text, now)}

    def _add_to_story(self, text: str, now: datetime, answers: Mapping[str, Answer] | None = None) -> Step:
        """What was typed beside the question is told too: no word is lost."""
        question = self._story_question()
        told = own_words(self.draft.answers.get("story", ""))
        try:
            story = self._read(question, f"{told}\n{text}".strip(), now)
        except AnswerRejected as rejected:
            return self._stay(self._reason(rejected, question))
        draft = self._with({"story": story, **(answers or {})})
        if not answers:
            draft = replace(draft, focus=self.draft.focus or draft.focus)
        return self._next(draft, now, self.knowledge.texts("intake.added"))

    def _story_question(self) -> Question:
        return next(question for question in self.knowledge.questions if question.key == "story")

    # --- the next draft ---

    def _store(self, answers: Mapping[str, Answer], now: datetime, note: str = "") -> Step:
        return self._next(self._with(answers), now, note)

    def _with(self, answers: Mapping[str, Answer]) -> Draft:
        """The draft with these answers too."""
        draft = replace(self.draft, answers={**self.draft.answers, **answers}, focus=None)
        return self._read_story(draft) if "story" in answers else draft

    def _read_story(self, draft: Draft) -> Draft:
        """Read the story once. What is new in it is asked again: danger, and what may be ticked."""
        reading = self.knowledge.suggester.read(str(draft.answers["story"]))
        known = {suggestion.criterion for suggestion in self.draft.suggestions}
        answers = dict(draft.answers)
        if reading.danger and reading.danger_quote != self.draft.danger_quote and answers.get("danger_check") != YES:
            answers.pop("danger_check", None)
        fresh = any(suggestion.criterion not in known for suggestion in reading.suggestions)
        return replace(
            draft,
            answers=answers,
            suggestions=reading.suggestions,
            danger_quote=reading.danger_quote if reading.danger else None,
            minor_quote=reading.minor_quote,
            focus=f"{PAGE}{Page.SIGNS}" if fresh and "signs" in answers else None,
        )

    def _next(self, draft: Draft, now: datetime, note: str = "", mistakes: Mistakes | None = None) -> Step:
        """The step to a changed draft; its card already carries the version that storing it will give."""
        if self.draft.version and replace(draft, changed_at=self.draft.changed_at) == self.draft:
            return Step(self.card(note, mistakes), self.draft)
        stored = replace(draft, version=self.draft.version + 1)
        return Step(Intake(stored, self.knowledge).card(note, mistakes), replace(draft, changed_at=now))

    def _stay(self, note: str) -> Step:
        return Step(self.card(note), self.draft)

    def _reason(self, rejected: AnswerRejected, question: Question) -> str:
        return reason_in_words(rejected, question, self.knowledge.texts)
