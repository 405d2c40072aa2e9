"""Keeping the directory right, played as conversations."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.knowledge import load_partner_file
from dialogs.domain.addresses import Address
from dialogs.domain.notices import NoticeKind
from dialogs.domain.partners import LaidOver, lay_over
from dialogs.knowledge import CurrentPartners, Knowledge
from dialogs.turn import Pressed
from dialogs.use_cases.edit_partner import import_entries
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ADMINISTRATOR, MONDAY, OFFICER_ANNA, ROBIN, knowledge, person
from tests.transcript import Talk, play, words_of

BEHEERDER = person(ADMINISTRATOR, "Kim")


@pytest.fixture
def memory() -> Memory:
    return Memory()


def fresh(partners: LaidOver | None = None) -> Knowledge:
    """Knowledge with a directory of its own."""
    return replace(knowledge(), partners=CurrentPartners(partners or lay_over(load_partner_file("maashorst"))))


@pytest.fixture
def kim(memory: Memory) -> Talk:
    return Talk(memory.unit_of_work, fresh(), BEHEERDER, MONDAY)


async def in_force(memory: Memory, talk: Talk) -> LaidOver:
    """What every replica reads, also put in this one's memory."""
    async with memory.unit_of_work() as uow:
        now = lay_over(talk.knowledge.partners.now.shipped, await uow.partners.newest())
    talk.knowledge.partners.now = now
    return now


async def test_an_administrator_changes_a_number_after_seeing_how_it_looks(kim: Talk, memory: Memory) -> None:
    await play(
        kim,
        """
        > beheer nummers
        < Nummers beheren
        < Nakijken: 17
        > Welk nummer wil je zien of wijzigen? = Taskforce-RIEC
        > [Openen]
        < Taskforce-RIEC Brabant-Zeeland
        < De AF vraagt het nummer
        > [Wijzigen]
        < Taskforce-RIEC Brabant-Zeeland wijzigen
        > Nummer 1 = 073 681 36 66
        > Wanneer neemt nummer 1 op? = ma - vr 9.00-17.00; 24-12-2026 9:00-12:00
        > Waar komt dit vandaan? = Gebeld met het RIEC
        > [x] Ik heb dit vandaag nagekeken
        > [Bekijk hoe het wordt]
        < Zo wordt het
        < 073-6813666 ([bel](tel:+31736813666))
        < Nu bereikbaar, tot 17.00 uur.
        < Gecontroleerd op 23-11-2026.
        """,
    )
    assert (await in_force(memory, kim)).edits == {}

    await play(
        kim,
        """
        > [Opslaan]
        < Bewaard. Iedereen ziet dit nu zo.
        < nagekeken op 23-11-2026 door Kim
        """,
    )

    now = await in_force(memory, kim)
    assert [each.number for each in now.directory["riec"].numbers] == ["073-6813666"]
    assert now.directory["riec"].source == "Gebeld met het RIEC"
    assert [(e.actor, e.action, e.subject, e.reason) for e in memory.audit_entries] == [
        (ADMINISTRATOR, "partner_edited", "riec", "version 1")
    ]
    await play(kim, "> nummer riec\n< 073-6813666")


@pytest.mark.parametrize(
    ("label", "written", "said"),
    [
        ("Nummer 1", "088-963032", "Nummer 1 is geen Nederlands telefoonnummer"),
        ("Nummer 2", "bel mij", "Nummer 2 is geen Nederlands telefoonnummer"),
        ("Wanneer neemt nummer 1", "overdag", "De tijden van nummer 1 begrijp ik niet"),
        ("Wanneer neemt nummer 1", "ma-vr 16:00-08:00", "De tijden van nummer 1 begrijp ik niet"),
        ("Wanneer neemt nummer 1", "ma 09:00-10:00; ma 11:00-12:00", "De tijden van nummer 1 begrijp ik niet"),
        ("Mail", "avim", "Dit mailadres klopt niet"),
        ("Site", "www.politie.nl", "Een site begint met https://"),
        ("Wanneer bel je deze?", " ", "Schrijf op wanneer je deze belt"),
        ("Waar komt dit vandaan?", " ", "Schrijf op waar dit vandaan komt"),
        ("Nummer 1", " ", "Nummer 1 is geen Nederlands telefoonnummer"),
    ],
)
async def test_what_is_wrong_is_said_in_dutch_with_the_form_as_filled_in(
    kim: Talk, memory: Memory, label: str, written: str, said: str
) -> None:
    await kim.does(Pressed("entry.form", {"partner": "avim"}))
    hours = {"Wanneer neemt nummer 1": "24/7"} if label == "Nummer 1" and written == " " else {}

    kim.fills({label: written, **hours, "Wat ontbreekt nog": "Iets om te bewaren."})
    await kim.presses("Bekijk hoe het wordt")

    kim.sees("Er is nog niets opgeslagen", said)
    filled = kim.press(kim.card.buttons[0]).inputs.values()
    assert "Iets om te bewaren." in filled
    assert written in filled or not written.strip()
    assert (await in_force(memory, kim)).edits == {}


async def test_an_entry_is_confirmed_in_one_press_and_is_due_again_after_six_months(kim: Talk, memory: Memory) -> None:
    await kim.says("beheer nummers")
    before = words_of(kim.card)
    await kim.presses("Klopt nog")

    kim.sees("Bewaard: AVIM Oost-Brabant is vandaag nagekeken.", "Nakijken: 16")
    assert "Nakijken: 17" in before
    assert memory.audit_entries[-1].action == "partner_confirmed"
    kim.now += timedelta(days=182)
    await kim.says("beheer nummers")
    kim.sees("Nakijken: 17")


async def test_confirming_an_unconfirmed_number_takes_its_warning_away(kim: Talk, memory: Memory) -> None:
    await play(kim, "> nummer zoco\n< dit nummer is niet bevestigd")
    await kim.does(Pressed("entry.open", {"partner": "zoco"}))
    await kim.presses("Klopt nog")

    await in_force(memory, kim)
    await kim.says("nummer zoco")
    kim.sees("Gecontroleerd op 23-11-2026")
    assert "niet bevestigd" not in words_of(kim.card)


async def test_the_history_says_who_and_when_and_an_older_version_comes_back(kim: Talk, memory: Memory) -> None:
    async with memory.unit_of_work() as uow:
        await uow.people.seen(Address(ADMINISTRATOR, "Kim", "a:1", "https://x/", "t", "29:1", "28:1", MONDAY))
        await uow.commit()
    for number in ("088-9630321", "088-9630322"):
        await kim.does(Pressed("entry.form", {"partner": "avim", "version": "0" if number[-1] == "1" else "1"}))
        kim.fills({"Nummer 1": number})
        await kim.presses("Bekijk hoe het wordt")
        await kim.presses("Opslaan")

    await play(
        kim,
        """
        > [Geschiedenis]
        < 23-11-2026 10:00: versie 2: gewijzigd door Kim
        < 23-11-2026 10:00: versie 1: gewijzigd door Kim
        < zoals Meldroute het meelevert: 088-9630320
        > Welke versie wil je terug? = 1, 23-11-2026
        > [Zet deze terug]
        < 088-9630321
        > [Geschiedenis]
        < versie 3: teruggezet door Kim
        > Welke versie wil je terug? = zoals Meldroute
        > [Zet deze terug]
        < 088-9630320
        """,
    )
    now = await in_force(memory, kim)
    assert now.file == now.shipped
    assert now.version("avim") == 4


async def test_a_number_that_changed_is_no_longer_checked_unless_somebody_says_so(kim: Talk, memory: Memory) -> None:
    await kim.does(Pressed("entry.confirm", {"partner": "avim", "version": "0"}))
    await kim.presses("Wijzigen")
    kim.fills({"Nummer 1": "088-9630321"})
    await kim.presses("Bekijk hoe het wordt")
    kim.sees("Nog niet gecontroleerd.")
    await kim.presses("Nog iets wijzigen")
    kim.sees("AVIM Oost-Brabant wijzigen")
    assert kim.press(kim.card.buttons[0]).inputs["number1"] == "088-9630321"


async def test_saving_without_a_change_stores_nothing(kim: Talk, memory: Memory) -> None:
    for key in [partner.key for partner in kim.knowledge.directory]:
        await kim.does(Pressed("entry.form", {"partner": key}))
        await kim.presses("Bekijk hoe het wordt")
        await kim.presses("Opslaan")
        kim.sees("Je hebt niets veranderd")
    assert (await in_force(memory, kim)).edits == {}


async def test_of_two_administrators_the_second_sees_what_the_first_did(kim: Talk, memory: Memory) -> None:
    lee = Talk(memory.unit_of_work, kim.knowledge, replace(BEHEERDER, name="Lee"), MONDAY)
    for talk, number in ((kim, "088-9630321"), (lee, "088-9630322")):
        await talk.does(Pressed("entry.form", {"partner": "avim", "version": "0"}))
        talk.fills({"Nummer 1": number})
        await talk.presses("Bekijk hoe het wordt")
    await kim.presses("Opslaan")
    await lee.presses("Opslaan")

    lee.sees("Een collega was je voor", "088-9630321")
    assert (await in_force(memory, kim)).version("avim") == 1


@pytest.mark.parametrize(
    ("button", "number"), [("Houd onze versie", "088-9630321"), ("Neem de nieuwe over", "088-9639999")]
)
async def test_a_release_that_changed_the_same_entry_shows_both_and_the_administrator_chooses(
    kim: Talk, memory: Memory, button: str, number: str
) -> None:
    await kim.does(Pressed("entry.form", {"partner": "avim"}))
    kim.fills({"Nummer 1": "088-9630321"})
    await kim.presses("Bekijk hoe het wordt")
    await kim.presses("Opslaan")
    shipped = load_partner_file("maashorst")
    changed = {**shipped.entries["avim"], "numbers": [{"number": "088-9639999", "hours": "24/7"}]}
    later = lay_over(replace(shipped, entries={**shipped.entries, "avim": changed}))
    after = Talk(memory.unit_of_work, fresh(later), BEHEERDER, MONDAY)

    await after.says("beheer nummers")
    after.sees("In een nieuwe versie van Meldroute staat dit anders: AVIM Oost-Brabant")
    await after.presses("Openen")
    after.sees("Bij ons: 088-9630321", "Nieuw in Meldroute: 088-9639999")
    await after.presses(button)

    now = await in_force(memory, after)
    assert now.directory["avim"].numbers[0].number == number
    assert now.overtaken == ()


@pytest.mark.parametrize("who", [ROBIN, OFFICER_ANNA], ids=["employee", "officer"])
async def test_nobody_else_keeps_the_directory(memory: Memory, who: object) -> None:
    robin = Talk(memory.unit_of_work, fresh(), who, MONDAY)  # pyright: ignore[reportArgumentType]
    await robin.says("beheer nummers")
    robin.sees("Dit is voor de beheerder van de nummers")
    for action in ("list", "open", "form", "preview", "save", "confirm", "history", "restore", "keep", "adopt"):
        await robin.does(Pressed(f"entry.{action}", {"partner": "avim"}, {"number1": "112"}))
        robin.sees("Dit is voor de beheerder van de nummers")
    assert (await in_force(memory, robin)).edits == {}


async def test_an_administrator_sees_no_signals(kim: Talk) -> None:
    await play(kim, "> wachtrij\n< Dit kan ik je niet laten zien")


@pytest.mark.parametrize("data", [{}, {"partner": "nergens"}, {"partner": "avim", "version": "x"}])
@pytest.mark.parametrize("action", ["entry.open", "entry.save", "entry.restore", "entry.adopt", "entry.nonsense"])
async def test_a_strange_press_gets_a_card_and_changes_nothing(
    kim: Talk, memory: Memory, action: str, data: dict[str, str]
) -> None:
    await kim.does(Pressed(action, data))
    assert kim.card.title
    assert all(edit.entry == edit.shipped for edit in (await in_force(memory, kim)).edits.values())


# --- klopt niet ---


async def test_somebody_says_that_a_number_is_wrong_and_the_administrator_sees_who_and_what(
    memory: Memory, kim: Talk
) -> None:
    robin = Talk(memory.unit_of_work, kim.knowledge, ROBIN, MONDAY)
    async with memory.unit_of_work() as uow:
        await uow.people.seen(Address(ROBIN.actor.id, "Robin", "a:1", "https://x/", "t", "29:1", "28:1", MONDAY))
        await uow.commit()
    await play(
        robin,
        """
        > nummer avim
        > [Klopt niet]
        < Klopt een nummer niet?
        > Wat klopt er niet? = Er neemt niemand op.
        > [Doorgeven aan de beheerder]
        < Dank je wel. De beheerder krijgt bericht.
        """,
    )

    [notice] = memory.notices
    assert (notice.kind, notice.recipient, notice.detail["partner"]) == (
        NoticeKind.PARTNER_DOUBTED,
        ADMINISTRATOR,
        "avim",
    )
    assert "niemand" not in str(notice)
    assert memory.audit_entries[-1].action == "partner_doubted"
    await play(
        kim,
        """
        > beheer nummers
        < Collega's zeggen dat dit niet klopt: AVIM Oost-Brabant
        > [Openen]
        < Robin, 23-11-2026 10:00
        < Er neemt niemand op.
        """,
    )
    kim.now += timedelta(minutes=1)
    await kim.presses("Klopt nog")
    assert "Er neemt niemand op." not in words_of(kim.card)


async def test_the_same_form_pressed_twice_tells_once(memory: Memory, kim: Talk) -> None:
    robin = Talk(memory.unit_of_work, kim.knowledge, ROBIN, MONDAY)
    await play(robin, "> nummer avim\n> [Klopt niet]")
    press = robin.press(robin.card.buttons[0])
    for _ in range(2):
        await robin.does(press)
    assert len(memory.notices) == 1


async def test_a_bsn_in_a_remark_is_refused_and_the_rest_stays(memory: Memory, kim: Talk) -> None:
    robin = Talk(memory.unit_of_work, kim.knowledge, ROBIN, MONDAY)
    await play(
        robin,
        """
        > nummer avim
        > [Klopt niet]
        > Wat klopt er niet? = Gebeld over 111222333
        > [Doorgeven aan de beheerder]
        < Er lijkt een BSN in je tekst te staan
        """,
    )
    assert memory.notices == []
    assert robin.press(robin.card.buttons[0]).inputs["remark"] == "Gebeld over 111222333"


async def test_without_an_administrator_the_focal_officers_hear_it(memory: Memory) -> None:
    base = fresh()
    own = replace(base, staff=replace(base.staff, administrators=()))
    robin = Talk(memory.unit_of_work, own, ROBIN, MONDAY)
    await play(robin, "> nummer avim\n> [Klopt niet]\n> [Doorgeven aan de beheerder]\n< Dank je wel")
    assert [notice.recipient for notice in memory.notices] == list(own.staff.focal_officers)


# --- import ---


async def test_a_file_lays_its_differences_over_what_is_in_force(memory: Memory, kim: Talk) -> None:
    await kim.does(Pressed("entry.confirm", {"partner": "ind", "version": "0"}))
    shipped = load_partner_file("maashorst")
    file = (await in_force(memory, kim)).file
    avim = {**file.entries["avim"], "stand_in": "steunpunt"}
    own = {**file.entries["mma"], "key": "steunpunt", "name": "Steunpunt"}
    file = replace(file, entries={**file.entries, "avim": avim, "steunpunt": own})

    async with memory.unit_of_work() as uow:
        assert await import_entries(uow, shipped, file, MONDAY) == ["avim", "steunpunt"]
        assert await import_entries(uow, shipped, file, MONDAY) == []
        await uow.commit()

    now = await in_force(memory, kim)
    assert now.file == file
    assert now.directory["ind"].checked_on is not None
    assert [entry.actor for entry in memory.audit_entries[-2:]] == ["system", "system"]
