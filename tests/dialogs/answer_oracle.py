"""What a person must hear, worked out a second time and plainly: who answers at which moment of 2026 and 2027.

Nothing of the product and no library of time zones or holidays is used here: dates, clock changes, numbers, hours and
sentences are written out by hand, from the policy, the calendar and the shipped lists. All moments are naive UTC.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

#: The first minute of 2026 in the Netherlands, and the first that is no longer in 2027.
FIRST, LAST = datetime.fromisoformat("2025-12-31T23:00"), datetime.fromisoformat("2027-12-31T23:00")
MINUTE = timedelta(minutes=1)

#: When summer time begins and ends (EU directive 2000/84/EC: last Sunday of March and October, 01:00 UTC).
SUMMERS = (
    (datetime.fromisoformat("2026-03-29T01:00"), datetime.fromisoformat("2026-10-25T01:00")),
    (datetime.fromisoformat("2027-03-28T01:00"), datetime.fromisoformat("2027-10-31T01:00")),
)
HOLIDAYS = {
    date(2026, 1, 1): "Nieuwjaarsdag",
    date(2026, 4, 3): "Goede vrijdag",
    date(2026, 4, 5): "Eerste paasdag",
    date(2026, 4, 6): "Tweede paasdag",
    date(2026, 4, 27): "Koningsdag",
    date(2026, 5, 14): "Hemelvaartsdag",
    date(2026, 5, 24): "Eerste pinksterdag",
    date(2026, 5, 25): "Tweede pinksterdag",
    date(2026, 12, 25): "Eerste kerstdag",
    date(2026, 12, 26): "Tweede kerstdag",
    date(2027, 1, 1): "Nieuwjaarsdag",
    date(2027, 3, 26): "Goede vrijdag",
    date(2027, 3, 28): "Eerste paasdag",
    date(2027, 3, 29): "Tweede paasdag",
    date(2027, 4, 27): "Koningsdag",
    date(2027, 5, 6): "Hemelvaartsdag",
    date(2027, 5, 16): "Eerste pinksterdag",
    date(2027, 5, 17): "Tweede pinksterdag",
    date(2027, 12, 25): "Eerste kerstdag",
    date(2027, 12, 26): "Tweede kerstdag",
}
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni", "juli"),
    *("augustus", "september", "oktober", "november", "december"),
)

#: Day and night; the desk of AVIM, open and shut in minutes since midnight; hours that nobody gave us.
ALWAYS, DESK, UNKNOWN = "always", (8 * 60, 16 * 60 + 30), "unknown"
#: Of hours that nobody gave us these are assumed, without promising them.
OFFICE = (9 * 60, 17 * 60)

POLICE = "0900-8844"


class Listed(NamedTuple):
    """A line of a municipality's list."""

    name: str
    number: str | None
    hours: str | tuple[int, int]
    police_stand_in: bool = False
    confirmed: bool = True


class Told(NamedTuple):
    """One partner of an answer, as a person must hear it; `until` is naive UTC."""

    key: str
    number: str | None
    open: bool
    until: datetime | None
    state: str


_BOTH = {
    "112": Listed("Alarmnummer", "112", ALWAYS),
    "avim": Listed("AVIM Oost-Brabant", "088-9630320", DESK, police_stand_in=True),
    "nla": Listed("Nederlandse Arbeidsinspectie", "0800-5151", UNKNOWN, police_stand_in=True),
    "kmar": Listed("Koninklijke Marechaussee", "0800-1814", UNKNOWN, police_stand_in=True),
    "politie": Listed("Politie", POLICE, ALWAYS),
    "wijkagent": Listed("Wijkagent", None, UNKNOWN),
    "veilig_thuis": Listed("Veilig Thuis", "0800-2000", ALWAYS),
    "ind": Listed("Immigratie- en Naturalisatiedienst", "088-0430430", UNKNOWN),
    "belastingdienst": Listed("Belastingdienst", None, UNKNOWN),
    "om": Listed("Openbaar Ministerie", None, UNKNOWN),
    "ketenregisseur": Listed("Ketenregisseur Mensenhandel", None, UNKNOWN),
    "riec": Listed("Taskforce-RIEC Brabant-Zeeland", None, UNKNOWN),
    "comensha": Listed("CoMensha", "033-4481186", UNKNOWN),
    "mma": Listed("Meld Misdaad Anoniem", "0800-7000", UNKNOWN),
    "lokale_zorg": Listed("Lokale zorg en welzijn", None, UNKNOWN),
    "fairwork": Listed("FairWork", None, UNKNOWN),
    "af": Listed("Aandachtsfunctionaris mensenhandel (AF)", None, UNKNOWN),
}
LISTS = {
    "maashorst": {
        **_BOTH,
        "zoco": Listed("Zorgcoördinator Mensenhandel (MO Den Bosch)", "073-6139225", UNKNOWN, True, confirmed=False),
    },
    "eersel": {**_BOTH, "zoco": Listed("Zorgcoördinator Mensenhandel (Lumens)", "040-2193388", UNKNOWN, True)},
}


def answer(listed: Listed, key: str, moment: datetime) -> list[Told]:
    """What somebody must hear who asks for this partner now, the number that works first."""
    own = _own(listed, key, moment)
    if own.open or listed.number is None or not listed.police_stand_in:
        return [own]
    why = f"{listed.name} is nu gesloten. Bel dit nummer."
    if listed.hours == UNKNOWN:
        why = f"{listed.name} is nu misschien niet bereikbaar. Kan het niet wachten, bel dan dit nummer."
    return [Told("politie", POLICE, True, None, f"{why} Dag en nacht bereikbaar."), own]


def _own(listed: Listed, key: str, moment: datetime) -> Told:
    if listed.number is None:
        return Told(key, None, False, None, "Er is geen nummer.")
    if listed.hours == ALWAYS:
        return Told(key, listed.number, True, None, "Dag en nacht bereikbaar.")
    here = on_the_wall(moment)
    minute = here.hour * 60 + here.minute
    opens, shuts = OFFICE if listed.hours == UNKNOWN else DESK
    is_open = is_working_day(here.date()) and opens <= minute < shuts
    if listed.hours == UNKNOWN:
        hint = "Bel op een werkdag overdag." if is_open else "Nu neemt er misschien niemand op."
        doubt = "" if listed.confirmed else " Let op: dit nummer is niet bevestigd."
        return Told(key, listed.number, is_open, None, f"De openingstijden zijn niet bekend. {hint}{doubt}")
    if is_open:
        return Told(key, listed.number, True, to_utc(here.date(), shuts), "Nu bereikbaar, tot 16.30 uur.")
    day = here.date()
    if not is_working_day(day) or minute >= shuts:
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    why = f" ({HOLIDAYS[here.date()]})" if here.date() in HOLIDAYS else ""
    match (day - here.date()).days:
        case 0:
            when = ""
        case 1:
            when = "morgen "
        case _:
            when = f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} "
    state = f"Nu gesloten{why}. Weer bereikbaar vanaf {when}08.00 uur."
    return Told(key, listed.number, False, to_utc(day, opens), state)


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no holiday."""
    return day.weekday() < 5 and day not in HOLIDAYS


def on_the_wall(moment: datetime) -> datetime:
    """What clock and calendar in the Netherlands show."""
    summer = any(begins <= moment < ends for begins, ends in SUMMERS)
    return moment + timedelta(hours=2 if summer else 1)


def to_utc(day: date, minutes: int) -> datetime:
    """When the clock on the wall shows this; never asked of the hours of the night in which it jumps."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return next(utc for utc in (wall - timedelta(hours=2), wall - timedelta(hours=1)) if on_the_wall(utc) == wall)


def every(step: timedelta) -> Iterator[datetime]:
    """Moments at equal distances in 2026 and 2027."""
    moment = FIRST
    while moment < LAST:
        yield moment
        moment += step


def every_boundary() -> Iterator[datetime]:
    """The minutes around each moment at which an answer may change: opening, closing, midnight, a clock change."""
    for offset in range(2 * 365):
        day = date(2026, 1, 1) + timedelta(days=offset)
        changes = [change for summer in SUMMERS for change in summer if on_the_wall(change).date() == day]
        for moment in (*changes, *(to_utc(day, minutes) for minutes in (0, *DESK, *OFFICE))):
            yield from (near for near in (moment - MINUTE, moment, moment + MINUTE) if FIRST <= near < LAST)
