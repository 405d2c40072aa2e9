"""The hash-chained log of every view and change.

Each line's hash is SHA-256 over the hash before it and the line itself as JSON: who changes or removes a line in the
middle breaks the chain there. A cut at the end leaves a shorter chain that holds; only a hash kept elsewhere shows it.
"""

import hashlib
from datetime import UTC
from typing import Any

import orjson
from sqlalchemy import bindparam, insert, select, text

from dialogs.ports import AuditEntry
from storage.tables import audit_log
from storage.transaction import Transaction

#: What the first line follows from.
_BEGINNING = bytes(32)

#: The lock that lets one transaction at a time add to the chain; a number of our own, any would do.
_LOCK = text("SELECT pg_advisory_xact_lock(7203615)")

_LAST = select(audit_log.c.number, audit_log.c.hash).order_by(audit_log.c.number.desc()).limit(1)
_APPEND = insert(audit_log)
_BATCH = 500
_LINES = select(audit_log).where(audit_log.c.number > bindparam("after")).order_by(audit_log.c.number).limit(_BATCH)


class AuditStore:
    """A `dialogs.ports.Audit`.

    Lines wait until the commit: the chain is then locked as the last thing and for a moment only, so that no two
    transactions wait for each other, whatever else they touch.
    """

    __slots__ = ("_transaction", "_waiting")

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._waiting: list[AuditEntry] = []

    async def append(self, entry: AuditEntry) -> None:
        """Add a line at the end of the chain, when the unit commits."""
        self._waiting.append(entry)

    async def write(self) -> None:
        """Write the waiting lines; to be followed by the commit."""
        if not self._waiting:
            return
        if self._transaction.dialect.name == "postgresql":
            await self._transaction.execute(_LOCK)
        last = (await self._transaction.execute(_LAST)).first()
        after, previous = (last.number, last.hash) if last else (0, _BEGINNING)
        lines: list[dict[str, Any]] = []
        for number, entry in enumerate(self._waiting, start=after + 1):
            previous = line_hash(previous, number, entry)
            lines.append(
                {
                    "number": number,
                    "at": entry.at,
                    "actor": entry.actor,
                    "action": entry.action,
                    "subject": entry.subject,
                    "reason": entry.reason,
                    "hash": previous,
                }
            )
        await self._transaction.execute(_APPEND, lines)
        self._waiting.clear()

    async def broken_at(self) -> int | None:
        """The number of the first line whose hash does not follow from the one before; None if the chain holds."""
        number, previous = 0, _BEGINNING
        while rows := (await self._transaction.execute(_LINES, {"after": number})).all():
            for row in rows:
                number += 1
                entry = AuditEntry(row.at, row.actor, row.action, row.subject, row.reason)
                previous = line_hash(previous, number, entry)
                if row.number != number or row.hash != previous:
                    return row.number
        return None


def line_hash(previous: bytes, number: int, entry: AuditEntry) -> bytes:
    """The hash of a line: SHA-256 over the one before it and the line as a JSON array, its time in UTC."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    line = orjson.dumps((number, at, entry.actor, entry.action, entry.subject, entry.reason))
    return hashlib.sha256(previous + line).digest()
