"""When a draft is reminded of and when it ends, as a table; Monday is 23 November 2026."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.domain.draft_life import Expire, OpenDraft, Remind, decide, first_due
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.working_time import WORKDAY, after


def at(local: str) -> datetime:
    """A moment on the clock of Amsterdam, in UTC."""
    return datetime.fromisoformat(f"2026-{local}").replace(tzinfo=AMSTERDAM).astimezone(UTC)


def a_draft(changed_at: str = "11-23 10:00", reminded: int = 0, *, practice: bool = False) -> OpenDraft:
    return OpenDraft("draft-1", "reporter-1", at(changed_at), 3, reminded, practice)


@pytest.mark.parametrize(
    ("changed_at", "due"),
    [
        ("11-23 10:00", "11-23 14:00"),
        ("11-23 15:00", "11-24 11:00"),
        ("11-27 16:30", "11-30 12:30"),
        ("11-28 23:00", "11-30 13:00"),
        ("12-24 15:00", "12-28 11:00"),
    ],
    ids=["the same day", "the next day", "after the weekend", "in the weekend", "after Christmas"],
)
def test_the_first_reminder_comes_half_a_working_day_later(changed_at: str, due: str) -> None:
    assert first_due(at(changed_at), practice=False) == at(due)


def test_of_a_practice_nobody_is_reminded_but_it_ends() -> None:
    end = first_due(at("11-23 10:00"), practice=True)

    assert end == at("11-26 10:00")
    assert decide(a_draft(practice=True), end) == Expire()


@pytest.mark.parametrize(
    ("reminded", "now", "decision"),
    [
        (0, "11-23 14:00", Remind(1, next_at=at("11-25 10:00"), until=at("11-26 10:00"))),
        (1, "11-25 10:00", Remind(2, next_at=at("11-26 10:00"), until=at("11-26 10:00"))),
        (2, "11-26 10:00", Expire()),
        (0, "11-25 10:00", Remind(2, next_at=at("11-26 10:00"), until=at("11-26 10:00"))),
        (0, "12-01 09:00", Remind(2, next_at=at("12-02 09:00"), until=at("12-02 09:00"))),
        (1, "12-01 09:00", Remind(2, next_at=at("12-02 09:00"), until=at("12-02 09:00"))),
        (2, "12-02 09:00", Expire()),
    ],
    ids=[
        "half a day", "two days", "three days", "the first one missed", "both missed in a week",
        "the second one missed",
        "a workday after the last",
    ],
)  # fmt: skip
def test_what_is_due(reminded: int, now: str, decision: Remind | Expire) -> None:
    assert decide(a_draft(reminded=reminded), at(now)) == decision


@given(
    changed_at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - given beside it
    late=st.lists(st.timedeltas(min_value=WORKDAY * 0, max_value=WORKDAY * 30), min_size=6, max_size=6),
)
def test_however_late_we_look_there_are_one_or_two_reminders_and_a_workday_before_the_end(
    changed_at: datetime, late: list[object]
) -> None:
    """Each look comes as late as it likes: reminders never run on, and the end keeps its notice."""
    draft = OpenDraft("d", "r", changed_at, 1, 0, practice=False)
    due, last_told, reminders = first_due(changed_at, practice=False), changed_at, 0
    for delay in late:
        now = after(due, delay)  # pyright: ignore[reportArgumentType] - a timedelta
        match decide(draft, now):
            case Remind(number, next_at, until):
                reminders, last_told, due = reminders + 1, now, next_at
                assert until >= next_at > now
                draft = OpenDraft("d", "r", changed_at, 1, number, practice=False)
            case Expire():
                assert 1 <= reminders <= 2
                assert now >= after(changed_at, 3 * WORKDAY)
                assert now >= after(last_told, WORKDAY)
                return
    pytest.fail("it never ends")
