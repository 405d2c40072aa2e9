"""Typing works wherever a button does: each button of an employee, typed, does what it says."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.knowledge import shipped
from dialogs.domain.events import EventKind
from dialogs.texts import parse_texts
from dialogs.turn import TextField
from tests.dialogs.desk_talk import Desk
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ADMINISTRATOR, MONDAY, ROBIN, knowledge
from tests.transcript import Talk, buttons_of, play

TEXTS = parse_texts(shipped("texts.yaml"))
STORY = "Een vrouw van het uitzendbureau had alle paspoorten in haar tas."
NOTHING = ""
SENT = f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Nu versturen zoals het is]"
AT_THE_TICKS = f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Volgende]"
AT_THE_SUMMARY = f"{AT_THE_TICKS}\n> [Overslaan]\n> [Weet ik niet]\n> [Overslaan]\n> [Overslaan]"
ABOUT_SOME_OFFICER = f"""{AT_THE_TICKS}
> [Overslaan]
> [Weet ik niet]
> [Overslaan]
> Gaat het over = Ja, een AF
> [Volgende]
> weet ik niet"""
IN_PRACTICE = AT_THE_SUMMARY.replace("> melden", "> oefenen", 1)

#: What an officer does with it.
QUESTION = "Wie hield de deur open?"
ASKED, CLOSED = "asked", "closed"
#: At the summary of a signal about some officer, where there is no vertrouwenspersoon.
UNREAD = "unread"
#: A button by the key of its text: what came before, what is typed if not its title, and what is seen then.
TYPED = {
    "report": (NOTHING, "", "Is er nu direct gevaar?"),
    "my_signals": (SENT, "", "S-2026-0001: Ontvangen"),
    "my_signal": (SENT, "", "We hebben je melding ontvangen"),
    "read": (SENT, "", "We hebben je melding ontvangen"),
    "open": (SENT, "Open S-2026-0001", "We hebben je melding ontvangen"),
    "open_own": (SENT, "", "We hebben je melding ontvangen"),
    "cancel_own": (SENT, "", "We hebben je melding ontvangen"),
    "choose": (SENT, "", "We hebben je melding ontvangen"),
    "choose_name": (SENT, "Kies S-2026-0001", "We hebben je melding ontvangen"),
    "add_form": (SENT, "", "Wat wil je toevoegen?"),
    "add": (SENT, "aanvullen het busje is terug", "Je aanvulling is bewaard"),
    "withdraw_form": (SENT, "", "Waarom wil je intrekken?"),
    "withdraw": (SENT, "", "De AF weet dat je deze melding wilt intrekken"),
    "numbers": (NOTHING, "", "088-9630320"),
    "wrong_number": (NOTHING, "", "Om wie gaat het?"),
    "tell_administrator": (NOTHING, "nummer avim klopt niet, er neemt niemand op", "De beheerder krijgt bericht"),
    "practice": (NOTHING, "", "Is er nu direct gevaar?"),
    "lessons": (AT_THE_TICKS, "", "Bij mensenhandel wordt iemand uitgebuit"),
    "recognise": (NOTHING, "", "Let op wie er praat"),
    "no_nudges": (NOTHING, "", "Je krijgt geen herinneringen meer"),
    "nudges": (NOTHING, "", "Je krijgt weer af en toe een herinnering"),
    "next": (AT_THE_TICKS, "", "Is de persoon jonger dan 18 jaar?"),
    "back": (AT_THE_TICKS, "", "Vertel het in je eigen woorden"),
    "skip": (AT_THE_TICKS, "", "Is de persoon jonger dan 18 jaar?"),
    "stop": (AT_THE_TICKS, "", "Wil je bewaren wat je hebt ingevuld"),
    "keep": (f"{AT_THE_TICKS}\n> stop", "", "Je antwoorden zijn bewaard"),
    "wipe": (f"{AT_THE_TICKS}\n> stop", "", "Je antwoorden zijn gewist"),
    "resume": (f"{AT_THE_TICKS}\n> stop", "", "Wat herken je?"),
    "send_now": (AT_THE_TICKS, "", "Verstuurd: S-2026-0001"),
    "send": (AT_THE_SUMMARY, "", "Verstuurd: S-2026-0001"),
    "send_confidant": (ABOUT_SOME_OFFICER, "", "Verstuurd: S-2026-0001"),
    "send_to_wait": (UNREAD, "", "Verstuurd: S-2026-0001"),
    "send_practice": (IN_PRACTICE, "", "Dit was een oefening"),
    "edit": (AT_THE_SUMMARY, "Wijzig waar", "Waar was het?"),
    "edit_name": (AT_THE_SUMMARY, "Wijzig waar, wanneer en meer", "Wanneer was het?"),
    "question": (ASKED, "", QUESTION),
    "answer": (ASKED, "", QUESTION),
    "unknown": (ASKED, "antwoord weet ik niet", "De AF krijgt je antwoord"),
    "answer_it": (ASKED, "antwoord een man met een pet", "De AF krijgt je antwoord"),
    "answer_to": (ASKED, "Antwoord bij S-2026-0001", QUESTION),
    "add_to": (ASKED, "Aanvulling bij S-2026-0001", "Wat wil je toevoegen?"),
    "new_report": (ASKED, "", "Is er nu direct gevaar?"),
    "to_draft": (AT_THE_TICKS, "", "Wat herken je?"),
    "confirm": (f"{SENT}\n> aanvullen ze was bang", "", "Dit las ik in wat je schreef"),
    "useful_yes": (CLOSED, "", "Fijn. Dank je wel."),
    "useful_no": (CLOSED, "", "Jammer. De AF ziet je antwoord."),
    "for_others": (NOTHING, "", "Hoe kwam het binnen?"),
}
#: Of an officer or an administrator, who hear in their own cards what can be typed.
OF_OTHERS = {"queue", "directory", "directory_save"}


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def robin(memory: Memory) -> Talk:
    return Talk(memory.unit_of_work, knowledge(), ROBIN, MONDAY)


def buttons_of_an_employee() -> set[str]:
    root = Path(__file__).parents[2] / "dialogs"
    elsewhere = {root / "officer", root / "directory"}
    sources = [path for path in root.rglob("*.py") if elsewhere.isdisjoint(path.parents)]
    named = {key for path in sources for key in re.findall(r'"button\.(\w+)"', path.read_text("utf-8"))}
    return named | {"add", "withdraw", "useful_yes", "useful_no"}


async def at_the_officer(memory: Memory, what: str) -> None:
    """Anna takes it up, and asks something or closes it."""
    desk = Desk(memory)
    await desk.takes_up()
    await (desk.is_asked(QUESTION) if what == ASKED else desk.closes())


def test_every_button_of_an_employee_is_in_the_table() -> None:
    assert buttons_of_an_employee() - OF_OTHERS <= TYPED.keys() <= {key.removeprefix("button.") for key in TEXTS}


@pytest.mark.parametrize("key", TYPED)
async def test_a_button_can_be_typed(memory: Memory, robin: Talk, key: str) -> None:
    before, typed, seen = TYPED[key]
    if before in {ASKED, CLOSED}:
        await play(robin, SENT)
        await at_the_officer(memory, before)
    elif before == UNREAD:
        staff = replace(knowledge().staff, confidants=())
        robin = Talk(memory.unit_of_work, replace(knowledge(), staff=staff), ROBIN, MONDAY)
        await play(robin, ABOUT_SOME_OFFICER)
    else:
        await play(robin, before)

    await robin.says(typed or TEXTS(f"button.{key}").lower())

    robin.sees(seen)


#: From the first card of a report to the summary: what is done on each, and the card on which it ends.
PAGES = {
    "danger": "",
    "story": "> [Nee]",
    "signs": f"> Wat heb je gezien = {STORY}\n> [Volgende]",
    "age": "> [x] Iemand anders (baas\n> [Volgende]",
    "follow_up": "> [Nee]",
    "circumstances": "> [x] Het werk, de plek of de baas\n> [Volgende]",
    "officer": "> Gaat het over iemand die hier werkt = Ja, een AF\n> [Volgende]",
    "summary": "> [Bas]",
    "stop": "> [Stoppen]",
}


def as_far_as(page: str) -> str:
    """The steps to this page."""
    pages = list(PAGES)
    return "\n".join(("> melden", *filter(None, (PAGES[each] for each in pages[: pages.index(page) + 1]))))


@pytest.mark.parametrize("page", PAGES)
async def test_the_words_of_every_button_of_the_intake_do_what_pressing_it_does(page: str) -> None:
    """Nothing is filled in beside it: then there is no difference."""
    shown = await play(Talk(Memory().unit_of_work, knowledge(), ROBIN, MONDAY), as_far_as(page))
    for button in buttons_of(shown.card):
        ended: list[object] = []
        for how in ("presses", "types"):
            memory = Memory()
            robin = await play(Talk(memory.unit_of_work, knowledge(), ROBIN, MONDAY), as_far_as(page))
            words = button.name or button.title
            await (robin.presses(words) if how == "presses" else robin.says(words.lower()))
            drafts = [draft.answers for draft in memory.drafts]
            signals = [(signal.answers, signal.excluded) for signal in memory.signals]
            ended.append((robin.card.title, drafts, signals))
        assert ended[0] == ended[1], f"{button.title} on {page}"


async def test_what_was_told_stays_where_the_way_on_is_typed(memory: Memory, robin: Talk) -> None:
    """The card of an earlier page opens with what was filled in: that is what *Volgende* brings."""
    await play(robin, f"{AT_THE_TICKS}\n> terug\n< Vertel het in je eigen woorden\n> volgende\n< Wat herken je?")
    await play(robin, "> [x] Iemand anders (baas\n> [Volgende]\n> terug\n> volgnde")
    robin.sees("Is de persoon jonger dan 18 jaar?")

    (draft,) = memory.drafts
    assert (draft.answers["story"], draft.answers["signs"]) == (STORY, ("docs_held",))


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("Over arbeidsuitbuiting", "Iemand moet werken onder dwang"),
        ("over loverboys", "Iemand moet seks hebben met anderen"),
        ("Wat is mensenhandel", "Bij mensenhandel wordt iemand uitgebuit"),
        ("Hoe bespreek je het?", "Je eigen veiligheid gaat voor"),
        ("meer leren", "FairWork"),
    ],
)
async def test_the_ways_between_lessons_can_be_typed(robin: Talk, typed: str, seen: str) -> None:
    await robin.says(typed)
    robin.sees(seen)


async def test_a_signal_of_somebody_else_is_entered_by_typing_alone(memory: Memory, robin: Talk) -> None:
    await play(
        robin,
        f"""
        > invoeren telefoon, Burgerzaken
        < Je voert dit in voor iemand anders
        > nee
        > {STORY}
        > nu versturen zoals het is
        < Verstuurd
        """,
    )
    (signal,) = memory.signals
    assert (signal.origin.channel, signal.origin.team) == ("phone", "Burgerzaken")


@pytest.mark.parametrize(
    ("typed", "channel", "team"),
    [
        ("telefoon, Burgerzaken", "phone", "Burgerzaken"),
        ("telefon Burgerzaken", "phone", "Burgerzaken"),
        ("mail", "mail", ""),
        ("via een partner: Novadic", "partner", "Novadic"),
        ("Langsgekomen Wijkteam Oost", "visit", "Wijkteam Oost"),
    ],
)
async def test_the_channel_is_the_first_that_is_typed(
    memory: Memory, robin: Talk, typed: str, channel: str, team: str
) -> None:
    await robin.says(f"invoeren {typed}")
    (draft,) = memory.drafts
    assert (draft.origin.channel, draft.origin.team) == (channel, team)


@pytest.mark.parametrize(
    "typed", ["een collega van Burgerzaken belde", "via de wijkagent", "geen telefoon, iets anders"]
)
async def test_a_word_that_is_only_part_of_a_channel_is_none(memory: Memory, robin: Talk, typed: str) -> None:
    await robin.says(f"invoeren {typed}")

    robin.sees("Kies hoe het signaal binnenkwam")
    assert memory.drafts == []
    assert typed in {element.value for element in robin.card.elements if isinstance(element, TextField)}


async def test_who_says_no_channel_gets_the_form(robin: Talk) -> None:
    await robin.says("invoeren voor een collega")
    robin.sees("Kies hoe het signaal binnenkwam")


@pytest.mark.parametrize(
    ("typed", "partners"),
    [
        ("nummer avim klopt niet", ["avim"]),
        ("Het nummer van de Arbeidsinspectie klopt niet meer", ["nla"]),
        ("klopt niet: marechaussee", ["kmar"]),
    ],
)
async def test_a_number_that_is_not_right_is_told_in_one_message(
    memory: Memory, robin: Talk, typed: str, partners: list[str]
) -> None:
    await robin.says(typed)

    robin.sees("De beheerder krijgt bericht")
    async with memory.unit_of_work() as uow:
        remarks = await uow.partners.remarks(10)
    assert [(remark.key, remark.text) for remark in remarks] == [(partner, typed) for partner in partners]
    assert {notice.recipient for notice in memory.notices} == {ADMINISTRATOR}


async def test_with_two_partners_named_it_is_asked_which(robin: Talk) -> None:
    await robin.says("nummers van avim en kmar kloppen niet")
    robin.sees("AVIM Oost-Brabant", "Koninklijke Marechaussee")


@pytest.mark.parametrize(
    "told",
    [
        "Haar verhaal klopt niet en de politie was er ook al bij",
        "het klopt niet wat hij zegt over de marechaussee",
        "nummerbord van de politie leek het wel, maar er klopt iets niet aan hem en aan wat hij zei over zijn werk",
    ],
)
async def test_a_report_in_which_something_is_odd_doubts_no_number(memory: Memory, robin: Talk, told: str) -> None:
    await robin.says(told)

    (draft,) = memory.drafts
    assert draft.answers["story"] == told


async def test_klopt_niet_is_an_answer_while_a_report_asks_what_is_right(memory: Memory, robin: Talk) -> None:
    await play(robin, f"{AT_THE_TICKS}\n> klopt niet\n< Is de persoon jonger dan 18 jaar?")
    (draft,) = memory.drafts
    assert draft.answers["signs"] == ()


async def test_the_words_under_a_form_are_no_addition(memory: Memory, robin: Talk) -> None:
    await play(robin, f"{SENT}\n> aanvulling versturen\n< Wat wil je toevoegen?")
    async with memory.unit_of_work() as uow:
        (signal,) = memory.signals
        events = await uow.signals.history(signal.id)
    assert [event.kind for event in events] == [EventKind.RECEIVED]
