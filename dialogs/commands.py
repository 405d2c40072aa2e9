"""The words that work at any moment, with typing errors."""

from enum import StrEnum

from rapidfuzz import fuzz, process

#: One wrong letter in a word of five or more.
_CLOSE_ENOUGH = 80
_LONG_ENOUGH = 5


class Command(StrEnum):
    """What a typed word asks for."""

    REPORT = "report"
    MINE = "mine"
    NUMBERS = "numbers"
    HELP = "help"
    STOP = "stop"
    BACK = "back"
    SKIP = "skip"
    SEND = "send"
    PRACTICE = "practice"
    QUEUE = "queue"
    RESUME = "resume"


_WORDS = {
    Command.REPORT: (
        "melden",
        "ik wil iets melden",
        "ik wil melden",
        "iets melden",
        "melding",
        "signaal melden",
        "nieuwe melding",
    ),
    Command.MINE: ("mijn meldingen", "mijn melding", "meldingen", "status"),
    Command.NUMBERS: ("nummers", "nummer", "telefoonnummers", "telefoonnummer", "bellen", "contact"),
    Command.HELP: ("help", "hulp", "menu", "start", "hoi", "hallo", "hi", "hello", "hey", "goedemorgen", "goedemiddag"),
    Command.STOP: ("stop", "stoppen", "wissen", "annuleren", "cancel", "afbreken"),
    Command.BACK: ("terug", "vorige", "back"),
    Command.SKIP: ("overslaan", "sla over", "skip", "volgende"),
    Command.SEND: (
        "versturen",
        "verstuur",
        "verzenden",
        "nu versturen",
        "sturen",
        "nu versturen zoals het is",
        "versturen naar de af",
    ),
    Command.PRACTICE: ("oefenen", "oefening", "ik wil oefenen"),
    Command.QUEUE: ("wachtrij", "de wachtrij", "queue"),
    Command.RESUME: (
        "verder",
        "verder met melden",
        "doorgaan",
        "hervatten",
        "verdergaan",
        "bewaren",
        "hoort bij mijn open melding",
    ),
}
_COMMAND_OF = {word: command for command, words in _WORDS.items() for word in words}


def command_in(text: str) -> Command | None:
    """The command that the whole text is; None if it is anything else."""
    said = " ".join(text.casefold().strip(" .!?").split())
    if said in _COMMAND_OF:
        return _COMMAND_OF[said]
    if len(said) < _LONG_ENOUGH:
        return None
    best = process.extractOne(said, _COMMAND_OF.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return None if best is None or len(best[0]) < _LONG_ENOUGH else _COMMAND_OF[best[0]]
