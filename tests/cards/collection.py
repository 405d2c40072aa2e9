"""Every card that the tests draw, kept on disk so that a browser can look at each.

With `MELDROUTE_CARDS=folder` any run of the tests fills the folder. Of cards that are built alike the largest is kept.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.cards import CardRenderer
from bot.knowledge import load_directory, shipped
from dialogs.texts import parse_texts
from dialogs.turn import Card

FOLDER = "MELDROUTE_CARDS"
Json = Mapping[str, Any]


def keep(card: Card) -> None:
    """Draw this card, so that it is kept."""
    if os.environ.get(FOLDER) and card.title:
        _renderer().adaptive_card(card)


def collect(folder: Path) -> None:
    """From now on keep every card that is drawn."""
    draw = CardRenderer.adaptive_card

    def draw_and_keep(self: CardRenderer, card: Card) -> dict[str, Any]:
        drawn = draw(self, card)
        if card.title:
            _keep(drawn, folder)
        return drawn

    CardRenderer.adaptive_card = draw_and_keep


def _keep(card: Json, folder: Path) -> None:
    path = folder / f"{_slug(title_of(card))}-{_shape(card)}.json"
    drawn = json.dumps(card, ensure_ascii=False)
    if path.exists() and path.stat().st_size >= len(drawn.encode()):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(drawn, "utf-8")


def title_of(card: Json) -> str:
    """What stands at the top in large letters."""
    return next(str(each["text"]) for each in card["body"] if each.get("style") == "heading")


@cache
def _renderer() -> CardRenderer:
    return CardRenderer(parse_texts(shipped("texts.yaml")))


@cache
def _names() -> tuple[str, ...]:
    return tuple(partner.name for town in ("maashorst", "eersel") for partner in load_directory(town))


def _slug(title: str) -> str:
    """The title without the reference and the partner that it is about."""
    for name in _names():
        title = title.replace(name, "partner")
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"s-\d{4}-\d+", "", title.lower())).strip("-")[:50]


def _shape(card: Json) -> str:
    """The same for two cards with the same kinds of elements and buttons, whatever stands in them.

    Elements of one kind after each other count as one: a longer history is not another card.
    """
    parts = list(_skeleton(card))
    runs = [part for place, part in enumerate(parts) if place == 0 or part != parts[place - 1]]
    return hashlib.sha256(repr(runs).encode()).hexdigest()[:8]


def _skeleton(part: Json) -> Iterator[tuple[object, ...]]:
    kind = str(part.get("type", ""))
    if kind.startswith("Action."):
        yield (kind, re.sub(r"S-\d{4}-\d+", "", str(part["title"])) if kind != "Action.ToggleVisibility" else "")
        return
    if kind.startswith("Input."):
        yield (kind, re.sub(r"[._]\w+|\d", "", str(part["id"]).removeprefix("in.")))
    elif kind not in {"AdaptiveCard", "RichTextBlock"}:
        yield (kind, part.get("style"), part.get("size"), part.get("weight"), part.get("isSubtle"))
    for nested in ("body", "items", "columns", "actions"):
        for child in part.get(nested, ()):
            yield from _skeleton(child)
