"""An Adaptive Card as somebody sees it who knows no code: words, fields and buttons by their labels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

Json = Mapping[str, JsonValue]

_NESTED = ("body", "items", "columns", "rows", "cells")


class NotOnCard(Exception):
    """There is no such field, choice or button, or a required field is empty; the message says what there is."""


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button with what was filled in, as the renderer puts it together."""

    execute: bool
    verb: str
    data: dict[str, JsonValue]


@dataclass
class CardOnScreen:
    """One card, and what somebody filled in so far."""

    card: Json
    _filled: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._filled = {_text(i, "id"): _text(i, "value") for i in self._fields() if i.get("value")}

    def lines(self) -> Iterator[str]:
        """What can be read, top to bottom; buttons as "[ title ]", what opens more as "▸ title"."""
        for element in _walk(self.card):
            match element.get("type"):
                case "TextBlock":
                    yield _text(element, "text")
                case "RichTextBlock":
                    yield "".join(_text(run, "text") for run in _children(element, "inlines"))
                case "Input.Text":
                    yield f"{_text(element, 'label')}: {self._filled.get(_text(element, 'id'), '…')}"
                case "Input.ChoiceSet":
                    yield _text(element, "label")
                    yield from (
                        f"  {self._mark(element, c)} {_text(c, 'title')}" for c in _children(element, "choices")
                    )
                case _:
                    pass
            if actions := _children(element, "actions"):
                yield "  ".join(_button(action) for action in actions)

    def reads(self, words: str) -> bool:
        """Whether these words stand on it."""
        return any(words in line for line in self.lines())

    def fill(self, label: str, text: str) -> None:
        """Write in the field with this label. Raises NotOnCard."""
        self._filled[_text(self._labelled(label), "id")] = text

    def tick(self, label: str, *titles: str) -> None:
        """Choose what begins with these words under this label; without words everything there. Raises NotOnCard."""
        choices = _children(self._labelled(label), "choices")
        wanted = titles or tuple(_text(choice, "title") for choice in choices)
        chosen = [_named(choices, "title", title) for title in wanted]
        self._filled[_text(self._labelled(label), "id")] = ",".join(_text(choice, "value") for choice in chosen)

    def press(self, title: str) -> Press:
        """Press the button that begins with these words. Raises NotOnCard, also with the card's own complaint."""
        action = _named([a for e in _walk(self.card) for a in _children(e, "actions")], "title", title)
        data = dict(_mapping(action.get("data")))
        if action.get("associatedInputs") != "none":
            missing = [f for f in self._fields() if f.get("isRequired") and not self._filled.get(_text(f, "id"))]
            if missing:
                raise NotOnCard(_text(missing[0], "errorMessage") or f"{_text(missing[0], 'label')}: nothing filled in")
            data |= self._filled
        return Press(action.get("type") == "Action.Execute", _text(action, "verb"), data)

    def _fields(self) -> list[Json]:
        return [e for e in _walk(self.card, folded=True) if _text(e, "type").startswith("Input.")]

    def _labelled(self, label: str) -> Json:
        return _named(self._fields(), "label", label)

    def _mark(self, field: Json, choice: Json) -> str:
        many = bool(field.get("isMultiSelect"))
        chosen = _text(choice, "value") in self._filled.get(_text(field, "id"), "").split(",")
        return {(True, True): "[x]", (True, False): "[ ]", (False, True): "(o)", (False, False): "( )"}[many, chosen]


def _walk(element: Json, *, folded: bool = False) -> Iterator[Json]:
    """The elements from top to bottom; the card itself, which holds the buttons at the foot, last."""
    if not folded and element.get("isVisible") is False:
        return
    is_card = element.get("type") == "AdaptiveCard"
    if not is_card:
        yield element
    for key in _NESTED:
        for child in _children(element, key):
            yield from _walk(child, folded=folded)
    if is_card:
        yield element


def _button(action: Json) -> str:
    title = _text(action, "title")
    return f"▸ {title}" if action.get("type") == "Action.ToggleVisibility" else f"[ {title} ]"


def _children(element: Json, key: str) -> Sequence[Json]:
    nested = element.get(key)
    return [child for child in nested if isinstance(child, dict)] if isinstance(nested, list) else []


def _mapping(value: JsonValue) -> Json:
    return value if isinstance(value, dict) else {}


def _text(element: Json, key: str) -> str:
    value = element.get(key)
    return value if isinstance(value, str) else ""


def _named(elements: Sequence[Json], key: str, beginning: str) -> Json:
    for element in elements:
        if _text(element, key).startswith(beginning):
            return element
    there = ", ".join(repr(_text(element, key)) for element in elements)
    raise NotOnCard(f"{beginning!r} is not on the card; there is: {there or 'nothing'}")
