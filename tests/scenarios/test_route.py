"""The whole route over real HTTP, on SQLite and on PostgreSQL: report, take up, hand over, close, hear back."""

from tests.scenarios.office import Office


async def test_a_signal_travels_to_an_officer_and_its_reporter_reads_every_step(an_office: Office) -> None:
    robin, anna, bas = (an_office.person(name) for name in ("Robin", "Anna", "Bas"))
    for person in (robin, anna, bas):
        await person.installs()
        assert person.sees("Welkom bij Meldroute")

    await robin.says("melden")
    await robin.presses("Nee")
    robin.fills(
        "Wat heb je gezien of gehoord?", "Een vrouw van het uitzendburo had alle paspoorten van de mannen in haar tas."
    )
    await robin.presses("Volgende")
    robin.ticks("Iemand anders (baas")
    await robin.presses("Volgende")
    await robin.presses("Nee")
    robin.sees("Herken je dit ook?")
    await robin.presses("Volgende")
    robin.fills("Waar was het?", "Balie Uden")
    await robin.presses("Volgende")
    await robin.presses("Versturen naar de AF")
    await robin.hears("Je melding is ontvangen: S-2026-0001")

    await anna.hears("Nieuw signaal S-2026-0001")
    await bas.hears("Nieuw signaal S-2026-0001")
    anna.does_not_see("paspoorten")
    await anna.presses("Open S-2026-0001")
    anna.sees("paspoorten van de mannen")
    await anna.presses("Oppakken")
    await robin.hears("Status: opgepakt")
    await bas.hears("Opgepakt")
    bas.does_not_see("paspoorten")

    await robin.presses("Lees terugkoppeling")
    robin.sees("De aandachtsfunctionaris heeft je signaal opgepakt")

    await anna.presses("Overdragen")
    anna.ticks("Telefoon", "Gezien of gehoord", "Publieke taak van de gemeente")
    await anna.presses("Bekijk wat de melder leest")
    anna.sees("doorgegeven aan: AVIM Oost-Brabant")
    await anna.presses("Overdragen en melder informeren")
    await robin.hears("Status: overgedragen")
    await robin.presses("Lees terugkoppeling")
    robin.sees("doorgegeven aan: AVIM Oost-Brabant")

    await anna.presses("Afsluiten")
    anna.ticks("Een partner gaat ermee verder")
    anna.fills("Eigen regel voor de melder (mag leeg blijven)", "Dank, dit hielp echt.")
    await anna.presses("Bekijk wat de melder leest")
    anna.sees("Dit leest de melder")
    await anna.presses("Afsluiten en terugkoppelen")
    await robin.hears("Status: afgesloten")
    await robin.presses("Lees terugkoppeling")
    robin.sees("Dank, dit hielp echt.")
    await anna.presses("Inklappen")
    anna.sees("Afgesloten")
    anna.does_not_see("paspoorten")


async def test_no_notification_says_more_than_reference_and_status(an_office: Office) -> None:
    robin, anna = an_office.person("Robin"), an_office.person("Anna")
    await anna.installs()
    await an_office.hears_of_a_report(robin)
    await anna.hears("Nieuw signaal")

    said = {*robin.notifications, *anna.notifications}
    assert said <= {
        "Je melding",
        "Je melding S-2026-0001 is ontvangen",
        "Welkom bij Meldroute",
        "Nieuw signaal S-2026-0001",
        "Nieuws over je melding S-2026-0001",
    }


async def test_an_officer_who_never_wrote_gets_the_signal_too(an_office: Office) -> None:
    await an_office.hears_of_a_report(an_office.person("Robin"))

    await an_office.person("Anna").hears("Nieuw signaal S-2026-0001")


async def test_the_welcome_comes_once(an_office: Office) -> None:
    robin = an_office.person("Robin")
    await robin.installs()
    await robin.installs()

    assert robin.screen.count("Welkom bij Meldroute") == 1


async def test_an_old_client_that_only_knows_submit_reports_as_well(an_office: Office) -> None:
    robin = an_office.person("Robin", old_client=True)

    await an_office.hears_of_a_report(robin)

    robin.sees("Verstuurd: S-2026-0001")
