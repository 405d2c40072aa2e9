"""The window's own addresses: for this machine only, and for what the page may ask."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.local.card_on_screen import NotOnCard
from bot.local.outbound import NO_ANSWER, SAID_NO
from bot.local.people import DEFAULT_PEOPLE
from bot.local.window_client import NotSeen, WindowClient
from dialogs.domain.opening_hours import AMSTERDAM
from tests.bot.local.conftest import ROBIN
from tests.bot.local.serving import Served, served


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Host": "example.org"}, 403),
        ({"Host": "127.0.0.1:1"}, 403),
        ({"Host": "127.0.0.1.example.org"}, 403),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({}, 204),
    ],
)
@pytest.mark.usefixtures("window")
async def test_page_elsewhere_cannot_speak_for_the_people_here(
    http: aiohttp.ClientSession, headers: dict[str, str], code: int
):
    body = json.dumps({"person": "robin", "text": "hallo"})
    async with http.post("/try-out/say", data=body, headers={"Content-Type": "application/json", **headers}) as answer:
        assert answer.status == code


@pytest.mark.parametrize("path", ["/try-out/", "/try-out/try-out.js", "/try-out/events", "/teams/v3/conversations"])
async def test_another_name_for_this_machine_reads_nothing(http: aiohttp.ClientSession, path: str):
    async with http.get(path, headers={"Host": "rebound.example.org"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("say", {"person": "nobody", "text": "hallo"}),
        ("say", {"person": "robin"}),
        ("say", [1]),
        ("press", {"person": "robin", "card_id": "1", "execute": True, "data": "text"}),
        ("clock", {"by": "year"}),
        ("clock", {"by": "moment"}),
        ("clock", {"by": "moment", "to": "2026-01-01T00:00"}),
        ("clock", {"by": "moment", "to": "9999-12-31T23:59"}),
        ("clock", {"by": "moment", "to": "2099-12-25T10:00+01:00"}),
        ("search", {"person": "nobody"}),
        ("search", {"person": "robin", "query": 7}),
        ("faults", {"fault": "fire"}),
    ],
)
async def test_what_the_page_cannot_ask_is_a_clear_400(http: aiohttp.ClientSession, what: str, body: Any):
    async with http.post(f"/try-out/{what}", json=body) as answer:
        assert answer.status == 400


async def test_page_comes_with_rules_that_keep_it_to_itself(http: aiohttp.ClientSession):
    async with http.get("/") as answer:
        assert answer.url.path == "/try-out/"
        rules = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in rules
    assert "unsafe" not in rules


async def test_clock_goes_to_a_moment_on_the_clock_of_amsterdam(http: aiohttp.ClientSession, echo: Served):
    christmas = datetime(echo.clock().year + 1, 12, 25, 10, 0)  # noqa: DTZ001 - as a field of a page gives it
    async with http.post("/try-out/clock", json={"by": "moment", "to": christmas.isoformat()}) as answer:
        assert answer.status == 204

    assert abs(echo.clock() - christmas.replace(tzinfo=AMSTERDAM)) < timedelta(minutes=1)


async def test_search_of_the_message_extension_gives_lines_with_the_card_behind_them(
    http: aiohttp.ClientSession, echo: Served
):
    async with http.post("/try-out/search", json={"person": "robin", "query": "avim"}) as answer:
        found = await answer.json()

    asked = echo.bot.heard[-1]
    assert (asked["name"], asked["value"]["parameters"]) == (
        "composeExtension/query",
        [{"name": "query", "value": "avim"}],
    )
    assert [(each["title"], each["text"]) for each in found["found"]] == [("Gezocht", "avim")]
    assert found["found"][0]["card"]["type"] == "AdaptiveCard"


@pytest.mark.parametrize(
    ("query", "error"), [("stuk", SAID_NO), ("onzin", SAID_NO), ("niets", "Er is niets gevonden.")]
)
async def test_search_that_finds_nothing_says_why(http: aiohttp.ClientSession, query: str, error: str):
    async with http.post("/try-out/search", json={"person": "robin", "query": query}) as answer:
        assert await answer.json() == {"found": [], "error": error}


async def test_renderer_that_was_never_fetched_is_named(http: aiohttp.ClientSession, tmp_path: Path):
    async with (
        served(tmp_path / "other", renderer=tmp_path) as other,
        http.get(f"{other.url}/try-out/renderer/adaptivecards.min.js") as answer,
    ):
        assert (answer.status, await answer.text()) == (404, "De kaarttekenaar ontbreekt. Voer eerst uit: make install")


async def test_opening_the_window_again_installs_nothing_twice(window: WindowClient, echo: Served):
    await window.open()

    assert [activity["type"] for activity in echo.bot.heard] == ["installationUpdate", "conversationUpdate"] * len(
        DEFAULT_PEOPLE
    )


async def test_app_is_installed_later_when_the_bot_was_not_there(http: aiohttp.ClientSession, echo: Served):
    echo.bot.is_there = False
    await http.post("/try-out/open", json={})
    echo.bot.is_there = True
    await http.post("/try-out/open", json={})

    assert len(echo.bot.heard) == 2 * len(DEFAULT_PEOPLE)


async def test_press_on_a_card_brings_the_card_that_the_bot_answers_with(window: WindowClient, echo: Served):
    await window.says("robin", "kaart")
    form = await window.sees("robin", "Wat heb je gezien?")
    form.cards[0].fill("Vertel het", "Ze keek naar hem")
    form.cards[0].tick("Wat herken je?")
    await window.presses("robin", form, "Versturen")

    await window.sees("robin", "Ze keek naar hem")
    press = echo.bot.heard[-1]
    assert press["replyToId"] == form.message.id
    assert press["from"]["aadObjectId"] == ROBIN.object_id
    assert press["value"]["action"]["data"] == {
        "draft": "d1",
        "in.story": "Ze keek naar hem",
        "in.signs": "speaks,papers",
        "in.age": "unknown",
    }


async def test_required_field_holds_the_press_up(window: WindowClient):
    await window.says("robin", "kaart")
    form = await window.sees("robin", "Wat heb je gezien?")

    with pytest.raises(NotOnCard, match="Schrijf in een paar woorden"):
        await window.presses("robin", form, "Versturen")


@pytest.mark.parametrize(
    ("button", "is_there", "error", "note"),
    [
        ("Overslaan", True, "", "Overgeslagen"),
        ("Storing", True, "Deze knop ken ik niet meer.", ""),
        ("Stuk", True, SAID_NO, ""),
        ("Oude knop", True, "", ""),
        ("Oude knop", False, SAID_NO, ""),
    ],
)
async def test_press_without_a_card_says_what_came_of_it(
    window: WindowClient, echo: Served, button: str, is_there: bool, error: str, note: str
):
    await window.says("robin", "kaart")
    form = await window.sees("robin", "Wat heb je gezien?")
    echo.bot.is_there = is_there
    result = await window.presses("robin", form, button)

    assert (result.card, result.error, result.note) == (None, error, note)


async def test_press_that_gets_no_answer_at_all_says_so(window: WindowClient, echo: Served):
    await window.says("robin", "kaart")
    form = await window.sees("robin", "Wat heb je gezien?")
    echo.bot.hangs_up = True

    assert (await window.presses("robin", form, "Overslaan")).error == NO_ANSWER


async def test_bot_edits_and_removes_what_it_said(window: WindowClient):
    await window.says("robin", "hallo")
    await window.sees("robin", "Je zei: hallo")
    await window.says("robin", "wijzig")
    await window.sees("robin", "Gewijzigd")
    assert not window.shows("robin", "Je zei: hallo")
    await window.says("robin", "wis")
    await window.says("robin", "klaar")
    await window.sees("robin", "Je zei: klaar")

    assert not window.shows("robin", "Gewijzigd")


async def test_somebody_who_waits_in_vain_hears_what_was_there_instead(window: WindowClient):
    await window.says("robin", "kaart")
    await window.sees("robin", "Wat heb je gezien?")

    with pytest.raises(NotSeen, match=r"robin does not see 'iets anders'.*Wat heb je gezien"):
        await window.sees("robin", "iets anders", seconds=0)
