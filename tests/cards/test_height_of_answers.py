"""No answer with numbers is longer than the screen of a phone, in the real renderer: whoever is asked for, whenever."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
import yaml
from playwright.async_api import Browser, Page

from bot.cards import CardRenderer
from bot.knowledge import load_directory, shipped
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.partners import Directory, Partner
from dialogs.domain.partners.entry import LONGEST_TEXT
from dialogs.lookup import EMERGENCY, LookUp, look_up
from dialogs.numbers import numbers_card, shared_card
from dialogs.texts import parse_texts
from tests.cards.test_cards import browser, gallery
from tests.dialogs.answer_oracle import HOLIDAYS
from tests.dialogs.test_numbers import CORPUS, SCREEN
from tests.e2e.conftest import PHONE

__all__ = ["browser", "gallery"]
pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

TEXTS = parse_texts(shipped("texts.yaml"))
DIRECTORIES = [load_directory("maashorst"), load_directory("eersel"), EMERGENCY]
LONG = ("woord " * 40)[:LONGEST_TEXT].strip()
ORDINARY = datetime(2026, 11, 24, tzinfo=AMSTERDAM)
MOMENTS = [
    *(ORDINARY + timedelta(hours=hours) for hours in (3, 10, 23)),
    *(datetime(day.year, day.month, day.day, 10, tzinfo=AMSTERDAM) for day in HOLIDAYS),
]
_MEASURE = """async cards => {
  const { cardElement } = await import("./cards.js");
  return cards.map(json => {
    const element = cardElement(json, () => {});
    document.querySelector("main").replaceChildren(element);
    return element.offsetHeight;
  });
}"""


def answers() -> dict[str, LookUp]:
    """Every answer that a question can bring, with where, what and when it was asked; the same one once."""
    written = yaml.safe_load((CORPUS / "questions.yaml").read_text("utf-8"))
    typed = [each["text"] for part in written.values() for each in part]
    found: dict[object, tuple[str, LookUp]] = {}
    for directory in DIRECTORIES:
        keys = [partner.key for partner in directory]
        queries = ["", "fietsenmaker", *keys, *typed, *(f"gevaar {key}" for key in keys)]
        queries += [f"{one} of {other}" for one in keys for other in keys if one < other]
        for at in MOMENTS:
            for query in queries:
                answer = look_up(directory, query, at)
                said = tuple((each.partner.key, each.partner.name, each.reason) for each in answer.contacts)
                asked = f"{directory.municipality}, {query}, {at:%d-%m-%Y %H:%M}"
                found.setdefault((said, answer.danger, answer.exact), (asked, answer))
    return dict(found.values())


def at_its_longest(partner: Partner) -> Partner:
    """The same partner with everything that an administrator writes in the chat as long as it may be."""
    numbers = tuple(replace(number, note=LONG) for number in partner.numbers)
    return replace(partner, role=LONG, missing=LONG, source=LONG, numbers=numbers)


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, gallery: str) -> AsyncGenerator[Page]:
    """The gallery on a phone, still empty."""
    context = await browser.new_context(viewport=PHONE, locale="nl-NL")  # pyright: ignore[reportArgumentType] - a TypedDict
    page = await context.new_page()
    await page.goto(f"{gallery}?cards=0-0")
    await page.wait_for_function("window.said !== undefined")
    yield page
    await context.close()


@pytest.mark.parametrize("away", [False, True], ids=["as ever", "with the database away"])
async def test_no_answer_is_longer_than_the_screen_of_a_phone(page: Page, away: bool) -> None:
    renderer = CardRenderer(TEXTS)
    found = answers()
    cards = [renderer.adaptive_card(numbers_card(answer, TEXTS, away=away)) for answer in found.values()]

    heights: list[int] = await page.evaluate(_MEASURE, cards)

    assert len(heights) > 500
    assert {asked: tall for asked, tall in zip(found, heights, strict=True) if tall > SCREEN} == {}


async def test_no_answer_is_too_long_whatever_an_administrator_writes(page: Page) -> None:
    renderer = CardRenderer(TEXTS)
    directory = Directory("overal", map(at_its_longest, DIRECTORIES[0]))
    queries = ["", "fietsenmaker", "avim", "zoco", "riec", "avim of zoco", "nla of kmar", "gevaar avim", "gevaar zoco"]
    asked = [(query, at, away) for query in queries for at in MOMENTS[:4] for away in (False, True)]
    cards = [
        renderer.adaptive_card(numbers_card(look_up(directory, query, at), TEXTS, away=away))
        for query, at, away in asked
    ]

    heights: list[int] = await page.evaluate(_MEASURE, cards)

    assert {each: tall for each, tall in zip(asked, heights, strict=True) if tall > SCREEN} == {}


async def test_no_card_to_share_is_longer_than_the_screen_of_a_phone(page: Page) -> None:
    renderer = CardRenderer(TEXTS)
    shared = [(directory, partner) for directory in DIRECTORIES for partner in directory]
    cards = [renderer.adaptive_card(shared_card(partner, town, TEXTS, ORDINARY)) for town, partner in shared]

    heights: list[int] = await page.evaluate(_MEASURE, cards)

    tall = {
        f"{town.municipality}, {partner.key}": height for (town, partner), height in zip(shared, heights, strict=True)
    }
    assert {which: height for which, height in tall.items() if height > SCREEN} == {}
