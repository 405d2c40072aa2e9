"""Whatever officers press: a clear answer, the case as it is now, and nothing half done."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import utc_now
from tests.scenarios.office import Office, office
from tests.teams_client import Person


async def taken_up(office: Office) -> tuple[Person, Person, Person]:
    """Robin's signal, which Anna has taken up; Bas has it open."""
    robin, anna, bas = (office.person(name) for name in ("Robin", "Anna", "Bas"))
    for person in (anna, bas):
        await person.installs()
    await office.hears_of_a_report(robin)
    for person in (bas, anna):
        await person.hears("Nieuw signaal S-2026-0001")
        await person.presses("Open S-2026-0001")
    await anna.presses("Oppakken")
    await bas.hears("Opgepakt")
    await bas.presses("Open S-2026-0001")
    return robin, anna, bas


async def pressed_empty(person: Person, verb: str) -> str:
    """What comes of this press without anything filled in, which the fields of a card do not allow."""
    last = person._last  # pyright: ignore[reportPrivateUsage] - the wire, as a client could send it
    action = {**last["value"]["action"], "verb": verb}
    await person.sends(type="invoke", name="adaptiveCard/action", id="f:empty", value={"action": action})
    return str(person.answer)


async def test_of_two_who_take_up_at_once_the_second_reads_who_was_first(an_office: Office) -> None:
    robin, anna, bas = (an_office.person(name) for name in ("Robin", "Anna", "Bas"))
    await an_office.hears_of_a_report(robin)
    for person in (anna, bas):
        await person.hears("Nieuw signaal S-2026-0001")
        await person.presses("Open S-2026-0001")

    await asyncio.gather(anna.presses("Oppakken"), bas.presses("Oppakken"))

    first, second = (anna, bas) if "Je hebt dit signaal opgepakt" in anna.screen else (bas, anna)
    first.sees("Je hebt dit signaal opgepakt")
    second.sees(f"Al opgepakt door {first.name}")


async def test_an_old_card_shows_what_has_changed_and_does_nothing(an_office: Office) -> None:
    robin, anna, bas = await taken_up(an_office)
    old = next(shown for shown in anna.messages if shown.card and "Overdragen" in shown.card.buttons)
    await bas.presses("Overnemen")
    bas.fills("Waarom?", "Anna is ziek")
    await bas.presses("Ja, ik neem het over")
    await bas.presses("Afsluiten")
    assert "Zonder terugkoppeling sluit je niet af" in await pressed_empty(bas, "signal.close")
    bas.ticks("Er is iets gedaan")
    await bas.presses("Bekijk wat de melder leest")
    await bas.presses("Afsluiten en terugkoppelen")
    await robin.hears("Status: afgesloten")

    await anna.presses("Overdragen", on=old)

    anna.sees("Er is intussen iets veranderd")
    anna.sees("Afgesloten")
    await bas.says("overleggen S-2026-0001 gebeld met AVIM")
    bas.sees("Dat kan nu niet")


async def test_who_is_no_officer_any_more_sees_nothing_of_the_card_that_was_open(
    tmp_path: Path, database_url: str
) -> None:
    async with office(tmp_path, database_url) as before:
        _, _, bas = await taken_up(before)
        await bas.presses("Verloop")
        press = bas._last  # pyright: ignore[reportPrivateUsage] - the wire, as Teams sends it from the old card

    async with office(tmp_path, database_url, officers=("Anna",)) as after:
        bas = after.person("Bas")
        await bas.sends(**{key: press[key] for key in ("type", "name", "replyToId", "value")}, id="f:later")

        assert "Dit kan ik je niet laten zien" in str(bas.answer)
        assert "paspoorten" not in str(bas.answer)
        await bas.says("wachtrij")
        bas.sees("Dit kan ik je niet laten zien")


async def test_at_christmas_a_closed_partner_has_a_stand_in_and_no_answer_is_due_on_a_holiday(
    tmp_path: Path, database_url: str
) -> None:
    offset = datetime(2026, 12, 25, 11, tzinfo=UTC) - utc_now()

    async with office(tmp_path, database_url, clock=lambda: utc_now() + offset) as running:
        _, anna, _ = await taken_up(running)
        await anna.presses("Overdragen")
        anna.fills("Antwoord gevraagd voor (leeg: niet gevraagd)", "2026-12-26")
        anna.ticks("Zorgcoördinator Mensenhandel", "Telefoon", "Gezien of gehoord", "Publieke taak van de gemeente")
        await anna.presses("Bekijk wat de melder leest")
        anna.sees("kun je nu niet bellen. Bel Politie")
        anna.sees("Op 26-12-2026 werkt er niemand (Tweede kerstdag). Kies een werkdag.")
        anna.does_not_see("De overdracht staat vast")


async def test_on_the_night_the_clock_goes_back_the_hour_that_comes_twice_is_one(
    tmp_path: Path, database_url: str
) -> None:
    offset = datetime(2026, 10, 25, 0, 30, tzinfo=UTC) - utc_now()

    async with office(tmp_path, database_url, clock=lambda: utc_now() + offset) as running:
        _, anna, _ = await taken_up(running)
        await anna.says("afwezig tot morgen")
        anna.sees("Je bent afwezig tot 26-10-2026")
        await anna.says("ik ben er weer")
        anna.sees("Welkom terug")
