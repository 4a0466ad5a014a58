"""Every alert as the statistics see it, kept in step with the ledger by the database itself."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _told(path: str) -> str:
    return f"json_extract(NEW.body, '$.{path}')"


def _instant(path: str) -> str:
    seconds = f"strftime('%s', substr({_told(path)}, 1, 19))"
    return f"CAST({seconds} AS INTEGER) * 1000 + CAST(substr({_told(path)}, 21, 3) AS INTEGER)"


# NEW is the inserted row in a trigger, and every row of the ledger where the table is filled.
_ALERT = f"""
    INSERT INTO settled (seq, alert_id, setup, version, symbol, side, published_at, kind,
                         breakeven_win_rate, volatility, regime)
    SELECT NEW.seq, {_told("id")}, {_told("setup")}, {_told("version")}, {_told("symbol")},
           {_told("side")}, {_instant("candle_close")}, 'OPEN', {_told("breakeven_win_rate")},
           {_told("btc.volatility")}, {_told("btc.trend")}
"""
_PUBLISHED = f"UPDATE settled SET published_at = {_instant('published_at')}"  # noqa: S608
_SETTLED = f"""
    UPDATE settled SET kind = {_told("outcome")}, net_r = {_told("net_r")},
        gross_r = {_told("gross_r")}, ambiguous = {_told("ambiguous")},
        worst_net_r = {_told("worst_net_r")}, best_net_r = {_told("best_net_r")}
"""  # noqa: S608
_CORRECTED = f"settled.seq = {_told('alert_seq')}"
_NEWEST_CORRECTIONS = """
    (SELECT body, max(seq) FROM ledger WHERE type = 'correction'
     GROUP BY json_extract(body, '$.alert_seq'))
"""

_FILLING = (
    f"{_ALERT} FROM ledger AS NEW WHERE NEW.type = 'alert'",
    f"{_PUBLISHED} FROM ledger AS NEW WHERE settled.seq = NEW.published_of",
    f"{_SETTLED} FROM ledger AS NEW WHERE settled.seq = NEW.outcome_of",
    f"{_SETTLED} FROM {_NEWEST_CORRECTIONS} AS NEW WHERE {_CORRECTED}",
)
_FOLLOWING = {
    "alert": _ALERT,
    "published": f"{_PUBLISHED} WHERE settled.seq = NEW.published_of",
    "outcome": f"{_SETTLED} WHERE settled.seq = NEW.outcome_of",
    "correction": f"{_SETTLED} WHERE {_CORRECTED}",
}


def upgrade() -> None:
    """Create the table, fill it from the ledger, and have the ledger's inserts keep it in step."""
    op.create_index("ix_ledger_type", "ledger", ["type"])
    op.create_table(
        "settled",
        sa.Column("seq", sa.Integer(), sa.ForeignKey("ledger.seq"), primary_key=True),
        sa.Column("alert_id", sa.String()),
        sa.Column("setup", sa.String()),
        sa.Column("version", sa.String()),
        sa.Column("symbol", sa.String()),
        sa.Column("side", sa.String()),
        sa.Column("published_at", sa.Integer()),
        sa.Column("kind", sa.String()),
        sa.Column("net_r", sa.String()),
        sa.Column("gross_r", sa.String()),
        sa.Column("ambiguous", sa.Boolean()),
        sa.Column("worst_net_r", sa.String()),
        sa.Column("best_net_r", sa.String()),
        sa.Column("breakeven_win_rate", sa.String()),
        sa.Column("volatility", sa.String()),
        sa.Column("regime", sa.String()),
    )
    for statement in _FILLING:
        op.execute(statement)
    for kind, statement in _FOLLOWING.items():
        op.execute(
            f"CREATE TRIGGER settled_follows_{kind} AFTER INSERT ON ledger "
            f"WHEN NEW.type = '{kind}' BEGIN {statement}; END"
        )
    op.execute(
        "CREATE TRIGGER settled_is_not_deleted BEFORE DELETE ON settled "
        "BEGIN SELECT RAISE(ABORT, 'no alert is taken out of the statistics'); END"
    )
