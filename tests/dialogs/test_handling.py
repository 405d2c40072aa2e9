"""Officers take up, hand over and close; the reporter reads each step, and an employee nothing of it."""

from dialogs.turn import Pressed
from tests.dialogs.reporting import STORY, report, talk
from tests.fakes.unit_of_work import Memory
from tests.knowledge import EMPLOYEE, OFFICER_BAS, ROBIN
from tests.transcript import Talk, play, words_of


async def test_an_officer_takes_up_hands_over_and_closes_and_the_reporter_reads_each_step(
    robin: Talk, anna: Talk
) -> None:
    await report(robin)
    await play(
        anna,
        """
        > wachtrij
        < S-2026-0001
        > [Open S-2026-0001]
        < Vier mannen aan de balie
        < Waar: balie Uden
        < Weging
        > [Oppakken]
        < Je hebt dit signaal opgepakt
        > [Overdragen]
        < Bel eerst.
        > Wie? = Nederlandse Arbeidsinspectie
        > Wat heb je verteld = Gezien of gehoord
        > Waarom mag je dit delen = Publieke taak
        > Wat is er afgesproken = Ze bellen vandaag terug
        > [Bekijk wat de melder leest]
        < doorgegeven aan: Nederlandse Arbeidsinspectie
        > [Overdragen en melder informeren]
        < De overdracht staat vast
        > [Afsluiten]
        > Wat leest de melder = Een partner gaat ermee verder
        > Eigen regel = Dank voor het goede kijken.
        > [Bekijk wat de melder leest]
        > [Afsluiten en terugkoppelen]
        < Het signaal is afgesloten
        """,
    )
    await play(
        robin,
        """
        > mijn meldingen
        < S-2026-0001: Afgesloten
        > [Open S-2026-0001]
        < opgepakt en zoekt het uit
        < doorgegeven aan: Nederlandse Arbeidsinspectie
        < Dank voor het goede kijken.
        """,
    )
    assert "Ze bellen vandaag terug" not in words_of(robin.card), "a note for officers stays with the officers"


async def test_the_second_officer_reads_who_was_first(memory: Memory, robin: Talk, anna: Talk) -> None:
    await report(robin)
    bas = talk(memory, OFFICER_BAS)
    for officer in (anna, bas):
        await play(officer, "> wachtrij\n> [Open S-2026-0001]")

    await anna.presses("Oppakken")
    await bas.presses("Oppakken")

    bas.sees("Al opgepakt door Anna op 23-11-2026 10:00")


async def test_a_signal_is_not_closed_without_feedback(robin: Talk, anna: Talk) -> None:
    await report(robin)
    await play(anna, "> wachtrij\n> [Open S-2026-0001]\n> [Oppakken]\n> [Afsluiten]\n> [Bekijk wat de melder leest]")

    anna.sees("Zonder terugkoppeling sluit je niet af")


async def test_an_employee_sees_neither_queue_nor_content(memory: Memory, robin: Talk) -> None:
    await report(robin)
    async with memory.unit_of_work() as uow:
        (signal,) = await uow.signals.of_reporter(ROBIN.actor.id, 5)
    kim = talk(memory, EMPLOYEE)

    await kim.says("wachtrij")
    kim.sees("Dit kan ik je niet laten zien")
    for action in ("signal.open", "signal.take_up", "signal.fold", "signal.close_form", "mine.read"):
        await kim.does(Pressed(action, {"signal": signal.id, "version": "1"}))
        kim.sees("Dit kan ik je niet laten zien")
    assert STORY not in words_of(kim.card)
