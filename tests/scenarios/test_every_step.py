"""Every step of the intake x every kind of bad input: no answer is lost, one signal at most, and it says what to do.

In each cell somebody walks to the step over real HTTP, meets the bad input there, and goes on to the receipt all the
same. What is wrong with a turn meets each card, what is wrong with a field each question on it.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from dialogs.intake.questions import FOLLOW_UP, Kind
from dialogs.ports import UnitsOfWork
from storage.engine import open_database
from storage.key_file import open_key_file
from tests.fake_connector import RESET
from tests.scenarios.office import Office, office
from tests.scenarios.reporter import ASKED, SHORT, STEPS, STOP, Reporter

pytestmark = pytest.mark.asyncio(loop_scope="module")

BSN = "123456782"
EMOJI = "🤷🏽‍♀️👀"
_people = count(1)


# --- an answer that is none ---


async def nonsense_typed(robin: Reporter) -> None:
    await robin.person.says(EMOJI)
    refused_or_taken(robin, EMOJI)


async def thirty_thousand_characters_typed(robin: Reporter) -> None:
    await robin.person.says("x" * 30_000)
    refused(robin, "rejected.too_long")


async def a_bsn_typed(robin: Reporter) -> None:
    await robin.person.says(BSN)
    refused(robin, "rejected.bsn")


async def too_long_in_the_field(robin: Reporter) -> None:
    await robin.does(robin.fills_in_wrongly("x" * 5_000))
    refused(robin, "rejected.too_long", "intake.stale")


async def a_bsn_in_the_field(robin: Reporter) -> None:
    await robin.does(robin.fills_in_wrongly(BSN))
    if robin.question is not None and not robin.question.no_bsn:
        refused_or_taken(robin, BSN)
    else:
        refused(robin, "rejected.bsn", "intake.stale")


async def a_number_in_the_field(robin: Reporter) -> None:
    await robin.does(robin.fills_in_wrongly(987))
    refused_or_taken(robin, "987", "intake.stale")


async def a_list_in_the_field(robin: Reporter) -> None:
    await robin.does(robin.fills_in_wrongly(["een", "twee"]))
    robin.reads("unknown.unreadable")


async def an_object_in_the_field(robin: Reporter) -> None:
    await robin.does(robin.fills_in_wrongly({"een": {"twee": 3}}))
    robin.reads("unknown.unreadable")


# --- a turn at the wrong moment, or half of one ---


async def a_picture_instead(robin: Reporter) -> None:
    await robin.person.sends(attachments=[{"contentType": "image/png", "contentUrl": "https://x/y"}])
    robin.reads("unknown.unreadable")


async def a_button_that_never_was(robin: Reporter) -> None:
    press = robin.fills_in()
    press["value"]["action"]["verb"] = "bestaat.niet"
    await robin.does(press)
    robin.reads("unknown.button")


async def a_button_that_no_card_has_any_more(robin: Reporter) -> None:
    press = robin.fills_in()
    press["value"]["action"]["verb"] = "intake.was_there_once"
    await robin.does(press)
    robin.reads("intake.stale")


async def a_press_on_an_old_card(robin: Reporter) -> None:
    await robin.does(robin.old_press())
    robin.reads("intake.stale")


async def two_presses_at_once(robin: Reporter) -> None:
    press = robin.fills_in()
    await asyncio.gather(robin.person.posts(press), robin.person.posts(robin.again(press)))
    robin.person.takes_answer(press["replyToId"])
    robin.reads("intake.stale", "sent.title")


async def a_press_after_sending(robin: Reporter) -> None:
    press = robin.fills_in()
    await robin.finishes()
    await robin.does(robin.again(press))
    robin.reads("sent.title")


async def two_texts_in_the_wrong_order(robin: Reporter) -> None:
    first, second = robin.tells(), robin.tells()
    await robin.does(second, first)


async def the_same_text_thrice(robin: Reporter) -> None:
    text = robin.tells()
    await robin.does(text, text, text)


async def the_same_press_thrice(robin: Reporter) -> None:
    press = robin.fills_in()
    await asyncio.gather(*(robin.person.posts(press) for _ in range(3)))
    robin.person.takes_answer(press["replyToId"])


async def uninstalled_in_the_middle(robin: Reporter) -> None:
    await robin.person.uninstalls()
    await robin.person.installs()
    robin.reads("welcome.title")


async def the_network_gone_after_the_press(robin: Reporter) -> None:
    press = robin.fills_in()
    robin.office.connector.fails(RESET, times=None, when=robin.is_to_me)
    await robin.person.posts_and_is_cut_off(press)
    robin.office.connector.heals()
    await robin.person.posts(robin.again(press))
    robin.person.takes_answer(press["replyToId"])
    robin.reads("intake.stale", "sent.title", "progress", "intake.stop.title")


async def the_network_gone_after_the_text(robin: Reporter) -> None:
    robin.office.connector.fails(RESET, times=None, when=robin.is_to_me)
    await robin.person.posts(robin.tells())
    robin.office.connector.heals()
    await robin.person.says("verder")
    robin.reads("intake.resumed")


async def a_press_by_somebody_else(robin: Reporter) -> None:
    kim = robin.office.person(f"Kim {next(_people)}")
    own = kim.activity()
    await kim.posts(robin.fills_in() | {"from": own["from"], "conversation": own["conversation"]})
    assert "Deze melding is er niet meer" in str(kim.answer)


Bad = Callable[[Reporter], Awaitable[None]]
WRONG_FIELDS: tuple[Bad, ...] = (
    too_long_in_the_field,
    a_bsn_in_the_field,
    a_number_in_the_field,
    a_list_in_the_field,
    an_object_in_the_field,
)
WRONG_TURNS: tuple[Bad, ...] = (
    nonsense_typed,
    thirty_thousand_characters_typed,
    a_bsn_typed,
    a_picture_instead,
    a_button_that_never_was,
    a_button_that_no_card_has_any_more,
    a_press_on_an_old_card,
    two_presses_at_once,
    a_press_after_sending,
    two_texts_in_the_wrong_order,
    the_same_text_thrice,
    the_same_press_thrice,
    uninstalled_in_the_middle,
    the_network_gone_after_the_press,
    the_network_gone_after_the_text,
    a_press_by_somebody_else,
)
#: These can wait for the slow tests.
MUCH_LIKE_ANOTHER = {an_object_in_the_field, a_button_that_never_was, a_picture_instead, the_same_text_thrice}
_FIRST_ON_A_CARD = {question.page: key for key, question in reversed(ASKED.items())}.values()


def cells() -> Iterable[object]:
    """All of them; what shares a card with another question meets only what is wrong with its own field."""
    for step in STEPS:
        alone = not step.startswith(SHORT) and (step not in ASKED or step in _FIRST_ON_A_CARD)
        for bad in (*WRONG_FIELDS, *(WRONG_TURNS if alone else ())):
            soon = alone and bad not in MUCH_LIKE_ANOTHER
            yield pytest.param(step, bad, id=f"{step}-{bad.__name__}", marks=[] if soon else [pytest.mark.long])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def an_office(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[tuple[Office, UnitsOfWork]]:
    data: Path = tmp_path_factory.mktemp("office")
    url = f"sqlite:///{data}/meldroute.db"
    async with office(data, url) as running:
        database = open_database(url, open_key_file(data / "content.key"))
        yield running, database.unit_of_work
        await database.close()


@pytest.mark.parametrize(("step", "bad"), list(cells()))
async def test_nothing_is_lost_and_the_report_can_be_sent(
    an_office: tuple[Office, UnitsOfWork], step: str, bad: Bad
) -> None:
    running, units = an_office
    robin = Reporter(running, units, running.person(f"Robin {next(_people)}"), step)
    await robin.walks_to_it()
    before = await robin.stored()

    await bad(robin)

    after = await robin.stored()
    for key, answer in before.items():
        assert answer == after.get(key) or (robin.told and str(answer) in str(after[key])), f"{key} was answered before"
    await robin.finishes()


def refused(robin: Reporter, of_a_text: str, of_a_version: str = "intake.summary_help") -> None:
    """It is said what is wrong: of a choice, of ticks or of a text; without a question, of the card itself."""
    kind = robin.question.kind if robin.question else None
    match kind:
        case Kind.CHOICE if robin.step == FOLLOW_UP:
            robin.reads("rejected.no_such_number", "rejected.no_such_choice")
        case Kind.CHOICE:
            robin.reads("rejected.no_such_choice")
        case Kind.TICKS:
            robin.reads("rejected.no_such_tick", "rejected.no_such_subject")
        case Kind.TEXT | Kind.MOMENT:
            robin.reads(of_a_text)
        case None:
            robin.reads("intake.stop.text" if robin.step == STOP else of_a_version)


def refused_or_taken(robin: Reporter, words: str, of_a_version: str = "intake.summary_help") -> None:
    """Where words are asked any will do; elsewhere it is refused."""
    question = robin.question
    if question is not None and question.kind in {Kind.TEXT, Kind.MOMENT}:
        robin.given[question.key] = words
    else:
        refused(robin, "", of_a_version)
