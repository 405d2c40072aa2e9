"""How often the officers want colleagues to be nudged, and who wants no nudges."""

import sqlalchemy as sa
from alembic import op

from storage.column_types import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "nudge_intervals",
        sa.Column("number", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("weeks", sa.Integer, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_nudge_intervals"),
        sa.CheckConstraint("weeks BETWEEN 0 AND 104", name="ck_nudge_intervals_weeks"),
    )
    op.create_table(
        "nudge_refusals",
        sa.Column("person", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_nudge_refusals"),
    )
