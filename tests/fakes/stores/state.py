"""Everything the stores in memory hold, as JSON by key."""

from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from dialogs.domain.addresses import CardSubject
from dialogs.domain.notices import Lane
from dialogs.ports import Lease

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """A notice in the outbox. Frozen, so that a copy of the table need not copy its rows."""

    id: str
    notice: str
    recipient: str
    lane: Lane
    due_at: datetime
    worker: str | None = None
    attempts: int = 0
    ambiguous: bool = False
    settled_at: datetime | None = None
    dead: bool = False
    error: str = ""
    unreachable: bool = False
    resent_at: datetime | None = None


@dataclass(slots=True)
class State:
    """Everything, as JSON by key."""

    activities: dict[str, datetime] = field(default_factory=dict[str, datetime])
    drafts: dict[str, str] = field(default_factory=dict[str, str])
    reminders: dict[str, tuple[int, datetime]] = field(default_factory=dict[str, tuple[int, datetime]])
    #: Ids of drafts that do not open, as if their key were gone.
    unreadable: set[str] = field(default_factory=set[str])
    drafts_aside: dict[str, str] = field(default_factory=dict[str, str])
    signals: dict[str, str] = field(default_factory=dict[str, str])
    events: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    references: dict[int, int] = field(default_factory=dict[int, int])
    places: dict[str, set[tuple[str, str]]] = field(default_factory=dict[str, set[tuple[str, str]]])
    desks: dict[str, str] = field(default_factory=dict[str, str])
    talk_notes: dict[str, str] = field(default_factory=dict[str, str])
    outbox: dict[str, Row] = field(default_factory=dict[str, Row])
    leases: dict[str, Lease] = field(default_factory=dict[str, Lease])
    people: dict[str, str] = field(default_factory=dict[str, str])
    without_app: dict[str, datetime] = field(default_factory=dict[str, datetime])
    nudged: dict[str, datetime] = field(default_factory=dict[str, datetime])
    nudge_intervals: list[str] = field(default_factory=list[str])
    nudge_refusals: set[str] = field(default_factory=set[str])
    cards: dict[tuple[str, CardSubject, str], str] = field(default_factory=dict[tuple[str, CardSubject, str], str])
    partner_edits: dict[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])
    partner_remarks: dict[str, str] = field(default_factory=dict[str, str])
    audit: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def copied(self) -> "State":
        """A copy that shares nothing that can change; of what is in a table only lists and sets can."""
        tables: dict[str, Any] = {each.name: copy(getattr(self, each.name)) for each in fields(self)}
        for table in tables.values():
            if isinstance(table, dict):
                rows = cast("dict[object, object]", table)
                rows.update({key: copy(row) for key, row in rows.items() if isinstance(row, list | set)})  # pyright: ignore[reportUnknownArgumentType] - of anything
        return State(**tables)


class Store:
    def __init__(self, state: State) -> None:
        self._state = state


@cache
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)


def dump(value: object) -> str:
    """The value as JSON. Raises for what JSON cannot hold, and for a time without a time zone."""
    return _adapter(type(value)).dump_json(_in_utc(value), warnings="error").decode()


def load(kind: type[T], text: str) -> T:
    """What `dump` wrote."""
    return _in_utc(_adapter(kind).validate_json(text))


def _in_utc(value: Any) -> Any:
    """The dataclass with its times in UTC."""
    times = {each.name: getattr(value, each.name) for each in fields(value)}
    return replace(value, **{name: utc(at) for name, at in times.items() if isinstance(at, datetime)})


def utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a time zone is not stored: pass an aware datetime")
    return at.astimezone(UTC)
