"""Nothing is left lying: what officers, reporters and the mailbox hear because time passes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.domain.access import Staff
from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import CaseFile, case_file
from dialogs.domain.desk import Desk
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import Lane, Notice, NoticeKind
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.terms import planned
from dialogs.feedback_text import feedback_text
from dialogs.ports import UnitOfWork
from dialogs.reporter.cards import news_card
from dialogs.use_cases.case_work import CaseWork
from dialogs.use_cases.ownership import Ownership
from dialogs.use_cases.watch_desks import NO_HANDLER, watch_digests, watch_orphans, watch_unhandled
from dialogs.use_cases.watch_signals import watch_signals
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ADMINISTRATOR, ANNA, BAS, CONFIDANT, OFFICER_ANNA, knowledge
from tests.storage.factories import a_signal
from tests.transcript import words_of

E, S = EventKind, SignalStatus
ROBIN = "reporter-robin"
VERA = CONFIDANT
KNOWLEDGE = replace(knowledge(), has_mailbox=True)


def at(local: str) -> datetime:
    """A moment on the clock of Amsterdam in 2026, in UTC: "04-20 10:00" is a Monday."""
    return datetime.fromisoformat(f"2026-{local}").replace(tzinfo=AMSTERDAM).astimezone(UTC)


class Office:
    """Stores in memory and a clock that is put forward."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.now = at("04-20 10:00")

    async def receives(self, outcome: Outcome, *, excluded: frozenset[str] = frozenset()) -> None:
        """A signal comes in now."""
        async with self.memory.unit_of_work() as uow:
            new = a_signal(reporter=ROBIN, outcome=outcome, received_at=self.now, excluded=excluded)
            event = SignalEvent(new.id, self.now, ROBIN, E.RECEIVED, S.RECEIVED, 1)
            await uow.signals.add(planned(case_file(new, (event,)), KNOWLEDGE.terms))
            await uow.signals.append(event)
            await uow.commit()

    async def takes_up(self) -> None:
        """Anna takes it up now."""
        async with self.memory.unit_of_work() as uow:
            await Ownership(self._work(uow)).take_up("signal-1")
            await uow.commit()

    async def records(self, kind: EventKind, status: SignalStatus | None = None, **content: str) -> None:
        """Anna does this now."""
        async with self.memory.unit_of_work() as uow:
            work = self._work(uow)
            case = await work.case("signal-1")
            changed = case.signal if status is None else case.signal.moved_to(status, now=self.now)
            await work.record(case, changed, kind, content)
            await uow.commit()

    async def is_owned_by(self, person: str) -> None:
        """This person, who might at the time, took it up."""
        async with self.memory.unit_of_work() as uow:
            signal = await uow.signals.get("signal-1")
            assert signal
            await uow.signals.save(replace(signal.moved_to(S.TAKEN_UP, now=self.now), owner=person))
            await uow.commit()

    async def watches_orphans(self, staff: Staff) -> None:
        """It is looked at what has no handler among these people."""
        async with self.memory.unit_of_work() as uow:
            await watch_orphans(uow, replace(KNOWLEDGE, staff=staff), self.now, 100)
            await uow.commit()

    def told_of_no_handler(self) -> list[str]:
        """Who heard until now that a signal has no handler."""
        return [notice.recipient for notice in self.memory.notices if notice.detail.get("watch") == "owner_left"]

    async def watches_unhandled(self, staff: Staff) -> None:
        """It is looked at what nobody among these people may handle."""
        async with self.memory.unit_of_work() as uow:
            await watch_unhandled(uow, replace(KNOWLEDGE, staff=staff), self.now, 100)
            await uow.commit()

    def told_of_nobody(self) -> list[tuple[NoticeKind, str]]:
        """Who heard until now that nobody may handle a signal, or that they may, and how."""
        return [(each.kind, each.recipient) for each in self.memory.notices if f".{NO_HANDLER}." in each.id]

    async def is_away(self, person: str, until: str) -> None:
        """This officer is away from now on."""
        async with self.memory.unit_of_work() as uow:
            await uow.desks.save(Desk(person, absent_until=at(until)))
            await uow.commit()

    async def watches(self, until: str, *, replicas: int = 1) -> list[tuple[str, str, str]]:
        """Put the clock forward; who was told what, and when (day and time), in the order in which it was put down.

        It is looked at each moment at which something is due, and at the end.
        """
        before = len(self.memory.notices)
        while self.now < at(until):
            due = [signal.due_at for signal in self.memory.signals if signal.due_at]
            self.now = min(at(until), max(min(due, default=at(until)), self.now + timedelta(minutes=5)))
            for _ in range(replicas):
                async with self.memory.unit_of_work() as uow:
                    await watch_signals(uow, KNOWLEDGE, self.now, 100)
                    await uow.commit()
        return [self._line(notice) for notice in self.memory.notices[before:]]

    async def case(self) -> CaseFile:
        """The case as it is now."""
        async with self.memory.unit_of_work() as uow:
            return await self._work(uow).case("signal-1")

    def _work(self, uow: UnitOfWork) -> CaseWork:
        return CaseWork(uow, OFFICER_ANNA.actor, KNOWLEDGE, self.now)

    def _line(self, notice: Notice) -> tuple[str, str, str]:
        when = f"{notice.created_at.astimezone(AMSTERDAM):%a %H:%M}"
        return when, notice.recipient, f"{notice.kind} {notice.detail.get('watch', '')}".strip()


async def test_danger_that_nobody_takes_up_alarms_everybody_and_the_mailbox_at_any_hour() -> None:
    office = Office()
    office.now = at("04-18 23:00")
    await office.receives(Outcome.ACUTE)

    told = await office.watches("04-18 23:50")

    alarm = ("term_passed unclaimed", "term_passed unclaimed", "fallback_mail unclaimed")
    people = (ANNA, BAS, "mailbox")
    assert told == [("Sat 23:15", *each) for each in zip(people, alarm, strict=True)] + [
        ("Sat 23:45", *each) for each in zip(people, alarm, strict=True)
    ]
    assert {notice.lane for notice in office.memory.notices} == {Lane.ALARM}


async def test_a_vague_signal_waits_two_working_days_then_the_officers_hear_and_then_the_mailbox() -> None:
    office = Office()
    await office.receives(Outcome.VAGUE)

    assert await office.watches("04-22 09:55") == []
    assert await office.watches("04-22 10:00") == [
        ("Wed 10:00", ANNA, "term_passed unclaimed"),
        ("Wed 10:00", BAS, "term_passed unclaimed"),
    ]
    assert await office.watches("04-24 10:00") == [
        ("Fri 10:00", ANNA, "term_passed unclaimed"),
        ("Fri 10:00", BAS, "term_passed unclaimed"),
        ("Fri 10:00", "mailbox", "fallback_mail unclaimed"),
    ]


async def test_where_every_officer_is_away_the_mailbox_hears_at_the_first_term() -> None:
    office = Office()
    await office.is_away(ANNA, "05-01 09:00")
    await office.is_away(BAS, "05-01 09:00")
    await office.receives(Outcome.CLEAR)

    told = await office.watches("04-20 14:00")

    assert ("Mon 14:00", "mailbox", "fallback_mail unclaimed") in told


async def test_an_officer_whom_a_signal_is_about_hears_nothing_of_its_terms() -> None:
    office = Office()
    await office.receives(Outcome.CLEAR, excluded=frozenset({BAS}))

    told = await office.watches("04-22 17:00")

    assert told
    assert BAS not in {person for _, person, _ in told}


async def test_several_replicas_tell_each_term_once() -> None:
    office = Office()
    await office.receives(Outcome.CLEAR)

    told = await office.watches("04-20 14:30", replicas=3)

    assert told == [("Mon 14:00", ANNA, "term_passed unclaimed"), ("Mon 14:00", BAS, "term_passed unclaimed")]


async def test_a_term_that_ran_out_stands_in_the_history_and_makes_no_card_out_of_date() -> None:
    office = Office()
    await office.receives(Outcome.CLEAR)
    before = (await office.case()).signal.version

    await office.watches("04-20 14:00")

    case = await office.case()
    assert case.signal.version == before
    (event,) = case.of_kind(E.ESCALATED)
    assert event.content == {"watch": "unclaimed", "about": "1", "step": "1", "told": f"{ANNA},{BAS}"}


async def test_a_question_without_an_answer_is_reminded_of_and_then_ends() -> None:
    office = Office()
    await office.receives(Outcome.VAGUE)
    await office.takes_up()
    await office.records(E.ASKED, S.WAITING_FOR_REPORTER, question="Hoe laat was dat?")

    told = await office.watches("04-28 10:00")

    assert told == [
        ("Wed 10:00", ROBIN, "question_reminder"),
        ("Tue 10:00", ANNA, "term_passed question"),
    ]
    case = await office.case()
    assert (case.signal.status, case.question) == (S.TAKEN_UP, None)


async def test_an_offer_that_nobody_answers_goes_back_to_its_owner() -> None:
    office = Office()
    await office.receives(Outcome.VAGUE)
    await office.takes_up()
    await office.records(E.OFFERED, to=BAS, reason="vakantie")

    told = await office.watches("04-22 10:00")

    assert told == [
        ("Tue 10:00", BAS, "term_passed offer"),
        ("Tue 10:00", ANNA, "term_passed offer"),
        ("Wed 10:00", BAS, "term_passed offer"),
        ("Wed 10:00", ANNA, "term_passed offer"),
        ("Wed 10:00", ANNA, "offer_answered"),
    ]
    case = await office.case()
    assert (case.signal.owner, case.offer) == (ANNA, None)


async def test_a_silent_partner_is_told_to_the_owner_and_at_last_to_all_officers() -> None:
    office = Office()
    await office.receives(Outcome.CLEAR)
    await office.takes_up()
    await office.records(E.HANDED_OVER, S.HANDED_OVER, partner="avim", due="2026-04-21", note="", feedback="")

    told = await office.watches("04-29 09:00")

    assert told == [
        ("Wed 09:00", ANNA, "term_passed partner"),
        ("Fri 09:00", ANNA, "term_passed partner"),
        ("Wed 09:00", ANNA, "term_passed partner"),
        ("Wed 09:00", BAS, "term_passed partner"),
    ]


async def test_a_reporter_hears_every_ten_working_days_that_it_is_not_forgotten() -> None:
    office = Office()
    await office.receives(Outcome.VAGUE)
    await office.takes_up()

    told = await office.watches("05-20 10:00")

    assert told == [
        ("Tue 10:00", ANNA, "term_passed feedback"),
        ("Tue 10:00", ROBIN, "status_for_reporter"),
        ("Wed 10:00", ANNA, "term_passed feedback"),
        ("Wed 10:00", ROBIN, "status_for_reporter"),
    ]
    assert [event.at for event in (await office.case()).of_kind(E.FED_BACK)] == [at("05-05 10:00"), at("05-20 10:00")]


async def test_what_ran_out_while_the_bot_was_down_at_night_comes_when_people_are_back() -> None:
    office = Office()
    await office.receives(Outcome.VAGUE)
    office.now = at("04-22 22:00")

    assert await office.watches("04-23 08:55") == []
    told = await office.watches("04-23 09:00")
    assert [when for when, _, _ in told] == ["Thu 09:00", "Thu 09:00"]


async def test_of_an_owner_who_is_away_the_colleagues_hear() -> None:
    office = Office()
    await office.receives(Outcome.CLEAR)
    await office.takes_up()
    await office.records(E.HANDED_OVER, S.HANDED_OVER, partner="avim", due="2026-04-21", note="", feedback="")
    await office.is_away(ANNA, "05-01 09:00")

    told = await office.watches("04-22 09:00")

    assert told == [("Wed 09:00", BAS, "term_passed partner")]


async def test_signals_of_an_officer_who_left_are_told_once_to_those_who_stayed() -> None:
    office = Office()
    await office.receives(Outcome.VAGUE)
    await office.takes_up()

    for _ in range(2):
        await office.watches_orphans(Staff((BAS,)))

    assert office.told_of_no_handler() == [BAS]


@pytest.mark.parametrize(
    ("excluded", "staff", "told"),
    [
        (frozenset({ANNA}), Staff((ANNA, BAS), (VERA,)), [BAS]),
        (frozenset({ANNA}), Staff((ANNA,), (VERA,), deputies=(BAS,)), [BAS]),
        (frozenset[str](), Staff((BAS,), (VERA,)), [BAS]),
        (frozenset({ANNA}), Staff((ANNA,), (VERA,)), []),
        (frozenset({ANNA}), Staff((ANNA,)), []),
    ],
    ids=[
        "an officer was added beside the one it is about",
        "a deputy was added",
        "the owner was an officer and is a confidant now",
        "the confidant may still handle it",
        "nobody may",
    ],
)
async def test_of_a_signal_that_its_owner_may_not_handle_any_more_those_hear_who_may(
    excluded: frozenset[str], staff: Staff, told: list[str]
) -> None:
    office = Office()
    await office.receives(Outcome.VAGUE, excluded=excluded)
    await office.is_owned_by(VERA)

    await office.watches_orphans(staff)

    assert office.told_of_no_handler() == told
    async with office.memory.unit_of_work() as uow:
        for person in told:
            work = CaseWork(uow, staff.actor(person), replace(KNOWLEDGE, staff=staff), office.now)
            case = await work.case("signal-1")
            taken = await Ownership(work).take_over("signal-1", case.signal.version, "Nu mag ik dit doen.")
            assert taken.signal.owner == person


async def test_a_signal_that_nobody_may_handle_is_told_of_once_somebody_may() -> None:
    office = Office()
    await office.receives(Outcome.VAGUE, excluded=frozenset({ANNA}))
    await office.is_owned_by(VERA)

    await office.watches_orphans(Staff((ANNA,)))
    assert office.told_of_no_handler() == []
    await office.watches_orphans(Staff((ANNA, BAS)))
    assert office.told_of_no_handler() == [BAS]


ABOUT_ALL = frozenset({ANNA, BAS, VERA})


async def test_of_a_signal_that_nobody_may_handle_the_administrators_hear_once_but_not_whom_it_is_about() -> None:
    office = Office()
    await office.receives(Outcome.VAGUE, excluded=ABOUT_ALL)
    staff = Staff((ANNA, BAS), (VERA,), (ADMINISTRATOR, ANNA))

    for _ in range(2):
        await office.watches_unhandled(staff)

    assert office.told_of_nobody() == [(NoticeKind.TERM_PASSED, ADMINISTRATOR)]


async def test_whoever_is_named_then_hears_of_the_signal_at_once_and_of_the_next_gap_the_administrators_again() -> None:
    office = Office()
    await office.receives(Outcome.VAGUE, excluded=ABOUT_ALL)
    gap = Staff((ANNA, BAS), (VERA,), (ADMINISTRATOR,))
    filled = replace(gap, confidants=(VERA, "confidant-2"))

    for staff in (gap, filled, filled, gap):
        await office.watches_unhandled(staff)

    assert office.told_of_nobody() == [
        (NoticeKind.TERM_PASSED, ADMINISTRATOR),
        (NoticeKind.SIGNAL_FOR_OFFICER, "confidant-2"),
        (NoticeKind.TERM_PASSED, ADMINISTRATOR),
    ]


async def test_of_a_signal_that_nobody_may_handle_its_reporter_hears_that_and_not_that_it_is_in_progress() -> None:
    office = Office()
    await office.receives(Outcome.VAGUE, excluded=ABOUT_ALL)

    told = await office.watches("05-05 10:00")

    assert [line for line in told if line[1] == ROBIN] == [("Tue 10:00", ROBIN, "status_for_reporter")]
    [signal] = office.memory.signals
    async with office.memory.unit_of_work() as uow:
        [fed_back] = case_file(signal, await uow.signals.history(signal.id)).of_kind(E.FED_BACK)
    assert "Je melding wacht nog." in words_of(news_card(signal, fed_back, KNOWLEDGE.texts))
    read = feedback_text(fed_back.kind, fed_back.content, signal, KNOWLEDGE)
    assert "niemand die het mag behandelen" in read
    assert "in behandeling" not in read


async def test_of_a_signal_that_waits_for_somebody_who_may_the_administrators_hear_at_each_term_and_once_a_time() -> (
    None
):
    office = Office()
    await office.receives(Outcome.VAGUE, excluded=ABOUT_ALL)

    told = await office.watches("05-05 10:00")

    days = ("Wed", "Fri", "Wed", "Fri", "Tue")
    assert [line for line in told if line[1] == ADMINISTRATOR] == [
        (f"{day} 10:00", ADMINISTRATOR, "term_passed unclaimed") for day in days
    ]


async def test_of_a_signal_whose_owner_left_and_nobody_may_handle_the_administrators_hear_when_its_reporter_does() -> (
    None
):
    office = Office()
    await office.receives(Outcome.VAGUE, excluded=ABOUT_ALL)
    await office.is_owned_by(VERA)

    told = await office.watches("05-05 10:00")

    assert told == [
        ("Tue 10:00", ADMINISTRATOR, "term_passed feedback"),
        ("Tue 10:00", ROBIN, "status_for_reporter"),
    ]


async def test_danger_that_nobody_may_handle_alarms_the_administrators_at_any_hour_until_somebody_may() -> None:
    office = Office()
    office.now = at("04-18 23:00")
    await office.receives(Outcome.ACUTE, excluded=ABOUT_ALL)

    told = await office.watches("04-18 23:15")

    assert told == [
        ("Sat 23:15", ADMINISTRATOR, "term_passed unclaimed"),
        ("Sat 23:15", "mailbox", "fallback_mail unclaimed"),
    ]
    assert {notice.lane for notice in office.memory.notices} == {Lane.ALARM}


async def test_danger_that_nobody_may_handle_is_an_alarm() -> None:
    office = Office()
    await office.receives(Outcome.ACUTE, excluded=ABOUT_ALL)

    await office.watches_unhandled(Staff((ANNA, BAS), (VERA,), (ADMINISTRATOR,)))

    [alarm] = [notice for notice in office.memory.notices if notice.recipient == ADMINISTRATOR]
    assert alarm.lane is Lane.ALARM


@pytest.mark.parametrize(
    ("excluded", "staff"),
    [
        (frozenset[str](), Staff((ANNA,), (), (ADMINISTRATOR,))),
        (frozenset({ANNA}), Staff((ANNA, BAS), (), (ADMINISTRATOR,))),
        (frozenset({ANNA}), Staff((ANNA,), (VERA,), (ADMINISTRATOR,))),
    ],
    ids=["about nobody", "a colleague may", "the confidant may"],
)
async def test_a_signal_that_somebody_may_handle_is_no_matter_for_administrators(
    excluded: frozenset[str], staff: Staff
) -> None:
    office = Office()
    await office.receives(Outcome.VAGUE, excluded=excluded)

    await office.watches_unhandled(staff)

    assert office.told_of_nobody() == []


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        (8 * 60 + 30, ["04-21 08:30", "04-22 08:30", "04-23 08:30", "04-24 08:30", "04-28 08:30"]),
        (16 * 60, ["04-20 16:00", "04-21 16:00", "04-22 16:00", "04-23 16:00", "04-24 16:00", "04-28 16:00"]),
    ],
)
async def test_the_digest_comes_each_working_day_at_the_chosen_hour(minute: int, expected: list[str]) -> None:
    office = Office()
    await office.receives(Outcome.VAGUE)
    async with office.memory.unit_of_work() as uow:
        await uow.desks.save(Desk(ANNA, digest_minute=minute))
        await uow.commit()

    while office.now < at("04-28 17:00"):
        async with office.memory.unit_of_work() as uow:
            await watch_digests(uow, KNOWLEDGE, office.now)
            await uow.commit()
        office.now += timedelta(minutes=30)

    digests = [notice for notice in office.memory.notices if notice.recipient == ANNA]
    assert [notice.created_at for notice in digests] == [at(when) for when in expected]


async def test_an_officer_who_is_away_gets_no_digest_and_an_empty_queue_gives_none() -> None:
    office = Office()
    await office.is_away(BAS, "05-01 09:00")
    for received in (False, True):
        if received:
            await office.receives(Outcome.VAGUE)
        for hours in range(30):
            async with office.memory.unit_of_work() as uow:
                await watch_digests(uow, KNOWLEDGE, office.now + timedelta(hours=hours))
                await uow.commit()
        assert {notice.recipient for notice in office.memory.notices} == ({ANNA} if received else set())
        office.now += timedelta(days=2)
