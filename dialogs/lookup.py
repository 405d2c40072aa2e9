"""The right number in one message: whether a sentence asks for one, and the answer."""

import re
from datetime import datetime

from dialogs.domain.partners import Contact, Directory, LookUp, read_file
from dialogs.domain.partners.words import word_set, words_of

__all__ = ["EMERGENCY", "EMERGENCY_FILE", "Contact", "LookUp", "look_up", "look_up_query"]


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
_GREETING = r"^(?:(?:hoi|hallo|hey|dag|goedemorgen|goedemiddag|goedenavond)\s)?"
_WE = r"(?:ik|we|wij|je|men)"
_MAY = r"(?:kan|moet|mag|kunnen|moeten|mogen|zou)"
_CALL = r"(?:bel|bellen|bereik|bereiken|contact|terecht|spreken|schakel|inschakelen|benaderen)"
_REPORT = r"(?:meld|melden)"
#: A question from its first word, whatever it tells besides: "wie bel ik als ze wordt geslagen".
_QUESTION = re.compile(
    rf"{_GREETING}(?:(?:bij|met)\s)?(?:wie|waar|hoe)\s(?:{_CALL}\s{_WE}\b|{_MAY}\s{_WE}\b.*\b{_CALL}\b)|{_GREETING}welk\s(?:telefoon)?nummer\b"
)
#: The same by who knows little Dutch.
_IN_ENGLISH = re.compile(
    rf"{_GREETING}who\s(?:do|can|should|must)\s(?:i|we)\s(?:call|phone|contact)\b|{_GREETING}what\sis\sthe\s(?:phone\s)?number\b"
)
#: "bij arbeidsuitbuiting wie bel ik", "welk nummer": these ask, whoever is meant.
_ASKS = re.compile(
    rf"\b(?:wie|waar|hoe)\s(?:\w+\s){{0,3}}?{_WE}\b.*\b{_CALL}\b"
    rf"|\b(?:wie|waar|hoe)\s(?:\w+\s){{0,2}}?{_CALL}\b"
    r"|\bwelk\s(?:telefoon)?nummer\b"
)
_NUMBER = r"(?:(?:telefoon|tel|mobiel|nood)?(?:nummers?|nr)|tel|mail|mailadres|contactgegevens|gegevens|contact)"
_ASKING = r"(?:wat|weet|heb|heeft|geef|mag|zoek|kun|kan|wil|graag|nodig|stuur|waar)"
#: These ask only together with somebody of the directory: "nummer avim", "heb je het nummer van de ind", "avim nummer",
#: "ik wil de zoco spreken", "wie is de wijkagent", "waar meld ik een loverboy".
_ASKS_FOR = re.compile(
    rf"{_GREETING}{_NUMBER}\b"
    rf"|{_GREETING}(?:.*\b)?{_ASKING}\b.*\b{_NUMBER}\b"
    rf"|^(?:\w+\s){{1,3}}{_NUMBER}$"
    r"|^(?:ik|we|wij|kan ik|mag ik|kun je|kan je)\b.*\b(?:bellen|spreken|bereiken|doorverbinden)$"
    rf"|{_GREETING}wie\s(?:is|zijn)\b"
    rf"|\b(?:wie|waar|hoe)\s(?:\w+\s){{0,3}}?{_REPORT}\b"
    rf"|\b(?:wie|waar|hoe)\s(?:\w+\s){{0,3}}?{_WE}\b.*\b{_REPORT}\b"
)
#: Around the bare name of a partner these say nothing else.
_AROUND = word_set(
    "nu aub alsjeblieft alstublieft graag even bel bellen nummer telefoonnummer nr tel telefoon contact of en svp hoi "
    "hallo vandaag vanavond vannacht dank bedankt mail afdeling team moet ik de het van "
    "i need call the phone number please now help jaki jest na numer telefonu potrzebuje prosze"
)


def look_up_query(directory: Directory, text: str) -> str | None:
    """What is asked, if this typed text asks for a number; None for all else, above all for part of a report."""
    words = [word.casefold() for word in words_of(text)]
    if not words or len(words) > _LONGEST_QUESTION:
        return None
    if _is_bare_name(directory, words_of(text)):
        return text.strip()
    sentence = " ".join(words)
    if _QUESTION.search(sentence) or _IN_ENGLISH.search(sentence):
        return text.strip()
    if not _TELLING.isdisjoint(words):
        return None
    if _ASKS.search(sentence):
        return text.strip()
    return text.strip() if _ASKS_FOR.search(sentence) and directory.names.hits(words) else None


def _is_bare_name(directory: Directory, words: list[str]) -> bool:
    """Nothing but names of partners: "politie nu", "zorgcoordinator", "112"."""
    left = {place for place, word in enumerate(words) if word not in _AROUND}
    if not 0 < len(left) <= _LONGEST_BARE_NAME:
        return False
    for hit in directory.names.hits(words):
        if hit.by_name:
            left -= set(range(hit.start, hit.end))
    return not left


#: Answered when nothing else is there.
EMERGENCY_FILE = read_file("""
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
EMERGENCY = EMERGENCY_FILE.directory()
