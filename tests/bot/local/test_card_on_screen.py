"""A card as somebody reads it and fills it in."""

from typing import Any

import pytest

from bot.local.card_on_screen import CardOnScreen, NotOnCard, Press
from tests.bot.local.echo_bot import FORM, card, execute, letters, line


def test_card_reads_from_top_to_bottom_with_its_fields_and_buttons():
    form = CardOnScreen(FORM)
    form.fill("Vertel het", "Ze keek weg")
    form.tick("Wat herken je?", "Iemand heeft")

    assert list(form.lines()) == [
        "Wat heb je gezien?",
        "Bel bij gevaar 112. Lees meer op de site.",
        "Vertel het in je eigen woorden: Ze keek weg",
        "Wat herken je?",
        "  [ ] De ander doet het woord",
        "  [x] Iemand heeft geen papieren",
        "Is de persoon jonger dan 18 jaar?",
        "  ( ) Ja",
        "  (o) Weet ik niet",
        "Mag het?",
        "  ( ) Ja",
        "  ( ) Nee",
        "[ Versturen ]  [ Overslaan ]  [ Storing ]  [ Stuk ]  [ Oude knop ]",
    ]


def test_what_is_folded_is_not_read_but_goes_along():
    folded: dict[str, Any] = {
        "type": "Container",
        "isVisible": False,
        "items": [line("verstopt"), {"type": "Input.Text", "id": "in.more", "label": "Meer", "value": "al gevuld"}],
    }
    shown = CardOnScreen(
        card(line("kop"), folded, actions=({"type": "Action.ToggleVisibility", "title": "Open"}, execute("Door", "go")))
    )

    assert list(shown.lines()) == ["kop", "▸ Open  [ Door ]"]
    assert shown.press("Door").data == {"draft": "d1", "in.more": "al gevuld"}


def test_buttons_and_words_are_found_wherever_they_stand():
    shown = CardOnScreen(
        card(
            {
                "type": "ColumnSet",
                "columns": [
                    {"type": "Column", "items": [letters("S-2026-0001")]},
                    {"type": "Column", "items": [{"type": "ActionSet", "actions": [execute("Open S-2026-0001", "x")]}]},
                ],
            }
        )
    )

    assert list(shown.lines()) == ["S-2026-0001", "[ Open S-2026-0001 ]"]
    assert shown.press("Open") == Press(execute=True, verb="x", data={"draft": "d1"})


@pytest.mark.parametrize("title", ["Bestaat niet", "ersturen"])
def test_button_that_is_not_there_is_named_with_those_that_are(title: str):
    with pytest.raises(NotOnCard, match=f"'{title}' is not on the card; there is: 'Versturen', 'Overslaan'"):
        CardOnScreen(FORM).press(title)


FOLD: dict[str, Any] = {
    "type": "Container",
    "id": "fold",
    "isVisible": False,
    "items": [
        {
            "type": "Input.ChoiceSet",
            "id": "in.signs",
            "label": "Wat herken je?",
            "isMultiSelect": True,
            "value": "b",
            "choices": [{"title": "Angst", "value": "a"}, {"title": "Geen papieren", "value": "b"}],
        }
    ],
}


def test_what_is_folded_opens_and_closes():
    opens = {"type": "Action.ToggleVisibility", "title": "Meer", "targetElements": [{"elementId": "fold"}]}
    shown = CardOnScreen(card(FOLD, actions=(opens, execute("Door", "go"))))
    assert not shown.has_option("Angst")

    shown.toggle("Meer")
    assert shown.labels == ["Wat herken je?"]
    shown.choose("Angst")
    shown.toggle("Meer")

    assert shown.words == "▸ Meer  [ Door ]"
    assert shown.press("Door").data == {"draft": "d1", "in.signs": "a,b"}


def test_of_a_single_choice_the_last_one_counts():
    form = CardOnScreen(FORM)
    form.choose("Ja")
    form.choose("Weet ik niet")

    assert "  (o) Weet ik niet" in form.words
    with pytest.raises(NotOnCard, match="'Misschien' cannot be chosen"):
        form.choose("Misschien")
