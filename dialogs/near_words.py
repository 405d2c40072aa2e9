"""Which of some known words was meant by what was typed: a typing error is allowed, a denial never is one."""

import re
from collections.abc import Callable, Collection

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W\d_]+")
_LONG_ENOUGH = 5
_DENIALS = frozenset({"niet", "niets", "niks", "geen", "nooit", "nee", "zonder", "nimmer", "noch", "not", "ongedaan"})
_NO = re.compile(r"ne+n?").fullmatch
#: These are recognised with a wrong letter too ("neit", "nie", "gene"), but for the words that are something else.
_OFTEN = ("niet", "geen", "nooit", "zonder")
_NO_DENIALS = frozenset({"een", "geef", "geven", "onder", "ooit", "ziet"})
#: What stands around a denial: "nog niet", "toch maar niet".
_AROUND = frozenset({"nog", "toch", "maar", "even"})


def nearest(
    said: str,
    listed: Collection[str],
    *,
    least: float,
    shortest: int = _LONG_ENOUGH,
    scorer: Callable[..., float] = fuzz.ratio,
) -> str | None:
    """Which of these was meant, with a small typing error; None: none of them.

    `least`: how alike they must be, from 0 to 100; `shortest`: fewer letters than this resemble anything.
    Words that deny are no typing error: "niet versturen" is never "nu versturen".
    """
    if len(said) < shortest:
        return None
    alike = process.extract(said, tuple(listed), scorer=scorer, score_cutoff=least, limit=None)
    return next((each for each, _, _ in alike if len(each) >= shortest and _deny_alike(said, each)), None)


def denied(said: str, listed: Collection[str], *, least: float) -> str | None:
    """Which of these somebody says not to want: "nog niet versturen"; None: none of them, or nothing is denied."""
    words = said.split()
    if not any(_denies(part) for word in words for part in _WORD.findall(word)):
        return None
    left = without_denial(said)
    return left if left in listed else nearest(left, listed, least=least)


def without_denial(said: str) -> str:
    """What is left without the words that deny; empty for a mere "toch maar niet"."""
    words = (_WORD.sub(lambda part: "" if _is_left_out(part[0]) else _unglued(part[0]), each) for each in said.split())
    return " ".join(word for word in words if _WORD.search(word))


def _deny_alike(said: str, known: str) -> bool:
    """Whether no word of denial is in one of them alone. Known words have no typing errors."""
    said_words, known_words = _WORD.findall(said.casefold()), _WORD.findall(known.casefold())
    here, there = list(said_words), list(known_words)
    for word in said_words:
        if word in there:
            here.remove(word)
            there.remove(word)
    return sum(map(_denies, here)) == sum(word in _DENIALS for word in there)


def _denies(word: str) -> bool:
    word = word.casefold()
    if word in _DENIALS or _NO(word) or word.startswith("niet") or word.endswith("niet"):
        return True
    return len(word) > 2 and word not in _NO_DENIALS and any(OSA.distance(word, each) <= 1 for each in _OFTEN)  # noqa: PLR2004 - "nie"


def _is_left_out(word: str) -> bool:
    return word in _AROUND or (_denies(word) and _unglued(word) == word)


def _unglued(word: str) -> str:
    """A word without the "niet" that was written against it."""
    left = word.removeprefix("niet").removesuffix("niet")
    return left if len(left) >= _LONG_ENOUGH else word
