"""People answer what the criteria ask, and about the age; what they pass over is no answer."""

from collections.abc import Sequence

from dialogs.domain.assessment import Outcome
from dialogs.domain.signals import Answer, Answers
from dialogs.intake.flow import minor_in, weigh
from dialogs.intake.questions import FOLLOW_UP, SKIPPED, UNKNOWN
from tests.dialogs.desk_talk import Desk
from tests.dialogs.intake.on_the_way import STORY, TO_THE_QUESTIONS, answers, sent
from tests.fakes.unit_of_work import Memory
from tests.knowledge import EMPLOYEE, knowledge
from tests.transcript import Talk, play, words_of


async def test_a_yes_to_a_question_counts_and_what_was_denied_is_read_back(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        f"""
        {TO_THE_QUESTIONS}
        < Herken je dit ook?
        > [x] Het werk, de plek of de baas
        > Iets klopt zeker niet = Loon, contract, huis
        > [Volgende]
        < Waar was het?
        > [Overslaan]
        < Klopt dit zo?
        < - Ja: Het werk, de plek of de baas
        < - Nee: Loon, contract, huis
        > [Versturen naar de AF]
        < Verstuurd
        """,
    )

    assert sent(memory).assessment.outcome is Outcome.CLEAR
    assert sent(memory).answers["sign.false_promise_terms"] == "no"


async def test_what_was_asked_about_the_signs_is_changed_together(robin: Talk) -> None:
    await play(
        robin,
        f"""
        {TO_THE_QUESTIONS}
        > [Overslaan]
        > [Overslaan]
        < - Overgeslagen: 5 keer
        > [Wijzig nagevraagd]
        > [x] Het werk, de plek of de baas
        > [Volgende]
        < Klopt dit zo?
        < - Ja: Het werk, de plek of de baas
        """,
    )


async def test_what_was_passed_over_is_told_apart_from_what_the_reporter_does_not_know(memory: Memory) -> None:
    """Robin passes over the questions, Kim says not to know: an officer reads the difference, the rules see none."""
    desk = Desk(memory)
    kim = desk.talk(EMPLOYEE)
    for talk, way in ((desk.robin, "Overslaan"), (kim, "Volgende")):
        await play(talk, f"{TO_THE_QUESTIONS}\n> [{way}]\n> [Overslaan]\n> [Versturen naar de AF]")
    passed, unknown = desk.signal(1), desk.signal(2)

    asked = [key for key in passed.answers if key.startswith(FOLLOW_UP)]
    assert len(asked) == 5
    assert {passed.answers[key] for key in asked} == {SKIPPED}
    assert {unknown.answers[key] for key in asked} == {UNKNOWN}
    assert passed.assessment == unknown.assessment == weigh(knowledge().criteria, without(passed.answers, asked))

    await desk.opens(desk.anna, 1)
    desk.anna.sees(
        "- Overgeslagen: Het werk, de plek of de baas",
        "Nog aanwezig: niet ingevuld",
        "Overgeslagen door de melder: Nog aanwezig, Foto gemaakt, Over een collega, Nagevraagd (5)",
    )
    assert "Weet ik niet" not in words_of(desk.anna.card)
    await desk.opens(desk.anna, 2)
    desk.anna.sees(
        "- Weet ik niet: Het werk, de plek of de baas",
        "Overgeslagen door de melder: Nog aanwezig, Foto gemaakt, Over een collega",
    )


async def test_a_yes_counts_and_the_rest_of_the_list_is_passed_over(memory: Memory, robin: Talk) -> None:
    await play(robin, f"{TO_THE_QUESTIONS}\n> [x] Het werk, de plek of de baas\n> [Overslaan]")

    said = {key: each for key, each in answers(memory).items() if key.startswith(FOLLOW_UP)}
    assert sorted(said.values()) == ["", "", "", "", "yes"]


async def test_the_words_about_somebody_young_stand_beside_the_answer_about_the_age(memory: Memory) -> None:
    """A suggestion for the officer, who decides: it changes neither the answer nor the weighing."""
    desk = Desk(memory)
    await play(
        desk.robin,
        f"""
        > melden
        > [Nee]
        > Wat heb je gezien = {STORY} Ook van een meisje van 15.
        > [Volgende]
        > [Volgende]
        < Dit las ik in je tekst:
        < meisje van 15
        < Ik las dat het misschien om iemand onder de 18 gaat. Klopt dat?
        > [Weet ik niet]
        > [Nu versturen zoals het is]
        """,
    )
    await desk.opens(desk.anna)

    read = "Voorstel van Meldroute: misschien jonger dan 18. In de tekst staat: “meisje van 15”"
    desk.anna.sees(f"Jonger dan 18: Weet ik niet\n{read}", f"Ontvangen\n{read}")
    assert minor_in(desk.signal().answers) is None
    assert desk.signal().assessment == weigh(knowledge().criteria, desk.signal().answers)


async def test_in_danger_the_age_is_not_asked_and_the_words_about_it_are_shown_all_the_same(memory: Memory) -> None:
    desk = Desk(memory)
    await play(desk.robin, "> melden\n> [Ja, nu gevaar]\n> Wat heb je gezien = Hij slaat een meisje van 15.")
    await desk.robin.presses("Nu versturen zoals het is")
    await desk.opens(desk.anna)

    desk.anna.sees("Jonger dan 18: niet gevraagd\nVoorstel van Meldroute: misschien jonger dan 18.", "“meisje van 15”")


async def test_where_nobody_young_was_read_nothing_is_suggested(memory: Memory) -> None:
    desk = Desk(memory)
    await desk.reports()
    await desk.opens(desk.anna)

    assert "jonger dan 18" not in words_of(desk.anna.card)


def without(given: Answers, keys: Sequence[str]) -> dict[str, Answer]:
    """The answers as if these questions were never asked."""
    return {key: each for key, each in given.items() if key not in keys}
