"""Lanes of the outbox, dead letters that are put back, and leases."""

import sqlalchemy as sa
from alembic import op

from storage.column_types import UtcDateTime

revision = "0004"
down_revision = "0003"

_NOTICES = (
    "kind IN ('addition', 'draft_expired', 'draft_reminder', 'expired_card', 'intake_card', 'nudge', 'officer_card', "
    "'partner_doubted', 'partners_due', 'receipt', 'signal_for_officer', 'status_for_reporter', 'undelivered', "
    "'withdrawal_wish')"
)
_LANES = "lane IN ('alarm', 'ordinary')"
_INDEXES = (
    ("ix_outbox_unsent", ("lane", "number"), "settled_at IS NULL"),
    ("ix_outbox_unsent_recipient", ("recipient", "lane", "number"), "settled_at IS NULL"),
    ("ix_outbox_settled_at", ("settled_at",), "settled_at IS NOT NULL"),
    ("ix_outbox_dead", ("number",), "dead"),
    ("ix_outbox_signal_id", ("signal_id", "number"), None),
)


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("holder_before", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.drop_index("ix_outbox_unsent", "outbox")
    op.drop_index("ix_outbox_unsent_recipient", "outbox")
    if op.get_bind().dialect.name == "postgresql":
        _change_on_postgresql()
    else:
        _make_again_on_sqlite()
    for name, columns, condition in _INDEXES:
        where = None if condition is None else sa.text(condition)
        op.create_index(name, "outbox", columns, postgresql_where=where, sqlite_where=where)


def _change_on_postgresql() -> None:
    op.drop_constraint("ck_outbox_kind", "outbox")
    op.create_check_constraint("ck_outbox_kind", "outbox", _NOTICES)
    op.add_column("outbox", sa.Column("lane", sa.Text, nullable=False, server_default="ordinary"))
    op.add_column("outbox", sa.Column("resent_at", UtcDateTime))
    op.add_column("outbox", sa.Column("unreachable", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_check_constraint("ck_outbox_lane", "outbox", _LANES)


def _make_again_on_sqlite() -> None:
    """SQLite cannot change a constraint: a new table takes over the rows, and the name."""
    op.rename_table("outbox", "outbox_before")
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
        sa.Column("lane", sa.Text, nullable=False, server_default="ordinary"),
        sa.Column("resent_at", UtcDateTime),
        sa.Column("unreachable", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("number", name="pk_outbox"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
        sa.CheckConstraint(_NOTICES, name="ck_outbox_kind"),
        sa.CheckConstraint(_LANES, name="ck_outbox_lane"),
        sa.CheckConstraint("attempts >= 0", name="ck_outbox_attempts"),
        sa.CheckConstraint("settled_at IS NOT NULL OR NOT dead", name="ck_outbox_dead"),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO outbox SELECT *, 'ordinary', NULL, false FROM outbox_before")
    op.drop_table("outbox_before")
