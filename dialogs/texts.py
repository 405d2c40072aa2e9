"""Every Dutch sentence that is not a question, a criterion or a partner: one file of texts by key."""

import string
from collections.abc import Iterator, Mapping

import yaml

from dialogs.domain.yaml_lines import FileInvalid


class TextsInvalid(FileInvalid):
    """The file of texts cannot be used; the message names each place."""


class Texts:
    """Texts by dotted key: `texts("receipt.title", reference="S-2026-0001")`."""

    def __init__(self, texts: Mapping[str, str], known: Mapping[str, str] | None = None) -> None:
        """`known`: what stands in {places} of these names, in every text that has them."""
        self._texts = dict(texts)
        self._known = dict(known or {})

    def __call__(self, key: str, /, **values: str | int) -> str:
        """The text with its {places} filled in. Raises KeyError for a key or a place that is not there."""
        filled = {**self._known, **values}
        return self._texts[key].format_map(filled) if filled else self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def with_wording(self, overrides: Mapping[str, str]) -> "Texts":
        """The same texts with these put in the place of theirs."""
        return Texts({**self._texts, **overrides}, self._known)

    def filled(self, **known: str) -> "Texts":
        """The same texts with these {places} filled in wherever they stand."""
        return Texts(self._texts, {**self._known, **known})

    def places(self, key: str) -> frozenset[str]:
        """The names of the {places} in a text."""
        return frozenset(name for _, name, _, _ in string.Formatter().parse(self._texts[key]) if name)


def parse_texts(source: str, overrides: Mapping[str, str] | None = None) -> Texts:
    """The texts of a YAML file of nested keys, with a municipality's own wording laid over them.

    Raises TextsInvalid for a value that is no text, an override of a text that does not exist, or one that asks for
    other {places} than the text it replaces.
    """
    try:
        texts = Texts(dict(_flat(yaml.safe_load(source))))
        if not overrides:
            return texts
        own = Texts(overrides)
        faults = [key for key in own if key not in set(texts) or not own.places(key) <= texts.places(key)]
    except yaml.YAMLError as error:
        raise TextsInvalid(f"geen geldige YAML: {' '.join(str(error).split())}") from error
    except TypeError as error:
        raise TextsInvalid(str(error)) from error
    if faults:
        raise TextsInvalid(f"onbekende tekst, of andere plaatsen erin: {', '.join(sorted(faults))}")
    return texts.with_wording(overrides)


def _flat(tree: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, str):
        yield path, tree.strip()
    elif isinstance(tree, dict):
        for key, branch in tree.items():  # pyright: ignore[reportUnknownVariableType] - YAML has no types
            if not isinstance(key, str):  # a bare `on`, `no` or number is no text in YAML
                raise TypeError(f"{path}: de naam {key!r} is geen tekst: zet hem tussen aanhalingstekens")
            yield from _flat(branch, f"{path}.{key}" if path else key)  # pyright: ignore[reportUnknownArgumentType]
    else:
        raise TypeError(f"{path}: hier hoort een tekst, niet {tree!r}")
