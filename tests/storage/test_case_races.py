"""Two presses that cannot both be done, on PostgreSQL: both have read before either writes, one is done, one is told.

Linking touches two signals, so each of two presses may hold what the other needs.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.turns import TRIES
from dialogs.conversation import Person
from dialogs.domain.case_file import CaseFile, case_file
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import NoticeKind
from dialogs.domain.terms import planned
from dialogs.officer.dialog import ACTS
from dialogs.ports import Conflict, UnitsOfWork
from dialogs.turn import Pressed
from storage.engine import Database
from tests.knowledge import MONDAY, OFFICER_ANNA, OFFICER_BAS, ROBIN, knowledge
from tests.storage.factories import a_signal
from tests.transcript import Talk, buttons_of, words_of
from tests.watched_units import watched

RACES = 12
#: How many races run at the same time; each takes two connections.
AT_ONCE = 4
#: Seconds after which two who wait for each other fail.
_FOR_EVER = 120
TEXTS = knowledge().texts
OUT_OF_DATE, FOLLOWS = TEXTS("case.out_of_date"), TEXTS("case.follows_first")
CHANGED = TEXTS("form.changed", what="").partition(":")[0]


def refused(why: str) -> str:
    """Why two signals are not linked."""
    return TEXTS(f"link.refused.{why}")


@dataclass(frozen=True)
class Press:
    """What somebody presses on the first, second or third signal; what is read when it is done, and when too late."""

    who: Person
    act: str
    on: int
    done: str
    too_late: tuple[str, ...]
    filled: Mapping[str, str] = field(default_factory=dict[str, str])


def links(who: Person, on: int, other: int, *too_late: str) -> Press:
    """The other is to follow."""
    return Press(who, "link", on, TEXTS("link.done"), too_late, {"reference": str(other)})


def takes_over(on: int, *too_late: str) -> Press:
    """Bas takes over what is Anna's."""
    return Press(OFFICER_BAS, "take_over", on, TEXTS("take_over.done"), too_late, {"reason": "Anna is ziek"})


def closes(on: int, *too_late: str) -> Press:
    """Anna closes it."""
    return Press(OFFICER_ANNA, "close", on, TEXTS("case.closed"), too_late, {"feedback": "other_help"})


HANDED_OVER = {"partner": "avim", "ground": "task", "how": "phone", "shared": "story", "due": "2026-12-01"}
HANDS_OVER = Press(OFFICER_ANNA, "hand_over", 1, TEXTS("case.handed_over"), (CHANGED,), HANDED_OVER)
HANDS_OVER_TO_POLICE = replace(HANDS_OVER, filled={**HANDED_OVER, "partner": "politie"})
UNLINKS = Press(OFFICER_ANNA, "unlink", 2, TEXTS("link.undone"), (OUT_OF_DATE,))


@dataclass(frozen=True)
class Race:
    """Whose the three signals are before, and the two presses."""

    owners: tuple[Person | None, Person | None, Person | None]
    presses: tuple[Press, Press]
    #: The second one follows the first.
    linked: bool = False
    #: Done one after the other they do not hinder each other.
    both_may: bool = False


A, B = OFFICER_ANNA, OFFICER_BAS
RACES_OF = {
    "crosswise": Race((A, A, None), (links(A, 1, 2, FOLLOWS), links(A, 2, 1, FOLLOWS))),
    "crosswise by two officers who want the third in between": Race(
        (A, B, None), (links(A, 1, 3, refused("linked")), links(B, 2, 3, refused("linked")))
    ),
    "linking what a colleague takes up": Race(
        (A, None, None),
        (
            links(A, 1, 2, refused("owned")),
            Press(B, "take_up", 2, TEXTS("case.taken_up"), (FOLLOWS, "Al opgepakt door Anna")),
        ),
    ),
    "linking to what is being closed": Race((A, A, None), (links(A, 1, 2, CHANGED), closes(1, OUT_OF_DATE))),
    "linking what is being closed": Race((A, A, None), (links(A, 1, 2, refused("ended")), closes(2, FOLLOWS))),
    "linking to what a colleague takes over": Race((A, A, None), (links(A, 1, 2, CHANGED), takes_over(1, OUT_OF_DATE))),
    "linking what a colleague takes over": Race(
        (A, A, None), (links(A, 1, 2, refused("owned")), takes_over(2, FOLLOWS, OUT_OF_DATE))
    ),
    "handing over twice, of which the second press reads that it is done": Race(
        (A, None, None), (HANDS_OVER, HANDS_OVER), both_may=True
    ),
    "handing over to two partners": Race((A, None, None), (HANDS_OVER, HANDS_OVER_TO_POLICE)),
    "handing over what a colleague takes over": Race((A, None, None), (HANDS_OVER, takes_over(1, OUT_OF_DATE))),
    "unlinking twice": Race((A, A, None), (UNLINKS, UNLINKS), linked=True),
    "unlinking while both are handed over": Race((A, A, None), (UNLINKS, HANDS_OVER), linked=True, both_may=True),
}


def numbers_of(race: int) -> range:
    """The numbers of the three signals of one race."""
    return range(3 * race + 1, 3 * race + 4)


async def receives(units: UnitsOfWork, race: Race, at: int) -> None:
    """Three signals of Robin's, as far as the race asks."""
    for number, owner in zip(numbers_of(at), race.owners, strict=True):
        async with units() as uow:
            new = a_signal(number, reporter=ROBIN.actor.id, received_at=MONDAY)
            event = SignalEvent(new.id, MONDAY, ROBIN.actor.id, EventKind.RECEIVED, SignalStatus.RECEIVED, 1)
            await uow.signals.add(planned(case_file(new, (event,)), knowledge().terms))
            await uow.signals.append(event)
            await uow.commit()
        if owner is not None:
            await Talk(units, knowledge(), owner, MONDAY).does(Pressed("signal.take_up", {"signal": new.id}))
    if race.linked:
        await Talk(units, knowledge(), A, MONDAY).does(await pressed(units, links(A, 1, 2), at))


async def pressed(units: UnitsOfWork, press: Press, at: int) -> Pressed:
    """The press, with what its card shows by now."""
    numbers = numbers_of(at)
    filled = dict(press.filled)
    if press.act == "link":
        filled["reference"] = f"S-2026-{numbers[int(filled['reference']) - 1]:04}"
    async with units() as uow:
        signal = await uow.signals.get(f"signal-{numbers[press.on - 1]}")
    assert signal is not None
    carried: Mapping[str, str] = {"signal": signal.id, "version": str(signal.version), "events": "2"}
    if (look := f"{press.act}_preview") in ACTS:
        shown = await Talk(units, knowledge(), press.who, MONDAY).does(Pressed(f"signal.{look}", carried, filled))
        carried = next(each.data for each in buttons_of(shown) if each.action == f"signal.{press.act}")
    return Pressed(f"signal.{press.act}", carried, filled)


async def run(database: Database, race: Race, at: int) -> list[str]:
    """Both press; what each of them reads."""
    await receives(database.unit_of_work, race, at)
    both_have_read = asyncio.Barrier(2)

    async def does(press: Press, turn: Pressed) -> str:
        met = False

        async def meet(call: str) -> None:
            nonlocal met
            if call == "signals.history" and not met:
                met = True
                await both_have_read.wait()

        talk = Talk(watched(database.unit_of_work, after=meet), knowledge(), press.who, MONDAY + timedelta(minutes=1))
        for attempt in range(TRIES):
            try:
                return words_of(await talk.does(turn))
            except Conflict:
                assert attempt < TRIES - 1
        raise AssertionError("unreachable")

    turns = [await pressed(database.unit_of_work, press, at) for press in race.presses]
    return list(await asyncio.gather(*map(does, race.presses, turns)))


async def cases(database: Database, at: int) -> list[CaseFile]:
    """The three signals of a race."""
    async with database.unit_of_work() as uow:
        found = [await uow.signals.get(f"signal-{number}") for number in numbers_of(at)]
        return [case_file(each, await uow.signals.history(each.id)) for each in found if each]


@pytest.mark.long
@pytest.mark.parametrize("race", RACES_OF.values(), ids=RACES_OF)
async def test_of_two_presses_one_is_done_and_the_other_is_told(postgres_database: Database, race: Race) -> None:
    room = asyncio.Semaphore(AT_ONCE)

    async def one(at: int) -> list[str]:
        async with room:
            return await run(postgres_database, race, at)

    async with asyncio.timeout(_FOR_EVER):
        read = await asyncio.gather(*map(one, range(RACES)))

    for at, words in enumerate(read):
        done = [press.done in said for press, said in zip(race.presses, words, strict=True)]
        assert any(done), words
        assert race.both_may or not all(done), words
        for press, said, is_done in zip(race.presses, words, done, strict=True):
            assert is_done or any(why in said for why in press.too_late), said
        await nothing_is_half_done(postgres_database, at)


async def nothing_is_half_done(database: Database, at: int) -> None:
    """Both sides know that they were linked, nothing follows what has ended, and each message is there once."""
    three = {case.signal.id: case for case in await cases(database, at)}
    for kind in (EventKind.LINKED, EventKind.UNLINKED):
        sides = [case.signal.reference for case in three.values() for _ in case.of_kind(kind)]
        told = [event.content["reference"] for case in three.values() for event in case.of_kind(kind)]
        assert sorted(sides) == sorted(told)
    for case in three.values():
        if case.signal.lead is not None:
            lead = three[case.signal.lead]
            assert (lead.is_open, lead.signal.lead) == (case.is_open, None)
            assert lead.signal.owner == case.signal.owner
        async with database.unit_of_work() as uow:
            deliveries = await uow.outbox.of_signal(case.signal.id)
        told = [each.notice for each in deliveries if each.notice.kind is NoticeKind.STATUS_FOR_REPORTER]
        assert len(told) == sum(event.is_pushed for event in case.history)
        assert len(case.of_kind(EventKind.HANDED_OVER)) <= 1
