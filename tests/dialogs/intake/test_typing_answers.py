"""What people type instead of pressing is an answer, a button or more of their story."""

import pytest

from dialogs.turn import ChoiceField
from tests.dialogs.intake.on_the_way import STORY, TO_THE_QUESTIONS, TO_THE_TICKS, answers, sent
from tests.fakes.unit_of_work import Memory
from tests.transcript import Talk, play, words_of


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


UNSEEN = "Had je op de kaart al iets aangevinkt of ingevuld? Dat zie ik alleen als je daar een knop kiest."


@pytest.mark.parametrize("typed", ["volgende", "terug", "overslaan", "stop"])
async def test_who_types_a_button_reads_that_what_is_filled_in_did_not_come_along(robin: Talk, typed: str) -> None:
    await play(robin, TO_THE_TICKS)
    await robin.ticks("Iemand anders (baas").says(typed)

    robin.sees(UNSEEN)


async def test_who_types_to_send_reads_it_too_and_how_it_can_still_be_told(memory: Memory, robin: Talk) -> None:
    await play(robin, TO_THE_TICKS)
    await robin.ticks("Iemand anders (baas").says("nu versturen zoals het is")

    robin.sees("Verstuurd", UNSEEN, "Typ dan 'aanvullen'")
    assert sent(memory).answers.get("signs", ()) == ()


async def test_after_a_practice_there_is_nothing_to_add(robin: Talk) -> None:
    await play(robin, TO_THE_TICKS.replace("melden", "oefenen"))
    await robin.says("versturen")

    robin.sees("Dit was een oefening")
    assert UNSEEN not in words_of(robin.card)


@pytest.mark.parametrize("pressed", ["Volgende", "Terug", "Overslaan", "Stoppen", "Nu versturen zoals het is"])
async def test_who_presses_it_reads_nothing_of_the_kind(robin: Talk, pressed: str) -> None:
    await play(robin, f"{TO_THE_TICKS}\n> [x] Iemand anders (baas\n> [{pressed}]")

    assert UNSEEN not in words_of(robin.card)


async def test_nor_does_who_types_where_nothing_can_be_filled_in(robin: Talk) -> None:
    await robin.says("melden")
    await robin.says("stop")

    assert UNSEEN not in words_of(robin.card)


async def test_what_was_confirmed_stays_when_the_button_is_typed(memory: Memory, robin: Talk) -> None:
    await play(robin, f"{TO_THE_TICKS}\n> [x] Iemand anders (baas\n> [Volgende]\n> [Terug]")
    before = answers(memory)["signs"]
    await robin.says("volgende")

    assert before
    assert answers(memory)["signs"] == before


@pytest.mark.parametrize("typed", ["1", "klopt"])
async def test_numbers_that_are_typed_leave_what_was_ticked_and_has_no_number(
    memory: Memory, robin: Talk, typed: str
) -> None:
    await play(robin, TO_THE_TICKS)
    numbered = {read.criterion for read in next(iter(memory.drafts)).suggestions}
    subjects = [each for each in robin.card.elements if isinstance(each, ChoiceField)]
    other = next(option for each in subjects for option in each.options if option.key not in numbered)
    await robin.ticks(other.title).presses("Volgende")
    await robin.presses("Terug")
    await robin.says(typed)

    assert {other.key, *sorted(numbered)[:1]} <= set(answers(memory)["signs"])
