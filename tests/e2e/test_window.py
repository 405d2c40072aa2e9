"""The try-out window in a browser, with an echo behind it that answers with cards."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, Route, expect

from bot.local.people import DEFAULT_PEOPLE
from tests.bot.local.serving import Served, served
from tests.e2e.conftest import PHONE, SCREENSHOTS
from tests.e2e.window_page import WindowPage

#: One browser for all of them, so one event loop.
pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WORDS = "Vertel het in je eigen woorden"


async def with_form(window: WindowPage, person: str = "robin"):
    chat = window.chat(person)
    await chat.says("kaart")
    await chat.sees("Wat heb je gezien?")
    return chat


async def with_tab_to(there: Locator, page: Page) -> None:
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await there.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("cannot be reached with the Tab key")


async def test_everybody_is_welcomed_once_also_when_the_page_is_opened_again(window: WindowPage, echo: Served) -> None:
    await window.page.reload()
    await window.chat("robin").sees("Welkom bij de echo")

    for person in DEFAULT_PEOPLE:
        region = window.page.locator(f"[data-person={person.key}] .of-bot")
        await expect(region).to_have_count(1)
    assert [activity["type"] for activity in echo.bot.heard] == ["installationUpdate", "conversationUpdate"] * len(
        DEFAULT_PEOPLE
    )


async def test_press_with_what_was_filled_in_reaches_the_bot_and_its_card_takes_the_place(
    window: WindowPage, echo: Served
) -> None:
    robin = await with_form(window)
    await robin.fills(WORDS, "Ze keek steeds naar hem")
    await robin.ticks("Wat herken je?", "De ander doet het woord")
    await robin.presses("Versturen")

    await robin.sees("Ze keek steeds naar hem")
    await expect(robin.region.get_by_text("Wat heb je gezien?")).to_have_count(0)
    action = echo.bot.heard[-1]["value"]["action"]
    assert (action["verb"], action["data"]) == (
        "send",
        {"draft": "d1", "in.story": "Ze keek steeds naar hem", "in.signs": "speaks", "in.age": "unknown"},
    )


async def test_required_field_holds_a_press_up_with_the_cards_own_words(window: WindowPage, echo: Served) -> None:
    robin = await with_form(window)
    await robin.presses("Versturen")

    await expect(robin.card).to_contain_text("Schrijf in een paar woorden op wat je zag.")
    assert echo.bot.heard[-1]["type"] == "message"


async def test_button_that_leaves_the_fields_alone_is_not_held_up(window: WindowPage, echo: Served) -> None:
    robin = await with_form(window)
    await robin.presses("Overslaan")

    await expect(robin.card).to_contain_text("Overgeslagen")
    assert echo.bot.heard[-1]["value"]["action"]["data"] == {"draft": "d1"}


async def test_old_style_button_arrives_as_a_message_with_a_value(window: WindowPage, echo: Served) -> None:
    robin = await with_form(window)
    await robin.presses("Oude knop")

    await robin.sees("Waarde: {'action': 'old'}")
    assert echo.bot.heard[-1]["replyToId"]
    assert "text" not in echo.bot.heard[-1]


@pytest.mark.parametrize(
    ("button", "sentence"),
    [("Storing", "Deze knop ken ik niet meer."), ("Stuk", "Dat is niet gelukt. Probeer het zo nog een keer.")],
)
async def test_press_that_fails_says_so_and_keeps_what_was_filled_in(
    window: WindowPage, button: str, sentence: str
) -> None:
    robin = await with_form(window)
    await robin.fills(WORDS, "Dit blijft staan")
    await robin.presses(button)

    await expect(robin.card.get_by_role("status")).to_have_text(sentence)
    await expect(robin.card.get_by_label(WORDS)).to_have_value("Dit blijft staan")


async def test_text_of_people_is_never_read_as_html_script_or_picture(window: WindowPage) -> None:
    robin = window.chat("robin")
    await robin.says("<img src=x onerror='window.hacked = 1'> [klik](javascript:window.hacked=1)")
    await robin.sees("Je zei: <img src=x")
    await robin.says("kwaad")
    card = await robin.sees("<b>vet</b> [letterlijk](https://example.org) *ster*")

    await expect(card).to_contain_text("<script>window.hacked = 1</script>")
    await expect(card.locator("script, img, b")).to_have_count(0)
    assert await card.locator("a").evaluate_all("links => links.map(link => link.protocol)") == ["https:"]
    assert await window.page.evaluate("window.hacked") is None


async def test_phone_numbers_and_links_in_a_card_can_be_followed(window: WindowPage) -> None:
    robin = await with_form(window)

    await expect(robin.card.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    link = robin.card.get_by_role("link", name="de site")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")


async def test_notification_shows_the_summary_and_never_the_message(window: WindowPage) -> None:
    robin = window.chat("robin")
    await robin.says("kaart")
    await window.chat("anna").region.get_by_role("textbox").focus()
    await expect(window.page.locator(".toast", has_text="Welkom")).not_to_have_count(0)

    toasts = await window.page.locator(".toast").all_inner_texts()
    assert not any("echo" in toast or "gezien" in toast for toast in toasts)


async def test_what_is_half_filled_in_survives_other_messages_and_the_theme(window: WindowPage) -> None:
    robin = await with_form(window)
    await robin.fills(WORDS, "Nog bezig")
    form = robin.card
    await robin.says("hallo")
    await robin.sees("Je zei: hallo")
    await window.page.get_by_role("button", name="Donker").click()

    await expect(form.get_by_label(WORDS)).to_have_value("Nog bezig")


async def test_what_is_half_filled_in_survives_a_change_in_which_there_is_nothing_else_to_see(
    window: WindowPage,
) -> None:
    robin = await with_form(window)
    await robin.fills(WORDS, "Nog bezig")
    form = robin.card
    await robin.says("hetzelfde")
    await robin.says("klaar")
    await robin.sees("Je zei: klaar")

    await expect(form.get_by_label(WORDS)).to_have_value("Nog bezig")


async def test_older_change_that_comes_after_an_answer_is_not_drawn_over_it(window: WindowPage) -> None:
    async def much_newer(route: Route) -> None:
        response = await route.fetch()
        await route.fulfill(response=response, json={**await response.json(), "revision": 9})

    await window.page.route("**/press", much_newer)
    robin = await with_form(window)
    await robin.fills(WORDS, "Ze keek steeds naar hem")
    await robin.presses("Versturen")
    answer = await robin.sees("Ze keek steeds naar hem")
    await robin.says("wijzig")
    await robin.says("klaar")
    await robin.sees("Je zei: klaar")

    await expect(answer).to_contain_text("Ze keek steeds naar hem")


async def test_same_field_in_two_chats_is_two_fields(window: WindowPage) -> None:
    robin = await with_form(window)
    anna = await with_form(window, "anna")
    await robin.ticks("Mag het?", "Ja")
    await anna.ticks("Mag het?", "Nee")

    await expect(robin.card.get_by_role("radio", name="Ja")).to_be_checked()


async def test_chat_and_clock_are_there_again_after_a_restart_and_an_old_card_still_works(
    page: Page, tmp_path: Path
) -> None:
    window = WindowPage(page)
    async with served(tmp_path) as before:
        await window.open(before.url)
        await with_form(window)
        await page.get_by_role("button", name="1 dag").click()
        await page.goto("about:blank")

    async with served(tmp_path) as after:
        await window.open(after.url)
        robin = window.chat("robin")
        await robin.sees("Wat heb je gezien?")
        await robin.fills(WORDS, "Na de herstart")
        await robin.presses("Versturen")
        await robin.sees("Na de herstart")
        assert [activity["type"] for activity in after.bot.heard] == ["invoke"]
        assert after.clock.offset.days == 1


async def test_lost_message_is_counted_down_and_shown_in_the_log(window: WindowPage, echo: Served) -> None:
    page = window.page
    await page.get_by_text("Bericht kwijt").click()
    for button in ("Teams weigert (503)", "Verbinding valt weg", "Bezorgd, antwoord kwijt (504)"):
        await page.get_by_role("button", name=button).click()
    await expect(page.locator("#pending")).to_have_text(": nog 3")
    await page.get_by_text("Bericht kwijt").click()
    for number in range(3):
        await window.chat("robin").says(f"bericht {number}")
        await expect(page.locator("#pending")).to_have_text(f": nog {2 - number}" if number < 2 else "")

    await window.chat("robin").sees("Je zei: bericht 2")
    await expect(window.chat("robin").region.get_by_text("Je zei")).to_have_count(1)
    await expect(page.locator("#latest")).to_contain_text("bericht")
    assert echo.bot.statuses[-3:] == [503, 0, 504]


async def test_everything_can_be_done_with_the_keyboard(window: WindowPage) -> None:
    page, robin = window.page, window.chat("robin")
    await robin.region.get_by_role("textbox", name="Bericht van").focus()
    await page.keyboard.type("kaart")
    await page.keyboard.press("Enter")
    card = await robin.sees("Wat heb je gezien?")
    await card.focus()
    await with_tab_to(card.get_by_label(WORDS), page)
    await page.keyboard.type("Met het toetsenbord")
    await with_tab_to(card.get_by_role("button", name="Versturen"), page)
    await page.keyboard.press("Enter")

    await robin.sees("Met het toetsenbord")
    await expect(robin.card).to_be_focused()


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
async def test_window_has_no_fault_that_axe_can_find(browser: Browser, echo: Served, look: str) -> None:
    context = await browser.new_context(
        viewport=PHONE if look == "phone" else None,  # pyright: ignore[reportArgumentType] - a TypedDict
        color_scheme="dark" if look == "dark" else "light",
        locale="nl-NL",
    )
    window = WindowPage(await context.new_page())
    await window.open(echo.url)
    robin = await with_form(window)
    await robin.presses("Versturen")
    await window.page.locator("footer summary").click()
    await window.page.locator(".lose summary").click()
    await window.page.screenshot(path=SCREENSHOTS.parent / "screenshots-window" / f"{look}.png")

    found = await Axe().run(window.page, options=_RULES)  # pyright: ignore[reportUnknownMemberType] - half typed
    assert found.violations_count == 0, found.generate_report()
    await context.close()


async def test_page_asks_nothing_of_the_outside_and_breaks_no_rule_of_its_own(page: Page, echo: Served) -> None:
    hosts: set[str | None] = set()
    complaints: list[str] = []

    def asked(request: Request) -> None:
        hosts.add(urlsplit(request.url).hostname)

    def said(message: ConsoleMessage) -> None:
        complaints.append(message.text)

    page.on("request", asked)
    page.on("console", said)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    window = WindowPage(page)
    await window.open(echo.url)
    robin = await with_form(window)
    await robin.says("kwaad")
    await robin.sees("vet")

    assert (hosts, complaints) == ({"127.0.0.1"}, [])


async def test_person_on_a_phone_sees_one_chat_and_switches_with_a_button(window: WindowPage) -> None:
    await window.page.set_viewport_size(PHONE)  # pyright: ignore[reportArgumentType] - a TypedDict
    await expect(window.chat("robin").region).to_be_visible()
    await expect(window.chat("anna").region).to_be_hidden()

    await window.page.get_by_role("button", name="Bas de AF").first.click()

    await expect(window.chat("bas").region).to_be_visible()
    await expect(window.chat("robin").region).to_be_hidden()


@pytest.mark.parametrize(("opens", "within"), [("Ander moment", "Datum en tijd"), ("Bericht kwijt", "Bericht kwijt")])
async def test_what_opens_in_the_bar_fits_on_a_phone(window: WindowPage, opens: str, within: str) -> None:
    await window.page.set_viewport_size(PHONE)  # pyright: ignore[reportArgumentType] - a TypedDict
    await window.page.locator("summary", has_text=opens).click()

    box = await window.page.get_by_label(within).bounding_box()
    assert box is not None
    assert 0 <= box["x"] < box["x"] + box["width"] <= PHONE["width"]


async def test_second_focal_officer_takes_the_place_of_the_first_beside_the_reporter(window: WindowPage) -> None:
    await window.page.get_by_role("button", name="Bas de AF").last.click()

    await expect(window.chat("bas").region).to_be_visible()
    await expect(window.chat("robin").region).to_be_visible()
    await expect(window.chat("anna").region).to_be_hidden()


async def test_message_says_that_it_did_not_arrive_when_the_bot_is_gone(page: Page, tmp_path: Path) -> None:
    async with served(tmp_path) as running:
        window = WindowPage(page)
        await window.open(running.url)
        running.bot.is_there = False
        await window.chat("robin").says("hallo")

        own = window.chat("robin").region.get_by_role("article", name="Robin Reporter")
        await expect(own).to_contain_text("Niet bezorgd")
    await expect(page.get_by_text("Geen verbinding met Meldroute")).to_be_visible()
