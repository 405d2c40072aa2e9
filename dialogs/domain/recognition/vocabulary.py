"""Which words of the patterns a token is: inflected, separable, compound, or with one typing error."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache

import simplemma
import snowballstemmer
from rapidfuzz.distance import OSA

from dialogs.domain.recognition.tokens import Token, plain

#: Particles that Dutch verbs leave behind or carry in front.
# fmt: off
PARTICLES = frozenset(
    {
        "aan", "achter", "achterna", "af", "bij", "binnen", "bijeen", "door", "dicht",
        "heen", "in", "klaar", "langs", "lastig", "los", "mee", "mis", "na",
        "neer", "om", "onder", "op", "open", "over", "rond", "samen", "stil",
        "tegen", "terug", "thuis", "toe", "uit", "vast", "voor", "voorbij", "vrij",
        "weg",
    }
)
# fmt: on
#: `=eigennaam` in a pattern: a word with a capital that neither the dictionary nor any pattern knows, as a name is.
NAME = "eigennaam"
#: Shorter words have too many neighbours to guess at a typing error.
_SHORTEST_TYPO = 6
#: Before these a particle is a preposition: sluit in de kast.
# fmt: off
_DETERMINERS = frozenset(
    {
        "de", "het", "een", "zijn", "haar", "hun", "mijn", "ons", "onze", "uw", "jouw", "die", "dat", "deze", "dit",
        "hem", "hen", "mij", "me", "jou", "elke", "iedere", "alle", "welke", "zo", "elk",
    }
)
# fmt: on
#: How many words a separable verb may stand away from its particle.
_REACH = 12

_stem: Callable[[str], str] = snowballstemmer.stemmer("dutch").stemWord  # pyright: ignore -- the library is untyped


@lru_cache(maxsize=65536)
def lemma(written: str) -> str:
    """Return the dictionary form, plain: `opgesloten` gives `opsluiten`."""
    return plain(simplemma.lemmatize(written, lang="nl"))


@lru_cache(maxsize=65536)
def is_dutch(written: str) -> bool:
    """Whether the dictionary holds the word."""
    return simplemma.is_known(written, lang="nl")


@lru_cache(maxsize=65536)
def is_participle(written: str) -> bool:
    """Whether the word is a past participle with `ge`: gesloten, afgepakt."""
    form, base = plain(written), lemma(written)
    place = form.find("ge")
    return (
        place in {0, *range(2, 8)}
        and (not place or form[:place] in PARTICLES)
        and base != form
        and base.endswith("n")
        and not base.startswith("ge", place)
    )


def _is_diminutive(written: str) -> bool:
    """Whether the word is a diminutive that makes a word of its own: uurtje, ventje, pasje."""
    return written.endswith("je") and not lemma(written).endswith("je")


def pattern_keys(word: str) -> frozenset[str]:
    """Return the keys of a word of a pattern: a participle stands for itself, gebroken is not breken.

    So does a diminutive: `uurtje` is no uur. A text that says mobieltje still says `mobiel`.
    """
    found = {plain(word)}
    if not is_participle(word) and not _is_diminutive(word):
        found.add(lemma(word))
    return frozenset(found) if is_dutch(word) else frozenset(found | {"~" + _stem(plain(word))})


@lru_cache(maxsize=65536)
def keys(written: str) -> frozenset[str]:
    """Return the plain forms under which a word of a text is looked up."""
    form = plain(written)
    found = {form, lemma(written)}
    for ending in ("tjes", "tje", "pjes", "pje", "jes", "je"):
        if form.endswith(ending) and len(form) > len(ending) + 3:
            found.add(form.removesuffix(ending))
            break
    if not is_dutch(written):
        found.add("~" + _stem(form))
    return frozenset(found)


@lru_cache(maxsize=65536)
def separable_keys(written: str) -> frozenset[str]:
    """Return `particle+verb` for every way to read the word as one: `afgepakt` gives `af+pakken`."""
    base = lemma(written)
    found: set[str] = set()
    for form in {plain(written), base}:
        for length in range(2, min(len(form) - 2, 10)):
            particle, rest = form[:length], form[length:]
            if particle in PARTICLES:
                found.add(f"{particle}+{lemma(rest)}")
                if rest.startswith("te") and len(rest) > 5:  # noqa: PLR2004 -- af-te-pakken written as one word
                    found.add(f"{particle}+{lemma(rest[2:])}")
    return frozenset(found)


#: How many amounts are remembered: a bound on memory, no rule.
_MOST_AMOUNTS = 10_000


class Vocabulary:
    """All words of all patterns, each known by a number."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._by_key: dict[str, set[int]] = defaultdict(set)
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._separable: dict[str, int] = {}
        self._split: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._beginnings: dict[str, set[int]] = defaultdict(set)
        self._endings: dict[str, set[int]] = defaultdict(set)
        self._inside: dict[str, set[int]] = defaultdict(set)
        self._known_amounts: dict[float, frozenset[int]] = {}
        self._ranges: list[tuple[float, float, int]] = []
        self._ranges_apart: list[tuple[float, float, int]] = []
        self._misspelt: dict[str, set[str]] = defaultdict(set)
        self._cache: dict[str, frozenset[int]] = {}

    def add(self, word: str, number: int) -> None:
        """Make a word of the pattern language known under `number`."""
        if word.startswith("="):
            self._exact[plain(word)].add(number)
        elif "*" in word:
            kinds = {(False, True): self._beginnings, (True, False): self._endings, (True, True): self._inside}
            kinds[word[0] == "*", word[-1] == "*"][plain(word)].add(number)
        elif "+" in word:
            particle, verb = word.split("+")
            for infinitive in {plain(verb), lemma(verb)}:
                self._separable[f"{particle}+{infinitive}"] = number
                self._split[infinitive].append((particle, number))
        elif "-" in word:
            low, high = word.strip("()").split("-")
            (self._ranges_apart if word[0] == "(" else self._ranges).append((float(low), float(high), number))
        else:
            for key in pattern_keys(word):
                self._by_key[key].add(number)
            for form in {plain(word)} if is_participle(word) else {plain(word), lemma(word)}:
                if len(form) >= _SHORTEST_TYPO and not form.isdigit():
                    for shorter in _deletions(form):
                        self._misspelt[shorter].add(form)

    def read(self, token: Token) -> frozenset[int]:
        """Return the numbers of the words that the token is."""
        found = self._cache.get(token.written)
        if found is None:
            if len(self._cache) > 50_000:  # noqa: PLR2004 -- a bound on memory, no rule
                self._cache.clear()
            amounts = frozenset[int]() if token.value is None else self._amounts(token.value)
            found = self._cache[token.written] = amounts.union(self._read(token))
        if token.capital and not found and not is_dutch(token.written):
            return frozenset(self._exact.get(NAME, ()))
        return found

    def _amounts(self, value: float) -> frozenset[int]:
        """Return the ranges that a value lies in."""
        found = self._known_amounts.get(value)
        if found is None:
            if len(self._known_amounts) > _MOST_AMOUNTS:
                self._known_amounts.clear()
            found = frozenset(number for low, high, number in self._ranges if low <= value <= high)
            self._known_amounts[value] = found
        return found

    def read_apart(self, token: Token) -> frozenset[int]:
        """Return the ranges that only hold a number that stands apart, as an age does: Esra (15), Sanne, vijftien."""
        return frozenset(number for low, high, number in self._ranges_apart if low <= (token.value or 0) <= high)

    def _read(self, token: Token) -> Iterator[int]:
        yield from self._exact.get(token.form, ())
        if token.form[:1].isdigit():  # nothing to inflect, to take apart or to misspell
            yield from self._by_key.get(token.form, ())
            return
        known = False
        for key in keys(token.written):
            matches = self._by_key.get(key, ())
            known = known or bool(matches)
            yield from matches
        for key in separable_keys(token.written):
            if key in self._separable:
                yield self._separable[key]
        for number in self._open_words(token.form):
            known = True
            yield number
        if not known and len(token.form) >= _SHORTEST_TYPO and not is_dutch(token.written):
            yield from self._guess(token.form)

    def _open_words(self, form: str) -> Iterator[int]:
        """Yield the words with a star that a form begins with, ends with or holds."""
        for place in range(1, len(form) + 1):
            yield from self._beginnings.get(form[:place], ())
            yield from self._endings.get(form[-place:], ())
        for part, numbers in self._inside.items():
            if part in form:
                yield from numbers

    def _guess(self, form: str) -> Iterator[int]:
        candidates = {meant for shorter in _deletions(form) for meant in self._misspelt.get(shorter, ())}
        for meant in candidates:
            if meant[0] == form[0] and OSA.distance(form, meant, score_cutoff=1) <= 1:
                yield from self._by_key.get(meant, ())

    def split_verbs(self, written: str) -> list[tuple[str, int]]:
        """Return (particle, number) for every separable verb whose verb part the word is; a participle is never."""
        return [] if is_participle(written) else self._split.get(lemma(written), [])

    def joined(self, first: Token, second: Token) -> frozenset[int]:
        """Return the words that two tokens are together: `id kaart`, `bank pas`; short ones would be `in een`."""
        joined = first.form + second.form
        return frozenset(self._by_key.get(joined, ())) if len(joined) >= _SHORTEST_TYPO else frozenset()


def _deletions(form: str) -> set[str]:
    return {form} | {form[:place] + form[place + 1 :] for place in range(min(len(form), 24))}


def particle_after(tokens: tuple[Token, ...], place: int, particle: str) -> int | None:
    """Return where the particle of a split verb at `place` stands, or None."""
    for other in range(place + 1, min(place + 1 + _REACH, len(tokens))):
        if tokens[other].form == particle and not (
            other + 1 < len(tokens) and tokens[other + 1].form in _DETERMINERS and not tokens[other + 1].after_pause
        ):
            return other
    return None
