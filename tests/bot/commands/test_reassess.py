"""What another version of the criteria would change for stored signals, on SQLite and on PostgreSQL."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands import reassess
from bot.commands.knowledge import load_criteria
from bot.settings import SettingsInvalid
from dialogs.domain.criteria import Criteria, Strength
from dialogs.domain.signals import Answers
from dialogs.intake.flow import weigh
from storage.engine import open_database
from storage.key_file import open_key_file
from storage.migrate import migrate
from tests import postgres
from tests.knowledge import ANNA
from tests.storage.factories import NOW, a_signal

STORY = "Zij mocht haar paspoort niet zelf houden."
ANSWERS: list[Answers] = [
    {"danger": "no", "story": STORY, "signs": ("docs_held",), "minor": "no"},
    {"danger": "no", "story": STORY, "signs": ("docs_held", "fear"), "minor": "no"},
    {"danger": "yes", "story": STORY, "where": "Balie"},
    {"danger": "no", "story": STORY, "signs": (), "minor": "unknown"},
    {"danger": "no", "story": STORY, "signs": ("fear",), "sign.docs_held": "yes", "minor": "yes"},
]


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A database with five signals, and the settings that lead to it."""
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path}/meldroute.db"
        await prepare(made, tmp_path, monkeypatch)
        yield made
        return
    async with postgres.server().new_database() as made:
        await prepare(made, tmp_path, monkeypatch)
        yield made


@pytest.fixture
async def sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same on SQLite alone."""
    await prepare(f"sqlite:///{tmp_path}/meldroute.db", tmp_path, monkeypatch)


async def prepare(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "APP_ID": "app",
        "TENANT_ID": "tenant",
        "DATABASE_URL": url,
        "KEY_FILE": str(folder / "content.key"),
        "FOCAL_OFFICERS": f'{{"{ANNA}": "Anna"}}',
    }
    for name, value in given.items():
        monkeypatch.setenv(f"MELDROUTE_{name}", value)
    await migrate(url)
    database = open_database(url, open_key_file(folder / "content.key"))
    async with database.unit_of_work() as uow:
        for number, answers in enumerate(ANSWERS, start=1):
            assessment = weigh(load_criteria(), answers)
            received_at = NOW + timedelta(minutes=number)
            await uow.signals.add(
                a_signal(number, answers=answers, assessment=assessment, received_at=received_at, suggestions=())
            )
        await uow.commit()
    await database.close()


def next_version() -> Criteria:
    """Held papers weigh little from now on, and are called so in the version."""
    criteria = load_criteria()
    weaker = replace(criteria["docs_held"], strength=Strength.WEAK)
    return Criteria("next", {**criteria.by_key, "docs_held": weaker})


async def told(municipality: str | None = None, *, as_json: bool = False) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    status = await reassess.run(municipality, as_json, out, err)
    return status, out.getvalue(), err.getvalue()


async def test_with_the_same_criteria_nothing_would_change(url: str) -> None:
    status, out, err = await told("Maashorst")

    assert (status, out) == (0, "")
    assert f"Bekeken: 5. Anders met criteria {load_criteria().version}: 0. Er is niets veranderd." in err


async def test_what_a_new_version_would_change_is_listed_without_content(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reassess, "load_criteria", next_version)
    monkeypatch.setattr(reassess, "_PAGE", 2)  # three pages

    status, out, err = await told(as_json=True)

    listed = [json.loads(line) for line in out.splitlines()]
    assert (status, [each["reference"] for each in listed]) == (0, ["S-2026-0002"])
    assert listed[0]["before"]["outcome"] == "clear"
    assert listed[0]["after"]["outcome"] == "vague"
    assert listed[0]["before"]["criteria_version"] == load_criteria().version
    assert listed[0]["after"]["criteria_version"] == "next"
    assert "ZOCO" in listed[0]["before"]["route"]
    assert "ZOCO" not in listed[0]["after"]["route"]
    assert "Bekeken: 5. Anders met criteria next: 1." in err
    assert "paspoort" not in out + err


async def test_a_person_reads_lines(sqlite: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reassess, "load_criteria", next_version)

    _, out, _ = await told()

    assert out.startswith("S-2026-0002  clear ")
    assert "->  vague " in out
    assert "(criteria next)" in out


async def test_nothing_is_changed_but_the_audit_log_tells_that_content_was_weighed(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reassess, "load_criteria", next_version)
    database = open_database(url, open_key_file(tmp_path / "content.key"))
    async with database.unit_of_work() as uow:
        before = await uow.signals.page(None, 10)

    await told()

    async with database.unit_of_work() as uow:
        assert await uow.signals.page(None, 10) == before
        assert await uow.audit.broken_at() is None
    await database.close()


async def test_the_settings_of_another_municipality_are_refused(sqlite: None) -> None:
    with pytest.raises(SettingsInvalid, match="deze instellingen zijn van maashorst"):
        await told("eersel")


async def test_without_the_key_nothing_is_read_and_no_new_key_is_made(sqlite: None, tmp_path: Path) -> None:
    (tmp_path / "content.key").unlink()

    with pytest.raises(SettingsInvalid, match="zonder is niets te lezen"):
        await told()

    assert not (tmp_path / "content.key").exists()


async def test_another_key_is_said_so(sqlite: None, tmp_path: Path) -> None:
    (tmp_path / "content.key").unlink()
    open_key_file(tmp_path / "content.key")

    with pytest.raises(SettingsInvalid, match="past niet bij de database"):
        await told()


async def test_a_database_without_tables_is_said_so(
    sqlite: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MELDROUTE_DATABASE_URL", f"sqlite:///{tmp_path}/another.db")

    with pytest.raises(SettingsInvalid, match="draai eerst `meldroute migrate`"):
        await told()


def test_the_command_line_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    async def run(*given: object) -> int:
        seen.append(given[:2])
        return 0

    monkeypatch.setattr(reassess, "run", run)
    assert CliRunner().invoke(app, ["reassess", "--municipality", "eersel", "--json"]).exit_code == 0
    assert CliRunner().invoke(app, ["reassess"]).exit_code == 0
    assert seen == [("eersel", True), (None, False)]
