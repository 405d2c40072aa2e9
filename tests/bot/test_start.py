"""Starting: what is wrong is one line with the remedy and exit status 2; a lost key is never replaced in silence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenarios.office import office

ROOT = Path(__file__).parents[2]
GOOD = {
    "MELDROUTE_APP_ID": "b07d0000-0000-4000-8000-000000000002",
    "MELDROUTE_TENANT_ID": "7e1d0000-0000-4000-8000-000000000001",
    "MELDROUTE_FOCAL_OFFICERS": '{"a44a0000-0000-4000-8000-00000000000b": "Anna"}',
}


def meldroute(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MELDROUTE_")}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**clean, **settings}, capture_output=True, text=True, timeout=120, check=False
    )


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
    both = f"a44a0000-0000-4000-8000-00000000000b is in MELDROUTE_FOCAL_OFFICERS and in {other}"
    assert both in done.stderr


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"MELDROUTE_DATABASE_URL": "oracle://x"}, "oracle is not supported"),
        ({"MELDROUTE_DATABASE_URL": "sqlite:///{tmp}/new.db"}, "run `meldroute migrate` first"),
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
    assert "Put it back from the backup" in done.stderr
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
