"""What tells whether the database and what waits in it are well: numbers and moments, nothing of content."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, bindparam, column, false, func, select, table

from dialogs.domain.assessment import Outcome
from dialogs.domain.lifecycle import SignalStatus
from storage.column_types import UtcDateTime
from storage.tables import drafts_aside, outbox, signal_exclusions, signals
from storage.transaction import Transactions

_revision = select(func.max(column("version_num", Text()))).select_from(table("alembic_version"))
_unsent = select(func.min(func.coalesce(outbox.c.resent_at, outbox.c.created_at))).where(outbox.c.settled_at.is_(None))
_acute = select(func.min(signals.c.received_at)).where(
    signals.c.queue_rank.is_not(None),
    signals.c.outcome == Outcome.ACUTE.value,
    signals.c.status == SignalStatus.RECEIVED.value,
)
_dead = select(func.count()).select_from(outbox).where(outbox.c.dead)
# As `Staff.handlers` says it: everybody who handles signals is kept from it.
_kept_from_all = (
    select(signal_exclusions.c.signal_id)
    .where(signal_exclusions.c.person.in_(bindparam("handlers", expanding=True)))
    .group_by(signal_exclusions.c.signal_id)
    .having(func.count() == bindparam("all_handlers"))
)
_unhandled = (
    select(func.count()).select_from(signals).where(signals.c.queue_rank.is_not(None), signals.c.id.in_(_kept_from_all))
)
_aside = select(func.count()).select_from(drafts_aside)
_LOOK = select(
    _revision.scalar_subquery().label("revision"),
    func.coalesce(_unsent.scalar_subquery(), None, type_=UtcDateTime()).label("oldest_unsent"),
    func.coalesce(_acute.scalar_subquery(), None, type_=UtcDateTime()).label("oldest_acute"),
    _dead.scalar_subquery().label("dead"),
    _aside.scalar_subquery().label("aside"),
    _unhandled.scalar_subquery().label("unhandled"),
)
# A managed server takes no changes when its disk is nearly full, and neither does one that others took over from.
_READ_ONLY = {"postgresql": func.current_setting("transaction_read_only") == "on", "sqlite": false()}
_LOOK_AT = {dialect: _LOOK.add_columns(is_so.label("read_only")) for dialect, is_so in _READ_ONLY.items()}


@dataclass(frozen=True, slots=True)
class StoredHealth:
    """The state of the database at one moment."""

    #: The revision of the schema; None: there is none.
    revision: str | None
    #: Since when the oldest notice waits that still has to be sent; None: none waits.
    oldest_unsent: datetime | None
    #: Since when the oldest acute signal waits that nobody took up; None: none waits.
    oldest_acute: datetime | None
    dead_letters: int
    #: How many drafts do not open, and wait apart until they do.
    drafts_aside: int = 0
    #: How many open signals nobody may handle.
    unhandled: int = 0
    #: Whether the database takes no changes.
    read_only: bool = False


async def look_at(engine: Transactions, handlers: Collection[str]) -> StoredHealth:
    """The state now, in one statement; `handlers` is everybody who may ever handle a signal.

    Raises what the driver raises, and DBAPIError where there are no tables.
    """
    different = sorted(set(handlers))
    values = {"handlers": different, "all_handlers": len(different)}
    transaction = engine.connect()
    await transaction.start()
    try:
        row = (await transaction.execute(_LOOK_AT[transaction.dialect.name], values)).one()
    finally:
        await transaction.close()
    return StoredHealth(
        row.revision,
        row.oldest_unsent,
        row.oldest_acute,
        row.dead,
        row.aside,
        row.unhandled,
        read_only=bool(row.read_only),
    )
