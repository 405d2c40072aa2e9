"""The engine of the intake: which questions apply, which are next, and what the answers weigh. Pure."""

from dataclasses import dataclass

from dialogs.domain.access import Staff
from dialogs.domain.assessment import Assessment, Outcome, assess
from dialogs.domain.criteria import Criteria
from dialogs.domain.signals import Answers, Draft
from dialogs.intake import follow_up
from dialogs.intake.questions import NO, QUESTIONS, UNKNOWN, YES, Page, Question, Situation
from dialogs.turn import Option

#: The pages of each step of the progress: always as many, so that it does not jump about. The summary is one more.
_STEPS = (
    (Page.DANGER,),
    (Page.STORY, Page.DANGER_CHECK),
    (Page.SIGNS,),
    (Page.AGE, Page.PURPOSE, Page.FOLLOW_UP),
    (Page.CIRCUMSTANCES, Page.OFFICER),
)
_STEPS_IN_DANGER = ((Page.DANGER,), (Page.STORY, Page.DANGER_CHECK, Page.CIRCUMSTANCES, Page.OFFICER))


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
        asked = tuple(key for key in follow_up.answered(draft.answers) if key in criteria)
        derived = tuple(
            follow_up.question_for(key, criteria[key].sentence)
            for key in (*asked, *_still_to_ask(draft, criteria, situation, len(asked)))
        )
        flow = cls((*questions, *derived), situation, first_look)
        return cls(flow.questions, situation, weigh(criteria, flow.answers_that_count()))

    def page_of(self, question: Question) -> Page:
        """The page on which a question stands: with danger from the start, the short form has it earlier."""
        return question.short_form_page or question.page if self.situation.short_form else question.page

    def applying(self, page: Page | None = None) -> tuple[Question, ...]:
        """The questions that are asked in this situation, on one page or on all."""
        return tuple(
            question
            for question in self.questions
            if not question.retired
            and (page is None or self.page_of(question) is page)
            and question.asked_when(self.situation)
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
        """(step, of), the summary as the last step; in danger the form is short."""
        steps = _STEPS_IN_DANGER if self.situation.acute else _STEPS
        step = next((number for number, pages in enumerate(steps, start=1) if page in pages), len(steps) + 1)
        return step, len(steps) + 1

    def answers_that_count(self) -> Answers:
        """Every answer, so that no word is lost; only what names a person counts no longer once it is not asked."""
        asked = {question.key for question in self.questions if question.asked_when(self.situation)}
        gone = {question.key for question in self.questions if question.only_while_asked} - asked
        return {key: answer for key, answer in self.situation.answers.items() if key not in gone}


def weigh(criteria: Criteria, answers: Answers) -> Assessment:
    """The assessment of what is confirmed so far (design section 5): "weet ik niet" counts as unknown, never as no."""
    confirmed = confirmed_in(criteria, answers)
    acute = YES in (answers.get("danger"), answers.get("danger_check"))
    # A text without ticks is weighed by the officer, and so is a worry of which the reporter says that the person has
    # to work, pay or act for another: at least vague.
    at_least_vague = (bool(answers.get("story")) and not confirmed) or answers.get("purpose") == YES
    return assess(criteria, confirmed, minor=minor_in(answers), acute=acute, ticks_skipped=at_least_vague)


def kept_from(answers: Answers, staff: Staff) -> frozenset[str]:
    """Who may see nothing of it: the officer whom it is about.

    "Weet ik niet" here means that it may be about any of them, deputies included. So none of them sees it: an officer
    who reads a signal about oneself cannot be undone, and a confidant who gets one too many can still hand it on.
    """
    about = str(answers.get("about_officer", ""))
    if about == UNKNOWN:
        return frozenset(staff.officers)
    return frozenset({about} if about else ())


def confirmed_in(criteria: Criteria, answers: Answers) -> tuple[str, ...]:
    """The criteria that the reporter ticked, or said yes to."""
    ticked = answers.get("signs", ())
    chosen = (*(ticked if isinstance(ticked, tuple) else ()), *follow_up.said_yes(answers))
    return tuple(key for key in dict.fromkeys(chosen) if key in criteria)


def minor_in(answers: Answers) -> bool | None:
    """Whether the person is under 18; None is unknown."""
    return {YES: True, NO: False}.get(str(answers.get("minor", UNKNOWN)))


def _still_to_ask(draft: Draft, criteria: Criteria, situation: Situation, asked: int) -> tuple[str, ...]:
    """What is worth asking now: once ticks and age are there, and not where another desk comes first."""
    answers = draft.answers
    if situation.acute or not {"signs", "minor"} <= answers.keys() or asked >= follow_up.MOST:
        return ()
    if situation.outcome is Outcome.OTHER and answers.get("purpose") != YES:
        return ()
    known = follow_up.Known(
        confirmed=frozenset(confirmed_in(criteria, answers)),
        settled=frozenset(follow_up.answered(answers)) | {suggestion.criterion for suggestion in draft.suggestions},
        minor=minor_in(answers),
        purpose=answers.get("purpose") == YES,
    )
    return follow_up.worth_asking(criteria, known)[: follow_up.MOST - asked]
