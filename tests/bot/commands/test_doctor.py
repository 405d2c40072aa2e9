"""`meldroute doctor`: one line for each thing, with the remedy; it makes and changes nothing."""

import io
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.commands.doctor import doctor
from dialogs.domain.assessment import Outcome
from storage.engine import Database, open_database
from storage.key_file import open_key_file
from storage.migrate import migrate
from tests.storage.conftest import change
from tests.storage.factories import a_draft, a_notice, a_signal, an_address

ANNA, BAS, KIM, VERA = (f"a44a0000-0000-4000-8000-00000000000{number}" for number in "abcd")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings of an office with Anna and Bas as AF and Kim as administrator, in the environment."""
    given = {
        "APP_ID": "b07d0000-0000-4000-8000-000000000002",
        "TENANT_ID": "7e1d0000-0000-4000-8000-000000000001",
        "FOCAL_OFFICERS": json.dumps({ANNA: "Anna", BAS: "Bas"}),
        "ADMINISTRATORS": json.dumps({KIM: "Kim"}),
        "DATABASE_URL": f"sqlite:///{tmp_path}/meldroute.db",
        "KEY_FILE": str(tmp_path / "content.key"),
        "PORT": "9",  # nobody listens there
    }
    for name, value in given.items():
        monkeypatch.setenv(f"MELDROUTE_{name}", value)
    return given


@pytest.fixture
async def database(settings: dict[str, Any]) -> AsyncIterator[Database]:
    """The database of the office, with its key."""
    await migrate(settings["DATABASE_URL"])
    opened = open_database(settings["DATABASE_URL"], open_key_file(key_of(settings)))
    yield opened
    await opened.close()


def key_of(settings: dict[str, Any]) -> Path:
    return Path(settings["KEY_FILE"])


def lose_key(settings: dict[str, Any]) -> None:
    key_of(settings).unlink()


def has_key(settings: dict[str, Any]) -> bool:
    return key_of(settings).exists()


async def told() -> tuple[int, str]:
    """The exit status and all lines."""
    out = io.StringIO()
    return await doctor(out), out.getvalue()


@asynccontextmanager
async def a_running_bot(monkeypatch: pytest.MonkeyPatch, body: object, status: int = 200) -> AsyncGenerator[None]:
    async def ready(_request: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_get("/readyz", ready)
    async with TestServer(app, host="127.0.0.1") as server:
        monkeypatch.setenv("MELDROUTE_PORT", str(server.make_url("").port))
        yield


async def test_a_signal_that_nobody_may_handle_is_a_fault_with_its_remedy(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.signals.add(a_signal(1, excluded=frozenset({ANNA, BAS})))
        await uow.commit()

    status, lines = await told()

    assert status == 1
    assert "fout     signalen die niemand mag behandelen: 1. Zet iemand die het mag in MELDROUTE_CONFIDANTS" in lines


async def test_drafts_that_do_not_open_are_counted_with_the_remedy(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.drafts.save(a_draft())
        await uow.drafts.set_aside("draft-1", datetime.now(UTC))
        await uow.commit()

    status, lines = await told()

    assert status == 0
    assert "let op   meldingen die niet opengaan: 1. Zet een ontbrekende sleutel terug" in lines


async def test_before_the_first_start_it_says_what_to_do_and_makes_nothing(settings: dict[str, Any]) -> None:
    status, before = await told()
    await migrate(settings["DATABASE_URL"])
    _, after = await told()

    assert status == 1
    assert "fout     tabellen: versie None, nodig is" in before
    assert "Draai `meldroute migrate`" in before
    assert "goed     tabellen" in after
    assert "De bot maakt het bij de eerste start" in after
    assert not has_key(settings)


@pytest.mark.usefixtures("database")
async def test_everybody_is_named_with_what_they_must_do(monkeypatch: pytest.MonkeyPatch) -> None:
    status, lines = await told()
    monkeypatch.setenv("MELDROUTE_ADMINISTRATORS", "{}")
    _, without = await told()

    assert status == 0
    for line in ("AF Anna", "AF Bas", "beheerder Kim"):
        assert f"let op   {line}: nog niet gezien in Teams" in lines
    assert "beheerders" not in lines
    assert "let op   beheerders: niemand genoemd" in without
    assert "Zet MELDROUTE_ADMINISTRATORS" in without


@pytest.mark.usefixtures("database")
async def test_an_office_without_a_confidant_hears_which_reports_nobody_may_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    status, without = await told()
    monkeypatch.setenv("MELDROUTE_CONFIDANTS", json.dumps({VERA: "Vera"}))
    _, named = await told()

    assert status == 0
    assert "let op   vertrouwenspersonen: niemand genoemd, dus niemand mag een melding lezen" in without
    assert "Zet MELDROUTE_CONFIDANTS" in without
    assert "vertrouwenspersonen" not in named
    assert "let op   vertrouwenspersoon Vera: nog niet gezien in Teams" in named


async def test_who_lacks_the_app_is_told_apart_from_who_was_seen_and_who_left(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.unit_of_work() as uow:
        await uow.people.seen(an_address(ANNA))
        await uow.people.seen(an_address(KIM))
        await uow.people.unreachable(KIM)
        await uow.people.lacks_app(BAS, datetime.now(UTC))
        await uow.commit()

    _, lines = await told()
    monkeypatch.setenv("MELDROUTE_INSTALL_APP", "true")
    _, installing = await told()

    assert "goed     AF Anna" in lines
    assert "let op   AF Bas: de app is niet geïnstalleerd. Zie deployment/guide/melden.md" in lines
    assert "let op   beheerder Kim: niet meer bereikbaar" in lines
    assert "goed     app installeren via Graph: uit" in lines
    assert "Meldroute installeert hem zelf" in installing
    assert "goed     app installeren via Graph: aan" in installing


async def test_a_lost_key_is_told_and_not_replaced(database: Database, settings: dict[str, Any]) -> None:
    async with database.unit_of_work() as uow:
        await uow.people.seen(an_address(ANNA))
        await uow.commit()
    lose_key(settings)

    status, lines = await told()

    assert status == 1
    assert "zonder is niets te lezen. Zet het terug uit de back-up" in lines
    assert not has_key(settings)


async def test_what_waits_too_long_is_told(database: Database) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=45)
    _, well = await told()
    async with database.unit_of_work() as uow:
        await uow.outbox.put(a_notice(created_at=long_ago))
        await uow.signals.add(a_signal(outcome=Outcome.ACUTE, received_at=long_ago))
        await uow.commit()

    status, lines = await told()

    assert "goed     berichten die wachten" in well
    assert status == 1
    assert "fout     berichten die wachten: het oudste wacht 45 minuten" in lines
    assert "fout     acute signalen die wachten: het oudste wacht 45 minuten. Bel nu een AF." in lines


async def test_a_schema_of_a_later_version_is_no_fault(database: Database) -> None:
    await change(database, "UPDATE alembic_version SET version_num = '9999'")

    status, lines = await told()

    assert status == 0
    assert "let op   tabellen (versie 9999): versie 9999 is nieuwer dan deze Meldroute" in lines


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("body", "answered", "line"),
    [
        ({"ready": 1}, 200, "goed     de bot op"),
        ({"ready": 0, "reasons": ["database", "acute"]}, 503, "is niet in orde: database, acute."),
        (["no", "bot"], 200, "goed     de bot op"),
    ],
    ids=["well", "not well", "something else"],
)
async def test_a_bot_that_runs_says_how_it_is(
    monkeypatch: pytest.MonkeyPatch, body: object, answered: int, line: str
) -> None:
    async with a_running_bot(monkeypatch, body, answered):
        _, lines = await told()

    assert line in lines


@pytest.mark.usefixtures("database")
async def test_a_bot_that_does_not_run_is_told() -> None:
    _, lines = await told()

    assert "let op   de bot op 127.0.0.1:9: antwoordt niet" in lines


async def test_a_database_that_is_away_is_one_line_without_the_password(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    del settings
    monkeypatch.setenv("MELDROUTE_DATABASE_URL", "postgresql://meldroute:geheim@127.0.0.1:9/meldroute")

    status, lines = await told()

    assert status == 1
    assert "fout     database:" in lines
    assert "geheim" not in lines
