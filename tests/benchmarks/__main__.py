"""`make bench`: all benchmarks, as a table on screen and as JSON in build/bench.

    python -m tests.benchmarks [--rounds 5] [--only turns,recognition,...] [--gate]

The exit status is 0 unless a turn went wrong; with --gate a broken gate makes it 1.
"""

import argparse
import asyncio
import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.bot_process import WrongAnswer
from tests.benchmarks.gates import delivery_gates, gates, queue_gates
from tests.benchmarks.table import table
from tests.benchmarks.turns import measure

_OUT = Path("build/bench")
#: The small ones, which each print JSON: the module and what it is told.
_SMALL: Mapping[str, tuple[str, ...]] = {
    "recognition": ("--json", "--no-fuzz"),
    "lookup": ("--json",),
    "storage_unit": ("--units", "300", "--rounds", "5"),
    "edge_turn": ("--rounds", "3", "--turns", "400"),
    "outbox": ("--rows", "600", "--rounds", "3"),
    "queue": ("--postgres",),
}
_PATIENCE = 300


def main() -> int:
    """Run what is asked, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=f"turns,{','.join(_SMALL)}", help="which, with commas between them")
    parser.add_argument("--gate", action="store_true", help="exit with 1 when a gate is broken")
    options = parser.parse_args()
    _OUT.mkdir(parents=True, exist_ok=True)
    chosen = options.only.split(",")
    found: dict[str, Any] = {}
    for name in (name for name in _SMALL if name in chosen and importlib.util.find_spec(f"tests.benchmarks.{name}")):
        found[name] = _small(name)
        _say(f"\n## {name}\n{json.dumps(found[name], indent=1)}")
    verdicts = delivery_gates(found["outbox"]) if "failed" not in found.get("outbox", {"failed": ()}) else []
    if "failed" not in found.get("queue", {"failed": ()}):
        verdicts += queue_gates(found["queue"])
    if "turns" in chosen:
        try:
            found["turns"] = asyncio.run(measure(options.rounds, _OUT, lambda line: _say(line, to=sys.stderr)))
        except (WrongAnswer, ConnectionError, TimeoutError) as wrong:
            _say(f"a turn went wrong, so there are no figures: {type(wrong).__name__} {wrong}", to=sys.stderr)
            return 1
        verdicts = [*gates(found["turns"]), *verdicts]
        _say(f"\n## turns\n{table(found['turns'])}\n\n{json.dumps(found['turns']['counted'])}\n")
    found["gates"] = [str(gate) for gate in verdicts]
    _say("\n".join(found["gates"]))
    path = _OUT / f"{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(found, indent=1), "utf-8")
    _say(f"\n{path}")
    return 1 if options.gate and not all(gate.holds or gate.aim for gate in verdicts) else 0


def _small(name: str) -> Any:
    """What a small benchmark prints, in a process of its own; its error when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{name}", *_SMALL[name]],
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE,
    )
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    return json.loads(done.stdout)


def _say(line: str, to: Any = sys.stdout) -> None:
    print(line, file=to, flush=True)


if __name__ == "__main__":
    sys.exit(main())
