"""Conversations as the people of a municipality have them, over the stores in memory."""

from dataclasses import replace

import pytest

from dialogs.conversation import Person
from dialogs.domain.access import Staff
from dialogs.domain.notices import NoticeKind
from dialogs.intake.flow import kept_from
from dialogs.intake.questions import UNKNOWN
from dialogs.reporter.cards import receipt_card
from dialogs.turn import Pressed, Said
from dialogs.use_cases.watch import take_back_drafts, watch_drafts
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ANNA, BAS, CONFIDANT, EMPLOYEE, MONDAY, OFFICER_ANNA, OFFICER_BAS, ROBIN, knowledge
from tests.transcript import Talk, buttons_of, play, words_of

STORY = "Vier mannen aan de balie. Een vrouw van het uitzendbureau had alle paspoorten in haar tas."


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def robin(memory: Memory) -> Talk:
    return talk(memory, ROBIN)


@pytest.fixture
def anna(memory: Memory) -> Talk:
    return talk(memory, OFFICER_ANNA)


def talk(memory: Memory, person: Person) -> Talk:
    return Talk(memory.unit_of_work, knowledge(), person, MONDAY)


async def report(robin: Talk, *, outcome_line: str = "Verstuurd: S-2026-0001") -> Talk:
    return await play(
        robin,
        f"""
        > melden
        < Is er nu direct gevaar?
        > [Nee]
        < Wat heb je gezien of gehoord?
        > Wat heb je gezien = {STORY}
        > [Volgende]
        < Dit las ik in je tekst
        > [x] Iemand anders (baas
        > [Volgende]
        < Is de persoon jonger dan 18 jaar?
        > [Nee]
        < Herken je dit ook?
        > [Volgende]
        < Waar was het?
        > Waar = balie Uden
        > [Volgende]
        < Klopt dit zo?
        > [Versturen naar de AF]
        < {outcome_line}
        """,
    )


async def notices(memory: Memory) -> list[tuple[NoticeKind, str]]:
    async with memory.unit_of_work() as uow:
        taken = await uow.outbox.claim(worker="test", now=MONDAY, lease_until=MONDAY, limit=50)
        return [(claimed.notice.kind, claimed.notice.recipient) for claimed in taken]


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


# --- a report that does not open ---


async def half_way(robin: Talk) -> Talk:
    return await play(
        robin,
        f"""
        > melden
        < Is er nu direct gevaar?
        > [Nee]
        < Wat heb je gezien of gehoord?
        > Wat heb je gezien = {STORY}
        > [Volgende]
        < Dit las ik in je tekst
        """,
    )


async def loses_the_key(memory: Memory) -> str:
    """The open report does not open any more; its id."""
    [draft_id] = memory.committed.drafts
    memory.committed.unreadable.add(draft_id)
    return draft_id


async def test_who_types_on_hears_that_the_open_report_does_not_open_and_can_begin_anew_at_once(
    memory: Memory, robin: Talk
) -> None:
    await half_way(robin)
    draft_id = await loses_the_key(memory)

    told, _ = (await robin.take(Said("Ze huilde"))).replies
    assert told.card.title == "Je open melding gaat niet open"
    assert "Meldingen die je al hebt verstuurd, zijn veilig." in words_of(told.card)
    assert [button.title for button in told.card.buttons] == ["Melden"]
    assert list(memory.committed.drafts_aside) == [draft_id]
    assert [(each.action, each.subject) for each in memory.audit_entries] == [("draft_set_aside", draft_id)]

    await report(robin)


async def test_who_asks_to_report_is_told_and_stands_at_the_first_question(memory: Memory, robin: Talk) -> None:
    await half_way(robin)
    await loses_the_key(memory)

    answer = await robin.take(Said("melden"))

    assert [reply.card.title for reply in answer.replies] == [
        "Je open melding gaat niet open",
        "Is er nu direct gevaar?",
    ]


async def test_a_press_on_the_card_of_the_report_is_told_the_same_and_so_is_the_next(
    memory: Memory, robin: Talk
) -> None:
    await half_way(robin)
    draft_id = await loses_the_key(memory)

    for _ in range(2):
        await robin.does(Pressed("intake.answer", {"draft": draft_id, "version": "3"}))
        assert robin.card.title == "Je open melding gaat niet open"


async def test_once_it_opens_again_the_report_goes_on_where_it_was(memory: Memory, robin: Talk) -> None:
    await half_way(robin)
    draft_id = await loses_the_key(memory)
    await robin.does(Said("help"))
    memory.committed.unreadable.clear()

    async with memory.unit_of_work() as uow:
        assert await take_back_drafts(uow, MONDAY, 9) == 1
        assert await watch_drafts(uow, MONDAY, 9) == 1
        await uow.commit()

    assert (NoticeKind.DRAFT_REMINDER, ROBIN.actor.id) in await notices(memory)
    await play(
        robin,
        """
        > verder
        < Dit las ik in je tekst
        """,
    )
    assert list(memory.committed.drafts) == [draft_id]
