"""The engine of the intake: which question is next, what an answer means, what may be weighed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from dialogs.domain.assessment import Assessment, assess
from dialogs.domain.bsn import find_bsn
from dialogs.domain.criteria import Criteria
from dialogs.domain.signals import Answer, Answers, Draft
from dialogs.intake.questions import NO, QUESTIONS, SKIPPED, UNKNOWN, YES, Kind, Page, Question, Situation
from dialogs.turn import Option

#: Two words that differ in one letter of five still match; "ja" and "nee" only as they are.
_CLOSE_ENOUGH = 80

_SPOKEN = {
    YES: ("ja", "jawel", "klopt", "zeker", "yes"),
    NO: ("nee", "neen", "niet", "nope", "no"),
    UNKNOWN: ("weet niet", "geen idee", "onbekend", "misschien", "weet ik niet", "?"),
}


class AnswerRejected(Exception):
    """An answer cannot be stored; the reason is a key of the texts, under `rejected`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Flow:
    """The questions as they apply to one draft."""

    questions: tuple[Question, ...]
    situation: Situation
    assessment: Assessment

    @classmethod
    def of(
        cls,
        draft: Draft,
        criteria: Criteria,
        officers: tuple[Option, ...],
        questions: tuple[Question, ...] = QUESTIONS,
    ) -> "Flow":
        """The flow of this draft."""
        first_look = weigh(criteria, {key: value for key, value in draft.answers.items() if key != "purpose"})
        situation = Situation(draft.answers, first_look.outcome, draft.danger_quote is not None, officers)
        flow = cls(questions, situation, first_look)
        return replace(flow, assessment=weigh(criteria, flow.answers_that_count()))

    def applying(self, page: Page | None = None) -> tuple[Question, ...]:
        """The questions that are asked in this situation, on one page or on all."""
        return tuple(
            question
            for question in self.questions
            if not question.retired and (page is None or question.page is page) and question.asked_when(self.situation)
        )

    def open(self, page: Page) -> tuple[Question, ...]:
        """The questions of a page that have no answer yet; none if only companions are left."""
        unanswered = tuple(q for q in self.applying(page) if q.key not in self.situation.answers)
        return () if all(question.companion for question in unanswered) else unanswered

    def next_page(self) -> Page | None:
        """The first page with an open question; None when all is answered."""
        return next((page for page in Page if self.open(page)), None)

    def page_before(self, page: Page | None) -> Page | None:
        """The last page before this one (None: before the summary) that has something answered."""
        pages = list(Page)
        earlier = pages if page is None else pages[: pages.index(page)]
        answered = (p for p in reversed(earlier) if any(q.key in self.situation.answers for q in self.applying(p)))
        return next(answered, None)

    def progress(self, page: Page | None) -> tuple[int, int]:
        """(step, of): the pages that apply now, the summary as the last."""
        pages = [p for p in Page if self.applying(p)]
        return (len(pages) + 1 if page is None else pages.index(page) + 1, len(pages) + 1)

    def answers_that_count(self) -> Answers:
        """The answers to questions that apply; also to those that were retired meanwhile, so that no word is lost."""
        keys = {question.key for question in self.questions if question.asked_when(self.situation)}
        return {key: answer for key, answer in self.situation.answers.items() if key in keys}


def weigh(criteria: Criteria, answers: Answers) -> Assessment:
    """The assessment of what is confirmed so far (design section 5): "weet ik niet" counts as unknown, never as no."""
    ticked = answers.get("signs", ())
    confirmed = tuple(key for key in ticked if key in criteria) if isinstance(ticked, tuple) else ()
    minor = {YES: True, NO: False}.get(str(answers.get("minor", UNKNOWN)))
    acute = YES in (answers.get("danger"), answers.get("danger_check"))
    #: A text without ticks is weighed by the officer, and so is a worry of which the reporter says that the person
    #: has to work, pay or act for another: at least vague.
    at_least_vague = (bool(answers.get("story")) and not confirmed) or answers.get("purpose") == YES
    return assess(criteria, confirmed, minor=minor, acute=acute, ticks_skipped=at_least_vague)


def read_fields(question: Question, inputs: Mapping[str, str], situation: Situation) -> Answer:
    """The answer that a card's fields give to a question; raises AnswerRejected."""
    if question.kind is Kind.TICKS:
        ticked = (value for key, value in inputs.items() if key == question.key or key.startswith(f"{question.key}."))
        return tuple(dict.fromkeys(part for value in ticked for part in value.split(",") if part))
    return read_answer(question, inputs.get(question.key, ""), situation)


def read_answer(question: Question, raw: str, situation: Situation) -> Answer:
    """The answer in a typed text or in one field: a choice by its key, its words or a near miss of them.

    Raises AnswerRejected with what is wrong: `empty`, `too_long`, `bsn` or `no_such_choice`.
    """
    text = "".join(char for char in raw if char.isprintable() or char in "\n\t").strip()
    if not text:
        if question.required:
            raise AnswerRejected("empty")
        return question.default or (UNKNOWN if question.kind is Kind.CHOICE else SKIPPED)
    if question.kind is Kind.CHOICE:
        return _choice(question.choices(situation), text)
    if len(text) > question.max_length:
        raise AnswerRejected("too_long")
    if question.no_bsn and find_bsn(text):
        raise AnswerRejected("bsn")
    return text


def _choice(options: tuple[Option, ...], text: str) -> str:
    keys = {option.key for option in options}
    if text in keys:
        return text
    said = text.casefold().strip(" .!")
    for key, words in _SPOKEN.items():
        if key in keys and (said in words or said.split(",")[0].split(" ")[0] in words):
            return key
    titles = {option.key: option.title.casefold() for option in options}
    best = process.extractOne(said, titles, scorer=fuzz.WRatio, score_cutoff=_CLOSE_ENOUGH)
    if best is None or len(said) < 3:  # noqa: PLR2004 - two letters resemble anything
        raise AnswerRejected("no_such_choice")
    return str(best[2])


def skipped(question: Question) -> Answer:
    """What is stored when a question is passed over: asked, and unknown."""
    match question.kind:
        case Kind.TEXT:
            return SKIPPED
        case Kind.CHOICE:
            return UNKNOWN
        case Kind.TICKS:
            return ()
