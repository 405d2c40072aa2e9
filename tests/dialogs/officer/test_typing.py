"""Typing works wherever a button does: each button of an officer, typed, does what it says; with a typing error too."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import pytest

from bot.knowledge import shipped
from dialogs.domain.events import EventKind
from dialogs.texts import parse_texts
from dialogs.turn import Card, Pressed, TextField
from tests.dialogs.desk_talk import STORY, Desk
from tests.knowledge import BAS, EMPLOYEE, OFFICER_BAS
from tests.transcript import Talk, play, words_of

TEXTS = parse_texts(shipped("texts.yaml"))

#: From here on a word may have a wrong letter.
LONG_ENOUGH = 8
State = Enum(
    "State",
    [
        "NEW",
        "OWNED",
        "ASKED",
        "OFFERED",
        "LINKED",
        "CONSULTED",
        "CLOSED",
        "WISHED",
        "FAILED",
        "LOOKED_UP",
        "NOTED",
        "TICKED",
    ],
)
NEW, OWNED = State.NEW, State.OWNED


@dataclass(frozen=True)
class Typed:
    """A button: how far the signal is, what is seen, what is typed if not its title, and who types."""

    at: State
    seen: str
    words: str = ""
    by_bas: bool = False

    @property
    def alone(self) -> bool:
        """Whether it can only be about the one signal that who types has."""
        return self.at not in {State.NEW, State.CLOSED, State.LINKED} and not self.by_bas


BUTTONS = {
    "open": Typed(NEW, "Gezien of gehoord", "Open"),
    "take_up": Typed(NEW, "Je hebt dit signaal opgepakt"),
    "accept": Typed(State.OFFERED, "Dit signaal is nu van jou", by_bas=True),
    "decline": Typed(State.OFFERED, TEXTS("offer.declined"), by_bas=True),
    "take_back": Typed(State.OFFERED, TEXTS("offer.declined")),
    "offer_form": Typed(OWNED, "Aan wie?"),
    "offer": Typed(OWNED, "Aan wie?"),
    "take_over_form": Typed(OWNED, "Ja, ik neem het over", by_bas=True),
    "take_over": Typed(OWNED, "Ja, ik neem het over", by_bas=True),
    "hand_over_form": Typed(OWNED, "Waarom mag je dit delen?"),
    "hand_over": Typed(OWNED, "Waarom mag je dit delen?"),
    "consult_form": Typed(OWNED, "Overleg vastleggen"),
    "consult": Typed(OWNED, "Overleg vastleggen"),
    "partner_answer_form": Typed(State.CONSULTED, "Antwoord vastleggen"),
    "partner_answer": Typed(State.CONSULTED, "Antwoord vastleggen"),
    "read_out_form": Typed(OWNED, "Maak de kaart om voor te lezen"),
    "read_out": Typed(OWNED, "Maak de kaart om voor te lezen"),
    "look_up_form": Typed(OWNED, "Waarom was dit nodig"),
    "look_up": Typed(OWNED, "Waarom was dit nodig"),
    "take_away": Typed(State.LOOKED_UP, TEXTS("enrich.taken_away"), "Haal weg: bedrijf"),
    "note_form": Typed(OWNED, "Je notitie"),
    "note": Typed(OWNED, "Je notitie"),
    "judge_form": Typed(OWNED, "Wat is het volgens jou"),
    "judge": Typed(OWNED, "Wat is het volgens jou"),
    "step_done": Typed(OWNED, "gedaan (Anna", "AVIM: gedaan"),
    "step_not_done": Typed(State.TICKED, "AVIM: gedaan", "AVIM: toch niet"),
    "comensha_yes": Typed(OWNED, "CoMensha: gemeld"),
    "comensha_no": Typed(OWNED, TEXTS("checklist.comensha_no")),
    "link_form": Typed(OWNED, "Waar gaat het werk verder?"),
    "link": Typed(OWNED, "Waar gaat het werk verder?"),
    "links": Typed(State.LINKED, "S-2026-0002"),
    "open_lead": Typed(State.LINKED, "Signaal S-2026-0001", "Ga naar het andere signaal S-2026-0002"),
    "unlink": Typed(State.LINKED, TEXTS("link.undone"), "Losmaken S-2026-0002"),
    "measures": Typed(OWNED, TEXTS("measures.title", reference="S-2026-0001")),
    "section_story": Typed(OWNED, "Vier mannen aan de balie"),
    "section_weighing": Typed(OWNED, "Waarom deze uitkomst"),
    "section_timeline": Typed(OWNED, "Ontvangen"),
    "section_found": Typed(State.LOOKED_UP, "De Brug"),
    "section_notes": Typed(State.NOTED, "Gebeld met de wijkagent"),
    "section_related": Typed(OWNED, "S-2026-0001"),
    "close_form": Typed(OWNED, "Bekijk wat de melder leest"),
    "close": Typed(OWNED, "Bekijk wat de melder leest"),
    "unreachable_form": Typed(OWNED, "Afsluiten zonder bericht"),
    "close_unreachable": Typed(OWNED, "Afsluiten zonder bericht"),
    "cancel": Typed(OWNED, "Overdragen"),
    "fold": Typed(OWNED, "Open S-2026-0001"),
    "more": Typed(OWNED, "Notitie schrijven"),
    "preview": Typed(OWNED, "Bekijk wat de melder leest"),
    "preview_again": Typed(OWNED, "Bekijk wat de melder leest"),
    "ask_form": Typed(OWNED, "Je vraag"),
    "ask": Typed(OWNED, "Je vraag"),
    "end_question": Typed(State.ASKED, "De vraag is ingetrokken"),
    "feedback_form": Typed(OWNED, "Bekijk wat de melder leest"),
    "feed_back": Typed(OWNED, "Bekijk wat de melder leest"),
    "told_in_person": Typed(OWNED, "Bekijk wat de melder leest"),
    "send_again": Typed(State.FAILED, TEXTS("case.sent_again")),
    "reopen_form": Typed(State.CLOSED, "Heropenen"),
    "reopen": Typed(State.CLOSED, "Heropenen"),
    "agree_withdrawal": Typed(State.WISHED, "Het signaal is ingetrokken"),
    "decline_withdrawal": Typed(State.WISHED, "Je gaat verder met het signaal"),
}
#: About no signal: what is typed if not its title, and what is seen.
DESK = {
    "queue": ("", "S-2026-0001"),
    "show": ("van mij", "Hier staat nu niets"),
    "next_page": ("", "S-2026-0001"),
    "first_page": ("", "S-2026-0001"),
    "desk": ("", "Mijn werkplek"),
    "away": ("afwezig tot 7 december", "Je bent afwezig"),
    "come_back": ("", TEXTS("desk.back_done")),
    "digest": ("dagoverzicht om 8:30", TEXTS("desk.digest_done", time="08:30")),
    "talk_list": ("", TEXTS("talk.title")),
    "talk_note": ("regel voor overleg: te weinig opvang", "te weinig opvang"),
    "for_others": ("", "Hoe kwam het binnen?"),
}
#: Turning pages of one signal: a page that is typed has no page before it. Under its form `look_up` has the same words.
NOT_TYPED = {"page_before", "page_after", "feed_back_in_person"}
#: Of a reporter (tests/dialogs/test_typing.py).
OF_A_REPORTER = {"add_form"}


def buttons_of_an_officer() -> set[str]:
    sources = (Path(__file__).parents[3] / "dialogs" / "officer").glob("*.py")
    text = "\n".join(path.read_text("utf-8") for path in sources)
    named = set(re.findall(r'"button\.(\w+)"', text))
    sections = {key.removeprefix("button.") for key in TEXTS if key.startswith("button.section_")}
    return named | sections | {"comensha_yes", "comensha_no"}


def test_every_button_of_an_officer_is_in_a_table() -> None:
    assert buttons_of_an_officer() - OF_A_REPORTER == BUTTONS.keys() | DESK.keys() | NOT_TYPED


async def presses(desk: Desk, act: str, carried: Mapping[str, str] | None = None, **filled: str) -> None:
    """Anna presses something on Robin's signal."""
    signal = desk.signal()
    data = {"signal": signal.id, "version": str(signal.version), **(carried or {})}
    await desk.anna.does(Pressed(f"signal.{act}", data, filled))


#: What Anna presses to come so far.
ON_THE_WAY: dict[State, tuple[str, dict[str, str], dict[str, str]]] = {
    State.OFFERED: ("offer", {}, {"to": BAS, "reason": "druk"}),
    State.CONSULTED: ("consult", {}, {"partner": "avim", "how": "phone", "shared": "story", "due": "2026-12-01"}),
    State.LOOKED_UP: ("look_up", {}, {"field": "company", "value": "De Brug", "reason": "Is het bekend?"}),
    State.NOTED: ("note", {}, {"note": "Gebeld met de wijkagent"}),
    State.TICKED: ("tick", {"token": "AVIM", "done": "yes"}, {}),
    State.LINKED: ("link", {}, {"reference": "S-2026-0002"}),
}


async def reports(talk: Talk) -> None:
    """A signal with a step to take."""
    await play(talk, f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Volgende]\n> [x] Iemand anders (baas")
    await talk.presses("Nu versturen zoals het is")


async def desk_at(state: State) -> Desk:
    """Robin's signal, as far as it is; Kim's if it is linked to one."""
    desk = Desk()
    await reports(desk.robin)
    if state is not State.NEW:
        await desk.takes_up()
    if state is State.LINKED:
        await reports(desk.talk(EMPLOYEE))
    if state in ON_THE_WAY:
        act, carried, filled = ON_THE_WAY[state]
        await presses(desk, act, carried, **filled)
    if state is State.ASKED:
        await desk.is_asked("Hoe laat was het?")
    if state is State.CLOSED:
        await desk.closes()
    if state is State.WISHED:
        await play(desk.robin, "> intrekken\n> [Vraag om in te trekken]")
    if state is State.FAILED:
        async with desk.memory.unit_of_work() as uow:
            for each in await uow.outbox.claim(worker="one", now=desk.now, lease_until=desk.now, limit=10):
                await uow.outbox.give_up(each.notice.id, "one", desk.now, "403")
            await uow.commit()
    return desk


def words_for(key: str) -> str:
    """What is typed, small as people do."""
    return (BUTTONS[key].words or TEXTS(f"button.{key}")).lower()


def with_typing_error(words: str) -> str:
    """One letter in the middle of the longest word is wrong."""
    longest = max(words.split(), key=len)
    middle = len(longest) // 2
    return words.replace(longest, f"{longest[:middle]}q{longest[middle + 1 :]}", 1)


async def says(key: str, typed: str) -> Talk:
    """The chat of who typed it."""
    desk = await desk_at(BUTTONS[key].at)
    talk = desk.bas if BUTTONS[key].by_bas else desk.anna
    talk.card = Card("")
    await talk.says(typed)
    return talk


@pytest.mark.parametrize("key", BUTTONS)
async def test_a_button_can_be_typed_with_the_number_of_the_signal(key: str) -> None:
    words = words_for(key)
    talk = await says(key, words if "s-2026" in words else f"{words} S-2026-0001")
    talk.sees(BUTTONS[key].seen)


@pytest.mark.parametrize("key", [key for key in BUTTONS if len(words_for(key)) >= LONG_ENOUGH])
async def test_with_a_small_typing_error_as_well(key: str) -> None:
    words = words_for(key).replace("s-2026-0002", "").strip()
    number = 2 if "s-2026-0002" in words_for(key) else 1
    talk = await says(key, f"{with_typing_error(words)} S-2026-000{number}")
    talk.sees(BUTTONS[key].seen)


@pytest.mark.parametrize("key", [key for key, typed in BUTTONS.items() if typed.alone])
async def test_who_has_one_signal_need_not_name_it(key: str) -> None:
    (await says(key, words_for(key))).sees(BUTTONS[key].seen)


@pytest.mark.parametrize("key", DESK)
async def test_what_is_about_no_signal_can_be_typed_too(key: str) -> None:
    words, seen = DESK[key]
    desk = await desk_at(State.NEW)
    await desk.anna.says(words or TEXTS(f"button.{key}").lower())
    desk.anna.sees(seen)


@pytest.mark.parametrize(
    ("typed", "kind", "content"),
    [
        ("notitie S-2026-0001 gebeld met de wijkagent", EventKind.NOTED, {"note": "gebeld met de wijkagent"}),
        ("S-2026-0001 COMENSHA: JA, GEMELD", EventKind.TICKED, {"token": "COMENSHA", "done": "yes"}),
    ],
)
async def test_what_needs_one_line_is_done_in_one_line(typed: str, kind: EventKind, content: dict[str, str]) -> None:
    desk = await desk_at(State.OWNED)
    await desk.anna.says(typed)
    (event,) = await desk.happened(kind)
    assert event.content == content


@pytest.mark.parametrize(
    "words", ["vraag", "overdragen", "afsluiten", "oordeel", "overleg", "opgezocht", "niet bereikbaar"]
)
async def test_what_was_typed_behind_the_words_stands_in_the_form(words: str) -> None:
    desk = await desk_at(State.OWNED)
    await desk.anna.says(f"{words} S-2026-0001 Om acht uur in de ochtend")
    values = [each.value for each in desk.anna.card.elements if isinstance(each, TextField)]
    assert "Om acht uur in de ochtend" in values, words_of(desk.anna.card)


async def test_with_more_signals_it_is_asked_which_one() -> None:
    desk = await desk_at(State.OWNED)
    await reports(desk.talk(EMPLOYEE))
    await desk.takes_up(2)
    await desk.anna.says("overdragen")
    desk.anna.sees("Om welk signaal gaat het?", "S-2026-0001", "S-2026-0002")


@pytest.mark.parametrize("number", [7, 1])
async def test_a_number_that_is_not_there_and_one_that_is_not_for_you_read_the_same(number: int) -> None:
    desk = await desk_at(State.OWNED)
    async with desk.memory.unit_of_work() as uow:
        signal = replace(desk.signal(), excluded=frozenset({OFFICER_BAS.actor.id}))
        await uow.signals.save(signal)
        await uow.commit()
    await desk.bas.says(f"overdragen S-2026-000{number}")
    desk.bas.sees("Dit kan ik je niet laten zien")


async def test_an_employee_who_types_the_same_gets_nothing_of_it() -> None:
    desk = await desk_at(State.OWNED)
    before = await desk.history()
    for key in BUTTONS:
        await desk.robin.says(f"{words_for(key)} S-2026-0001")
    after = [event for event in await desk.history() if event.kind is not EventKind.FEEDBACK_READ]
    assert after == before
