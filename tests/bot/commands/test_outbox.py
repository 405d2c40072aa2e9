from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands import outbox
from bot.settings import SettingsInvalid
from dialogs.domain.notices import Notice, NoticeKind
from storage.engine import Database, open_database
from storage.key_file import open_key_file
from storage.migrate import migrate
from tests.knowledge import ANNA

TWO_HOURS_AGO = datetime.now(UTC) - timedelta(hours=2, minutes=1)


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """The database of the municipality whose settings are in the environment."""
    url, key_file = f"sqlite:///{tmp_path}/meldroute.db", tmp_path / "content.key"
    given = {
        "APP_ID": "app",
        "TENANT_ID": "tenant",
        "DATABASE_URL": url,
        "KEY_FILE": str(key_file),
        "FOCAL_OFFICERS": f'{{"{ANNA}": "Anna"}}',
    }
    for name, value in given.items():
        monkeypatch.setenv(f"MELDROUTE_{name}", value)
    await migrate(url)
    database = open_database(url, open_key_file(key_file))
    yield database
    await database.close()


async def put(database: Database, *dead: str, waiting: tuple[str, ...] = ()) -> None:
    """Put notices of two hours ago; the dead ones were given up."""
    async with database.unit_of_work() as uow:
        for notice in (*dead, *waiting):
            kind = NoticeKind.STATUS_FOR_REPORTER
            await uow.outbox.put(Notice(notice, kind, f"to {notice}", "signal-1", TWO_HOURS_AGO))
        await uow.outbox.claim(worker="w", now=TWO_HOURS_AGO, lease_until=TWO_HOURS_AGO, limit=len(dead))
        for notice in dead:
            await uow.outbox.give_up(notice, "w", TWO_HOURS_AGO, "403 MessageWritesBlocked")
        await uow.commit()


async def listed() -> str:
    out = StringIO()
    assert await outbox.show(out) == 0
    return out.getvalue()


async def resent(notice_id: str | None = None) -> tuple[int, str]:
    out = StringIO()
    return await outbox.resend(notice_id, out, out), out.getvalue()


async def test_what_failed_and_what_waits_is_listed_with_its_reason_and_age(database: Database) -> None:
    await put(database, "failed", waiting=("new",))

    lines = [line.split() for line in (await listed()).splitlines()]
    assert lines[0] == ["staat", "soort", "oud", "pogingen", "reden", "id"]
    assert lines[1] == ["mislukt", "status_for_reporter", "2", "uur", "1", "403", "MessageWritesBlocked", "failed"]
    assert lines[2] == ["wacht", "status_for_reporter", "2", "uur", "0", "new"]


async def test_when_everything_is_delivered_it_says_so(database: Database) -> None:
    assert await listed() == "Alles is bezorgd.\n"


async def test_one_that_failed_is_sent_again(database: Database) -> None:
    await put(database, "first", "second")

    assert await resent("second") == (0, "Wordt opnieuw verstuurd: 1.\n")
    assert await resent("second") == (
        1,
        "meldroute outbox: er is geen mislukt bericht second. `meldroute outbox` noemt ze.\n",
    )
    async with database.unit_of_work() as uow:
        assert [each.notice.id for each in await uow.outbox.waiting(9)] == ["second"]
        assert [each.notice.id for each in await uow.outbox.dead_letters(9)] == ["first"]


async def test_everything_that_failed_is_sent_again(database: Database) -> None:
    await put(database, "first", "second")

    assert await resent() == (0, "Wordt opnieuw verstuurd: 2.\n")
    assert await resent() == (0, "Wordt opnieuw verstuurd: 0.\n")


async def test_without_the_key_file_no_new_one_is_made(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MELDROUTE_KEY_FILE", str(tmp_path / "wrong.key"))

    with pytest.raises(SettingsInvalid, match=r"wrong\.key is er niet"):
        await resent()
    assert not (tmp_path / "wrong.key").exists()


def test_the_command_says_what_it_needs() -> None:
    for arguments in (["resend"], ["resend", "first", "--all"]):
        result = CliRunner().invoke(app, ["outbox", *arguments])
        assert result.exit_code == 2
        assert "geef een id, of --all" in result.output


@pytest.mark.parametrize("arguments", [[], ["resend", "--all"], ["resend", "first"]])
def test_the_command_line_knows_them(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    async def show(*_: object) -> int:
        return 7 if not arguments else 0

    async def resend(notice_id: str | None, *_: object) -> int:
        return 8 if arguments[-1:] == [notice_id or "--all"] else 0

    monkeypatch.setattr(outbox, "show", show)
    monkeypatch.setattr(outbox, "resend", resend)
    assert CliRunner().invoke(app, ["outbox", *arguments]).exit_code == (8 if arguments else 7)
