"""A number that no card of ours carries breaks nothing: the press is one of an old card, the current one is shown."""

import pytest

from dialogs.domain.whole_numbers import MOST, whole_number
from dialogs.turn import Pressed
from tests.dialogs.desk_talk import STORY, Desk
from tests.knowledge import ADMINISTRATOR, person
from tests.transcript import play

FORGED = ("9" * 5000, "9" * 25, "-1", "1e308", "0x10", "²", "\u0000", "")


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), (str(MOST), MOST), (str(MOST + 1), None), *((each, None) for each in FORGED)],
)
def test_a_whole_number_is_read_within_bounds(text: str, number: int | None) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("number", FORGED)
async def test_an_officer_gets_the_current_card(number: str) -> None:
    desk = Desk()
    await desk.reports()
    await desk.takes_up()
    signal, before = desk.signal().id, await desk.history()
    for act in ("close_form", "close_unreachable", "story", "timeline", "decline_withdrawal"):
        numbers = dict.fromkeys(("version", "page", "events"), number)
        filled = {"attempts": number, "ways": "phone", "reason": "Geen gehoor"}
        await desk.anna.does(Pressed(f"signal.{act}", {"signal": signal, **numbers}, filled))
        desk.anna.sees("S-2026-0001")
    assert await desk.history() == before


@pytest.mark.parametrize("number", FORGED)
async def test_the_lists_are_shown_from_their_beginning(number: str) -> None:
    desk = Desk()
    await desk.reports()
    await desk.anna.does(Pressed("signal.talk_list", {}, {"weeks": number}))
    desk.anna.sees("Open: 1")
    await desk.anna.does(
        Pressed("signal.queue", {"rank": f"x{number}", "at": "2026-01-01T00:00:00+00:00", "behind": "x"})
    )
    desk.anna.sees("S-2026-0001")


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01", "gisteren"])
async def test_a_moment_outside_the_calendar_is_no_place_in_the_queue(at: str) -> None:
    desk = Desk()
    await desk.reports()
    await desk.anna.does(Pressed("signal.queue", {"rank": "-9", "at": at, "behind": "x"}))
    desk.anna.sees("S-2026-0001")


@pytest.mark.parametrize("number", FORGED)
async def test_an_administrator_gets_the_entry(number: str) -> None:
    admin = Desk().talk(person(ADMINISTRATOR, "Kim"))
    for act in ("open", "confirm", "restore"):
        await admin.does(Pressed(f"entry.{act}", {"partner": "avim", "version": number}, {"to": number}))
        admin.sees("AVIM")


async def test_a_typed_row_of_digits_ticks_nothing() -> None:
    desk = Desk()
    await play(desk.robin, f"> melden\n> [Nee]\n> Wat heb je gezien = {STORY}\n> [Volgende]")
    await desk.robin.says("9" * 5000)
    desk.robin.sees("de nummers van wat klopt")
