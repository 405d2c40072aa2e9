"""An Adaptive Card as a person sees it: words, fields and buttons by their labels, and what they filled in.

Behaves as Microsoft's JavaScript renderer: an empty field is left out of a press, and a required field that is empty
holds a press up unless the button leaves the fields alone (`associatedInputs: none`).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"\*\*|__")
_CHILDREN = ("items", "columns", "rows", "cells", "inlines", "body")

Json = dict[str, Any]


class CardView:
    """One card on one person's screen."""

    def __init__(self, card: Json) -> None:
        self.card = card
        self._shown: dict[str, bool] = {}
        self._filled: dict[str, str] = {str(i["id"]): str(i["value"]) for i in self._all_inputs() if i.get("value")}

    @property
    def words(self) -> str:
        """Everything there is to read, a line an element."""
        return "\n".join(self._words())

    @property
    def buttons(self) -> list[str]:
        """The titles of the buttons, top to bottom."""
        return [str(action["title"]) for action in self._actions()]

    @property
    def labels(self) -> list[str]:
        """The labels of the fields."""
        return [str(field.get("label", "")) for field in self._inputs()]

    def has_field(self, label: str) -> bool:
        """Whether a field with this label can be seen."""
        return label in self.labels

    def has_option(self, title: str) -> bool:
        """Whether something with these words can be ticked."""
        return any(title in _titles(field) for field in self._inputs())

    def value(self, label: str) -> str:
        """What stands in a field now."""
        return self._filled.get(self._field(label)["id"], "")

    def ticked(self) -> list[str]:
        """The words of all ticked options, also of those that are folded away."""
        return [
            choice["title"]
            for field in self._all_inputs()
            for choice in field.get("choices", [])
            if choice["value"] in self._filled.get(field["id"], "").split(",")
        ]

    def fill(self, label: str, text: str) -> None:
        """Write in the field with this label, in place of what stood there."""
        field = self._field(label)
        if field["type"] == "Input.ChoiceSet":
            raise AssertionError(f"{label!r} is a choice, not a field to write in")
        assert len(text) <= field.get("maxLength", len(text)), f"{label!r} takes no more than {field['maxLength']}"
        self._filled[field["id"]] = text

    def tick(self, title: str, *, off: bool = False) -> None:
        """Tick (or untick) the option with these words; where one may be chosen, it takes the place of the other."""
        for field in self._inputs():
            if title not in _titles(field):
                continue
            if field["type"] == "Input.Toggle":
                self._filled[field["id"]] = field.get("valueOff" if off else "valueOn", str(not off).lower())
                return
            value = next(choice["value"] for choice in field["choices"] if choice["title"] == title)
            if not field.get("isMultiSelect"):
                self._filled[field["id"]] = "" if off else value
                return
            chosen = {*filter(None, self._filled.get(field["id"], "").split(",")), value} - ({value} if off else set())
            ordered = [choice["value"] for choice in field["choices"] if choice["value"] in chosen]
            self._filled[field["id"]] = ",".join(ordered)
            return
        raise AssertionError(f"nothing to tick reads {title!r}; on the card:\n{self.words}")

    def button(self, title: str) -> Json:
        """The action of the button with this title."""
        for action in self._actions():
            if action["title"] == title:
                assert action.get("isEnabled", True), f"the button {title!r} is grey"
                return action
        raise AssertionError(f"no button {title!r}; there are {self.buttons}")

    def toggle(self, action: Json) -> None:
        """Show or fold what a button folds."""
        for target in action["targetElements"]:
            element_id = target if isinstance(target, str) else target["elementId"]
            forced = None if isinstance(target, str) else target.get("isVisible")
            now = next(self._visible(e) for e in _walk(self.card) if e.get("id") == element_id)
            self._shown[element_id] = not now if forced is None else forced

    def pressed_data(self, action: Json) -> Json:
        """What a press sends along. Raises AssertionError with the card's own message when a field holds it up."""
        data = dict(action.get("data") or {})
        if str(action.get("associatedInputs", "auto")).lower() == "none":
            return data
        for field in self._all_inputs():
            value = self._filled.get(field["id"], "")
            pattern = field.get("regex")
            if (field.get("isRequired") and not value) or (value and pattern and not re.search(pattern, value)):
                raise AssertionError(f"held up at {field.get('label')!r}: {field.get('errorMessage', '')}")
            if value:
                data[field["id"]] = value
        return data

    def _field(self, label: str) -> Json:
        for field in self._inputs():
            if field.get("label") == label:
                return field
        raise AssertionError(f"no field {label!r}; there are {self.labels}")

    def _visible(self, element: Json) -> bool:
        return self._shown.get(str(element.get("id")), bool(element.get("isVisible", True)))

    def _elements(self) -> Iterator[Json]:
        yield from _walk(self.card, self._visible)

    def _inputs(self) -> Iterator[Json]:
        return (element for element in self._elements() if str(element.get("type", "")).startswith("Input."))

    def _all_inputs(self) -> Iterator[Json]:
        return (element for element in _walk(self.card) if str(element.get("type", "")).startswith("Input."))

    def _actions(self) -> Iterator[Json]:
        for element in self._elements():
            yield from element.get("actions", [])

    def _words(self) -> Iterator[str]:
        for element in self._elements():
            match element.get("type"):
                case "TextBlock":
                    yield _EMPHASIS.sub("", _LINK.sub(r"\1", element["text"]))
                case "RichTextBlock":
                    yield "".join(run if isinstance(run, str) else str(run["text"]) for run in element["inlines"])
                case "FactSet":
                    yield from (f"{fact['title']} {fact['value']}" for fact in element["facts"])
                case "Input.Text" | "Input.ChoiceSet" | "Input.Toggle" | "Input.Date" | "Input.Time" | "Input.Number":
                    yield from filter(None, (element.get("label"), *_titles(element), self._text_in(element)))
                case _:
                    pass
            yield from (f"[{action['title']}]" for action in element.get("actions", []))

    def _text_in(self, field: Json) -> str:
        return "" if field["type"] in {"Input.ChoiceSet", "Input.Toggle"} else self._filled.get(field["id"], "")


def _titles(field: Json) -> list[str]:
    if field["type"] == "Input.Toggle":
        return [field["title"]]
    return [choice["title"] for choice in field.get("choices", [])]


def _walk(element: Json, visible: Callable[[Json], bool] = bool) -> Iterator[Json]:
    if not visible(element):
        return
    if element.get("type") != "AdaptiveCard":
        yield element
    for key in _CHILDREN:
        for child in element.get(key, []):
            if isinstance(child, dict):
                yield from _walk(child, visible)  # pyright: ignore[reportUnknownArgumentType] - any JSON
    if element.get("type") == "AdaptiveCard":
        yield element  # its buttons stand below everything
