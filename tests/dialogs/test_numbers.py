"""The answer card fits on the screen of a phone, whoever is asked for and whenever."""

import re
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from bot.knowledge import load_directory, shipped
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.lookup import EMERGENCY, look_up
from dialogs.numbers import linked, numbers_card, search, shared_card, wrong_number_card
from dialogs.texts import parse_texts
from dialogs.turn import Card, ChoiceField, Line, Style
from tests.transcript import words_of

TEXTS = parse_texts(shipped("texts.yaml"))
CORPUS = Path(__file__).parents[1] / "corpus" / "lookup"
MOMENTS = [
    datetime(2026, 11, 24, 10, tzinfo=AMSTERDAM),
    datetime(2026, 11, 24, 23, tzinfo=AMSTERDAM),
    datetime(2026, 12, 25, 10, tzinfo=AMSTERDAM),
]
#: An iPhone 12 or a Galaxy S21 is about 390 by 840 points. Teams takes some 190 for its bars and the text box.
SCREEN = 650
#: Points: characters and height of a line of each look, at 14 points text (12 where small) and 330 wide.
CHARACTERS, LINE, GAP = 47, 19, 8
SMALL_CHARACTERS, SMALL_LINE = 55, 16
TITLE, BUTTONS, PADDING = 28, 48, 32


def height(card: Card) -> int:
    """About how tall the card is on a phone, in points. Its buttons stand beside each other."""
    total = TITLE + BUTTONS + PADDING
    for line in card.elements:
        assert isinstance(line, Line)
        small = line.style is Style.SMALL
        shown = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line.text)
        lines = -(-len(shown) // (SMALL_CHARACTERS if small else CHARACTERS))
        total += lines * (SMALL_LINE if small else LINE) + (0 if small else GAP)
    return total


@pytest.mark.parametrize("municipality", ["maashorst", "eersel"])
def test_no_answer_is_longer_than_the_screen_of_a_phone(municipality: str) -> None:
    directory = load_directory(municipality)
    questions = yaml.safe_load((CORPUS / "questions.yaml").read_text("utf-8"))
    queries = ["", "fietsenmaker", *(partner.key for partner in directory)]
    queries += [each["text"] for part in questions.values() for each in part]
    tall = {
        (query, at): height(card)
        for query in queries
        for at in MOMENTS
        if height(card := numbers_card(look_up(directory, query, at), TEXTS)) > SCREEN
    }
    assert tall == {}


@pytest.mark.parametrize("at", MOMENTS)
def test_each_number_is_plain_text_with_a_link_beside_it(at: datetime) -> None:
    directory = load_directory("maashorst")
    for partner in directory:
        card = numbers_card(look_up(directory, partner.key, at), TEXTS)
        for phone in partner.numbers[:1]:
            assert f"{phone.number} ([bel]({phone.dialable}))" in words_of(card)
        assert f"Bron: {partner.source}. Nog niet gecontroleerd." in words_of(card)


@pytest.mark.parametrize("municipality", ["maashorst", "eersel"])
def test_no_number_on_an_answer_or_a_shared_card_is_without_its_link(municipality: str) -> None:
    directory = load_directory(municipality)
    for partner in directory:
        for card in (
            numbers_card(look_up(directory, partner.key, MOMENTS[1]), TEXTS),
            shared_card(partner, directory, TEXTS, MOMENTS[1]),
        ):
            rest = re.sub(r"[\d -]+ \(\[bel\]\([^)]*\)\)|\[[^]]*\]\([^)]*\)", "", words_of(card))
            assert re.findall(r"\b(?:112|0\d{1,3}-\d{4,8})\b", rest) == [], rest


def test_a_number_in_a_sentence_gets_its_link_and_opening_hours_do_not() -> None:
    assert linked("Bel 0800-2000, ma-vr 08.00-16.30 uur. Gevaar: 112.") == (
        "Bel [0800-2000](tel:08002000), ma-vr 08.00-16.30 uur. Gevaar: [112](tel:112)."
    )
    assert linked("Dossier 0800-20001234567") == "Dossier 0800-20001234567"


def test_what_is_missing_or_not_confirmed_stands_on_the_card() -> None:
    directory = load_directory("maashorst")
    for partner in directory:
        card = words_of(numbers_card(look_up(directory, partner.key, MOMENTS[0]), TEXTS))
        shared = words_of(shared_card(partner, directory, TEXTS, MOMENTS[0]))
        if not partner.numbers:
            assert TEXTS("numbers.none") in card
            assert linked(partner.missing) in card
        if not all(phone.confirmed for phone in partner.numbers):
            assert TEXTS("numbers.not_confirmed") in card
            assert TEXTS("numbers.not_confirmed") in shared
        assert linked(partner.missing) in shared


@pytest.mark.parametrize("query", ["ze wordt nu geslagen wie bel ik", "wie bel ik bij gevaar"])
def test_112_is_the_first_thing_in_sight_when_danger_is_mentioned(query: str) -> None:
    card = numbers_card(look_up(load_directory("maashorst"), query, MOMENTS[0]), TEXTS)
    first = card.elements[0]
    assert isinstance(first, Line)
    assert (first.style, "[112](tel:112)" in first.text) == (Style.ALARM, True)


def test_a_group_gets_numbers_and_no_way_into_a_report() -> None:
    card = numbers_card(look_up(EMERGENCY, "politie", MOMENTS[0]), TEXTS, in_group=True)
    assert [button.action for button in card.buttons] == ["doubt.form"]
    assert TEXTS("numbers.draft_kept") not in words_of(card)


def test_the_list_of_everybody_says_of_each_how_it_is_and_of_nobody_for_whom_it_stands_in() -> None:
    listed = search(load_directory("maashorst"), " ", TEXTS, MOMENTS[1], 25)
    assert [found.text for found in listed if found.title == "Politie: 0900-8844"] == ["Dag en nacht bereikbaar."]
    assert len({found.title for found in listed}) == len(listed) == 18


@pytest.mark.parametrize(("keys", "chosen"), [(["avim"], ("avim",)), (["politie", "avim"], ())])
def test_of_several_partners_none_is_said_to_be_wrong_unless_somebody_chooses(
    keys: list[str], chosen: tuple[str, ...]
) -> None:
    directory = load_directory("maashorst")
    card = wrong_number_card([directory[key] for key in keys], TEXTS, in_group=False)
    [field] = [each for each in card.elements if isinstance(each, ChoiceField)]
    assert (field.value, field.required) == (chosen, True)
