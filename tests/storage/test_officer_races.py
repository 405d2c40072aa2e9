"""Two people on one signal at one moment, on PostgreSQL: both have read it before either writes, and one is first."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from dialogs.conversation import Person
from dialogs.domain.case_file import case_file
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import NoticeKind
from dialogs.domain.terms import planned
from dialogs.ports import UnitsOfWork
from dialogs.turn import Pressed
from dialogs.use_cases.case_work import CaseWork
from dialogs.use_cases.ownership import Ownership
from storage.engine import Database
from tests.knowledge import ANNA, BAS, MONDAY, OFFICER_ANNA, OFFICER_BAS, ROBIN, knowledge
from tests.storage.factories import a_signal
from tests.transcript import Talk, words_of
from tests.watched_units import watched

RACES = 200
#: How many races run at the same time; each takes two connections.
AT_ONCE = 4
#: Seconds after which two who wait for each other fail.
_FOR_EVER = 120

DEPUTY = "deputy-1"
KNOWLEDGE = replace(
    knowledge(),
    staff=replace(knowledge().staff, deputies=(DEPUTY,)),
    officer_names={**knowledge().officer_names, DEPUTY: "Dina"},
)
DINA = Person(KNOWLEDGE.staff.actor(DEPUTY), "Dina")


@dataclass(frozen=True, slots=True)
class Race:
    """How far signals are when two people press, what both press, and what the winner and the other read."""

    press: str
    rivals: tuple[Person, Person]
    won: str
    lost: str
    event: EventKind
    #: To whom word goes once for each signal: the reporter, the former owner, who offered it.
    told: tuple[NoticeKind, str]
    taken_up: bool = True
    offered: bool = False
    inputs: tuple[tuple[str, str], ...] = ()


TAKING_UP = Race(
    press="signal.take_up",
    rivals=(OFFICER_ANNA, OFFICER_BAS),
    won="Opgepakt",
    lost="Al opgepakt door",
    event=EventKind.TAKEN_UP,
    told=(NoticeKind.STATUS_FOR_REPORTER, ROBIN.actor.id),
    taken_up=False,
)
TAKING_OVER = Race(
    press="signal.take_over",
    rivals=(OFFICER_BAS, DINA),
    won="Dit signaal is nu van jou",
    lost="Er is intussen iets veranderd",
    event=EventKind.TAKEN_OVER,
    told=(NoticeKind.TAKEN_OVER, ANNA),
    inputs=(("reason", "Anna is ziek"),),
)
ACCEPTING = Race(
    press="signal.accept",
    rivals=(OFFICER_BAS, OFFICER_BAS),
    won="Dit signaal is nu van jou",
    lost="Er is intussen iets veranderd",
    event=EventKind.ACCEPTED,
    told=(NoticeKind.OFFER_ANSWERED, ANNA),
    offered=True,
)


async def receives(units: UnitsOfWork, race: Race) -> int:
    """So many signals of Robin's, as far as the race asks; the version that the cards show."""
    version = 1
    for number in range(1, RACES + 1):
        async with units() as uow:
            new = a_signal(number, reporter=ROBIN.actor.id, received_at=MONDAY)
            event = SignalEvent(new.id, MONDAY, ROBIN.actor.id, EventKind.RECEIVED, SignalStatus.RECEIVED, 1)
            await uow.signals.add(planned(case_file(new, (event,)), KNOWLEDGE.terms))
            await uow.signals.append(event)
            anna = Ownership(CaseWork(uow, OFFICER_ANNA.actor, KNOWLEDGE, MONDAY))
            if race.taken_up:
                version = (await anna.take_up(new.id)).signal.version
            if race.offered:
                version = (await anna.offer(new.id, version, BAS, "druk")).signal.version
            await uow.commit()
    return version


async def run(database: Database, race: Race, number: int, version: int) -> list[str]:
    """Both press; what each of them reads."""
    both_have_read = asyncio.Barrier(2)

    async def press(who: Person) -> str:
        met = False

        async def meet(call: str) -> None:
            nonlocal met
            if call == "signals.history" and not met:
                met = True
                await both_have_read.wait()

        talk = Talk(watched(database.unit_of_work, after=meet), KNOWLEDGE, who, MONDAY + timedelta(minutes=1))
        pressed = Pressed(race.press, {"signal": f"signal-{number}", "version": str(version)}, dict(race.inputs))
        return words_of(await talk.does(pressed))

    return list(await asyncio.gather(*map(press, race.rivals)))


@pytest.mark.long
@pytest.mark.parametrize("race", [TAKING_UP, TAKING_OVER, ACCEPTING], ids=lambda race: race.press)
async def test_of_two_who_press_at_once_one_is_first_and_the_other_reads_it(
    postgres_database: Database, race: Race
) -> None:
    version = await receives(postgres_database.unit_of_work, race)
    room = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> list[str]:
        async with room:
            return await run(postgres_database, race, number, version)

    async with asyncio.timeout(_FOR_EVER):
        read = await asyncio.gather(*(one(number) for number in range(1, RACES + 1)))

    winners: list[Person] = []
    for number, words in enumerate(read, start=1):
        winner, loser = (0, 1) if race.lost in words[1] else (1, 0)
        assert race.won in words[winner]
        assert race.lost not in words[winner]
        assert race.lost in words[loser]
        winners.append(race.rivals[winner])
        async with postgres_database.unit_of_work() as uow:
            signal = await uow.signals.get(f"signal-{number}")
            history = await uow.signals.history(f"signal-{number}")
            deliveries = await uow.outbox.of_signal(f"signal-{number}")
        assert signal is not None
        assert (signal.owner, signal.version) == (race.rivals[winner].actor.id, version + 1)
        assert [event.actor for event in history if event.kind is race.event] == [signal.owner]
        assert KNOWLEDGE.officer_names[race.rivals[winner].actor.id] in words[loser]
        told = [(each.notice.kind, each.notice.recipient) for each in deliveries]
        assert told.count(race.told) == 1
    assert len({id(winner) for winner in winners}) == len({id(person) for person in race.rivals})
