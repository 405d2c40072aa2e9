"""A draft that does not open is kept apart, stands in nobody's way, and comes back when it opens again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from dialogs.domain.draft_life import Remind, decide
from dialogs.ports import DraftUnreadable, UnitsOfWork
from dialogs.use_cases.watch import take_back_drafts
from storage.codec import ContentCodec, Place
from storage.engine import Database, open_database
from storage.key_file import FileKeyRing
from storage.tables import drafts
from tests.storage.conftest import KEYS, raw
from tests.storage.factories import NOW, QUOTE, a_draft

SECRETS = {"k1": bytes(range(32)), "k2": bytes(range(32, 64))}
AFTER_A_DAY = NOW + timedelta(days=1)
AS_WRITTEN: dict[str, Any] = {"answers": {}, "suggestions": [], "danger_quote": None, "minor_read": None, "focus": None}


async def stored(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.drafts.save(a_draft())
        await uow.commit()


async def holds(database: Database, content: bytes) -> None:
    """The row of the draft holds this instead."""
    async with raw(database) as connection:
        await connection.execute(update(drafts).values(content=content))
        await connection.commit()


def sealed(content: object, keys: FileKeyRing = KEYS) -> bytes:
    return ContentCodec(keys).seal(Place("drafts", "content"), "draft-1", content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not sealed content"),
        (sealed(AS_WRITTEN)[:-1] + b"?", "altered"),
        (sealed(AS_WRITTEN, FileKeyRing("k2", SECRETS)), "key 'k2', which is not in the key file"),
        (sealed({"answers": {"story": QUOTE}}), "KeyError"),
        (sealed([QUOTE]), "TypeError"),
        (sealed({**AS_WRITTEN, "answers": QUOTE}), "AttributeError"),
        (sealed({**AS_WRITTEN, "suggestions": [{"words": QUOTE}]}), "TypeError"),
        (sealed({**AS_WRITTEN, "origin": {"channel": QUOTE, "team": "", "contact": ""}}), "ValueError"),
    ],
    ids=["empty", "altered", "key gone", "part missing", "a list", "a text", "other suggestions", "a new channel"],
)
async def test_what_is_wrong_with_a_draft_is_told_by_its_id_and_without_a_word_of_it(
    database: Database, content: bytes, why: str
) -> None:
    await stored(database)
    await holds(database, content)

    async with database.unit_of_work() as uow:
        with capture_logs() as logs, pytest.raises(DraftUnreadable) as unreadable:
            await uow.drafts.of("reporter-1")

    assert (unreadable.value.draft_id, unreadable.value.version) == ("draft-1", 1)
    [entry] = logs
    assert (entry["event"], entry["log_level"], entry["draft"]) == ("draft_unreadable", "error", "draft-1")
    assert why in entry["why"]
    assert QUOTE not in str(logs) + repr(unreadable.value)


async def test_a_draft_with_a_question_and_a_place_on_screen_of_a_newer_version_opens(database: Database) -> None:
    await stored(database)
    await holds(database, sealed({**AS_WRITTEN, "answers": {"weather": "rain"}, "focus": "page:weather", "mood": 3}))

    async with database.unit_of_work() as uow:
        draft = await uow.drafts.of("reporter-1")

    assert draft is not None
    assert draft.answers == {"weather": "rain"}


async def test_a_draft_whose_key_comes_back_opens_as_it_was_and_its_reporter_is_reminded_of_it(
    sqlite_database: Database, sqlite_url: str
) -> None:
    both = open_database(sqlite_url, FileKeyRing("k2", SECRETS))
    await stored(both)
    async with sqlite_database.unit_of_work() as uow:
        await uow.drafts.set_aside("draft-1", NOW)
        assert await uow.drafts.of("reporter-1") is None
        assert await take_back_drafts(uow, AFTER_A_DAY, 9) == 0
        assert await uow.drafts.is_aside("draft-1")
        await uow.commit()
    assert (await sqlite_database.health()).drafts_aside == 1

    async with both.unit_of_work() as uow:
        assert await take_back_drafts(uow, AFTER_A_DAY, 9) == 1
        assert await uow.drafts.of("reporter-1") == a_draft(version=1, changed_at=AFTER_A_DAY)
        [due] = await uow.drafts.due(AFTER_A_DAY, 9)
        assert isinstance(decide(due, AFTER_A_DAY), Remind)
        await uow.commit()
    assert (await both.health()).drafts_aside == 0
    await both.close()


async def test_a_draft_waits_apart_until_its_reporter_has_no_other(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.drafts.save(a_draft())
        await uow.drafts.set_aside("draft-1", NOW)
        await uow.drafts.set_aside("draft-1", NOW)
        await uow.drafts.set_aside("no such draft", NOW)
        other = await uow.drafts.save(a_draft("draft-2"))
        await uow.commit()

    async with units() as uow:
        assert await uow.drafts.take_back(AFTER_A_DAY, 9) == []
        assert await uow.drafts.of("reporter-1") == other
        assert (await uow.drafts.is_aside("draft-1"), await uow.drafts.is_aside("draft-2")) == (True, False)
        await uow.drafts.remove("draft-2")

        assert await uow.drafts.take_back(AFTER_A_DAY, 9) == ["draft-1"]
        assert await uow.drafts.of("reporter-1") == a_draft(version=1, changed_at=AFTER_A_DAY)
        assert not await uow.drafts.is_aside("draft-1")
        assert await uow.drafts.take_back(AFTER_A_DAY, 9) == []


async def test_a_practice_comes_back_without_a_word(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.drafts.save(a_draft(practice=True))
        await uow.drafts.set_aside("draft-1", NOW)

        assert await uow.drafts.take_back(AFTER_A_DAY, 9) == ["draft-1"]
        assert await uow.drafts.due(AFTER_A_DAY, 9) == []
