"""The arrows hold, and the README tells the truth."""

import os
import re
import subprocess
import sys
from pathlib import Path

from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )

    assert done.returncode == 0, done.stdout


def test_every_setting_stands_in_the_readme() -> None:
    names = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields if name != "local"}

    assert names == set(re.findall(rf"{PREFIX}[A-Z_]+", README))


def test_every_file_that_the_readme_names_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)

    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^([a-z][a-z0-9-]*):", makefile, re.MULTILINE)
    told = re.findall(r"^([a-z][a-z0-9-]*):.*## \S", makefile, re.MULTILINE)

    assert sorted(targets) == sorted(told)
