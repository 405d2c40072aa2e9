"""Whoever is asked for and whenever: the answer is the one that a second, plainly written reckoning gives."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from bot.knowledge import load_directory, shipped
from dialogs.lookup import look_up
from dialogs.numbers import numbers_card
from dialogs.texts import parse_texts
from tests.dialogs.answer_oracle import (
    FIRST,
    HOLIDAYS,
    LAST,
    LISTS,
    MINUTE,
    SUMMERS,
    Told,
    answer,
    every,
    every_boundary,
    on_the_wall,
    to_utc,
)
from tests.transcript import words_of

TEXTS = parse_texts(shipped("texts.yaml"))
DIRECTORIES = {municipality: load_directory(municipality) for municipality in LISTS}
#: Each entry once: where the second municipality has the same one, a test says so and it is not asked again.
ENTRIES = [
    (municipality, key)
    for municipality, listed in LISTS.items()
    for key in listed
    if municipality == "maashorst" or listed[key] != LISTS["maashorst"][key]
]
each_entry = pytest.mark.parametrize(("municipality", "key"), ENTRIES, ids=[":".join(entry) for entry in ENTRIES])
QUARTER = timedelta(minutes=15)


def heard(municipality: str, key: str, moment: datetime) -> list[Told]:
    """What Meldroute answers at a moment of naive UTC."""
    return [
        Told(
            contact.partner.key,
            contact.number,
            contact.open,
            None if contact.until is None else contact.until.astimezone(UTC).replace(tzinfo=None),
            contact.state,
        )
        for contact in look_up(DIRECTORIES[municipality], key, moment.replace(tzinfo=UTC)).contacts
    ]


def agree(municipality: str, key: str, moments: Iterable[datetime]) -> None:
    listed = LISTS[municipality][key]
    for moment in moments:
        assert heard(municipality, key, moment) == answer(listed, key, moment), moment


@pytest.mark.parametrize("municipality", LISTS)
def test_every_entry_of_both_municipalities_is_reckoned_a_second_time(municipality: str) -> None:
    directory, first = DIRECTORIES[municipality], DIRECTORIES["maashorst"]
    assert {partner.key for partner in directory} == set(LISTS[municipality])
    for key, listed in LISTS[municipality].items():
        if listed == LISTS["maashorst"][key]:
            assert (directory[key].name, directory[key].numbers) == (first[key].name, first[key].numbers)
            assert directory[key].stand_in == first[key].stand_in


def test_the_moments_hold_both_clock_changes_of_both_years_and_every_holiday() -> None:
    moments = set(every_boundary())
    assert {change for summer in SUMMERS for change in summer} <= moments
    assert set(HOLIDAYS) <= {on_the_wall(moment).date() for moment in moments}
    assert (FIRST in moments, LAST in moments) == (True, False)
    assert sum(1 for _ in every(MINUTE)) == 2 * 365 * 24 * 60


@each_entry
def test_around_every_change_of_two_years_the_answer_is_the_reckoned_one(municipality: str, key: str) -> None:
    agree(municipality, key, every_boundary())


def test_every_quarter_of_two_years_avim_is_as_it_was_said_to_stay() -> None:
    moment = FIRST
    while moment < LAST:
        told = heard("maashorst", "avim", moment)[-1]
        assert told.until is not None
        while moment < min(told.until, LAST):
            assert answer(LISTS["maashorst"]["avim"], "avim", moment)[-1].open == told.open, moment
            moment += QUARTER


@pytest.mark.long
@each_entry
def test_every_quarter_of_two_years_the_answer_is_the_reckoned_one(municipality: str, key: str) -> None:
    agree(municipality, key, every(QUARTER))


@pytest.mark.long
def test_every_minute_of_two_years_the_answer_for_avim_is_the_reckoned_one() -> None:
    agree("maashorst", "avim", every(MINUTE))


@pytest.mark.proof
@each_entry
def test_every_minute_of_two_years_the_answer_is_the_reckoned_one(municipality: str, key: str) -> None:
    agree(municipality, key, every(MINUTE))


@each_entry
def test_the_card_shows_the_number_that_works_first_and_says_from_when(municipality: str, key: str) -> None:
    for day in sorted({*HOLIDAYS, *(on_the_wall(change).date() for summer in SUMMERS for change in summer)}):
        for moment in (to_utc(day, minutes) for minutes in (4 * 60, 10 * 60, 20 * 60)):
            found = look_up(DIRECTORIES[municipality], key, moment.replace(tzinfo=UTC))
            card = words_of(numbers_card(found, TEXTS))
            place = 0
            for told in answer(LISTS[municipality][key], key, moment):
                place = card.index(told.number or TEXTS("numbers.none"), place)
                assert told.state in re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", card)
