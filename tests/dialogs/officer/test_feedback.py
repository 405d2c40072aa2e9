"""What the reporter hears: previewed word for word, delivered or seen to, rated, and a closed signal reopened."""

from datetime import timedelta

import pytest

from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import NoticeKind
from dialogs.turn import Pressed
from tests.dialogs.desk_talk import Desk, button, with_inputs
from tests.knowledge import ANNA, BAS, ROBIN
from tests.transcript import play, words_of

BSN = "111222333"
LINE = "Dank voor het goede kijken."


@pytest.fixture
async def desk() -> Desk:
    """Anna took up Robin's signal and has it open."""
    desk = Desk()
    await desk.reports()
    await desk.takes_up()
    return desk


async def does_not_arrive(desk: Desk) -> None:
    """The newest message to Robin is given up."""
    newest, later = desk.told(NoticeKind.STATUS_FOR_REPORTER)[-1].id, desk.now + timedelta(minutes=1)
    async with desk.memory.unit_of_work() as uow:
        while claimed := await uow.outbox.claim(worker="w", now=desk.now, lease_until=later, limit=99):
            for each in claimed:
                if each.notice.id == newest:
                    await uow.outbox.give_up(newest, "w", desk.now, "403 MessageWritesBlocked", unreachable=True)
                else:
                    await uow.outbox.delivered(each.notice.id, "w", desk.now)
        await uow.commit()


# --- a preview ---


async def test_closing_shows_what_the_reporter_will_read_and_keeps_what_was_typed(desk: Desk) -> None:
    await play(
        desk.anna,
        f"""
        > [Afsluiten]
        < Schrijf geen namen op, en niets over een onderzoek.
        > Wat leest de melder = Een partner gaat ermee verder
        > Eigen regel = {LINE}
        > [Bekijk wat de melder leest]
        < Dit leest de melder
        < Een partner is met je signaal verdergegaan.
        < {LINE}
        > [Afsluiten en terugkoppelen]
        < Het signaal is afgesloten
        """,
    )
    await play(desk.robin, f"> mijn meldingen\n> [Open S-2026-0001]\n< met je signaal verdergegaan\n< {LINE}")


async def test_what_is_changed_after_the_preview_is_shown_before_it_is_sent(desk: Desk) -> None:
    await play(
        desk.anna,
        f"""
        > [Afsluiten]
        > Wat leest de melder = Er is iets gedaan
        > [Bekijk wat de melder leest]
        > Eigen regel = {LINE}
        > [Afsluiten en terugkoppelen]
        < Je hebt iets veranderd.
        < {LINE}
        """,
    )
    assert desk.signal().status is SignalStatus.TAKEN_UP
    await play(desk.anna, "> [Afsluiten en terugkoppelen]\n< Het signaal is afgesloten")


@pytest.mark.parametrize(
    ("text", "line", "seen"),
    [
        ("", "", "Zonder terugkoppeling sluit je niet af"),
        ("unreachable", "", "Zonder terugkoppeling sluit je niet af"),
        ("nonsense", "", "Zonder terugkoppeling sluit je niet af"),
        ("followed_up", f"Haar nummer is {BSN}", "Er lijkt een BSN in je tekst te staan"),
        ("followed_up", "x" * 501, "hoogstens 500 tekens"),
        ("under_investigation", "De politie zoekt hem", "Haal je eigen regel weg"),
    ],
    ids=["nothing chosen", "not reachable", "no such text", "a BSN", "too long", "a line with the neutral text"],
)
@pytest.mark.parametrize("press", ["signal.close_preview", "signal.close"])
async def test_what_cannot_be_sent_is_refused_and_stands_in_the_form_again(
    desk: Desk, text: str, line: str, seen: str, press: str
) -> None:
    signal = desk.signal()
    data = {"signal": signal.id, "version": str(signal.version)}

    await desk.anna.does(Pressed(press, data, {"feedback": text, "line": line}))

    desk.anna.sees(seen, "Wat leest de melder?")
    again = desk.anna.press(button(desk.anna, "Bekijk wat de melder leest")).inputs.get("line", "")
    assert BSN not in again
    assert again[:7] == line[:7]
    assert desk.signal().status is SignalStatus.TAKEN_UP


async def test_what_may_not_be_shared_sends_the_neutral_text(desk: Desk) -> None:
    await desk.closes("Mag niet delen")

    (event,) = await desk.happened(EventKind.CLOSED)
    assert event.is_pushed
    await play(desk.robin, "> mijn meldingen\n> [Open S-2026-0001]\n< Meer mogen we nu niet vertellen.")


# --- not reachable ---


async def test_who_cannot_be_reached_gets_no_message_and_it_is_counted_apart(desk: Desk) -> None:
    before = len(desk.told(NoticeKind.STATUS_FOR_REPORTER))
    await play(
        desk.anna,
        """
        > [Afsluiten]
        > [Melder niet bereikbaar]
        < Robin gaf geen andere manier om te bereiken
        > [Afsluiten zonder bericht]
        < Vul in hoe vaak en hoe je het probeerde
        > Hoe vaak = Drie keer
        > [x] Telefoon
        > [x] Mail
        > Waarom lukte het niet = Werkt hier niet meer
        > [Afsluiten zonder bericht]
        < De melder krijgt geen bericht
        < Afgesloten door Anna. Melder 3 keer niet bereikt: Werkt hier niet meer
        """,
    )
    (event,) = await desk.happened(EventKind.CLOSED)
    assert (event.content["text"], event.content["ways"]) == ("unreachable", "phone,mail")
    assert len(desk.told(NoticeKind.STATUS_FOR_REPORTER)) == before
    await play(desk.robin, "> mijn meldingen\n> [Open S-2026-0001]\n< Vraag het de AF.")
    assert "Was deze terugkoppeling nuttig?" not in words_of(desk.robin.card)


@pytest.mark.parametrize(
    "filled",
    [
        {"attempts": "0", "ways": "phone", "reason": "weg"},
        {"attempts": "2", "ways": "pigeon", "reason": "weg"},
        {"attempts": "2", "ways": "phone", "reason": " "},
        {"attempts": "2", "ways": "phone", "reason": BSN},
    ],
    ids=["never tried", "no such way", "no reason", "a BSN"],
)
async def test_not_reachable_needs_attempts_and_a_reason(desk: Desk, filled: dict[str, str]) -> None:
    await play(desk.anna, "> [Afsluiten]\n> [Melder niet bereikbaar]")

    await desk.anna.does(with_inputs(desk.anna, "Afsluiten zonder bericht", **filled))

    desk.anna.sees("melder niet bereikbaar")
    assert desk.signal().status is SignalStatus.TAKEN_UP


# --- between two steps ---


async def test_the_reporter_hears_something_between_two_steps(desk: Desk) -> None:
    await play(
        desk.anna,
        f"""
        > [Terugkoppelen]
        > Wat leest de melder = Besproken met een partner
        > Eigen regel = {LINE}
        > [Bekijk wat de melder leest]
        < besproken met een partner. Er wordt verder gekeken.
        > [Versturen naar de melder]
        < De melder krijgt je terugkoppeling
        """,
    )
    assert desk.signal().status is SignalStatus.TAKEN_UP
    assert desk.told(NoticeKind.STATUS_FOR_REPORTER)[-1].recipient == ROBIN.actor.id
    await play(desk.robin, f"> mijn meldingen\n> [Open S-2026-0001]\n< besproken met een partner\n< {LINE}")


async def test_what_was_told_in_person_sends_no_message_and_pays_what_is_owed(desk: Desk) -> None:
    owed, before = desk.signal().feedback_due_at, len(desk.told(NoticeKind.STATUS_FOR_REPORTER))
    desk.goes_on(days=3)
    await play(
        desk.anna,
        """
        > [Zelf verteld]
        > [Bekijk wat de melder leest]
        > [Vastleggen]
        < Vastgelegd: je hebt het de melder zelf verteld
        < zelf verteld op 26-11-2026
        """,
    )
    after = desk.signal().feedback_due_at
    assert owed is not None
    assert after is not None
    assert after > owed
    assert len(desk.told(NoticeKind.STATUS_FOR_REPORTER)) == before


# --- delivered or not ---


async def test_a_message_that_did_not_arrive_gives_the_other_way_and_can_be_sent_again() -> None:
    desk = Desk()
    await play(desk.robin, "> melden\n> [Ja, nu gevaar]")
    desk.robin.fills({"Wat heb je gezien": "Een vrouw aan de balie", "Mag de AF je bellen": "06-12345678"})
    await desk.robin.presses("Nu versturen zoals het is")
    await desk.takes_up()
    desk.anna.sees("onderweg")
    await does_not_arrive(desk)

    await desk.opens(desk.anna)
    desk.anna.sees("niet aangekomen", "Een bericht aan de melder kwam niet aan", "Zo bereik je Robin: 06-12345678")
    await desk.anna.presses("Stuur opnieuw")

    desk.anna.sees("Het bericht gaat opnieuw weg", "onderweg")
    assert "Stuur opnieuw" not in words_of(desk.anna.card)


async def test_what_was_told_in_person_after_that_needs_no_other_way(desk: Desk) -> None:
    await desk.closes()
    await does_not_arrive(desk)
    desk.goes_on(hours=1)
    await desk.opens(desk.anna)
    await play(
        desk.anna,
        """
        < Een bericht aan de melder kwam niet aan
        > [Zelf verteld]
        > [Bekijk wat de melder leest]
        > [Vastleggen]
        """,
    )
    assert "kwam niet aan" not in words_of(desk.anna.card)
    assert desk.signal().status is SignalStatus.CLOSED


# --- was it useful ---


@pytest.mark.parametrize(("pressed", "useful"), [("Ja, nuttig", "yes"), ("Nee, niet nuttig", "no")])
async def test_a_closing_is_rated_with_one_tap_once(desk: Desk, pressed: str, useful: str) -> None:
    await desk.closes()
    await play(desk.robin, "> mijn meldingen\n> [Open S-2026-0001]\n< Was deze terugkoppeling nuttig?")
    press = desk.robin.press(button(desk.robin, pressed))

    await desk.robin.does(press)
    await desk.robin.does(press)

    assert [event.content["useful"] for event in await desk.happened(EventKind.RATED)] == [useful]
    assert "Was deze terugkoppeling nuttig?" not in words_of(desk.robin.card)
    assert [notice.recipient for notice in desk.told(NoticeKind.ANSWER)] == [ANNA] * (useful == "no")
    await desk.opens(desk.anna)
    desk.anna.sees(f"De melder vond de terugkoppeling {'' if useful == 'yes' else 'niet '}nuttig", "Heropenen")


# --- reopening ---


async def test_a_closed_signal_is_reopened_with_a_reason_and_everybody_hears(desk: Desk) -> None:
    await desk.closes()
    await desk.robin.says("aanvullen Het busje staat er weer")
    assert [notice.recipient for notice in desk.told(NoticeKind.ADDITION)] == [ANNA]
    new = len(desk.memory.notices)

    await desk.opens(desk.bas)
    await play(
        desk.bas,
        """
        > [Heropenen]
        > [Heropenen]
        < Schrijf op waarom je het signaal heropent
        > Waarom kijk je er opnieuw naar = Er is iets bij gekomen
        > [Heropenen]
        < Het signaal is heropend en staat weer in de wachtrij
        < Heropend door Bas: Er is iets bij gekomen
        """,
    )
    signal = desk.signal()
    assert (signal.status, signal.owner) == (SignalStatus.REOPENED, None)
    told = {(notice.kind, notice.recipient) for notice in desk.memory.notices[new:]}
    assert (NoticeKind.STATUS_FOR_REPORTER, ROBIN.actor.id) in told
    assert (NoticeKind.SIGNAL_FOR_OFFICER, ANNA) in told
    assert (NoticeKind.SIGNAL_FOR_OFFICER, BAS) not in told
    await play(desk.robin, "> mijn meldingen\n> [Open S-2026-0001]\n< kijkt opnieuw naar je signaal")
    assert "Er is iets bij gekomen" not in words_of(desk.robin.card)


# --- the end of what is open ---


async def test_closing_ends_a_question_and_a_wish_to_withdraw(desk: Desk) -> None:
    await desk.is_asked("Wie hield de deur open?")
    await play(desk.robin, "> intrekken\n> [Vraag om in te trekken]")
    await desk.opens(desk.anna)
    await play(
        desk.anna, "> [Afsluiten]\n< Er staat nog een vraag open. Die stopt als je afsluit.\n< De melder wil intrekken."
    )
    await desk.closes()

    await play(desk.robin, "> antwoord\n< Er is nu geen vraag voor je open.")
    await desk.opens(desk.bas)
    await play(desk.bas, "> [Heropenen]\n> Waarom kijk = Nieuws\n> [Heropenen]")
    assert "nog geen antwoord" not in words_of(desk.bas.card), "a question of before does not come back"
    assert "wil dit signaal intrekken" not in words_of(desk.bas.card)


# --- bad input ---

OWNERS_ACTS = (
    "close_form", "close_preview", "close", "unreachable_form", "close_unreachable", "feedback_form",
    "feed_back_preview", "feed_back", "ask_form", "ask_preview", "ask", "end_question",
)  # fmt: skip


@pytest.mark.parametrize("act", OWNERS_ACTS)
async def test_only_the_owner_does_this_and_nobody_on_an_old_card(desk: Desk, act: str) -> None:
    signal = desk.signal()
    data = {"signal": signal.id, "version": str(signal.version)}
    before = desk.memory.committed.signals

    await desk.bas.does(Pressed(f"signal.{act}", data, {"feedback": "followed_up", "question": "Waar?"}))
    desk.bas.sees("Dit kan ik je niet laten zien")
    await desk.anna.does(Pressed(f"signal.{act}", {**data, "version": "1"}, {"feedback": "followed_up"}))
    desk.anna.sees("Er is intussen iets veranderd")
    assert desk.memory.committed.signals == before


@pytest.mark.parametrize("act", ["close_form", "close_preview", "close", "close_unreachable", "ask_form", "ask"])
async def test_what_has_ended_is_not_closed_or_asked_about_again(desk: Desk, act: str) -> None:
    await desk.closes()
    signal = desk.signal()

    await desk.anna.does(Pressed(f"signal.{act}", {"signal": signal.id, "version": str(signal.version)}))

    desk.anna.sees("Signaal S-2026-0001", "Afgesloten")
    assert len(await desk.happened(EventKind.CLOSED)) == 1


async def test_what_is_open_is_not_reopened(desk: Desk) -> None:
    signal = desk.signal()
    await desk.bas.does(
        Pressed("signal.reopen", {"signal": signal.id, "version": str(signal.version)}, {"reason": "x"})
    )

    assert desk.signal().status is SignalStatus.TAKEN_UP


async def test_a_second_question_waits_for_the_first(desk: Desk) -> None:
    await desk.is_asked("Wie hield de deur open?")
    signal = desk.signal()

    await desk.anna.does(Pressed("signal.ask_form", {"signal": signal.id, "version": str(signal.version)}))

    desk.anna.sees("Er staat al een vraag open.")


async def test_who_entered_it_and_has_it_is_told_how_the_person_who_saw_it_can_be_reached() -> None:
    desk = Desk()
    await play(
        desk.anna,
        """
        > invoeren
        > Hoe kwam het binnen = Telefoon
        > Van welk team = Burgerzaken
        > Hoe is deze persoon te bereiken = via de teamleider
        > [Volgende]
        > [Nee]
        > Wat heb je gezien = Een collega zag een vrouw die niets mocht zeggen.
        > [Volgende]
        > [Nu versturen zoals het is]
        """,
    )
    await desk.takes_up()
    await desk.opens(desk.anna)

    await play(
        desk.anna, "> [Vraag aan de melder]\n< Burgerzaken, via de teamleider\n< Jij voerde dit signaal zelf in."
    )
