"""Word lists and phrases over the vocabulary, and the chart that finds them all in one pass over a sentence."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from dialogs.domain.recognition.patterns import PatternInvalid, Term, parse_term
from dialogs.domain.recognition.tokens import Sentence, Token
from dialogs.domain.recognition.vocabulary import Vocabulary, particle_after

#: How many small words may stand between two words of a phrase.
_FILLERS_BETWEEN = 2
#: A phrase that can end in more places than this is cut off: a bound on the work, no rule.
_MOST_ENDS = 4

#: How many pairs of words are remembered: a bound on memory, no rule.
_MOST_PAIRS = 200_000

#: For every place in a sentence: word or phrase -> places just after where it can end. What lists and terms these
#: stand for is left to `Grammar.closure`: a common word stands for hundreds.
Chart = list[dict[int, list[int]]]


class Grammar:
    """Gives every word, list, phrase and term a number (its symbol) and finds symbols in sentences."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]], fillers: frozenset[str]) -> None:
        self._vocabulary = Vocabulary()
        self._fillers = fillers
        self._symbols: dict[str, int] = {}
        self._owners: dict[int, list[int]] = defaultdict(list)
        #: first symbol -> second symbol -> phrases that begin so, with what follows
        self._phrases: dict[int, dict[int, list[tuple[int, tuple[int, ...]]]]] = defaultdict(lambda: defaultdict(list))
        self._closures: dict[int, frozenset[int]] = {}
        self._readings: dict[frozenset[int], int] = {}
        self._starting: dict[int, tuple[int, ...]] = {}
        self._pairs: dict[tuple[int, int], tuple[tuple[int, tuple[int, ...]], ...]] = {}
        self._lists = frozenset(lists)
        for name, members in lists.items():
            symbol = self._symbol(f"@{name}")
            for member in members:
                for alternative in parse_term(member).alternatives:
                    self._owners[self._alternative(alternative)].append(symbol)

    def term(self, term: Term) -> int:
        """Return the symbol of a term. Raises `PatternInvalid` where it names a list that does not exist."""
        symbols = [self._alternative(alternative) for alternative in term.alternatives]
        if len(symbols) == 1:
            return symbols[0]
        name = "|".join("_".join(alternative) for alternative in term.alternatives)
        if name not in self._symbols:
            symbol = self._symbol(name)
            for alternative in dict.fromkeys(symbols):
                self._owners[alternative].append(symbol)
        return self._symbols[name]

    def _symbol(self, name: str) -> int:
        return self._symbols.setdefault(name, len(self._symbols))

    def _alternative(self, parts: tuple[str, ...]) -> int:
        numbers = tuple(map(self._part, parts))
        if len(numbers) == 1:
            return numbers[0]
        name = "_".join(parts)
        if name not in self._symbols:
            self._phrases[numbers[0]][numbers[1]].append((self._symbol(name), numbers[2:]))
        return self._symbols[name]

    def _part(self, part: str) -> int:
        if part.startswith("@"):
            if part[1:] not in self._lists:
                raise PatternInvalid(f"there is no word list {part}")
            return self._symbol(part)
        if part not in self._symbols:
            self._vocabulary.add(part, self._symbol(part))
        return self._symbols[part]

    def chart(self, sentence: Sentence) -> Chart:
        """Return where every word and phrase begins and ends; one pass from right to left."""
        tokens = sentence.tokens
        chart: Chart = [{} for _ in tokens]
        for place in range(len(tokens) - 1, -1, -1):
            agenda = list(self._words_at(tokens, place))
            here = chart[place]
            while agenda:
                word, end = agenda.pop()
                ends = here.setdefault(word, [])
                if end in ends or len(ends) == _MOST_ENDS:
                    continue
                ends.append(end)
                if self._starts(word):
                    agenda.extend(self._phrases_from(word, end, tokens, chart))
        return chart

    def closure(self, symbol: int) -> frozenset[int]:
        """Return the symbol, the lists and terms it is an alternative of, and so on upwards."""
        known = self._closures.get(symbol)
        if known is None:
            found = {symbol}
            agenda = [symbol]
            while agenda:
                for owner in self._owners.get(agenda.pop(), ()):
                    if owner not in found:
                        found.add(owner)
                        agenda.append(owner)
            known = self._closures[symbol] = frozenset(found)
        return known

    def _together(self, readings: frozenset[int]) -> int:
        """Return one symbol for all that a token is: a number lies in dozens of ranges."""
        symbol = self._readings.get(readings)
        if symbol is None:
            symbol = self._readings[readings] = -len(self._readings) - 1
            self._closures[symbol] = frozenset(owner for reading in readings for owner in self.closure(reading))
        return symbol

    def _starts(self, word: int) -> tuple[int, ...]:
        """Return what of the closure of a word begins a phrase."""
        known = self._starting.get(word)
        if known is None:
            known = self._starting[word] = tuple(symbol for symbol in self.closure(word) if symbol in self._phrases)
        return known

    def _words_at(self, tokens: tuple[Token, ...], place: int) -> Iterator[tuple[int, int]]:
        token = tokens[place]
        readings = self._vocabulary.read(token)
        if _stands_apart(tokens, place):
            readings |= self._vocabulary.read_apart(token)
        if readings:
            yield self._together(readings), place + 1
        if (
            place + 1 < len(tokens)
            and not tokens[place + 1].after_pause
            and tokens[place + 1].form not in self._fillers
        ):
            for number in self._vocabulary.joined(token, tokens[place + 1]):
                yield number, place + 2
        for particle, number in self._vocabulary.split_verbs(token.written):
            te = place > 1 and tokens[place - 1].form == "te" and tokens[place - 2].form == particle
            if te or particle_after(tokens, place, particle) is not None:
                yield number, place + 1

    def _phrases_from(self, first: int, end: int, tokens: tuple[Token, ...], chart: Chart) -> Iterator[tuple[int, int]]:
        """Yield (phrase, place just after it) for the phrases that begin with a word that ends at `end`."""
        for start in self._next_places(end, tokens):
            for word, ends in chart[start].items():
                for phrase, rest in self._going_on(first, word):
                    for after in ends:
                        for last in self._ends_of(rest, after, tokens, chart):
                            yield phrase, last

    def _going_on(self, first: int, word: int) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Return the phrases that begin with one word and go on with another, each with what still follows."""
        known = self._pairs.get((first, word))
        if known is None:
            if len(self._pairs) > _MOST_PAIRS:
                self._pairs.clear()
            seconds = self.closure(word)
            following = [self._phrases[symbol] for symbol in self._starts(first)]
            known = tuple(
                dict.fromkeys(
                    each for phrases in following for second in phrases.keys() & seconds for each in phrases[second]
                )
            )
            self._pairs[first, word] = known
        return known

    def _ends_of(self, rest: tuple[int, ...], place: int, tokens: tuple[Token, ...], chart: Chart) -> Iterator[int]:
        """Yield where the rest of a phrase can end that goes on at `place`."""
        if not rest:
            yield place
            return
        for start in self._next_places(place, tokens):
            for word, ends in chart[start].items():
                if rest[0] in self.closure(word):
                    for end in ends:
                        yield from self._ends_of(rest[1:], end, tokens, chart)

    def _next_places(self, place: int, tokens: tuple[Token, ...]) -> Iterator[int]:
        """Yield where the next word of a phrase may stand: over small words, and not over a pause."""
        for start in range(place, min(place + _FILLERS_BETWEEN + 1, len(tokens))):
            if tokens[start].after_pause:
                return
            yield start
            if tokens[start].form not in self._fillers:
                return


def _stands_apart(tokens: tuple[Token, ...], place: int) -> bool:
    """Whether a whole number stands between pauses, or begins what goes on with `en` or `pas`; in no row of numbers."""
    value = tokens[place].value
    before = tokens[place - 1] if place else None
    behind = tokens[place + 1] if place + 1 < len(tokens) else None
    begins = before is None or (tokens[place].after_pause and before.value is None)
    ends = behind is None or (behind.after_pause and behind.value is None) or behind.form in {"en", "pas"}
    return begins and ends and value is not None and value == int(value)
