"""All signals and their histories."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, tuple_, update
from sqlalchemy import insert as plain_insert

from dialogs.domain.assessment import Assessment
from dialogs.domain.events import ENDS_QUESTION, EventKind, SignalEvent
from dialogs.domain.lifecycle import OPEN, SignalStatus
from dialogs.domain.signals import Signal, Standing
from dialogs.ports import Conflict
from storage.codec import ContentCodec, Place
from storage.contents import (
    answers_from_json,
    answers_to_json,
    origin_from_json,
    origin_to_json,
    standing_from,
    suggestions_from_json,
    suggestions_to_json,
)
from storage.tables import reference_numbers, signal_events, signal_exclusions, signal_origins, signal_places, signals
from storage.transaction import Transaction
from storage.upsert import insert

_REPORTER_NAME = Place("signals", "reporter_name")
_ANSWERS = Place("signals", "answers")
_SUGGESTIONS = Place("signals", "suggestions")
_ASSESSMENT = Place("signals", "assessment")
_EVENT_CONTENT = Place("signal_events", "content")
_ORIGIN = Place("signal_origins", "content")

#: Between the excluded people when they are read with their signal; no object id has it.
_SEPARATOR = "\n"

_NEXT_NUMBER = (
    insert(reference_numbers)
    .values(year=bindparam("year"), last=1)
    .on_conflict_do_update(index_elements=["year"], set_={"last": reference_numbers.c.last + 1})
    .returning(reference_numbers.c.last)
)
_ADD = insert(signals).on_conflict_do_nothing().returning(signals.c.id)
_SAVE = (
    update(signals)
    .where(signals.c.id == bindparam("signal_id"), signals.c.version == bindparam("stored_version"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "changed_at", "version", "status", "owner", "outcome", "forms", "queue_rank",
                "answers", "suggestions", "assessment", "lead", "due_at", "partner_due_at", "feedback_due_at",
            )
        }
    )
    .returning(signals.c.version)
)  # fmt: skip
_PLANNED = ("due_at", "partner_due_at", "feedback_due_at")
_PLAN = (
    update(signals)
    .where(
        signals.c.id == bindparam("signal_id"),
        signals.c.version == bindparam("stored_version"),
        signals.c.due_at.is_not_distinct_from(bindparam("was_due_at", type_=signals.c.due_at.type)),
    )
    .values({name: bindparam(name) for name in _PLANNED})
    .returning(signals.c.id)
)
_EXCLUDE = plain_insert(signal_exclusions)
_ADD_ORIGIN = plain_insert(signal_origins)
_INCLUDE_ALL = delete(signal_exclusions).where(signal_exclusions.c.signal_id == bindparam("of_signal"))

_SIGNALS = select(
    signals,
    select(func.aggregate_strings(signal_exclusions.c.person, _SEPARATOR))
    .where(signal_exclusions.c.signal_id == signals.c.id)
    .scalar_subquery()
    .label("excluded"),
    signal_origins.c.content.label("origin"),
).outerjoin_from(signals, signal_origins, signal_origins.c.signal_id == signals.c.id)
_GET = _SIGNALS.where(signals.c.id == bindparam("signal_id"))
_OF_REPORTER = (
    _SIGNALS.where(signals.c.reporter == bindparam("of_reporter"))
    .order_by(signals.c.received_at.desc(), signals.c.id.desc())
    .limit(bindparam("count"))
)
_BY_REFERENCE = _SIGNALS.where(signals.c.reference == bindparam("of_reference"))
_ARRIVAL = (signals.c.received_at, signals.c.id)
_FIRST_PAGE = _SIGNALS.order_by(*_ARRIVAL).limit(bindparam("count"))
_NEXT_PAGE = (
    _SIGNALS.where(tuple_(*_ARRIVAL) > tuple_(*(bindparam(f"after_{c.name}", type_=c.type) for c in _ARRIVAL)))
    .order_by(*_ARRIVAL)
    .limit(bindparam("count"))
)
_COUNT = select(func.count()).select_from(signals)
_newest_about_question = (
    select(signal_events.c.kind)
    .where(
        signal_events.c.signal_id == signals.c.id,
        signal_events.c.kind.in_(sorted({EventKind.ASKED, *ENDS_QUESTION})),
    )
    .order_by(signal_events.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_ASKED = (
    _SIGNALS.where(
        signals.c.reporter == bindparam("of_reporter"),
        signals.c.status.in_(sorted(OPEN)),
        _newest_about_question == EventKind.ASKED.value,
    )
    .order_by(signals.c.received_at.desc(), signals.c.id.desc())
    .limit(bindparam("count"))
)
_FOLLOWERS = _SIGNALS.where(signals.c.lead == bindparam("of_lead")).order_by(signals.c.received_at, signals.c.id)

_NEXT_EVENT = (
    update(signals)
    .where(signals.c.id == bindparam("signal_id"))
    .values(events=signals.c.events + 1)
    .returning(signals.c.events)
)
_APPEND = plain_insert(signal_events)
_HISTORY = (
    select(signal_events).where(signal_events.c.signal_id == bindparam("of_signal")).order_by(signal_events.c.number)
)


_FORGET_PLACES = delete(signal_places).where(signal_places.c.signal_id == bindparam("of_signal"))
_ADD_PLACES = plain_insert(signal_places)


class SignalStore:
    """A `dialogs.ports.Signals`."""

    __slots__ = ("_codec", "_transaction")

    def __init__(self, transaction: Transaction, codec: ContentCodec) -> None:
        self._transaction = transaction
        self._codec = codec

    async def next_reference(self, year: int) -> str:
        """The next number of that year. On PostgreSQL a second caller waits for the first one's commit."""
        number = (await self._transaction.execute(_NEXT_NUMBER, {"year": year})).scalar_one()
        return f"S-{year:04}-{number:04}"

    async def add(self, signal: Signal) -> Signal:
        """Store a new signal. Raises Conflict if its id or reference is there already."""
        added = replace(signal, version=1)
        values = self._changing(added) | {
            "id": added.id,
            "reference": added.reference,
            "reporter": added.reporter,
            "received_at": added.received_at,
            "events": 0,
            "reporter_name": self._codec.seal(_REPORTER_NAME, added.id, added.reporter_name),
        }
        if (await self._transaction.execute(_ADD, values)).first() is None:
            raise Conflict(f"signal {signal.id} is there already")
        await self._exclude(added)
        if (origin := origin_to_json(added.origin)) is not None:
            sealed = self._codec.seal(_ORIGIN, added.id, origin)
            values = {"signal_id": added.id, "channel": added.origin.channel.value, "content": sealed}
            await self._transaction.execute(_ADD_ORIGIN, values)
        return added

    async def get(self, signal_id: str) -> Signal | None:
        """The signal with this id. Raises ContentUnreadable."""
        row = (await self._transaction.execute(_GET, {"signal_id": signal_id})).first()
        return None if row is None else self._signal(row)

    async def save(self, signal: Signal) -> Signal:
        """Store a change; reference, reporter, arrival and origin stay as they were. Raises Conflict."""
        saved = replace(signal, version=signal.version + 1)
        values = self._changing(saved) | {"signal_id": signal.id, "stored_version": signal.version}
        if (await self._transaction.execute(_SAVE, values)).first() is None:
            raise Conflict(f"signal {signal.id} is not stored with version {signal.version}")
        await self._transaction.execute(_INCLUDE_ALL, {"of_signal": signal.id})
        await self._exclude(saved)
        return saved

    async def plan(self, signal: Signal, was_due_at: datetime | None) -> bool:
        """Store only what is planned; False if the signal was changed or planned by somebody else meanwhile."""
        values: dict[str, Any] = {name: getattr(signal, name) for name in _PLANNED}
        values |= {"signal_id": signal.id, "stored_version": signal.version, "was_due_at": was_due_at}
        return (await self._transaction.execute(_PLAN, values)).first() is not None

    async def append(self, event: SignalEvent) -> SignalEvent:
        """Add an event to the history. Raises Conflict if there is no such signal."""
        number = (await self._transaction.execute(_NEXT_EVENT, {"signal_id": event.signal_id})).scalar()
        if number is None:
            raise Conflict(f"there is no signal {event.signal_id} to append to")
        row = _event_row(event.signal_id, number)
        values: dict[str, Any] = {
            "signal_id": event.signal_id,
            "number": number,
            "at": event.at,
            "actor": event.actor,
            "kind": event.kind.value,
            "status": event.status.value,
            "content": self._codec.seal(_EVENT_CONTENT, row, dict(event.content)),
        }
        await self._transaction.execute(_APPEND, values)
        return replace(event, number=number)

    async def history(self, signal_id: str) -> Sequence[SignalEvent]:
        """All events, oldest first. Raises ContentUnreadable."""
        rows = await self._transaction.execute(_HISTORY, {"of_signal": signal_id})
        return [self._event(row) for row in rows]

    async def of_reporter(self, reporter: str, limit: int) -> Sequence[Signal]:
        """The newest signals of this person, newest first. Raises ContentUnreadable."""
        rows = await self._transaction.execute(_OF_REPORTER, {"of_reporter": reporter, "count": limit})
        return [self._signal(row) for row in rows]

    async def by_reference(self, reference: str) -> Signal | None:
        """The signal with this reference. Raises ContentUnreadable."""
        row = (await self._transaction.execute(_BY_REFERENCE, {"of_reference": reference})).first()
        return None if row is None else self._signal(row)

    async def asked(self, reporter: str, limit: int) -> Sequence[Signal]:
        """The open signals of this person with a question that is open, newest first. Raises ContentUnreadable."""
        rows = await self._transaction.execute(_ASKED, {"of_reporter": reporter, "count": limit})
        return [self._signal(row) for row in rows]

    async def page(self, behind: Signal | None, limit: int) -> Sequence[Signal]:
        """All signals in order of arrival, a page at a time. Raises ContentUnreadable."""
        if behind is None:
            rows = await self._transaction.execute(_FIRST_PAGE, {"count": limit})
        else:
            after = {"after_received_at": behind.received_at, "after_id": behind.id}
            rows = await self._transaction.execute(_NEXT_PAGE, {**after, "count": limit})
        return [self._signal(row) for row in rows]

    async def count(self) -> int:
        """How many are stored."""
        return int((await self._transaction.execute(_COUNT)).scalar_one())

    async def followers(self, lead: str) -> Sequence[Signal]:
        """The signals that follow this one, oldest first. Raises ContentUnreadable."""
        rows = await self._transaction.execute(_FOLLOWERS, {"of_lead": lead})
        return [self._signal(row) for row in rows]

    async def place(self, signal_id: str, places: Sequence[tuple[str, str]]) -> None:
        """Index the signal by these pairs of a kind and a normal form, instead of those before."""
        await self._transaction.execute(_FORGET_PLACES, {"of_signal": signal_id})
        blind = {bytes.fromhex(self._codec.digest(f"place\n{kind}\n{normal}".encode())) for kind, normal in places}
        if blind:
            rows = [{"signal_id": signal_id, "place": each} for each in sorted(blind)]
            await self._transaction.execute(_ADD_PLACES, rows)

    async def _exclude(self, signal: Signal) -> None:
        if signal.excluded:
            people = [{"signal_id": signal.id, "person": person} for person in sorted(signal.excluded)]
            await self._transaction.execute(_EXCLUDE, people)

    def _changing(self, signal: Signal) -> dict[str, Any]:
        """The columns that a change may touch."""
        standing = signal.standing
        return {
            "changed_at": signal.changed_at,
            "version": signal.version,
            "status": signal.status.value,
            "owner": signal.owner,
            "outcome": standing.outcome.value,
            "forms": ",".join(standing.forms),
            "lead": signal.lead,
            "due_at": signal.due_at,
            "partner_due_at": signal.partner_due_at,
            "feedback_due_at": signal.feedback_due_at,
            "queue_rank": -standing.outcome.rank if signal.status in OPEN else None,
            "answers": self._codec.seal(_ANSWERS, signal.id, answers_to_json(signal.answers)),
            "suggestions": self._codec.seal(_SUGGESTIONS, signal.id, suggestions_to_json(signal.suggestions)),
            "assessment": self._codec.seal(_ASSESSMENT, signal.id, signal.assessment.to_json()),
        }

    def _signal(self, row: Row[Any]) -> Signal:
        assessment = Assessment.from_json(self._codec.open(_ASSESSMENT, row.id, row.assessment))
        standing = standing_from(row.outcome, row.forms)
        return Signal(
            id=row.id,
            reference=row.reference,
            reporter=row.reporter,
            reporter_name=self._codec.open(_REPORTER_NAME, row.id, row.reporter_name),
            received_at=row.received_at,
            answers=answers_from_json(self._codec.open(_ANSWERS, row.id, row.answers)),
            suggestions=suggestions_from_json(self._codec.open(_SUGGESTIONS, row.id, row.suggestions)),
            assessment=assessment,
            status=SignalStatus(row.status),
            owner=row.owner,
            excluded=frozenset(row.excluded.split(_SEPARATOR) if row.excluded else ()),
            version=row.version,
            changed_at=row.changed_at,
            origin=origin_from_json(row.origin and self._codec.open(_ORIGIN, row.id, row.origin)),
            lead=row.lead,
            due_at=row.due_at,
            partner_due_at=row.partner_due_at,
            feedback_due_at=row.feedback_due_at,
            judged=None if standing == Standing.of(assessment) else standing,
        )

    def _event(self, row: Row[Any]) -> SignalEvent:
        place = _event_row(row.signal_id, row.number)
        return SignalEvent(
            signal_id=row.signal_id,
            at=row.at,
            actor=row.actor,
            kind=EventKind(row.kind),
            status=SignalStatus(row.status),
            number=row.number,
            content=MappingProxyType(self._codec.open(_EVENT_CONTENT, place, row.content)),
        )


def _event_row(signal_id: str, number: int) -> str:
    """The row id to which an event's content is bound."""
    return f"{signal_id}/{number}"
