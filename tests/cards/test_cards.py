"""Every card: small, understood by Microsoft's parser, drawn wide and on a phone in every look, without a fault.

Run by `make cards`, which collects the cards first and leaves the pictures in build/cards.
"""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# - parsed JSON, and axe has no types

import json
import os
import re
from collections.abc import AsyncGenerator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

from bot.knowledge import shipped
from bot.local.window import PAGE, RENDERER
from dialogs.texts import parse_texts
from tests.cards.collection import FOLDER, title_of
from tests.dialogs.test_numbers import SCREEN
from tests.e2e.conftest import CHROMIUM, FLAGS, PHONE, WIDE

pytestmark = pytest.mark.e2e

HERE = Path(__file__).parent
CARDS = Path(os.environ.get(FOLDER, HERE.parents[1] / "build" / "cards"))
#: Whether each card is also photographed in each look.
PICTURES = os.environ.get("MELDROUTE_PICTURES", "1") == "1"
ON_A_PAGE = 20
TEXTS = parse_texts(shipped("texts.yaml"))
#: The limit that many tools keep; Teams itself counts 100 kB in UTF-16 (Microsoft Learn, "Format your bot messages").
LARGEST = 28 * 1024
#: What an Adaptive Card of version 1.5 may hold that is drawn everywhere Teams is.
ELEMENTS = {
    "AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "Container", "ColumnSet", "Column", "ActionSet",
    "Input.Text", "Input.ChoiceSet", "Input.Date", "Action.Execute", "Action.Submit", "Action.ToggleVisibility",
}  # fmt: skip
SIZES = {"wide": WIDE, "phone": PHONE}
#: The looks of Teams. What they change is colour: the other rules are held against the first alone.
THEMES = ("light", "dark", "contrast")
#: Whatever keeps the rules is left out of what axe tells: telling it all took four times as long as looking.
_TOLD = {"resultTypes": ["violations"]}
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], **_TOLD}
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, **_TOLD}


@cache
def collected() -> dict[str, Any]:
    """The cards by name."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(CARDS.glob("*.json"))}


def on_page(first: int, last: int) -> dict[str, Any]:
    """These of the cards, in the order of their names."""
    return dict(list(collected().items())[first:last])


def test_the_cards_were_collected() -> None:
    assert len(collected()) >= 30, "run `make cards`, which collects them first"


@pytest.mark.parametrize("name", sorted(collected()))
def test_a_card_is_small_and_of_known_parts(name: str) -> None:
    card = collected()[name]

    assert len(json.dumps(card, ensure_ascii=False).encode("utf-16-le")) < 2 * LARGEST
    assert len(json.dumps(card, ensure_ascii=False).encode()) < LARGEST
    assert card["version"] == "1.5"
    assert card["fallbackText"]
    assert len(card.get("actions", [])) <= 6
    assert set(types_in(card)) <= ELEMENTS
    for part in parts_of(card):
        # The Agents Playground sends nothing at all for a press whose data has a field of this name.
        assert "key" not in (part.get("data") or {})
        if str(part.get("type", "")).startswith("Input."):
            assert part.get("label"), f"{part['id']} has no label"
            assert not part.get("isRequired") or part.get("errorMessage"), f"{part['id']} says nothing when it is empty"


def test_every_title_that_we_write_stands_on_a_card_that_was_collected() -> None:
    parts = [part for card in collected().values() for part in parts_of(card)]
    drawn = {str(part["text"]) for part in parts if part.get("type") == "TextBlock"}
    titles = [key for key in TEXTS if key.endswith("title") or ".title." in key]

    assert [key for key in titles if not any(map(as_pattern(TEXTS(key)).fullmatch, drawn))] == []


def as_pattern(text: str) -> re.Pattern[str]:
    """The text with anything in its {places}."""
    return re.compile(".+".join(re.escape(part) for part in re.split(r"\{\w+\}", text)))


def parts_of(part: object) -> list[dict[str, Any]]:
    """Every object in a card."""
    if isinstance(part, dict):
        found: dict[str, Any] = part  # pyright: ignore[reportUnknownVariableType] - parsed JSON
        return [found, *(inner for value in found.values() for inner in parts_of(value))]
    if isinstance(part, list):
        return [inner for value in part for inner in parts_of(value)]  # pyright: ignore[reportUnknownVariableType]
    return []


def types_in(card: dict[str, Any]) -> list[str]:
    """The types of all elements and actions."""
    return [part["type"] for part in parts_of(card) if "type" in part and isinstance(part["type"], str)]


async def too_tall(page: Page) -> dict[str, int]:
    """The answers with numbers that do not fit on a phone's screen, in points."""
    heights: dict[str, int] = await page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('article')].map(each => [each.id, each.offsetHeight]))"
    )
    answers = {name for name, card in collected().items() if title_of(card) == TEXTS("numbers.title")}
    return {name: height for name, height in heights.items() if name in answers and height > SCREEN}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def gallery() -> AsyncGenerator[str]:
    async def cards(request: web.Request) -> web.Response:
        first, last = map(int, request.query["cards"].split("-"))
        return web.json_response(on_page(first, last))

    async def page_file(request: web.Request) -> web.FileResponse:
        return web.FileResponse(HERE / request.path.strip("/"))

    app = web.Application()
    app.router.add_get("/cards.json", cards)
    app.router.add_get("/gallery.html", page_file)
    app.router.add_get("/gallery.js", page_file)
    app.router.add_static("/renderer", RENDERER)
    app.router.add_static("/", PAGE)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/gallery.html"
    await runner.cleanup()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("first", range(0, len(collected()), ON_A_PAGE), ids=lambda first: f"from {first}")
@pytest.mark.parametrize("size", SIZES)
async def test_every_card_is_parsed_drawn_and_free_of_faults_in_every_look(
    browser: Browser, gallery: str, size: str, first: int
) -> None:
    context = await browser.new_context(viewport=SIZES[size], locale="nl-NL")  # pyright: ignore[reportArgumentType] - a TypedDict
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(f"{gallery}?cards={first}-{first + ON_A_PAGE}")
    await page.wait_for_function("window.said !== undefined")

    assert errors == []
    assert await page.locator("article").count() == len(on_page(first, first + ON_A_PAGE))
    assert await page.evaluate("window.said") == {}, "the parser has something to say"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the screen"
    assert size != "phone" or await too_tall(page) == {}, "an answer with numbers is longer than the screen"
    for theme in THEMES:
        await page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        results = await Axe().run(page, options=_RULES if theme == THEMES[0] else _COLOURS)
        assert results.response["violations"] == [], f"{size}, {theme}: {results.generate_report()}"
        if PICTURES:
            for name in on_page(first, first + ON_A_PAGE):
                await page.locator(f'[id="{name}"]').screenshot(path=CARDS / f"{size}-{theme}" / f"{name}.png")
    await context.close()
