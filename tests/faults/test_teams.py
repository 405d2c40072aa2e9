"""Teams refuses, breaks off, or takes a message and says that it did not: for minutes, while a crowd is written to.

On the simulated clock: two replicas, forty people who never wrote or did, one officer with a hundred messages.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from unittest.mock import patch

import pytest

import bot.app
from bot.clock import Clock
from bot.governor import NO_LIMITS, Governor, Rates
from dialogs.domain.addresses import Address
from dialogs.domain.notices import Notice, NoticeKind
from storage.engine import open_database
from storage.key_file import open_key_file
from tests.fake_connector import BOT_ID, CLOSED, RESET, TENANT, Fault, answers, answers_html, takes_then, waits
from tests.simulation.day import end, outcomes_of, settles
from tests.simulation.invariants import SMALL, Outcomes, Row, broken, exceeded, teams_limits_are_kept
from tests.simulation.weather import Forecast, Weather
from tests.simulation.world import World

_PEOPLE, _EACH, _OFFICERS = 40, 4, 100
#: How long it goes on, in seconds.
_LASTS = 150.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong, and whether messages are taken all the same: only then does one come twice."""

    fault: Callable[[Random], Fault]
    taken: bool = False
    #: The part of the calls that it hits.
    part: float = 1.0


def _one_of(*faults: Fault) -> Callable[[Random], Fault]:
    return lambda random: random.choice(faults)


TROUBLES = {
    "429 with a time": Trouble(_one_of(answers(429, retry_after=7))),
    "429 without one": Trouble(_one_of(answers(429))),
    "5xx": Trouble(_one_of(*(answers(status) for status in (500, 502, 503, 504)))),
    "503 with a time": Trouble(_one_of(answers(503, retry_after=20))),
    "a page of HTML": Trouble(_one_of(answers_html(502))),
    "cut connections": Trouble(_one_of(RESET, CLOSED), part=0.6),
    "accepted, then 504": Trouble(_one_of(takes_then(answers(504))), taken=True),
    "accepted, then cut": Trouble(_one_of(takes_then(CLOSED)), taken=True, part=0.5),
    "100 ms": Trouble(_one_of(waits(0.1))),
    "10 s": Trouble(_one_of(waits(10.0))),
}


class _Troubled(Forecast):
    """The trouble of this test in place of the weather."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(Random(1), Weather(), latency=(0.03, 0.03))  # noqa: S311 - the same trouble each time
        self._trouble = trouble

    def fault(self, now: float, conversation: str) -> Fault:
        hits = now < _LASTS and self.random.random() < self._trouble.part
        return self._trouble.fault(self.random) if hits else Fault()


def a_crowd_is_written_to(trouble: Trouble) -> Outcomes:
    """Everything that is stored and that happened, once nothing is left to be sent."""
    world = World(1, _Troubled(trouble))
    with world.running():
        return world.loop.run_until_complete(_crowd(world))


async def _crowd(world: World) -> Outcomes:
    for _ in range(2):
        await world.starts_replica()
    await _put(world)
    await settles(world, within=12 * 3600.0)
    await end(world)
    return await outcomes_of(world)


async def _put(world: World) -> None:
    """A crowd of notices that need no signal; every other person wrote to the bot before."""
    people = {f"person {number}": _EACH for number in range(_PEOPLE)} | {"Anna": _OFFICERS}
    url, key = world.settings.database_url.get_secret_value(), world.settings.key_file
    database = open_database(url, open_key_file(key))
    async with database.unit_of_work() as uow:
        for number, name in enumerate(people):
            account = world.teams.account(name)
            if number % 2:
                service, chat = world.teams.service_url, account.conversation_id
                seen = Address(account.person, name, chat, service, TENANT, account.teams_id, BOT_ID, world.clock())
                await uow.people.seen(seen)
        for turn in range(max(people.values())):
            for name, number in people.items():
                if turn < number:
                    kind = NoticeKind.NUDGE if turn == 1 else NoticeKind.DRAFT_EXPIRED
                    person = world.teams.account(name).person
                    await uow.outbox.put(Notice(f"{name} {turn}", kind, person, "", world.clock()))
        await uow.commit()
    await database.close()
    await asyncio.sleep(0)


#: The others take longer.
_IN_EVERY_RUN = {"accepted, then 504", "100 ms"}


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(trouble, id=name, marks=() if name in _IN_EVERY_RUN else pytest.mark.long)
        for name, trouble in TROUBLES.items()
    ],
)
def test_whatever_teams_does_everything_arrives_in_order_and_within_the_limits(trouble: Trouble) -> None:
    day = a_crowd_is_written_to(trouble)

    assert not broken(day)
    assert not [row for row in day.outbox if row.dead], "nobody gave up within minutes"
    assert not list(exceeded(day.ledger.came)), "with a fixed latency the limits hold where they are counted, too"
    twice = [row.id for row in day.outbox if _is_sent_until_it_is_sure(day, row) and len(day.arrivals_of(row.id)) > 1]
    assert bool(twice) is trouble.taken, "what was not taken does not come twice, and what was does"


def _is_sent_until_it_is_sure(day: Outcomes, row: Row) -> bool:
    """Whether it is. A message comes by the one try that is sure, and by each before it that was taken in doubt."""
    came = [arrival.attempt.failure for arrival in day.arrivals_of(row.id) if arrival.attempt is not None]
    assert set(came) <= {"", "Ambiguous"}, f"{row.id}: a try that failed for sure has arrived: {came}"
    if row.kind in SMALL:
        assert len(came) <= 1, f"{row.id} is small and came twice"
        return False
    assert came.count("") == 1, f"{row.id} was sent again after it was sure: {came}"
    return True


def test_without_the_governor_the_limits_would_be_exceeded() -> None:
    def ungoverned(clock: Clock, _rates: Rates | None) -> Governor:
        return Governor(clock, NO_LIMITS)

    with patch.object(bot.app, "Governor", ungoverned):
        day = a_crowd_is_written_to(Trouble(_one_of(Fault())))

    assert {sentence for sentence, _ in broken(day)} == {teams_limits_are_kept.__doc__}
