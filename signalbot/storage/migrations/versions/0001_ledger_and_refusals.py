"""The ledger, which cannot be edited, and the refused matches."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TRIGGERS = (
    """
    CREATE TRIGGER ledger_is_not_updated BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only, nothing in it is updated'); END
    """,
    """
    CREATE TRIGGER ledger_is_not_deleted BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only, nothing in it is deleted'); END
    """,
    """
    CREATE TRIGGER ledger_follows_the_newest BEFORE INSERT ON ledger
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
      OR NEW.prev IS NOT
         coalesce((SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1), printf('%064d', 0))
    BEGIN SELECT RAISE(ABORT, 'an entry of the ledger follows the newest one'); END
    """,
    # INSERT OR REPLACE deletes the row it collides with, and fires no trigger for that.
    """
    CREATE TRIGGER ledger_is_not_replaced BEFORE INSERT ON ledger
    WHEN EXISTS (SELECT 1 FROM ledger WHERE hash = NEW.hash)
      OR EXISTS (SELECT 1 FROM ledger WHERE alert_id = NEW.alert_id)
      OR EXISTS (SELECT 1 FROM ledger WHERE published_of = NEW.published_of)
      OR EXISTS (SELECT 1 FROM ledger WHERE outcome_of = NEW.outcome_of)
    BEGIN SELECT RAISE(ABORT, 'an entry of the ledger says this already'); END
    """,
)


def upgrade() -> None:
    """Create both tables and the triggers that keep the ledger append-only."""
    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False, unique=True),
        sa.Column("sig", sa.String(), nullable=False),
        sa.Column("alert_id", sa.String(), unique=True),
        sa.Column("published_of", sa.Integer(), sa.ForeignKey("ledger.seq"), unique=True),
        sa.Column("outcome_of", sa.Integer(), sa.ForeignKey("ledger.seq"), unique=True),
    )
    for trigger in _TRIGGERS:
        op.execute(trigger)
    op.create_table(
        "refusal",
        sa.Column("alert_id", sa.String(), primary_key=True),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("refused_at", sa.Integer(), nullable=False),
        sa.Column("setup", sa.String(), nullable=False),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Index("ix_refusal_day_code", "day", "code"),
    )
