"""A signal about an AF goes past that AF: to a colleague, to the vertrouwenspersoon, or it waits."""

from dataclasses import replace

from dialogs.domain.access import Staff
from dialogs.domain.notices import NoticeKind
from dialogs.intake.flow import kept_from
from dialogs.intake.questions import UNKNOWN
from dialogs.reporter.cards import receipt_card
from dialogs.turn import Pressed
from tests.dialogs.reporting import STORY, notices, talk
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ANNA, BAS, CONFIDANT, MONDAY, OFFICER_BAS, ROBIN, knowledge
from tests.transcript import Talk, play, words_of


async def test_a_signal_about_an_officer_goes_past_that_officer(memory: Memory, robin: Talk) -> None:
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
        > Gaat het over = Ja, een AF
        > [Volgende]
        < Over welke AF gaat het?
        > [Bas]
        < Over deze AF: Bas
        > [Versturen naar de AF]
        """,
    )

    told = await notices(memory)
    assert (NoticeKind.SIGNAL_FOR_OFFICER, ANNA) in told
    assert (NoticeKind.SIGNAL_FOR_OFFICER, BAS) not in told

    bas = talk(memory, OFFICER_BAS)
    await bas.says("wachtrij")
    bas.sees("Er zijn geen open signalen")
    async with memory.unit_of_work() as uow:
        (signal,) = await uow.signals.of_reporter(ROBIN.actor.id, 5)
    await bas.does(Pressed("signal.open", {"signal": signal.id, "version": "1"}))
    bas.sees("Dit kan ik je niet laten zien")


async def test_a_signal_about_an_officer_whom_the_reporter_cannot_name_goes_past_all_of_them(
    memory: Memory, robin: Talk
) -> None:
    """It may be about any of them, so none may see it: the vertrouwenspersoon gets it."""
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
        > Gaat het over = Ja, een AF
        > [Volgende]
        < Over welke AF gaat het?
        < Weet je niet over wie het gaat? Dan leest alleen de vertrouwenspersoon hem.
        > [Weet ik niet]
        < Over deze AF: Weet ik niet
        < Alleen de vertrouwenspersoon leest dit
        > [Versturen naar de vertrouwenspersoon]
        < Verstuurd
        """,
    )

    heard = {person for kind, person in await notices(memory) if kind is NoticeKind.SIGNAL_FOR_OFFICER}
    assert heard == {CONFIDANT}
    (signal,) = memory.signals
    assert {ANNA, BAS} <= signal.excluded
    receipt = words_of(receipt_card(signal, knowledge()))
    assert "ligt nu bij de vertrouwenspersoon" in receipt
    assert "ligt nu bij de aandachtsfunctionaris" not in receipt


def test_a_deputy_may_be_the_one_whom_it_is_about_too() -> None:
    staff = Staff((ANNA,), (CONFIDANT,), deputies=(BAS,))
    assert kept_from({"about_officer": UNKNOWN}, staff) == {ANNA, BAS}
    assert kept_from({"about_officer": BAS}, staff) == {BAS}
    assert kept_from({}, staff) == frozenset()


async def test_a_signal_that_nobody_may_read_is_stored_and_its_reporter_reads_that_it_waits(memory: Memory) -> None:
    staff = Staff((ANNA,))
    alone = replace(knowledge(), staff=staff, officer_names={ANNA: "Anna"})
    robin = Talk(memory.unit_of_work, alone, ROBIN, MONDAY)
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
        > Gaat het over iemand die hier werkt = Ja, een AF
        > [Volgende]
        > [Anna]
        < Er is nu niemand die dit mag lezen
        > [Versturen en bewaren]
        < Verstuurd: S-2026-0001
        """,
    )

    [signal] = memory.signals
    assert signal.answers["story"] == STORY
    assert [(notice.kind, notice.recipient) for notice in memory.notices] == [
        (NoticeKind.RECEIPT, ROBIN.actor.id),
    ]
    receipt = words_of(receipt_card(signal, alone))
    assert "er is nu niemand die het mag lezen" in receipt
    assert "Ga naar de vertrouwenspersoon of de politie" in receipt
    assert "0900-8844" in receipt
    assert "ligt nu bij de aandachtsfunctionaris" not in receipt
