"""Reminders of drafts, nudges, additions, wishes to withdraw, and where a signal came from."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.column_types import UtcDateTime

revision = "0003"
down_revision = "0002"

_STATUSES = (
    "'closed', 'consulting', 'handed_over', 'received', 'reopened', 'taken_up', 'waiting_for_reporter', 'withdrawn'"
)
_EVENTS = (
    "kind IN ('added', 'closed', 'feedback_read', 'handed_over', 'received', 'taken_up', 'withdrawal_declined', "
    "'withdrawal_wished', 'withdrawn')"
)
_NOTICES = (
    "kind IN ('addition', 'draft_expired', 'draft_reminder', 'expired_card', 'intake_card', 'nudge', 'officer_card', "
    "'partner_doubted', 'partners_due', 'receipt', 'signal_for_officer', 'status_for_reporter', 'withdrawal_wish')"
)


def upgrade() -> None:
    op.create_table(
        "signal_origins",
        sa.Column("signal_id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("signal_id", name="pk_signal_origins"),
        sa.ForeignKeyConstraint(["signal_id"], ["signals.id"], name="fk_signal_origins_signal_id", ondelete="CASCADE"),
        sa.CheckConstraint(
            "channel IN ('mail', 'partner', 'phone', 'teams', 'visit')", name="ck_signal_origins_channel"
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        _change_on_postgresql()
    else:
        _make_again_on_sqlite()
    op.create_index("ix_drafts_due_at", "drafts", ["due_at"])
    op.create_index("ix_people_nudged_at", "people", ["nudged_at"])


def _change_on_postgresql() -> None:
    for constraint, table, condition in (
        ("ck_signal_events_kind", "signal_events", _EVENTS),
        ("ck_outbox_kind", "outbox", _NOTICES),
    ):
        op.drop_constraint(constraint, table)
        op.create_check_constraint(constraint, table, condition)
    # What is there already is looked at once, as soon as people are at work.
    for table, column, value in (
        ("drafts", sa.Column("reminded", sa.Integer), "0"),
        ("drafts", sa.Column("due_at", UtcDateTime), "changed_at"),
        ("people", sa.Column("nudged_at", UtcDateTime), "seen_at"),
    ):
        op.add_column(table, column)
        op.execute(f"UPDATE {table} SET {column.name} = {value}")  # noqa: S608 - all three are written above
        op.alter_column(table, column.name, nullable=False)
    op.create_check_constraint("ck_drafts_reminded", "drafts", "reminded >= 0")


def _make_again_on_sqlite() -> None:
    """SQLite cannot change a constraint: new tables take over the rows, and the names."""
    unsent = sa.text("settled_at IS NULL")
    op.drop_index("ix_outbox_unsent", "outbox")
    op.drop_index("ix_outbox_unsent_recipient", "outbox")
    for table, elements, with_new in (
        ("drafts", _drafts(), "*, 0, changed_at"),
        ("people", _people(), "*, seen_at"),
        ("signal_events", _events(), "*"),
    ):
        op.rename_table(table, f"{table}_before")
        op.create_table(table, *elements)
        _take_over(table, with_new)
    op.rename_table("outbox", "outbox_before")
    op.create_table("outbox", *_outbox(), sqlite_autoincrement=True)
    _take_over("outbox", "*")
    op.create_index("ix_outbox_unsent", "outbox", ["number"], sqlite_where=unsent)
    op.create_index("ix_outbox_unsent_recipient", "outbox", ["recipient", "number"], sqlite_where=unsent)


def _take_over(table: str, with_new: str) -> None:
    op.execute(f"INSERT INTO {table} SELECT {with_new} FROM {table}_before")  # noqa: S608 - written above
    op.drop_table(f"{table}_before")


def _drafts() -> Sequence[sa.schema.SchemaItem]:
    return (
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("reporter", sa.Text, nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("practice", sa.Boolean, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("reminded", sa.Integer, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("reporter", name="uq_drafts_reporter"),
        sa.CheckConstraint("version >= 1", name="ck_drafts_version"),
        sa.CheckConstraint("reminded >= 0", name="ck_drafts_reminded"),
    )


def _people() -> Sequence[sa.schema.SchemaItem]:
    return (
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("service_url", sa.Text, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("teams_id", sa.Text, nullable=False),
        sa.Column("bot_id", sa.Text, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("reachable", sa.Boolean, nullable=False),
        sa.Column("nudged_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_people"),
    )


def _events() -> Sequence[sa.schema.SchemaItem]:
    return (
        sa.Column("signal_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("signal_id", "number", name="pk_signal_events"),
        sa.ForeignKeyConstraint(["signal_id"], ["signals.id"], name="fk_signal_events_signal_id", ondelete="CASCADE"),
        sa.CheckConstraint("number >= 1", name="ck_signal_events_number"),
        sa.CheckConstraint(_EVENTS, name="ck_signal_events_kind"),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name="ck_signal_events_status"),
    )


def _outbox() -> Sequence[sa.schema.SchemaItem]:
    return (
        sa.Column("number", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("signal_id", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("worker", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("ambiguous", sa.Boolean, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.Column("settled_at", UtcDateTime),
        sa.Column("dead", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_outbox"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
        sa.CheckConstraint(_NOTICES, name="ck_outbox_kind"),
        sa.CheckConstraint("attempts >= 0", name="ck_outbox_attempts"),
        sa.CheckConstraint("settled_at IS NOT NULL OR NOT dead", name="ck_outbox_dead"),
    )
