"""A signal that the vertrouwenspersoon handles: its reporter reads so in every text, and never that an AF does."""

import re

import pytest

from dialogs.reporter.cards import question_reminder_card
from dialogs.turn import Card
from tests.dialogs.desk_talk import STORY, Desk
from tests.fakes.unit_of_work import Memory
from tests.knowledge import CONFIDANT, ROBIN, knowledge, person
from tests.transcript import Talk, play, words_of

#: Something about an AF, up to the summary.
REPORTS = f"""
> melden
> [Nee]
> Wat heb je gezien = {STORY}
> [Volgende]
> [Overslaan]
> [Weet ik niet]
> [Overslaan]
> Gaat het over = Ja, een AF
> [Volgende]
> [Weet ik niet]"""
_AN_OFFICER = re.compile(r"\bAF\b|aandachtsfunctionaris|{")


class OfNoOfficer(Talk):
    """A reporter whose signal is kept from every AF: no card may say that one of them has it."""

    #: From here on the signal is sent.
    is_sent = False

    async def does(self, turn: object) -> Card:
        card = await super().does(turn)  # pyright: ignore[reportArgumentType] - passed on as it came
        assert not self.is_sent or not _AN_OFFICER.search(words_of(card)), words_of(card)
        return card


@pytest.fixture
async def desk() -> Desk:
    """Robin has reported something about an AF whom they cannot name."""
    desk = Desk()
    desk.robin = OfNoOfficer(desk.memory.unit_of_work, knowledge(), ROBIN, desk.now)
    await play(desk.robin, f"{REPORTS}\n> [Versturen naar de vertrouwenspersoon]\n< Verstuurd")
    desk.robin.is_sent = True
    return desk


@pytest.fixture
async def vera(desk: Desk) -> Talk:
    """The vertrouwenspersoon has taken it up."""
    vera = desk.talk(person(CONFIDANT, "Vera"))
    await desk.opens(vera)
    await vera.presses("Oppakken")
    return vera


async def test_what_the_reporter_does_and_hears_names_the_confidant(desk: Desk, vera: Talk) -> None:
    await play(
        desk.robin,
        """
        > mijn meldingen
        > [Open S-2026-0001]
        < De vertrouwenspersoon heeft je signaal opgepakt
        > [Aanvullen]
        < De vertrouwenspersoon hoort dat er iets bij is gekomen.
        > Wat wil je toevoegen = Ze kwam terug
        > [Aanvulling versturen]
        < Je aanvulling is bewaard. De vertrouwenspersoon hoort
        > intrekken
        < De vertrouwenspersoon beslist
        > [Vraag om in te trekken]
        < De vertrouwenspersoon weet dat je deze melding wilt intrekken
        """,
    )
    await desk.opens(vera)
    await play(
        vera,
        """
        > [Toch doorgaan]
        > [Vraag aan de melder]
        > Je vraag = Hoe laat was het
        > [Bekijk wat de melder leest]
        < De vertrouwenspersoon heeft een vraag voor je
        > [Vraag versturen]
        """,
    )
    assert "De vertrouwenspersoon stelde je een vraag" in words_of(question_reminder_card(desk.signal(), knowledge()))
    await play(
        desk.robin,
        """
        > antwoord rond tien uur
        < Dank je wel. De vertrouwenspersoon krijgt je antwoord.
        > mijn meldingen
        > [Open S-2026-0001]
        < De vertrouwenspersoon snapt je vraag
        < Vraag het de vertrouwenspersoon
        """,
    )


async def test_so_it_stands_in_what_the_confidant_looks_at_before_it_is_sent(desk: Desk, vera: Talk) -> None:
    await play(
        vera,
        """
        > [Overdragen]
        > Wie? = AVIM
        > Waarom mag je = Publieke taak
        > Hoe heb je = Telefoon
        > Wat heb je verteld = Gezien
        > [Bekijk wat de melder leest]
        < De vertrouwenspersoon heeft je signaal doorgegeven aan
        > [Overdragen en melder informeren]
        """,
    )
    await play(
        desk.robin, "> mijn meldingen\n> [Open S-2026-0001]\n< De vertrouwenspersoon heeft je signaal doorgegeven"
    )
    await vera.presses("Overleggen")
    vera.sees("De vertrouwenspersoon overlegt met een partner over je signaal")


async def test_a_rating_names_the_confidant_too(desk: Desk, vera: Talk) -> None:
    await play(
        vera,
        """
        > [Afsluiten]
        > Wat leest de melder = Er is iets gedaan
        > [Bekijk wat de melder leest]
        > [Afsluiten en terugkoppelen]
        """,
    )
    await play(desk.robin, "> mijn meldingen\n> [Open S-2026-0001]\n> [Nee, niet nuttig]\n< De vertrouwenspersoon ziet")


async def test_an_officers_signal_still_names_the_officer() -> None:
    desk = Desk(Memory())
    await desk.reports()
    await desk.takes_up()
    await play(
        desk.robin, "> mijn meldingen\n> [Open S-2026-0001]\n< De aandachtsfunctionaris heeft je signaal opgepakt"
    )
    await play(desk.robin, "> [Aanvullen]\n< De AF hoort dat er iets bij is gekomen.")


async def test_who_types_something_else_at_the_end_is_not_sent_to_a_button_that_is_not_there() -> None:
    desk = Desk()
    await play(desk.robin, f"{REPORTS}\n> hm\n< Je kunt elk antwoord nog wijzigen.")

    assert "naar de AF" not in words_of(desk.robin.card)
