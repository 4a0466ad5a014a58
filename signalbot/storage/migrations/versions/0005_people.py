"""The readers of the bot: private, and apart from the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of subscribers."""
    op.create_table(
        "subscriber",
        sa.Column("reader", sa.Integer(), primary_key=True),
        sa.Column("joined_at", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("venue", sa.String()),
        sa.Column("equity", sa.String()),
        sa.Column("risk_pct", sa.String(), nullable=False),
        sa.Column("leverage", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("quiet_since", sa.Integer()),
        sa.Column("quiet_until", sa.Integer()),
        sa.Column("subscribed", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Integer()),
        sa.Column("muted_coins", sa.String(), nullable=False),
        sa.Column("muted_setups", sa.String(), nullable=False),
        sa.Column("alerts_received", sa.Integer(), nullable=False),
        sa.Column("real_since", sa.Integer()),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("question", sa.String()),
    )
