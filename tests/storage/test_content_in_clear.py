from dataclasses import replace
from pathlib import Path

import pytest

from dialogs.domain.events import EventKind
from dialogs.domain.signals import Channel, Origin
from storage.codec import ContentUnreadable
from storage.engine import Database
from tests.storage.conftest import change
from tests.storage.factories import ANSWERS, ASSESSMENT, NOW, QUOTE, a_draft, a_signal, an_address, an_event

FEEDBACK = "De politie is ingelicht, dank je wel."

#: Everything somebody typed, or that was read in it, and everybody's name.
CONTENT = [
    QUOTE,
    "balie 3",
    "markt zeven",
    "Anne Jansen",
    "papers_held",
    "other_speaks",
    FEEDBACK,
    "avim",
    "gebeld met de wijkagent",
    "Burgerzaken",
    "via de teamleider",
    ASSESSMENT.reasons[0],
    ASSESSMENT.explanation,
]


async def store_everything(database: Database) -> None:
    async with database.unit_of_work() as uow:
        draft = await uow.drafts.save(a_draft())
        await uow.drafts.save(replace(draft, answers={**ANSWERS, "place": "markt zeven"}))
        signal = await uow.signals.add(a_signal(origin=Origin(Channel.PHONE, "Burgerzaken", "via de teamleider")))
        await uow.signals.append(an_event())
        await uow.signals.append(an_event(kind=EventKind.CLOSED, content={"feedback": FEEDBACK}))
        await uow.signals.save(signal)
        await uow.people.seen(an_address())
        await uow.journal.first_time("activity-1", NOW)
        await uow.commit()


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
async def test_the_bytes_of_the_database_file_show_no_content(
    sqlite_database: Database, sqlite_file: Path, is_open: bool
) -> None:
    await store_everything(sqlite_database)
    if not is_open:
        await sqlite_database.close()

    files = [path for path in sqlite_file.parent.iterdir() if path.name.startswith(sqlite_file.name)]
    stored = b"".join(path.read_bytes() for path in files)

    assert len(files) == (3 if is_open else 1)
    assert b"S-2026-0001" in stored  # what is plain is there, so what is not found was looked for in the right place
    assert [each for each in CONTENT if each.encode() in stored] == []


async def test_a_row_that_was_copied_over_another_does_not_open(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.signals.add(a_signal(1))
        await uow.signals.add(a_signal(2, answers={"story": "iets anders"}))
        await uow.commit()
    copy = "UPDATE signals SET answers = (SELECT answers FROM signals WHERE id = 'signal-1') WHERE id = 'signal-2'"
    await change(database, copy)

    async with database.unit_of_work() as uow:
        assert await uow.signals.get("signal-1") is not None
        with pytest.raises(ContentUnreadable, match=r"signals\.answers of row signal-2"):
            await uow.signals.get("signal-2")
