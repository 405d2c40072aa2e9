from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.domain.opening_hours import ALWAYS, AMSTERDAM, UNKNOWN, OpeningHours, Window, public_holidays
from dialogs.domain.partners import Directory, PhoneNumber, parse_directory

# --- the oracle: dates and clock changes written out, no library of time zones or holidays ---

#: When summer time begins and ends, in UTC (EU directive 2000/84/EC: last Sunday of March and October, 01:00 UTC).
SUMMER_2026, WINTER_2026 = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
SUMMER_2027, WINTER_2027 = datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)
SUMMER_TIME, WINTER_TIME = timedelta(hours=2), timedelta(hours=1)
HOLIDAYS = {
    (2026, 1, 1), (2026, 4, 3), (2026, 4, 5), (2026, 4, 6), (2026, 4, 27),
    (2026, 5, 14), (2026, 5, 24), (2026, 5, 25), (2026, 12, 25), (2026, 12, 26),
    (2027, 1, 1), (2027, 3, 26), (2027, 3, 28), (2027, 3, 29), (2027, 4, 27),
    (2027, 5, 6), (2027, 5, 16), (2027, 5, 17), (2027, 12, 25), (2027, 12, 26),
}  # fmt: skip
FIRST = datetime(2025, 12, 31, 23, tzinfo=UTC)  # the first minute of 2026 in Amsterdam
LAST = datetime(2027, 12, 31, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
#: Open from and until, in minutes since midnight on a working day; what is not here is always answered.
WORKING_DAYS = {"avim": (8 * 60, 16 * 60 + 30)}
ASSUMED = (9 * 60, 17 * 60)


def answered(key: str, known: bool, moment: datetime) -> bool:
    if known and key not in WORKING_DAYS:
        return True
    opens, closes = WORKING_DAYS[key] if known else ASSUMED
    summer = SUMMER_2026 <= moment < WINTER_2026 or SUMMER_2027 <= moment < WINTER_2027
    local = moment + (SUMMER_TIME if summer else WINTER_TIME)
    if not opens <= local.hour * 60 + local.minute < closes:
        return False
    return local.weekday() < 5 and (local.year, local.month, local.day) not in HOLIDAYS


def minutes() -> Iterator[datetime]:
    moment = FIRST
    while moment < LAST:
        yield moment
        moment += MINUTE


def shipped(municipality: str) -> Directory:
    return parse_directory(
        resources.files("dialogs").joinpath("data", "partners", f"{municipality}.yaml").read_text("utf-8")
    )


def kinds_of_hours() -> list[tuple[str, PhoneNumber]]:
    """One number for each different way of being open, over both directories."""
    numbers = [(p.key, number) for name in ("maashorst", "eersel") for p in shipped(name) for number in p.numbers]
    different = {repr(number.hours): (key, number) for key, number in numbers}
    return list(different.values())


KINDS = kinds_of_hours()


def test_the_files_hold_office_hours_always_and_unknown() -> None:
    assert len(KINDS) == 3
    assert {number.hours.always or number.hours.known for _, number in KINDS} == {True, False}


@pytest.mark.parametrize(("key", "phone"), KINDS, ids=[key for key, _ in KINDS])
def test_every_minute_of_two_years_lies_in_a_spell_the_oracle_agrees_with(key: str, phone: PhoneNumber) -> None:
    hours = OpeningHours(phone.hours.week, always=phone.hours.always)  # as known, so that it says until when
    moment = FIRST
    while moment < LAST:
        state = hours.at(moment)
        until = LAST if state.until is None else min(state.until.astimezone(UTC), LAST)
        while moment < until:
            assert answered(key, phone.hours.known, moment) == state.open, moment
            moment += MINUTE
        assert until == LAST or hours.at(until).open != state.open


@pytest.mark.parametrize(("key", "phone"), KINDS, ids=[key for key, _ in KINDS])
def test_a_minute_asked_on_its_own_gets_the_same_answer(key: str, phone: PhoneNumber) -> None:
    lot = Random(2026)  # noqa: S311 -- a fixed lot, so that a failure comes back
    clock_changes = (SUMMER_2026, WINTER_2026, SUMMER_2027, WINTER_2027)
    changes = [minute for change in clock_changes for minute in (change - MINUTE, change, change + MINUTE)]
    moments = [FIRST + MINUTE * lot.randrange(2 * 365 * 24 * 60) for _ in range(5000)]
    for moment in (*changes, *moments):
        assert phone.hours.at(moment).open == answered(key, phone.hours.known, moment), moment


@pytest.mark.long
def test_every_minute_of_two_years_the_answer_for_avim_is_the_number_that_works() -> None:
    directory = shipped("maashorst")
    for moment in minutes():
        keys = [contact.partner.key for contact in directory.find("avim", moment).contacts]
        assert keys == (["avim"] if answered("avim", True, moment) else ["politie", "avim"]), moment


@pytest.mark.long
@pytest.mark.parametrize(("key", "phone"), KINDS, ids=[key for key, _ in KINDS])
def test_every_minute_of_two_years_asked_on_its_own_agrees(key: str, phone: PhoneNumber) -> None:
    for moment in minutes():
        assert phone.hours.at(moment).open == answered(key, phone.hours.known, moment), moment


# --- single rules ---

OFFICE = OpeningHours(((Window(480, 990),),) * 5 + ((), ()))


def amsterdam(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] -- year to minute


@pytest.mark.parametrize(
    ("moment", "is_open", "until", "holiday"),
    [
        (amsterdam(2026, 11, 24, 8, 0), True, amsterdam(2026, 11, 24, 16, 30), None),
        (amsterdam(2026, 11, 24, 7, 59), False, amsterdam(2026, 11, 24, 8, 0), None),
        (amsterdam(2026, 11, 24, 16, 30), False, amsterdam(2026, 11, 25, 8, 0), None),
        (amsterdam(2026, 11, 27, 18, 0), False, amsterdam(2026, 11, 30, 8, 0), None),
        (amsterdam(2026, 12, 24, 18, 0), False, amsterdam(2026, 12, 28, 8, 0), None),
        (amsterdam(2026, 12, 25, 10, 0), False, amsterdam(2026, 12, 28, 8, 0), "Eerste kerstdag"),
        (amsterdam(2026, 4, 3, 10, 0), False, amsterdam(2026, 4, 7, 8, 0), "Goede vrijdag"),
        (amsterdam(2026, 5, 5, 10, 0), True, amsterdam(2026, 5, 5, 16, 30), None),
        (amsterdam(2030, 5, 6, 10, 0), True, amsterdam(2030, 5, 6, 16, 30), None),
    ],
)
def test_somebody_hears_until_when(moment: datetime, is_open: bool, until: datetime, holiday: str | None) -> None:
    state = OFFICE.at(moment)
    assert (state.open, state.until, state.holiday) == (is_open, until, holiday)


def test_a_weekend_with_a_clock_change_keeps_the_wall_clock() -> None:
    state = OFFICE.at(amsterdam(2026, 3, 27, 17, 0))
    assert state.until == datetime(2026, 3, 30, 6, 0, tzinfo=UTC)
    assert OFFICE.at(amsterdam(2026, 10, 23, 17, 0)).until == datetime(2026, 10, 26, 7, 0, tzinfo=UTC)


def test_a_municipality_may_say_that_a_holiday_is_an_ordinary_day() -> None:
    ordinary = OpeningHours(OFFICE.week, open_on=frozenset({"Goede vrijdag"}))
    assert ordinary.at(amsterdam(2026, 4, 3, 10, 0)).open
    assert not ordinary.at(amsterdam(2026, 4, 6, 10, 0)).open


def test_an_exception_replaces_the_weekday_and_the_holiday() -> None:
    hours = OpeningHours(
        OFFICE.week, {date(2026, 12, 24): (Window(480, 720),), date(2026, 12, 25): (Window(600, 660),)}
    )
    assert hours.at(amsterdam(2026, 12, 24, 11, 59)).until == amsterdam(2026, 12, 24, 12, 0)
    assert hours.at(amsterdam(2026, 12, 24, 12, 0)).until == amsterdam(2026, 12, 25, 10, 0)
    assert hours.at(amsterdam(2026, 12, 25, 10, 30)).open


def test_a_night_shift_over_midnight_is_one_spell() -> None:
    night = OpeningHours(((Window(0, 480), Window(1320, 1440)),) * 7)
    assert night.at(amsterdam(2026, 11, 23, 23, 0)).until == amsterdam(2026, 11, 24, 8, 0)


def test_a_number_that_is_never_answered_promises_nothing() -> None:
    state = OpeningHours(((),) * 7).at(amsterdam(2026, 11, 23, 23, 0))
    assert (state.open, state.until) == (False, None)


def test_always_has_no_end_and_unknown_hours_promise_none() -> None:
    assert ALWAYS.at(amsterdam(2026, 12, 25, 3, 0)).open
    assert ALWAYS.at(amsterdam(2026, 12, 25, 3, 0)).until is None
    assert UNKNOWN.at(amsterdam(2026, 11, 24, 10, 0)).open
    assert UNKNOWN.at(amsterdam(2026, 11, 24, 10, 0)).until is None
    assert not UNKNOWN.at(amsterdam(2026, 11, 24, 20, 0)).open


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.at(datetime(2026, 11, 24, 10, 0))  # noqa: DTZ001 -- this is what is refused


@pytest.mark.parametrize(("start", "end"), [(600, 600), (700, 600), (-1, 60), (0, 1441)])
def test_a_window_that_cannot_be_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="window"):
        Window(start, end)


def test_liberation_day_is_a_holiday_once_in_five_years() -> None:
    assert date(2025, 5, 5) in public_holidays(2025)
    assert date(2026, 5, 5) not in public_holidays(2026)


WEEKS = st.lists(
    st.lists(st.integers(0, 24), unique=True, max_size=4).map(
        lambda marks: tuple(Window(a * 60, b * 60) for a, b in zip(*[iter(sorted(marks))] * 2, strict=False))
    ),
    min_size=7,
    max_size=7,
).map(tuple)


@settings(deadline=None)
@given(week=WEEKS, minute=st.integers(0, 2 * 365 * 24 * 60), part=st.integers(0, 999))
def test_whatever_the_hours_nothing_changes_before_the_moment_that_was_told(
    week: tuple[tuple[Window, ...], ...], minute: int, part: int
) -> None:
    hours = OpeningHours(week)
    moment = FIRST + MINUTE * minute
    state = hours.at(moment)
    if state.until is None:
        return
    assert hours.at(moment + (state.until - moment) * part / 1000).open == state.open
    assert hours.at(state.until).open != state.open
