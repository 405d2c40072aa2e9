"""An Adaptive Card as somebody sees it who knows no code: words, fields and buttons by their labels.

Behaves as Microsoft's JavaScript renderer: what is folded away is not read but goes along with a press, an empty field
is left out, and a required field that is empty holds a press up unless the button leaves the fields alone
(`associatedInputs: none`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

Json = Mapping[str, JsonValue]

#: A button's whole name is its tooltip, where the title says it only beside what it belongs to.
_NAMES = ("title", "tooltip")
_NESTED = ("body", "items", "columns", "rows", "cells")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"\*\*|__")


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
    """One card, what somebody filled in so far and what they opened of it."""

    card: Json
    _filled: dict[str, str] = field(init=False)
    _opened: dict[str, bool] = field(init=False, default_factory=dict[str, bool])
    #: The fields, also those that are folded away.
    fields: Sequence[Json] = field(init=False)
    #: What the buttons in sight do; read again after something was opened or folded.
    actions: Sequence[Json] = field(init=False)
    _seen: Sequence[Json] = field(init=False)

    def __post_init__(self) -> None:
        self.fields = [element for element in _walk(self.card, None) if _is_field(element)]
        self._filled = {_text(i, "id"): _text(i, "value") for i in self.fields if i.get("value")}
        self._look()

    # What can be read.

    def lines(self) -> Iterator[str]:
        """What can be read, top to bottom; buttons as "[ title ]", what opens more as "▸ title"."""
        for element in self._seen:
            match element.get("type"):
                case "TextBlock":
                    yield _EMPHASIS.sub("", _LINK.sub(r"\1", _text(element, "text")))
                case "RichTextBlock":
                    yield "".join(_text(run, "text") for run in _children(element, "inlines"))
                case "Input.Text" | "Input.Date":
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

    @property
    def words(self) -> str:
        """All of it."""
        return "\n".join(self.lines())

    def reads(self, words: str) -> bool:
        """Whether these words stand on it."""
        return any(words in line for line in self.lines())

    @property
    def buttons(self) -> list[str]:
        """What the buttons in sight are called, by their titles and by their whole names."""
        return [name for action in self.actions for key in _NAMES if (name := _text(action, key))]

    @property
    def labels(self) -> list[str]:
        """The labels of the fields in sight."""
        return [_text(element, "label") for element in self._seen if _is_field(element)]

    def has_option(self, title: str) -> bool:
        """Whether something in sight with these words can be chosen."""
        return any(self._choices_named(title, self._seen))

    def value(self, label: str) -> str:
        """What stands in a field now. Raises NotOnCard."""
        return self._filled.get(_text(self._labelled(label), "id"), "")

    # What somebody does.

    def fill(self, label: str, text: str) -> None:
        """Write in the field with this label. Raises NotOnCard, also for what the field does not take."""
        element = self._labelled(label)
        most = element.get("maxLength")
        if isinstance(most, int | float) and len(text) > most:
            raise NotOnCard(f"{label!r} takes no more than {most} characters")
        self._filled[_text(element, "id")] = text

    def tick(self, label: str, *titles: str) -> None:
        """Choose what begins with these words under this label; without words everything there. Raises NotOnCard."""
        choices = _children(self._labelled(label), "choices")
        wanted = titles or tuple(_text(choice, "title") for choice in choices)
        chosen = [_named(choices, "title", title) for title in wanted]
        self._filled[_text(self._labelled(label), "id")] = ",".join(_text(choice, "value") for choice in chosen)

    def choose(self, title: str) -> None:
        """Choose the option with these words, whatever it stands under; of a single choice, in place of the other.

        Raises NotOnCard.
        """
        for element, choice in self._choices_named(title, self._seen):
            before = self._filled.get(_text(element, "id"), "").split(",") if element.get("isMultiSelect") else []
            chosen = {*before, _text(choice, "value")}
            values = (_text(each, "value") for each in _children(element, "choices"))
            self._filled[_text(element, "id")] = ",".join(value for value in values if value in chosen)
            return
        raise NotOnCard(f"{title!r} cannot be chosen; there is:\n{self.words}")

    def toggle(self, title: str) -> None:
        """Open or fold what a button opens. Raises NotOnCard."""
        for target in _children(self.action(title), "targetElements"):
            element_id = _text(target, "elementId")
            now = any(_text(element, "id") == element_id for element in self._seen)
            self._opened[element_id] = not now
            self._look()

    def press(self, title: str) -> Press:
        """Press the button that begins with these words. Raises NotOnCard, also with the card's own complaint."""
        action = self.action(title)
        return Press(action.get("type") == "Action.Execute", _text(action, "verb"), self.data_of(action))

    def action(self, title: str) -> Json:
        """The action of the button whose title or whole name begins with these words. Raises NotOnCard."""
        whole = next((each for each in self.actions if _text(each, "tooltip") == title), None)
        return whole or _named(self.actions, "title", title)

    def data_of(self, action: Json) -> dict[str, JsonValue]:
        """What an action sends along. Raises NotOnCard with the card's own complaint when a field holds it up."""
        data = dict(_mapping(action.get("data")))
        if action.get("associatedInputs") == "none":
            return data
        missing = [f for f in self.fields if f.get("isRequired") and not self._filled.get(_text(f, "id"))]
        if missing:
            raise NotOnCard(_text(missing[0], "errorMessage") or f"{_text(missing[0], 'label')}: nothing filled in")
        return data | {key: value for key, value in self._filled.items() if value}

    def _look(self) -> None:
        self._seen = list(_walk(self.card, self._opened))
        self.actions = [action for element in self._seen for action in _children(element, "actions")]

    def _labelled(self, label: str) -> Json:
        return _named(self.fields, "label", label)

    def _choices_named(self, title: str, elements: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
        return ((e, c) for e in elements for c in _children(e, "choices") if title in _text(c, "title"))

    def _mark(self, element: Json, choice: Json) -> str:
        many = bool(element.get("isMultiSelect"))
        chosen = _text(choice, "value") in self._filled.get(_text(element, "id"), "").split(",")
        return {(True, True): "[x]", (True, False): "[ ]", (False, True): "(o)", (False, False): "( )"}[many, chosen]


def _walk(element: Json, opened: Mapping[str, bool] | None) -> Iterator[Json]:
    """The elements from top to bottom, the card with the buttons at its foot last; `opened` None: folded ones too."""
    if opened is not None and not opened.get(_text(element, "id"), element.get("isVisible") is not False):
        return
    is_card = element.get("type") == "AdaptiveCard"
    if not is_card:
        yield element
    for key in _NESTED:
        for child in _children(element, key):
            yield from _walk(child, opened)
    if is_card:
        yield element


def _is_field(element: Json) -> bool:
    return _text(element, "type").startswith("Input.")


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


def _named(elements: Sequence[Json], key: str, words: str) -> Json:
    """The one with exactly these words, else the first that begins with them."""
    exact = (element for element in elements if _text(element, key) == words)
    begins = (element for element in elements if _text(element, key).startswith(words))
    if (found := next(exact, None) or next(begins, None)) is not None:
        return found
    there = ", ".join(repr(_text(element, key)) for element in elements)
    raise NotOnCard(f"{words!r} is not on the card; there is: {there or 'nothing'}")
