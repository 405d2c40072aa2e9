"""How often each pattern and hint is right: `python -m tests.benchmarks.pattern_table [KEY ...] [--part PART ...]`.

For whoever edits the criteria file. Counted are the labelled texts that anybody may read, by part; see
`tests.benchmarks.recognition`. A criterion takes ten seconds, so that all of them take a quarter of an hour.

A pattern that is right in the texts it was written for says nothing yet: see in which others it is. What counting can
and cannot say of hints stands in the README beside this file.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.commands.knowledge import load_criteria, load_knowledge
from dialogs.domain.criteria import Criteria, Criterion
from dialogs.domain.recognition import Knowledge, Recogniser
from tests.benchmarks.recognition import DANGER_ALONE, ONE_ALONE, PARTS, UNREAD, Labelled, corpus

#: No pattern is chosen on the others.
_READ = [part for part in PARTS if not part.startswith((*UNREAD, *DANGER_ALONE, *ONE_ALONE))]


@dataclass(frozen=True, slots=True)
class Row:
    """What one pattern did."""

    criterion: str
    line: int  #: in the criteria file
    hint: bool
    pattern: str
    right: int  #: texts with the label in which it spoke
    wrong: int  #: texts without
    alone_right: int  #: of those, texts in which nothing else suggested the criterion
    alone_wrong: int
    parts: tuple[str, ...]  #: where it was right


def rows(
    criteria: Criteria, keys: Iterable[str], knowledge: Knowledge, texts: Mapping[str, Sequence[Labelled]]
) -> Iterator[Row]:
    """Yield a row for each pattern of these criteria that spoke."""
    for key in keys:
        criterion = criteria.by_key[key]
        better = [criteria.by_key[other] for other in criterion.gives_way_to]
        yield from _of(criterion, better, knowledge, texts)


def _of(
    criterion: Criterion, better: Sequence[Criterion], knowledge: Knowledge, texts: Mapping[str, Sequence[Labelled]]
) -> Iterator[Row]:
    """Read with each pattern as a criterion of its own, so that denials and innocent readings count as always."""
    sources = dict.fromkeys((*criterion.patterns, *criterion.hints))
    single = [replace(criterion, key=source, patterns=(source,), hints=()) for source in sources]
    together = Recogniser(Criteria("", {each.key: each for each in (*better, criterion)}), knowledge)
    apart = Recogniser(Criteria("", {each.key: each for each in (*better, *single)}), knowledge)
    count: Counter[tuple[str, str]] = Counter()
    parts: dict[str, dict[str, None]] = {source: {} for source in sources}
    for part, labelled in texts.items():
        for each in labelled:
            spoke = apart.mentioned(each.text)
            is_suggested = any(each.criterion == criterion.key for each in together.read(each.text).suggestions)
            verdict = "right" if criterion.key in each.indicators else "wrong"
            for source in spoke.intersection(sources):
                others = spoke.intersection(criterion.patterns) - {source}
                alone = not others and (source in criterion.patterns or not is_suggested)
                count[source, verdict] += 1
                count[source, f"alone {verdict}"] += alone
                if verdict == "right":
                    parts[source][part] = None
    for source in sources:
        if count[source, "right"] + count[source, "wrong"]:
            yield Row(
                criterion.key,
                criterion.lines[source],
                source in criterion.hints,
                source,
                count[source, "right"],
                count[source, "wrong"],
                count[source, "alone right"],
                count[source, "alone wrong"],
                tuple(parts[source]),
            )


def main() -> int:
    """Print the table, with tabs."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("keys", nargs="*", metavar="KEY")
    arguments.add_argument("--part", nargs="+", choices=_READ, default=_READ, metavar="PART")
    chosen = arguments.parse_args()
    criteria = load_criteria()
    if unknown := [key for key in chosen.keys if key not in criteria]:
        arguments.error(f"no such criterion: {', '.join(unknown)}")
    texts = {part: corpus(part) for part in chosen.part}
    write = sys.stdout.write
    write("criterion\tline\tkind\tright\twrong\talone right\talone wrong\tright in\tpattern\n")
    for row in rows(criteria, chosen.keys or criteria.by_key, load_knowledge(), texts):
        kind = "hint" if row.hint else "pattern"
        figures = f"{row.right}\t{row.wrong}\t{row.alone_right}\t{row.alone_wrong}"
        write(f"{row.criterion}\t{row.line}\t{kind}\t{figures}\t{' '.join(row.parts)}\t{row.pattern}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
