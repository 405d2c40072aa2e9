"""A file of ours with a fault is one line that names the place, whichever command needs it, and never a traceback."""

import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

import bot.commands.knowledge as shipped
from bot.__main__ import main
from bot.commands.knowledge import load_criteria, load_recogniser


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    for load in (load_criteria, load_recogniser):
        load.cache_clear()
    yield
    for load in (load_criteria, load_recogniser):
        load.cache_clear()


@pytest.mark.parametrize("file", ["criteria.yaml", "recognition.yaml"])
@pytest.mark.parametrize(
    ("instead", "said"),
    [("a: [1", "no YAML"), ("a: 1\na: 2", "twice"), ("onbekend: 1", "line 1")],
    ids=["no YAML", "a key twice", "an unknown field"],
)
@pytest.mark.parametrize("command", ["recognise", "run --local --data {data}", "doctor --local"])
def test_a_file_with_a_fault_is_one_line(
    command: str,
    file: str,
    instead: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    read = shipped._shipped  # pyright: ignore[reportPrivateUsage] - the one place that reads them

    def read_with_fault(name: str) -> str:
        return instead if name == file else read(name)

    monkeypatch.setattr(shipped, "_shipped", read_with_fault)
    monkeypatch.setattr(sys, "stdin", StringIO('{"id": "1", "text": "niets"}'))
    monkeypatch.setattr(sys, "argv", ["meldroute", *command.format(data=tmp_path).split()])
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit) as ended:
        main()

    told = capsys.readouterr()
    [line] = [line for line in (told.out + told.err).splitlines() if said in line]
    assert ended.value.code
    assert "Traceback" not in told.err
    assert {"criteria.yaml": "criteria file", "recognition.yaml": "word lists"}[file] in line
