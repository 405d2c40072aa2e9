"""The officer's workbench: terms, linked signals, blind places, desks, lines for talks, and the events of all that."""

import re

import sqlalchemy as sa
from alembic import op

from storage.column_types import UtcDateTime

revision = "0005"
down_revision = "0004"

_EVENTS = (
    "kind IN ('accepted', 'added', 'answered', 'asked', 'closed', 'consulted', 'declined', 'enriched', 'escalated', "
    "'fed_back', 'feedback_read', 'handed_over', 'judged', 'linked', 'noted', 'offered', 'partner_answered', "
    "'question_ended', 'rated', 'read_out', 'reassessed', 'received', 'reopened', 'taken_over', 'taken_up', 'ticked', "
    "'undelivered', 'unlinked', 'withdrawal_declined', 'withdrawal_wished', 'withdrawn')"
)
_NOTICES = (
    "kind IN ('addition', 'answer', 'digest', 'draft_expired', 'draft_reminder', 'expired_card', 'fallback_mail', "
    "'inbox', 'intake_card', 'nudge', 'offer', 'offer_answered', 'officer_card', 'partner_doubted', 'partners_due', "
    "'question_reminder', 'receipt', 'signal_for_officer', 'status_for_reporter', 'taken_over', 'term_passed', "
    "'undelivered', 'withdrawal_wish')"
)
_SUBJECTS = "subject IN ('draft', 'inbox', 'signal_for_officer')"
_OPEN = "queue_rank IS NOT NULL"
_OPEN_LEADS = f"{_OPEN} AND lead IS NULL"
_IN_ORDER = ("queue_rank", "received_at", "id")


def upgrade() -> None:
    op.add_column("signals", sa.Column("lead", sa.Text))
    for column in ("due_at", "partner_due_at", "feedback_due_at"):
        op.add_column("signals", sa.Column(column, UtcDateTime))
    # What is open is looked at at once, and planned then.
    op.execute("UPDATE signals SET due_at = received_at WHERE queue_rank IS NOT NULL")
    op.drop_index("ix_signals_queue", "signals")
    _partial_index("ix_signals_queue", _OPEN_LEADS, *_IN_ORDER)
    _partial_index("ix_signals_queue_owner", _OPEN, "owner", *_IN_ORDER)
    _partial_index("ix_signals_queue_status", _OPEN_LEADS, "status", *_IN_ORDER)
    _partial_index("ix_signals_queue_partner", f"{_OPEN_LEADS} AND partner_due_at IS NOT NULL", *_IN_ORDER)
    _partial_index("ix_signals_feedback_due_at", _OPEN_LEADS, "feedback_due_at")
    _partial_index("ix_signals_due_at", "due_at IS NOT NULL", "due_at")
    _partial_index("ix_signals_lead", "lead IS NOT NULL", "lead")
    op.create_index("ix_signals_received_at", "signals", ["received_at", "id"])
    op.create_table(
        "signal_places",
        sa.Column("signal_id", sa.Text, nullable=False),
        sa.Column("place", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("signal_id", "place", name="pk_signal_places"),
        sa.ForeignKeyConstraint(["signal_id"], ["signals.id"], name="fk_signal_places_signal_id", ondelete="CASCADE"),
    )
    op.create_index("ix_signal_places_place", "signal_places", ["place", "signal_id"])
    op.create_table(
        "desks",
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("absent_until", UtcDateTime),
        sa.Column("digest_minute", sa.Integer, nullable=False),
        sa.Column("digest_due_at", UtcDateTime),
        sa.PrimaryKeyConstraint("person", name="pk_desks"),
        sa.CheckConstraint("digest_minute BETWEEN 0 AND 1439", name="ck_desks_digest_minute"),
    )
    op.create_table(
        "talk_notes",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_talk_notes"),
    )
    op.create_index("ix_talk_notes_at", "talk_notes", ["at", "id"])
    _widen("signal_events", "ck_signal_events_kind", _EVENTS)
    _widen("outbox", "ck_outbox_kind", _NOTICES)
    _widen("cards", "ck_cards_subject", _SUBJECTS)


def _partial_index(name: str, condition: str, *columns: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "signals", list(columns), postgresql_where=where, sqlite_where=where)


def _widen(table: str, constraint: str, condition: str) -> None:
    """Let a column take more values. SQLite cannot change a constraint: a new table takes over rows, indexes and name.

    Nothing may refer to the table: SQLite would let it refer to the old one.
    """
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(constraint, table)
        op.create_check_constraint(constraint, table, condition)
        return
    made = sa.text("SELECT name, sql FROM sqlite_master WHERE tbl_name = :of AND type = :type AND sql IS NOT NULL")
    (as_made,) = connection.execute(made, {"of": table, "type": "table"}).all()
    indexes = connection.execute(made, {"of": table, "type": "index"}).all()
    wider, count = re.subn(
        rf"(CONSTRAINT {constraint} CHECK )\((?:[^()]|\([^()]*\))*\)", rf"\1({condition})", as_made.sql
    )
    if count != 1:
        raise LookupError(f"{table} has no constraint {constraint}")
    for index in indexes:
        op.drop_index(index.name, table)
    op.rename_table(table, f"{table}_before")
    connection.exec_driver_sql(wider)
    connection.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608 - a name from above
    op.drop_table(f"{table}_before")
    for index in indexes:
        connection.exec_driver_sql(index.sql)
