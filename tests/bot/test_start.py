"""Starting: what is wrong is one line with the remedy and exit status 2; a lost key is never replaced in silence."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.bot.local.serving import free_port
from tests.scenarios.office import office

ROOT = Path(__file__).parents[2]
GOOD = {
    "MELDROUTE_APP_ID": "b07d0000-0000-4000-8000-000000000002",
    "MELDROUTE_TENANT_ID": "7e1d0000-0000-4000-8000-000000000001",
    "MELDROUTE_FOCAL_OFFICERS": '{"a44a0000-0000-4000-8000-00000000000b": "Anna"}',
}


def meldroute(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(*arguments),
        cwd=ROOT,
        env=_environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


def _environment(settings: dict[str, str]) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MELDROUTE_")}
    return {**clean, **settings}


def test_all_that_is_missing_is_named_in_one_line() -> None:
    done = meldroute("run")

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    for name in ("APP_ID", "TENANT_ID", "DATABASE_URL", "FOCAL_OFFICERS"):
        assert f"MELDROUTE_{name}" in done.stderr


@pytest.mark.parametrize("other", ["MELDROUTE_DEPUTIES", "MELDROUTE_CONFIDANTS"])
def test_somebody_in_two_roles_is_named_in_one_line_with_the_two_settings(other: str, tmp_path: Path) -> None:
    twice = GOOD["MELDROUTE_FOCAL_OFFICERS"].replace("a44a", "A44A")
    done = meldroute("run", **GOOD, MELDROUTE_DATABASE_URL=f"sqlite:///{tmp_path}/x.db", **{other: twice})

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    both = f"a44a0000-0000-4000-8000-00000000000b staat in MELDROUTE_FOCAL_OFFICERS en in {other}"
    assert both in done.stderr


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"MELDROUTE_DATABASE_URL": "oracle://x"}, "oracle kan niet"),
        ({"MELDROUTE_DATABASE_URL": "sqlite:///{tmp}/new.db"}, "draai eerst `meldroute migrate`"),
        ({"MELDROUTE_DATABASE_URL": "sqlite:///{tmp}/new.db", "MELDROUTE_PORT": "poort"}, "MELDROUTE_PORT"),
    ],
    ids=["another database", "no tables", "a port that is no number"],
)
def test_a_wrong_setting_is_one_line_with_the_remedy(tmp_path: Path, setting: dict[str, str], said: str) -> None:
    filled = {name: value.replace("{tmp}", str(tmp_path)) for name, value in setting.items()}

    done = meldroute("run", **GOOD, **filled)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_says_what_is_in_order_and_what_is_not(tmp_path: Path) -> None:
    settings = GOOD | {
        "MELDROUTE_DATABASE_URL": f"sqlite:///{tmp_path}/meldroute.db",
        "MELDROUTE_KEY_FILE": str(tmp_path / "content.key"),
    }
    before = meldroute("doctor", **settings)
    migrated = meldroute("migrate", **settings)
    after = meldroute("doctor", **settings)

    assert before.returncode == 1
    assert "Draai `meldroute migrate`" in before.stdout
    assert migrated.returncode == 0
    assert after.returncode == 0, after.stdout
    assert "goed     tabellen" in after.stdout
    assert "AVIM staat daar als overleg" in after.stdout


async def test_a_lost_key_stops_the_start_and_is_not_replaced(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/meldroute.db"
    async with office(tmp_path, url) as running:
        await running.person("Robin").installs()
    key_file = tmp_path / "content.key"
    key_file.unlink()

    done = meldroute("run", **GOOD, MELDROUTE_DATABASE_URL=url, MELDROUTE_KEY_FILE=str(key_file))

    assert done.returncode == 2
    assert "Zet het terug uit de back-up" in done.stderr
    assert not key_file.exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"MELDROUTE_IDENTITY": "certificate", "MELDROUTE_CERTIFICATE_PATH": "/nowhere.pem"}, "nowhere.pem"),
        ({"MELDROUTE_IDENTITY": "workload_identity"}, "workload_identity"),
    ],
    ids=["no certificate there", "no token file"],
)
def test_an_identity_that_cannot_be_used_is_told_at_start(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    url = f"sqlite:///{tmp_path}/meldroute.db"
    assert meldroute("migrate", **GOOD, MELDROUTE_DATABASE_URL=url).returncode == 0

    done = meldroute("run", **GOOD, **settings, MELDROUTE_DATABASE_URL=url)

    assert done.returncode == 2
    assert "MELDROUTE_IDENTITY" in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_try_out_says_that_it_runs_once_it_answers_on_the_port_of_the_settings(tmp_path: Path) -> None:
    port = str(free_port())
    start, settings = ("run", "--local", "--data", str(tmp_path / "new")), {"MELDROUTE_PORT": port}
    with subprocess.Popen(
        _command(*start), cwd=ROOT, env=_environment(settings), stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            status = answer.status
        second = meldroute(*start, **settings)
        running.send_signal(signal.SIGTERM)

    assert f"Open http://127.0.0.1:{port}" in said
    assert (status, running.returncode) == (200, 0)
    assert second.returncode == 2
    assert f"poort {port} is al in gebruik" in second.stderr


def test_a_port_that_another_program_has_is_one_line(tmp_path: Path) -> None:
    settings = GOOD | {
        "MELDROUTE_DATABASE_URL": f"sqlite:///{tmp_path}/meldroute.db",
        "MELDROUTE_KEY_FILE": str(tmp_path / "content.key"),
    }
    meldroute("migrate", **settings)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = meldroute("run", **settings, MELDROUTE_PORT=port)

    assert done.returncode == 2
    assert f"op 127.0.0.1:{port} kan Meldroute niet luisteren" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
