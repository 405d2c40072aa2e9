"""The case card says who gets nothing from Meldroute in Teams: the reporter, or somebody who handles the signal."""

from datetime import timedelta

import pytest

from tests.dialogs.desk_talk import Desk
from tests.knowledge import BAS, ROBIN
from tests.storage.factories import an_address
from tests.transcript import words_of

REPORTER = "De melder krijgt nu geen berichten van Meldroute in Teams"
COLLEAGUE = "Krijgt nu geen berichten van Meldroute in Teams: Bas. Vertel het zelf."


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.reports()
    return desk


async def test_a_colleague_who_never_had_the_app_is_named_until_they_are_seen(desk: Desk) -> None:
    async with desk.memory.unit_of_work() as uow:
        await uow.people.lacks_app(BAS, desk.now)
        await uow.commit()

    await desk.opens(desk.anna)
    desk.anna.sees(COLLEAGUE)
    assert REPORTER not in words_of(desk.anna.card)
    await desk.opens(desk.bas)
    assert "geen berichten" not in words_of(desk.bas.card)

    async with desk.memory.unit_of_work() as uow:
        await uow.people.seen(an_address(BAS, seen_at=desk.now + timedelta(minutes=1)))
        await uow.commit()
    await desk.opens(desk.anna)
    assert COLLEAGUE not in words_of(desk.anna.card)


async def test_of_a_reporter_who_removed_the_app_the_other_way_to_be_reached_is_shown(desk: Desk) -> None:
    async with desk.memory.unit_of_work() as uow:
        await uow.people.seen(an_address(ROBIN.actor.id))
        await uow.people.unreachable(ROBIN.actor.id)
        await uow.commit()

    await desk.opens(desk.anna)
    desk.anna.sees(REPORTER, "Robin gaf geen andere manier om te bereiken")
    assert COLLEAGUE not in words_of(desk.anna.card)
