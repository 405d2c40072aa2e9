"""The AF's day in pictures: digest, open, claim, enrich, question and answer, checklist, hand-over, feedback, close."""

import pytest
from playwright.async_api import Page

from bot.local.story import ANNA, ROBIN, STORY, Fills, Presses, Says, Sees, Step, Ticks
from tests.e2e.conftest import SCREENSHOTS
from tests.e2e.window_page import WindowPage

#: One browser for all of them, so one event loop.
pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


#: As in the demo: Robin reports as far as the receipt, Anna opens and takes it up, and at last hands it over, closes it
#: and Robin reads of both.
REPORTED = STORY[: next(at for at, step in enumerate(STORY) if isinstance(step, Sees) and step.person == ANNA)]
TAKEN_UP = STORY[STORY.index(Presses("Open")) : STORY.index(Presses("Oppakken")) + 2]
HANDED_OVER_AND_CLOSED = STORY[STORY.index(Presses("Overdragen")) :]

DAY: tuple[Step, ...] = (
    Sees(ANNA, "Open signalen: 1", scene="dag-overzicht"),
    Presses("Wachtrij"),
    Sees(ANNA, "werkdagen open", scene="dag-wachtrij"),
    *TAKEN_UP,
    Presses("Meer"),
    Sees(ANNA, "Iets opgezocht", scene="dag-meer"),
    Presses("Iets opgezocht"),
    Ticks("Wat heb je opgezocht?", ("Adres",)),
    Fills("Waarom was dit nodig?", "Is dit adres al bekend?"),
    Fills("Wat heb je gevonden?", "Markt 1, 5401 GN"),
    Sees(ANNA, "Kijk eerst of er iets bekend is", scene="dag-opzoeken"),
    Presses("Vastleggen"),
    Sees(ANNA, "Markt 1, 5401 GN", scene="dag-verrijkt"),
    Presses("Vraag aan de melder"),
    Sees(ANNA, "Stel één vraag tegelijk"),
    Fills("Je vraag", "Hoorde je ook hoe laat hij begint?"),
    Presses("Bekijk wat de melder leest"),
    Sees(ANNA, "Dit leest de melder", scene="dag-vraag"),
    Presses("Vraag versturen"),
    Sees(ANNA, "Je vraag is verstuurd", scene="dag-gevraagd"),
    Sees(ROBIN, "Er is een vraag voor je", scene="dag-vraag-bij-melder"),
    Presses("Bekijk de vraag"),
    Sees(ROBIN, "Hoorde je ook hoe laat hij begint?"),
    Fills("Je antwoord", "Hij begint om vijf uur, zes dagen per week."),
    Sees(ROBIN, "Hoorde je ook hoe laat hij begint?", scene="dag-antwoord"),
    Presses("Antwoord versturen"),
    Sees(ANNA, "Antwoord op je vraag", scene="dag-antwoord-bij-af"),
    Presses("Open"),
    Sees(ANNA, "Hij begint om vijf uur"),
    Presses("Eigen oordeel"),
    Sees(ANNA, "Meldroute weegt dit zo"),
    Ticks("Wat is het volgens jou?", ("Zuiver signaal van mensenhandel",)),
    Ticks("Welke vorm past het best?", ("arbeidsuitbuiting",)),
    Fills("Waarom?", "Lange dagen, geen contract, geen eigen rekening."),
    Sees(ANNA, "Meldroute weegt dit zo", scene="dag-oordeel"),
    Presses("Oordeel vastleggen"),
    Sees(ANNA, "Je oordeel staat erbij", scene="dag-geoordeeld"),
    Presses("Arbeidsinspectie: gedaan"),
    Sees(ANNA, "Nederlandse Arbeidsinspectie: gedaan", scene="dag-afgevinkt"),
    *HANDED_OVER_AND_CLOSED,
    Sees(ROBIN, "Was deze terugkoppeling nuttig?", scene="dag-nuttig"),
    Presses("Ja, nuttig"),
    Sees(ROBIN, "Fijn. Dank je wel."),
    Says(ANNA, "wachtrij"),
    Sees(ANNA, "Er zijn geen open signalen", scene="dag-klaar"),
)


async def test_an_officer_works_from_the_digest_to_a_closed_signal_with_the_reporter_beside(
    meldroute: str, page: Page
) -> None:
    window = WindowPage(page)
    await window.open(meldroute)
    for step in REPORTED:
        await window.play(step, SCREENSHOTS / "dag")
    for _ in range(2):
        await page.get_by_role("button", name="volgende werkdag").click()

    for step in DAY:
        await window.play(step, SCREENSHOTS / "dag")

    assert len(list((SCREENSHOTS / "dag").glob("*.png"))) > 25
