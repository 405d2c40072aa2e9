"""Adding and withdrawing over real HTTP, on SQLite and on PostgreSQL."""

from tests.scenarios.office import Office

MORE = "Vandaag stond hetzelfde busje weer voor de deur."


async def test_an_addition_reaches_the_officer_and_stands_in_the_timeline_of_both(an_office: Office) -> None:
    robin, anna = an_office.person("Robin"), an_office.person("Anna")
    await anna.installs()
    await an_office.hears_of_a_report(robin)
    await anna.hears("Nieuw signaal S-2026-0001")

    await robin.says("aanvullen")
    robin.fills("Wat wil je toevoegen?", MORE)
    await robin.presses("Aanvulling versturen")
    assert "Toegevoegd aan S-2026-0001" in str(robin.answer)
    await anna.hears("Aanvulling op signaal S-2026-0001")
    anna.does_not_see(MORE)
    assert all(MORE not in each for each in anna.notifications)

    await anna.presses("Open S-2026-0001")
    assert MORE in str(anna.answer)
    await robin.says("mijn meldingen")
    await robin.presses("Open S-2026-0001")
    assert MORE in str(robin.answer)


async def test_the_same_addition_pressed_again_is_one_addition(an_office: Office) -> None:
    robin, anna = an_office.person("Robin"), an_office.person("Anna")
    await anna.installs()
    await an_office.hears_of_a_report(robin)
    await robin.says("aanvullen")
    robin.fills("Wat wil je toevoegen?", MORE)
    await robin.presses("Aanvulling versturen")

    await robin.repeats()
    assert "Je melding S-2026-0001" in str(robin.answer)
    await robin.does_it_again()
    assert "Toegevoegd aan S-2026-0001" in str(robin.answer)

    await anna.hears("Aanvulling op signaal S-2026-0001")
    await anna.presses("Open S-2026-0001")
    assert str(anna.answer).count("Aanvulling van de melder") == 1


async def test_a_wish_to_withdraw_is_decided_by_the_officer_and_heard_by_the_reporter(an_office: Office) -> None:
    robin, anna = an_office.person("Robin"), an_office.person("Anna")
    await robin.installs()
    await anna.installs()
    await an_office.hears_of_a_report(robin)
    await anna.hears("Nieuw signaal S-2026-0001")
    await anna.presses("Open S-2026-0001")
    await anna.presses("Oppakken")

    await robin.says("intrekken")
    robin.fills("Waarom wil je intrekken? (mag leeg blijven)", "Het bleek haar moeder te zijn.")
    await robin.presses("Vraag om in te trekken")
    await anna.hears("De melder wil signaal S-2026-0001 intrekken")
    await anna.says("wachtrij")
    await anna.presses("Open S-2026-0001")
    assert "Het bleek haar moeder te zijn." in str(anna.answer)
    await anna.presses("Akkoord: intrekken")
    assert "Het signaal is ingetrokken" in str(anna.answer)

    await robin.hears("Status: ingetrokken.")
    await robin.says("mijn meldingen")
    robin.sees("Ingetrokken")
