"""Keeps the directory in memory the same as in the database, in every replica, and a copy for when that is away.

Each replica asks for the revision, which is one count, and reads the edits only when it changed. LISTEN would tell
sooner on PostgreSQL and not at all on SQLite; the replica on which somebody saves reads at once either way.
"""

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import structlog

from bot.clock import Clock
from dialogs.domain.access import Staff
from dialogs.domain.partners import DirectoryInvalid, LaidOver, digest, lay_over, read_file
from dialogs.knowledge import CurrentPartners
from dialogs.ports import UnitsOfWork
from dialogs.use_cases.edit_partner import put_digest

log = structlog.get_logger(__name__)

#: How long another replica may show the old number, and how long a look at the database may take.
_EVERY = timedelta(seconds=5)
_WITHIN = timedelta(seconds=5)


class PartnerRefresh:
    """Reads what administrators changed into memory."""

    def __init__(
        self,
        units: UnitsOfWork,
        partners: CurrentPartners,
        staff: Staff,
        clock: Clock,
        *,
        last_known: Path,
        wake: Callable[[], None],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """`last_known` is the file of the copy; `wake` is called when notices were put in the outbox."""
        self._units = units
        self._partners = partners
        self._staff = staff
        self._clock = clock
        self._last_known = last_known
        self._wake = wake
        self._sleep = sleep
        self._told: str | None = None
        self._one_at_a_time = asyncio.Lock()

    def start_from_copy(self) -> None:
        """The last known directory instead of the shipped one, until the database was read."""
        try:
            file = read_file(self._last_known.read_text("utf-8"))
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError, DirectoryInvalid) as error:
            log.warning("last_known_partners_not_read", kind=type(error).__name__)
            return
        shipped = self._partners.now.shipped
        self._partners.now = LaidOver(shipped, file, file.directory())

    async def run(self) -> None:
        """Refresh until cancelled."""
        while True:
            await self.refresh()
            await self._sleep(_EVERY.total_seconds())

    async def refresh(self) -> None:
        """Look once; a database that is away leaves what is known, and is said so with each answer. Never raises."""
        try:
            async with asyncio.timeout(_WITHIN.total_seconds()), self._one_at_a_time:
                await self._look()
        except Exception as error:  # noqa: BLE001 - whatever the database raises: it comes back
            if not self._partners.away:
                log.warning("partners_not_read", kind=type(error).__name__)
            self._partners.away = True
        else:
            self._partners.away = False

    async def _look(self) -> None:
        async with self._units() as uow:
            revision = await uow.partners.revision()
            newest = await uow.partners.newest() if revision != self._partners.revision else None
        if newest is not None:
            now = lay_over(self._partners.now.shipped, newest)
            self._partners.now, self._partners.revision = now, revision
            if now.unusable:
                log.warning("partner_edits_not_usable", partners=sorted(now.unusable))
            self._keep_copy(now.file.written())
        await self._tell_what_is_due()

    async def _tell_what_is_due(self) -> None:
        """The digest, once a month; the outbox knows whether another replica was first."""
        month = digest(self._partners.now, self._clock())
        if month is None or month == self._told or not self._staff.administrators:
            return
        async with self._units() as uow:
            await put_digest(uow, month, self._staff, self._clock())
            await uow.commit()
        self._told = month
        self._wake()

    def _keep_copy(self, text: str) -> None:
        """Write the copy whole or not at all, readable by its owner only."""
        beside = self._last_known.with_name(f".{self._last_known.name}.{secrets.token_hex(4)}")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            beside.replace(self._last_known)
        except OSError as error:
            log.warning("last_known_partners_not_kept", kind=type(error).__name__)
            beside.unlink(missing_ok=True)
