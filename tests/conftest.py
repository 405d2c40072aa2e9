"""The tests in a browser are left out where its driver is not installed: `make test` needs no browser."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("playwright") else ["e2e", "cards/test_*"]
