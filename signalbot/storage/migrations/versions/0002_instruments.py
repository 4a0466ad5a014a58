"""What the venues say of their contracts: ticks, steps, minimums and fees."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of instruments."""
    op.create_table(
        "instrument",
        sa.Column("venue", sa.String(), primary_key=True),
        sa.Column("symbol", sa.String(), primary_key=True),
        sa.Column("tick", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("min_qty", sa.String(), nullable=False),
        sa.Column("min_notional", sa.String(), nullable=False),
        sa.Column("contract_size", sa.String(), nullable=False),
        sa.Column("taker_rate", sa.String(), nullable=False),
        sa.Column("maker_rate", sa.String(), nullable=False),
        sa.Column("assumed", sa.String(), nullable=False),
        sa.Column("seen_at", sa.Integer(), nullable=False),
    )
