"""YAML with the line of every value, so that an error in a data file names its place."""

from dataclasses import dataclass
from typing import Any, cast

import yaml


class FileInvalid(ValueError):
    """A file of ours cannot be used; the message names every fault with its place, on one line or several."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Where each value of a YAML document stands; lines count from 1."""

    root: yaml.Node | None

    def of(self, place: tuple[str | int, ...]) -> int:
        """Return the line of the value at `place`, or of the nearest value around it that exists."""
        node = self.root
        for step in place:
            inner = _child(node, step)
            if inner is None:
                break
            node = inner
        return 1 if node is None else node.start_mark.line + 1


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def compose(text: str) -> tuple[Any, Lines]:
    """Return the document and its lines. Raises `yaml.YAMLError`, also for a key that stands twice in one mapping."""
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        _refuse_double_keys(node)
        data: Any = None if node is None else cast("Any", loader).construct_document(node)
    finally:
        loader.dispose()
    return data, Lines(node)


def _refuse_double_keys(node: yaml.Node | None) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_double_keys(item)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise yaml.YAMLError(f"line {key.start_mark.line + 1}: the key {key.value} stands twice")
            seen.add(key.value)
            _refuse_double_keys(value)
