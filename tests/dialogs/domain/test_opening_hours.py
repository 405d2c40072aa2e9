from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.domain.opening_hours import ALWAYS, AMSTERDAM, UNKNOWN, OpeningHours, Week, Window, public_holidays
from tests.dialogs.answer_oracle import FIRST, HOLIDAYS, on_the_wall

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


# --- whatever hours a municipality writes down ---

TWO_YEARS = 2 * 365 * 24 * 60
LOOK_AHEAD = 2 * 24 * 60
#: Half hours; not those of the night in which the clock is changed, when the wall shows them twice or never.
MARKS = [half * 30 for half in range(49) if not 60 < half * 30 < 180]
DAYS = st.lists(st.sampled_from(MARKS), unique=True, max_size=4).map(
    lambda marks: tuple(Window(a, b) for a, b in zip(*[iter(sorted(marks))] * 2, strict=False))
)
WEEKS = st.lists(DAYS, min_size=7, max_size=7).map(tuple)
NAMES = st.frozensets(st.sampled_from(sorted(set(HOLIDAYS.values()))))
EXCEPTIONS = st.dictionaries(st.integers(-1, 4), DAYS, max_size=2)


@given(week=WEEKS, exceptions=EXCEPTIONS, open_on=NAMES, minute=st.integers(0, TWO_YEARS - LOOK_AHEAD - 1))
def test_whatever_the_hours_the_wall_clock_and_the_calendar_decide_minute_by_minute(
    week: Week, exceptions: dict[int, tuple[Window, ...]], open_on: frozenset[str], minute: int
) -> None:
    moment = FIRST + timedelta(minutes=minute)
    dated = {on_the_wall(moment).date() + timedelta(days=days): windows for days, windows in exceptions.items()}

    def is_open(at: datetime) -> bool:
        here = on_the_wall(at)
        windows = () if HOLIDAYS.get(here.date(), "") not in {"", *open_on} else week[here.weekday()]
        windows = dated.get(here.date(), windows)
        return any(window.start <= here.hour * 60 + here.minute < window.end for window in windows)

    state = OpeningHours(week, dated, open_on).at(moment.replace(tzinfo=UTC))

    assert state.open == is_open(moment)
    ahead = (moment + timedelta(minutes=minutes) for minutes in range(1, LOOK_AHEAD))
    change = next((later.replace(tzinfo=UTC) for later in ahead if is_open(later) != state.open), None)
    if change is not None:
        assert state.until == change
    else:
        assert state.until is None or state.until >= moment.replace(tzinfo=UTC) + timedelta(minutes=LOOK_AHEAD)


@given(week=WEEKS, minute=st.integers(0, TWO_YEARS), part=st.integers(0, 999))
def test_whatever_the_hours_nothing_changes_before_the_moment_that_was_told(week: Week, minute: int, part: int) -> None:
    hours = OpeningHours(week)
    moment = (FIRST + timedelta(minutes=minute)).replace(tzinfo=UTC)
    state = hours.at(moment)
    if state.until is None:
        return
    assert hours.at(moment + (state.until - moment) * part / 1000).open == state.open
    assert hours.at(state.until).open != state.open
