"""Who does not have the app."""

import sqlalchemy as sa
from alembic import op

from storage.column_types import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "without_app",
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_without_app"),
    )
