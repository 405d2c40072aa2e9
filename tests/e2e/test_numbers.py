"""Numbers in a browser: by day, by night, at Christmas, in the middle of a report, and to share with a colleague."""

from datetime import datetime

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize, expect

from tests.dialogs.test_numbers import SCREEN
from tests.e2e.conftest import SCREENSHOTS
from tests.e2e.window_page import WindowPage

#: One browser for all of them, so one event loop.
pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]
PICTURES = SCREENSHOTS / "nummers"
#: As wide as a phone, and long enough for question, look-up and answer in one picture.
A_LONG_PHONE = ViewportSize(width=390, height=1500)
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def put_clock(page: Page, when: str) -> None:
    """To this day and time of next year: the same whenever this runs."""
    await page.get_by_text("Ander moment").click()
    await page.get_by_label("Datum en tijd").fill(when)
    await page.get_by_role("button", name="Ga", exact=True).click()
    await expect(page.get_by_label("Datum en tijd")).to_be_hidden()


def next_year() -> int:
    return datetime.now().astimezone().year + 1


async def test_the_number_that_works_now_comes_first_by_day_by_night_and_at_christmas(
    meldroute: str, page: Page
) -> None:
    window = WindowPage(page)
    await window.open(meldroute)
    robin = window.chat("robin")
    await page.get_by_role("button", name="volgende werkdag").click()

    await robin.says("nummer avim")
    card = await robin.sees("Nu bereikbaar, tot 16.30 uur.")
    await expect(card.get_by_role("link", name="bel")).to_have_attribute("href", "tel:+31889630320")
    await window.picture(PICTURES, "overdag")

    for when, says, name in (
        (f"{next_year()}-12-01T23:10", "Nu gesloten. Weer bereikbaar vanaf", "nacht"),
        (f"{next_year()}-12-25T10:00", "Nu gesloten (Eerste kerstdag). Weer bereikbaar vanaf", "kerst"),
    ):
        await put_clock(page, when)
        await robin.says("nummer avim")
        card = await robin.sees(says)
        await expect(card.get_by_role("link", name="bel").first).to_have_attribute("href", "tel:09008844")
        await window.picture(PICTURES, name)


async def test_a_number_is_found_in_the_middle_of_a_report_which_goes_on_where_it_was(
    meldroute: str, page: Page
) -> None:
    await page.set_viewport_size(A_LONG_PHONE)
    window = WindowPage(page)
    await window.open(meldroute)
    robin = window.chat("robin")
    await page.get_by_role("button", name="volgende werkdag").click()
    await robin.says("melden")
    await robin.sees("Is er nu direct gevaar?")
    await robin.presses("Nee")
    await robin.sees("Wat heb je gezien of gehoord?")
    await robin.fills("Wat heb je gezien of gehoord?", "Zijn paspoort ligt bij zijn baas, zei hij.")

    await robin.says("wie bel ik bij arbeidsuitbuiting")
    card = await robin.sees("Nederlandse Arbeidsinspectie")
    box = await card.locator(".card").bounding_box()
    assert box is not None
    assert box["height"] <= SCREEN
    await window.picture(PICTURES, "tijdens-een-melding")

    await robin.says("verder")
    questions = robin.region.get_by_role("article", name="Meldroute").filter(has_text="Wat heb je gezien of gehoord?")
    await expect(questions).to_have_count(2)
    await window.picture(PICTURES, "verder-met-de-melding")


async def test_the_administrator_of_the_try_out_keeps_a_number_right(meldroute: str, page: Page) -> None:
    window = WindowPage(page)
    await window.open(meldroute)
    robin, kim = window.chat("robin"), window.chat("kim")
    await robin.says("beheer nummers")
    await robin.sees("Dit is voor de beheerder van de nummers")

    await page.get_by_role("navigation").get_by_role("button", name="Kim de beheerder").click()
    await kim.says("beheer nummers")
    await kim.sees("Nummers beheren")
    await window.picture(PICTURES, "beheerder")
    await kim.presses("Klopt nog")
    await kim.sees("is vandaag nagekeken")
    await kim.says("wachtrij")
    await kim.sees("Dit kan ik je niet laten zien")


async def test_a_colleague_gets_the_number_through_the_message_extension(meldroute: str, page: Page) -> None:
    window = WindowPage(page)
    await window.open(meldroute)
    await window.chat("robin").region.get_by_role("button", name="Nummer delen").click()
    extension = page.get_by_role("dialog", name="Nummer delen")
    await expect(extension.get_by_role("listitem")).to_have_count(18)
    await window.picture(PICTURES, "extensie-lijst")

    await extension.get_by_role("searchbox").fill("marechausee")
    await extension.get_by_role("button", name="Koninklijke Marechaussee: 0800-1814").click()
    await expect(extension.get_by_text("Opgezocht met Meldroute op")).to_be_visible()
    await window.picture(PICTURES, "extensie-kaartje")

    found = await Axe().run(page, options=_RULES)  # pyright: ignore[reportUnknownMemberType] - half typed
    assert found.violations_count == 0, found.generate_report()
    await extension.get_by_role("button", name="Sluiten").click()
    await expect(extension).to_be_hidden()
