from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands import partner_file
from bot.knowledge import load_partner_file
from bot.settings import SettingsInvalid
from dialogs.domain.partners import read_file
from storage.key_file import open_key_file
from storage.migrate import migrate
from tests.knowledge import ANNA


@pytest.fixture
async def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of a municipality in the environment, and its tables."""
    url = f"sqlite:///{tmp_path}/meldroute.db"
    given = {
        "APP_ID": "app",
        "TENANT_ID": "tenant",
        "DATABASE_URL": url,
        "KEY_FILE": str(tmp_path / "content.key"),
        "FOCAL_OFFICERS": f'{{"{ANNA}": "Anna"}}',
    }
    for name, value in given.items():
        monkeypatch.setenv(f"MELDROUTE_{name}", value)
    await migrate(url)
    open_key_file(tmp_path / "content.key")
    return tmp_path


async def told(export_to: Path | None = None, import_from: Path | None = None) -> tuple[int, str]:
    out = StringIO()
    return await partner_file.run(export_to, import_from, out, out), out.getvalue()


async def test_what_is_exported_can_be_changed_and_read_in_again(settings: Path) -> None:
    file = settings / "nummers.yaml"
    assert await told(file) == (0, f"Geschreven: 18 partners naar {file}.\n")
    text = file.read_text("utf-8")
    assert read_file(text) == load_partner_file("maashorst")
    assert await told(import_from=file) == (0, "Er was niets anders; niets ingelezen.\n")

    file.write_text(text.replace("088-9630320", "088 963 0321"), "utf-8")
    assert await told(import_from=file) == (0, "Ingelezen: avim.\n")
    again = settings / "nog.yaml"
    await told(again)

    now = read_file(again.read_text("utf-8"))
    assert now.directory()["avim"].numbers[0].number == "088-9630321"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("088-9630320", "088-963032", "line"),
        ("stand_in: politie", "stand_in: nergens", "nergens is nobody else"),
        ("municipality:", "gemeente:", "municipality"),
        ("municipality: Maashorst", "municipality: Eersel", "het bestand is van Eersel, en dit is Maashorst"),
        ("role: Als eerste bij seks", "role: " + "lang " * 40 + "Als eerste bij seks", "at most 160 characters"),
    ],
)
async def test_a_file_with_a_fault_is_not_taken_in_and_the_fault_is_named(
    settings: Path, before: str, after: str, said: str
) -> None:
    file = settings / "nummers.yaml"
    await told(file)
    file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")

    status, words = await told(import_from=file)

    assert status == 1
    assert "er is niets ingelezen" in words
    assert said in words


async def test_a_file_that_is_no_text_is_not_taken_in(settings: Path) -> None:
    file = settings / "nummers.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    assert await told(import_from=file) == (
        1,
        f"meldroute partners: er is niets ingelezen. {file} is geen tekst in UTF-8.\n",
    )


async def test_a_file_that_is_not_there_is_said_so(settings: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"nergens\.yaml"):
        await told(import_from=settings / "nergens.yaml")


async def test_without_the_key_file_none_is_made(settings: Path) -> None:
    (settings / "content.key").unlink()
    with pytest.raises(SettingsInvalid, match=r"content\.key is er niet"):
        await told(settings / "nummers.yaml")
    assert not (settings / "content.key").exists()


def test_the_command_line_knows_both(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Path | None, Path | None]] = []

    async def run(export_to: Path | None, import_from: Path | None, *_: object) -> int:
        seen.append((export_to, import_from))
        return 1

    monkeypatch.setattr(partner_file, "run", run)
    assert CliRunner().invoke(app, ["partners", "--export", "a.yaml"]).exit_code == 1
    assert CliRunner().invoke(app, ["partners", "--import", "b.yaml"]).exit_code == 1
    assert seen == [(Path("a.yaml"), None), (None, Path("b.yaml"))]
