"""What is wrong in the settings or on the command line is one sentence at the end, and exit status 2.

What a command needs to know stands in the environment, or is known of the try-out.
"""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands import run
from bot.local.settings import local_settings
from storage.key_file import open_key_file
from storage.migrate import migrate

COMPLETE = {
    "APP_ID": "b07d0000-0000-4000-8000-000000000002",
    "TENANT_ID": "7e1d0000-0000-4000-8000-000000000001",
    "FOCAL_OFFICERS": '{"a44a0000-0000-4000-8000-00000000000b": "Anna"}',
    "DATABASE_URL": "sqlite:///{tmp}/none.db",
    "KEY_FILE": "{tmp}/content.key",
}
TOWNS = "MELDROUTE_MUNICIPALITY: oss: onbekend; er zijn eersel, maashorst"
LOCAL = "run --local --data {tmp}"
MIGRATE_FIRST = "er zijn nog geen tabellen: draai eerst `meldroute migrate`"


@pytest.mark.parametrize(
    ("arguments", "environment", "last"),
    [
        (LOCAL, {"MUNICIPALITY": "oss"}, TOWNS),
        ("run", {"MUNICIPALITY": "oss"}, TOWNS),
        ("doctor", {"MUNICIPALITY": "oss"}, TOWNS),
        ("partners avim --municipality oss", {}, "--municipality oss: onbekend; er zijn eersel, maashorst"),
        ("doctor", {"FOCAL_OFFICERS": "{x"}, "MELDROUTE_FOCAL_OFFICERS: dit is geen geldige JSON"),
        ("run", {"FOCAL_OFFICERS": "{}"}, "niet ingevuld: MELDROUTE_FOCAL_OFFICERS"),
        ("doctor", {"TEXTS_FILE": "{tmp}"}, "MELDROUTE_TEXTS_FILE {tmp}: kan niet worden gelezen"),
        (LOCAL, {"TEXTS_FILE": "{tmp}"}, "MELDROUTE_TEXTS_FILE {tmp}: kan niet worden gelezen"),
        (LOCAL, {"TEXTS_FILE": "{tmp}/broken.yaml"}, "MELDROUTE_TEXTS_FILE {tmp}/broken.yaml: geen geldige YAML"),
        (LOCAL, {"TEXTS_FILE": "{tmp}/latin.yaml"}, "MELDROUTE_TEXTS_FILE {tmp}/latin.yaml: is geen tekst in UTF-8"),
        (LOCAL, {"PORT": "abc"}, "MELDROUTE_PORT: "),
        (LOCAL, {"PORT": "99999"}, "MELDROUTE_PORT: "),
        (f"{LOCAL} --port 99999", {}, "--port 99999: kies een getal van 1 tot en met 65535"),
        ("run --port 0", {}, "--port 0: kies een getal van 1 tot en met 65535"),
        ("run --local --data {tmp}/broken.yaml", {}, "--data {tmp}/broken.yaml: hier kan geen map zijn"),
        ("run --local --data /dev/null/x", {}, "--data /dev/null/x: hier kan geen map zijn"),
        ("migrate", {"DATABASE_URL": "sqlite:///{tmp}/nix/x.db"}, "de map {tmp}/nix is er niet"),
        ("migrate", {"DATABASE_URL": "mysql://a:geheim@b/c"}, "mysql kan niet: gebruik sqlite:///bestand"),
        ("run", {}, MIGRATE_FIRST),
        ("outbox", {}, MIGRATE_FIRST),
        ("outbox resend --all", {}, MIGRATE_FIRST),
        ("reassess", {}, MIGRATE_FIRST),
        ("partners --import nix.yaml", {}, "nix.yaml"),
    ],
)
def test_one_sentence_and_exit_status_2(
    arguments: str,
    environment: dict[str, str],
    last: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def leave_the_logs_of_the_tests_alone(*_: object, **__: object) -> None: ...

    def is_free(_port: int) -> bool:
        return True

    def filled(text: str) -> str:
        return text.replace("{tmp}", str(tmp_path))

    for name, value in (COMPLETE | environment).items():
        monkeypatch.setenv(f"MELDROUTE_{name}", filled(value))
    (tmp_path / "broken.yaml").write_text("a: [", "utf-8")
    (tmp_path / "latin.yaml").write_bytes(b"a: caf\xe9")
    monkeypatch.setattr(run, "set_up_logs", leave_the_logs_of_the_tests_alone)
    monkeypatch.setattr(run, "_is_free", is_free)
    monkeypatch.setattr(sys, "argv", ["meldroute", *filled(arguments).split()])

    with pytest.raises(SystemExit) as ended:
        main()

    said = capsys.readouterr()
    assert ended.value.code == 2
    assert filled(last) in (said.out + said.err).splitlines()[-1]
    assert len(said.err.splitlines()) <= 1
    assert "Meldroute draait" not in said.out
    assert "geheim" not in said.out + said.err
    assert not (tmp_path / "nix").exists()


def test_what_looks_at_what_is_stored_does_so_for_the_try_out_without_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var").mkdir()
    settings = local_settings()
    asyncio.run(migrate(settings.database_url.get_secret_value()))
    open_key_file(settings.key_file)

    for arguments, said in (
        ("doctor --local", "AF Anna de AF"),
        ("outbox --local", "Alles is bezorgd."),
        ("outbox resend --all --local", "Wordt opnieuw verstuurd: 0."),
        ("reassess --local", "Bekeken: 0."),
    ):
        monkeypatch.setattr(sys, "argv", ["meldroute", *arguments.split()])
        with pytest.raises(SystemExit) as ended:
            main()

        told = capsys.readouterr()
        assert ended.value.code == 0
        assert said in told.out + told.err


@pytest.mark.parametrize("left", ["nothing", "an empty folder", "a file without tables"])
@pytest.mark.parametrize("arguments", ["doctor", "outbox", "outbox resend --all", "reassess"])
def test_before_the_first_try_out_it_is_told_how_to_start_one(
    arguments: str, left: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    if left != "nothing":
        (tmp_path / "var").mkdir()
    if left == "a file without tables":
        (tmp_path / "var" / "meldroute.db").touch()
    monkeypatch.setattr(sys, "argv", ["meldroute", *arguments.split(), "--local"])

    with pytest.raises(SystemExit) as ended:
        main()

    told = capsys.readouterr()
    assert ended.value.code == (1 if arguments == "doctor" else 2)
    assert "nog niet gedraaid. Start het eerst met `meldroute run --local`" in told.out + told.err
    assert "migrate" not in told.out + told.err
    assert (tmp_path / "var" / "meldroute.db").exists() is (left == "a file without tables")
