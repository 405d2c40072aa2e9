"""What people ask for with a word and, if they like, what it is about: "aanvullen S-2026-0001 het busje is terug"."""

import re
from dataclasses import dataclass
from enum import StrEnum

from dialogs.near_words import denied, nearest, without_denial

#: One wrong letter in a word of eight.
_CLOSE_ENOUGH = 85
#: "open", with a letter left out.
_SHORTEST = 3


class Wish(StrEnum):
    """What somebody wants to do."""

    READ = "read"
    ADD = "add"
    WITHDRAW = "withdraw"
    #: The words of the button under the form: without the form.
    WITHDRAW_NOW = "withdraw_now"
    ANSWER = "answer"
    #: What was read in an answer or an addition.
    CONFIRM = "confirm"
    #: The feedback of a closing was useful, or not.
    USEFUL = "useful"
    NOT_USEFUL = "not_useful"
    REPORT_FOR_OTHERS = "report_for_others"
    NO_NUDGES = "no_nudges"
    NUDGES = "nudges"
    #: Of an officer for everybody, of anybody else for themselves.
    SET_NUDGES = "set_nudges"


@dataclass(frozen=True, slots=True)
class Request:
    """A wish, the reference of the signal if one was named ("S-2026-0001"), and what was written after it."""

    wish: Wish
    reference: str = ""
    text: str = ""


_PHRASES = {
    "bekijk deze melding": Wish.READ,
    "bekijk mijn melding": Wish.READ,
    "lees terugkoppeling": Wish.READ,
    "terugkoppeling": Wish.READ,
    "terug naar je melding": Wish.READ,
    "terug naar mijn melding": Wish.READ,
    "open": Wish.READ,
    "openen": Wish.READ,
    "kies": Wish.READ,
    "aanvulling versturen": Wish.ADD,
    "aanvullen": Wish.ADD,
    "aanvulling": Wish.ADD,
    "melding aanvullen": Wish.ADD,
    "mijn melding aanvullen": Wish.ADD,
    "ik wil iets aanvullen": Wish.ADD,
    "toevoegen": Wish.ADD,
    "iets toevoegen": Wish.ADD,
    "ik wil iets toevoegen": Wish.ADD,
    "intrekken": Wish.WITHDRAW,
    "melding intrekken": Wish.WITHDRAW,
    "mijn melding intrekken": Wish.WITHDRAW,
    "ik wil mijn melding intrekken": Wish.WITHDRAW,
    "vraag de af om in te trekken": Wish.WITHDRAW_NOW,
    "aanvulling bij": Wish.ADD,
    "bekijk de vraag": Wish.ANSWER,
    "ja, dit is mijn antwoord": Wish.ANSWER,
    "antwoord": Wish.ANSWER,
    "antwoord bij": Wish.ANSWER,
    "antwoord versturen": Wish.ANSWER,
    "antwoorden": Wish.ANSWER,
    "antwoord geven": Wish.ANSWER,
    "mijn antwoord": Wish.ANSWER,
    "vraag beantwoorden": Wish.ANSWER,
    "ik wil antwoorden": Wish.ANSWER,
    "ik wil de vraag beantwoorden": Wish.ANSWER,
    "bevestigen": Wish.CONFIRM,
    "ja, nuttig": Wish.USEFUL,
    "nuttig": Wish.USEFUL,
    "nee, niet nuttig": Wish.NOT_USEFUL,
    "niet nuttig": Wish.NOT_USEFUL,
    "invoeren": Wish.REPORT_FOR_OTHERS,
    "signaal invoeren": Wish.REPORT_FOR_OTHERS,
    "melding invoeren": Wish.REPORT_FOR_OTHERS,
    "melden voor een ander": Wish.REPORT_FOR_OTHERS,
    "melden voor iemand anders": Wish.REPORT_FOR_OTHERS,
    "melden voor een collega": Wish.REPORT_FOR_OTHERS,
    "namens een ander melden": Wish.REPORT_FOR_OTHERS,
    "geen herinneringen meer": Wish.NO_NUDGES,
    "geen herinneringen": Wish.NO_NUDGES,
    "ik wil geen herinneringen meer": Wish.NO_NUDGES,
    "stop met herinneringen": Wish.NO_NUDGES,
    "herinneringen uit": Wish.NO_NUDGES,
    "weer herinneringen": Wish.NUDGES,
    "toch weer herinneringen": Wish.NUDGES,
    "herinneringen aan": Wish.NUDGES,
    "herinneringen": Wish.SET_NUDGES,
    "herinneringen instellen": Wish.SET_NUDGES,
}
#: After these words a text may follow.
_WITH_TEXT = {
    wish: re.compile(rf"^\s*(?:{words})\b[\s:,.-]*(?P<text>.*)$", re.IGNORECASE | re.DOTALL)
    for wish, words in {
        Wish.ADD: "aanvull?(?:en|ing)",
        Wish.ANSWER: "(?:mijn )?antwoord(?:en)?",
        Wish.REPORT_FOR_OTHERS: "(?:(?:signaal|melding) )?invoeren",
    }.items()
}
#: Only a reference near the start is meant as such: "mijn melding aanvullen S-2026-0001".
_MOST_BEFORE = 3
#: A date is none: "2026-11-23".
_REFERENCE = re.compile(r"\b(?:s[ -]?)?(?P<year>20\d\d)[ -](?P<number>\d{1,6})\b(?!-\d)[\s:,.-]*", re.IGNORECASE)


def request_in(text: str) -> Request | None:
    """The request that the whole text is; None if it is anything else."""
    reference, rest = _without_reference(text)
    said = _plain(rest)
    if said in _PHRASES:
        return Request(_PHRASES[said], reference)
    # Before a near miss: "antwoord ja" is an answer, and nearly the words of a button.
    if (answer := _WITH_TEXT[Wish.ANSWER].match(rest)) is not None and (text := answer["text"].strip()):
        # "antwoord: nee" is an answer, "antwoord niet versturen" is none.
        return None if _denies_wish(said) and without_denial(text) else Request(Wish.ANSWER, reference, text)
    near = nearest(said, _PHRASES, least=_CLOSE_ENOUGH, shortest=_SHORTEST)
    if near is not None:
        return Request(_PHRASES[near], reference)
    if reference and not said:
        return Request(Wish.READ, reference)
    if _denies_wish(said):
        return None
    found = ((wish, match) for wish, pattern in _WITH_TEXT.items() if (match := pattern.match(rest)) is not None)
    return next((Request(wish, reference, match["text"].strip()) for wish, match in found), None)


def denies_request(text: str) -> bool:
    """Whether somebody says not to want one of these: "mijn melding niet intrekken"."""
    said = _plain(_without_reference(text)[1])
    return said not in _PHRASES and _denies_wish(said)


def reference_in(text: str) -> str:
    """The reference in a text, in its stored spelling; empty if there is none."""
    return _without_reference(text)[0]


def split_at_reference(text: str, most_before: int = _MOST_BEFORE) -> tuple[str, str, str]:
    """The reference in its stored spelling, what stands before it, and behind it; without one all stands before it.

    `most_before`: behind more words than this it is no reference.
    """
    match = _REFERENCE.search(text)
    if match is None or len(text[: match.start()].split()) > most_before:
        return "", text, ""
    return f"S-{match['year']}-{int(match['number']):04}", text[: match.start()], text[match.end() :]


def _denies_wish(said: str) -> bool:
    return denied(said, _PHRASES, least=_CLOSE_ENOUGH) is not None


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(" .!?:").split())


def _without_reference(text: str) -> tuple[str, str]:
    """The reference in its stored spelling, and the text without it."""
    reference, before, behind = split_at_reference(text)
    return reference, before + behind
