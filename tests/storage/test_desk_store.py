"""What officers set for themselves, on every kind of store."""

from dataclasses import replace

from dialogs.domain.desk import Desk, TalkNote
from dialogs.ports import UnitsOfWork
from tests.storage.factories import MINUTE, NOW


async def test_a_desk_is_read_as_it_was_set(units: UnitsOfWork) -> None:
    desk = Desk("officer-1", NOW + MINUTE, digest_minute=600, digest_due_at=NOW)
    async with units() as uow:
        assert await uow.desks.of("officer-1") == Desk("officer-1")

        await uow.desks.save(desk)
        await uow.desks.save(replace(desk, digest_minute=0))

        assert await uow.desks.of("officer-1") == replace(desk, digest_minute=0)
        assert await uow.desks.of("officer-2") == Desk("officer-2")


async def test_who_is_away_is_known_until_the_moment_of_coming_back(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.desks.save(Desk("officer-1", NOW + MINUTE))
        await uow.desks.save(Desk("officer-2", NOW))
        await uow.desks.save(Desk("officer-3"))

        assert await uow.desks.absent(NOW) == {"officer-1": NOW + MINUTE}
        assert await uow.desks.absent(NOW + MINUTE) == {}


async def test_of_two_workers_one_gets_to_send_the_digest(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert await uow.desks.take_digest("officer-1", None, NOW)
        assert not await uow.desks.take_digest("officer-1", None, NOW)

        assert await uow.desks.take_digest("officer-1", NOW, NOW + MINUTE)
        assert not await uow.desks.take_digest("officer-1", NOW, NOW + MINUTE)
        assert (await uow.desks.of("officer-1")).digest_due_at == NOW + MINUTE


async def test_a_desk_that_was_set_keeps_its_hour_when_the_first_digest_is_planned(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.desks.save(Desk("officer-1", digest_minute=600))

        assert await uow.desks.take_digest("officer-1", None, NOW)

        assert await uow.desks.of("officer-1") == Desk("officer-1", digest_minute=600, digest_due_at=NOW)


async def test_lines_for_the_talk_are_read_newest_first_and_never_twice(units: UnitsOfWork) -> None:
    notes = [TalkNote(f"note-{number}", NOW + number * MINUTE, "officer-1", f"regel {number}") for number in range(3)]
    async with units() as uow:
        for note in (*notes, replace(notes[0], text="nog een keer")):
            await uow.desks.add_note(note)

        assert list(await uow.desks.notes(NOW + MINUTE, 10)) == [notes[2], notes[1]]
        assert list(await uow.desks.notes(NOW, 2)) == [notes[2], notes[1]]
