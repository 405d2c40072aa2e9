"""Who reports sees how far it is, what is filled in so far, and how a moment in own words was read."""

import json

from bot.cards import CardRenderer
from dialogs.domain.signals import Answer, Draft
from dialogs.intake.dialog import Intake
from dialogs.turn import Facts, Folded
from tests.dialogs.intake.on_the_way import STORY, TO_THE_QUESTIONS, TO_THE_TICKS, sent, value
from tests.fakes.unit_of_work import Memory
from tests.knowledge import MONDAY, ROBIN
from tests.transcript import Talk, play


async def test_the_progress_neither_jumps_nor_goes_back(robin: Talk) -> None:
    seen: list[tuple[int, int] | None] = []
    await robin.says("melden")
    for title in ("Nee", "Volgende", "Volgende", "Nee", "Volgende", "Volgende"):
        seen.append(robin.card.progress)
        if title == "Volgende" and robin.card.title.startswith("Vertel"):
            robin.fills({"Wat heb je gezien": STORY})
        await robin.presses(title)
    seen.append(robin.card.progress)

    assert seen == [(1, 6), (2, 6), (3, 6), (4, 6), (4, 6), (5, 6), (6, 6)]


async def test_danger_is_three_steps(robin: Talk) -> None:
    await play(robin, "> melden\n> [Ja, nu gevaar]")
    assert robin.card.progress == (2, 3)

    await play(robin, "> Wat heb je gezien = Ze zit boven de zaak.\n> [Volgende]")
    assert robin.card.progress == (3, 3)


async def test_the_story_can_be_read_back_above_the_boxes(robin: Talk) -> None:
    await play(robin, TO_THE_TICKS)

    assert Facts((("Gezien of gehoord", STORY),)) in robin.card.elements


async def test_what_was_typed_on_this_page_stays_in_sight(robin: Talk) -> None:
    await play(robin, f"{TO_THE_QUESTIONS}\n> [Overslaan]\n> bij de balie")

    assert Facts((("Waar", "bij de balie"),)) in robin.card.elements


async def test_every_card_fits_in_teams_however_much_is_told(robin: Talk) -> None:
    """28 KB is what Teams takes (Microsoft Learn, "Cards reference")."""
    renderer = CardRenderer(robin.knowledge.texts)
    full: dict[str, Answer] = {
        "danger": "no",
        "story": "🤷 " * 2000,
        "opinion": "🤷 " * 1000,
        "signs": tuple(robin.knowledge.criteria.by_key),
        "minor": "no",
        "where": "🤷" * 500,
        "when": "🤷" * 500,
        "still_here": "no",
        "phone": "0",
        "photo": "no",
        "about": "no",
    }
    for focus in (None, "page:story", "page:signs", "page:circumstances"):
        draft = Draft("draft-1", ROBIN.actor.id, MONDAY, MONDAY, version=1, answers=full, focus=focus)
        card = renderer.adaptive_card(Intake(draft, robin.knowledge).card())
        assert len(json.dumps(card, ensure_ascii=False).encode()) < 28 * 1024, card["body"][0]


async def test_the_answers_so_far_can_be_looked_up_on_every_later_page(robin: Talk) -> None:
    await play(robin, f"{TO_THE_QUESTIONS}\n> [Overslaan]")
    (folded,) = (each for each in robin.card.elements if isinstance(each, Folded))

    assert folded.title == "Wat je al hebt ingevuld"
    robin.sees(
        "Direct gevaar: Nee", "Gezien of gehoord: Een vrouw", "Jonger dan 18: Nee", "Nagevraagd: - Overgeslagen: 5 keer"
    )


async def test_the_moment_that_was_read_stands_beside_the_own_words(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        f"""
        {TO_THE_QUESTIONS}
        > [Overslaan]
        > Waar = bij de balie
        > Wanneer = gisteren rond drie
        > [Volgende]
        < Wanneer: gisteren rond drie (22-11-2026 15:00)
        > wijzig wanneer
        """,
    )
    assert value(robin.card, "when") == "gisteren rond drie"

    robin.now = MONDAY.replace(day=25)
    await play(robin, "> [Volgende]\n< Wanneer: gisteren rond drie (22-11-2026 15:00)\n> [Versturen naar de AF]")
    assert sent(memory).answers["when"] == ("gisteren rond drie", "2026-11-22T15:00")
