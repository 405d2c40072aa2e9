"""A question, its answer, a closing, reading and rating over real HTTP, on SQLite and on PostgreSQL."""

from tests.scenarios.office import Office

QUESTION = "Wie hield de deur open?"
ANSWER = "Een man met een rode pet hield de deur open."
LINE = "Dank, dit hielp echt."


async def test_a_reporter_is_asked_answers_hears_back_and_says_whether_that_was_useful(an_office: Office) -> None:
    robin, anna = an_office.person("Robin"), an_office.person("Anna")
    await robin.installs()
    await anna.installs()
    await an_office.hears_of_a_report(robin)
    await anna.hears("Nieuw signaal S-2026-0001")
    await anna.presses("Open S-2026-0001")
    await anna.presses("Oppakken")
    await robin.hears("Status: opgepakt")

    await anna.presses("Vraag aan de melder")
    anna.fills("Je vraag", QUESTION)
    await anna.presses("Bekijk wat de melder leest")
    anna.sees("Dit leest de melder")
    await anna.presses("Vraag versturen")
    await robin.hears("Er is een vraag voor je.")
    robin.does_not_see(QUESTION)

    await robin.presses("Bekijk de vraag")
    robin.sees(QUESTION)
    robin.fills("Je antwoord", ANSWER)
    await robin.presses("Antwoord versturen")
    assert "Antwoord verstuurd" in str(robin.answer)
    await anna.hears("Antwoord op je vraag over signaal S-2026-0001")
    assert all(QUESTION not in each and ANSWER not in each for each in (*anna.notifications, *robin.notifications))

    await anna.says("wachtrij")
    await anna.presses("Open S-2026-0001")
    assert ANSWER in str(anna.answer)
    await anna.presses("Afsluiten")
    anna.ticks("Er is iets gedaan met het signaal")
    anna.fills("Eigen regel voor de melder (mag leeg blijven)", LINE)
    await anna.presses("Bekijk wat de melder leest")
    await anna.presses("Afsluiten en terugkoppelen")
    await robin.hears("Status: afgesloten")
    await robin.presses("Lees terugkoppeling")
    robin.sees(LINE)
    await robin.presses("Ja, nuttig")
    assert "Fijn. Dank je wel." in str(robin.answer)
