"""What became of one alert, in a few plain lines of Telegram's HTML."""

from html import escape

from signalbot.domain.alert import Plan
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import iso
from signalbot.rendering.figures import price, r_value

MEANINGS = {
    OutcomeKind.TARGET: "reached its target",
    OutcomeKind.STOP: "stopped",
    OutcomeKind.EXPIRED: "ran out of time, closed at the market",
    OutcomeKind.NOT_FILLED: "not filled: the price never traded through the entry in time",
    OutcomeKind.VOID_LATE: "void: a reader could no longer get it",
    OutcomeKind.UNRESOLVED_GAP: "candles are missing, counted as a stop",
    OutcomeKind.DELISTED: "delisted, closed at the last price",
    OutcomeKind.OPEN: "not decided by these candles",
}


def outcome_text(plan: Plan, outcome: Outcome) -> str:
    """Return kind, fill, exit, result before and after costs, and what decided."""
    side, symbol = plan.side.value.upper(), escape(plan.symbol)
    lines = [f"{outcome.kind.value} · {side} {symbol}: {MEANINGS[outcome.kind]}"]
    lines += _prices(plan, outcome)
    lines += _results(outcome)
    if outcome.evidence:
        count = len(outcome.evidence)
        rows = "1 candle" if count == 1 else f"{count} candles"
        lines.append(f"Decided by {outcome.source} · {rows}, SHA-256 {outcome.candles_hash}")
    return "\n".join(lines)


def _prices(plan: Plan, outcome: Outcome) -> list[str]:
    lines = []
    if outcome.fill_price is not None:
        what = "The price was" if outcome.kind is OutcomeKind.VOID_LATE else "In at"
        lines.append(f"{what} {price(outcome.fill_price, plan.tick)}{_when(outcome.filled_at)}")
    if outcome.exit_price is not None:
        lines.append(f"Out at {price(outcome.exit_price, plan.tick)}{_when(outcome.exit_at)}")
    return lines


def _results(outcome: Outcome) -> list[str]:
    if outcome.net_r is None or outcome.gross_r is None:
        return []
    lines = [f"{r_value(outcome.net_r)} R after costs, {r_value(outcome.gross_r)} R before"]
    if outcome.ambiguous and outcome.worst_net_r is not None and outcome.best_net_r is not None:
        worst, best = r_value(outcome.worst_net_r), r_value(outcome.best_net_r)
        lines.append(f"Ambiguous: the data do not show the order of prices, {worst} to {best} R")
    return lines


def _when(instant: int | None) -> str:
    return "" if instant is None else f" · {iso(instant).replace('T', ' ')[:19]} UTC"
