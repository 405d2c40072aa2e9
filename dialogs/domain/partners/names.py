"""Who is meant: names, abbreviations, old names, topics and forms of exploitation, with typing errors."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dialogs.domain.partners.partner import Partner
from dialogs.domain.partners.words import AMBIGUOUS, FORM_WORDS, GENERIC, STOPWORDS, words_of

#: What it says of a partner that a word was used; tuned on the questions in tests/corpus/lookup.
_NAME = 1.2
_TOPIC = 0.5
_FORM = 0.5
_FAINT = 0.35
#: Each further step of a form's route weighs this much less: with the first, the second is shown and the third is not.
_PER_STEP = 0.07
_PER_EXTRA_WORD = 0.1
_LONGEST_NAME = 4
#: From this length on one wrong letter is forgiven, and from the second one in five. A part counts for less.
_FORGIVEN_FROM = 4
_FREELY_FORGIVEN_FROM = 5
_ONE_LETTER = 0.74
_ONE_IN_FIVE = 0.78
_ALIKE = 0.6
_PART_FROM = 6
_PART = 0.8


@dataclass(frozen=True, slots=True)
class Hit:
    """Words `start` to `end` of a question point to the partner `key`; `by_name`: with a whole name of it."""

    start: int
    end: int
    key: str
    score: float
    by_name: bool


class Names:
    """An index of all words for all partners; built once, asked often."""

    def __init__(self, partners: Iterable[Partner]) -> None:
        self._entries: dict[str, dict[str, float]] = defaultdict(dict)
        for partner in partners:
            for text in (partner.key, partner.name, *partner.aliases, *(each.number for each in partner.numbers)):
                self._add(text, partner.key, _NAME)
            for text in partner.topics:
                self._add(text, partner.key, _TOPIC)
            for step in partner.route:
                for text in FORM_WORDS[step.form]:
                    self._add(text, partner.key, _FORM - _PER_STEP * (step.order - 1))
        self._sorted = sorted(self._entries)
        self._forgiving = [entry for entry in self._sorted if self._is_forgiving(entry)]

    def _is_forgiving(self, entry: str) -> bool:
        """Short words that are no name resemble too many others: "nier" and "niet"."""
        least = _FORGIVEN_FROM if max(self._entries[entry].values()) >= _NAME else _FREELY_FORGIVEN_FROM
        return len(entry) >= least and not entry.isdigit()

    def _add(self, text: str, key: str, weight: float) -> None:
        joined = _joined(words_of(text)).casefold()
        if joined in AMBIGUOUS:
            self._note(joined.upper(), key, weight)
        self._note(joined, key, _FAINT if joined in AMBIGUOUS | GENERIC else weight)

    def _note(self, entry: str, key: str, weight: float) -> None:
        if entry:
            self._entries[entry][key] = max(weight, self._entries[entry].get(key, 0))

    def hits(self, words: Sequence[str]) -> list[Hit]:
        """Everything that the words point to; of two overlapping hits on one partner the better one."""
        content = [(place, word) for place, word in enumerate(words) if word not in STOPWORDS]
        best: list[Hit] = []
        found = sorted(self._windows(content), key=lambda hit: (-hit.score, hit.start))
        for hit in found:
            if not any(hit.key == known.key and hit.start < known.end and known.start < hit.end for known in best):
                best.append(hit)
        return best

    def scores(self, words: Sequence[str]) -> dict[str, float]:
        """How much the words point to each partner; without those they do not point to."""
        scores: dict[str, float] = defaultdict(float)
        for hit in self.hits(words):
            scores[hit.key] += hit.score
        return dict(scores)

    def nearest(self, words: Sequence[str]) -> list[str]:
        """The keys of partners with a word that looks like these in six letters of ten, best first."""
        alike = process.extract(
            _joined(words), self._sorted, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=5
        )
        return [key for entry, _, _ in alike for key in self._entries[entry]]

    def _windows(self, content: Sequence[tuple[int, str]]) -> Iterator[Hit]:
        exact: set[int] = set()
        for size in range(min(_LONGEST_NAME, len(content)), 0, -1):
            for at in range(len(content) - size + 1):
                window = content[at : at + size]
                places = {place for place, _ in window}
                word = _joined([word for _, word in window])
                if word in self._entries:
                    exact |= places
                    yield from self._hits(window, word, 1.0)
                elif not places <= exact:
                    yield from self._alike(window, word)

    def _alike(self, window: Sequence[tuple[int, str]], word: str) -> Iterator[Hit]:
        if any(character.isdigit() for character in word):
            return
        if len(word) >= _FORGIVEN_FROM:
            cutoff = _ONE_IN_FIVE if len(word) >= _FREELY_FORGIVEN_FROM else _ONE_LETTER
            for entry, similarity, _ in process.extract(
                word, self._forgiving, scorer=OSA.normalized_similarity, score_cutoff=cutoff, limit=5
            ):
                yield from self._hits(window, entry, similarity)
        for part in self._parts(word):
            yield from self._hits(window, part, _PART, whole=False)

    def _parts(self, word: str) -> Iterator[str]:
        """What begins with this word ("arbeidsinsp"), and what begins or ends it ("marechausseepost", "noodopvang")."""
        if len(word) < _PART_FROM:
            return
        first = bisect_left(self._sorted, word)
        for entry in self._sorted[first : first + 3]:
            if entry.startswith(word) and len(entry) <= 2 * len(word):
                yield entry
        for cut in range(1, len(word)):
            for part in (word[:cut], word[cut:]):
                if len(part) >= _PART_FROM and part in self._entries:
                    yield part

    def _hits(
        self, window: Sequence[tuple[int, str]], entry: str, similarity: float, *, whole: bool = True
    ) -> Iterator[Hit]:
        longer = 1 + _PER_EXTRA_WORD * (len(window) - 1)
        for key, weight in self._entries[entry].items():
            by_name = weight >= _NAME and whole
            yield Hit(window[0][0], window[-1][0] + 1, key, weight * similarity * longer, by_name)


def _joined(words: Sequence[str]) -> str:
    """Words without what tells nothing, in one piece: "zorg coördinator" is "zorgcoordinator"."""
    telling = [word for word in words if word not in STOPWORDS]
    return "".join(telling or words)
