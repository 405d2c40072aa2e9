"""Danger in what people tell, and sending: always possible, whatever the outcome."""

import pytest

from dialogs.domain.assessment import Outcome
from dialogs.domain.notices import NoticeKind
from dialogs.turn import Pressed
from tests.dialogs.intake.on_the_way import TO_THE_QUESTIONS, TO_THE_TICKS, answers, sent
from tests.fakes.unit_of_work import Memory
from tests.transcript import Talk, play


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
