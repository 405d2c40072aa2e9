"""The directory of partners as administrators change it, and the notices that they get."""

import sqlalchemy as sa
from alembic import op

from storage.column_types import UtcDateTime

revision = "0002"
down_revision = "0001"

_KINDS = (
    "kind IN ('intake_card', 'officer_card', 'partner_doubted', 'partners_due', 'receipt', 'signal_for_officer', "
    "'status_for_reporter')"
)


def upgrade() -> None:
    op.create_table(
        "partner_edits",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name="pk_partner_edits"),
        sa.CheckConstraint("version >= 1", name="ck_partner_edits_version"),
        sa.CheckConstraint(
            "change IN ('adopted', 'confirmed', 'edited', 'imported', 'kept', 'restored')",
            name="ck_partner_edits_change",
        ),
    )
    op.create_table(
        "partner_remarks",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partner_remarks"),
    )
    op.create_index("ix_partner_remarks_at", "partner_remarks", ["at", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("ck_outbox_kind", "outbox")
        op.create_check_constraint("ck_outbox_kind", "outbox", _KINDS)
    else:
        _make_outbox_again()


def _make_outbox_again() -> None:
    """SQLite cannot change a constraint: a new table takes over the rows, and the name."""
    unsent = sa.text("settled_at IS NULL")
    op.drop_index("ix_outbox_unsent", "outbox")
    op.drop_index("ix_outbox_unsent_recipient", "outbox")
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
        sa.PrimaryKeyConstraint("number", name="pk_outbox"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
        sa.CheckConstraint(_KINDS, name="ck_outbox_kind"),
        sa.CheckConstraint("attempts >= 0", name="ck_outbox_attempts"),
        sa.CheckConstraint("settled_at IS NOT NULL OR NOT dead", name="ck_outbox_dead"),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO outbox SELECT * FROM outbox_before ORDER BY number")
    op.drop_table("outbox_before")
    op.create_index("ix_outbox_unsent", "outbox", ["number"], sqlite_where=unsent)
    op.create_index("ix_outbox_unsent_recipient", "outbox", ["recipient", "number"], sqlite_where=unsent)
