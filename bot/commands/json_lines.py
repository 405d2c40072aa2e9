"""JSON lines in, JSON lines out: one line out for each good line in, in order; what is wrong goes to stderr."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO, cast

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class LineRefused(ValueError):
    """A line that cannot be used; the message is a Dutch sentence."""


#: Takes the fields of one line and a function that says a warning; returns the fields of the answer.
Answer = Callable[[dict[str, Any], Callable[[str], None]], dict[str, Any]]


def answer_lines(answer: Answer, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """Answer every line; return the exit status: 1 if a line was bad, else 0. Blank lines are passed over."""
    for stream in (stdin, stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape" if stream is stdin else "strict")
    status = 0
    for number, line in enumerate(_watched(stdin, stderr), start=1):
        if not line.strip():
            continue

        def say(sentence: str, number: int = number) -> None:
            stderr.write(f"regel {number}: {sentence}\n")

        try:
            stdout.write(_written(answer(_fields(line), say)))
        except LineRefused as refusal:
            say(str(refusal))
            status = 1
    stdout.flush()
    return status


def _watched(lines: Iterable[str], stderr: TextIO) -> Iterator[str]:
    """Pass lines on, with a progress bar when a person watches."""
    if not stderr.isatty():
        yield from lines
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stderr), transient=True) as progress:
        yield from progress.track(lines, description="regels")


def _fields(line: str) -> dict[str, Any]:
    try:
        line.encode()
    except UnicodeEncodeError:
        raise LineRefused("dit is geen UTF-8.") from None
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LineRefused(f"dit is geen geldige JSON ({error}).") from None
    if not isinstance(fields, dict):
        raise LineRefused("dit is geen JSON-object.")
    return cast("dict[str, Any]", fields)


def field(fields: dict[str, Any], name: str, *kinds: type | None) -> Any:
    """Return a field that must be there and be of one of the kinds. Raises `LineRefused`."""
    if name not in fields:
        raise LineRefused(f"het veld {name} ontbreekt.")
    value = fields[name]
    if not any(value is None if kind is None else type(value) is kind for kind in kinds):
        raise LineRefused(f"het veld {name} heeft het verkeerde type.")
    return value


def _written(fields: dict[str, Any]) -> str:
    line = json.dumps(fields, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # half a surrogate pair in the input: valid JSON, no valid UTF-8
        line = json.dumps(fields)
    return line + "\n"
