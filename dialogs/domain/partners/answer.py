"""What is told about a partner at one moment: the number that works, and if none does, from when."""

from dataclasses import dataclass
from datetime import datetime

from dialogs.domain.opening_hours import AMSTERDAM, OpeningHours, State
from dialogs.domain.partners.partner import Partner, PhoneNumber

_SHORT_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


@dataclass(frozen=True, slots=True)
class Contact:
    """One partner of an answer: the number to call (None: there is none), whether it works now and until when.

    `until` is None where that state has no known end. `reason` is Dutch: `state`, the short of it, and all else.
    """

    partner: Partner
    number: str | None
    open: bool
    until: datetime | None
    reason: str
    state: str = ""

    @property
    def phone(self) -> PhoneNumber | None:
        """The number with its link and note."""
        return next((each for each in self.partner.numbers if each.number == self.number), None)


@dataclass(frozen=True, slots=True)
class LookUp:
    """The answer to a question, best first. Not `exact`: nobody matched, these are the most likely and 112."""

    query: str
    contacts: tuple[Contact, ...]
    exact: bool
    danger: bool


def contact_at(partner: Partner, at: datetime) -> Contact:
    """A partner at a moment: its first number that is open, or else its first number."""
    if not partner.numbers:
        none = "Er is geen nummer."
        return Contact(partner, None, open=False, until=None, reason=_sentences(none, partner.missing), state=none)
    states = [(phone, phone.hours.at(at)) for phone in partner.numbers]
    phone, state = next((each for each in states if each[1].open), states[0])
    warning, missing = ("", "") if phone.confirmed else ("Let op: dit nummer is niet bevestigd.", partner.missing)
    now = _state_in_words(phone, state, at)
    reason = _sentences(now, phone.note, warning, missing)
    return Contact(partner, phone.number, state.open, state.until, reason, _sentences(now, warning))


def instead_of(partner: Partner) -> str:
    """Why somebody else's number comes first, in Dutch."""
    if all(phone.hours.known for phone in partner.numbers):
        return f"{partner.name} is nu gesloten. Bel dit nummer."
    return f"{partner.name} is nu misschien niet bereikbaar. Kan het niet wachten, bel dan dit nummer."


def hours_in_words(hours: OpeningHours) -> str:
    """The hours as they hold at any moment, in Dutch: "ma-vr 08.00-16.30 uur, niet op feestdagen"."""
    if hours.always:
        return "dag en nacht"
    if not hours.known:
        return "openingstijden niet bekend"
    spans: list[tuple[int, int, str]] = []
    for day, windows in enumerate(hours.week):
        times = " en ".join(f"{_clock(window.start)}-{_clock(window.end)}" for window in windows)
        if spans and spans[-1][1] == day - 1 and spans[-1][2] == times:
            spans[-1] = (spans[-1][0], day, times)
        else:
            spans.append((day, day, times))
    told = [f"{_span(first, last)} {times} uur" for first, last, times in spans if times]
    return ", ".join([*told, "niet op feestdagen"])


def _span(first: int, last: int) -> str:
    return _SHORT_DAYS[first] if first == last else f"{_SHORT_DAYS[first]}-{_SHORT_DAYS[last]}"


def _clock(minutes: int) -> str:
    return "{:02}.{:02}".format(*divmod(minutes, 60))


def _state_in_words(phone: PhoneNumber, state: State, at: datetime) -> str:
    if not phone.hours.known:
        return f"De openingstijden zijn niet bekend. {_KANTOORTIJD[state.open]}"
    if state.open:
        return f"Nu bereikbaar, tot {_moment(state.until, at)}." if state.until else "Dag en nacht bereikbaar."
    why = f" ({state.holiday})" if state.holiday else ""
    again = f" Weer bereikbaar vanaf {_moment(state.until, at)}." if state.until else ""
    return f"Nu gesloten{why}.{again}"


_KANTOORTIJD = {True: "Bel op een werkdag overdag.", False: "Nu neemt er misschien niemand op."}


def _moment(moment: datetime, now: datetime) -> str:
    """Today "16.30 uur", then "morgen 08.00 uur", later "maandag 28 december 08.00 uur"."""
    clock = f"{moment:%H.%M} uur"
    days = (moment.date() - now.astimezone(AMSTERDAM).date()).days
    if days <= 1:
        return ("", "morgen ")[days] + clock
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {clock}"


def _sentences(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())
