"""The case card as a workbench: look-ups, notes, judgement, steps, linked signals, consultation, hand-over."""

from dataclasses import replace

import pytest

from dialogs.conversation import Person
from dialogs.domain.case_file import CaseFile, case_file
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import NoticeKind
from dialogs.domain.signals import Signal
from dialogs.turn import Pressed
from dialogs.use_cases.sharing import answers_of
from tests.fakes.unit_of_work import Memory
from tests.knowledge import EMPLOYEE, MONDAY, OFFICER_ANNA, OFFICER_BAS, ROBIN, knowledge
from tests.transcript import Talk, buttons_of, play, words_of

STORY = "Vier mannen aan de balie. Een vrouw van het uitzendbureau had alle paspoorten in haar tas."


@pytest.fixture
def memory() -> Memory:
    return Memory()


def talk(memory: Memory, person: Person) -> Talk:
    return Talk(memory.unit_of_work, knowledge(), person, MONDAY)


@pytest.fixture
def anna(memory: Memory) -> Talk:
    return talk(memory, OFFICER_ANNA)


@pytest.fixture
def bas(memory: Memory) -> Talk:
    return talk(memory, OFFICER_BAS)


async def report(memory: Memory, person: Person = ROBIN) -> None:
    await play(
        talk(memory, person),
        f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Volgende]\n> [x] Iemand anders (baas\n"
        "> [Nu versturen zoals het is]",
    )


async def opened(officer: Talk, memory: Memory, number: int = 1, *, take_up: bool = True) -> None:
    signal = signals(memory)[number - 1]
    await officer.does(Pressed("signal.open", {"signal": signal.id, "version": str(signal.version)}))
    if take_up:
        await officer.presses("Oppakken")


def signals(memory: Memory) -> list[Signal]:
    return sorted(memory.signals, key=lambda signal: signal.reference)


async def the_case(memory: Memory, number: int = 1) -> CaseFile:
    signal = signals(memory)[number - 1]
    async with memory.unit_of_work() as uow:
        return case_file(signal, await uow.signals.history(signal.id))


# --- look-ups, notes, judgement, steps ---


async def test_a_look_up_needs_a_reason_and_finds_earlier_signals_at_the_same_house(memory: Memory, anna: Talk) -> None:
    await report(memory)
    await report(memory, EMPLOYEE)
    for number, written in ((1, "Marktstraat 12a, 5401 AB Uden"), (2, "5401ab 12")):
        await opened(anna, memory, number)
        await play(
            anna,
            f"""
            > [Meer]
            > [Iets opgezocht]
            > Wat heb je opgezocht = Adres
            > Wat heb je gevonden = {written}
            > [Vastleggen]
            < Schrijf op waarom je dit opzocht
            > Waarom was dit nodig = Is dit adres al bekend?
            > [Vastleggen]
            < Vastgelegd
            < Is dit adres al bekend?
            """,
        )

    await play(anna, "< Eerder gezien op hetzelfde adres of bij hetzelfde bedrijf: 1\n> [Bekijk deze signalen]")
    anna.sees("S-2026-0001: Opgepakt · Anna")
    assert STORY not in words_of(anna.card)


async def test_a_note_is_for_officers_and_pressing_twice_writes_it_once(memory: Memory, anna: Talk) -> None:
    await report(memory)
    await opened(anna, memory)
    await play(anna, "> [Meer]\n> [Notitie schrijven]\n> Je notitie = Gebeld met de wijkagent")
    press = anna.press(next(button for button in buttons_of(anna.card) if button.title == "Notitie bewaren"))
    await anna.does(press)
    await anna.does(press)

    anna.sees("Gebeld met de wijkagent")
    assert len((await the_case(memory)).of_kind(EventKind.NOTED)) == 1
    robin = talk(memory, ROBIN)
    await play(robin, "> mijn meldingen\n> [Open S-2026-0001]")
    assert "wijkagent" not in words_of(robin.card)


async def test_the_steps_follow_the_judgement_of_the_officer_and_the_buddy_ticks_them(
    memory: Memory, anna: Talk, bas: Talk
) -> None:
    await report(memory)
    await opened(anna, memory)
    await play(
        anna,
        """
        > [Eigen oordeel]
        > Wat is het volgens jou = Zuiver signaal
        > Welke vorm = arbeidsuitbuiting
        > Hoort TF-RIEC = Ja
        > Waarom? = Loon ingehouden en paspoorten weg
        > [Oordeel vastleggen]
        < Oordeel van Anna: Duidelijk signaal, arbeidsuitbuiting
        < 1. Nederlandse Arbeidsinspectie
        < 2. Zorgcoördinator
        < 3. Taskforce-RIEC
        < Overleg ook met AVIM
        """,
    )
    await opened(bas, memory, take_up=False)
    await play(bas, "> [Arbeidsinspectie: gedaan]\n< 1. Nederlandse Arbeidsinspectie: gedaan (Bas")

    case = await the_case(memory)
    assert (case.done, case.judgement and case.judgement.riec) == (frozenset({"NLA"}), True)


# --- linking ---


async def linked(memory: Memory, anna: Talk) -> None:
    await report(memory)
    await report(memory, EMPLOYEE)
    await opened(anna, memory)
    await play(anna, "> [Meer]\n> [Koppelen]\n> Schrijf het nummer = s 2026 2\n> [Koppel deze signalen]")


async def test_of_linked_signals_one_leads_and_both_reporters_hear_everything(memory: Memory, anna: Talk) -> None:
    await linked(memory, anna)
    anna.sees("De signalen horen nu bij elkaar", "Hier horen nog 1 andere bij: S-2026-0002")
    follower = signals(memory)[1]
    assert (follower.lead, follower.owner, follower.status) == (
        signals(memory)[0].id,
        OFFICER_ANNA.actor.id,
        SignalStatus.TAKEN_UP,
    )

    await hand_over(anna)

    told = [notice.recipient for notice in memory.notices if notice.kind is NoticeKind.STATUS_FOR_REPORTER]
    assert sorted(told) == sorted([ROBIN.actor.id, EMPLOYEE.actor.id] * 2)
    assert [signal.status for signal in signals(memory)] == [SignalStatus.HANDED_OVER] * 2


async def test_work_on_a_signal_that_follows_is_done_where_it_is_led_and_it_can_be_let_go(
    memory: Memory, anna: Talk, bas: Talk
) -> None:
    await linked(memory, anna)
    follower = signals(memory)[1]
    carried = {"signal": follower.id, "version": str(follower.version)}
    for action in ("take_up", "hand_over_form", "consult_form", "look_up_form", "note_form", "judge_form", "tick"):
        await bas.does(Pressed(f"signal.{action}", carried))
        bas.sees("Dit signaal hoort bij een ander signaal. Werk daar verder")

    await opened(anna, memory, 2, take_up=False)
    press = anna.press(next(button for button in buttons_of(anna.card) if button.title == "Losmaken"))
    await anna.does(press)
    anna.sees("Dit signaal staat weer op zichzelf")
    before = memory.committed
    await anna.does(press)

    assert signals(memory)[1].lead is None
    assert len((await the_case(memory, 2)).of_kind(EventKind.UNLINKED)) == 1
    assert memory.committed.signals == before.signals


@pytest.mark.parametrize(
    ("reference", "said"),
    [("S-2026-0001", "Dit is hetzelfde signaal"), ("S-2026-0099", "Dat signaal vind ik niet")],
)
async def test_what_cannot_be_linked_is_said_and_the_form_keeps_what_was_typed(
    memory: Memory, anna: Talk, reference: str, said: str
) -> None:
    await report(memory)
    await opened(anna, memory)
    await play(anna, f"> [Meer]\n> [Koppelen]\n> Schrijf het nummer = {reference}\n> [Koppel deze signalen]")

    anna.sees(said)
    assert signals(memory)[0].lead is None


async def test_signals_kept_from_other_people_are_never_linked(memory: Memory, anna: Talk) -> None:
    await report(memory)
    await report(memory, EMPLOYEE)
    async with memory.unit_of_work() as uow:
        await uow.signals.save(replace(signals(memory)[1], excluded=frozenset({OFFICER_BAS.actor.id})))
        await uow.commit()
    await opened(anna, memory)
    await play(anna, "> [Meer]\n> [Koppelen]\n> Schrijf het nummer = S-2026-0002\n> [Koppel deze signalen]")

    anna.sees("Koppelen kan niet")
    assert all(signal.lead is None for signal in signals(memory))


# --- partners ---


async def hand_over(anna: Talk) -> None:
    await play(
        anna,
        """
        > [Overdragen]
        > Waarom mag je dit delen = Publieke taak
        > Wat heb je verteld = Gezien of gehoord
        > [Bekijk wat de melder leest]
        < Dit leest de melder
        > [Overdragen en melder informeren]
        < De overdracht staat vast
        """,
    )


async def test_who_presses_twice_reads_twice_that_it_is_handed_over(memory: Memory, anna: Talk) -> None:
    await report(memory)
    await opened(anna, memory)
    await play(
        anna,
        """
        > [Overdragen]
        > Waarom mag je = Publieke taak
        > Wat heb je verteld = Gezien
        > Eigen regel = Dank je wel
        > [Bekijk wat de melder leest]
        """,
    )
    pressed = anna.press(next(each for each in buttons_of(anna.card) if each.title.startswith("Overdragen en")))
    for _ in range(2):
        await anna.does(pressed)

        assert "De overdracht staat vast" in words_of(anna.card)
        assert "Dit leest de melder" not in words_of(anna.card)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("Antwoord gevraagd", "2026-11-20", "Deze dag is al voorbij"),
        ("Antwoord gevraagd", "2026-12-25", "werkt er niemand (Eerste"),
        ("Antwoord gevraagd", "2026-11-28", "weekend"),
        ("Antwoord gevraagd", "2031-01-06", "te ver weg"),
        ("Waarom mag je", "Convenant van TF", "Deze grond past niet"),
        ("Wie?", "nobody", "staat niet meer in de lijst"),
        ("Andere partners", "Taskforce-RIEC", "apart"),
        ("Andere partners", "een ander loket", "Schrijf op welk ander loket"),
    ],
)
async def test_a_hand_over_that_cannot_be_keeps_what_was_typed(
    memory: Memory, anna: Talk, field: str, value: str, said: str
) -> None:
    await report(memory)
    await opened(anna, memory)
    await play(
        anna,
        "> [Overdragen]\n> Waarom mag je = Publieke taak\n> Wat heb je verteld = Gezien\n"
        f"> Wat is er afgesproken = Ze bellen terug\n> {field} = {value}\n> [Bekijk wat de melder leest]",
    )

    anna.sees(said)
    preview = next(button for button in buttons_of(anna.card) if button.title == "Bekijk wat de melder leest")
    assert anna.press(preview).inputs["note"] == "Ze bellen terug"
    assert signals(memory)[0].status is SignalStatus.TAKEN_UP


async def test_a_form_that_is_out_of_date_comes_back_filled_in_and_says_what_changed(
    memory: Memory, anna: Talk
) -> None:
    await report(memory)
    await opened(anna, memory)
    await play(anna, "> [Overdragen]\n> Wat is er afgesproken = Ze bellen terug\n> Waarom mag je = Publieke taak")
    preview = anna.press(next(b for b in buttons_of(anna.card) if b.title == "Bekijk wat de melder leest"))
    await talk(memory, ROBIN).says("aanvullen het busje staat er weer")

    await anna.does(preview)

    anna.sees("Er is intussen iets veranderd: Aanvulling van de melder")
    again = next(b for b in buttons_of(anna.card) if b.title == "Bekijk wat de melder leest")
    assert anna.press(again).inputs["note"] == "Ze bellen terug"


async def test_what_the_reporter_reads_is_seen_before_it_goes_also_when_it_was_changed(
    memory: Memory, anna: Talk
) -> None:
    await report(memory)
    await opened(anna, memory)
    await play(
        anna,
        """
        > [Overdragen]
        > Waarom mag je = Publieke taak
        > Wat heb je verteld = Gezien
        > [Bekijk wat de melder leest]
        > Eigen regel = Dank je wel
        > [Overdragen en melder informeren]
        < Je hebt iets veranderd dat de melder leest
        < Dank je wel
        > [Overdragen en melder informeren]
        < De overdracht staat vast
        """,
    )


async def test_a_silent_consultation_with_its_answer_leaves_the_reporter_alone(memory: Memory, anna: Talk) -> None:
    await report(memory)
    await opened(anna, memory)
    await play(
        anna,
        """
        > [Overleggen]
        > Wat heb je verteld = Gezien
        > [Overleg vastleggen]
        < Het overleg staat vast. De melder hoort er niets van.
        < In overleg met een partner
        > [Antwoord van een partner]
        > Wat zei de partner = Hou het in de gaten
        > [Antwoord vastleggen]
        < Heeft geantwoord
        < Opgepakt · Anna
        """,
    )

    case = await the_case(memory)
    assert (case.signal.status, case.owed_by_partners) == (SignalStatus.TAKEN_UP, ())
    assert case.signal.partner_due_at is None


async def test_only_what_was_chosen_is_read_out_and_it_is_written_down(memory: Memory, anna: Talk) -> None:
    await report(memory)
    await opened(anna, memory)
    await play(anna, "> [Meer]\n> [Voorlezen]\n> Wat vertel je = Bevestigde\n> [Maak de kaart om voor te lezen]")

    anna.sees("Om voor te lezen: S-2026-0001")
    assert STORY not in words_of(anna.card)
    assert "Robin" not in words_of(anna.card)
    (event,) = (await the_case(memory)).of_kind(EventKind.READ_OUT)
    assert event.content == {"fields": "criteria"}
    assert memory.audit_entries[-1].reason == "criteria"


async def test_all_that_was_looked_up_can_be_read_where_the_case_shows_only_its_beginning(
    memory: Memory, anna: Talk
) -> None:
    await report(memory)
    await opened(anna, memory)
    signal = memory.signals[0]
    carried = {"signal": signal.id, "version": str(signal.version)}
    found = "Op dit adres staan vijf bedrijven ingeschreven. " * 9 + "Een ervan stopte vorige week."
    why = "De wijkagent vroeg ernaar."

    short = {"field": "company", "value": "De Brug", "reason": "Is het bekend?"}
    await anna.does(Pressed("signal.look_up", carried, short))
    assert "Alles wat is opgezocht" not in words_of(anna.card)
    await anna.does(Pressed("signal.look_up", carried, {"field": "address", "value": found, "reason": why}))
    assert "stopte vorige week" not in words_of(anna.card)
    await anna.presses("Alles wat is opgezocht")

    anna.sees("S-2026-0001: wat is opgezocht")
    anna.sees(found)
    anna.sees(why)
    anna.sees("De Brug")
    assert memory.audit_entries[-1].action == "signal_opened"


async def test_an_answer_of_which_the_case_shows_the_beginning_can_be_read_whole(memory: Memory, anna: Talk) -> None:
    heard = "Een man werkt bij een wasserij voor 3 euro per uur. Zijn geld gaat naar de broer van de baas."
    await play(
        talk(memory, ROBIN),
        f"""
        > melden
        > [Nee]
        > Wat heb je gezien = {heard}
        > [Volgende]
        > [Volgende]
        > [Nee]
        < Herken je dit ook?
        > [Overslaan]
        > [Volgende]
        > [Versturen naar de AF]
        """,
    )
    (asked,) = (each for each in answers_of(await the_case(memory), knowledge()) if each.question.name == "Nagevraagd")
    *_, last = asked.words.splitlines()

    await opened(anna, memory)
    assert last not in words_of(anna.card)
    await anna.presses("Lees alles")

    anna.sees(heard)
    anna.sees(asked.words)
    assert "Direct gevaar" not in words_of(anna.card), "what stands whole on the case stands there"


async def test_the_card_stays_small_whatever_people_write(memory: Memory, anna: Talk) -> None:
    from bot.cards import CardRenderer  # noqa: PLC0415 - how large it is when it is drawn

    await report(memory)
    await opened(anna, memory)
    for number in range(5):
        await talk(memory, ROBIN).says(f"aanvullen {number} " + "ja \n" * 900)
    await opened(anna, memory, take_up=False)
    renderer = CardRenderer(knowledge().texts)

    assert len(renderer.message(anna.card).card.__str__().encode()) < 28 * 1024
    await anna.presses("Lees alles")
    assert len(renderer.message(anna.card).card.__str__().encode()) < 28 * 1024
