"""The words that work at any moment, with typing errors."""

from enum import StrEnum

from dialogs.near_words import denied, nearest

#: One wrong letter in a word of five or more.
_CLOSE_ENOUGH = 80


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
    said = _plain(text)
    found = said if said in _COMMAND_OF else nearest(said, _COMMAND_OF, least=_CLOSE_ENOUGH)
    return None if found is None else _COMMAND_OF[found]


def denied_command(text: str) -> Command | None:
    """The command that somebody says not to want: "nog niet versturen"."""
    found = denied(_plain(text), _COMMAND_OF, least=_CLOSE_ENOUGH)
    return None if found is None else _COMMAND_OF[found]


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(" .!?").split())
