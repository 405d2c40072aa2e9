"""What cannot be stored, an old card, a second press, what is of somebody else: nothing is lost or done twice."""

from dataclasses import replace

import pytest

from dialogs.turn import Pressed, Said
from tests.dialogs.reporting import report, talk
from tests.fakes.unit_of_work import Memory
from tests.knowledge import EMPLOYEE, ROBIN
from tests.transcript import Talk, buttons_of, play


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("x" * 30_000, "hoogstens 4000 tekens"),
        ("Haar BSN is 111222333 en ze is bang", "BSN"),
        ("   ", "Wat heb je gezien of gehoord?"),
    ],
    ids=["30,000 characters", "a BSN", "blank"],
)
async def test_a_story_that_cannot_be_stored_is_refused_and_the_draft_stays(
    memory: Memory, robin: Talk, said: str, seen: str
) -> None:
    await play(robin, "> melden\n> [Nee]")
    async with memory.unit_of_work() as uow:
        before = await uow.drafts.of(ROBIN.actor.id)

    await robin.says(said)

    robin.sees(seen)
    async with memory.unit_of_work() as uow:
        assert await uow.drafts.of(ROBIN.actor.id) == before


async def test_a_press_on_an_old_card_changes_nothing_and_shows_where_the_report_is(robin: Talk) -> None:
    await robin.says("melden")
    old = next(button for button in buttons_of(robin.card) if button.title == "Nee")
    await robin.presses("Ja, nu gevaar")

    await robin.does(robin.press(old))

    robin.sees("Deze kaart was niet meer de laatste", "112")


async def test_pressing_send_twice_makes_one_signal(memory: Memory, robin: Talk) -> None:
    await report(robin)
    async with memory.unit_of_work() as uow:
        (signal,) = await uow.signals.of_reporter(ROBIN.actor.id, 5)

    again = Pressed("intake.send", {"draft": signal.id, "version": "6"}, {}, "message-1")
    answer = await robin.take(again)

    assert answer.replies[0].card.title == "Verstuurd: S-2026-0001"
    async with memory.unit_of_work() as uow:
        assert len(await uow.signals.of_reporter(ROBIN.actor.id, 5)) == 1


async def test_somebody_elses_draft_and_signal_cannot_be_pressed(memory: Memory, robin: Talk) -> None:
    await robin.says("melden")
    press = robin.press(next(button for button in buttons_of(robin.card) if button.title == "Nee"))
    other = talk(memory, EMPLOYEE)

    await other.does(press)

    other.sees("Deze melding is er niet meer")


async def test_a_redelivered_press_shows_the_card_again_and_does_nothing(memory: Memory, robin: Talk) -> None:
    from dialogs.conversation import Conversation  # noqa: PLC0415 - only here

    await robin.says("melden")
    press = robin.press(next(button for button in buttons_of(robin.card) if button.title == "Nee"))
    await robin.does(press)
    async with memory.unit_of_work() as uow:
        conversation = Conversation(uow, robin.person, robin.knowledge, robin.now)
        answer = await conversation.now_on_screen(replace(press))
        silent = await conversation.now_on_screen(Said("nog een keer"))

    assert answer.replies[0].card == robin.card
    assert silent.replies == ()
