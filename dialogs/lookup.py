"""The right number in one message: whether a sentence asks for one, and the answer."""

import re
from datetime import datetime

from dialogs.domain.partners import Contact, Directory, LookUp, parse_directory
from dialogs.domain.partners.words import word_set, words_of

__all__ = ["EMERGENCY", "Contact", "LookUp", "look_up", "look_up_query"]


def look_up(directory: Directory, query: str, at: datetime) -> LookUp:
    """Answer a question for a number at an aware moment, the number that works now first.

    A key of the directory asks for that partner. Nothing asked gives the most likely partners and 112.
    """
    return directory.find(query, at)


#: More words than this are told, not asked.
_LONGEST_QUESTION = 18
_LONGEST_BARE_NAME = 5

#: Words that tell what happened, or what somebody else does: such a sentence belongs to a report.
_TELLING = word_set(
    """
    hij hem zij ze haar hun hen was waren had hadden zei zeiden zegt vertelde vertelden werd werden ging gingen kwam
    kwamen stond stonden zat zaten deed wilde wilden wou gisteren eergisteren vanmorgen vanochtend gistermiddag vorige
    afgelopen toen geleden gebeld gezegd gezien gehoord gemeld gevraagd geweest gegeven gekregen gestuurd verteld
    opgenomen gesproken gaf vroeg belde belden meldde zag zagen hoorde hoorden niet durft durfde mevrouw meneer mevr dhr
    baas buurman buurvrouw kreeg moest kon kent kende nooit
    """
)
#: With these a sentence asks, whatever it tells besides.
_ASKS = re.compile(
    r"\b(?:wie|waar|welke?|hoe)\b(?:\s\w+){0,3}?\s(?:ik|we|wij|je|men|dan)\b(?:.*\b)?(?:bel|bellen|bereik|bereiken|meld|melden|"
    r"contact|terecht|spreken|schakel|inschakelen|benaderen)\b"
    r"|\b(?:wie|waar|hoe)\s(?:\w+\s){0,2}?(?:bel|bereik|meld|contact|schakel|bellen|bereiken|melden)\b(?:\s\w+)?"
    r"|\bwelk\s(?:telefoon)?nummer\b"
)
_NUMBER_WORDS = (
    r"(?:(?:telefoon|tel|mobiel|nood)?(?:nummers?|nr)|tel|telefoon|mail|mailadres|contactgegevens|gegevens|contact)"
)
#: "nummer avim", "wat is het telefoonnummer van de ind", "heb je het nummer van", "avim nummer".
_NUMBER = re.compile(
    rf"^(?:.*\b(?:wat|weet|heb|heeft|geef|mag|zoek|kun|kan|wil|graag|nodig|stuur|waar)\b.*\b)?{_NUMBER_WORDS}\b|\b{_NUMBER_WORDS}$"
)
_WANTS = re.compile(r"^(?:ik|we|wij|kan ik|mag ik|kun je|kan je)\b.*\b(?:bellen|spreken|bereiken|doorverbinden)$")
_AROUND = word_set(
    "nu aub alsjeblieft alstublieft graag even bel bellen nummer telefoonnummer nr tel telefoon contact of en svp hoi "
    "hallo vandaag vanavond vannacht dank bedankt mail"
)


def look_up_query(directory: Directory, text: str) -> str | None:
    """What is asked, if this typed text asks for a number; None for all else, above all for part of a report."""
    words = [word.casefold() for word in words_of(text)]
    if not words or len(words) > _LONGEST_QUESTION:
        return None
    if _is_bare_name(directory, words_of(text)):
        return text.strip()
    if not _TELLING.isdisjoint(words):
        return None
    sentence = " ".join(words)
    if _ASKS.search(sentence):
        return text.strip()
    asks = _NUMBER.search(sentence) or _WANTS.search(sentence)
    return text.strip() if asks and directory.names.hits(words) else None


def _is_bare_name(directory: Directory, words: list[str]) -> bool:
    """Nothing but names of partners: "politie nu", "zorgcoordinator", "112"."""
    left = {place for place, word in enumerate(words) if word not in _AROUND}
    if not 0 < len(left) <= _LONGEST_BARE_NAME:
        return False
    for hit in directory.names.hits(words):
        if hit.by_name:
            left -= set(range(hit.start, hit.end))
    return not left


#: Answered when nothing else is there: no file, no database.
EMERGENCY = parse_directory("""
municipality: Nederland
partners:
  - key: "112"
    name: Alarmnummer
    role: Bij direct gevaar, nu.
    numbers: [{number: "112", hours: 24/7}]
    source: Wegwijzer Mensenhandel, melden
    aliases: [alarmnummer, noodnummer, alarmcentrale]
  - key: politie
    name: Politie
    role: Als het niet kan wachten en er geen direct gevaar is. Dag en nacht.
    numbers: [{number: 0900-8844, hours: 24/7}]
    source: Beleid Eersel, bijlage 4
    aliases: [politie]
  - key: veilig_thuis
    name: Veilig Thuis
    role: Bij zorgen om een kind of bij geweld thuis. Dag en nacht, gratis.
    numbers: [{number: 0800-2000, hours: 24/7}]
    source: Veilig Thuis
    aliases: [veilig thuis]
    topics: [huiselijk geweld, kindermishandeling]
""")
