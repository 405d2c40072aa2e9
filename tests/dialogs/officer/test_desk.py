"""The officers among each other: who has what, who is away, and what they see of the queue."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.conversation import Person
from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import case_file
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import NoticeKind
from dialogs.domain.terms import planned
from dialogs.reporter.cards import question_reminder_card
from dialogs.turn import Pressed
from tests.cards.collection import keep
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ANNA, BAS, CONFIDANT, MONDAY, OFFICER_ANNA, OFFICER_BAS, ROBIN, knowledge, person
from tests.storage.factories import a_signal
from tests.transcript import Talk, buttons_of, play, words_of


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def anna(memory: Memory) -> Talk:
    return talk(memory, OFFICER_ANNA)


@pytest.fixture
def bas(memory: Memory) -> Talk:
    return talk(memory, OFFICER_BAS)


def talk(memory: Memory, who: Person) -> Talk:
    return Talk(memory.unit_of_work, knowledge(), who, MONDAY)


async def receives(memory: Memory, count: int = 1, outcome: Outcome = Outcome.VAGUE, **changes: object) -> None:
    """Signals came in an hour ago, a minute apart."""
    async with memory.unit_of_work() as uow:
        for number in range(1, count + 1):
            at = MONDAY - timedelta(minutes=60 - number)
            new = replace(a_signal(number, reporter=ROBIN.actor.id, outcome=outcome, received_at=at), **changes)  # pyright: ignore[reportArgumentType] - fields of a signal
            event = SignalEvent(new.id, at, ROBIN.actor.id, EventKind.RECEIVED, SignalStatus.RECEIVED, 1)
            await uow.signals.add(planned(case_file(new, (event,)), knowledge().terms))
            await uow.signals.append(event)
        await uow.commit()


def told(memory: Memory) -> list[tuple[NoticeKind, str]]:
    return [(notice.kind, notice.recipient) for notice in memory.notices]


async def test_an_owner_offers_a_signal_and_a_colleague_accepts(memory: Memory, anna: Talk, bas: Talk) -> None:
    await receives(memory)
    await play(
        anna,
        """
        > wachtrij
        > [Open S-2026-0001]
        > [Oppakken]
        > [Meer]
        > [Aan een collega geven]
        < Je collega kiest of die het overneemt
        > Aan wie = Bas
        > Waarom = Ik ben volgende week vrij
        > [Aanbieden]
        < Aangeboden. Je hoort of je collega het overneemt.
        """,
    )
    assert (NoticeKind.OFFER, BAS) in told(memory)

    await play(
        bas,
        """
        > wachtrij
        > [Open S-2026-0001]
        > [Ik neem het over]
        < Dit signaal is nu van jou.
        < Opgepakt · Bas
        """,
    )
    assert (NoticeKind.OFFER_ANSWERED, ANNA) in told(memory)
    assert (NoticeKind.STATUS_FOR_REPORTER, ROBIN.actor.id) in told(memory)
    assert [kind for kind, who in told(memory) if who == ROBIN.actor.id] == [NoticeKind.STATUS_FOR_REPORTER]


async def test_an_offer_needs_a_reason_and_keeps_what_was_written(memory: Memory, anna: Talk) -> None:
    await receives(memory)
    await play(
        anna,
        """
        > wachtrij
        > [Open S-2026-0001]
        > [Oppakken]
        > [Meer]
        > [Aan een collega geven]
        > [Aanbieden]
        < Schrijf kort op waarom. Er is nog niets veranderd.
        > Waarom = Zie BSN 123456782
        > [Aanbieden]
        < Er lijkt een BSN in je tekst te staan
        """,
    )
    assert "123456782" not in str(anna.card)
    assert not [kind for kind, _ in told(memory) if kind is NoticeKind.OFFER]


async def test_a_colleague_declines_and_the_owner_keeps_it(memory: Memory, anna: Talk, bas: Talk) -> None:
    await receives(memory)
    for act in ("wachtrij", "[Open S-2026-0001]", "[Oppakken]", "[Meer]", "[Aan een collega geven]"):
        await play(anna, f"> {act}")
    await play(
        anna,
        """
        > Waarom = Druk
        > [Aanbieden]
        """,
    )
    await play(
        bas,
        """
        > wachtrij
        > [Open S-2026-0001]
        > [Ik neem het niet over]
        < Het signaal blijft bij wie het had
        < Opgepakt · Anna
        """,
    )


async def test_an_offer_that_was_taken_back_cannot_be_accepted(memory: Memory, anna: Talk, bas: Talk) -> None:
    await receives(memory)
    for act in ("wachtrij", "[Open S-2026-0001]", "[Oppakken]", "[Meer]", "[Aan een collega geven]"):
        await play(anna, f"> {act}")
    await play(anna, "> Waarom = Druk\n> [Aanbieden]")
    await play(bas, "> wachtrij\n> [Open S-2026-0001]")

    await play(anna, "> [Meer]\n> [Aanbod intrekken]")

    await play(bas, "> [Ik neem het over]\n< Er is intussen iets veranderd\n< Opgepakt · Anna")


async def test_taking_over_is_a_separate_act_with_a_reason_and_the_former_owner_hears(
    memory: Memory, anna: Talk, bas: Talk
) -> None:
    await receives(memory)
    await play(anna, "> wachtrij\n> [Open S-2026-0001]\n> [Oppakken]")
    await play(
        bas,
        """
        > wachtrij
        > [Open S-2026-0001]
        > [Overnemen]
        < Dit signaal is nu van Anna
        > [Ja, ik neem het over]
        < Schrijf kort op waarom
        > Waarom = Anna is ziek
        > [Ja, ik neem het over]
        < Dit signaal is nu van jou
        """,
    )
    assert (NoticeKind.TAKEN_OVER, ANNA) in told(memory)


async def test_two_who_take_over_at_once_get_one_owner_and_one_clear_word(memory: Memory, anna: Talk) -> None:
    await receives(memory)
    await play(anna, "> wachtrij\n> [Open S-2026-0001]\n> [Oppakken]")
    stale = Pressed("signal.take_over", {"signal": "signal-1", "version": "1"}, {"reason": "haast"})
    bas = talk(memory, OFFICER_BAS)

    await bas.does(stale)

    bas.sees("Er is intussen iets veranderd", "Opgepakt · Anna")


async def test_a_signal_is_never_offered_to_whom_it_is_about(memory: Memory, anna: Talk) -> None:
    await receives(memory, excluded=frozenset({BAS}))
    for act in ("wachtrij", "[Open S-2026-0001]", "[Oppakken]", "[Meer]", "[Aan een collega geven]"):
        await play(anna, f"> {act}")
    anna.sees("Er is geen collega die dit signaal mag zien")

    version = buttons_of(anna.card)[-1].data["version"]
    await anna.does(Pressed("signal.offer", {"signal": "signal-1", "version": version}, {"to": BAS, "reason": "druk"}))

    assert (NoticeKind.OFFER, BAS) not in told(memory)


async def test_the_queue_is_filtered_and_paged(memory: Memory, anna: Talk) -> None:
    await receives(memory, 12)
    await play(
        anna,
        """
        > wachtrij
        < S-2026-0001
        < S-2026-0008
        < In totaal: 12.
        > [Volgende]
        < S-2026-0009
        < S-2026-0012
        > [Open S-2026-0012]
        > [Oppakken]
        > mijn signalen
        < S-2026-0012
        """,
    )
    assert "S-2026-0001" not in words_of(anna.card)
    await play(
        anna,
        """
        > Laat zien = Wacht op melder
        > [Toon]
        < Hier staat nu niets.
        """,
    )


async def test_the_last_part_of_the_queue_has_no_next(memory: Memory, anna: Talk) -> None:
    await receives(memory, 8)

    await play(anna, "> wachtrij\n< S-2026-0008")

    assert "Volgende" not in [button.title for button in buttons_of(anna.card)]


async def test_a_part_of_the_queue_can_be_typed_as_the_card_says(memory: Memory, anna: Talk) -> None:
    await receives(memory, 20)
    await play(
        anna,
        """
        > wachtrij
        < Deel 1 van 3. In totaal: 20.
        < Verder? Typ 'wachtrij 2'.
        > wachtrij 2
        < S-2026-0009
        < S-2026-0016
        < Deel 2 van 3. In totaal: 20.
        < Verder? Typ 'wachtrij 3'.
        > [Volgende]
        < S-2026-0017
        < S-2026-0020
        < Deel 3 van 3. In totaal: 20.
        > terug naar begin
        < S-2026-0001
        < Deel 1 van 3.
        > nog niet opgepakt 3
        < S-2026-0020
        < Deel 3 van 3.
        """,
    )
    assert "Typ 'wachtrij" not in words_of(anna.card)


@pytest.mark.parametrize(("typed", "part"), [("wachtrij 9", 2), ("de wachtrij 0", 1), ("wachtrij 99999999999", 1)])
async def test_a_part_that_is_not_there_is_the_last_or_the_first(
    memory: Memory, anna: Talk, typed: str, part: int
) -> None:
    await receives(memory, 12)
    await anna.says(typed)

    anna.sees(f"Deel {part} van 2.")


async def test_who_types_volgende_reads_how_to_go_on(memory: Memory, anna: Talk) -> None:
    await receives(memory, 12)
    await play(anna, "> volgende\n< Wachtrij\n< Verder? Typ 'wachtrij 2'.")


async def test_of_an_employee_who_types_it_nothing_of_the_queue_is_shown(memory: Memory) -> None:
    await receives(memory, 12)
    robin = talk(memory, ROBIN)
    for typed in ("wachtrij 2", "volgende", "terug naar begin", "van mij 2"):
        await robin.says(typed)
        assert "S-2026" not in words_of(robin.card)


async def test_in_an_open_report_the_words_are_those_of_the_report(memory: Memory, anna: Talk) -> None:
    await receives(memory, 12)
    await play(anna, "> melden\n> [Nee]\n> Wat heb je gezien = Vier mannen met één tas\n> [Volgende]\n> volgende")

    assert "Wachtrij" not in words_of(anna.card)
    await anna.says("wachtrij 2")
    anna.sees("S-2026-0009")


async def test_a_page_that_nobody_wrote_is_the_first_page(memory: Memory, anna: Talk) -> None:
    await receives(memory)
    await anna.does(
        Pressed("signal.queue", {"filter": "nonsense", "rank": "x", "at": "2026-11-23", "behind": "signal-1"})
    )
    anna.sees("S-2026-0001")


async def test_a_confidant_sees_in_the_queue_only_what_is_kept_from_every_officer(memory: Memory) -> None:
    await receives(memory, 1)
    async with memory.unit_of_work() as uow:
        await uow.signals.add(a_signal(2, excluded=frozenset({ANNA, BAS})))
        await uow.commit()
    confidant = talk(memory, person(CONFIDANT, "Vera"))

    await confidant.says("wachtrij")

    confidant.sees("S-2026-0002")
    assert "S-2026-0001" not in words_of(confidant.card)


async def test_an_officer_is_away_and_a_colleague_hears_it(memory: Memory, anna: Talk) -> None:
    await receives(memory)
    await play(anna, "> wachtrij\n> [Open S-2026-0001]\n> [Oppakken]")
    await play(
        anna,
        """
        > afwezig tot 7 december
        < Je bent afwezig tot 07-12-2026. Zolang krijgen deze collega's bericht: Bas.
        < Van jou lopen nu: 1.
        > [Ik ben er weer]
        < Welkom terug
        """,
    )
    assert [who for kind, who in told(memory) if kind is NoticeKind.DIGEST] == [BAS]


async def test_who_came_back_and_goes_away_again_until_the_same_day_is_told_of_again(memory: Memory) -> None:
    for minutes, said in enumerate(["afwezig tot 7 december"] * 2 + ["ik ben er weer", "afwezig tot 7 december"]):
        anna = Talk(memory.unit_of_work, knowledge(), OFFICER_ANNA, MONDAY + timedelta(minutes=minutes))
        await play(anna, f"> {said}")

    heard = [(notice.recipient, notice.created_at) for notice in memory.notices if notice.kind is NoticeKind.DIGEST]
    assert heard == [(BAS, MONDAY), (BAS, MONDAY + timedelta(minutes=3))]


@pytest.mark.parametrize("day", ["ooit", "gisteren", "3 december 2031", "7"])
async def test_a_day_that_cannot_be_is_refused_with_an_example(anna: Talk, day: str) -> None:
    await play(anna, f"> mijn werkplek\n> Afwezig tot = {day}\n> [Afwezig melden]\n< Deze dag begrijp ik niet")
    anna.sees("Je staat als aanwezig")


async def test_where_nobody_is_left_the_officer_is_warned(memory: Memory, anna: Talk, bas: Talk) -> None:
    await play(bas, "> afwezig tot 1 december")
    await play(anna, "> afwezig tot 1 december\n< Let op: er is nu niemand anders")


@pytest.mark.parametrize(
    ("said", "heard"), [("9", "09:00"), ("14:30", "14:30"), ("8.15", "08:15"), ("16 uur", "16:00")]
)
async def test_the_digest_comes_when_the_officer_wants_it(anna: Talk, said: str, heard: str) -> None:
    await play(anna, f"> werkplek\n> Hoe laat = {said}\n> [Tijd bewaren]\n< Je dagoverzicht komt om {heard}")


@pytest.mark.parametrize("said", ["25", "half negen", "8:75", ""])
async def test_an_hour_that_is_none_changes_nothing(anna: Talk, said: str) -> None:
    await anna.says("werkplek")
    await anna.does(Pressed("signal.digest", {}, {"digest": said}))
    anna.sees("Deze tijd begrijp ik niet")


async def test_an_employee_has_no_desk(memory: Memory) -> None:
    robin = talk(memory, ROBIN)
    for act in ("desk", "away", "come_back", "digest", "talk_list", "talk_note"):
        await robin.does(Pressed(f"signal.{act}", {}, {"until": "morgen", "digest": "9:00", "line": "hoi"}))
        robin.sees("Dit kan ik je niet laten zien")
    assert memory.audit_entries == []


async def test_the_list_for_the_talk_has_no_names_and_keeps_the_officers_lines(memory: Memory, anna: Talk) -> None:
    await receives(memory, 3)
    await play(
        anna,
        """
        > lijst voor overleg
        < Open: 3. Afgerond: 0.
        < S-2026-0001: SU, AU · Vaag signaal · Ontvangen · 0 werkdagen
        > [Regel bewaren]
        < Schrijf een regel op. Er is niets bewaard.
        > Regel toevoegen = Veel signalen uit de vleesindustrie
        > [Regel bewaren]
        < De regel is bewaard.
        < Veel signalen uit de vleesindustrie
        """,
    )
    assert "Anne Jansen" not in words_of(anna.card)


async def test_a_line_for_the_talk_that_is_sent_twice_is_there_once(memory: Memory, anna: Talk) -> None:
    await anna.says("lijst voor overleg")
    press = anna.fills({"Regel toevoegen": "Een knelpunt"}).press(anna.card.buttons[0])

    await anna.does(press)
    await anna.does(press)

    assert words_of(anna.card).count("Een knelpunt") == 1


async def test_what_the_municipality_can_do_itself_is_information_behind_more(memory: Memory, anna: Talk) -> None:
    await receives(memory)
    await play(
        anna,
        """
        > wachtrij
        > [Open S-2026-0001]
        > [Oppakken]
        > [Meer]
        > [Wat kan de gemeente zelf?]
        < Het is informatie, geen advies.
        """,
    )


def test_a_question_that_waits_is_told_without_the_question() -> None:
    card = question_reminder_card(a_signal(), knowledge())
    keep(card)

    assert words_of(card).startswith("Er wacht een vraag over je melding S-2026-0001")
