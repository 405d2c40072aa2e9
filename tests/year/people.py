"""Reporters, officers and partners: what each of them does with a signal, by the dice of one seed."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from dialogs.domain.access import Actor
from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import OPEN, SignalStatus
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.signals import Draft
from dialogs.domain.working_time import WORKDAY, after, is_working_time
from dialogs.ports import UnitOfWork
from dialogs.use_cases.case_work import CaseWork
from dialogs.use_cases.desks import Desks
from dialogs.use_cases.feedback import CLOSING_TEXTS, Attempts, Feedback, Told, Way
from dialogs.use_cases.own_signals import OwnSignals
from dialogs.use_cases.ownership import AlreadyTakenUp, Ownership
from dialogs.use_cases.questions import Questions
from dialogs.use_cases.submit_signal import submit_signal
from tests.year.calendar import ABSENCES, ANNA, is_away, moment
from tests.year.office import KNOWLEDGE, Act, Office

E, S = EventKind, SignalStatus
_MINUTE = timedelta(minutes=1)
#: What was ticked, and of a hundred signals how many are like it: danger, clear, other, vague.
_SEEN = (
    (1, "yes", ()),
    (24, "no", ("docs_held", "debt_bondage", "confined_watched")),
    (15, "no", ("fear",)),
    (60, "no", ("bad_housing",)),
)
#: Colleagues who report; messages do not reach the last of them, who left.
REPORTERS = tuple(f"reporter-{number}" for number in range(150))
GONE = frozenset(REPORTERS[-3:])


@dataclass
class Year:
    """Everybody who takes part; each act plans the next one."""

    office: Office
    random: Random
    #: What the owner still wants to do with each signal, last first.
    plans: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def begin(self, arrivals: list[datetime]) -> None:
        """Put down what is known at the start of the year."""
        self.office.hears = self.hear
        for number, at in enumerate(arrivals, start=1):
            self.office.at(at, lambda number=number: self.report(number))
        for away in ABSENCES:
            if away.told:
                self.office.at(moment(away.first, 8 * 60), lambda away=away: self.go_away(away.person, away.back))

    def chance(self, percent: float) -> bool:
        """Whether it happens this time."""
        return self.random.random() * 100 < percent

    def workdays(self, low: float, high: float) -> datetime:
        """A moment between so many workdays from now, at which people are at work."""
        return after(self.office.now, WORKDAY * self.random.uniform(low, high))

    # Reporters

    async def report(self, number: int) -> None:
        """Somebody sends a signal; then it waits for an officer, sometimes for long."""
        signal_id, reporter = f"signal-{number}", self.random.choice(REPORTERS)
        _, danger, ticked = self.random.choices(_SEEN, weights=[each[0] for each in _SEEN])[0]
        now = self.office.now
        answers = {"danger": danger, "story": "Iemand durfde niets te zeggen.", "signs": ticked}
        draft = Draft(signal_id, reporter, now, now, answers=answers)
        async with self.office.database.unit_of_work() as uow:
            await submit_signal(uow, draft, Actor(reporter), "Collega", KNOWLEDGE, now)
            await uow.commit()
        if danger == "yes":
            minutes = self.random.choices((10, 40, 200), weights=(75, 20, 5))[0]
            self.office.at(now + _MINUTE * self.random.uniform(1, minutes), lambda: self.take_up(signal_id, alarm=True))
        elif self.chance(96):
            late = self.random.choices(((0.05, 0.6), (0.6, 2), (2, 6)), weights=(80, 14, 6))[0]
            self.office.at(self.workdays(*late), lambda: self.take_up(signal_id))
        # Else nobody thinks of it, until the mailbox is mailed.
        if self.chance(10):
            self.office.at(self.workdays(0.1, 12), lambda: self.add(signal_id, reporter))
        if self.chance(3):
            self.office.at(self.workdays(0.1, 12), lambda: self.wish(signal_id, reporter))

    async def add(self, signal_id: str, reporter: str) -> None:
        """The reporter saw more."""
        async with self.office.database.unit_of_work() as uow:
            await own_signals(uow, reporter, self.office.now).add(signal_id, "Ik zag het weer.")
            await uow.commit()

    async def wish(self, signal_id: str, reporter: str) -> None:
        """The reporter would rather not have sent it."""
        async with self.office.database.unit_of_work() as uow:
            if (await uow.signals.get(signal_id)).status in OPEN:  # pyright: ignore[reportOptionalMemberAccess] - it was sent
                await own_signals(uow, reporter, self.office.now).wish_to_withdraw(signal_id, "Het was niets.")
                await uow.commit()

    async def answer(self, signal_id: str, reporter: str, asked: int) -> None:
        """The reporter answers what was asked; too late it is an addition."""
        async with self.office.database.unit_of_work() as uow:
            await own_signals(uow, reporter, self.office.now).answer(signal_id, str(asked), "Bij de markt.")
            await uow.commit()

    # Officers

    async def go_away(self, person: str, back: date) -> None:
        """An officer says until when not to be there."""
        async with self.office.database.unit_of_work() as uow:
            actor = KNOWLEDGE.staff.actor(person)
            await Desks(uow, actor, KNOWLEDGE.staff, self.office.now).go_away(moment(back))
            await uow.commit()

    def present(self) -> list[str]:
        """Who is there for signals: the officers, and the deputy once one of them said to be away."""
        now = self.office.now
        told = {each.person for each in ABSENCES if each.told and each.holds(now)}
        return [person for person in KNOWLEDGE.staff.on_duty(frozenset(), told) if not is_away(person, now)]

    async def take_up(self, signal_id: str, *, alarm: bool = False) -> None:
        """Somebody on duty takes it up; of an alarm also at night. Sometimes two do at once."""
        people = self.present()
        if not people or not (alarm or is_working_time(self.office.now)):
            later = self.office.now + 5 * _MINUTE if alarm else self.workdays(0.1, 0.5)
            self.office.at(later, lambda: self.take_up(signal_id, alarm=alarm))
            return
        for person in self.random.sample(people, 2 if len(people) > 1 and self.chance(5) else 1):
            async with self.office.database.unit_of_work() as uow:
                try:
                    await Ownership(self.office.work(uow, person)).take_up(signal_id)
                except AlreadyTakenUp:
                    continue
                await uow.commit()
        if signal_id not in self.plans:
            steps = {"offer": 5, "ask": 30, "consult": 30, "hand_over": 40, "rest": 8}
            chosen = [step for step, percent in steps.items() if self.chance(percent)]
            self.plans[signal_id] = ["close", *reversed(chosen)]
        else:
            self.plans[signal_id] = ["close"]
        self.office.at(self.workdays(0.1, 2), lambda: self.go_on(signal_id))

    async def go_on(self, signal_id: str) -> None:
        """Whoever has it does the next thing, or a colleague does for who is away."""
        async with self.office.database.unit_of_work() as uow:
            case = await self.office.work(uow, ANNA).case(signal_id)
            owner = case.signal.owner
            if not case.is_open or case.is_unclaimed or owner is None:
                return
            people = [person for person in self.present() if person != owner]
            if is_away(owner, self.office.now):
                if people and self.chance(40):
                    over = Ownership(self.office.work(uow, people[0]))
                    await over.take_over(signal_id, case.signal.version, "Mijn collega is er niet.")
                    await uow.commit()
                when = self.workdays(0.3, 1)
            else:
                when = await self._act(uow, case, owner, people)
                await uow.commit()
        self.office.at(when, lambda: self.go_on(signal_id))

    async def _act(self, uow: UnitOfWork, case: CaseFile, owner: str, colleagues: list[str]) -> datetime:
        """The next thing, and when the owner looks at it again."""
        signal, work, feedback = case.signal, self.office.work(uow, owner), Feedback(self.office.work(uow, owner))
        if case.is_withdrawal_wished:
            await (feedback.withdraw if self.chance(60) else feedback.go_on)(signal.id, signal.version)
            return self.workdays(0.5, 2)
        if case.question or case.offer or (case.owed_by_partners and self.chance(97)):
            return self.workdays(0.5, 1.5)
        match self.plans[signal.id].pop():
            case "offer":
                if colleagues:
                    await Ownership(work).offer(signal.id, signal.version, colleagues[0], "Dit past beter bij jou.")
                    self._later(0.1, 0.8, 80, lambda: self.reply_to_offer(signal.id, colleagues[0]))
            case "ask":
                asked = await Questions(work).ask(signal.id, signal.version, "Waar was het precies?")
                number = asked.history[-1].number
                self._later(0.2, 7, 75, lambda: self.answer(signal.id, signal.reporter, number))
            case "consult" | "hand_over" as step:
                kind, status = (E.CONSULTED, S.CONSULTING) if step == "consult" else (E.HANDED_OVER, S.HANDED_OVER)
                due = after(self.office.now, KNOWLEDGE.terms.partner).astimezone(AMSTERDAM).date().isoformat()
                content = {"partner": "avim", "due": due, "note": "", "text": "", "feedback": ""}
                refered = await work.record(case, signal.moved_to(status, now=self.office.now), kind, content)
                number = refered.history[-1].number
                self._later(0.5, 12, 85, lambda: self.partner_answers(signal.id, number))
            case "rest":
                self.plans[signal.id].append("close")
                return self.workdays(12, 25)
            case _:
                await self._close(work, case)
        return self.workdays(0.3, 3)

    async def _close(self, work: CaseWork, case: CaseFile) -> None:
        """The end, with feedback, or with what was tried to reach the reporter."""
        signal, feedback = case.signal, Feedback(work)
        if signal.reporter in GONE or self.chance(2):
            attempts = Attempts(3, (Way.PHONE, Way.MAIL), "Uit dienst.")
            await feedback.close_unreachable(signal.id, signal.version, attempts)
        else:
            await feedback.close(signal.id, signal.version, Told(self.random.choice(CLOSING_TEXTS)))
        if self.chance(2):
            self.office.at(self.workdays(3, 20), lambda: self.reopen(signal.id))

    async def reopen(self, signal_id: str) -> None:
        """There is more to it after all; somebody takes it up again."""
        async with self.office.database.unit_of_work() as uow:
            work = self.office.work(uow, ANNA)
            case = await work.case(signal_id)
            if case.is_open:
                return
            work = self.office.work(uow, case.signal.owner or "")
            await Feedback(work).reopen(signal_id, case.signal.version, "Er is meer gezien.")
            await uow.commit()
        self.office.at(self.workdays(0.1, 1.5), lambda: self.take_up(signal_id))

    async def reply_to_offer(self, signal_id: str, person: str) -> None:
        """A colleague accepts or declines, if it is still asked and the colleague is there."""
        async with self.office.database.unit_of_work() as uow:
            work = self.office.work(uow, person)
            case = await work.case(signal_id)
            if case.offer is None or case.offer.to != person or is_away(person, self.office.now):
                return
            ownership = Ownership(work)
            await (ownership.accept if self.chance(75) else ownership.decline)(signal_id)
            await uow.commit()

    async def partner_answers(self, signal_id: str, about: int) -> None:
        """A partner gives feedback, in time or late; whoever is there writes it down."""
        async with self.office.database.unit_of_work() as uow:
            case = await self.office.work(uow, ANNA).case(signal_id)
            owed = next((each for each in case.owed_by_partners if each.number == about), None)
            if owed is None:
                return
            work = self.office.work(uow, case.signal.owner or ANNA)
            content = {"partner": owed.partner, "about": str(about), "text": "Opgepakt."}
            await work.record(case, case.signal, E.PARTNER_ANSWERED, content)
            await uow.commit()

    def hear(self, notice: Notice) -> None:
        """Whoever reads the mailbox sees to it that somebody takes it up."""
        if notice.kind is NoticeKind.FALLBACK_MAIL:
            signal_id, now = notice.signal_id, self.office.now
            alarm = not is_working_time(now) or self.chance(1)
            when = now + 10 * _MINUTE if alarm else self.workdays(0.1, 0.5)
            self.office.at(when, lambda: self._after_mail(signal_id, alarm=alarm))

    async def _after_mail(self, signal_id: str, *, alarm: bool) -> None:
        async with self.office.database.unit_of_work() as uow:
            case = await self.office.work(uow, ANNA).case(signal_id)
        if case.is_unclaimed:
            await self.take_up(signal_id, alarm=alarm)

    def _later(self, low: float, high: float, percent: float, act: Act) -> None:
        if self.chance(percent):
            self.office.at(self.workdays(low, high), act)


def own_signals(uow: UnitOfWork, reporter: str, now: datetime) -> OwnSignals:
    """The signals of a reporter."""
    return OwnSignals(uow, Actor(reporter), KNOWLEDGE, now)
