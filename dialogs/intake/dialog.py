"""The intake as a conversation: a draft and what the reporter does, to a card and the next draft. Pure."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from rapidfuzz import fuzz

from dialogs.domain.signals import Answer, Draft
from dialogs.intake import cards
from dialogs.intake.flow import AnswerRejected, Flow, read_answer, read_fields, skipped
from dialogs.intake.questions import Kind, Page, Question
from dialogs.knowledge import Knowledge
from dialogs.turn import Card, Option, Pressed

PAGE = "page:"
QUESTION = "question:"
STOP = "stop"


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of one step: the card to show, and the draft as it is now."""

    card: Card
    draft: Draft
    #: The reporter wants it sent.
    send: bool = False
    #: The reporter wants it gone.
    wipe: bool = False


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
        if self.draft.focus and self.draft.focus.startswith(PAGE):
            return Page(self.draft.focus.removeprefix(PAGE))
        if question := self._focused_question():
            return question.page
        return self.flow.next_page()

    def on_screen(self) -> tuple[Question, ...]:
        """The questions on screen."""
        if question := self._focused_question():
            return (question,)
        if (page := self.page) is None:
            return ()
        return self.flow.applying(page) if self.draft.focus else self.flow.open(page)

    def card(self, note: str = "", errors: Mapping[str, str] | None = None) -> Card:
        """The card for the state this draft is in, with a remark on top if there is one."""
        if self.draft.focus == STOP:
            return cards.stop_card(self.draft, self.knowledge.texts, note)
        if (page := self.page) is None:
            return cards.summary_card(self.draft, self.flow, self.knowledge, note)
        return cards.page_card(self.draft, self.flow, page, self.on_screen(), self.knowledge, note, errors or {})

    def press(self, pressed: Pressed, now: datetime) -> Step:
        """A button on a card of this draft. A card that shows an older version changes nothing."""
        if pressed.data.get("version") != str(self.draft.version):
            return self._stay(self.knowledge.texts("intake.stale"))
        match pressed.action:
            case "intake.answer":
                return self._fill(dict(pressed.inputs) | _button_answer(pressed), now)
            case "intake.back":
                return self.back(now)
            case "intake.skip":
                return self.skip(now)
            case "intake.stop":
                return self.stop(now)
            case "intake.resume":
                return self._next(replace(self.draft, focus=None), now)
            case "intake.edit":
                return self._edit(pressed.data.get("question", ""), now)
            case "intake.wipe":
                return Step(self.card(), self.draft, wipe=True)
            case "intake.send":
                return Intake(self._with_filled(pressed.inputs), self.knowledge).send(now)
            case _:
                return self._stay(self.knowledge.texts("intake.stale"))

    def say(self, text: str, now: datetime) -> Step:
        """A typed answer to the first question on screen."""
        if self.draft.focus == STOP:
            return self._say_at_stop(text, now)
        questions = self.on_screen()
        if not questions:
            return self._stay(self.knowledge.texts("intake.summary_help"))
        question = questions[0]
        try:
            answer = self._typed_ticks(text) if question.kind is Kind.TICKS else self._read(question, text)
        except AnswerRejected as rejected:
            return self._stay(self._reason(rejected, question))
        return self._store({question.key: answer}, now)

    def back(self, now: datetime) -> Step:
        """To the page before this one, filled in as it was."""
        before = self.flow.page_before(self.page)
        if before is None:
            return self._stay(self.knowledge.texts("intake.first_page"))
        return self._next(replace(self.draft, focus=f"{PAGE}{before}"), now)

    def skip(self, now: datetime) -> Step:
        """Past the questions on screen, as far as they may be passed over."""
        questions = self.on_screen()
        if required := next((q for q in questions if q.required and q.key not in self.draft.answers), None):
            return self._stay(required.error)
        return self._store({q.key: skipped(q) for q in questions if q.key not in self.draft.answers}, now)

    def stop(self, now: datetime) -> Step:
        """Ask whether to keep or to wipe."""
        return self._next(replace(self.draft, focus=STOP), now)

    def send(self, now: datetime) -> Step:
        """Send as it is, if there is anything to send and it is clear who may not see it."""
        if not self.draft.answers.get("story"):
            return self._stay(self.knowledge.texts("rejected.empty"))
        about = next((q for q in self.flow.open(Page.OFFICER) if q.required), None)
        if about is not None:
            return self._next(replace(self.draft, focus=f"{QUESTION}{about.key}"), now, note=about.error)
        return Step(self.card(), self.draft, send=True)

    def begin(self, story: str, now: datetime) -> Step:
        """Start with a text that was already typed; a text that cannot be stored is asked again."""
        question = next(q for q in self.knowledge.questions if q.key == "story")
        try:
            return self._store({"story": read_answer(question, story, self.flow.situation)}, now)
        except AnswerRejected as rejected:
            return self._stay(self._reason(rejected, question))

    def _focused_question(self) -> Question | None:
        focus = self.draft.focus
        if not focus or not focus.startswith(QUESTION):
            return None
        key = focus.removeprefix(QUESTION)
        return next((question for question in self.flow.applying() if question.key == key), None)

    def _edit(self, key: str, now: datetime) -> Step:
        if key not in {question.key for question in self.flow.applying()}:
            return self._stay(self.knowledge.texts("intake.stale"))
        return self._next(replace(self.draft, focus=f"{QUESTION}{key}"), now)

    def _fill(self, inputs: Mapping[str, str], now: datetime) -> Step:
        answers: dict[str, Answer] = {}
        errors: dict[str, str] = {}
        for question in self.on_screen():
            try:
                answers[question.key] = read_fields(question, inputs, self.flow.situation)
            except AnswerRejected as rejected:
                errors[question.key] = self._reason(rejected, question)
        if errors:
            filled = replace(self.draft, answers={**self.draft.answers, **answers})
            return Step(Intake(filled, self.knowledge)._again(self.on_screen(), errors), self.draft)  # noqa: SLF001
        return self._store(answers, now)

    def _again(self, questions: tuple[Question, ...], errors: Mapping[str, str]) -> Card:
        page = questions[0].page
        return cards.page_card(self.draft, self.flow, page, questions, self.knowledge, "", errors)

    def _with_filled(self, inputs: Mapping[str, str]) -> Draft:
        """The draft with what is filled in on screen, as far as it can be stored."""
        answers = dict(self.draft.answers)
        for question in self.on_screen() if inputs else ():
            with suppress(AnswerRejected):
                answers[question.key] = read_fields(question, inputs, self.flow.situation)
        return replace(self.draft, answers=answers)

    def _read(self, question: Question, text: str) -> Answer:
        return read_answer(question, text, self.flow.situation)

    def _typed_ticks(self, text: str) -> Answer:
        """Ticks by typing: "klopt" (all that was read), "geen", or the numbers of what was read."""
        said = text.casefold().strip(" .!")
        suggested = cards.suggested_keys(self.draft)
        if said in {"ja", "klopt", "alles", "alles klopt"}:
            return suggested
        if said in {"nee", "geen", "niets", "klopt niet"}:
            return ()
        numbers = [int(word) for word in said.replace(",", " ").replace(" en ", " ").split() if word.isdecimal()]
        if not numbers or any(not 1 <= number <= len(suggested) for number in numbers):
            raise AnswerRejected("no_such_tick")
        return tuple(suggested[number - 1] for number in dict.fromkeys(numbers))

    def _say_at_stop(self, text: str, now: datetime) -> Step:
        said = text.casefold().strip(" .!")
        if fuzz.ratio(said, "wissen") >= 80:  # noqa: PLR2004 - one wrong letter in six
            return Step(self.card(), self.draft, wipe=True)
        if fuzz.ratio(said, "verder") >= 80:  # noqa: PLR2004 - one wrong letter in six
            return self._next(replace(self.draft, focus=None), now)
        return self._stay("")

    def _store(self, answers: Mapping[str, Answer], now: datetime) -> Step:
        draft = replace(self.draft, answers={**self.draft.answers, **answers}, focus=None)
        if "story" in answers:
            draft = self._read_story(draft)
        return self._next(draft, now)

    def _read_story(self, draft: Draft) -> Draft:
        """Read the story once. What is new in it is asked again: danger, and what may be ticked."""
        reading = self.knowledge.suggester.read(str(draft.answers["story"]))
        known = {suggestion.criterion for suggestion in self.draft.suggestions}
        answers = dict(draft.answers)
        if reading.danger_quote != self.draft.danger_quote:
            answers.pop("danger_check", None)
        fresh = any(suggestion.criterion not in known for suggestion in reading.suggestions)
        focus = f"{PAGE}{Page.SIGNS}" if fresh and "signs" in answers else draft.focus
        return replace(
            draft,
            answers=answers,
            suggestions=reading.suggestions,
            danger_quote=reading.danger_quote if reading.danger else None,
            minor_read=reading.minor,
            focus=focus,
        )

    def _next(self, draft: Draft, now: datetime, note: str = "") -> Step:
        """The step to a changed draft; its card already carries the version that storing it will give."""
        stored = replace(draft, version=self.draft.version + 1)
        return Step(Intake(stored, self.knowledge).card(note), replace(draft, changed_at=now))

    def _stay(self, note: str) -> Step:
        return Step(self.card(note), self.draft)

    def _reason(self, rejected: AnswerRejected, question: Question) -> str:
        texts = self.knowledge.texts
        if rejected.reason == "empty":
            return question.error
        if rejected.reason == "too_long":
            return texts("rejected.too_long", most=question.max_length)
        return texts(f"rejected.{rejected.reason}")


def _button_answer(pressed: Pressed) -> dict[str, str]:
    """The answer that a choice button carries: question key and choice."""
    return {pressed.data["question"]: pressed.data["value"]} if {"question", "value"} <= pressed.data.keys() else {}
