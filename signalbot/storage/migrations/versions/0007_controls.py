"""What admins have changed: append-only, because it is the log of who did what."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of changes, which takes new rows only."""
    op.create_table(
        "control_change",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("who", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("before", sa.String()),
        sa.Column("after", sa.String()),
    )
    op.create_index("ix_control_change_key", "control_change", ["key"])
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER control_change_no_{verb.lower()} BEFORE {verb} ON control_change"
            " BEGIN SELECT RAISE(ABORT, 'the log of changes is append-only'); END"
        )
    # INSERT OR REPLACE deletes the row it collides with, and fires no trigger for that
    op.execute(
        "CREATE TRIGGER control_change_no_replace BEFORE INSERT ON control_change"
        " WHEN EXISTS (SELECT 1 FROM control_change WHERE number = NEW.number)"
        " BEGIN SELECT RAISE(ABORT, 'the log of changes is append-only'); END"
    )
