"""What stands around a match: the clauses of its sentence, what denies them, and what makes them not real."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dialogs.domain.recognition.matching import Match
from dialogs.domain.recognition.tokens import Sentence, Token, plain
from dialogs.domain.recognition.vocabulary import is_participle, lemma

#: How far `geen` and `zonder` reach over the words that follow.
_REACH_OF_NO = 6
#: `en` and `of` open a clause when a verb or a subject stands this close behind them.
_VERB_AFTER_AND = 5
#: A participle without `ge`: bedreigd, mishandeld. Finite it would end in a t.
_PARTICIPLE = re.compile(r"(?:be|ver|ont|her|mis).{2,}d")
#: What follows a comma is a clause when a verb or a subject stands this close behind it.
_VERB_AFTER_PAUSE = 11


@dataclass(frozen=True, slots=True)
class ClauseRules:
    """Plain word forms that divide sentences into clauses."""

    contrasts: frozenset[str]  #: words that open a clause to which nothing said before applies
    openers: frozenset[str]  #: words that open a clause
    joiners: frozenset[str]  #: words that open one only before a verb or a subject
    verbs: frozenset[str]  #: finite verbs and subject pronouns

    @classmethod
    def of(cls, **words: tuple[str, ...]) -> "ClauseRules":
        """Make rules from words as people spell them."""
        return cls(**{name: frozenset(map(plain, listed)) for name, listed in words.items()})


@dataclass(frozen=True, slots=True)
class Layout:
    """For every token of a sentence the number of its clause, and of its part: the clauses up to a contrast."""

    clauses: tuple[int, ...]
    parts: tuple[int, ...]

    def parts_of(self, match: Match) -> range:
        """Return the parts that a match lies in or spans."""
        return range(self.parts[match.first], self.parts[match.last - 1] + 1)


def lay_out(sentence: Sentence, rules: ClauseRules) -> Layout:
    """Divide a sentence into clauses and parts."""
    tokens = sentence.tokens
    verb = tuple(_is_verb(token, rules) for token in tokens)
    clauses: list[int] = []
    parts: list[int] = []
    clause = part = 0
    for place, token in enumerate(tokens):
        contrast = bool(place) and token.form in rules.contrasts and not _is_amount(tokens, place + 1)
        if contrast or (place and _opens(tokens, verb, place, rules)):
            clause += 1
            part += contrast
        clauses.append(clause)
        parts.append(part)
    return Layout(tuple(clauses), tuple(parts))


def _is_amount(tokens: tuple[Token, ...], place: int) -> bool:
    """Whether a number stands here, so that the `maar` before it means only."""
    return place < len(tokens) and tokens[place].value is not None and tokens[place].form != "een"


def _opens(tokens: tuple[Token, ...], verb: tuple[bool, ...], place: int, rules: ClauseRules) -> bool:
    token = tokens[place]
    if token.form in rules.openers or (
        _is_finite(tokens[place - 1]) and _is_finite(token)
    ):  # als ze dat vraagt | zegt hij
        return True
    if token.form in rules.joiners:
        return _has_verb(tokens, verb, place, _VERB_AFTER_AND, rules)
    return token.after_pause and _has_verb(tokens, verb, place, _VERB_AFTER_PAUSE, rules)


def _joins_a_clause(tokens: tuple[Token, ...], verb: tuple[bool, ...], place: int, rules: ClauseRules) -> bool:
    """Whether a verb or a subject follows at once on a word like `en`: it belongs to the clause that begins here."""
    return tokens[place].form in rules.joiners and place + 1 < len(tokens) and verb[place + 1]


def _has_verb(tokens: tuple[Token, ...], verb: tuple[bool, ...], place: int, reach: int, rules: ClauseRules) -> bool:
    """Whether the words from `place` up to the next pause hold a verb: else they only continue a list."""
    for other in range(place, min(place + reach + 1, len(tokens))):
        if other > place and (tokens[other].after_pause or _joins_a_clause(tokens, verb, other, rules)):
            return False
        if verb[other]:
            return True
    return False


def _is_verb(token: Token, rules: ClauseRules) -> bool:
    """Whether the word is a listed verb or subject, or an inflected infinitive; a participle is no verb here."""
    return token.form in rules.verbs or _is_finite(token)


def _is_finite(token: Token) -> bool:
    """Whether the word is inflected from an infinitive, and no participle."""
    base = lemma(token.written)
    inflected = base.endswith("en") and token.form != base and not token.form.startswith("ge")
    return inflected and not is_participle(token.written) and not _PARTICIPLE.fullmatch(token.form)


@dataclass(frozen=True, slots=True)
class Denial:
    """Which tokens of a sentence say no, which of them do so in earnest, and which are denied by those."""

    deniers: frozenset[int]
    harmless: frozenset[int]
    denied: frozenset[int]

    def covers(self, match: Match) -> bool:
        """Whether a matched word is denied; a denial that is itself part of the match is none."""
        return any(start in self.denied for start, _ in match.spans) and self.deniers.isdisjoint(match.tokens)

    def is_in(self, match: Match, layout: Layout) -> bool:
        """Whether a match that says no does so: in one clause, and not harmlessly; one without a denier always does."""
        own = self.deniers.intersection(match.tokens)
        return not own or (not own & self.harmless and layout.clauses[match.first] == layout.clauses[match.last - 1])


def denial(layout: Layout, around: Iterable[Match], ahead: Iterable[Match], harmless: Iterable[Match]) -> Denial:
    """Find what is denied: the clause of a match of `around`, and some words after one of `ahead`.

    One of `ahead` with nothing behind it points back over its clause: blauwe plekken: geen. A denial inside a match of
    `harmless` is none: niet alleen, geen twijfel.
    """
    clauses = layout.clauses
    free = frozenset(place for match in harmless for place in range(match.first, match.last))
    deniers: set[int] = set()
    denied: set[int] = set()
    for match in around:
        clause = clauses[match.first]
        deniers.update(match.tokens)
        if match.first not in free and clauses[match.last - 1] == clause:
            denied.update(place for place, number in enumerate(clauses) if number == clause)
    for match in ahead:
        deniers.update(match.tokens)
        if match.first not in free:
            clause = clauses[match.last - 1]
            reach = range(match.last, min(match.last + _REACH_OF_NO, len(clauses)))
            behind = [place for place in reach if clauses[place] == clause]
            denied.update(behind or (place for place, number in enumerate(clauses) if number == clause))
    return Denial(frozenset(deniers), free, frozenset(denied))
