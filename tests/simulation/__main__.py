"""`python -m tests.simulation --seed 7` plays one day and tells it; `--seeds 1000` plays many and tells what broke."""

# ruff: noqa: T201 - speaks to whoever plays a day again

import argparse
import sys
import time
from collections import Counter

from tests.simulation.day import play


def main() -> int:
    """Play; the exit status is 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    seeds = [options.seed] if options.seed is not None else range(options.first, options.first + options.seeds)
    counts: Counter[str] = Counter()
    failed, began = 0, time.perf_counter()
    for seed in seeds:
        judged = play(seed)
        counts.update(judged.ledger.counts)
        counts["signals"] += judged.signals
        counts["closed"] += judged.closed
        if options.seed is not None:
            print("\n".join(judged.ledger.lines))
            print(f"fingerprint {judged.ledger.fingerprint}")
        for sentence, fault in judged.broken:
            print(f"BROKEN: {sentence}\n  {fault}\n  {judged.replay}")
        failed += bool(judged.broken)
    took = time.perf_counter() - began
    print(f"{len(seeds)} days in {took:.1f} s, {failed} broken; {dict(sorted(counts.items()))}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
