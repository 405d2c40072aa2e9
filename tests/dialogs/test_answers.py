"""A question to the reporter: asked, answered by card or by text, read again, never lost and never hanging."""

from dataclasses import replace

import pytest

from dialogs.conversation import Conversation
from dialogs.domain.assessment import Outcome
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import EDITS, Lane, NoticeKind
from dialogs.notice_message import NoticeMessages
from dialogs.ports import UnitOfWork
from dialogs.turn import Pressed, Said
from dialogs.use_cases.case_work import CaseWork
from dialogs.use_cases.watch_signals import watch_signals
from tests.dialogs.desk_talk import Desk, button, with_inputs
from tests.knowledge import ADMINISTRATOR, ANNA, BAS, CONFIDANT, EMPLOYEE, OFFICER_ANNA, ROBIN, knowledge
from tests.transcript import play, words_of

QUESTION = "Wie hield de deur open?"
ANSWER = "Een man met een rode pet."
BSN = "111222333"


@pytest.fixture
async def desk() -> Desk:
    """Anna took up Robin's signal and asked something."""
    desk = Desk()
    await desk.reports()
    await desk.takes_up()
    await desk.is_asked(QUESTION)
    return desk


def typed(desk: Desk) -> str:
    """What stands in the text field on Robin's card."""
    return desk.robin.press(button(desk.robin, "Nieuwe melding")).inputs["text"]


# --- answering ---


async def test_a_question_is_read_and_answered_on_its_card(desk: Desk) -> None:
    assert desk.signal().status is SignalStatus.WAITING_FOR_REPORTER
    await play(
        desk.robin,
        f"""
        > mijn meldingen
        < S-2026-0001: Er is een vraag voor je
        > [Open S-2026-0001]
        < {QUESTION}
        > [Bekijk de vraag]
        < {QUESTION}
        < Weet je het niet? Dat is ook een antwoord.
        > Je antwoord = {ANSWER}
        > [Antwoord versturen]
        < Antwoord verstuurd: S-2026-0001
        > [Bekijk deze melding]
        < Opgepakt
        < Je hebt de vraag beantwoord.
        < {ANSWER}
        """,
    )
    assert desk.signal().status is SignalStatus.TAKEN_UP
    assert [notice.recipient for notice in desk.told(NoticeKind.ANSWER)] == [ANNA]
    await desk.opens(desk.anna)
    desk.anna.sees(QUESTION, ANSWER, "De melder heeft geantwoord")


async def test_not_knowing_is_an_answer_and_what_is_written_beside_it_goes_along(desk: Desk) -> None:
    await play(desk.robin, "> antwoord\n> [Weet ik niet]\n< Antwoord verstuurd")
    assert [event.content["text"] for event in await desk.happened(EventKind.ANSWERED)] == ["Weet ik niet."]

    await desk.is_asked("En de auto?")
    await play(desk.robin, "> antwoord\n> Je antwoord = Hij was rood of bruin.\n> [Weet ik niet]")
    assert (await desk.happened(EventKind.ANSWERED))[-1].content["text"] == "Weet ik niet. Hij was rood of bruin."


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        (f"antwoord {ANSWER}", ANSWER),
        (f"Antwoord: {ANSWER}", ANSWER),
        (f"mijn antwoord S-2026-0001 {ANSWER}", ANSWER),
        ("antwoord weet ik niet", "weet ik niet"),
    ],
)
async def test_an_answer_is_typed_after_its_word(desk: Desk, said: str, stored: str) -> None:
    await desk.robin.says(said)

    desk.robin.sees("Antwoord verstuurd: S-2026-0001")
    assert [event.content["text"] for event in await desk.happened(EventKind.ANSWERED)] == [stored]


@pytest.mark.parametrize("said", ["antwoord", "antwoorden", "vraag beantwoorden", "antwoord S-2026-0001"])
async def test_the_word_alone_opens_the_question(desk: Desk, said: str) -> None:
    await desk.robin.says(said)

    desk.robin.sees(QUESTION, "Antwoord versturen")


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        (f"Haar nummer is {BSN}", "Er lijkt een BSN in je tekst te staan"),
        ("x" * 4001, "hoogstens 4000 tekens"),
        ("  \n ", "Schrijf je antwoord op, of kies 'Weet ik niet'"),
    ],
    ids=["a BSN", "too long", "blank"],
)
async def test_an_answer_that_cannot_be_stored_is_refused_and_stands_in_the_field_again(
    desk: Desk, written: str, seen: str
) -> None:
    await desk.robin.says("antwoord")

    await desk.robin.does(with_inputs(desk.robin, "Antwoord versturen", text=written))

    desk.robin.sees(seen, QUESTION)
    again = desk.robin.press(button(desk.robin, "Antwoord versturen")).inputs.get("text", "")
    assert BSN not in again
    assert "".join(again.split())[:7] == "".join(written.split())[:7]
    assert desk.signal().status is SignalStatus.WAITING_FOR_REPORTER
    assert desk.told(NoticeKind.ANSWER) == []


async def test_pressing_twice_is_one_answer(desk: Desk) -> None:
    await play(desk.robin, f"> antwoord\n> Je antwoord = {ANSWER}")
    press = desk.robin.press(button(desk.robin, "Antwoord versturen"))

    await desk.robin.does(press)
    await desk.robin.does(press)

    desk.robin.sees("Antwoord verstuurd")
    assert len(await desk.happened(EventKind.ANSWERED)) == 1
    assert await desk.happened(EventKind.ADDED) == []


async def test_nobody_answers_for_somebody_else(desk: Desk) -> None:
    kim = desk.talk(EMPLOYEE)

    for action in ("mine.question", "mine.answer", "mine.confirm", "mine.rate"):
        await kim.does(Pressed(action, {"signal": desk.signal().id, "asked": "3", "event": "1"}, {"text": ANSWER}))
        kim.sees("Dit kan ik je niet laten zien")
    assert await desk.happened(EventKind.ANSWERED) == []


async def test_a_redelivered_answer_shows_the_signal_and_stores_nothing(desk: Desk) -> None:
    await play(desk.robin, f"> antwoord\n> Je antwoord = {ANSWER}")
    press = desk.robin.press(button(desk.robin, "Antwoord versturen"))

    async with desk.memory.unit_of_work() as uow:
        answer = await Conversation(uow, ROBIN, knowledge(), desk.now).now_on_screen(press)

    assert answer.replies[0].card.title == "Je melding S-2026-0001"
    assert await desk.happened(EventKind.ANSWERED) == []


async def test_the_answer_goes_to_whoever_is_on_duty_when_the_owner_is_away(desk: Desk) -> None:
    from dialogs.domain.desk import Desk as OfficersDesk  # noqa: PLC0415 - the same word for another desk

    async with desk.memory.unit_of_work() as uow:
        await uow.desks.save(OfficersDesk(ANNA, absent_until=desk.now.replace(year=2027)))
        await uow.commit()

    await desk.robin.says(f"antwoord {ANSWER}")

    assert [notice.recipient for notice in desk.told(NoticeKind.ANSWER)] == [BAS]


# --- a text that may be an answer ---


async def test_a_plain_text_while_a_question_is_open_is_asked_about_and_can_be_the_answer(desk: Desk) -> None:
    await play(
        desk.robin,
        f"""
        > {ANSWER}
        < Waar hoort dit bij?
        < Is dit je antwoord op de vraag over S-2026-0001?
        < {QUESTION}
        > [Ja, dit is mijn antwoord]
        < Antwoord verstuurd: S-2026-0001
        """,
    )
    assert [event.content["text"] for event in await desk.happened(EventKind.ANSWERED)] == [ANSWER]
    assert desk.memory.drafts == []


async def test_it_can_be_a_report_of_its_own_and_then_the_question_stays(desk: Desk) -> None:
    await play(desk.robin, "> Er staat een busje met mannen zonder jas\n> [Nieuwe melding]")

    (draft,) = desk.memory.drafts
    assert draft.answers["story"] == "Er staat een busje met mannen zonder jas"
    desk.robin.sees("Is er nu direct gevaar?")
    assert desk.signal().status is SignalStatus.WAITING_FOR_REPORTER


@pytest.mark.parametrize("said", ["ja", "nee", "weet ik niet", "rood", "?"])
async def test_the_shortest_text_is_not_swallowed(desk: Desk, said: str) -> None:
    await desk.robin.says(said)

    desk.robin.sees("Is dit je antwoord op de vraag over S-2026-0001?")
    assert typed(desk) == said


async def test_a_number_is_shown_all_the_same(desk: Desk) -> None:
    answer = await desk.robin.take(Said("avim"))

    numbers, which = (reply.card for reply in answer.replies)
    assert "088-9630320" in words_of(numbers)
    assert which.title == "Waar hoort dit bij?"


async def test_words_of_danger_bring_112_to_the_top(desk: Desk) -> None:
    await desk.robin.says("ze zit opgesloten")

    desk.robin.sees("Bel nu [112](tel:112)", "Is dit je antwoord")


async def test_what_cannot_be_stored_is_said_before_it_is_pressed(desk: Desk) -> None:
    await desk.robin.says(f"haar nummer is {BSN}")

    desk.robin.sees("Er lijkt een BSN in je tekst te staan")
    assert typed(desk) == "haar nummer is *********"


async def test_with_two_questions_each_is_a_choice(desk: Desk) -> None:
    await desk.reports("Nog een vrouw die bang keek aan de balie")
    await desk.takes_up(2)
    await desk.is_asked("Hoe laat was het?", 2)

    await play(
        desk.robin,
        """
        > half drie
        < Er is nog een vraag voor je open
        > [Antwoord bij S-2026-0002]
        < Antwoord verstuurd: S-2026-0002
        """,
    )
    await play(desk.robin, f"> antwoord\n< {QUESTION}")
    assert desk.signal(1).status is SignalStatus.WAITING_FOR_REPORTER


async def test_with_two_questions_the_word_alone_asks_which(desk: Desk) -> None:
    await desk.reports("Nog een vrouw die bang keek aan de balie")
    await desk.takes_up(2)
    await desk.is_asked("Hoe laat was het?", 2)

    await play(
        desk.robin,
        f"""
        > antwoord
        < Welke vraag wil je beantwoorden?
        > [Kies S-2026-0001]
        < {QUESTION}
        > antwoord half drie
        < Er is nog een vraag voor je open
        > antwoord S-2026-0002 half drie
        < Antwoord verstuurd: S-2026-0002
        """,
    )


# --- while a report is open ---


async def test_with_an_open_report_a_text_belongs_to_it(desk: Desk) -> None:
    await play(desk.robin, f"> melden\n> [Nee]\n> {ANSWER}")

    (draft,) = desk.memory.drafts
    assert draft.answers["story"] == ANSWER
    assert desk.signal().status is SignalStatus.WAITING_FOR_REPORTER


async def test_with_an_open_report_an_answer_by_its_word_is_asked_about(desk: Desk) -> None:
    await play(
        desk.robin,
        f"""
        > melden
        > [Nee]
        > antwoord {ANSWER}
        < Waar hoort dit bij?
        > [Ja, dit is mijn antwoord]
        < Antwoord verstuurd
        """,
    )
    assert [event.content["text"] for event in await desk.happened(EventKind.ANSWERED)] == [ANSWER]
    (draft,) = desk.memory.drafts
    assert "story" not in draft.answers


async def test_it_can_belong_to_the_open_report_once(desk: Desk) -> None:
    await play(desk.robin, "> melden\n> antwoord ja")
    press = desk.robin.press(button(desk.robin, "Hoort bij mijn open melding"))

    await desk.robin.does(press)
    await desk.robin.does(press)

    (draft,) = desk.memory.drafts
    assert draft.answers == {"danger": "yes"}
    assert await desk.happened(EventKind.ANSWERED) == []


async def test_the_word_alone_opens_the_question_and_keeps_the_report(desk: Desk) -> None:
    await play(desk.robin, f"> melden\n> antwoord\n< {QUESTION}\n> verder\n< Is er nu direct gevaar?")


async def test_a_new_report_is_not_begun_over_an_open_one(desk: Desk) -> None:
    await desk.robin.says("Er staat een busje met mannen zonder jas")
    press = desk.robin.press(button(desk.robin, "Nieuwe melding"))
    await desk.robin.does(press)
    await desk.robin.does(press)

    desk.robin.sees("Je had nog een melding open")
    assert len(desk.memory.drafts) == 1


async def test_without_a_question_the_word_begins_a_report_or_says_that_there_is_none() -> None:
    desk = Desk()
    await play(
        desk.robin,
        """
        > antwoord
        < Er is nu geen vraag voor je open.
        > antwoorden gaf ze niet, haar man deed steeds het woord
        < Is er nu direct gevaar?
        """,
    )


async def test_without_a_question_a_word_with_text_in_an_open_report_is_part_of_it() -> None:
    desk = Desk()
    await play(desk.robin, "> melden\n> [Nee]\n> antwoorden gaf ze niet, ze keek naar haar man")

    assert desk.memory.drafts[0].answers["story"] == "antwoorden gaf ze niet, ze keek naar haar man"


# --- nothing hangs ---


async def test_a_reminder_comes_and_then_the_question_ends_and_the_owner_hears(desk: Desk) -> None:
    async def watches() -> list[tuple[str, str]]:
        before = len(desk.memory.notices)
        async with desk.memory.unit_of_work() as uow:
            await watch_signals(uow, knowledge(), desk.now, 10)
            await uow.commit()
        new = desk.memory.notices[before:]
        return [(notice.recipient, notice.kind) for notice in new if notice.kind not in EDITS]

    desk.goes_on(days=2)
    assert await watches() == [(ROBIN.actor.id, "question_reminder")]
    desk.goes_on(days=5)
    assert (ANNA, "term_passed") in await watches()

    assert desk.signal().status is SignalStatus.TAKEN_UP
    await play(desk.robin, "> mijn meldingen\n> [Open S-2026-0001]\n< De vraag is gesloten.")


async def take_back(desk: Desk) -> None:
    await desk.opens(desk.anna)
    await play(desk.anna, "> [Vraag intrekken]\n< De vraag is ingetrokken.")


async def test_an_officer_takes_a_question_back(desk: Desk) -> None:
    await desk.robin.says("antwoord")
    await take_back(desk)

    assert desk.signal().status is SignalStatus.TAKEN_UP
    await play(
        desk.robin,
        f"""
        > Je antwoord = {ANSWER}
        > [Antwoord versturen]
        < De vraag was al gesloten. Je antwoord is bewaard als aanvulling.
        """,
    )
    assert [event.content["text"] for event in await desk.happened(EventKind.ADDED)] == [ANSWER]
    assert [notice.recipient for notice in desk.told(NoticeKind.ADDITION)] == [ANNA]


async def test_a_late_answer_that_cannot_be_stored_stands_in_the_field_of_an_addition(desk: Desk) -> None:
    await desk.robin.says("antwoord")
    late = with_inputs(desk.robin, "Antwoord versturen", text=f"Haar nummer is {BSN}")
    await take_back(desk)

    await desk.robin.does(late)

    desk.robin.sees("S-2026-0001 aanvullen", "Er lijkt een BSN in je tekst te staan")


async def test_a_late_typed_answer_is_asked_about_and_can_be_added(desk: Desk) -> None:
    await take_back(desk)

    await play(
        desk.robin,
        f"""
        > antwoord {ANSWER}
        < Er is geen vraag meer open. Kies waar je tekst bij hoort.
        > [Aanvulling bij S-2026-0001]
        < Toegevoegd aan S-2026-0001
        """,
    )


async def test_the_card_of_a_question_that_ended_says_so(desk: Desk) -> None:
    question = Pressed("mine.question", {"signal": desk.signal().id})
    await take_back(desk)

    await desk.robin.does(question)

    desk.robin.sees("Er is geen vraag meer open.", "Aanvullen")


async def test_an_answer_to_the_question_before_is_an_addition_to_the_one_after(desk: Desk) -> None:
    await desk.robin.says("antwoord")
    first = with_inputs(desk.robin, "Antwoord versturen", text=ANSWER)
    await take_back(desk)
    await desk.is_asked("Hoe laat was het?")

    await desk.robin.does(first)

    assert await desk.happened(EventKind.ANSWERED) == []
    assert desk.signal().status is SignalStatus.WAITING_FOR_REPORTER


@pytest.mark.parametrize("status", [SignalStatus.CONSULTING, SignalStatus.HANDED_OVER])
async def test_an_answer_leaves_a_signal_that_went_on_meanwhile_where_it_is(desk: Desk, status: SignalStatus) -> None:
    kind = EventKind.CONSULTED if status is SignalStatus.CONSULTING else EventKind.HANDED_OVER
    async with desk.memory.unit_of_work() as uow:
        await goes_to(uow, status, kind, desk)
        await uow.commit()

    await desk.robin.says(f"antwoord {ANSWER}")

    assert desk.signal().status is status


@pytest.mark.parametrize("status", [SignalStatus.CONSULTING, SignalStatus.HANDED_OVER])
async def test_after_the_answer_a_signal_is_where_it_was_before_the_question(status: SignalStatus) -> None:
    desk = Desk()
    await desk.reports()
    await desk.takes_up()
    kind = EventKind.CONSULTED if status is SignalStatus.CONSULTING else EventKind.HANDED_OVER
    async with desk.memory.unit_of_work() as uow:
        await goes_to(uow, status, kind, desk)
        await uow.commit()
    await desk.is_asked(QUESTION)

    await desk.robin.says(f"antwoord {ANSWER}")

    assert desk.signal().status is status


async def goes_to(uow: UnitOfWork, status: SignalStatus, kind: EventKind, desk: Desk) -> None:
    work = CaseWork(uow, OFFICER_ANNA.actor, knowledge(), desk.now)
    case = await work.case(desk.signal().id)
    changed = case.signal.moved_to(status, now=desk.now)
    await work.record(case, changed, kind, {"partner": "avim", "note": "", "text": "", "feedback": "", "due": ""})


# --- what was written is read again ---


async def test_what_is_read_in_an_answer_counts_only_once_it_is_ticked(desk: Desk) -> None:
    await play(desk.robin, "> antwoord Ze was bang en had een schuld\n< Dit las ik in wat je schreef")
    assert desk.signal().assessment.outcome is Outcome.VAGUE
    await desk.opens(desk.anna)
    await desk.anna.presses("Weging")
    desk.anna.sees("Gelezen, niet bevestigd door de melder", "“schuld”")

    await desk.robin.says("mijn meldingen")
    await play(desk.robin, "> [Open S-2026-0001]")
    assert "debt_bondage" not in {counted.criterion for counted in desk.signal().assessment.counted}


async def test_a_tick_weighs_the_signal_again_and_the_officer_sees_what_changed(desk: Desk) -> None:
    await desk.robin.says("antwoord Ze was bang en had een schuld")
    desk.robin.ticks("De persoon moet een schuld", "Is zichtbaar bang")
    await desk.robin.presses("Bevestigen")

    desk.robin.sees("Bewaard bij S-2026-0001", "De AF ziet wat je hebt aangevinkt")
    signal = desk.signal()
    assert signal.answers["signs"] == ("debt_bondage", "fear")
    assert signal.assessment.outcome is Outcome.CLEAR
    assert signal.assessment.criteria_version == knowledge().criteria.version
    (event,) = await desk.happened(EventKind.REASSESSED)
    assert (event.content["before"], event.content["after"]) == ("vague", "clear")
    assert [notice.detail["event"] for notice in desk.told(NoticeKind.ANSWER)][-1] == str(event.number)
    await desk.opens(desk.anna)
    desk.anna.sees("Weging: Duidelijk signaal", "Weging: Vaag signaal, nu Duidelijk signaal", "“schuld”")


async def test_nothing_ticked_changes_nothing(desk: Desk) -> None:
    await desk.robin.says("antwoord Ze was bang")
    await desk.robin.presses("Bevestigen")

    assert await desk.happened(EventKind.REASSESSED) == []


async def test_only_what_was_read_can_be_ticked_and_ticking_twice_is_once(desk: Desk) -> None:
    await desk.robin.says("antwoord Ze was bang")
    await desk.robin.does(with_inputs(desk.robin, "Bevestigen", signs="fear,confined_watched,nonsense"))
    assert desk.signal().answers["signs"] == ("fear",)

    await desk.robin.does(
        Pressed("mine.confirm", {"signal": desk.signal().id, "event": "5"}, {"signs": "fear"}),
    )
    assert len(await desk.happened(EventKind.REASSESSED)) == 1


async def test_what_was_confirmed_is_not_asked_again(desk: Desk) -> None:
    await desk.robin.says("antwoord Ze was bang")
    desk.robin.ticks("Is zichtbaar bang")
    await desk.robin.presses("Bevestigen")

    await play(desk.robin, "> aanvullen Ze was weer bang vandaag\n< Toegevoegd")

    assert "Dit las ik in wat je schreef" not in words_of(desk.robin.card)


async def test_an_addition_is_read_as_well(desk: Desk) -> None:
    await play(desk.robin, "> aanvullen Ze had een schuld\n< Toegevoegd aan S-2026-0001\n< Dit las ik")
    desk.robin.ticks("De persoon moet een schuld")
    await desk.robin.presses("Bevestigen")

    assert len(await desk.happened(EventKind.REASSESSED)) == 1


async def test_danger_in_an_answer_is_asked_and_a_yes_alarms_everybody_at_once(desk: Desk) -> None:
    await play(
        desk.robin,
        """
        > antwoord ze zit daar opgesloten
        < Bel nu [112](tel:112)
        < Is er op dit moment gevaar voor iemand?
        > Is er op dit moment gevaar = Ja, nu gevaar
        > [Bevestigen]
        < Bel nu [112](tel:112)
        """,
    )
    assert desk.signal().assessment.outcome is Outcome.ACUTE
    alarms = {notice.recipient for notice in desk.memory.notices if notice.lane is Lane.ALARM}
    assert alarms == {ANNA, BAS}


async def test_where_nobody_may_handle_it_the_administrators_hear_of_danger_in_an_addition() -> None:
    desk = Desk()
    await desk.reports()
    async with desk.memory.unit_of_work() as uow:
        await uow.signals.save(replace(desk.signal(), excluded=frozenset({ANNA, BAS, CONFIDANT})))
        await uow.commit()
    await play(
        desk.robin,
        """
        > aanvullen ze zit daar opgesloten
        < De behandelaar hoort dat er iets bij is gekomen.
        > Is er op dit moment gevaar = Ja, nu gevaar
        > [Bevestigen]
        < Bel nu [112](tel:112)
        """,
    )
    alarms = [notice for notice in desk.memory.notices if notice.lane is Lane.ALARM]
    assert {notice.recipient for notice in alarms} == {ADMINISTRATOR}
    async with desk.memory.unit_of_work() as uow:
        told = await NoticeMessages(uow, knowledge(), desk.now).of(alarms[0])
    assert told is not None
    assert "Niemand mag dit signaal behandelen: S-2026-0001" in words_of(told.card)


@pytest.mark.parametrize("said", ["Nee, niet nu", "Weet ik niet"])
async def test_without_a_yes_there_is_no_alarm(desk: Desk, said: str) -> None:
    await desk.robin.says("antwoord ze zit daar opgesloten")
    await play(desk.robin, f"> Is er op dit moment gevaar = {said}\n> [Bevestigen]")

    assert desk.signal().assessment.outcome is Outcome.VAGUE
    assert [notice for notice in desk.memory.notices if notice.lane is Lane.ALARM] == []


async def test_nobody_confirms_words_that_are_not_the_reporters(desk: Desk) -> None:
    await desk.robin.says("antwoord Ze was bang")

    await desk.robin.does(Pressed("mine.confirm", {"signal": desk.signal().id, "event": "3"}, {"signs": "fear"}))

    desk.robin.sees("Dit kan ik je niet laten zien")
