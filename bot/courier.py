"""Brings one notice that was claimed to its person, and writes down what became of it."""

import asyncio
import random
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.retry import Decision, Delivered, GiveUp, LetGo, PutOff, TryAgain, before_sending, decide
from bot.teams.errors import Ambiguous, DeliveryFailed, Unreachable
from bot.telemetry import OFF, Telemetry
from dialogs.domain.notices import Notice
from dialogs.ports import Claimed, UnitOfWork, UnitsOfWork

log = structlog.get_logger(__name__)


class Obsolete(Exception):
    """There is nothing to send any more: what the notice tells of is gone."""


class Sender(Protocol):
    """Makes a message of a notice and sends it."""

    async def send(self, notice: Notice) -> None:
        """Send it. Raises DeliveryFailed, or Obsolete when there is nothing to send any more."""
        ...


#: What else is stored in the transaction in which a notice becomes a dead letter, by why it does.
Undelivered = Callable[[UnitOfWork, Notice, str, datetime], Awaitable[None]]


async def tell_nobody(_uow: UnitOfWork, _notice: Notice, _why: str, _now: datetime) -> None:
    """An `Undelivered` that stores nothing."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things may take."""

    #: How long a notice is claimed for; longer than sending may take, so that a healthy worker never loses it.
    lease: timedelta = timedelta(seconds=45)
    send_within: timedelta = timedelta(seconds=35)
    #: The first wait after the database failed; it doubles up to the longest.
    recover: timedelta = timedelta(seconds=0.5)
    recover_at_most: timedelta = timedelta(seconds=5)


class Courier:
    """Delivers what one worker claimed."""

    def __init__(
        self,
        units: UnitsOfWork,
        sender: Sender,
        clock: Clock,
        *,
        worker: str,
        terms: Terms,
        undelivered: Undelivered = tell_nobody,
        telemetry: Telemetry = OFF,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._units = units
        self._sender = sender
        self._clock = clock
        self._worker = worker
        self._terms = terms
        self._undelivered = undelivered
        self._telemetry = telemetry
        self._jitter = jitter
        self._sleep = sleep
        self._stopping = False

    def stop(self) -> None:
        """Wait no longer for a database that is away."""
        self._stopping = True

    async def deliver(self, claimed: Claimed) -> None:
        """Send it and record the outcome. Raises nothing: what goes wrong is an outcome too."""
        failure: DeliveryFailed | None = None
        decision: Decision | None = before_sending(claimed)
        if decision is None:
            failure = await self._try(claimed.notice)
            decision = decide(claimed, failure, self._clock(), self._jitter())
        self._tell(claimed, decision)
        await self._record(claimed.notice, decision, failure)

    async def _try(self, notice: Notice) -> DeliveryFailed | None:
        try:
            with self._telemetry.delivery(notice.kind, notice.signal_id):
                async with asyncio.timeout(self._terms.send_within.total_seconds()):
                    await self._sender.send(notice)
        except Obsolete:
            log.info("notice_obsolete", notice=notice.id, kind=notice.kind.value)
        except DeliveryFailed as failure:
            return failure
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the others
            log.error(  # noqa: TRY400 - the words of an error may hold content
                "notice_not_made", notice=notice.id, error=type(error).__name__, place=place_of(error)
            )
            return Ambiguous(code=type(error).__name__)
        return None

    async def _record(self, notice: Notice, decision: Decision, failure: DeliveryFailed | None) -> None:
        """Write the outcome down. While the database is away, again until the lease is over: else it is sent twice."""
        until = self._clock() + self._terms.lease
        pause = self._terms.recover
        while True:
            try:
                async with self._units() as uow:
                    kept = await self._written(uow, notice, decision)
                    if isinstance(failure, Unreachable):
                        await uow.people.unreachable(notice.recipient)
                    await uow.commit()
            except Exception as error:  # noqa: BLE001 - whatever the database raises: it comes back
                log.warning("outcome_not_recorded", notice=notice.id, kind=type(error).__name__)
                if self._stopping or self._clock() + pause > until:
                    return
                await self._sleep(pause.total_seconds())
                pause = min(pause * 2, self._terms.recover_at_most)
            else:
                if not kept:
                    log.warning("lease_lost", notice=notice.id)
                return

    async def _written(self, uow: UnitOfWork, notice: Notice, decision: Decision) -> bool:
        outbox, worker, now = uow.outbox, self._worker, self._clock()
        match decision:
            case Delivered():
                return await outbox.delivered(notice.id, worker, now)
            case TryAgain(at, reason, ambiguous):
                return await outbox.postpone(notice.id, worker, until=at, error=reason, ambiguous=ambiguous)
            case PutOff(at):
                return await outbox.put_off(notice.id, worker, at)
            case LetGo(reason):
                return await outbox.let_go(notice.id, worker, now, reason)
            case GiveUp(reason, unreachable):
                kept = await outbox.give_up(notice.id, worker, now, reason, unreachable=unreachable)
                if kept:
                    await self._undelivered(uow, notice, reason, now)
                return kept

    def _tell(self, claimed: Claimed, decision: Decision) -> None:
        kind = claimed.notice.kind.value
        about = {"notice": claimed.notice.id, "kind": kind, "tries": claimed.attempts + 1}
        match decision:
            case Delivered():
                log.info("notice_delivered", **about)
                self._telemetry.notice_delivered(kind, (self._clock() - claimed.since).total_seconds())
            case TryAgain(at, reason, ambiguous):
                log.warning("notice_postponed", **about, until=at.isoformat(), reason=reason, ambiguous=ambiguous)
                self._telemetry.notice_postponed(kind, reason, ambiguous=ambiguous)
            case PutOff(at):
                log.info("notice_held_back", **about, until=at.isoformat())
                self._telemetry.notice_postponed(kind, "held_back", ambiguous=False)
            case LetGo(reason):
                log.warning("notice_let_go", **about, reason=reason)
                self._telemetry.notice_let_go(kind, reason)
            case GiveUp(reason):
                log.error("notice_given_up", **about, reason=reason, signal=claimed.notice.signal_id)
                self._telemetry.notice_dead(kind, reason)


def place_of(error: Exception) -> str:
    """Where it was raised: all that a log may say of a fault besides its name."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
