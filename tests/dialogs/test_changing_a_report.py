"""Who reports stops, goes back or changes an answer before it is sent."""

from tests.dialogs.reporting import STORY
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ROBIN
from tests.transcript import Talk, buttons_of, play


async def test_stopping_asks_and_wiping_removes_the_draft(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        """
        > melden
        > [Nee]
        > Iets wat ik liever niet meer vertel, toch niet.
        > stop
        < Wil je bewaren wat je hebt ingevuld, of wissen?
        > [Wissen]
        < Je antwoorden zijn gewist
        """,
    )

    async with memory.unit_of_work() as uow:
        assert await uow.drafts.of(ROBIN.actor.id) is None


async def test_stopping_and_keeping_resumes_at_the_same_question(robin: Talk) -> None:
    await play(
        robin,
        """
        > melden
        > [Nee]
        > [Stoppen]
        > [Bewaren]
        < Je antwoorden zijn bewaard
        > melden
        < Wat heb je gezien of gehoord?
        """,
    )


async def test_terug_shows_the_page_before_with_its_answers(robin: Talk) -> None:
    await play(robin, f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Volgende]\n> [Terug]")

    robin.sees("Wat heb je gezien of gehoord?")
    assert robin.press(next(b for b in buttons_of(robin.card) if b.title == "Volgende")).inputs["story"] == STORY


async def test_an_answer_is_changed_from_the_summary_and_comes_straight_back(robin: Talk) -> None:
    await play(
        robin,
        f"""
        > melden
        > [Nee]
        > Wat heb je gezien = {STORY}
        > [Volgende]
        > [Overslaan]
        > [Weet ik niet]
        > [Overslaan]
        > Waar = Uden
        > [Volgende]
        < Klopt dit zo?
        > [Wijzig waar, wanneer en meer]
        > Waar = Volkel
        > [Volgende]
        < Klopt dit zo?
        < Waar: Volkel
        > wijzig wanneer
        > gisteren rond drie
        < Klopt dit zo?
        < Wanneer: gisteren rond drie (22-11-2026 15:00)
        > wijzig waar
        > [Terug]
        < Klopt dit zo?
        """,
    )


async def test_what_is_typed_where_several_answers_stand_changes_none_of_them(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        f"""
        > melden
        > [Nee]
        > Wat heb je gezien = {STORY}
        > [Volgende]
        > [Overslaan]
        > [Weet ik niet]
        > [Overslaan]
        > Waar = Uden
        > [Volgende]
        > [Wijzig waar, wanneer en meer]
        > Volkel
        < Of typ wat je wilt wijzigen
        > [Terug]
        < Klopt dit zo?
        < Waar: Uden
        """,
    )


async def test_sending_as_it_is_takes_along_what_is_filled_in(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        f"""
        > melden
        > [Nee]
        > Wat heb je gezien = {STORY}
        > [Volgende]
        > [x] Iemand anders (baas
        > [Nu versturen zoals het is]
        < Verstuurd
        """,
    )

    async with memory.unit_of_work() as uow:
        (signal,) = await uow.signals.of_reporter(ROBIN.actor.id, 5)
    assert signal.answers["signs"] == ("docs_held",)
