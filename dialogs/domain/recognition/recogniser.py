"""Reads free Dutch text by fixed rules: no model, no learned score, every suggestion with the words it was read in.

The stages are sentences, chart, scene, matches, context. Each does bounded work per token, so that reading is linear in
the length of the text.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import partial

from dialogs.domain.bsn import find_bsn
from dialogs.domain.criteria import Criteria, CriteriaInvalid, Criterion
from dialogs.domain.recognition.context import ClauseRules, Denial, Layout, denial, lay_out
from dialogs.domain.recognition.grammar import Grammar
from dialogs.domain.recognition.knowledge import Knowledge, KnowledgeInvalid, PatternSet
from dialogs.domain.recognition.matching import Match, Matcher, Scene
from dialogs.domain.recognition.patterns import PatternInvalid
from dialogs.domain.recognition.phone_numbers import find_phone_numbers
from dialogs.domain.recognition.reading import Reading, Suggestion
from dialogs.domain.recognition.tokens import Sentence, Tokeniser, plain

#: Longer texts are read up to here (about eight pages): nobody types more at a desk, and the turn must not wait.
LONGEST_TEXT = 20_000
#: Two words that, with what stands between them, are no more than so many are said in one breath.
_ONE_BREATH = 4
#: Sentences this near count as the surroundings of a sentence.
_NEAR = 2
#: A match that runs through more clauses than this tells of different things: of 13 such on texts that nobody had tuned
#: on, one was right (November 2026).
_MOST_CLAUSES = 3
#: Below this many tokens the language of a text cannot be told.
_FEWEST_TOKENS = 4
#: So many patterns that agree are enough, whatever words they share.
_ENOUGH = 3
#: So many words that stand apart may meet by chance, unless enough patterns agree; one word is there or not.
_BY_CHANCE = 2

NOT_DUTCH = "Ik lees alleen Nederlands. Je tekst blijft staan zoals hij is; ik stel er geen signalen bij voor."
TOO_LONG = f"Je tekst is lang. Ik las de eerste {LONGEST_TEXT:,} tekens; alles blijft bewaard.".replace(",", ".")
NOTHING_TO_READ = "Ik vond geen woorden om te lezen. Wat je schreef, blijft staan."


@dataclass(frozen=True, slots=True)
class _Rules:
    """The compiled patterns of one criterion, as groups of the matcher."""

    key: str
    patterns: int
    hints: int
    unless: int
    denied: int
    gives_way_to: tuple[str, ...] = ()
    asked: bool = False  #: it only leads to a question, so that a question, a what-if or a denial can say it too


@dataclass(frozen=True, slots=True)
class _Seen:
    """One sentence with everything that patterns need."""

    place: int
    sentence: Sentence
    scene: Scene
    around: int
    layout: Layout
    denial: Denial
    refuted: frozenset[int]  #: parts that say it is not so
    unreal: frozenset[int]  #: parts that state nothing here and now: a newspaper, a what-if


#: Where a word stands: the number of its sentence and its place in that.
_Word = tuple[int, int]


class _Evidence:
    """What speaks for one criterion: which words, and how many of its patterns and hints read them.

    On texts that no pattern was written for, what fewer than three patterns read in two words was there in 14 of 57,
    what was read in five words or more in 267 of 285 (November 2026, `tests/benchmarks/README.md`).
    """

    def __init__(self, patterns: int) -> None:
        """`patterns`: the group of those that are no hints."""
        self._patterns = patterns
        self._first: dict[int, frozenset[_Word]] = {}
        self._in_one_breath = False
        self.words: set[_Word] = set()
        #: Hints that are enough: one is too weak alone, and so are two that share more than two thirds of their words.
        self.hints_are_enough = False

    def add(self, place: int, matches: Iterable[Match]) -> None:
        """Count the matches of one sentence; of every pattern the first in the text is remembered."""
        for match in matches:
            words = frozenset((place, token) for token in match.tokens)
            self.words |= words
            if not self.hints_are_enough:
                others = (known for pattern, known in self._first.items() if pattern != match.pattern)
                self.hints_are_enough = any(3 * len(words & known) <= 2 * len(words | known) for known in others)
            self._first.setdefault(match.pattern, words)
            self._in_one_breath |= match.group == self._patterns and match.last - match.first <= _ONE_BREATH
        self.hints_are_enough |= len(self._first) >= _ENOUGH

    @property
    def is_thin(self) -> bool:
        """Whether it may be chance: in the whole text two words, and no pattern that reads them in one breath."""
        return len(self.words) == _BY_CHANCE and len(self._first) < _ENOUGH and not self._in_one_breath


@dataclass(frozen=True, slots=True)
class _Found:
    """What a text says of one criterion: by sentence the shortest match that is not denied."""

    suggested: list[tuple[_Seen, Match]]
    mentioned: list[tuple[_Seen, Match]]  #: the same, and what is not enough to suggest it
    denied: bool  #: whether anything is denied

    @property
    def words(self) -> Set[_Word]:
        """The words in which it is suggested."""
        return frozenset((one.place, token) for one, match in self.suggested for token in match.tokens)


class Recogniser:
    """The suggester by fixed rules. Make it once: compiling takes about a second, reading milliseconds."""

    def __init__(self, criteria: Criteria, knowledge: Knowledge) -> None:
        """Compile all patterns. Raises `CriteriaInvalid` or `KnowledgeInvalid` for a pattern that cannot be read."""
        numbers = {plain(word): value for word, value in knowledge.numbers.items()}
        self._tokeniser = Tokeniser(knowledge.spellings, frozenset(knowledge.abbreviations), numbers)
        self._clause_rules = ClauseRules.of(
            contrasts=knowledge.clauses.contrasts,
            openers=knowledge.clauses.openers,
            joiners=knowledge.clauses.joiners,
            verbs=knowledge.clauses.verbs,
        )
        self._dutch = frozenset(map(plain, knowledge.languages.dutch))
        self._other = frozenset(map(plain, knowledge.languages.other))
        try:
            self._grammar = Grammar(knowledge.lists, frozenset(map(plain, knowledge.fillers)))
            self._matcher = Matcher(self._grammar)
            compiled = self._matcher.compile
            self._around = compiled(knowledge.denial.around)
            self._ahead = compiled(knowledge.denial.ahead)
            self._harmless = compiled(knowledge.denial.harmless)
            self._refuted = compiled(knowledge.denial.refuted)
            self._silence = compiled(knowledge.silence.part)
            self._silence_rest = compiled(knowledge.silence.rest)
            self._back = compiled(knowledge.silence.back)
            self._danger = _Rules(
                "danger",
                compiled(knowledge.danger.recognise),
                compiled(()),
                compiled(knowledge.danger.unless),
                compiled(()),
                asked=True,
            )
            self._now = compiled(knowledge.danger.now)
            self._minor = self._age("minor", knowledge.minor)
            self._young = self._age("young", knowledge.young)
            self._adult = self._age("adult", knowledge.adult)
        except PatternInvalid as error:
            raise KnowledgeInvalid(f"word lists: {error}") from error
        #: Who gives way comes after those that it gives way to.
        self._criteria = tuple(sorted(map(self._rules, criteria), key=lambda rules: bool(rules.gives_way_to)))
        self._urgent = frozenset(criterion.key for criterion in criteria if criterion.acute_if)

    def _age(self, key: str, words: PatternSet) -> _Rules:
        compiled = self._matcher.compile
        return _Rules(key, compiled(words.recognise), compiled(()), compiled(words.unless), compiled(()))

    def _rules(self, criterion: Criterion) -> _Rules:
        try:
            return _Rules(
                criterion.key,
                self._matcher.compile(criterion.patterns),
                self._matcher.compile(criterion.hints),
                self._matcher.compile(criterion.unless),
                self._matcher.compile(criterion.denied),
                criterion.gives_way_to,
            )
        except PatternInvalid as error:
            line = criterion.lines.get(error.source or "", "?")
            raise CriteriaInvalid((f"line {line}: {criterion.key}: {error}",)) from error

    def read(self, text: str) -> Reading:
        """Read a text of any length and language; never raises. Spans are code points of `text`."""
        read = text[:LONGEST_TEXT]
        sentences = tuple(self._tokeniser.sentences(read))
        warnings = tuple(self._warnings(text, sentences))
        bsn, phone_numbers = find_bsn(read), find_phone_numbers(read)
        if not sentences or NOT_DUTCH in warnings:
            return Reading(bsn=bsn, phone_numbers=phone_numbers, warnings=warnings)
        seen = self._look(sentences)
        everything = self._everything(seen)
        suggestions = [
            _suggestion(key, read, one.sentence, match)
            for key, found in everything.items()
            for one, match in found.suggested
        ]
        urgent = [pair for key, found in everything.items() if key in self._urgent for pair in found.mentioned]
        danger = self._danger_in(seen, urgent)
        quote = _suggestion("danger", read, danger[0].sentence, danger[1]).quote if danger else None
        minor, said = self._minority(seen)
        words = _suggestion("minor", read, said[0].sentence, said[1]).quote if said else None
        return Reading(
            suggestions=tuple(sorted(suggestions, key=lambda each: (each.start, each.end, each.criterion))),
            negated=frozenset(key for key, found in everything.items() if found.denied and not found.suggested),
            minor=minor,
            minor_quote=words if minor else None,
            danger=danger is not None,
            danger_quote=quote,
            bsn=bsn,
            phone_numbers=phone_numbers,
            warnings=warnings,
        )

    def mentioned(self, text: str) -> frozenset[str]:
        """Keys of the criteria of which anything is read, be it too little to suggest them: for who edits patterns."""
        seen = self._look(tuple(self._tokeniser.sentences(text[:LONGEST_TEXT])))
        return frozenset(key for key, found in self._everything(seen).items() if found.mentioned)

    def _everything(self, seen: Sequence[_Seen]) -> dict[str, _Found]:
        everything: dict[str, _Found] = {}
        for rules in self._criteria:
            better_said = {word for other in rules.gives_way_to for word in everything[other].words}
            everything[rules.key] = self._find(rules, seen, better_said)
        return everything

    def _warnings(self, text: str, sentences: Sequence[Sentence]) -> Iterator[str]:
        if len(text) > LONGEST_TEXT:
            yield TOO_LONG
        forms = [token.form for sentence in sentences for token in sentence.tokens]
        if not forms:
            yield NOTHING_TO_READ
        elif len(forms) >= _FEWEST_TOKENS and not self._is_dutch(forms):
            yield NOT_DUTCH

    def _is_dutch(self, forms: Sequence[str]) -> bool:
        dutch = sum(form in self._dutch for form in forms)
        other = sum(form in self._other for form in forms)
        return dutch > other or (dutch == other and any(form.isascii() for form in forms))

    def _look(self, sentences: Sequence[Sentence]) -> tuple[_Seen, ...]:
        scenes = [self._matcher.scene(self._grammar.chart(sentence)) for sentence in sentences]
        seen: list[_Seen] = []
        silent = False
        for place, (sentence, scene) in enumerate(zip(sentences, scenes, strict=True)):
            around = 0
            for other in _near(place):
                around |= scenes[other].mask if other < len(scenes) else 0
            layout = lay_out(sentence, self._clause_rules)
            found = partial(self._matcher.matches, scene=scene, around=around)
            if any(found(self._silence_rest)):
                silent = True
            elif silent and any(found(self._back)):
                silent = False
            everything = range(layout.parts[-1] + 1) if silent else ()
            seen.append(
                _Seen(
                    place,
                    sentence,
                    scene,
                    around,
                    layout,
                    denial(layout, found(self._around), found(self._ahead), found(self._harmless)),
                    _parts(layout, found(self._refuted)),
                    _parts(layout, found(self._silence)).union(everything),
                )
            )
        return tuple(seen)

    def _matches(self, group: int, one: _Seen) -> Iterator[Match]:
        return self._matcher.matches(group, one.scene, one.around)

    def _holds(self, group: int, one: _Seen) -> bool:
        return any(self._matches(group, one))

    def _find(self, rules: _Rules, seen: Sequence[_Seen], better_said: Set[_Word] = frozenset()) -> _Found:
        """Return what is stated: by a pattern, or else by hints that are enough, in words that are no chance.

        What reads one of the words that another criterion says better does not count.
        """
        sure: list[tuple[_Seen, Match]] = []
        hinted: list[tuple[_Seen, Match]] = []
        evidence = _Evidence(rules.patterns)
        anything_denied = False
        for one in seen:
            if one.scene.candidates.keys().isdisjoint((rules.patterns, rules.hints, rules.denied)):
                continue
            said = [
                match
                for match in self._matches(rules.denied, one)
                if not one.denial.covers(match) and one.denial.is_in(match, one.layout)
            ]
            anything_denied = anything_denied or bool(said)
            if one.sentence.question and not rules.asked:
                continue
            real = [
                match
                for group in (rules.patterns, rules.hints)
                for match in self._matches(group, one)
                if rules.asked
                or (one.unreal.isdisjoint(one.layout.parts_of(match)) and _hangs_together(match, one.layout))
            ]
            denied = _parts(one.layout, said) | one.refuted
            stated = [
                match
                for match in real
                if rules.asked or (not one.denial.covers(match) and denied.isdisjoint(one.layout.parts_of(match)))
            ]
            anything_denied = anything_denied or len(stated) < len(real)
            stated = [match for match in stated if better_said.isdisjoint((one.place, word) for word in match.tokens)]
            if stated and not self._holds(rules.unless, one):
                full = [match for match in stated if match.group == rules.patterns]
                (sure if full else hinted).append((one, min(full or stated, key=_length)))
                evidence.add(one.place, stated)
        mentioned = sure or hinted
        if not (sure or evidence.hints_are_enough) or (evidence.is_thin and not rules.asked):
            return _Found([], mentioned, anything_denied)
        return _Found(mentioned, mentioned, anything_denied)

    def _danger_in(self, seen: Sequence[_Seen], urgent: Sequence[tuple[_Seen, Match]]) -> tuple[_Seen, Match] | None:
        """Return the words that sound like danger now: said outright, or a moment near an urgent criterion."""
        said = self._find(self._danger, seen).suggested
        if said:
            return said[0]
        now = {place for one in seen if self._holds(self._now, one) for place in _near(one.place)}
        near = ((one, match) for one, match in urgent if one.place in now)
        return next((pair for pair in near if not self._holds(self._danger.unless, pair[0])), None)

    def _minority(self, seen: Sequence[_Seen]) -> tuple[bool | None, tuple[_Seen, Match] | None]:
        """An age or a school says it surely; else a word for an adult goes before a word for somebody young."""
        for rules, minor in ((self._minor, True), (self._adult, False), (self._young, True)):
            for one in seen:
                said = list(self._matches(rules.patterns, one))
                if said and not self._holds(rules.unless, one):
                    return minor, (one, max(said, key=lambda match: (match.last - match.first, -match.first)))
        return None, None


def _hangs_together(match: Match, layout: Layout) -> bool:
    return layout.clauses[match.last - 1] - layout.clauses[match.first] < _MOST_CLAUSES


def _near(place: int) -> range:
    """The places of the sentences that count as the surroundings of a sentence, itself included."""
    return range(max(place - _NEAR, 0), place + _NEAR + 1)


def _length(match: Match) -> tuple[int, int]:
    """Sorts matches by length, then by place."""
    return match.last - match.first, match.first


def _parts(layout: Layout, matches: Iterable[Match]) -> frozenset[int]:
    """The parts of a sentence that matches lie in."""
    return frozenset(part for match in matches for part in layout.parts_of(match))


def _suggestion(key: str, text: str, sentence: Sentence, match: Match) -> Suggestion:
    start = sentence.tokens[match.first].start
    end = sentence.tokens[match.last - 1].end
    return Suggestion(key, text[start:end], start, end)
