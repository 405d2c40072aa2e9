"""The list of questions: well-formed, and the one place to add to."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import case_file
from dialogs.domain.signals import Draft, Signal
from dialogs.intake.dialog import Intake
from dialogs.intake.questions import QUESTIONS, Kind, Page, Question, Situation
from dialogs.knowledge import Knowledge
from dialogs.officer.case_buttons import offered
from dialogs.officer.case_card import case_card
from dialogs.turn import Card, Option
from dialogs.use_cases.case_view import CaseView
from dialogs.use_cases.submit_signal import submit_signal
from tests.fakes.unit_of_work import Memory
from tests.knowledge import MONDAY, OFFICER_ANNA, ROBIN, knowledge
from tests.transcript import Talk, buttons_of, play, words_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADDED = Question(key="vehicle", page=Page.CIRCUMSTANCES, text="Welk voertuig zag je?", name="Voertuig", kind=Kind.TEXT)


def test_keys_are_unique_lower_case_words() -> None:
    keys = [question.key for question in QUESTIONS]

    assert len(keys) == len(set(keys))
    assert all(key.isidentifier() and key == key.lower() for key in keys)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_a_question_can_be_read_and_answered(question: Question) -> None:
    situation = Situation({}, Outcome.OTHER, danger_read=False, officers=(Option("a", "A"),))
    options = question.choices(situation)

    assert "?" in question.text
    assert (question.kind is Kind.CHOICE) == bool(options)
    assert len({option.title for option in options}) == len(options)
    assert not question.required or question.error
    assert question.default in {"", *(option.key for option in options)}


def test_a_question_only_looks_at_answers_to_earlier_ones() -> None:
    """A question that looked ahead would appear and vanish while somebody is answering."""
    pages = list(Page)
    order = sorted(QUESTIONS, key=lambda question: pages.index(question.page))

    assert list(QUESTIONS) == order
    for place, question in enumerate(QUESTIONS):
        earlier = {other.key for other in QUESTIONS[:place]}
        answers = Spy()
        question.asked_when(Situation(answers, Outcome.OTHER, danger_read=True, officers=()))
        assert answers.asked <= earlier | {"danger_check"}, f"{question.key} looks ahead"


class Spy(dict[str, str]):
    """Remembers which answers were looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        self.asked.add(key)
        return default


def _card(signal: Signal, known: Knowledge) -> Card:
    """The signal as an officer sees it."""
    case = case_file(signal, ())
    return case_card(CaseView(case), offered((), case, OFFICER_ANNA.actor.id, known.texts), known, MONDAY)


def draft(**answers: str) -> Draft:
    return Draft("draft-1", ROBIN.actor.id, NOW, NOW, version=1, answers=answers)


async def test_a_question_added_in_one_place_is_in_dialog_summary_and_the_officers_view() -> None:
    memory = Memory()
    robin = Talk(memory.unit_of_work, replace(knowledge(), questions=(*QUESTIONS, ADDED)), ROBIN, MONDAY)

    await play(
        robin,
        """
        > melden
        > [Nee]
        > Wat heb je gezien = Een busje met mannen die niets mochten zeggen.
        > [Volgende]
        > [Overslaan]
        > [Nee]
        > [Overslaan]
        < Welk voertuig zag je?
        > Welk voertuig = een wit busje
        > [Volgende]
        < Voertuig: een wit busje
        > [Versturen naar de AF]
        """,
    )

    async with memory.unit_of_work() as uow:
        (signal,) = await uow.signals.of_reporter(ROBIN.actor.id, 1)
    assert "Voertuig: een wit busje" in words_of(_card(signal, robin.knowledge))


async def test_a_draft_in_flight_is_asked_a_question_that_a_deploy_added() -> None:
    memory = Memory()
    before = Talk(memory.unit_of_work, knowledge(), ROBIN, MONDAY)
    await play(
        before,
        """
        > melden
        > [Nee]
        > Wat heb je gezien = Een busje met mannen die niets mochten zeggen.
        > [Volgende]
        > [Overslaan]
        > [Nee]
        > [Overslaan]
        > Waar = Uden
        > [Volgende]
        < Klopt dit zo?
        """,
    )

    after = Talk(memory.unit_of_work, replace(knowledge(), questions=(*QUESTIONS, ADDED)), ROBIN, MONDAY)
    await after.says("verder")

    after.sees("Welk voertuig zag je?")
    assert "Waar was het?" not in words_of(after.card), "what is answered is not asked again"
    await play(after, "> een wit busje\n< Waar: Uden\n< Voertuig: een wit busje")


async def test_a_retired_question_is_not_asked_but_its_answer_is_still_read() -> None:
    retired = tuple(replace(q, retired=True) if q.key == "where" else q for q in QUESTIONS)
    half_way = Intake(draft(danger="no", story="Een verhaal.", where="Uden"), replace(knowledge(), questions=retired))

    assert "where" not in {question.key for question in half_way.flow.applying()}

    memory = Memory()
    later = replace(knowledge(), questions=retired)
    async with memory.unit_of_work() as uow:
        told = draft(danger="no", story="Een verhaal.", where="Uden")
        signal: Signal = (await submit_signal(uow, told, ROBIN.actor, "Robin", later, NOW)).signal
    card = _card(signal, later)
    assert "Waar: Uden" in words_of(card)


def test_no_card_of_the_intake_has_more_than_six_buttons_at_its_foot() -> None:
    """Teams shows six; the seventh is behind a menu (Microsoft Learn, "Design cards")."""
    answers: dict[str, str] = {}
    for question in QUESTIONS:
        card = Intake(replace(draft(**answers), danger_quote="nu"), knowledge()).card()
        assert len(card.buttons) <= 6, [button.title for button in buttons_of(card)]
        answers[question.key] = "Een verhaal." if question.kind is Kind.TEXT else "no"
