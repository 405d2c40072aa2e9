"""Numbers over HTTP, as Teams sends it: in the chat, in a group, in the search box, and with the database away."""

import json
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from sqlalchemy.exc import OperationalError

import bot.app
from bot.app import REFRESH, build_app, local_identity
from bot.governor import NO_LIMITS
from bot.settings import read_settings
from dialogs.domain.opening_hours import AMSTERDAM
from storage.codec import KeyRing
from storage.engine import Database, open_database
from storage.migrate import migrate
from tests import postgres
from tests.fake_connector import TENANT, FakeConnector
from tests.scenarios.office import APP_ID, officers_of
from tests.teams_client import Person

BY_DAY = datetime(2026, 11, 24, 10, tzinfo=AMSTERDAM)
BY_NIGHT = datetime(2026, 11, 24, 23, tzinfo=AMSTERDAM)
CHRISTMAS = datetime(2026, 12, 25, 10, tzinfo=AMSTERDAM)
GROUP = "19:group@thread.v2"


@dataclass
class Clock:
    now: datetime = BY_DAY

    def __call__(self) -> datetime:
        return self.now


class Broken(Exception):
    """What the driver of a database raises."""


@dataclass
class Switch:
    """The database, which a test can take away."""

    away: bool = False


@dataclass
class Desk:
    """A running bot."""

    connector: FakeConnector
    url: str
    session: ClientSession
    clock: Clock
    database: Switch
    app: web.Application

    def person(self, name: str) -> Person:
        return Person(name, self.connector, self.url, self.session)


@asynccontextmanager
async def desk(folder: Path, connector: FakeConnector, url: str, *, away: bool = False) -> AsyncGenerator[Desk]:
    """The bot on this database, with Kim as administrator."""
    switch, clock = Switch(away), Clock()
    settings = read_settings(
        local=True,
        app_id=APP_ID,
        tenant_id=TENANT,
        service_url=connector.service_url,
        database_url=url,
        key_file=folder / "content.key",
        focal_officers=officers_of(connector),
        administrators={connector.account("Kim").person: "Kim"},
    )
    patch = pytest.MonkeyPatch()
    patch.setattr(bot.app, "open_database", _switched(switch))
    try:
        app = await build_app(settings, local_identity(settings), clock=clock, rates=NO_LIMITS)
    finally:
        patch.undo()
    runner = web.AppRunner(app)
    async with ClientSession() as session:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            address = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
            yield Desk(connector, address, session, clock, switch, app)
        finally:
            switch.away = False
            await runner.cleanup()


def _switched(switch: Switch) -> Callable[[str, KeyRing], Any]:
    return lambda url, keys: _with_switch(open_database(url, keys), switch)


def _with_switch(database: Database, switch: Switch) -> Any:
    class Switched:
        def unit_of_work(self) -> Any:
            if switch.away:
                raise OperationalError("SELECT 1", None, Broken("the database is away"))
            return database.unit_of_work()

        async def holds_content(self) -> bool:
            return await database.holds_content()

        async def health(self, handlers: Collection[str]) -> Any:
            return await database.health(handlers)

        async def close(self) -> None:
            await database.close()

    return Switched()


@pytest.fixture
async def a_desk(tmp_path: Path, database_url: str) -> AsyncGenerator[Desk]:
    await migrate(database_url)
    async with FakeConnector() as connector, desk(tmp_path, connector, database_url) as running:
        yield running


async def searches(person: Person, query: str | None, **value: Any) -> Any:
    """Type this into the search box of the message extension, or open it; the answer of the bot."""
    name = "initialRun" if query is None else "query"
    parameter = {"name": name, "value": "true" if query is None else query}
    given = {"commandId": "nummers", "parameters": [parameter], "queryOptions": {"skip": 0, "count": 25}, **value}
    await person.sends(type="invoke", name="composeExtension/query", id="f:search", value=given)
    return person.answer["composeExtension"]


# --- in the chat ---


@pytest.mark.parametrize(
    ("at", "first", "said"),
    [
        (BY_DAY, "088-9630320", "Nu bereikbaar, tot 16.30 uur."),
        (BY_NIGHT, "0900-8844", "Nu gesloten. Weer bereikbaar vanaf morgen 08.00 uur."),
        (CHRISTMAS, "0900-8844", "Nu gesloten (Eerste kerstdag)."),
    ],
    ids=["by day", "by night", "at Christmas"],
)
async def test_the_number_that_works_now_comes_first(a_desk: Desk, at: datetime, first: str, said: str) -> None:
    robin = a_desk.person("Robin")
    a_desk.clock.now = at

    await robin.says("nummer avim")

    [message] = robin.messages
    assert first in message.words
    assert message.words.index(first) <= message.words.index("088-9630320")
    robin.sees(said)
    robin.sees("Nog niet gecontroleerd.")


async def test_a_few_words_that_point_to_somebody_are_a_question_when_nothing_is_open(a_desk: Desk) -> None:
    robin = a_desk.person("Robin")

    await robin.says("verblijfsregeling aub")

    robin.sees("088-0430430")


async def test_in_the_middle_of_an_intake_the_draft_stays(a_desk: Desk) -> None:
    robin = a_desk.person("Robin")
    await robin.says("melden")
    await robin.presses("Nee")

    await robin.says("marechaussee")
    robin.sees("0800-1814")
    await robin.says("verder")

    robin.sees("Wat heb je gezien of gehoord?")


# --- in a group ---


async def test_in_a_group_a_mention_gets_a_number_and_nothing_of_a_report(a_desk: Desk) -> None:
    robin = a_desk.person("Robin")

    await robin.says("avim?", group=GROUP)
    await robin.says("verblijfsregeling", group=GROUP)
    await robin.says("melden", group=GROUP)

    first, second, third = (json.dumps(message.activity) for message in a_desk.connector.messages(GROUP))
    assert "088-9630320" in first
    assert "Was je aan het melden" not in first
    assert '"menu.report"' not in first
    assert "088-0430430" in second
    assert "Melden doe je in een eigen gesprek" in third


async def test_klopt_niet_in_a_group_tells_the_administrator_and_keeps_no_address_of_the_group(a_desk: Desk) -> None:
    robin, kim = a_desk.person("Robin"), a_desk.person("Kim")
    await kim.installs()
    group = {"conversationType": "groupChat", "isGroup": True, "tenantId": TENANT, "id": GROUP}
    await robin.says("nummer avim", group=GROUP)

    action: dict[str, Any] = {
        "type": "Action.Execute",
        "verb": "doubt.tell",
        "data": {"remark": "r", "in.partner": "avim"},
    }
    await robin.sends(type="invoke", name="adaptiveCard/action", id="f:1", conversation=group, value={"action": action})

    assert "De beheerder krijgt bericht" in str(robin.answer)
    await kim.hears("Klopt het nummer van AVIM Oost-Brabant nog?")
    assert not robin.messages


# --- the message extension ---


async def test_a_search_gives_a_list_with_a_preview_and_a_contact_card_to_insert(a_desk: Desk) -> None:
    robin = a_desk.person("Robin")

    answer = await searches(robin, "avim")

    assert (answer["type"], answer["attachmentLayout"]) == ("result", "list")
    [found] = answer["attachments"]
    assert found["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert found["content"]["type"] == "AdaptiveCard"
    assert found["preview"] == {
        "contentType": "application/vnd.microsoft.card.thumbnail",
        "content": {"title": "AVIM Oost-Brabant: 088-9630320", "text": "Nu bereikbaar, tot 16.30 uur."},
    }
    card = json.dumps(found["content"], ensure_ascii=False)
    for part in (
        "088-9630320 ([bel](tel:+31889630320)): ma-vr 08.00-16.30 uur, niet op feestdagen",
        "Geen gehoor? Bel Politie: 0900-8844",
        "Opgezocht met Meldroute op 24-11-2026 10:00.",
    ):
        assert part in card
    assert "Action." not in card
    assert "Nu bereikbaar" not in card


async def test_opening_the_search_lists_everybody_and_a_typing_error_finds_too(a_desk: Desk) -> None:
    robin = a_desk.person("Robin")

    everybody = await searches(robin, None)
    some = await searches(robin, None, queryOptions={"skip": 0, "count": 5})
    wrong = await searches(robin, "marechausee")
    nobody = await searches(robin, "fietsenmaker")

    titles = [each["preview"]["content"]["title"] for each in everybody["attachments"]]
    assert "Wijkagent" in titles
    assert len(titles) == len(set(titles)) == 18
    assert len(some["attachments"]) == 5
    assert wrong["attachments"][0]["preview"]["content"]["title"] == "Koninklijke Marechaussee: 0800-1814"
    assert [each["preview"]["content"]["title"] for each in nobody["attachments"]][-1] == "Alarmnummer: 112"


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "x",
        {},
        {"parameters": {}},
        {"parameters": [None, {"name": "query", "value": 7}]},
        {"queryOptions": {"count": "x"}},
    ],
    ids=str,
)
async def test_a_search_without_sense_lists_everybody(a_desk: Desk, value: object) -> None:
    robin = a_desk.person("Robin")

    await robin.sends(type="invoke", name="composeExtension/query", id="f:search", value=value)

    assert len(robin.answer["composeExtension"]["attachments"]) == 18


async def test_a_search_works_from_any_conversation_and_not_without_a_name(a_desk: Desk) -> None:
    robin = a_desk.person("Robin")
    channel = {"conversationType": "channel", "tenantId": TENANT, "id": "19:x@thread.tacv2"}
    value = {"parameters": [{"name": "query", "value": "ind"}]}
    search: dict[str, Any] = {"type": "invoke", "name": "composeExtension/query", "value": value}

    await robin.sends(**search, conversation=channel)
    assert "088-0430430" in str(robin.answer)
    assert await robin.posts(robin.activity(**search, **{"from": {"id": "29:x"}})) == 403


# --- kept right ---


async def test_what_an_administrator_saves_is_answered_at_once_and_after_a_restart(
    tmp_path: Path, database_url: str
) -> None:
    await migrate(database_url)
    async with FakeConnector() as connector:
        async with desk(tmp_path, connector, database_url) as first:
            kim, robin = first.person("Kim"), first.person("Robin")
            await kim.says("beheer nummers")
            await kim.presses("Openen")
            await kim.presses("Wijzigen")
            kim.fills("Nummer 1", "088-9630321")
            await kim.presses("Bekijk hoe het wordt")
            await kim.presses("Opslaan")
            kim.sees("Bewaard. Iedereen ziet dit nu zo.")
            await robin.says("nummer avim")
            robin.sees("088-9630321")

        async with desk(tmp_path, connector, database_url) as second:
            again = second.person("Robin")
            await again.says("nummer avim")
            assert "088-9630321" in again.messages[-1].words

        async with desk(tmp_path, connector, database_url, away=True) as third:
            late = third.person("Robin")
            await late.says("nummer avim")
            assert "088-9630321" in late.messages[-1].words
            late.sees("Ik kan nu niet bij de database. Dit zijn de laatst bekende nummers.")


async def test_the_other_replica_follows(tmp_path: Path, database_url: str) -> None:
    await migrate(database_url)
    async with (
        FakeConnector() as connector,
        desk(tmp_path, connector, database_url) as one,
        desk(tmp_path, connector, database_url) as other,
    ):
        kim, robin = one.person("Kim"), other.person("Robin")
        await kim.says("beheer nummers")
        await kim.presses("Klopt nog")

        await other.app[REFRESH].refresh()
        await robin.says("nummer avim")

        robin.sees("Gecontroleerd op 24-11-2026.")


async def test_administrators_get_one_digest_of_what_is_due(a_desk: Desk) -> None:
    kim = a_desk.person("Kim")
    await kim.hears("Nummers om na te kijken: 17")

    await kim.presses("Beheer nummers")

    kim.sees("AVIM Oost-Brabant")
    assert kim.screen.count("Nummers om na te kijken") <= 1


# --- the database away ---


@pytest.mark.parametrize("query", ["nummer avim", "112", "wie bel ik bij gevaar", "verblijfsregeling", "nummers"])
async def test_with_the_database_away_numbers_are_answered_and_say_so(a_desk: Desk, query: str) -> None:
    robin = a_desk.person("Robin")
    a_desk.database.away = True

    await robin.says("verblijfsregeling")
    await robin.says(query)

    assert "laatst bekende nummers" in robin.messages[-1].words
    assert "(tel:" in json.dumps(a_desk.connector.messages(robin.account.conversation_id)[-1].activity)


async def test_with_the_database_away_a_search_works_and_a_report_is_told_to_wait(a_desk: Desk) -> None:
    robin = a_desk.person("Robin")
    a_desk.database.away = True

    assert (await searches(robin, "avim"))["attachments"]
    await robin.says("melden")

    robin.sees("Er ging iets mis")
    robin.sees("Gevaar? Bel 112")


async def test_when_a_real_server_loses_the_database_numbers_are_answered_before_and_after_a_restart(
    tmp_path: Path,
) -> None:
    server = postgres.server()
    await server.execute("CREATE DATABASE goes_away")
    url = server.url("goes_away")
    await migrate(url)
    async with FakeConnector() as connector:
        async with desk(tmp_path, connector, url) as before:
            robin = before.person("Robin")
            await robin.says("nummer avim")
            await server.execute("DROP DATABASE goes_away WITH (FORCE)")
            await robin.says("verblijfsregeling")
            robin.sees("088-0430430")
            robin.sees("laatst bekende nummers")

        async with desk(tmp_path, connector, url) as after:
            kim = after.person("Kim")
            await kim.says("nummer avim")
            kim.sees("088-9630320")
            kim.sees("laatst bekende nummers")
