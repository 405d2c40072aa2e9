"""Nothing that was filled in is lost: by going back, stopping, a mistake, an old card or a new version."""

from dataclasses import replace

from tests.dialogs.intake.on_the_way import STORY, TO_THE_QUESTIONS, answers, value
from tests.fakes.unit_of_work import Memory
from tests.knowledge import knowledge
from tests.transcript import Talk, buttons_of, play, words_of


async def test_terug_and_stoppen_take_along_what_is_filled_in(memory: Memory, robin: Talk) -> None:
    await play(robin, f"{TO_THE_QUESTIONS}\n> [Overslaan]\n> Waar = bij de balie\n> [Terug]")
    assert answers(memory)["where"] == "bij de balie"
    assert "when" not in answers(memory), "what was left open is still open"

    await play(robin, "> [Overslaan]\n> Wanneer = eergisteren\n> [Stoppen]\n> [Bewaren]")
    assert answers(memory)["when"] == ("eergisteren", "2026-11-21")


async def test_a_story_is_not_lost_by_pressing_stop(memory: Memory, robin: Talk) -> None:
    await play(robin, f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Stoppen]\n> [Verder met melden]")

    assert answers(memory)["story"] == STORY


async def test_after_a_mistake_the_rest_is_stored_and_the_mistake_can_be_mended(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        """
        > melden
        > [Nee]
        > Wat heb je gezien = Haar BSN is 111222333 en ze is bang.
        > Wat denk je zelf = Dit klopt niet.
        > [Volgende]
        < Er lijkt een BSN in je tekst te staan
        """,
    )
    assert answers(memory)["opinion"] == "Dit klopt niet."
    assert value(robin.card, "story") == "Haar BSN is ********* en ze is bang."
    assert "111222333" not in words_of(robin.card)

    await play(robin, "> [Volgende]\n< Wat herken je?")
    assert answers(memory)["story"] == "Haar BSN is ********* en ze is bang."


async def test_sending_with_a_mistake_on_the_card_shows_it_first(memory: Memory, robin: Talk) -> None:
    await play(robin, "> melden\n> [Nee]\n> Wat heb je gezien = BSN 111222333\n> [Nu versturen zoals het is]\n< BSN")

    assert not memory.signals


async def test_a_press_on_an_old_card_keeps_what_is_new_and_changes_nothing_else(memory: Memory, robin: Talk) -> None:
    await play(robin, f"{TO_THE_QUESTIONS}\n> [Overslaan]")
    robin.fills({"Waar": "op een oude kaart", "Wanneer": "gisteren"})
    old = robin.press(next(button for button in buttons_of(robin.card) if button.title == "Volgende"))
    await robin.says("bij de balie")

    await robin.does(old)

    robin.sees("Deze kaart was niet meer de laatste")
    assert answers(memory)["where"] == "bij de balie"
    assert answers(memory)["when"] == ("gisteren", "2026-11-22")


async def test_what_was_ticked_stays_when_its_criterion_leaves_the_file(memory: Memory, robin: Talk) -> None:
    await play(robin, f"{TO_THE_QUESTIONS}\n> [Terug]\n> [Terug]")
    criteria = knowledge().criteria
    fewer = type(criteria)("later", {key: each for key, each in criteria.by_key.items() if key != "docs_held"})

    robin.knowledge = replace(knowledge(), criteria=fewer)
    await play(robin, "> verder\n> [Terug]\n> [Terug]\n> [Volgende]")

    assert answers(memory)["signs"] == ("docs_held",)


async def test_a_question_that_a_deploy_added_is_not_answered_by_a_card_that_did_not_ask_it(
    memory: Memory, robin: Talk
) -> None:
    from tests.dialogs.test_questions import ADDED  # noqa: PLC0415 - only here

    await play(robin, f"{TO_THE_QUESTIONS}\n> [Overslaan]\n> Waar = Uden")
    robin.knowledge = replace(knowledge(), questions=(*knowledge().questions, ADDED))

    await robin.presses("Volgende")

    robin.sees("Welk voertuig zag je?")
    assert "vehicle" not in answers(memory)
