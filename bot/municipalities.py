"""The municipalities that Meldroute is shipped for: each is a file of partners."""

from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable


def partners_as_shipped(municipality: str) -> str:
    """The text of its file of partners, by its name in any case. Raises ValueError, which names those there are."""
    return _files()[known_municipality(municipality).casefold()].read_text("utf-8")


def known_municipality(name: str) -> str:
    """The name without spaces around it. Raises ValueError, which names those there are."""
    files = _files()
    if name.strip().casefold() not in files:
        raise ValueError(f"{name}: onbekend; er zijn {', '.join(sorted(files))}")
    return name.strip()


def _files() -> Mapping[str, Traversable]:
    return {
        file.name.removesuffix(".yaml"): file
        for file in resources.files("dialogs").joinpath("data", "partners").iterdir()
        if file.name.endswith(".yaml")
    }
