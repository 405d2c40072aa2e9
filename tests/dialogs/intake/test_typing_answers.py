"""What people type instead of pressing is an answer, a button or more of their story."""

import pytest

from tests.dialogs.intake.on_the_way import STORY, TO_THE_QUESTIONS, TO_THE_TICKS, answers, sent
from tests.fakes.unit_of_work import Memory
from tests.transcript import Talk, play


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("bewaren", "Je antwoorden zijn bewaard"),
        ("bewaaren", "Je antwoorden zijn bewaard"),
        ("wissen", "Je antwoorden zijn gewist"),
        ("verder met melden", "Wat herken je?"),
        ("verder", "Wat herken je?"),
    ],
)
async def test_the_buttons_of_the_stop_card_can_be_typed(robin: Talk, typed: str, seen: str) -> None:
    await play(robin, f"{TO_THE_TICKS}\n> stop\n> {typed}\n< {seen}")


async def test_after_stop_and_verder_what_is_typed_is_an_answer_again(memory: Memory, robin: Talk) -> None:
    await play(robin, f"{TO_THE_QUESTIONS}\n> [Overslaan]\n> stop\n> verder\n> bij de balie")

    assert answers(memory)["where"] == "bij de balie"


async def test_the_buttons_of_the_summary_can_be_typed(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        f"""
        {TO_THE_QUESTIONS}
        > [Overslaan]
        > [Overslaan]
        > wijzig waar
        < Waar was het?
        > in Volkel
        < Klopt dit zo?
        > versturen naar de af
        < Verstuurd
        """,
    )
    assert sent(memory).answers["where"] == "in Volkel"


@pytest.mark.parametrize(("typed", "stored"), [("yes", "yes"), ("Ja", "yes"), ("no", "no"), ("weet ik nit", "unknown")])
async def test_a_choice_is_typed_by_its_words_or_its_value(
    memory: Memory, robin: Talk, typed: str, stored: str
) -> None:
    await play(robin, f"{TO_THE_TICKS}\n> geen\n> {typed}")

    assert answers(memory)["minor"] == stored


@pytest.mark.parametrize(
    "told",
    ["ik denk dat ze ongeveer zestien is maar zeker weet ik het niet", "ze keek steeds naar de deur en naar hem"],
)
async def test_a_sentence_where_a_choice_was_asked_goes_to_the_story(memory: Memory, robin: Talk, told: str) -> None:
    await play(robin, f"{TO_THE_TICKS}\n> geen\n> {told}\n< Dat heb ik bij je verhaal gezet.\n< jonger dan 18")

    assert answers(memory)["story"] == f"{STORY}\n{told}"


async def test_a_report_that_is_typed_at_the_question_for_danger_is_kept(memory: Memory, robin: Talk) -> None:
    await play(robin, "> melden\n> er staat hier een man met drie bange jongens\n< Is er nu direct gevaar?\n> nee")

    assert answers(memory)["story"] == "er staat hier een man met drie bange jongens"


async def test_a_no_with_more_behind_it_is_a_no_and_the_rest_is_told_too(memory: Memory, robin: Talk) -> None:
    await play(robin, f"{TO_THE_TICKS}\n> geen\n> nee ze zei dat ze twintig was")

    assert answers(memory)["minor"] == "no"
    assert answers(memory)["story"] == f"{STORY}\nnee ze zei dat ze twintig was"


async def test_three_men_in_a_sentence_are_no_ticks(memory: Memory, robin: Talk) -> None:
    await play(robin, f"{TO_THE_TICKS}\n> er stonden 1 of 2 mannen buiten te wachten")

    assert "signs" not in answers(memory)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("mag ik ook iets melden over een buurman?", "Waarmee kan ik je helpen?"),
        ("meisje opgesloten", "Is er nu direct gevaar?"),
        ("alle paspoorten in één tas?", "Is er nu direct gevaar?"),
        ("zomaar wat", "Waarmee kan ik je helpen?"),
    ],
)
async def test_what_is_told_starts_a_report_and_what_is_asked_does_not(robin: Talk, typed: str, seen: str) -> None:
    await play(robin, f"> {typed}\n< {seen}")


async def test_help_and_a_number_in_between_change_nothing(memory: Memory, robin: Talk) -> None:
    await play(robin, TO_THE_TICKS)
    before = memory.drafts

    await play(robin, "> help\n< Je hebt nog een melding open\n> wat is het nummer van avim\n< 088\n> verder")

    assert memory.drafts == before
    robin.sees("Wat herken je?")
