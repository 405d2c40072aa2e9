"""The schema, in one place. Content is in binary columns, sealed by the codec; what is plain, is plain on purpose.

Plain are ids, references, statuses, outcomes, times and versions: what is needed to find, order and count. The
constraints make states that must not exist impossible to store. Triggers that keep the audit log append-only are
made by the migrations.
"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from dialogs.domain.addresses import CardSubject
from dialogs.domain.assessment import Outcome
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import OPEN, UNCLAIMED, SignalStatus
from dialogs.domain.notices import Lane, NoticeKind
from dialogs.domain.partners import Change
from dialogs.domain.signals import Channel
from storage.column_types import UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _one_of(column: str, values: Iterable[StrEnum]) -> str:
    """The SQL condition that a column holds one of these values."""
    listed = ", ".join(f"'{value}'" for value in sorted(values))
    return f"{column} IN ({listed})"


#: Conditions of the partial indexes on signals; a query must say them letter for letter to be answered by one.
_OPEN = "queue_rank IS NOT NULL"
_OPEN_LEADS = "queue_rank IS NOT NULL AND lead IS NULL"


def _partial_index(name: str, condition: str, *columns: str) -> Index:
    return Index(name, *columns, postgresql_where=text(condition), sqlite_where=text(condition))


def _queue_index(name: str, condition: str, *first: str) -> Index:
    """An index in the order of the queue, behind the columns that a filter fixes."""
    return _partial_index(name, condition, *first, "queue_rank", "received_at", "id")


activities = Table(
    "activities",
    metadata,
    Column("activity_id", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_activities_at", "at"),
    sqlite_with_rowid=False,
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reporter", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("content", LargeBinary, nullable=False),
    # How many reminders were given since the last change, and when something is due.
    Column("reminded", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    UniqueConstraint("reporter"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("reminded >= 0", name="reminded"),
    Index("ix_drafts_due_at", "due_at"),
)

# Drafts that did not open, as they were; their content stays bound to the table that they came from.
drafts_aside = Table(
    "drafts_aside",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reporter", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("aside_at", UtcDateTime, nullable=False),
)

signals = Table(
    "signals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reference", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("owner", Text),
    # What it is listed as: by the officer's judgement, else by the assessment.
    Column("outcome", Text, nullable=False),
    # Codes with commas between, best first: "SU,CU".
    Column("forms", Text, nullable=False),
    # Minus the rank of the outcome, so that the queue is read in ascending order; null once the signal has ended.
    Column("queue_rank", Integer),
    # How many events were appended: the number of the last one.
    Column("events", Integer, nullable=False),
    Column("reporter_name", LargeBinary, nullable=False),
    Column("answers", LargeBinary, nullable=False),
    Column("suggestions", LargeBinary, nullable=False),
    Column("assessment", LargeBinary, nullable=False),
    # The signal that leads, if this one follows it.
    Column("lead", Text),
    # Planned from the history: when something must be done, when a partner's feedback is late, when the reporter must
    # have heard something.
    Column("due_at", UtcDateTime),
    Column("partner_due_at", UtcDateTime),
    Column("feedback_due_at", UtcDateTime),
    UniqueConstraint("reference"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("reference LIKE 'S-____-____%'", name="reference"),
    CheckConstraint(_one_of("status", SignalStatus), name="status"),
    CheckConstraint(_one_of("outcome", Outcome), name="outcome"),
    CheckConstraint(f"owner IS NOT NULL OR {_one_of('status', UNCLAIMED)}", name="owner"),
    CheckConstraint(f"(queue_rank IS NOT NULL) = ({_one_of('status', OPEN)})", name="queue_rank"),
    Index("ix_signals_reporter", "reporter", "received_at", "id"),
    _queue_index("ix_signals_queue", _OPEN_LEADS),
    _queue_index("ix_signals_queue_owner", _OPEN, "owner"),
    _queue_index("ix_signals_queue_status", _OPEN_LEADS, "status"),
    _queue_index("ix_signals_queue_partner", f"{_OPEN_LEADS} AND partner_due_at IS NOT NULL"),
    _partial_index("ix_signals_feedback_due_at", _OPEN_LEADS, "feedback_due_at"),
    _partial_index("ix_signals_due_at", "due_at IS NOT NULL", "due_at"),
    _partial_index("ix_signals_lead", "lead IS NOT NULL", "lead"),
    Index("ix_signals_received_at", "received_at", "id"),
)

signal_exclusions = Table(
    "signal_exclusions",
    metadata,
    Column("signal_id", Text, ForeignKey("signals.id", ondelete="CASCADE"), primary_key=True),
    Column("person", Text, primary_key=True),
    sqlite_with_rowid=False,
)

# Of signals that a colleague entered on behalf of somebody; the others came in by Teams.
signal_origins = Table(
    "signal_origins",
    metadata,
    Column("signal_id", Text, ForeignKey("signals.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", Text, nullable=False),
    # Team and contact: free text, so it may name somebody.
    Column("content", LargeBinary, nullable=False),
    CheckConstraint(_one_of("channel", Channel), name="channel"),
)

signal_events = Table(
    "signal_events",
    metadata,
    Column("signal_id", Text, ForeignKey("signals.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint(_one_of("kind", EventKind), name="kind"),
    CheckConstraint(_one_of("status", SignalStatus), name="status"),
)

# Where signals are, blind: a keyed hash of the normal form, so that equal places can be found and none can be read.
signal_places = Table(
    "signal_places",
    metadata,
    Column("signal_id", Text, ForeignKey("signals.id", ondelete="CASCADE"), primary_key=True),
    Column("place", LargeBinary, primary_key=True),
    Index("ix_signal_places_place", "place", "signal_id"),
)

# What officers set for themselves.
desks = Table(
    "desks",
    metadata,
    Column("person", Text, primary_key=True),
    Column("absent_until", UtcDateTime),
    Column("digest_minute", Integer, nullable=False),
    Column("digest_due_at", UtcDateTime),
    CheckConstraint("digest_minute BETWEEN 0 AND 1439", name="digest_minute"),
)

# Lines of officers for the talk with partners.
talk_notes = Table(
    "talk_notes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("ix_talk_notes_at", "at", "id"),
)

# The last number of each year. Rows stay when signals go, so that no number is given out twice.
reference_numbers = Table(
    "reference_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    CheckConstraint("last >= 1", name="last"),
)


def _of_outbox(name: str, condition: str, *columns: str) -> Index:
    return Index(name, *columns, postgresql_where=text(condition), sqlite_where=text(condition))


outbox = Table(
    "outbox",
    metadata,
    # The order of arrival.
    Column("number", Integer, Identity(), primary_key=True),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("signal_id", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # Ids and keys as a JSON object.
    Column("detail", Text, nullable=False),
    # From when it may be claimed; while it is claimed, when the lease ends.
    Column("due_at", UtcDateTime, nullable=False),
    # Who holds or last held the lease; null if nobody tried it or the last try was released.
    Column("worker", Text),
    Column("attempts", Integer, nullable=False),
    Column("ambiguous", Boolean, nullable=False),
    Column("last_error", Text),
    # When it was delivered, given up (then it is dead) or let go (then last_error says why).
    Column("settled_at", UtcDateTime),
    Column("dead", Boolean, nullable=False),
    # Replicas of the version before this column know one lane only.
    Column("lane", Text, nullable=False, server_default=Lane.ORDINARY),
    # When a dead letter was last put back, and whether it is dead because the recipient cannot be reached.
    Column("resent_at", UtcDateTime),
    Column("unreachable", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("id"),
    CheckConstraint(_one_of("kind", NoticeKind), name="kind"),
    CheckConstraint(_one_of("lane", Lane), name="lane"),
    CheckConstraint("attempts >= 0", name="attempts"),
    CheckConstraint("settled_at IS NOT NULL OR NOT dead", name="dead"),
    _of_outbox("ix_outbox_unsent", "settled_at IS NULL", "lane", "number"),
    _of_outbox("ix_outbox_unsent_recipient", "settled_at IS NULL", "recipient", "lane", "number"),
    _of_outbox("ix_outbox_settled_at", "settled_at IS NOT NULL", "settled_at"),
    _of_outbox("ix_outbox_dead", "dead", "number"),
    Index("ix_outbox_signal_id", "signal_id", "number"),
    sqlite_autoincrement=True,
)

# What one worker at a time may do, and who does it.
leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    # Who had it before the holder took it, or took it again.
    Column("holder_before", Text, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("person", Text, primary_key=True),
    Column("name", LargeBinary, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("service_url", Text, nullable=False),
    Column("tenant_id", Text, nullable=False),
    Column("teams_id", Text, nullable=False),
    Column("bot_id", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("reachable", Boolean, nullable=False),
    # The last nudge, or the first time that this person was seen.
    Column("nudged_at", UtcDateTime, nullable=False),
    Index("ix_people_nudged_at", "nudged_at"),
)

# Who was never seen and does not have the app, as Teams said; being seen later ends it.
without_app = Table(
    "without_app",
    metadata,
    Column("person", Text, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
)

# What the officers set, newest last: every how many weeks colleagues are nudged.
nudge_intervals = Table(
    "nudge_intervals",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("weeks", Integer, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("weeks BETWEEN 0 AND 104", name="weeks"),
)

# Who wants no nudges.
nudge_refusals = Table("nudge_refusals", metadata, Column("person", Text, primary_key=True))

cards = Table(
    "cards",
    metadata,
    Column("signal_id", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("message_id", Text, nullable=False),
    CheckConstraint(_one_of("subject", CardSubject), name="subject"),
)

# What administrators changed in the directory of partners; rows are added, never changed. How many there are is the
# revision of the directory.
partner_edits = Table(
    "partner_edits",
    metadata,
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("change", Text, nullable=False),
    # The entry and the shipped one of that moment: who checked a number is a name.
    Column("content", LargeBinary, nullable=False),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint(_one_of("change", Change), name="change"),
)

# Somebody said that an entry is not right.
partner_remarks = Table(
    "partner_remarks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("ix_partner_remarks_at", "at", "id"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("number >= 1", name="number"),
)
