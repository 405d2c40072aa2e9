"""From what was typed, filled in or pressed to an answer that can be stored."""

import re
from collections.abc import Mapping
from datetime import datetime

from rapidfuzz import fuzz

from dialogs.domain.bsn import find_bsn
from dialogs.domain.signals import Answer
from dialogs.intake.moments import read_moment
from dialogs.intake.questions import NO, SKIPPED, UNKNOWN, YES, Kind, Question, Situation
from dialogs.near_words import nearest
from dialogs.texts import Texts
from dialogs.turn import Option

#: Two words that differ in one letter of five still match; "ja" and "nee" only as they are.
_CLOSE_ENOUGH = 80
#: Not printable, and yet part of what people write; the last joins emoji.
_KEPT = "\n\t\u200d"
#: What the key of a criterion looks like, also of one that left the file since the card was drawn.
_IS_KEY = re.compile(r"[a-z][a-z0-9_]{0,60}").fullmatch
#: A text of this many words tells something, also where a choice was asked.
WORDS_THAT_TELL = 5

#: How each of the three is said.
SPOKEN = {
    YES: ("ja", "jawel", "klopt", "zeker", "yes"),
    NO: ("nee", "neen", "niet", "nope", "no"),
    UNKNOWN: ("weet niet", "geen idee", "onbekend", "misschien", "weet ik niet", "?"),
}


class AnswerRejected(Exception):
    """An answer cannot be stored; the reason is a key of the texts, under `rejected`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_fields(question: Question, inputs: Mapping[str, str], situation: Situation, now: datetime) -> Answer:
    """The answer that a card's fields give to a question; raises AnswerRejected."""
    if question.kind is Kind.TICKS:
        ticked = (value for key, value in inputs.items() if key == question.key or key.startswith(f"{question.key}."))
        keys = tuple(dict.fromkeys(part for value in ticked for part in value.split(",") if part))
        if not all(map(_IS_KEY, keys)):
            raise AnswerRejected("no_such_tick")
        return keys
    return read_answer(question, inputs.get(question.key, ""), situation, now)


def read_answer(question: Question, raw: str, situation: Situation, now: datetime) -> Answer:
    """The answer in a typed text or in one field: a choice by its key, its words or a near miss of them.

    A moment keeps its words, with what was read in them beside it. Raises AnswerRejected with what is wrong: `empty`,
    `too_long`, `bsn` or `no_such_choice`.
    """
    text = "".join(char for char in raw if char.isprintable() or char in _KEPT).strip()
    if not text:
        if question.required:
            raise AnswerRejected("empty")
        return question.default or skipped(question)
    if question.kind is Kind.CHOICE:
        return _choice(question.choices(situation), text)
    if len(text) > question.max_length:
        raise AnswerRejected("too_long")
    if question.no_bsn and find_bsn(text):
        raise AnswerRejected("bsn")
    if question.kind is Kind.MOMENT and (moment := read_moment(text, now)) is not None:
        return (text, moment.stored)
    return text


def reason_in_words(rejected: AnswerRejected, question: Question, texts: Texts) -> str:
    """Why an answer cannot be stored, and what to do."""
    match rejected.reason:
        case "empty":
            return question.error
        case "too_long":
            return texts("rejected.too_long", most=question.max_length)
        case reason:
            return texts(f"rejected.{reason}")


def shown_again(question: Question, raw: str) -> str:
    """What was filled in and refused, to go on with: a BSN blanked out, cut to what fits."""
    for start, end in reversed(find_bsn(raw) if question.no_bsn else ()):
        raw = raw[:start] + "*" * (end - start) + raw[end:]
    return raw[: question.max_length]


def skipped(question: Question) -> Answer:
    """What is stored when a question is passed over: asked, and no answer. Not even "weet ik niet" was said."""
    return () if question.kind is Kind.TICKS else SKIPPED


def _choice(options: tuple[Option, ...], text: str) -> str:
    keys = {option.key for option in options}
    if text in keys:
        return text
    said = text.casefold().strip(" .!")
    for key, words in SPOKEN.items():
        if key in keys and (said in words or said.split(",")[0].split(" ")[0] in words):
            return key
    keys_of = {option.title.casefold(): option.key for option in reversed(options)}
    scorer = fuzz.ratio if len(said.split()) >= WORDS_THAT_TELL else fuzz.WRatio
    near = nearest(said, tuple(reversed(keys_of)), least=_CLOSE_ENOUGH, shortest=1, scorer=scorer)
    if near is None or len(said) < 3:  # noqa: PLR2004 - two letters resemble anything
        raise AnswerRejected("no_such_choice")
    return keys_of[near]
