"""How well and how fast criteria are read: `python -m tests.benchmarks.recognition [PART ...] [--errors] [--json]`.

Parts: vignettes; desk, prose and voices as dev and heldout; mixed, later, hard, near, plain, denied and acute as dev
and aside; fresh and sealed. Fresh, sealed and the asides but of mixed are held out: they give figures only, never
texts, and whoever writes patterns has not seen them. The parts named heldout were that until November 2026; then they
were spent on choosing patterns, so that their figures flatter. Acute is labelled for danger alone, plain with one
criterion a text.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from bot.commands.knowledge import load_criteria, load_recogniser
from dialogs.domain.recognition import Reading, Suggester

CORPUS = Path(__file__).parents[1] / "corpus"
KINDS = ("desk", "prose", "voices")
PARTS = (
    "vignettes",
    *(f"{kind}/{half}" for half in ("dev", "heldout") for kind in KINDS),
    *(
        f"{kind}/{half}"
        for kind in ("mixed", "later", "hard", "near", "plain", "denied", "acute")
        for half in ("dev", "aside")
    ),
    *(f"fresh/{kind}" for kind in KINDS),
    "sealed/desk",
    "sealed/prose",
)
#: Parts whose texts nobody who writes patterns has read.
UNREAD = ("fresh", "later/aside", "hard/aside", "near/aside", "plain/aside", "denied/aside", "acute/aside", "sealed")
#: Parts labelled for danger alone, and the figures of such a part.
DANGER_ALONE = ("acute",)
_OF_DANGER = ("texts", "danger_recall", "danger_false")
#: Parts labelled with one criterion a text, whatever else it says.
ONE_ALONE = ("plain",)
_OF_ONE = ("texts", "recall")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text with what two readers should find in it."""

    id: str
    text: str
    indicators: frozenset[str]
    negated: frozenset[str]
    minor: bool | None
    danger: bool


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one part; shares are between 0 and 1."""

    texts: int
    precision: float
    recall: float
    f1: float
    false_per_ordinary_text: float
    negated_suggested: float
    danger_recall: float
    danger_false: float
    minor_right: float
    minor_recall: float
    texts_per_second: float
    ms_per_1000_characters: float


def _figures_of(part: str) -> Iterable[str]:
    if part.startswith(DANGER_ALONE):
        return _OF_DANGER
    return _OF_ONE if part.startswith(ONE_ALONE) else [field.name for field in fields(Score)]


def corpus(part: str) -> list[Labelled]:
    """Read one labelled part."""
    entries: list[dict[str, Any]] = yaml.load((CORPUS / f"{part}.yaml").read_text("utf-8"), yaml.CSafeLoader)
    return [_labelled(entry) for entry in entries]


def _labelled(entry: dict[str, Any]) -> Labelled:
    minor = {"true": True, "false": False}.get(str(entry.get("minor")).lower())
    danger = bool(entry.get("danger", entry.get("urgency") == "acute"))
    return Labelled(
        entry["id"],
        entry["text"],
        frozenset(entry.get("indicators", ())),
        frozenset(entry.get("negated", ())),
        minor,
        danger,
    )


def _share(part: float, whole: float) -> float:
    return round(part / whole, 3) if whole else 1.0


def score(texts: Iterable[Labelled], suggester: Suggester) -> tuple[Score, list[tuple[Labelled, Reading]]]:
    """Read all texts and compare with the labels."""
    texts = list(texts)
    started = time.process_time()
    readings = [suggester.read(each.text) for each in texts]
    seconds = time.process_time() - started
    count: Counter[str] = Counter()
    for each, reading in zip(texts, readings, strict=True):
        suggested = {suggestion.criterion for suggestion in reading.suggestions}
        count["right"] += len(suggested & each.indicators)
        count["suggested"] += len(suggested)
        count["labelled"] += len(each.indicators)
        count["negated"] += len(each.negated)
        count["negated_suggested"] += len(suggested & each.negated)
        count["ordinary"] += not each.indicators
        count["ordinary_false"] += 0 if each.indicators else len(suggested)
        count["danger"] += each.danger
        count["danger_found"] += each.danger and reading.danger
        count["danger_false"] += reading.danger and not each.danger
        count["minor_right"] += reading.minor is each.minor
        count["minors"] += each.minor is True
        count["minors_found"] += each.minor is True and reading.minor is True
    precision, recall = _share(count["right"], count["suggested"]), _share(count["right"], count["labelled"])
    figures = Score(
        texts=len(texts),
        precision=precision,
        recall=recall,
        f1=_share(2 * precision * recall, precision + recall),
        false_per_ordinary_text=_share(count["ordinary_false"], count["ordinary"]),
        negated_suggested=_share(count["negated_suggested"], count["negated"]),
        danger_recall=_share(count["danger_found"], count["danger"]),
        danger_false=_share(count["danger_false"], len(texts) - count["danger"]),
        minor_right=_share(count["minor_right"], len(texts)),
        minor_recall=_share(count["minors_found"], count["minors"]),
        texts_per_second=round(len(texts) / seconds, 1),
        ms_per_1000_characters=round(1e6 * seconds / sum(len(each.text) for each in texts), 2),
    )
    return figures, list(zip(texts, readings, strict=True))


def errors(pairs: Iterable[tuple[Labelled, Reading]]) -> Iterator[str]:
    """Yield one block per text that was read otherwise than labelled."""
    for each, reading in pairs:
        quotes = {suggestion.criterion: suggestion.quote for suggestion in reading.suggestions}
        missed = sorted(each.indicators - quotes.keys())
        wrong = {key: quote for key, quote in quotes.items() if key not in each.indicators}
        danger = "" if reading.danger is each.danger else f" danger={reading.danger} ({reading.danger_quote})"
        if missed or wrong or danger:
            denied = "".join(" !" + key for key in wrong if key in each.negated)
            yield f"{each.id}{danger} missed={missed} wrong={wrong}{denied}\n    {each.text}"


def fuzz(rounds: int = 40, seed: int = 273) -> dict[str, float]:
    """Read the worst texts we can make; return milliseconds per 1,000 characters."""
    chance = random.Random(seed)  # noqa: S311 -- a seed, no secret
    words = [word for part in ("desk/dev", "prose/dev") for each in corpus(part) for word in each.text.split()]
    patterns = [each for criterion in load_criteria() for each in criterion.examples.match]
    kinds = {
        "words of the corpus without an end": lambda: " ".join(chance.choices(words, k=700)).replace(".", ""),
        "examples in a row": lambda: " ".join(chance.choices(patterns, k=60)),
        "one word again and again": lambda: f"{chance.choice(words)} " * 700,
        "the word ze again and again": lambda: "ze " * 1500,
        "the word man again and again": lambda: "man " * 1500,
        "small words": lambda: " ".join(
            chance.choices(("ze", "hij", "ie", "de", "een", "en", "of", "nu", "op"), k=1500)
        ),
        "examples in a row, no full stops": lambda: " ".join(chance.choices(patterns, k=60)).replace(".", ""),
        "unknown words": lambda: " ".join("".join(chance.choices("abdegiklnoprstv", k=8)) for _ in range(450)),
        "no spaces": lambda: "".join(chance.choices("paspoortgeslagen", k=4000)),
        "signs and other scripts": lambda: "".join(chr(chance.randrange(1, 0x2FFF)) for _ in range(4000)),
        "long numbers": lambda: " ".join(str(chance.randrange(10**9)) for _ in range(400)),
        "short numbers": lambda: " ".join(str(chance.randrange(100)) for _ in range(1400)),
        "one number again and again": lambda: "15 " * 1500,
    }
    worst: dict[str, float] = {}
    recogniser = load_recogniser()
    for kind, make in kinds.items():
        for _ in range(rounds // len(kinds) + 1):
            text = make()
            started = time.process_time()
            recogniser.read(text)
            took = 1e6 * (time.process_time() - started) / len(text)
            worst[kind] = max(worst.get(kind, 0.0), round(took, 2))
    return worst


def main() -> int:
    """Print the figures of every part that exists, and the worst of the fuzz run."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("parts", nargs="*", default=list(PARTS))
    arguments.add_argument("--errors", action="store_true", help="also print what went wrong, except in fresh parts")
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--no-fuzz", action="store_true")
    chosen = arguments.parse_args()
    suggester = load_recogniser()
    figures: dict[str, Any] = {}
    for part in chosen.parts:
        if not (CORPUS / f"{part}.yaml").exists():
            continue
        result, pairs = score(corpus(part), suggester)
        figures[part] = {name: asdict(result)[name] for name in _figures_of(part)}
        if chosen.errors and not part.startswith(UNREAD):
            sys.stdout.write("\n".join(errors(pairs)) + "\n")
    if not chosen.no_fuzz:
        figures["fuzz, worst ms per 1,000 characters"] = fuzz()
    if chosen.json:
        sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    else:
        for part, values in figures.items():
            sys.stdout.write(f"{part}: " + ", ".join(f"{name} {value}" for name, value in values.items()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
