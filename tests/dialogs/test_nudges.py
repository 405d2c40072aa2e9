"""Nudges: an officer sets how often, everybody says for themselves whether."""

import pytest

from dialogs.domain.access import NotAllowed
from dialogs.domain.nudges import CHOICES, Interval
from dialogs.nudges import nudge_card
from dialogs.turn import Pressed
from dialogs.use_cases.nudges import set_interval
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ANNA, EMPLOYEE, MONDAY, OFFICER_ANNA, ROBIN, knowledge
from tests.transcript import Talk, play


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def robin(memory: Memory) -> Talk:
    return Talk(memory.unit_of_work, knowledge(), ROBIN, MONDAY)


@pytest.fixture
def anna(memory: Memory) -> Talk:
    return Talk(memory.unit_of_work, knowledge(), OFFICER_ANNA, MONDAY)


async def interval(memory: Memory) -> Interval | None:
    async with memory.unit_of_work() as uow:
        return await uow.nudges.interval()


def wants_none(memory: Memory) -> bool:
    return ROBIN.actor.id in memory.committed.nudge_refusals


async def test_somebody_says_no_more_and_yes_again_by_typing(memory: Memory, robin: Talk) -> None:
    await play(robin, "> geen herinneringen meer\n< Over je eigen meldingen hoor je nog wel\n< Toch weer herinneringen")
    assert wants_none(memory)

    await play(robin, "> weer herinneringen\n< Je krijgt weer af en toe een herinnering\n< Geen herinneringen meer")
    assert not wants_none(memory)


async def test_the_nudge_itself_has_a_button_to_hear_no_more(memory: Memory, robin: Talk) -> None:
    robin.card = nudge_card(robin.knowledge.texts)
    await robin.presses("Geen herinneringen meer")
    assert wants_none(memory)

    await robin.presses("Toch weer herinneringen")
    assert not wants_none(memory)


async def test_a_wish_about_nudges_leaves_an_open_report_as_it_is(memory: Memory, robin: Talk) -> None:
    await play(robin, "> melden\n> [Nee]")
    (before,) = memory.drafts

    await play(robin, "> geen herinneringen\n< geen herinneringen meer")

    assert memory.drafts == [before]
    assert wants_none(memory)


async def test_an_officer_sets_how_often_and_sees_what_colleagues_read(memory: Memory, anna: Talk) -> None:
    await play(
        anna,
        """
        > herinneringen
        < Collega's herinneren
        < Mensenhandel zie je vaak pas als je erop let
        < Nooit
        > Hoe vaak = Elke 8 weken
        > [Opslaan]
        < Bewaard
        < Zo ingesteld door Anna op 23-11-2026 10:00
        """,
    )

    assert await interval(memory) == Interval(8, ANNA, MONDAY)
    assert [(entry.action, entry.reason) for entry in memory.audit_entries] == [("nudges_set", "8 weeks")]


@pytest.mark.parametrize("weeks", ["", "acht", "1", "-4", "9" * 30, "4.0"])
async def test_what_is_no_choice_is_not_stored(memory: Memory, anna: Talk, weeks: str) -> None:
    await anna.does(Pressed("nudges.set", {}, {"weeks": weeks}))

    anna.sees("Er is nog niets opgeslagen")
    assert await interval(memory) is None


async def test_who_is_no_officer_chooses_for_themselves_only(memory: Memory, robin: Talk) -> None:
    await play(robin, "> herinneringen\n< Jij kiest of je die wilt")
    await robin.does(Pressed("nudges.set", {}, {"weeks": "4"}))

    robin.sees("Dit kan ik je niet laten zien")
    assert await interval(memory) is None
    async with memory.unit_of_work() as uow:
        with pytest.raises(NotAllowed):
            await set_interval(uow, EMPLOYEE.actor, CHOICES[1], MONDAY)
