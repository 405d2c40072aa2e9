"""The first schema: drafts, signals, outbox, people, cards, journal and audit log."""

import sqlalchemy as sa
from alembic import op

from storage.column_types import UtcDateTime

revision = "0001"
down_revision = None

_STATUSES = (
    "'closed', 'consulting', 'handed_over', 'received', 'reopened', 'taken_up', 'waiting_for_reporter', 'withdrawn'"
)
_OPEN = "'consulting', 'handed_over', 'received', 'reopened', 'taken_up', 'waiting_for_reporter'"


def upgrade() -> None:
    _intake()
    _signals()
    _delivery()
    _audit()


def _intake() -> None:
    op.create_table(
        "activities",
        sa.Column("activity_id", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("activity_id", name="pk_activities"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_activities_at", "activities", ["at"])
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("reporter", sa.Text, nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("practice", sa.Boolean, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("reporter", name="uq_drafts_reporter"),
        sa.CheckConstraint("version >= 1", name="ck_drafts_version"),
    )


def _signals() -> None:
    op.create_table(
        "signals",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("reporter", sa.Text, nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("forms", sa.Text, nullable=False),
        sa.Column("queue_rank", sa.Integer),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("reporter_name", sa.LargeBinary, nullable=False),
        sa.Column("answers", sa.LargeBinary, nullable=False),
        sa.Column("suggestions", sa.LargeBinary, nullable=False),
        sa.Column("assessment", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signals"),
        sa.UniqueConstraint("reference", name="uq_signals_reference"),
        sa.CheckConstraint("version >= 1", name="ck_signals_version"),
        sa.CheckConstraint("reference LIKE 'S-____-____%'", name="ck_signals_reference"),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name="ck_signals_status"),
        sa.CheckConstraint("outcome IN ('acute', 'clear', 'none', 'other', 'vague')", name="ck_signals_outcome"),
        sa.CheckConstraint("owner IS NOT NULL OR status IN ('received', 'reopened')", name="ck_signals_owner"),
        sa.CheckConstraint(f"(queue_rank IS NOT NULL) = (status IN ({_OPEN}))", name="ck_signals_queue_rank"),
    )
    op.create_index("ix_signals_reporter", "signals", ["reporter", "received_at", "id"])
    op.create_index(
        "ix_signals_queue",
        "signals",
        ["queue_rank", "received_at", "id"],
        postgresql_where=sa.text("queue_rank IS NOT NULL"),
        sqlite_where=sa.text("queue_rank IS NOT NULL"),
    )
    op.create_table(
        "signal_exclusions",
        sa.Column("signal_id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("signal_id", "person", name="pk_signal_exclusions"),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signals.id"], name="fk_signal_exclusions_signal_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "signal_events",
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
        sa.CheckConstraint(
            "kind IN ('closed', 'feedback_read', 'handed_over', 'received', 'taken_up')", name="ck_signal_events_kind"
        ),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name="ck_signal_events_status"),
    )
    op.create_table(
        "reference_numbers",
        sa.Column("year", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_reference_numbers"),
        sa.CheckConstraint("last >= 1", name="ck_reference_numbers_last"),
    )


def _delivery() -> None:
    unsent = sa.text("settled_at IS NULL")
    op.create_table(
        "outbox",
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
        sa.CheckConstraint(
            "kind IN ('intake_card', 'officer_card', 'receipt', 'signal_for_officer', 'status_for_reporter')",
            name="ck_outbox_kind",
        ),
        sa.CheckConstraint("attempts >= 0", name="ck_outbox_attempts"),
        sa.CheckConstraint("settled_at IS NOT NULL OR NOT dead", name="ck_outbox_dead"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_unsent", "outbox", ["number"], postgresql_where=unsent, sqlite_where=unsent)
    op.create_index(
        "ix_outbox_unsent_recipient",
        "outbox",
        ["recipient", "number"],
        postgresql_where=unsent,
        sqlite_where=unsent,
    )
    op.create_table(
        "people",
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("service_url", sa.Text, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("teams_id", sa.Text, nullable=False),
        sa.Column("bot_id", sa.Text, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("reachable", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_people"),
    )
    op.create_table(
        "cards",
        sa.Column("signal_id", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("signal_id", "subject", "person", name="pk_cards"),
        sa.CheckConstraint("subject IN ('draft', 'signal_for_officer')", name="ck_cards_subject"),
    )


def _audit() -> None:
    op.create_table(
        "audit_log",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_log"),
        sa.CheckConstraint("number >= 1", name="ck_audit_log_number"),
    )
    triggers = _POSTGRESQL_TRIGGERS if op.get_bind().dialect.name == "postgresql" else _SQLITE_TRIGGERS
    for statement in triggers:
        op.execute(statement)


_SQLITE_TRIGGERS = [
    f"""
    CREATE TRIGGER audit_log_no_{verb.lower()} BEFORE {verb} ON audit_log
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """
    for verb in ("UPDATE", "DELETE")
]

_POSTGRESQL_TRIGGERS = [
    """
    CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
    """,
    """
    CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse()
    """,
]
