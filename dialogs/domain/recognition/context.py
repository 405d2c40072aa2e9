"""What stands around a match: the clauses of its sentence, and the words that deny it."""

from dataclasses import dataclass

from dialogs.domain.recognition.matching import Match
from dialogs.domain.recognition.tokens import Sentence, Token, plain
from dialogs.domain.recognition.vocabulary import lemma

#: How far `geen` and `zonder` reach over the words that follow.
_REACH_OF_NO = 6
#: `en` and `of` open a clause when a verb or a subject stands this close behind them.
_VERB_AFTER_AND = 5


@dataclass(frozen=True, slots=True)
class ClauseRules:
    """Plain word forms that divide sentences into clauses and that deny."""

    openers: frozenset[str]  #: words that open a clause
    joiners: frozenset[str]  #: words that open one only before a verb or a subject
    verbs: frozenset[str]  #: finite verbs and subject pronouns
    around: frozenset[str]  #: words that deny the whole clause
    ahead: frozenset[str]  #: words that deny what follows them
    harmless: frozenset[str]  #: words after `niet` that make it no denial: niet alleen, niet eens

    @classmethod
    def of(cls, **words: tuple[str, ...]) -> "ClauseRules":
        """Make rules from words as people spell them."""
        return cls(**{name: frozenset(map(plain, listed)) for name, listed in words.items()})


def clauses(sentence: Sentence, rules: ClauseRules) -> tuple[int, ...]:
    """Return for every token the number of its clause."""
    tokens = sentence.tokens
    numbers: list[int] = []
    clause = 0
    for place, token in enumerate(tokens):
        if place and _opens(tokens, place, token, rules):
            clause += 1
        numbers.append(clause)
    return tuple(numbers)


def _opens(tokens: tuple[Token, ...], place: int, token: Token, rules: ClauseRules) -> bool:
    if token.form in rules.openers:
        return True
    if token.form in rules.joiners:
        return any(_is_verb(other, rules) for other in tokens[place + 1 : place + 1 + _VERB_AFTER_AND])
    return token.after_pause and _has_verb(tokens, place, rules)


def _has_verb(tokens: tuple[Token, ...], place: int, rules: ClauseRules) -> bool:
    """Whether the words from `place` up to the next pause hold a verb: else they only continue a list."""
    for other in range(place, min(place + 12, len(tokens))):
        if other > place and tokens[other].after_pause:
            return False
        if _is_verb(tokens[other], rules):
            return True
    return False


def _is_verb(token: Token, rules: ClauseRules) -> bool:
    """Whether the word is a listed verb or subject, or an inflected infinitive; a participle is no verb here."""
    if token.form in rules.verbs:
        return True
    base = lemma(token.written)
    return base.endswith("en") and token.form != base and not token.form.startswith("ge")


def is_denied(match: Match, sentence: Sentence, numbers: tuple[int, ...], rules: ClauseRules) -> bool:
    """Whether the clause of a matched word denies it; a denial that is itself part of the match is none."""
    tokens = sentence.tokens
    inside = {place for start, end in match.spans for place in range(start, end)}
    deniers = rules.around | rules.ahead
    if any(tokens[place].form in deniers for place in inside):
        return False
    starts = [start for start, _ in match.spans]
    for place, token in enumerate(tokens):
        if token.form in rules.ahead:
            if any(place < start <= place + _REACH_OF_NO and numbers[start] == numbers[place] for start in starts):
                return True
        elif token.form in rules.around and any(numbers[start] == numbers[place] for start in starts):
            following = tokens[place + 1].form if place + 1 < len(tokens) else ""
            if following not in rules.harmless:
                return True
    return False
