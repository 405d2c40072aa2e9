"""The office: a clock, a list of who will do what and when, the watchdog, and a postman."""

import heapq
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, text, update

from bot.watchdog import Watchdog
from dialogs.domain.access import Staff
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.use_cases.case_work import CaseWork
from dialogs.use_cases.delivery import record_undelivered
from storage.engine import Database
from storage.tables import desks, outbox, signals
from storage.transaction import Transaction
from tests.knowledge import knowledge
from tests.storage.conftest import raw
from tests.year.calendar import ANNA, BAS, DINA

KNOWLEDGE = replace(
    knowledge(),
    staff=Staff((ANNA, BAS), deputies=(DINA,)),
    officer_names={ANNA: "Anna", BAS: "Bas", DINA: "Dina"},
    has_mailbox=True,
)
_MINUTE = timedelta(minutes=1)
_NEXT_DUE = select(func.min(signals.c.due_at)).where(text("due_at IS NOT NULL"))
_NEXT_DIGEST = select(func.min(desks.c.digest_due_at))
_LEFT = select(func.count()).where(text("due_at IS NOT NULL"), signals.c.due_at <= bindparam("now"))
_LETTER = (outbox.c.number, outbox.c.id, outbox.c.kind, outbox.c.recipient, outbox.c.signal_id, outbox.c.detail)
_POST = update(outbox).where(outbox.c.settled_at.is_(None)).values(settled_at=bindparam("now")).returning(*_LETTER)
_FAR = datetime.max.replace(tzinfo=UTC)

Act = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Posted:
    """What the postman brought, or could not."""

    notice: Notice
    arrived: bool


async def _nothing(_: frozenset[str]) -> None:
    pass


class Office:
    """Everybody's acts in order of time; between them the watchdog looks at each moment at which something is due."""

    def __init__(self, database: Database, gone: frozenset[str]) -> None:
        """`gone`: people whom no message reaches."""
        self.database = database
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.posted: list[Posted] = []
        self.looks = 0
        self._gone = gone
        self._acts: list[tuple[datetime, int, Act]] = []
        self._number = 0
        self._watchdog = Watchdog(database.unit_of_work, lambda: self.now, KNOWLEDGE, wake_dispatcher=lambda: None)
        #: Called with each notice that was brought.
        self.hears: Callable[[Notice], None] = lambda _: None
        #: Called after each act and look with the signals of which somebody heard something.
        self.check: Callable[[frozenset[str]], Awaitable[None]] = _nothing

    def at(self, when: datetime, act: Act) -> None:
        """Somebody will do this then; what was due before goes first."""
        self._number += 1
        heapq.heappush(self._acts, (when, self._number, act))

    def work(self, uow: Any, person: str) -> CaseWork:
        """The work of an officer now."""
        return CaseWork(uow, KNOWLEDGE.staff.actor(person), KNOWLEDGE, self.now)

    async def play(self, until: datetime) -> None:
        """Let time pass until then, stepping to each moment at which somebody acts or something is due."""
        while True:
            looking = await self._next_look()
            acting = self._acts[0][0] if self._acts else until
            if min(looking, acting) >= until:
                self.now = until
                return
            if looking <= acting:
                self.now = looking
                await self._look()
            else:
                self.now, _, act = heapq.heappop(self._acts)
                await act()
            before = len(self.posted)
            await self._post()
            await self.check(frozenset(each.notice.signal_id for each in self.posted[before:]))

    def raw(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction below the stores, to look with."""
        return raw(self.database)

    async def _next_look(self) -> datetime:
        """The first full minute, after the last look, at which something is due: the watchdog looks every minute."""
        async with self.raw() as transaction:
            found = [(await transaction.execute(each)).scalar_one() for each in (_NEXT_DUE, _NEXT_DIGEST)]
        at = min((each for each in found if each is not None), default=_FAR)
        if at < _FAR and (at.second or at.microsecond):
            at = at.replace(second=0, microsecond=0) + _MINUTE
        return max(at, self.now + timedelta(seconds=1))

    async def _look(self) -> None:
        self.looks += 1
        await self._watchdog.look()
        async with self.raw() as transaction:
            left = (await transaction.execute(_LEFT, {"now": self.now})).scalar_one()
        assert not left, f"{left} signals are still due after the look of {self.now}"

    async def _post(self) -> None:
        """Bring everything at once: how it is brought has its own tests."""
        async with self.raw() as transaction:
            rows = sorted(tuple(row) for row in await transaction.execute(_POST, {"now": self.now}))
            await transaction.commit()
        for _, notice_id, kind, recipient, signal_id, detail in rows:
            notice = Notice(notice_id, NoticeKind(kind), recipient, signal_id, self.now, json.loads(detail))
            arrived = recipient not in self._gone
            self.posted.append(Posted(notice, arrived))
            self.hears(notice)
            if not arrived:
                async with self.database.unit_of_work() as uow:
                    await record_undelivered(uow, notice, "403 gone", self.now, KNOWLEDGE.staff)
                    await uow.commit()
        if any(recipient in self._gone for _, _, _, recipient, _, _ in rows):
            await self._post()
