"""Patterns over the chart of a sentence: which words together are a match."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dialogs.domain.recognition.grammar import Chart, Grammar
from dialogs.domain.recognition.patterns import Link, Pattern, PatternInvalid, parse_pattern

#: The first token and the one just after the last.
Span = tuple[int, int]
#: A term that stands in more places of one sentence than this is not looked at further: a bound on the work.
_MOST_PLACES = 12
#: Words further apart than this tell of different things more often than of one (judged in November 2026).
_LONGEST_MATCH = 20


@dataclass(frozen=True, slots=True)
class Match:
    """The places (first, just after last) of the terms of one pattern in one sentence."""

    spans: tuple[tuple[int, int], ...]
    group: int = 0
    pattern: int = 0  #: the number of the pattern that matched

    @property
    def first(self) -> int:
        """The first token of the match."""
        return min(start for start, _ in self.spans)

    @property
    def last(self) -> int:
        """The token just after the match."""
        return max(end for _, end in self.spans)

    @property
    def tokens(self) -> Iterator[int]:
        """The tokens of the terms, without what stands between them."""
        return (place for start, end in self.spans for place in range(start, end))


@dataclass(frozen=True, slots=True)
class CompiledPattern:
    """A pattern as symbols and bits."""

    terms: tuple[int, ...]
    links: tuple[Link, ...]
    group: int
    number: int
    needed: int
    forbidden: int
    nearby: int
    some: tuple[int, ...] = ()
    some_mask: int = 0
    least: int = 0

    def may_match(self, mask: int, missing: int) -> bool:
        """Whether a sentence with these terms, and without those missing, can hold the pattern."""
        if self.needed & missing or self.forbidden & mask:
            return False
        return not self.least or (self.some_mask & mask).bit_count() >= self.least


class Scene:
    """What a sentence holds: all terms as bits, by group what can match, and where a term stands."""

    def __init__(
        self,
        found: dict[int, list[list[Span]]],
        mask: int,
        candidates: dict[int, list[CompiledPattern]],
    ) -> None:
        self._found = found
        self._places: dict[int, list[Span]] = {}
        self.mask = mask
        self.candidates = candidates

    def places(self, term: int) -> list[Span]:
        """Return the first places where a term stands."""
        places = self._places.get(term)
        if places is None:
            longest: dict[int, int] = {}
            for spans in self._found.get(term, ()):
                for start, end in spans:
                    longest[start] = max(longest.get(start, 0), end)
            places = self._places[term] = sorted(longest.items())[:_MOST_PLACES]
        return places


class Matcher:
    """Groups of patterns, compiled once; a sentence only meets the patterns whose first term stands in it."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._bits: dict[int, int] = {}
        self._by_first: dict[int, list[CompiledPattern]] = defaultdict(list)
        self._words: dict[int, tuple[int, frozenset[int], frozenset[int]]] = {}
        self._groups = 0
        self._patterns = 0

    def compile(self, sources: Iterable[str]) -> int:
        """Read patterns and return the number of their group. Raises `PatternInvalid` that holds the pattern."""
        self._groups += 1
        for source in sources:
            try:
                compiled = self._compile(parse_pattern(source), self._groups)
            except PatternInvalid as error:
                error.source = source
                raise
            self._by_first[compiled.terms[0]].append(compiled)
        return self._groups

    def _compile(self, pattern: Pattern, group: int) -> CompiledPattern:
        self._patterns += 1
        terms = tuple(self._grammar.term(term) for term in pattern.terms)
        some = tuple(self._grammar.term(term) for term in pattern.some)
        return CompiledPattern(
            terms,
            pattern.links,
            group,
            self._patterns,
            self._mask(terms),
            self._mask(self._grammar.term(term) for term in pattern.absent),
            self._mask(self._grammar.term(term) for term in pattern.nearby),
            some,
            self._mask(some),
            pattern.least,
        )

    def _mask(self, symbols: Iterable[int]) -> int:
        mask = 0
        for symbol in symbols:
            mask |= self._bits.setdefault(symbol, 1 << len(self._bits))
        return mask

    def scene(self, chart: Chart) -> Scene:
        """Collect the words of a sentence, and the patterns that have all their terms in it."""
        found: dict[int, list[Span]] = defaultdict(list)
        for start, words in enumerate(chart):
            for word, ends in words.items():
                found[word].append((start, max(ends)))
        mask = 0
        firsts: set[int] = set()
        for word in found:
            bits, _, first = self._known(word)
            mask |= bits
            firsts |= first
        missing = ~mask
        candidates: dict[int, list[CompiledPattern]] = defaultdict(list)
        wanted: set[int] = set()
        for symbol in sorted(firsts):
            for pattern in self._by_first[symbol]:
                if pattern.may_match(mask, missing):
                    candidates[pattern.group].append(pattern)
                    wanted.update(pattern.terms, pattern.some)
        places: dict[int, list[list[Span]]] = defaultdict(list)
        for word, spans in found.items():
            for term in self._known(word)[1] & wanted:
                places[term].append(spans)
        return Scene(places, mask, candidates)

    def _known(self, word: int) -> tuple[int, frozenset[int], frozenset[int]]:
        """Return all terms that a word stands for as bits and as symbols, and those that begin a pattern."""
        known = self._words.get(word)
        if known is None:
            terms = frozenset(symbol for symbol in self._grammar.closure(word) if symbol in self._bits)
            firsts = frozenset(symbol for symbol in terms if symbol in self._by_first)
            known = self._words[word] = self._mask(terms), terms, firsts
        return known

    @staticmethod
    def matches(group: int, scene: Scene, around: int) -> Iterator[Match]:
        """Yield the matches of a group in a sentence; `around` holds the terms of the sentences near it as bits."""
        for pattern in scene.candidates.get(group, ()):
            if pattern.nearby & ~around:
                continue
            places = [scene.places(term) for term in pattern.terms]
            for anchor in places[0]:
                spans = _extend(anchor, places, pattern.links)
                if spans is not None and pattern.least:
                    spans = _with_some(spans, [scene.places(term) for term in pattern.some], pattern.least)
                if spans is not None and _extent(spans) <= _LONGEST_MATCH:
                    yield Match(spans, group, pattern.number)


def _extend(anchor: Span, places: Sequence[Sequence[Span]], links: Sequence[Link]) -> tuple[Span, ...] | None:
    """Take for each next term the nearest place that its link allows and that is not taken."""
    spans = [anchor]
    for options, link in zip(places[1:], links[1:], strict=True):
        fitting = [
            (_gap(spans[-1], span), span)
            for span in options
            if _allows(link, spans[-1], span) and all(end <= span[0] or span[1] <= start for start, end in spans)
        ]
        if not fitting:
            return None
        spans.append(min(fitting)[1])
    return tuple(spans)


def _with_some(spans: tuple[Span, ...], options: Iterable[Sequence[Span]], least: int) -> tuple[Span, ...] | None:
    """Add the nearest free place of `least` further terms, the nearest terms first."""
    found: list[Span] = list(spans)
    nearest = sorted(
        (min(_gap(spans[0], place) for place in places), number, places)
        for number, places in enumerate(options)
        if places
    )
    for _, _, places in nearest:
        free = [place for place in places if all(end <= place[0] or place[1] <= start for start, end in found)]
        if free:
            found.append(min(free, key=lambda place: _gap(spans[0], place)))
        if len(found) == len(spans) + least:
            return tuple(found)
    return None


def _extent(spans: tuple[Span, ...]) -> int:
    return max(end for _, end in spans) - min(start for start, _ in spans)


def _gap(before: Span, span: Span) -> int:
    return span[0] - before[1] if span[0] >= before[1] else before[0] - span[1]


def _allows(link: Link, before: Span, span: Span) -> bool:
    if link.in_order and span[0] < before[1]:
        return False
    return _gap(before, span) <= link.distance
