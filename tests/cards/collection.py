"""Every card that a conversation of the tests shows, kept on disk so that a browser can look at each.

`MELDROUTE_CARDS=folder pytest tests/dialogs` fills the folder; `make cards` does both steps.
"""

import hashlib
import json
import os
import re
from functools import cache
from pathlib import Path

from bot.cards import CardRenderer
from bot.knowledge import shipped
from dialogs.texts import parse_texts
from dialogs.turn import ButtonRow, Card, ChoiceField, Entry, Line, TextField

FOLDER = "MELDROUTE_CARDS"


def keep(card: Card) -> None:
    """Keep this card if a folder is named and none that is built like it is there yet."""
    folder = os.environ.get(FOLDER)
    if not folder or not card.title:
        return
    path = Path(folder) / f"{_slug(card.title)}-{_shape(card)}.json"
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_renderer().adaptive_card(card), ensure_ascii=False), "utf-8")


@cache
def _renderer() -> CardRenderer:
    return CardRenderer(parse_texts(shipped("texts.yaml")))


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"s-\d{4}-\d+", "", title.lower())).strip("-")[:50]


def _shape(card: Card) -> str:
    """The same for two cards with the same fields, styles and buttons, whatever people wrote on them."""
    parts: list[object] = [card.practice, card.progress is not None, [button.title for button in card.buttons]]
    for element in card.elements:
        match element:
            case Line(style=style, verbatim=verbatim):
                parts.append((style, verbatim))
            case TextField(key=key, value=value, error=error):
                parts.append((key, bool(value), bool(error)))
            case ChoiceField(key=key, value=value):
                parts.append((key, bool(value)))
            case Entry(button=button):
                parts.append(button is not None)
            case ButtonRow(buttons=buttons):
                parts.append([button.title for button in buttons])
            case _:
                parts.append(type(element).__name__)
    # Lines of the same kind after each other count as one: a longer history is not another card.
    runs = [part for place, part in enumerate(parts) if place == 0 or part != parts[place - 1]]
    return hashlib.sha256(repr(runs).encode()).hexdigest()[:8]
