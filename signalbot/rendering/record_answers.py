"""What a reader is told of single alerts and of the record's proof, in Telegram's HTML."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from signalbot.domain.recorded import RecordedAlert
from signalbot.domain.rounding import plain
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.record.entries import Entry, Head
from signalbot.rendering.alert_lines import STATE_WORDS, plan_lines
from signalbot.rendering.figures import clock_with_zone, percent, price, r_value
from signalbot.rendering.statistics_text import BUCKET_WORDS
from signalbot.setups.catalogue import title_of

REASON_WORDS = {
    "rsi": "RSI (14) at the close",
    "rsi_extreme": "its extreme a few candles before",
    "stochastic_k": "stochastic %K",
    "stochastic_d": "stochastic %D",
    "atr_pct": "average range of a candle, % of the price",
    "range_pct": "height of the range, % of the price",
    "range_widths": "height of the range in average ranges",
    "volume_ratio": "volume against its average",
    "band_width_pct": "width of the Bollinger bands, %",
    "adx": "ADX, how much of a trend there is",
    "ema_gap_pct": "distance from the average price, %",
    "money_flow": "money flow index, 0 to 100",
}
LISTED = 15


def open_text(alerts: Sequence[RecordedAlert], zone: str) -> str:
    """Return the alerts without an outcome."""
    if not alerts:
        return "No alert is open. /stats shows those that have ended."
    lines = [f"Open: {len(alerts)}"]
    for each in alerts[-LISTED:]:
        plan = each.plan
        tick = plan.tick
        left = clock_with_zone(plan.expires_at(each.published_at or 0), zone)
        lines.append(
            f"#{each.seq} {plan.side.upper()} {escape(plan.coin)} {price(plan.entry, tick)}"
            f" · stop {price(plan.stop, tick)} · target {price(plan.target, tick)}"
            f" · closed by {left}"
        )
    return "\n".join(lines)


def alert_text(alert: RecordedAlert, entry: Entry, zone: str) -> str:
    """Return an alert with what became of it, and where it stands in the ledger."""
    lines = [*plan_lines(alert.alert, zone), ""]
    lines.append(
        f"Costs {float(alert.alert.cost_r):.2f} R · needed"
        f" {percent(alert.alert.breakeven_win_rate)} wins to break even"
        f" · {STATE_WORDS[alert.alert.state]} when it was sent"
    )
    lines.append(_became(alert, zone))
    lines.append(f"#{entry.seq} {entry.hash[:8]} &lt;- {entry.prev[:8]}")
    return "\n".join(lines)


def why_text(alert: RecordedAlert) -> str:
    """Return why an alert was made: the numbers that fired, what it costs, what BTC did."""
    told, plan = alert.alert, alert.plan
    reasons = [
        f"  {REASON_WORDS.get(name, escape(name))}: {_shown(value)}"
        for name, value in told.reasons.items()
    ]
    stop, gain = plan.risk / plan.entry, abs(plan.target - plan.entry) / plan.entry
    return "\n".join(
        [
            f"#{alert.seq} {plan.side.upper()} {escape(plan.coin)}: {title_of(told.setup)}"
            f" v{escape(told.version)} fired on the {told.timeframe.name} candle.",
            *reasons,
            f"Stop {percent(stop, 2)} away, target {percent(gain, 2)}:"
            f" {told.reward_risk_net:.2f} R after costs for a win.",
            f"Costs {float(told.cost_r):.2f} R (fees {_rate(plan.taker_rate)} and slippage"
            f" {_rate(plan.slippage_rate)} a fill), so {percent(told.breakeven_win_rate)} of such"
            " trades must win just to break even.",
            f"BTC {100 * float(told.btc.return_5m):+.1f} % in 5 minutes, trend {told.btc.trend},"
            f" volatility {told.btc.volatility}.",
            "Nobody has shown that such a pattern earns more than it costs: /learn costs.",
        ]
    )


def proof_text(head: Head, public_key: str, genesis: Entry | None) -> str:
    """Return what a doubter needs to check the record without asking anybody."""
    of = "" if genesis is None else f" of a {escape(str(genesis.body.get('kind', 'live')))}"
    return (
        f"The record{of} has {head.seq} entries, each chained to the one before and signed.\n"
        f"Head #{head.seq} <code>{head.hash}</code>\n"
        f"Key <code>{escape(public_key)}</code>\n"
        "Keep this message: whoever changes or drops an entry up to here cannot hide it from you.\n"
        "/export sends the signed ledger itself. verify.py checks it, one file that shares no code"
        " with this bot:\n"
        f"<code>python verify.py ledger-{head.seq}.jsonl --key {escape(public_key)} --head"
        f" {head.seq}:{head.hash}</code>\n"
        "It cannot prove that there is no other channel; the first entry says which there are."
    )


def export_text(alerts: int, *, has_ledger: bool = True) -> str:
    """Return what stands above the exported files."""
    count = "1 alert" if alerts == 1 else f"{alerts} alerts"
    ledger = (
        "The third file is the signed ledger, for verify.py: /proof."
        if has_ledger
        else "The signed ledger is too large for Telegram: ask the operator for it."
    )
    return (
        f"The whole public record, {count}, as CSV and as JSON Lines: nothing is left out, and it"
        f" names no reader. {ledger}"
    )


def _became(alert: RecordedAlert, zone: str) -> str:
    outcome = alert.outcome
    if outcome is None:
        return "Open."
    word = BUCKET_WORDS[outcome.kind]
    if outcome.net_r is None:
        return f"Ended: {word}."
    minutes = ""
    if outcome.exit_at is not None and outcome.filled_at is not None:
        minutes = f" after {max(round((outcome.exit_at - outcome.filled_at) / MINUTE_MS), 1)} min"
    at = "" if outcome.exit_at is None else f" at {clock_with_zone(outcome.exit_at, zone)}"
    return f"Ended{at}: {word}{minutes}, {r_value(outcome.net_r)} R after costs."


def _shown(value: Decimal) -> str:
    return plain(value.quantize(Decimal("0.01"))) if value.is_finite() else "unknown"


def _rate(rate: Decimal) -> str:
    return percent(rate, 3)
