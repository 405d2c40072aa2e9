"""Whether what people can read is stored, looked up at the moment at which they can read it."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

_REFERENCE = re.compile(r"S-\d{4}-\d{4,}")
#: What the texts give as an example.
_EXAMPLE = "S-2026-0012"
_VERSION = re.compile(r'"(draft|signal)":"([0-9a-f]{32})","version":"(\d+)"')


class Told:
    """Reads what is committed, past the bot."""

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)
        self._known = {_EXAMPLE}
        #: How many references and versions were looked up.
        self.looked_up = 0

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def not_stored(self, words: str) -> Iterator[str]:
        """The references that are not stored, and the drafts and signals that are stored in an older version only."""
        for reference in set(_REFERENCE.findall(words)) - self._known:
            self.looked_up += 1
            if self._one("SELECT 1 FROM signals WHERE reference = ?", reference) is None:
                yield reference
            else:
                self._known.add(reference)
        for kind, thing, version in sorted(set(_VERSION.findall(words))):
            self.looked_up += 1
            stored = self._one(f"SELECT version FROM {kind}s WHERE id = ?", thing)  # noqa: S608 - one of two names
            if stored is not None and stored < int(version):
                yield f"{kind} {thing} in version {version}, stored is {stored}"
            elif stored is None and kind == "signal":  # a draft may be sent, wiped or over
                yield f"{kind} {thing}, which is not stored"

    def _one(self, statement: str, value: str) -> int | None:
        row = self._connection.execute(statement, (value,)).fetchone()
        return None if row is None else int(row[0])
