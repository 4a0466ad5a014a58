"""What readers say of the alerts: private, and apart from the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of the journal."""
    op.create_table(
        "journal",
        sa.Column("reader", sa.Integer(), primary_key=True),
        sa.Column("alert_seq", sa.Integer(), primary_key=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("marked_at", sa.Integer(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.String()),
        sa.Column("fill_price", sa.String()),
        sa.Column("fill_at", sa.Integer()),
        sa.Column("exit_price", sa.String()),
        sa.Column("exit_at", sa.Integer()),
    )
