"""Notices that do not arrive, over real HTTP: who hears of it, and that danger waits for nobody."""

from tests.fake_connector import Call, answers, takes_then
from tests.scenarios.office import Office
from tests.teams_client import Person


async def test_officers_hear_that_the_reporter_was_not_reached(an_office: Office) -> None:
    robin, anna = an_office.person("Robin"), an_office.person("Anna")
    await anna.installs()
    await an_office.hears_of_a_report(robin)
    await anna.hears("Nieuw signaal S-2026-0001")

    an_office.connector.close(robin.account.conversation_id)
    await anna.presses("Open S-2026-0001")
    await anna.presses("Oppakken")
    await anna.hears("Bericht over signaal S-2026-0001 niet aangekomen")
    await anna.presses("Open S-2026-0001")

    assert "Een bericht aan de melder kwam niet aan" in str(anna.answer)


async def test_feedback_that_may_have_arrived_is_sent_until_teams_says_so(an_office: Office) -> None:
    robin, anna = an_office.person("Robin"), an_office.person("Anna")
    await anna.installs()
    await an_office.hears_of_a_report(robin)
    await anna.hears("Nieuw signaal S-2026-0001")
    told = len(robin.messages)

    def to_robin(call: Call) -> bool:
        return call.conversation == robin.account.conversation_id and call.operation == "send"

    an_office.connector.fails(takes_then(answers(504)), when=to_robin)
    await anna.presses("Open S-2026-0001")
    await anna.presses("Oppakken")
    await an_office.connector.until(lambda: len(robin.messages) == told + 2, within=40)

    first, second = robin.messages[-2:]
    assert str(first.card) == str(second.card)


async def test_danger_does_not_wait_behind_a_notice_that_is_being_tried_again(an_office: Office) -> None:
    robin, anna = an_office.person("Robin"), an_office.person("Anna")
    await robin.installs()
    await anna.installs()

    def tells_of_the_first(call: Call) -> bool:
        return call.conversation == anna.account.conversation_id and "S-2026-0001" in str(call.body)

    an_office.connector.fails(answers(503), times=None, when=tells_of_the_first)
    await an_office.hears_of_a_report(robin)
    await an_office.connector.until(lambda: any(map(tells_of_the_first, an_office.connector.calls)))

    await reports_danger(an_office.person("Kim"))
    await anna.hears("Spoed: nieuw signaal S-2026-0002")
    anna.does_not_see("S-2026-0001")


async def reports_danger(person: Person) -> None:
    """Somebody is locked up now."""
    await person.says("melden")
    await person.presses("Ja, nu gevaar")
    person.fills("Wat heb je gezien of gehoord?", "Ze zit opgesloten boven de zaak.")
    person.fills("Waar was het?", "Marktstraat")
    await person.presses("Volgende")
    await person.presses("Versturen naar de AF")
