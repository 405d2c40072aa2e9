"""The tests in a browser are left out where its driver is not installed: `make test` needs no browser."""

import os
from importlib.util import find_spec
from pathlib import Path

from hypothesis import settings

# No time is asserted, and every run tries the same: a machine that is busy or a run that is unlucky proves nothing.
settings.register_profile("everywhere", deadline=None, derandomize=True)
settings.load_profile("everywhere")

collect_ignore_glob = [] if find_spec("playwright") else ["e2e", "cards/test_*"]


def pytest_configure() -> None:
    """Keep the cards that are drawn, if a folder is named for them."""
    if folder := os.environ.get("MELDROUTE_CARDS"):
        from tests.cards.collection import collect  # noqa: PLC0415 - only when it is asked

        collect(Path(folder))
