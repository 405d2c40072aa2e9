from datetime import UTC, date, datetime

import pytest

from dialogs.officer.coming_day import read_coming_day

#: A Tuesday.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("12 december", date(2026, 12, 12)),
        ("Tot 12-12-2026.", date(2026, 12, 12)),
        ("3 jan", date(2027, 1, 3)),
        ("morgen", date(2026, 11, 25)),
        ("vrijdag", date(2026, 11, 27)),
        ("maandag 7 december", date(2026, 12, 7)),
        ("over 3 dagen", date(2026, 11, 27)),
        ("over twee weken", date(2026, 12, 8)),
        ("volgende week", date(2026, 11, 30)),
        ("volgende week maandag", date(2026, 11, 30)),
        ("volgende week vrijdag", date(2026, 12, 4)),
    ],
)
def test_a_day_that_is_to_come_is_read_as_people_write_it(said: str, day: date) -> None:
    assert read_coming_day(said, NOW) == day


@pytest.mark.parametrize("said", ["", "7", "gisteren", "vandaag", "ooit", "31-2-2027", "2 november 2026", "x" * 100])
def test_what_names_no_day_to_come_is_not_read(said: str) -> None:
    assert read_coming_day(said, NOW) is None
