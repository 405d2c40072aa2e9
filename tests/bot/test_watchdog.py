"""The watchdog on a clock of its own: weekends, holidays, a change of the clock, and a bot that was down for a week."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.watchdog import Watchdog
from dialogs.domain.addresses import Address, CardAddress, CardSubject
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.nudges import Interval
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.signals import Draft
from dialogs.ports import UnitOfWork, UnitsOfWork
from tests.fakes.fake_time import FakeTime, settle
from tests.fakes.unit_of_work import Memory
from tests.knowledge import knowledge

STORY = "Een verhaal dat in geen bericht mag staan."


def at(local: str) -> datetime:
    """A moment on the clock of Amsterdam, in UTC; without a year it is 2026."""
    return datetime.fromisoformat(f"2026-{local}").replace(tzinfo=AMSTERDAM).astimezone(UTC)


class Office:
    """A database in memory, a clock, and a watchdog that looks when told."""

    def __init__(self, now: str) -> None:
        self.now = at(now)
        self.memory = Memory()
        self.wakes = 0
        self.dogs = [self._watchdog() for _ in range(2)]

    def _watchdog(self) -> Watchdog:
        return Watchdog(self.memory.unit_of_work, lambda: self.now, knowledge(), wake_dispatcher=self._count_wake)

    async def nudges_every(self, weeks: int) -> None:
        """An officer sets how often."""
        async with self.memory.unit_of_work() as uow:
            await uow.nudges.set_interval(Interval(weeks, "anna", self.now))
            await uow.commit()

    def _count_wake(self) -> None:
        self.wakes += 1

    async def drafts(self, person: str = "robin", *, practice: bool = False) -> Draft:
        """This person answers a question now."""
        async with self.memory.unit_of_work() as uow:
            draft = await uow.drafts.of(person)
            if draft is None:
                draft = Draft(f"draft-{person}", person, self.now, self.now, practice=practice)
                await uow.cards.remember(CardAddress(person, CardSubject.DRAFT, draft.id, "message-1"))
            saved = await uow.drafts.save(replace(draft, changed_at=self.now, answers={"story": STORY}))
            await uow.commit()
        return saved

    async def sees(self, person: str) -> None:
        """This person wrote to the bot now."""
        async with self.memory.unit_of_work() as uow:
            await uow.people.seen(Address(person, "", "a:1", "", "", "", "", self.now))
            await uow.commit()

    async def watches(self, until: str, *, every: timedelta = timedelta(minutes=10)) -> list[tuple[datetime, str]]:
        """Both watchdogs look at each step until then; what they put in the outbox, and when."""
        heard: list[tuple[datetime, str]] = []
        while self.now <= at(until):
            heard += [(self.now, kind) for kind in await self.looks()]
            self.now += every
        return heard

    async def looks(self) -> list[str]:
        """Both look now; the kinds of the new notices."""
        before = len(self.memory.notices)
        for dog in self.dogs:
            await dog.look()
        return [notice.kind for notice in self.memory.notices[before:]]


REMINDED, EXPIRED, CARD = NoticeKind.DRAFT_REMINDER, NoticeKind.DRAFT_EXPIRED, NoticeKind.EXPIRED_CARD


@pytest.mark.parametrize(
    ("changed", "first", "second", "end"),
    [
        ("11-23T10:00", "11-23T14:00", "11-25T10:00", "11-26T10:00"),
        ("11-27T16:00", "11-30T12:00", "12-01T16:00", "12-02T16:00"),
        ("12-23T11:00", "12-23T15:00", "12-28T11:00", "12-29T11:00"),
        ("10-23T12:00", "10-23T16:00", "10-27T12:00", "10-28T12:00"),
        ("03-27T12:00", "03-27T16:00", "03-31T12:00", "04-01T12:00"),
    ],
    ids=["in a week", "over a weekend", "over Christmas", "the clock goes back", "the clock goes forward"],
)
async def test_two_reminders_and_then_the_end_each_once_and_while_people_are_at_work(
    changed: str, first: str, second: str, end: str
) -> None:
    office = Office(changed)
    await office.drafts()

    heard = await office.watches("12-31T23:00" if changed.startswith("12") else "12-05T23:00", every=timedelta(hours=1))

    assert heard == [(at(first), REMINDED), (at(second), REMINDED), (at(end), CARD), (at(end), EXPIRED)]
    assert office.memory.drafts == []
    assert [entry.action for entry in office.memory.audit_entries] == ["draft_expired"]


async def test_a_reminder_carries_no_content_and_says_until_when() -> None:
    office = Office("11-23T10:00")
    draft = await office.drafts()
    await office.watches("11-23T15:00")

    (notice,) = office.memory.notices
    assert notice == Notice(
        id=notice.id,
        kind=REMINDED,
        recipient="robin",
        signal_id=draft.id,
        created_at=at("11-23T14:00"),
        detail={"version": "1", "number": "1", "until": at("11-26T10:00").isoformat()},
    )
    assert STORY not in str(notice)
    assert office.wakes > 0


async def test_who_goes_on_starts_the_clock_again() -> None:
    office = Office("11-23T10:00")
    await office.drafts()
    await office.watches("11-25T15:00")
    await office.drafts()

    heard = await office.watches("11-30T17:00")

    assert heard[0] == (at("11-26T11:10"), REMINDED)
    assert [kind for _, kind in heard] == [REMINDED, REMINDED, CARD, EXPIRED]


async def test_a_draft_that_was_sent_is_not_reminded_of() -> None:
    office = Office("11-23T10:00")
    draft = await office.drafts()
    async with office.memory.unit_of_work() as uow:
        await uow.drafts.remove(draft.id)
        await uow.commit()

    assert await office.watches("11-27T17:00") == []


async def test_after_a_week_of_standing_still_there_is_one_reminder_and_a_workday_to_go_on() -> None:
    office = Office("11-20T10:00")
    await office.drafts()
    office.now = at("11-28T03:00")

    heard = await office.watches("12-02T17:00")

    assert heard == [(at("11-30T09:00"), REMINDED), (at("12-01T09:00"), CARD), (at("12-01T09:00"), EXPIRED)]


async def test_a_practice_ends_without_a_word() -> None:
    office = Office("11-23T10:00")
    await office.drafts(practice=True)

    heard = await office.watches("11-27T17:00")

    assert heard == [(at("11-26T10:00"), CARD)]
    assert office.memory.notices[0].detail == {"card": "message-1", "practice": "yes"}


async def test_many_drafts_are_all_seen_to_in_one_look() -> None:
    office = Office("11-23T10:00")
    for number in range(230):
        await office.drafts(f"reporter-{number}")
    office.now = at("11-23T14:00")

    assert await office.looks() == [REMINDED] * 230


async def test_nobody_is_nudged_unless_it_is_switched_on() -> None:
    office = Office("11-02T10:00")
    await office.sees("robin")
    assert await office.watches("11-30T17:00", every=timedelta(hours=6)) == []

    await office.nudges_every(2)
    await office.nudges_every(0)
    assert await office.watches("12-31T17:00", every=timedelta(hours=6)) == []


async def test_who_wants_no_nudges_gets_none_until_they_want_them_again() -> None:
    office = Office("11-02T10:00")
    await office.nudges_every(2)
    await office.sees("robin")
    async with office.memory.unit_of_work() as uow:
        await uow.nudges.refuse("robin")
        await uow.commit()
    assert await office.watches("11-30T17:00", every=timedelta(hours=6)) == []

    async with office.memory.unit_of_work() as uow:
        await uow.nudges.allow("robin")
        await uow.commit()
    assert [kind for _, kind in await office.watches("12-02T17:00", every=timedelta(hours=6))] == [NoticeKind.NUDGE]


async def test_people_are_nudged_once_in_an_interval_while_at_work() -> None:
    office = Office("11-06T18:00")
    await office.nudges_every(2)
    await office.sees("robin")
    await office.sees("kim")

    heard = await office.watches("12-09T17:00", every=timedelta(hours=1))

    assert heard == [
        (at("11-23T09:00"), NoticeKind.NUDGE),
        (at("11-23T09:00"), NoticeKind.NUDGE),
        (at("12-07T10:00"), NoticeKind.NUDGE),
        (at("12-07T10:00"), NoticeKind.NUDGE),
    ]
    assert {notice.recipient for notice in office.memory.notices} == {"robin", "kim"}


async def test_after_months_of_standing_still_there_is_one_nudge() -> None:
    office = Office("01-05T10:00")
    await office.nudges_every(2)
    await office.sees("robin")
    office.now = at("11-23T10:00")

    assert [kind for _, kind in await office.watches("11-27T17:00")] == [NoticeKind.NUDGE]


class Away:
    """A database that is away until it is back."""

    def __init__(self, units: UnitsOfWork) -> None:
        self.units = units
        self.is_back = False

    def __call__(self) -> UnitOfWork:
        if not self.is_back:
            raise ConnectionError
        return self.units()


async def test_a_database_that_was_away_is_looked_at_again_when_somebody_wakes_it() -> None:
    office = Office("11-23T10:00")
    await office.drafts()
    office.now = at("11-23T14:00")
    units = Away(office.memory.unit_of_work)
    dog = Watchdog(units, lambda: office.now, knowledge(), wake_dispatcher=lambda: None)
    running = asyncio.create_task(dog.run())
    await settle()
    assert office.memory.notices == []

    units.is_back = True
    dog.wake()
    await settle()

    assert [notice.kind for notice in office.memory.notices] == [REMINDED]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_outside_working_time_nothing_is_asked_of_the_database_but_the_look() -> None:
    time = FakeTime(at("11-28T12:00"))
    memory = Memory()
    dog = Watchdog(memory.unit_of_work, time, knowledge(), wake_dispatcher=lambda: None)

    assert await dog.look() == 0


async def test_what_was_sent_long_ago_goes_and_what_could_not_reach_somebody_follows_when_they_are_back() -> None:
    office = Office("11-23T10:00")
    async with office.memory.unit_of_work() as uow:
        for notice, person in (("sent", "robin"), ("dead", "kim")):
            await uow.outbox.put(Notice(notice, NoticeKind.RECEIPT, person, "signal-1", office.now))
        await uow.outbox.claim(worker="w", now=office.now, lease_until=office.now, limit=9)
        await uow.outbox.delivered("sent", "w", office.now)
        await uow.outbox.give_up("dead", "w", office.now, "403", unreachable=True)
        await uow.commit()

    office.now += timedelta(days=91)
    await office.sees("kim")
    assert await office.dogs[0].look() == 2
    assert await office.dogs[1].look() == 0

    assert [notice.id for notice in office.memory.notices] == ["dead"]
    assert [notice.id for notice in office.memory.unsent] == ["dead"]
    assert office.wakes == 1
