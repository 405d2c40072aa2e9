"""The pattern language of the criteria file, small enough to write by hand.

paspoort @baas               both words in one sentence, in any order
baas > paspoort              in this order
baas >3 paspoort             in this order, at most three words between
baas ~3 paspoort             in either order, at most three words between
blauw_oog|striem             alternatives; `_` joins words that follow each other (small words may stand between)
!tolk                        not if this is in the sentence
& kind                       and this in the sentence itself or in one of the two before or after it
2of @baas kluis niet_terug   and at least two of these in the sentence, in other words than those before
@baas                        a word list of the file with word lists
slapen                       the word in all its forms, also with one typing error
af+pakken                    a separable verb: afgepakt, afpakken, pakt ... af
=was                         exactly this form
hennep*  *strook  *bank*     a word that begins with, ends with or contains this
12-24                        a number from 12 up to and including 24, in figures or in words
(12-24)                      the same, and only where it stands apart: Esra (15), Sanne, vijftien, ...
"""

import re
from dataclasses import dataclass

_ITEM = re.compile(r"(?P<link>[>~]\d*)|(?P<near>&)|(?P<of>[1-9]of)|(?P<term>!?[^\s>~&!]\S*)")
_PART = re.compile(
    r"@[a-z][a-z0-9]*|=[^\W_]+|[0-9]+-[0-9]+|\([0-9]+-[0-9]+\)|[^\W\d_]+\+[^\W\d_]+|\*?[^\W_][^\W_]*\*?",
)

#: The distance of a link without a number: as long as a sentence can be.
FAR = 80


class PatternInvalid(ValueError):
    """A pattern that cannot be read; `source` is the whole pattern where that is known."""

    source: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """Alternatives, each a sequence of words or @lists that follow each other."""

    alternatives: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """How a term stands to the term before it."""

    in_order: bool = False
    distance: int = FAR


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: `terms[n]` stands to `terms[n - 1]` as `links[n]` says (`links[0]` says nothing)."""

    source: str
    terms: tuple[Term, ...]
    links: tuple[Link, ...]
    absent: tuple[Term, ...] = ()
    nearby: tuple[Term, ...] = ()
    some: tuple[Term, ...] = ()
    least: int = 0  #: how many of `some` must stand in the sentence


def parse_term(text: str) -> Term:
    """Read alternatives such as `blauw_oog|@wonden`. Raises `PatternInvalid`."""
    alternatives = tuple(_alternative(alternative) for alternative in text.split("|"))
    return Term(alternatives)


def _alternative(text: str) -> tuple[str, ...]:
    pieces = tuple(text.split("_"))
    for piece in pieces:
        if not _PART.fullmatch(piece):
            raise PatternInvalid(f"cannot read {piece!r} in {text!r}")
    return pieces


def parse_pattern(source: str) -> Pattern:
    """Read one pattern. Raises `PatternInvalid` with the part that cannot be read."""
    terms: list[Term] = []
    links: list[Link] = []
    absent: list[Term] = []
    nearby: list[Term] = []
    some: list[Term] = []
    least = 0
    link: Link | None = None
    target = terms
    for word in source.split():
        match = _ITEM.fullmatch(word)
        if match is None:
            raise PatternInvalid(f"cannot read {word!r} in {source!r}")
        if match["near"]:
            target = nearby
        elif match["of"]:
            target, least = some, int(match["of"][0])
        elif match["link"]:
            link = Link(match["link"][0] == ">", int(match["link"][1:] or FAR))
        elif word.startswith("!"):
            absent.append(parse_term(word[1:]))
        else:
            target.append(parse_term(word))
            if target is terms:
                links.append(link or Link())
            link = None
    if not terms or link is not None:
        raise PatternInvalid(f"{source!r} has nothing to look for, or ends in a link")
    if len(some) < least:
        raise PatternInvalid(f"{source!r} asks for {least} of {len(some)}")
    return Pattern(source, tuple(terms), tuple(links), tuple(absent), tuple(nearby), tuple(some), least)
