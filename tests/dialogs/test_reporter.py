"""After sending: add to a signal, wish to withdraw it, and report on behalf of somebody else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.conversation import Conversation, Person
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.signals import Channel, Origin, Signal
from dialogs.reporter.reminders import reminder_card
from dialogs.turn import Pressed
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ANNA, BAS, EMPLOYEE, MONDAY, OFFICER_ANNA, OFFICER_BAS, ROBIN, knowledge
from tests.transcript import Talk, buttons_of, play, words_of

STORY = "Vier mannen aan de balie. Een vrouw van het uitzendbureau had alle paspoorten in haar tas."
MORE = "Vandaag stond hetzelfde busje weer voor de deur."
BSN = "111222333"


@pytest.fixture
def memory() -> Memory:
    return Memory()


def talk(memory: Memory, person: Person) -> Talk:
    return Talk(memory.unit_of_work, knowledge(), person, MONDAY)


@pytest.fixture
def robin(memory: Memory) -> Talk:
    return talk(memory, ROBIN)


@pytest.fixture
def anna(memory: Memory) -> Talk:
    return talk(memory, OFFICER_ANNA)


async def report(person: Talk, *, about: str = "") -> None:
    """Report the shortest signal; about an officer if one is named."""
    await play(person, f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Volgende]")
    if not about:
        await person.presses("Nu versturen zoals het is")
        return
    await play(person, "> [Overslaan]\n> [Weet ik niet]")
    while not any(getattr(element, "key", "") == "about" for element in person.card.elements):
        await person.presses("Overslaan")
    await play(person, f"> Gaat het over = Ja, een AF\n> [Volgende]\n> [{about}]\n> [Versturen naar de AF]")


async def take_up(officer: Talk, reference: str = "S-2026-0001") -> None:
    await play(officer, f"> wachtrij\n> [Open {reference}]\n> [Oppakken]")


async def close(officer: Talk) -> None:
    await play(officer, "> [Afsluiten]\n> Wat leest de melder = Er is iets gedaan\n> [Bekijk wat de melder leest]")
    await officer.presses("Afsluiten en terugkoppelen")


def told(memory: Memory, kind: NoticeKind) -> list[Notice]:
    return [notice for notice in memory.notices if notice.kind is kind]


def the_signal(memory: Memory) -> Signal:
    (signal,) = memory.signals
    return signal


async def history(memory: Memory) -> list[SignalEvent]:
    async with memory.unit_of_work() as uow:
        return list(await uow.signals.history(the_signal(memory).id))


# --- adding ---


async def test_a_reporter_adds_to_a_signal_from_its_card_and_both_read_it(robin: Talk, anna: Talk) -> None:
    await report(robin)
    await play(
        robin,
        f"""
        > mijn meldingen
        > [Open S-2026-0001]
        > [Aanvullen]
        < Wat wil je toevoegen?
        > Wat wil je toevoegen = {MORE}
        > [Aanvulling versturen]
        < Toegevoegd aan S-2026-0001
        < De AF hoort dat er iets bij is gekomen
        """,
    )
    assert MORE not in words_of(robin.card), "what was written does not stay on the card"
    await play(robin, f"> [Bekijk deze melding]\n< Je hebt iets toegevoegd.\n< {MORE}")
    await play(anna, f"> wachtrij\n> [Open S-2026-0001]\n< {MORE}\n< Aanvulling van de melder")


async def test_adding_works_by_typing_alone(memory: Memory, robin: Talk) -> None:
    await report(robin)

    await play(robin, f"> aanvulen\n< Wat wil je toevoegen?\n> aanvullen: {MORE}\n< Toegevoegd aan S-2026-0001")

    assert [event.content["text"] for event in await history(memory) if event.kind is EventKind.ADDED] == [MORE]


async def test_nobody_took_it_up_yet_so_every_officer_hears_of_the_addition(memory: Memory, robin: Talk) -> None:
    await report(robin)
    await robin.says(f"aanvullen {MORE}")

    assert {notice.recipient for notice in told(memory, NoticeKind.ADDITION)} == {ANNA, BAS}


async def test_the_owner_alone_hears_of_the_addition(memory: Memory, robin: Talk, anna: Talk) -> None:
    await report(robin)
    await take_up(anna)
    await robin.says(f"aanvullen {MORE}")

    assert [notice.recipient for notice in told(memory, NoticeKind.ADDITION)] == [ANNA]


async def test_an_officer_whom_it_is_about_hears_nothing_of_an_addition(memory: Memory, robin: Talk) -> None:
    await report(robin, about="Bas")
    await robin.says(f"aanvullen {MORE}")

    assert [notice.recipient for notice in told(memory, NoticeKind.ADDITION)] == [ANNA]
    bas = talk(memory, OFFICER_BAS)
    await bas.does(Pressed("signal.open", {"signal": the_signal(memory).id}))
    bas.sees("Dit kan ik je niet laten zien")


@pytest.mark.parametrize("ended", [SignalStatus.CLOSED, SignalStatus.WITHDRAWN])
async def test_adding_works_after_the_end_too(memory: Memory, robin: Talk, anna: Talk, ended: SignalStatus) -> None:
    await report(robin)
    await take_up(anna)
    if ended is SignalStatus.CLOSED:
        await close(anna)
    else:
        await play(robin, "> intrekken\n> [Vraag om in te trekken]")
        await play(anna, "> wachtrij\n> [Open S-2026-0001]\n> [Akkoord: intrekken]")

    await play(robin, f"> aanvullen\n> Wat wil je toevoegen = {MORE}\n> [Aanvulling versturen]\n< Toegevoegd")

    assert the_signal(memory).status is ended
    assert [notice.recipient for notice in told(memory, NoticeKind.ADDITION)] == [ANNA]


async def test_with_more_open_signals_it_is_asked_which(memory: Memory, robin: Talk) -> None:
    await report(robin)
    await report(robin)

    await play(
        robin,
        f"""
        > aanvullen
        < Welke melding wil je aanvullen?
        > [Kies S-2026-0001]
        < S-2026-0001 aanvullen
        > aanvullen S-2026-0002 {MORE}
        < Toegevoegd aan S-2026-0002
        > aanvullen S-2026-0009
        < Die melding vind ik niet
        """,
    )


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        (f"Haar nummer is {BSN}, echt waar", "Er lijkt een BSN in je tekst te staan"),
        ("x" * 4001, "hoogstens 4000 tekens"),
        ("  \n ", "Schrijf in een paar woorden op wat je wilt toevoegen"),
    ],
    ids=["a BSN", "too long", "blank"],
)
async def test_an_addition_that_cannot_be_stored_is_refused_and_stands_in_the_field_again(
    memory: Memory, robin: Talk, written: str, seen: str
) -> None:
    await report(robin)
    await robin.says("aanvullen")
    button = next(button for button in buttons_of(robin.card) if button.action == "mine.add")

    await robin.does(replace(robin.press(button), inputs={"text": written}))

    robin.sees(seen)
    again = robin.press(next(button for button in buttons_of(robin.card) if button.action == "mine.add"))
    assert BSN not in again.inputs.get("text", "")
    assert "".join(again.inputs.get("text", "").split())[:7] == "".join(written.split())[:7]
    assert told(memory, NoticeKind.ADDITION) == []


async def test_a_reason_with_a_bsn_is_refused_and_the_list_is_a_press_away(memory: Memory, robin: Talk) -> None:
    await report(robin)
    await play(robin, f"> intrekken\n> Waarom wil je intrekken = Haar nummer is {BSN}\n> [Vraag om in te trekken]")
    robin.sees("Er lijkt een BSN in je tekst te staan")
    assert told(memory, NoticeKind.WITHDRAWAL_WISH) == []

    await play(robin, "> [Terug naar je melding]\n< Je melding S-2026-0001\n> [Mijn meldingen]\n< Je meldingen")


async def test_pressing_twice_adds_once(memory: Memory, robin: Talk) -> None:
    await report(robin)
    await play(robin, f"> aanvullen\n> Wat wil je toevoegen = {MORE}")
    press = robin.press(next(button for button in buttons_of(robin.card) if button.action == "mine.add"))

    await robin.does(press)
    await robin.does(press)

    robin.sees("Toegevoegd aan S-2026-0001")
    assert len([event for event in await history(memory) if event.kind is EventKind.ADDED]) == 1


async def test_an_officer_does_not_decide_on_a_card_without_the_addition(robin: Talk, anna: Talk) -> None:
    await report(robin)
    await take_up(anna)
    await robin.says(f"aanvullen {MORE}")

    await anna.presses("Afsluiten")

    anna.sees("Er is intussen iets veranderd", MORE)


async def test_nobody_adds_to_the_signal_of_somebody_else(memory: Memory, robin: Talk) -> None:
    await report(robin)
    kim = talk(memory, EMPLOYEE)

    for action in ("mine.look", "mine.read", "mine.add_form", "mine.add", "mine.withdraw_form", "mine.withdraw"):
        await kim.does(Pressed(action, {"signal": the_signal(memory).id}, {"text": MORE}))
        kim.sees("Dit kan ik je niet laten zien")
    await kim.says("aanvullen S-2026-0001")
    kim.sees("Die melding vind ik niet bij jouw meldingen")
    assert [event.kind for event in await history(memory)] == [EventKind.RECEIVED]


async def test_a_redelivered_press_shows_the_signal_and_adds_nothing(memory: Memory, robin: Talk) -> None:
    await report(robin)
    await play(robin, f"> aanvullen\n> Wat wil je toevoegen = {MORE}")
    press = robin.press(next(button for button in buttons_of(robin.card) if button.action == "mine.add"))

    async with memory.unit_of_work() as uow:
        answer = await Conversation(uow, robin.person, robin.knowledge, robin.now).now_on_screen(press)
        await uow.commit()

    assert answer.replies[0].card.title == "Je melding S-2026-0001"
    assert [event.kind for event in await history(memory)] == [EventKind.RECEIVED]


async def test_a_text_that_begins_with_aanvulling_stays_an_answer_while_a_report_is_open(robin: Talk) -> None:
    await play(robin, "> melden\n> [Nee]\n> aanvulling op wat Kim vertelde, ze was bang\n> verder")

    robin.sees("bang")


# --- reading ---


async def test_what_the_reporter_did_is_no_news_for_the_reporter(memory: Memory, robin: Talk) -> None:
    await report(robin)
    await robin.says(f"aanvullen {MORE}")
    await play(robin, "> mijn meldingen\n> [Open S-2026-0001]")

    assert EventKind.FEEDBACK_READ not in [event.kind for event in await history(memory)]


async def test_that_news_was_read_is_written_down_once(memory: Memory, robin: Talk, anna: Talk) -> None:
    await report(robin)
    await take_up(anna)
    for _ in range(2):
        await play(robin, "> mijn meldingen\n> [Open S-2026-0001]\n< opgepakt en zoekt het uit")
    await robin.says(f"aanvullen {MORE}")
    await play(robin, "> mijn meldingen\n> [Open S-2026-0001]")

    assert [event.kind for event in await history(memory)].count(EventKind.FEEDBACK_READ) == 1


# --- withdrawing ---


async def ask_to_withdraw(robin: Talk) -> None:
    await play(
        robin,
        """
        > intrekken
        < De AF beslist
        > Waarom wil je intrekken = Het bleek haar moeder te zijn
        > [Vraag om in te trekken]
        < Gevraagd: S-2026-0001 intrekken
        """,
    )


async def test_a_wish_to_withdraw_reaches_the_officer_who_agrees(memory: Memory, robin: Talk, anna: Talk) -> None:
    await report(robin)
    await take_up(anna)
    await ask_to_withdraw(robin)
    assert [notice.recipient for notice in told(memory, NoticeKind.WITHDRAWAL_WISH)] == [ANNA]

    await play(
        anna,
        """
        > wachtrij
        > [Open S-2026-0001]
        < De melder wil dit signaal intrekken
        < Het bleek haar moeder te zijn
        > [Akkoord: intrekken]
        < Het signaal is ingetrokken
        > wachtrij
        < Er zijn geen open signalen
        """,
    )

    assert the_signal(memory).status is SignalStatus.WITHDRAWN
    assert told(memory, NoticeKind.STATUS_FOR_REPORTER)[-1].recipient == ROBIN.actor.id
    await play(robin, "> mijn meldingen\n< S-2026-0001: Ingetrokken\n> [Open S-2026-0001]\n< zoals je vroeg")


async def test_the_officer_goes_on_and_says_so_kindly(memory: Memory, robin: Talk, anna: Talk) -> None:
    await report(robin)
    await take_up(anna)
    await ask_to_withdraw(robin)

    await play(anna, "> wachtrij\n> [Open S-2026-0001]\n> [Toch doorgaan]\n< Je gaat verder met het signaal")

    assert the_signal(memory).status is SignalStatus.TAKEN_UP
    await play(robin, "> mijn meldingen\n> [Open S-2026-0001]\n< gaat toch verder met het signaal")
    assert "Akkoord: intrekken" not in words_of(anna.card)
    await play(robin, "> [Intrekken]\n> [Vraag om in te trekken]\n< Gevraagd")


async def test_before_it_is_taken_up_every_officer_hears_and_first_takes_it_up(
    memory: Memory, robin: Talk, anna: Talk
) -> None:
    await report(robin)
    await ask_to_withdraw(robin)

    assert {notice.recipient for notice in told(memory, NoticeKind.WITHDRAWAL_WISH)} == {ANNA, BAS}
    await play(
        anna, "> wachtrij\n> [Open S-2026-0001]\n< Pak het op om te beslissen\n> [Oppakken]\n> [Akkoord: intrekken]"
    )
    anna.sees("Het signaal is ingetrokken")


async def test_wishing_twice_is_one_wish(memory: Memory, robin: Talk) -> None:
    await report(robin)
    await robin.says("intrekken")
    press = robin.press(next(button for button in buttons_of(robin.card) if button.action == "mine.withdraw"))

    await robin.does(press)
    await robin.does(press)
    await robin.says("intrekken")

    robin.sees("De AF weet dat je deze melding wilt intrekken")
    assert len(told(memory, NoticeKind.WITHDRAWAL_WISH)) == 2, "one for each officer"


async def test_what_has_ended_is_not_withdrawn(robin: Talk, anna: Talk) -> None:
    await report(robin)
    await robin.says("intrekken")
    form = robin.press(next(button for button in buttons_of(robin.card) if button.action == "mine.withdraw"))
    await take_up(anna)
    await close(anna)

    await robin.does(form)
    robin.sees("Deze melding is al klaar")
    await robin.says("intrekken S-2026-0001")
    robin.sees("Deze melding is al klaar")
    await robin.says("intrekken")
    robin.sees("Je hebt geen melding die nog loopt")


async def test_only_the_owner_decides_and_only_on_a_wish(memory: Memory, robin: Talk, anna: Talk) -> None:
    await report(robin)
    await take_up(anna)
    signal = the_signal(memory)
    data = {"signal": signal.id, "version": str(signal.version)}

    await anna.does(Pressed("signal.withdraw", data))
    anna.sees("Er is intussen iets veranderd")
    await robin.says("intrekken")
    await robin.presses("Vraag om in te trekken")
    bas = talk(memory, OFFICER_BAS)
    await bas.does(Pressed("signal.withdraw", data | {"version": str(the_signal(memory).version)}))
    bas.sees("Dit kan ik je niet laten zien")
    assert the_signal(memory).status is SignalStatus.TAKEN_UP


# --- on behalf of somebody ---

PHONED = """
    > Hoe kwam het binnen = Telefoon
    > Van welk team = Burgerzaken
    > Hoe is deze persoon te bereiken = via de teamleider
    > [Volgende]
    < Je voert dit in voor iemand anders
    < Is er nu direct gevaar?
    > [Nee]
    > Wat heb je gezien = Een collega zag een vrouw die niets mocht zeggen.
    > [Volgende]
    > [Nu versturen zoals het is]
    < Verstuurd: S-2026-0001
"""


async def test_an_officer_enters_a_signal_that_came_by_phone(memory: Memory, anna: Talk) -> None:
    await play(anna, "> wachtrij\n> [Signaal invoeren]")
    await play(anna, PHONED)

    signal = the_signal(memory)
    assert signal.origin == Origin(Channel.PHONE, "Burgerzaken", "via de teamleider")
    assert signal.reporter == ANNA
    bas = talk(memory, OFFICER_BAS)
    await play(
        bas,
        """
        > wachtrij
        > [Open S-2026-0001]
        < Kwam binnen via: Telefoon
        < Team of organisatie: Burgerzaken
        < Te bereiken via: via de teamleider
        < Ingevoerd door: Anna
        > [Oppakken]
        """,
    )
    assert told(memory, NoticeKind.STATUS_FOR_REPORTER)[-1].recipient == ANNA, "who entered it hears the feedback"


async def test_a_colleague_may_enter_one_too_by_typing(memory: Memory, robin: Talk) -> None:
    await robin.says("invoeren")
    await play(robin, PHONED)

    assert the_signal(memory).origin.channel is Channel.PHONE


async def test_who_handles_an_own_entry_is_not_told_of_own_acts(memory: Memory, anna: Talk) -> None:
    await anna.says("invoeren")
    await play(anna, PHONED)
    await take_up(anna)

    assert told(memory, NoticeKind.STATUS_FOR_REPORTER) == []


@pytest.mark.parametrize(
    ("filled", "seen"),
    [
        ({"team": "Burgerzaken"}, "Kies hoe het signaal binnenkwam"),
        ({"channel": "teams"}, "Kies hoe het signaal binnenkwam"),
        ({"channel": "pigeon"}, "Kies hoe het signaal binnenkwam"),
        ({"channel": "phone", "contact": BSN}, "Er lijkt een BSN in je tekst te staan"),
        ({"channel": "phone", "team": "x" * 201}, "hoogstens 200 tekens"),
    ],
    ids=["no channel", "not a channel of others", "no such channel", "a BSN", "too long"],
)
async def test_an_origin_that_cannot_be_stored_is_asked_again(
    memory: Memory, robin: Talk, filled: dict[str, str], seen: str
) -> None:
    await robin.does(Pressed("others.start", {}, filled))

    robin.sees(seen)
    assert memory.drafts == []


@pytest.mark.parametrize("press", [True, False], ids=["pressed", "typed"])
async def test_an_open_report_comes_first(robin: Talk, press: bool) -> None:
    await robin.says("melden")

    await (robin.does(Pressed("others.form")) if press else robin.says("invoeren"))

    robin.sees("Je had nog een melding open")


async def test_a_draft_for_somebody_else_is_shown_again_on_a_redelivered_press(memory: Memory, robin: Talk) -> None:
    press = Pressed("others.start", {}, {"channel": "mail"})
    await robin.does(press)

    async with memory.unit_of_work() as uow:
        conversation = Conversation(uow, robin.person, robin.knowledge, MONDAY + timedelta(seconds=1))
        answer = await conversation.now_on_screen(press)

    assert answer.replies[0].card.title == "Is er nu direct gevaar?"
    assert len(memory.drafts) == 1


async def test_the_buttons_of_a_reminder_go_on_or_stop(robin: Talk) -> None:
    await play(robin, f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Volgende]")
    reminder = reminder_card(2, MONDAY, knowledge().texts)
    going_on, stopping = (robin.press(button) for button in buttons_of(reminder))

    await robin.does(going_on)
    robin.sees("Je had nog een melding open")
    await robin.does(stopping)
    robin.sees("Wil je bewaren wat je hebt ingevuld, of wissen?")
    await robin.presses("Wissen")
    await robin.does(going_on)
    robin.sees("Je hebt nu geen melding open")
