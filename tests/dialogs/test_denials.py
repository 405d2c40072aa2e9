"""Who types that something must not be done is believed: no button and no word acts when a denial stands with it."""

import re
from collections.abc import Iterator

import pytest

from bot.knowledge import shipped
from dialogs.commands import Command, command_in, denied_command
from dialogs.domain.assessment import Outcome
from dialogs.domain.events import EventKind
from dialogs.domain.signals import SignalStatus
from dialogs.intake.answers import AnswerRejected, read_answer
from dialogs.intake.questions import QUESTIONS, Situation
from dialogs.intake.typed import button_called
from dialogs.near_words import nearest
from dialogs.officer.dialog import BUTTONS
from dialogs.officer.typed import queue_in, typed_in
from dialogs.requests import Wish, request_in
from dialogs.texts import parse_texts
from dialogs.turn import Button, Card
from tests.dialogs.desk_talk import STORY, Desk
from tests.knowledge import MONDAY
from tests.transcript import play

TEXTS = parse_texts(shipped("texts.yaml"))
LABELS = sorted({TEXTS(key) for key in TEXTS if key.startswith("button.") and "{" not in TEXTS(key)})
#: These deny by themselves.
DENYING = {label for label in LABELS if {"niet", "geen", "nee", "zonder"} & set(re.findall(r"\w+", label.lower()))}
STEPS = ("Veilig Thuis: gedaan", "Arbeidsinspectie: gedaan", "TF-RIEC: gedaan", "AVIM: gedaan", "Haal weg: Adres")
DENIALS = ("niet", "nog niet", "toch niet", "geen", "neit")


def denials_of(label: str) -> Iterator[str]:
    """The words of a button with a denial at every place."""
    words = label.lower().split()
    for denial in DENIALS:
        for place in range(len(words) + 1):
            yield " ".join((*words[:place], denial, *words[place:]))
        yield f"nee, {denial} {label.lower()}"
    yield f"niet{label.lower()}"


def acts(said: str) -> list[object]:
    """What it would do, by every way in which a typed text can do something."""
    typed = typed_in(f"{said} S-2026-0001", BUTTONS, TEXTS)
    request = request_in(said)
    does = [
        typed and (typed.meanings[0].act, *typed.meanings[0].carried.values()),
        command_in(said),
        queue_in(said, TEXTS),
    ]
    return [each for each in (*does, request and (request.wish, request.text)) if each is not None]


@pytest.mark.parametrize("label", sorted({*LABELS, *STEPS} - DENYING))
def test_the_words_of_a_button_with_a_denial_are_never_the_button(label: str) -> None:
    card = Card("", (), (Button(label, "intake.send"),))
    done = acts(label.lower())
    for said in denials_of(label):
        assert button_called(said, card) is None, said
        assert not [each for each in acts(said) if each in done], said


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("weet ik neit", "weet ik niet"),
        ("wet ik niet", "weet ik niet"),
        ("melder neit bereikbaar", "melder niet bereikbaar"),
        ("ik nem het niet over", "ik neem het niet over"),
        ("ik neem niet over", "ik neem het niet over"),
        ("ik nem het over", "ik neem het over"),
        ("nee niet nutig", "nee, niet nuttig"),
        ("geen herineringen meer", "geen herinneringen meer"),
        ("afsluiten zonder bercht", "afsluiten zonder bericht"),
        ("antwoord van een partnr", "antwoord van een partner"),
        ("comensha: ne", "comensha: nee"),
    ],
)
def test_a_label_that_holds_a_denial_is_found_with_a_typing_error(said: str, meant: str) -> None:
    assert nearest(said, [label.lower() for label in LABELS], least=85) == meant


@pytest.mark.parametrize("said", ["niet versturen", "nog niet versturen", "nietversturen", "nu niet versturen"])
def test_what_must_not_be_sent_is_no_command_and_known_as_that(said: str) -> None:
    assert command_in(said) is None
    assert denied_command(said) is Command.SEND


@pytest.mark.parametrize(
    "said",
    [
        "niet versturen",
        "nu niet versturen zoals het is",
        "nog niet versturen zoals het is",
        "versturen? nee",
        "nog even niet versturen",
        "nu neit versturen",
        "niet stoppen",
    ],
)
async def test_a_report_that_must_not_be_sent_stays_as_it_is(said: str) -> None:
    desk = Desk()
    await play(desk.robin, f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Volgende]")
    before = list(desk.memory.drafts)
    await desk.robin.says(said)
    desk.robin.sees("Er is niets verstuurd", "Wat herken je?")
    assert (desk.memory.drafts, list(desk.memory.signals)) == (before, [])


async def test_answers_that_must_not_be_wiped_are_kept() -> None:
    desk = Desk()
    await play(desk.robin, f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Volgende]\n> stop\n> niet wissen")
    desk.robin.sees("niets gewist", "Wissen")
    assert desk.memory.drafts


@pytest.mark.parametrize(
    "said",
    [
        "vraag de AF niet om in te trekken",
        "vraag de AF om niet in te trekken",
        "mijn melding niet intrekken",
        "niet aanvulling versturen",
        "aanvulling niet versturen",
        "antwoord niet versturen",
    ],
)
async def test_a_reporter_who_does_not_want_something_hears_that_nothing_happened(said: str) -> None:
    desk = Desk()
    await desk.reports()
    await desk.robin.says(said)
    desk.robin.sees("Er is niets veranderd")
    assert [event.kind for event in await desk.history()] == [EventKind.RECEIVED]


@pytest.mark.parametrize(("said", "answer"), [("geen collega", None), ("een colega", "colleague"), ("neee", "no")])
def test_a_choice_that_is_denied_is_not_chosen(said: str, answer: str | None) -> None:
    about = next(question for question in QUESTIONS if question.key == "about")
    situation = Situation({}, Outcome.NONE, danger_read=False, officers=())
    if answer is not None:
        assert read_answer(about, said, situation, MONDAY) == answer
        return
    with pytest.raises(AnswerRejected, match="no_such_choice"):
        read_answer(about, said, situation, MONDAY)


async def test_a_no_is_an_answer_to_a_question() -> None:
    assert (request := request_in("antwoord: nee")) is not None
    assert (request.wish, request.text) == (Wish.ANSWER, "nee")


@pytest.mark.parametrize(
    "said",
    [
        "S-2026-0001 niet akkoord: intrekken",
        "niet akkoord: intrekken",
        "niet akkoord: intrekken S-2026-0001",
        "veilig thuis: niet gedaan S-2026-0001",
        "arbeidsinspectie: niet gedaan",
        "overnemen S-2026-0001 niet",
        "heropenen S-2026-0001 toch niet",
        "haal niet weg: adres",
        "comensha: ja, niet gemeld",
        "vraag niet intrekken",
    ],
)
async def test_an_officer_who_does_not_want_something_hears_that_nothing_happened(said: str) -> None:
    desk = Desk()
    await desk.reports()
    await desk.takes_up()
    await play(desk.robin, "> intrekken\n> [Vraag om in te trekken]")
    before = await desk.history()
    await desk.anna.says(said)
    desk.anna.sees("Er is niets veranderd")
    assert await desk.history() == before
    assert desk.signal().status is not SignalStatus.WITHDRAWN
