"""What everybody has on screen outlives the program."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.local.chats import MOST_MESSAGES, CannotKeep, Chats, Content, NoSuchMessage
from bot.local.clock import LocalClock
from bot.local.feed import Feed
from tests.bot.local.conftest import ANNA, ROBIN

NOW = datetime(2026, 11, 23, 20, 5, tzinfo=UTC)


def chats_in(file: Path, clock: LocalClock | None = None) -> Chats:
    return Chats((ROBIN, ANNA), clock or LocalClock(lambda: NOW), Feed(), file)


def test_chats_are_there_again_with_their_ids_and_the_clock(tmp_path: Path):
    file = tmp_path / "var" / "try-out.json"
    clock = LocalClock(lambda: NOW)
    before = chats_in(file, clock)
    before.add_app(ROBIN)
    said = before.post(ROBIN, Content(text="melden"), by_bot=False)
    clock.forward(timedelta(days=1))

    clock_after = LocalClock(lambda: NOW)
    after = chats_in(file, clock_after)

    assert after.of(ROBIN) == (said,)
    assert after.has_app(ROBIN)
    assert not after.has_app(ANNA)
    assert clock_after() == NOW + timedelta(days=1)
    assert after.post(ROBIN, Content(text="help"), by_bot=False).id != said.id


def test_file_can_be_read_by_its_owner_only(tmp_path: Path):
    chats_in(tmp_path / "try-out.json").add_app(ROBIN)

    assert (tmp_path / "try-out.json").stat().st_mode & 0o777 == 0o600


def test_two_messages_in_one_millisecond_are_two_messages(tmp_path: Path):
    chats = chats_in(tmp_path / "try-out.json")

    ids = [chats.post(person, Content(text="x"), by_bot=True).id for person in (ROBIN, ANNA, ROBIN)]

    assert len(set(ids)) == 3


def test_edit_that_changes_nothing_is_no_change(tmp_path: Path):
    chats = chats_in(tmp_path / "try-out.json")
    message = chats.post(ROBIN, Content(text="x"), by_bot=True)

    chats.edit(ROBIN, message.id, Content(text="x"))
    assert chats.of(ROBIN)[0].revision == 1
    chats.edit(ROBIN, message.id, Content(text="y"))
    assert chats.of(ROBIN)[0].revision == 2


def test_message_of_somebody_else_cannot_be_edited(tmp_path: Path):
    chats = chats_in(tmp_path / "try-out.json")
    message = chats.post(ROBIN, Content(text="x"), by_bot=True)

    with pytest.raises(NoSuchMessage):
        chats.edit(ANNA, message.id, Content(text="y"))


def test_oldest_messages_are_let_go(tmp_path: Path):
    chats = chats_in(tmp_path / "try-out.json")

    for number in range(MOST_MESSAGES + 5):
        chats.post(ROBIN, Content(text=str(number)), by_bot=True)

    assert [m.content.text for m in chats.of(ROBIN)] == [str(n) for n in range(5, MOST_MESSAGES + 5)]


def test_file_that_cannot_be_read_is_named_with_the_remedy(tmp_path: Path):
    file = tmp_path / "try-out.json"
    file.write_text("{half")

    with pytest.raises(CannotKeep, match=r"try-out\.json is niet te lezen .* Verwijder het"):
        chats_in(file)
    assert file.read_text() == "{half"
