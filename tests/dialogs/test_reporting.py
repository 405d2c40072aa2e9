"""People report: in steps, typed or pressed, in danger, with a number in between, or to practise."""

from dialogs.domain.notices import NoticeKind
from tests.dialogs.reporting import STORY, notices, report
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ANNA, BAS, ROBIN
from tests.transcript import Talk, buttons_of, play, words_of


async def test_a_vague_signal_is_reported_in_eight_steps(robin: Talk) -> None:
    await report(robin)


async def test_every_officer_and_the_reporter_are_told_of_a_new_signal(memory: Memory, robin: Talk) -> None:
    await report(robin)

    assert sorted(await notices(memory)) == sorted(
        [
            (NoticeKind.RECEIPT, ROBIN.actor.id),
            (NoticeKind.SIGNAL_FOR_OFFICER, ANNA),
            (NoticeKind.SIGNAL_FOR_OFFICER, BAS),
        ]
    )


async def test_danger_shows_112_before_anything_else_and_still_files_the_signal(robin: Talk) -> None:
    await play(
        robin,
        """
        > melden
        > [Ja, nu gevaar]
        < Bel nu [112](tel:112)
        < Wat heb je gezien of gehoord?
        < Waar was het?
        > Wat heb je gezien = Ze zit opgesloten boven de zaak.
        > Waar = Marktstraat
        > [Volgende]
        < Bel nu [112](tel:112)
        < Waar: Marktstraat
        > [Versturen naar de AF]
        < Verstuurd
        """,
    )


async def test_typing_works_wherever_a_button_does(robin: Talk) -> None:
    await play(
        robin,
        f"""
        > meldne
        < Is er nu direct gevaar?
        > nee
        < Wat heb je gezien of gehoord?
        > {STORY}
        < Dit las ik in je tekst
        > klopt
        < Is de persoon jonger dan 18 jaar?
        > geen idee
        < Herken je dit ook?
        > ja
        < Of typ de nummers
        > 1 en 3
        < Waar was het?
        > bij de balie in Uden
        > vanmorgen
        > nee
        > 06 12345678
        > nee
        > nee
        < Klopt dit zo?
        < Waar: bij de balie in Uden
        > verstuur
        < Verstuurd: S-2026-0001
        """,
    )


async def test_a_first_message_that_reads_like_a_report_starts_one_with_that_text(robin: Talk) -> None:
    await play(
        robin,
        """
        > er zit hier een vrouw die haar paspoort niet zelf heeft
        < Is er nu direct gevaar?
        > nee
        < Wat herken je?
        """,
    )


async def test_a_number_is_answered_in_the_middle_and_the_report_goes_on(robin: Talk) -> None:
    await play(
        robin,
        """
        > melden
        > [Nee]
        > nummer avim
        < 088
        > verder
        < Je had nog een melding open
        < Wat heb je gezien of gehoord?
        """,
    )


async def test_practice_is_the_whole_dialog_and_leaves_nothing(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        """
        > oefenen
        > [Nee]
        > Wat heb je gezien = Een oefening met genoeg woorden.
        > [Volgende]
        > [Nu versturen zoals het is]
        < Dit was een oefening
        """,
    )

    assert await notices(memory) == []
    async with memory.unit_of_work() as uow:
        assert not await uow.signals.of_reporter(ROBIN.actor.id, 5)
        assert await uow.drafts.of(ROBIN.actor.id) is None


async def test_every_card_of_a_practice_is_marked(robin: Talk) -> None:
    await robin.says("oefenen")
    while buttons_of(robin.card):
        assert robin.card.practice, words_of(robin.card)
        assert "(AF) leest dit" not in words_of(robin.card)
        if robin.card.title == "Vertel het in je eigen woorden":
            robin.fills({"Wat heb je gezien": STORY})
        titles = [button.title for button in robin.card.buttons]
        await robin.presses(next(t for t in ("Oefening afronden", "Volgende", "Nee") if t in titles))

    assert robin.card.practice
