"""The whole route in a browser: report, take up, hand over, close, and the reporter reads each step."""

import pytest
from playwright.async_api import Page, expect

from bot.local.story import FOR_REPORTER, STORY
from tests.e2e.conftest import SCREENSHOTS
from tests.e2e.window_page import WindowPage

#: One browser for all of them, so one event loop.
pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


async def test_reporter_reads_three_updates_on_a_signal_that_the_focal_officer_handles(
    meldroute: str, page: Page
) -> None:
    for earlier in SCREENSHOTS.glob("*.png"):
        earlier.unlink()
    window = WindowPage(page)
    await window.open(meldroute)
    await window.picture(SCREENSHOTS, "welkom")

    for step in STORY:
        await window.play(step, SCREENSHOTS)

    robin = window.chat("robin").region
    for read in ("heeft je signaal opgepakt", "heeft je signaal doorgegeven", FOR_REPORTER):
        await expect(robin.get_by_role("article").filter(has_text=read).last).to_be_visible()
    await expect(robin.get_by_role("button", name="Lees terugkoppeling")).to_have_count(0)
    assert len(list(SCREENSHOTS.glob("*.png"))) > 15
