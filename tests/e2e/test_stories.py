"""Three more stories in a browser beside the clear signal of the route: vague, danger now, stopped and resumed."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import SCREENSHOTS, meldroute_process
from tests.e2e.window_page import ChatOnPage, WindowPage

#: One browser for all of them, so one event loop.
pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]
PICTURES = SCREENSHOTS.parent / "screenshots-stories"
STORY = "Wat heb je gezien of gehoord?"


async def tells(chat: ChatOnPage, danger: str, text: str) -> None:
    """From opening to the story."""
    await chat.says("melden")
    await chat.sees("Is er nu direct gevaar?")
    await chat.presses(danger)
    await chat.sees("Vertel het in je eigen woorden")
    await chat.fills(STORY, text)


async def test_a_vague_signal_is_sent_without_a_tick(meldroute: str, page: Page) -> None:
    window = WindowPage(page)
    await window.open(meldroute)
    robin, anna = window.chat("robin"), window.chat("anna")

    await tells(robin, "Nee", "Iets aan deze man en zijn begeleider voelde niet goed. Ik kan het niet goed uitleggen.")
    await robin.presses("Volgende")
    await robin.sees("Wat herken je?")
    await window.picture(PICTURES, "vaag-herkennen")
    await robin.presses("Nu versturen zoals het is")
    await robin.sees("Je melding is ontvangen")
    await window.picture(PICTURES, "vaag-ontvangen")

    await anna.sees("Nieuw signaal")
    await anna.presses("Open S-")
    await anna.sees("Vaag signaal")
    await window.picture(PICTURES, "vaag-bij-de-af")


async def test_danger_now_shows_112_first_and_reaches_the_officers_as_urgent(meldroute: str, page: Page) -> None:
    window = WindowPage(page)
    await window.open(meldroute)
    robin, anna = window.chat("robin"), window.chat("anna")

    await tells(robin, "Ja, nu gevaar", "Ze zit opgesloten boven de zaak en hij staat nu voor de deur.")
    card = await robin.sees("Bel nu")
    await expect(card.get_by_role("link", name="112").first).to_be_visible()
    await window.picture(PICTURES, "gevaar-112")
    await robin.fills("Waar was het?", "Marktstraat 12")
    await robin.presses("Volgende")
    await robin.sees("Klopt dit zo?")
    await robin.presses("Versturen naar de AF")
    await robin.sees("Je melding is ontvangen")

    await anna.sees("Spoed: nieuw signaal")
    await anna.presses("Open S-")
    await anna.sees("Direct gevaar gemeld")
    await window.picture(PICTURES, "gevaar-bij-de-af")


async def test_a_report_that_was_stopped_goes_on_after_a_restart(tmp_path: Path, page: Page) -> None:
    window = WindowPage(page)
    with meldroute_process(tmp_path) as url:
        await window.open(url)
        robin = window.chat("robin")
        await tells(robin, "Nee", "Een verhaal dat bewaard moet blijven, ook als alles opnieuw start.")
        await robin.presses("Volgende")
        await robin.sees("Wat herken je?")
        await robin.presses("Stoppen")
        await robin.sees("Wil je bewaren wat je hebt ingevuld, of wissen?")
        await window.picture(PICTURES, "stoppen")
        await robin.presses("Bewaren")
        await robin.sees("Je antwoorden zijn bewaard")

    with meldroute_process(tmp_path) as url:
        await window.open(url)
        robin = window.chat("robin")
        await robin.says("verder")
        await robin.sees("Je had nog een melding open")
        await window.picture(PICTURES, "verder-na-herstart")
        await robin.presses("Terug")
        card = await robin.sees("Vertel het in je eigen woorden")
        await expect(card.get_by_label(STORY)).to_have_value(
            "Een verhaal dat bewaard moet blijven, ook als alles opnieuw start."
        )
