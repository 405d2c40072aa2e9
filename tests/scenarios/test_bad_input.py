"""Whatever comes in: a clear answer in Dutch or a 4xx, and draft and signal as they were."""

from typing import Any

import pytest
from sqlalchemy import update

from storage.engine import make_engine
from storage.tables import drafts
from tests.fake_connector import answers
from tests.scenarios.office import Office
from tests.teams_client import Person

STORY = "Wat heb je gezien of gehoord?"
KEPT = "Een verhaal dat blijft staan."


async def half_way(office: Office) -> Person:
    """Robin has told the story and stands at the ticks."""
    robin = office.person("Robin")
    await robin.says("melden")
    await robin.presses("Nee")
    robin.fills(STORY, KEPT)
    await robin.presses("Volgende")
    return robin


async def story_is_still_there(robin: Person) -> None:
    await robin.says("verder")
    await robin.presses("Terug")
    assert robin.card.value(STORY) == KEPT


@pytest.mark.parametrize(
    ("activity", "seen"),
    [
        ({"text": "🤷🏽‍♀️👀"}, "Of typ 'geen'"),
        ({"text": "zo moe \ud83d"}, "Of typ 'geen'"),
        ({"text": "x" * 30_000}, "Of typ 'geen'"),
        ({"text": ""}, "Dit kan ik niet lezen"),
        ({"attachments": [{"contentType": "image/gif", "contentUrl": "https://x/y"}]}, "Dit kan ik niet"),
        ({"value": {"action": "bestaat.niet"}}, "Deze knop ken ik niet meer"),
        ({"value": {"action": "intake.send", "draft": "x", "version": "1"}}, "Deze melding is er niet meer"),
        ({"text": "", "value": {"action": "intake.answer", "nested": {"a": 1}}}, "Dit kan ik niet lezen"),
        ({"text": "", "value": ["geen", "object"]}, "Dit kan ik niet lezen"),
    ],
    ids=[
        "emoji",
        "half an emoji",
        "30,000",
        "empty",
        "gif",
        "unknown verb",
        "another draft",
        "nested payload",
        "no object",
    ],
)
async def test_nonsense_gets_a_clear_answer_and_the_draft_stays(
    an_office: Office, activity: dict[str, Any], seen: str
) -> None:
    robin = await half_way(an_office)

    await robin.sends(**activity)

    robin.sees(seen)
    await story_is_still_there(robin)


@pytest.mark.parametrize(
    "wrong",
    [{"from": None}, {"from": {"id": "29:x"}}, {"id": None}, {"conversation": None}, {"channelId": 7}, {"type": None}],
    ids=["no sender", "no object id", "no id", "no conversation", "a number as channel", "no type"],
)
async def test_an_activity_that_misses_something_is_refused(an_office: Office, wrong: dict[str, Any]) -> None:
    robin = await half_way(an_office)

    status = await robin.posts(robin.activity(text="melden", **wrong))

    assert 400 <= status < 500
    await story_is_still_there(robin)


async def test_a_story_with_half_an_emoji_is_stored_and_shown_again(an_office: Office) -> None:
    robin = await half_way(an_office)
    await robin.presses("Terug")

    robin.fills(STORY, "Zij is moe \ud83d van het werk.")
    await robin.presses("Volgende")
    await robin.presses("Terug")

    assert robin.card.value(STORY) == "Zij is moe \ufffd van het werk."


async def test_who_has_a_report_that_does_not_open_hears_it_and_reports_anew(
    an_office: Office, database_url: str
) -> None:
    robin = await half_way(an_office)
    engine = make_engine(database_url)
    async with engine.connect() as damage:
        await damage.execute(update(drafts).values(content=b"damaged"))
        await damage.commit()
    await engine.dispose()

    await robin.presses("Volgende")

    robin.sees("Je open melding gaat niet open")
    await an_office.hears_of_a_report(robin)


async def test_a_press_of_somebody_else_on_my_card_changes_nothing(an_office: Office) -> None:
    robin, kim = await half_way(an_office), an_office.person("Kim")
    press = dict(robin._last)  # pyright: ignore[reportPrivateUsage] - the wire, as somebody else could copy it
    press["from"], press["conversation"] = kim.activity()["from"], kim.activity()["conversation"]

    await kim.posts(press | {"id": "f:another"})

    assert "Deze melding is er niet meer" in str(kim.answer)
    await story_is_still_there(robin)


async def test_a_second_melden_goes_on_where_the_first_was(an_office: Office) -> None:
    robin = await half_way(an_office)

    await robin.says("melden")

    robin.sees("Je had nog een melding open")
    await story_is_still_there(robin)


async def test_a_redelivered_message_acts_once(an_office: Office) -> None:
    robin = an_office.person("Robin")
    await robin.says("melden")
    await robin.says("nee")
    before = len(robin.messages)

    await robin.repeats()
    await robin.repeats()

    assert len(robin.messages) == before
    robin.sees(STORY)


async def test_a_redelivered_press_answers_with_the_card_as_it_is_now(an_office: Office) -> None:
    robin = await half_way(an_office)

    await robin.repeats()
    assert robin.answer["statusCode"] == 200
    shown = robin.answer
    await robin.repeats(new_id=True)
    assert robin.answer == shown
    await robin.does_it_again()
    assert "Deze kaart was niet meer de laatste" in str(robin.answer)

    await story_is_still_there(robin)


async def test_in_a_group_the_bot_declines_and_shows_the_way(an_office: Office) -> None:
    robin = an_office.person("Robin")
    an_office.connector.group("19:group@thread.v2", robin.account)

    await robin.says("er zit hier een vrouw die haar paspoort niet heeft", group="19:group@thread.v2")

    (message,) = an_office.connector.messages("19:group@thread.v2")
    said = str(message.activity)
    assert "Melden doe je in een eigen gesprek" in said
    assert "Haal dat bericht dan weg" in said
    assert "paspoort" not in said


async def test_a_reply_that_cannot_be_sent_leaves_the_answer_stored(an_office: Office) -> None:
    robin = an_office.person("Robin")
    await robin.says("melden")
    an_office.connector.fails(answers(503), answers(503), answers(503))
    await robin.posts(robin.activity(text="nee"))
    an_office.connector.heals()

    await robin.says("verder")

    robin.sees(STORY)


async def test_after_uninstalling_and_coming_back_the_draft_is_there(an_office: Office) -> None:
    robin = await half_way(an_office)
    await robin.uninstalls()

    await robin.installs()

    assert robin.screen.count("Welkom bij Meldroute") == 1
    await story_is_still_there(robin)


async def test_a_photo_beside_the_text_is_said_not_to_be_taken_and_the_text_is(an_office: Office) -> None:
    robin = an_office.person("Robin")
    await robin.says("melden")
    await robin.presses("Nee")

    await robin.sends(text=KEPT, attachments=[{"contentType": "text/html"}, {"contentType": "image/png"}])

    robin.sees("Ik neem geen foto's of bestanden aan")
    await story_is_still_there(robin)
