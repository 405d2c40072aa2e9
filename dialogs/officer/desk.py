"""An officer's own desk as a conversation: away and back, the digest, the list for the talk with partners."""

import re
from datetime import datetime, time, timedelta
from uuid import uuid4

from dialogs.domain.free_text import TextRefused
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.whole_numbers import whole_number
from dialogs.local_time import local_date
from dialogs.near_words import nearest
from dialogs.officer.case_buttons import CaseButton
from dialogs.officer.coming_day import read_coming_day
from dialogs.officer.desk_cards import WEEKS, TalkList, clock, desk_card, talk_card, with_line
from dialogs.officer.parts import name_of
from dialogs.officer.press import Acts, Press
from dialogs.officer.typed import CLOSE_ENOUGH
from dialogs.turn import Card, Pressed
from dialogs.use_cases.desks import MOST_TALK_NOTE, Desks, NotThatLong

_MOST_SIGNALS, _MOST_NOTES, _MOST_OWN = 1000, 10, 100
_AWAY = re.compile(r"^(?:ik ben )?afwezig(?: (?:tot|t/m) (?P<until>.*))?$", re.IGNORECASE | re.DOTALL)
_SAID = {
    "signal.come_back": ("weer aanwezig", "aanwezig", "ik ben er weer", "ik ben weer aanwezig", "weer aan het werk"),
    "signal.desk": ("mijn werkplek", "werkplek", "dagoverzicht", "afwezig melden", "tijd bewaren"),
    "signal.talk_list": ("lijst voor overleg", "overleglijst", "overzicht voor overleg", "regel bewaren"),
    "signal.queue": ("mijn signalen", "mijn wachtrij"),
}
_ACT_OF = {words: act for act, listed in _SAID.items() for words in listed}
_DIGEST_AT = re.compile(r"^dagoverzicht (?:om )?(?P<clock>\d.*)$", re.IGNORECASE)
_LINE = re.compile(r"^regel (?:voor overleg|bewaren)[\s:]+(?P<line>\S.*)$", re.IGNORECASE | re.DOTALL)
_CLOCK = re.compile(r"^(?P<hour>[01]?\d|2[0-3])(?:[:.u](?P<minute>[0-5]\d))?(?: uur)?$")


def pressed_for(text: str) -> Pressed | None:
    """The press that a typed sentence of an officer stands for; None if it is anything else."""
    said = " ".join(text.strip(" .!").split())
    if (away := _AWAY.match(said)) is not None:
        until = away["until"]
        return Pressed("signal.desk") if until is None else Pressed("signal.away", inputs={"until": until})
    if (at := _DIGEST_AT.match(said)) is not None:
        return Pressed("signal.digest", inputs={"digest": at["clock"]})
    if (line := _LINE.match(text.strip())) is not None:
        return Pressed("signal.talk_note", {"note": uuid4().hex}, {"line": line["line"]})
    words = said.casefold()
    found = words if words in _ACT_OF else nearest(words, _ACT_OF, least=CLOSE_ENOUGH)
    if found is None:
        return None
    return Pressed(_ACT_OF[found], {"filter": "mine"} if _ACT_OF[found] == "signal.queue" else {})


async def show(press: Press) -> Card:
    """The desk."""
    return await _desk(press)


async def away(press: Press) -> Card:
    """Be away until the day that was written."""
    texts = press.texts
    day = read_coming_day(press.filled("until"), press.now)
    if day is None:
        return await _desk(press, fault=texts("desk.away_wrong"))
    until = datetime.combine(day, time(), AMSTERDAM)
    try:
        present = await _desks(press).go_away(until)
    except NotThatLong:
        return await _desk(press, fault=texts("desk.away_wrong"))
    names = ", ".join(name_of(person, press.knowledge) for person in present)
    key = "desk.away_done" if present else "desk.away_nobody"
    note = texts(key, until=local_date(until), names=names)
    if own := len(await press.uow.queue.of_owner(press.actor.id, _MOST_OWN)):
        note = " ".join((note, texts("desk.away_own", count=own)))
    return await _desk(press, note)


async def come_back(press: Press) -> Card:
    """Be at work again."""
    await _desks(press).come_back()
    return await _desk(press, press.texts("desk.back_done"))


async def digest(press: Press) -> Card:
    """Get the digest at another hour."""
    match = _CLOCK.match(press.filled("digest").casefold())
    if match is None:
        return await _desk(press, fault=press.texts("desk.digest_wrong"))
    minute = int(match["hour"]) * 60 + int(match["minute"] or 0)
    await _desks(press).digest_at(minute)
    return await _desk(press, press.texts("desk.digest_done", time=clock(minute)))


async def talk_list(press: Press) -> Card:
    """Running and closed signals for the talk with ZoCo and ketenregisseur."""
    return talk_card(await _talk(press), press.knowledge, press.now)


async def talk_note(press: Press) -> Card:
    """Keep a line for it."""
    texts = press.texts
    try:
        await _desks(press).note_for_talk(press.pressed.data.get("note", ""), press.filled("line"))
    except TextRefused as refused:
        empty = refused.reason == "empty"
        fault = texts("talk.field_empty") if empty else texts(f"rejected.{refused.reason}", most=MOST_TALK_NOTE)
        card = talk_card(await _talk(press), press.knowledge, press.now, fault=fault)
        return with_line(card, press.pressed.inputs)
    return talk_card(await _talk(press), press.knowledge, press.now, note=texts("talk.added"))


async def _desk(press: Press, note: str = "", fault: str = "") -> Card:
    return desk_card(await _desks(press).mine(), press.knowledge, press.now, note, fault)


async def _talk(press: Press) -> TalkList:
    chosen = whole_number(press.filled("weeks"))
    weeks = chosen if chosen in WEEKS else WEEKS[0]
    await _desks(press).mine()
    since = press.now - timedelta(weeks=weeks)
    listed = await press.uow.queue.received(press.actor.id, since, press.now + timedelta(seconds=1), _MOST_SIGNALS)
    notes = await press.uow.desks.notes(since, _MOST_NOTES)
    return TalkList(weeks, listed, notes, uuid4().hex)


def _desks(press: Press) -> Desks:
    return Desks(press.uow, press.actor, press.knowledge.staff, press.now)


ACTS: Acts = {
    "desk": show,
    "away": away,
    "come_back": come_back,
    "digest": digest,
    "talk_list": talk_list,
    "talk_note": talk_note,
}
BUTTONS: tuple[CaseButton, ...] = ()
