"""The outbox: what is told, to whom, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of posts, deliveries, places and the sender's lease."""
    op.create_table(
        "post",
        sa.Column("subject", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer()),
        sa.Column("html", sa.String()),
        sa.Column("made_at", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String()),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("subject", sa.String(), sa.ForeignKey("post.subject"), nullable=False),
        sa.Column("chat", sa.Integer(), nullable=False),
        sa.Column("thread", sa.Integer()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.Integer(), nullable=False),
        sa.Column("is_resent", sa.Boolean(), nullable=False),
        sa.Column("is_plain", sa.Boolean(), nullable=False),
        sa.Column("was_unknown", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.Integer()),
        sa.Column("sent_at", sa.Integer()),
        sa.Column("qty", sa.String()),
        sa.Column("on_paper", sa.Boolean()),
        sa.UniqueConstraint("subject", "chat"),
    )
    op.create_index("ix_delivery_state", "delivery", ["state", "id"])
    op.create_index("ix_delivery_chat", "delivery", ["chat", "state"])
    op.create_table(
        "place",
        sa.Column("chat", sa.Integer(), primary_key=True),
        sa.Column("thread", sa.Integer()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
    )
