"""When it was, as people write it; a Monday at five past ten in the morning."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.intake.moments import Moment, read_moment

NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("gisteren rond drie", "22-11-2026 15:00"),
        ("Gisteren om 15:00.", "22-11-2026 15:00"),
        ("gisteren 15u", "22-11-2026 15:00"),
        ("gisteren om 15u30", "22-11-2026 15:30"),
        ("gisteren 3 uur 's middags", "22-11-2026 15:00"),
        ("gisteravond om 8 uur", "22-11-2026 20:00"),
        ("gisteren", "22-11-2026"),
        ("gisteravond", "22-11-2026"),
        ("eergisteren", "21-11-2026"),
        ("net", "23-11-2026 10:05"),
        ("vanmorgen", "23-11-2026"),
        ("vanochtend om acht uur", "23-11-2026 08:00"),
        ("om 9 uur", "23-11-2026 09:00"),
        ("rond half negen", "23-11-2026 08:30"),
        ("een uur geleden", "23-11-2026 09:05"),
        ("een kwartier geleden", "23-11-2026 09:50"),
        ("half uur geleden", "23-11-2026 09:35"),
        ("2 dagen geleden", "21-11-2026"),
        ("dinsdag", "17-11-2026"),
        ("afgelopen dinsdag", "17-11-2026"),
        ("maandag om half drie", "16-11-2026 14:30"),
        ("dinsdagmiddag rond kwart voor vier", "17-11-2026 15:45"),
        ("vrijdag 's avonds om 9 uur", "20-11-2026 21:00"),
        ("22 november", "22-11-2026"),
        ("22 nov 15.30", "22-11-2026 15:30"),
        ("22-11-2026", "22-11-2026"),
        ("22/11 om 14:10", "22-11-2026 14:10"),
        ("donderdag 19 november", "19-11-2026"),
    ],
)
def test_a_moment_is_read_in_the_words_that_people_use(said: str, read: str) -> None:
    assert str(read_moment(said, NOW)) == read


@pytest.mark.parametrize(
    "said",
    [
        "",
        "bij de balie",
        "weet ik niet",
        "elke dag",
        "2",
        "vorige week",
        "gisteren tussen 3 en 4",
        "31-02-2026",
        "9" * 300,
    ],
)
def test_what_is_no_moment_or_no_clear_one_stays_words(said: str) -> None:
    assert read_moment(said, NOW) is None


@pytest.mark.parametrize("said", ["rond drie", "15:00", "morgen", "vandaag om 5 uur", "volgende week dinsdag"])
def test_what_lies_ahead_was_not_seen_and_is_not_read(said: str) -> None:
    assert read_moment(said, NOW) is None


def test_the_clock_on_the_wall_counts_on_the_day_that_it_is_put_back() -> None:
    just_after = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    assert str(read_moment("net", just_after)) == "25-10-2026 02:30"
    assert str(read_moment("gisteren om 15:00", just_after)) == "24-10-2026 15:00"


@pytest.mark.parametrize("said", ["gisteren rond drie", "gisteren", "vandaag", "net", "22 november"])
def test_a_moment_is_kept_as_it_was_read(said: str) -> None:
    read = read_moment(said, NOW)

    assert read is not None
    assert Moment.from_stored(read.stored) == read


_PIECES = st.lists(
    st.sampled_from([*"0123456789:.-/u", " ", "gisteren", "half", "om", "uur", "geleden", "'s", "nov", "dinsdag", "é"])
    | st.text(max_size=3),
    max_size=12,
)


@settings(max_examples=200, database=None)
@given(pieces=_PIECES)
def test_no_text_breaks_it(pieces: list[str]) -> None:
    read = read_moment("".join(pieces), NOW)

    assert read is None or Moment.from_stored(read.stored) == read
