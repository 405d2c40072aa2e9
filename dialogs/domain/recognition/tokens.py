"""A text as sentences of tokens. Every token knows where it stands in the text as it was given."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from dialogs.domain.recognition.numerals import NUMERALS

_JOINERS = "'’‘´`\\-\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f"
_TOKEN = re.compile(
    rf"(?P<number>\d+(?:[.,:]\d+)*)|(?P<word>p/[udwmj](?!\w)|n\.v\.t|[^\W\d_]+(?:[{_JOINERS}]+[^\W\d_]+)*)|(?P<euro>€)"
    r"|(?P<end>[.!?…\n\r]+)|(?P<pause>[,;:()\[\]–—\"“”„/]|\s-\s)"
)
#: A text without full stops is cut here, so that one sentence never grows with the text.
LONGEST_SENTENCE = 80


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number. `form` is lower case without accents, apostrophes and hyphens, with spellings resolved."""

    start: int
    end: int
    form: str
    written: str  #: lower case, as a dictionary spells it
    value: float | None = None  #: of a number, in figures or in words
    after_pause: bool = False  #: a comma, bracket or dash stands before it
    capital: bool = False  #: written as a name is, and not merely as the first word of a sentence


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens that belong together; at most `LONGEST_SENTENCE` of them."""

    tokens: tuple[Token, ...]
    question: bool = False


@lru_cache(maxsize=65536)
def plain(word: str) -> str:
    """Return the word in lower case without accents, apostrophes, hyphens and invisible characters."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", word.casefold()) if letter.isalnum())


class Tokeniser:
    """Cuts texts into sentences, with the spellings, abbreviations and number words of the word lists."""

    def __init__(
        self, spellings: Mapping[str, str], abbreviations: frozenset[str], numbers: Mapping[str, float]
    ) -> None:
        self._spellings = {plain(written): meant for written, meant in spellings.items()}
        self._abbreviations = frozenset(map(plain, abbreviations))
        self._numbers = {**NUMERALS, **{plain(word): value for word, value in numbers.items()}}

    def sentences(self, text: str) -> Iterator[Sentence]:
        """Yield the sentences that hold at least one token. Linear in the length of the text."""
        tokens: list[Token] = []
        pause = False
        for match in _TOKEN.finditer(text):
            if match.lastgroup == "pause":
                pause = True
            elif match.lastgroup == "end":
                mark = match.group()
                if self._ends_sentence(mark, tokens, text[match.end() : match.end() + 1]):
                    if tokens:
                        yield Sentence(tuple(tokens), question="?" in mark)
                    tokens, pause = [], False
                pause = pause or ".." in mark or "…" in mark
            else:
                tokens.append(self._token(match, after_pause=pause, first=not tokens))
                pause = False
            if len(tokens) == LONGEST_SENTENCE:
                yield Sentence(tuple(tokens))
                tokens = []
        if tokens:
            yield Sentence(tuple(tokens))

    def _ends_sentence(self, mark: str, tokens: list[Token], following: str) -> bool:
        if mark != ".":
            return mark not in {"…", "..", "..."}
        if following and not following.isspace() and following not in "\"'”’)":
            return False
        return not tokens or not (tokens[-1].form in self._abbreviations or len(tokens[-1].written) == 1)

    def _token(self, match: re.Match[str], *, after_pause: bool, first: bool) -> Token:
        written = match.group().casefold()
        if match.lastgroup == "euro":
            return Token(match.start(), match.end(), "euro", "euro", after_pause=after_pause)
        if match.lastgroup == "number":
            return Token(match.start(), match.end(), written, written, _value(written), after_pause)
        form = plain(written)
        meant = self._spellings.get(form)
        if meant is not None:
            form, written = plain(meant), meant
        capital = not first and match.group().istitle()
        return Token(match.start(), match.end(), form, written, self._numbers.get(form), after_pause, capital)


def _value(figures: str) -> float | None:
    """Return what Dutch figures mean: 1.200 is twelve hundred, 3,50 three and a half, 7.30 and 7:30 a time."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", figures):
        figures = figures.replace(".", "")
    figures = figures.replace(",", ".").replace(":", ".")
    try:
        return float(figures) if len(figures) < 16 else None  # noqa: PLR2004 -- longer is no amount that anybody writes
    except ValueError:
        return None
