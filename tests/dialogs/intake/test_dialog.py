"""The intake as a person meets it: what is typed, pressed and filled in, and what is not lost."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.cards import CardRenderer
from dialogs.domain.assessment import Outcome
from dialogs.domain.notices import NoticeKind
from dialogs.domain.signals import Answer, Answers, Draft, Signal
from dialogs.intake.dialog import Intake
from dialogs.intake.flow import minor_in, weigh
from dialogs.intake.questions import FOLLOW_UP, SKIPPED, UNKNOWN
from dialogs.turn import Card, Facts, Folded, Pressed, TextField
from tests.dialogs.desk_talk import Desk
from tests.fakes.unit_of_work import Memory
from tests.knowledge import EMPLOYEE, MONDAY, ROBIN, knowledge
from tests.transcript import Talk, buttons_of, play, words_of

STORY = "Een vrouw van het uitzendbureau had alle paspoorten in haar tas."
TO_THE_TICKS = f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Volgende]"
TO_THE_QUESTIONS = f"{TO_THE_TICKS}\n> [x] Iemand anders (baas\n> [Volgende]\n> [Nee]"


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def robin(memory: Memory) -> Talk:
    return Talk(memory.unit_of_work, knowledge(), ROBIN, MONDAY)


def answers(memory: Memory) -> dict[str, Answer]:
    (draft,) = memory.drafts
    return dict(draft.answers)


def sent(memory: Memory) -> Signal:
    (signal,) = memory.signals
    return signal


def value(card: Card, key: str) -> str:
    return next(e.value for e in card.elements if isinstance(e, TextField) and e.key == key)


# --- questions that the criteria give ---


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


# --- progress and what stays in sight ---


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


# --- when and where, in own words ---


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


# --- nothing that was filled in is lost ---


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


# --- typing ---


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


# --- danger ---


async def test_words_of_danger_are_asked_about_once_before_sending(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        """
        > melden
        > [Nee]
        > Wat heb je gezien = Ze zit opgesloten boven de zaak.
        > [Nu versturen zoals het is]
        < Is er op dit moment gevaar voor iemand?
        < 112
        > [Nu versturen zoals het is]
        < Verstuurd
        """,
    )
    assert sent(memory).assessment.outcome is Outcome.VAGUE
    assert [each.criterion for each in sent(memory).suggestions] == []


async def test_danger_is_sent_in_two_presses_after_the_question(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        """
        > melden
        > [Ja, nu gevaar]
        < Bel nu [112](tel:112)
        > Wat heb je gezien = Hij slaat haar, nu, hier in de hal.
        > Waar = hal gemeentehuis
        > [Nu versturen zoals het is]
        < Verstuurd
        """,
    )
    assert sent(memory).assessment.outcome is Outcome.ACUTE
    assert sent(memory).answers["where"] == "hal gemeentehuis"
    assert {n.kind for n in memory.notices} >= {NoticeKind.SIGNAL_FOR_OFFICER, NoticeKind.RECEIPT}


async def test_danger_that_was_confirmed_stays_when_the_story_is_mended(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        """
        > melden
        > [Nee]
        > Wat heb je gezien = Ze zit opgesloten boven de zaak.
        > [Volgende]
        > [Ja, nu gevaar]
        > [Overslaan]
        < Klopt dit zo?
        > [Wijzig gezien of gehoord]
        > Wat heb je gezien = Ze zit boven de zaak en kan er niet uit.
        > [Volgende]
        < 112
        > [Versturen naar de AF]
        """,
    )
    assert sent(memory).assessment.outcome is Outcome.ACUTE


async def test_what_was_told_before_the_danger_is_not_left_out(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        f"""
        {TO_THE_QUESTIONS}
        > [Overslaan]
        > [Overslaan]
        > [Wijzig direct gevaar]
        > [Ja, nu gevaar]
        > [Versturen naar de AF]
        """,
    )
    assert sent(memory).answers["signs"] == ("docs_held",)
    assert sent(memory).assessment.forms


# --- sendable always ---


@pytest.mark.parametrize(
    ("ticks", "outcome"), [("geen", Outcome.VAGUE), ("klopt", Outcome.OTHER)], ids=["nothing ticked", "another worry"]
)
async def test_every_outcome_can_be_sent(memory: Memory, robin: Talk, ticks: str, outcome: Outcome) -> None:
    await play(
        robin, f"> melden\n> [Nee]\n> Wat heb je gezien = Ze was erg bang.\n> [Volgende]\n> {ticks}\n> [Weet ik niet]"
    )
    if outcome is Outcome.OTHER:
        robin.sees("0800-2000")
    await robin.presses("Nu versturen zoals het is")

    assert sent(memory).assessment.outcome is outcome


async def test_a_forged_or_empty_press_is_harmless(memory: Memory, robin: Talk) -> None:
    await play(robin, TO_THE_TICKS)
    (draft,) = memory.drafts
    data = {"draft": draft.id, "version": str(draft.version)}
    for action in ("intake.answer", "intake.edit", "intake.bestaat_niet", "intake.send"):
        for more in ({}, {"asked": "bestaat_niet,,sign."}, {"question": "bestaat_niet", "value": "x"}):
            if action == "intake.send":
                continue
            await robin.does(Pressed(action, {**data, **more}, {"story": "anders", "bestaat_niet": "x"}))

    assert answers(memory) == dict(draft.answers)
