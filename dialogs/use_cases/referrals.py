"""Partners: consulting them, handing a signal over, what is told to them, what they answer (policy annex 3, 3 to 5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dialogs.domain.case_file import CaseFile, Referral
from dialogs.domain.events import EventKind
from dialogs.domain.free_text import TextRefused, accepted
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.recipients import COVENANT_OF, OTHER_DESK, How, grounds_for, recipients
from dialogs.domain.working_time import after, is_working_time
from dialogs.use_cases.case_work import CaseWork, OutOfDate

#: In characters.
MOST_NOTE, MOST_LINE, MOST_DESK, MOST_ANSWER = 2000, 500, 100, 2000
#: Whoever needs longer is asked again by then.
_LONGEST = timedelta(days=366)


class Fault(StrEnum):
    """What is not right in a hand-over or a consultation. Also the key of its sentence, under `referral.fault`."""

    PARTNER_MISSING = "partner_missing"
    #: Is not, or no longer, one of the recipients.
    PARTNER_GONE = "partner_gone"
    DESK_MISSING = "desk_missing"
    #: RIEC and Zorgtafel each have a covenant, and one hand-over has one ground.
    NOT_TOGETHER = "not_together"
    ONLY_UNDER_COVENANT = "only_under_covenant"
    GROUND_MISSING = "ground_missing"
    GROUND_WRONG = "ground_wrong"
    HOW_MISSING = "how_missing"
    NOTHING_SHARED = "nothing_shared"
    DAY_UNREADABLE = "day_unreadable"
    DAY_PAST = "day_past"
    DAY_OFF = "day_off"
    DAY_FAR = "day_far"


class ReferralWrong(Exception):
    """Something is missing or wrong; nothing was stored. `faults` are in the order of the form."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Referred:
    """What an officer filled in about partners: as it came, so that every fault can be told."""

    partners: tuple[str, ...]
    #: The name, where one of them is another desk.
    desk: str
    how: str
    #: Keys of the pieces of the case that were told.
    shared: tuple[str, ...]
    note: str
    #: The officer's own line for the reporter.
    line: str
    #: ISO date until which their feedback is waited for; empty: none was asked for.
    due: str
    ground: str = ""
    #: The reporter may read who they are.
    named: bool = True
    #: Of a consultation: the reporter hears of it.
    told: bool = False
    #: Of a consultation: what was answered at once.
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Referrals:
    """The acts in which a partner takes part."""

    work: CaseWork

    def was_done(self, case: CaseFile, kind: EventKind, said: Referred) -> bool:
        """Whether this officer did just this before: a button that is pressed twice says so the second time."""
        try:
            content = _content(said)
        except TextRefused:
            return False
        events = [event for event in case.of_kind(kind) if event.actor == self.work.actor.id]
        return bool(events) and content.items() <= events[-1].content.items()

    async def hand_over(self, signal_id: str, version: int, said: Referred) -> CaseFile:
        """Record that partners have it now. The reporter hears it.

        Raises NotAllowed (not the owner), OutOfDate, Follows, TransitionNotAllowed, ReferralWrong, TextRefused.
        """
        case = await self.work.own(signal_id, version)
        changed = case.signal.moved_to(SignalStatus.HANDED_OVER, now=self.work.now)
        self.check_hand_over(said)
        content = {**_content(said), "ground": said.ground, "text": "named" if said.named else "unnamed"}
        why = f"{content['partner']} {said.ground}"
        return await self.work.record(case, changed, EventKind.HANDED_OVER, content, why=why)

    async def consult(self, signal_id: str, version: int, said: Referred) -> CaseFile:
        """Record that partners were asked what they think of it, and their answer where it came at once.

        Raises NotAllowed (not the owner), OutOfDate, Follows, TransitionNotAllowed, ReferralWrong, TextRefused.
        """
        case = await self.work.own(signal_id, version)
        consulting = SignalStatus.CONSULTING
        again = case.signal.status is consulting
        changed = replace(case.signal) if again else case.signal.moved_to(consulting, now=self.work.now)
        self.check_consultation(said)
        answer = accepted(said.answer, most=MOST_ANSWER)
        content = {**_content(said), "text": "consulted" if said.told else ""}
        consulted = await self.work.record(case, changed, EventKind.CONSULTED, content, why=content["partner"])
        for asked in consulted.referrals[-len(said.partners) :] if answer else ():
            consulted = await self._record_answer(consulted, asked, answer)
        return consulted

    async def record_answer(self, signal_id: str, version: int, about: str, raw: str) -> CaseFile:
        """Record what a partner answered: it owes nothing any more. The buddy may, when the owner is away.

        `about` is the `key_of` what is answered. Raises NotAllowed, OutOfDate, Follows, TextRefused, KeyError (nobody
        owes that answer).
        """
        text = accepted(raw, most=MOST_ANSWER, required=True)
        case = await self.work.case(signal_id)
        if case.signal.version != version:
            raise OutOfDate(case)
        asked = next((each for each in case.unanswered if key_of(each) == about), None)
        if asked is None:
            raise KeyError(about)
        return await self._record_answer(case, asked, text)

    async def read_out(self, signal_id: str, pieces: Sequence[str]) -> CaseFile:
        """Write down that these pieces were put on a card to read out. Raises NotAllowed, Follows."""
        case, fields = await self.work.open(signal_id), ",".join(pieces)
        return await self.work.add_once(case, EventKind.READ_OUT, {"fields": fields}, why=fields)

    def check_hand_over(self, said: Referred) -> None:
        """Raise ReferralWrong with everything that is missing or wrong in a hand-over, or TextRefused."""
        _check(*self._about_partners(said), *_about_ground(said), *_about_sharing(said), *self._about_day(said))
        _content(said)

    def check_consultation(self, said: Referred) -> None:
        """Raise ReferralWrong with everything that is missing or wrong in a consultation."""
        covenant = [Fault.ONLY_UNDER_COVENANT] if any(key in COVENANT_OF for key in said.partners) else []
        _check(*self._about_partners(said), *covenant, *_about_sharing(said), *self._about_day(said))

    async def _record_answer(self, case: CaseFile, asked: Referral, text: str) -> CaseFile:
        content = {"partner": asked.partner, "about": str(asked.number), "text": text}
        waits = any(each.kind is EventKind.CONSULTED for each in case.unanswered if each != asked)
        done = case.signal.status is SignalStatus.CONSULTING and not waits
        changed = case.signal.moved_to(_after_consulting(case), now=self.work.now) if done else replace(case.signal)
        return await self.work.record(case, changed, EventKind.PARTNER_ANSWERED, content, why=asked.partner)

    def _about_partners(self, said: Referred) -> Iterator[Fault]:
        listed = recipients(partner.key for partner in self.work.knowledge.directory)
        if not said.partners:
            yield Fault.PARTNER_MISSING
        elif not set(said.partners) <= set(listed):
            yield Fault.PARTNER_GONE
        if OTHER_DESK in said.partners and not said.desk.strip():
            yield Fault.DESK_MISSING

    def _about_day(self, said: Referred) -> Iterator[Fault]:
        if not said.due:
            return
        try:
            day = date.fromisoformat(said.due)
        except ValueError:
            yield Fault.DAY_UNREADABLE
            return
        today = self.work.now.astimezone(AMSTERDAM).date()
        if day < today:
            yield Fault.DAY_PAST
        elif day - today > _LONGEST:
            yield Fault.DAY_FAR
        elif not is_workday(day):
            yield Fault.DAY_OFF


def is_workday(day: date) -> bool:
    """Whether partners can be expected to answer on this day: no weekend, no public holiday."""
    return is_working_time(datetime.combine(day, time(12), AMSTERDAM))


def default_day(work: CaseWork) -> date:
    """Until which day a partner's feedback is waited for if nothing else was agreed (`Terms.partner`)."""
    return after(work.now, work.knowledge.terms.partner).astimezone(AMSTERDAM).date()


def key_of(referral: Referral) -> str:
    """What a partner's answer is about, as a card carries it."""
    return f"{referral.number}.{referral.partner}"


def _after_consulting(case: CaseFile) -> SignalStatus:
    """Where it is once the last partner who was consulted has answered."""
    if case.question is not None:
        return SignalStatus.WAITING_FOR_REPORTER
    since = max((event.number for event in case.of_kind(EventKind.REOPENED)), default=0)
    handed_over = any(event.number > since for event in case.of_kind(EventKind.HANDED_OVER))
    return SignalStatus.HANDED_OVER if handed_over else SignalStatus.TAKEN_UP


def _check(*faults: Fault) -> None:
    if faults:
        raise ReferralWrong(faults)


def _about_ground(said: Referred) -> Iterator[Fault]:
    allowed = grounds_for(said.partners)
    if not allowed:
        yield Fault.NOT_TOGETHER
    elif not said.ground:
        yield Fault.GROUND_MISSING
    elif said.ground not in allowed:
        yield Fault.GROUND_WRONG


def _about_sharing(said: Referred) -> Iterator[Fault]:
    if said.how not in set(How):
        yield Fault.HOW_MISSING
    if not said.shared:
        yield Fault.NOTHING_SHARED


def _content(said: Referred) -> dict[str, str]:
    return {
        "partner": ",".join(said.partners),
        **({"desk": accepted(said.desk, most=MOST_DESK)} if OTHER_DESK in said.partners else {}),
        "how": said.how,
        "shared": ",".join(said.shared),
        "note": accepted(said.note, most=MOST_NOTE),
        "feedback": accepted(said.line, most=MOST_LINE),
        "due": said.due,
    }
