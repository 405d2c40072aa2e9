"""Edits over the shipped file, when an entry is due, and hours in words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.knowledge import shipped as shipped_text
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.partners import (
    Change,
    DirectoryFile,
    PartnerEdit,
    digest,
    due,
    hours_in_words,
    lay_over,
    read_file,
)
from dialogs.domain.partners.freshness import due_on

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SHIPPED = read_file(shipped_text("partners/maashorst.yaml"))


def an_edit(key: str = "riec", version: int = 1, **fields: Any) -> PartnerEdit:
    before = SHIPPED.entries.get(key)
    entry = {**(before or {"key": key, "name": key, "role": "Bij iets.", "source": "eigen lijst"}), **fields}
    return PartnerEdit(key, version, NOW, "beheerder-1", Change.EDITED, entry, before)


RIEC_WITH_NUMBER = an_edit(numbers=[{"number": "073 6813666", "hours": {"ma-vr": "09:00-17:00"}}])


def release(key: str, /, **fields: Any) -> DirectoryFile:
    """A later release, in which this entry has changed."""
    return replace(SHIPPED, entries={**SHIPPED.entries, key: {**SHIPPED.entries[key], **fields}})


@pytest.mark.parametrize("municipality", ["maashorst", "eersel"])
def test_a_file_written_and_read_again_is_the_same(municipality: str) -> None:
    file = read_file(shipped_text(f"partners/{municipality}.yaml"))
    assert read_file(file.written()) == file


def test_dates_and_exceptions_survive_being_written() -> None:
    edit = an_edit(
        numbers=[{"number": "073-6813666", "hours": {"ma": "09:00-17:00"}, "exceptions": {"2026-12-31": "gesloten"}}],
        checked_on="2026-11-24",
        checked_by="Kim",
    )
    file = lay_over(SHIPPED, [edit]).file
    again = read_file(file.written())
    assert again == file
    assert again.directory()["riec"].checked_on == date(2026, 11, 24)


def test_what_an_administrator_changed_is_in_force() -> None:
    now = lay_over(SHIPPED, [RIEC_WITH_NUMBER])
    assert [each.number for each in now.directory["riec"].numbers] == ["073-6813666"]
    assert now.directory.find("riec", NOW).contacts[0].number == "073-6813666"
    assert (now.version("riec"), now.version("avim"), now.overtaken, now.unusable) == (1, 0, (), frozenset())


def test_a_later_release_never_wins_in_silence() -> None:
    later = release("riec", role="Iets anders.")
    now = lay_over(later, [RIEC_WITH_NUMBER])
    assert now.directory["riec"].numbers
    assert now.overtaken == ("riec",)
    kept = replace(RIEC_WITH_NUMBER, version=2, change=Change.KEPT, shipped=later.entries["riec"])
    assert lay_over(later, [kept]).overtaken == ()


def test_a_release_that_says_the_same_as_we_do_asks_nothing() -> None:
    assert lay_over(release("riec", **RIEC_WITH_NUMBER.entry), [RIEC_WITH_NUMBER]).overtaken == ()


def test_an_entry_that_a_release_left_out_stays() -> None:
    fewer = replace(SHIPPED, entries={key: each for key, each in SHIPPED.entries.items() if key != "riec"})
    now = lay_over(fewer, [RIEC_WITH_NUMBER])
    assert "riec" in now.directory
    assert now.overtaken == ()


def test_an_edit_that_cannot_be_read_any_more_falls_back_on_the_file_with_all_that_lean_on_it() -> None:
    own = an_edit("steunpunt", missing="De beheerder vraagt het na.", nonsense=True)
    leaning = an_edit("avim", stand_in="steunpunt")
    now = lay_over(SHIPPED, [own, leaning, RIEC_WITH_NUMBER])
    assert now.unusable == {"steunpunt", "avim"}
    assert now.directory["avim"].stand_in == "politie"
    assert now.directory["riec"].numbers


def test_two_new_entries_may_lean_on_each_other() -> None:
    first = an_edit("eerste", missing="Wordt gevraagd.", stand_in="tweede")
    second = an_edit("tweede", missing="Wordt gevraagd.", stand_in="eerste")
    assert lay_over(SHIPPED, [first, second]).unusable == frozenset()


@pytest.mark.parametrize(
    ("checked_on", "expected"),
    [
        (None, None),
        (date(2026, 5, 24), date(2026, 11, 24)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2027, 6, 1)),
    ],
)
def test_an_entry_is_due_after_six_months(checked_on: date | None, expected: date | None) -> None:
    partner = replace(SHIPPED.directory()["avim"], checked_on=checked_on)
    assert due_on(partner) == expected


@pytest.mark.parametrize(("checked_on", "is_due"), [("2026-05-24", True), ("2026-05-25", False)])
def test_what_was_checked_is_left_alone_for_six_months(checked_on: str, is_due: bool) -> None:
    now = lay_over(SHIPPED, [an_edit("avim", checked_on=checked_on, checked_by="Kim")])
    keys = due(now.directory, NOW)
    assert ("avim" in keys) == is_due
    assert "112" not in keys
    assert len(keys) == len(SHIPPED.entries) - 1 - (not is_due)


ALL_CHECKED = [an_edit(key, checked_on="2026-11-01", checked_by="Kim") for key in SHIPPED.entries]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 24, 10, tzinfo=AMSTERDAM), "2026-11"),
        (datetime(2026, 11, 24, 8, 59, tzinfo=AMSTERDAM), None),
        (datetime(2026, 11, 28, 10, tzinfo=AMSTERDAM), None),
        (datetime(2026, 12, 25, 10, tzinfo=AMSTERDAM), None),
        (datetime(2027, 1, 4, 9, tzinfo=AMSTERDAM), "2027-01"),
    ],
    ids=["at work", "before work", "Saturday", "Christmas", "a new month"],
)
def test_the_digest_goes_once_a_month_in_office_hours(at: datetime, expected: str | None) -> None:
    assert digest(lay_over(SHIPPED), at) == expected


def test_no_digest_when_everything_is_checked_and_one_when_a_release_differs() -> None:
    assert digest(lay_over(SHIPPED, ALL_CHECKED), NOW) is None
    assert digest(lay_over(release("riec", role="Iets anders."), ALL_CHECKED), NOW) == "2026-11"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("avim", "ma-vr 08.00-16.30 uur, niet op feestdagen"),
        ("politie", "dag en nacht"),
        ("kmar", "openingstijden niet bekend"),
    ],
)
def test_hours_in_words_hold_at_any_moment(key: str, words: str) -> None:
    assert hours_in_words(SHIPPED.directory()[key].numbers[0].hours) == words


def test_hours_with_a_break_and_a_saturday_in_words() -> None:
    hours = {"ma-do": "09:00-12:00, 13:00-17:00", "za": "10:00-12:00"}
    now = lay_over(SHIPPED, [an_edit(numbers=[{"number": "112", "hours": hours}])])
    words = hours_in_words(now.directory["riec"].numbers[0].hours)
    assert words == "ma-do 09.00-12.00 en 13.00-17.00 uur, za 10.00-12.00 uur, niet op feestdagen"
