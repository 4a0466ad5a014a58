"""Messages about one alert, in Telegram's HTML (at most 1024 characters, the limit of a caption).

The first line carries pair, side, entry, stop and target: it is all that a notification shows.
"""

from html import escape

from signalbot.domain.alert import Alert, SetupState
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.rounding import plain
from signalbot.domain.side import Side
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.record.fold import Standing, Tally
from signalbot.rendering.figures import (
    clock,
    copyable,
    money,
    percent,
    percent_interval,
    price,
    r_value,
    rounded_money,
    venue_title,
)
from signalbot.setups.catalogue import title_of
from signalbot.stats.uncertainty import always_valid
from signalbot.stats.verdict import MIN_DECIDED

SIDE_SIGNS = {Side.LONG: "\U0001f7e2", Side.SHORT: "\U0001f534"}
STATE_WORDS = {
    SetupState.UNPROVEN: "unproven",
    SetupState.PROVEN: "beats its costs so far",
    SetupState.LOSING: "loses so far",
}
NOTICES = {
    OutcomeKind.NOT_FILLED: "Not filled: the price never traded through the entry in time.",
    OutcomeKind.VOID_LATE: "Void: the price had left the entry before a reader could act.",
    OutcomeKind.NOT_PUBLISHED: "Not published: nobody could be reached in time.",
}


def alert_message(standing: Standing, tally: Tally) -> str:
    """Return the caption of an alert, sized for the reference account on paper."""
    alert = standing.alert
    parts = [_headline(alert), _origin(alert), _times(alert), "", *_size(alert)]
    parts += [_costs(alert), _record(alert, tally), _btc(alert), "", footer(standing)]
    return "\n".join(parts)


def outcome_message(standing: Standing, outcome: Outcome, tally: Tally) -> str:
    """Return the reply that says what became of an alert."""
    alert = standing.alert
    plan = alert.plan
    if outcome.net_r is None:
        return f"{escape(plan.coin)}: {NOTICES[outcome.kind]}"
    result = f"{r_value(outcome.net_r)} R after costs"
    gained = outcome.net_r * plan.risk * alert.size.qty
    lines = [
        f"{escape(plan.coin)} {_ending(alert, outcome)}. {result} ({gained:+,.2f} USDT on paper).",
        f"This setup: {tally.wins} of {tally.decided} won after costs.",
    ]
    if outcome.ambiguous and outcome.worst_net_r is not None and outcome.best_net_r is not None:
        worst, best = r_value(outcome.worst_net_r), r_value(outcome.best_net_r)
        lines.insert(1, f"The candles do not show the order of prices: {worst} to {best} R.")
    return "\n".join(lines)


def footer(standing: Standing) -> str:
    """Return the piece of the chain that each reader's phone holds."""
    return f"#{standing.seq} {standing.hash[:8]} &lt;- {standing.prev[:8]}"


def _headline(alert: Alert) -> str:
    plan = alert.plan
    entry, stop, target = (
        copyable(price(value, plan.tick)) for value in (plan.entry, plan.stop, plan.target)
    )
    sign, coin = SIDE_SIGNS[plan.side], escape(plan.coin)
    return f"{sign} {plan.side.upper()} {coin} {entry} · stop {stop} · target {target}"


def _origin(alert: Alert) -> str:
    code_version = alert.version.partition(".")[0]
    return (
        f"{venue_title(alert.plan.venue)} · {alert.timeframe.name} close"
        f" {clock(alert.candle_close)} UTC · {title_of(alert.setup)} v{code_version}"
    )


def _times(alert: Alert) -> str:
    plan = alert.plan
    beyond = "Not above" if plan.side is Side.LONG else "Not below"
    valid = clock(alert.candle_close + plan.entry_ttl_min * MINUTE_MS)
    closed = clock(alert.candle_close + plan.max_hold_min * MINUTE_MS)
    limit = copyable(price(plan.do_not_chase, plan.tick))
    return f"{beyond} {limit} · valid until {valid} · closed by {closed}"


def _size(alert: Alert) -> list[str]:
    size, coin = alert.size, escape(alert.plan.coin)
    account = size.loss_at_stop / alert.account.equity
    return [
        f"PAPER · {copyable(plain(size.qty))} {coin} ({rounded_money(size.notional)} USDT),"
        f" {plain(size.leverage)}x = {rounded_money(size.margin)} USDT margin",
        f"For {rounded_money(alert.account.equity)} USDT: if stopped"
        f" {money(-size.loss_at_stop)} ({percent(account, 2)})"
        f" · if target +{money(size.gain_at_target)}",
    ]


def _costs(alert: Alert) -> str:
    needs = percent(alert.breakeven_win_rate)
    return f"Costs {float(alert.cost_r):.2f} R · needs {needs} wins to break even"


def _record(alert: Alert, tally: Tally) -> str:
    state = STATE_WORDS[alert.state]
    so_far = f"This setup so far: {tally.wins} of {tally.decided}"
    if tally.decided < MIN_DECIDED:
        return f"{so_far} · {state}, not enough data"
    interval = percent_interval(always_valid(tally.wins, tally.decided))
    rate = percent(tally.wins / tally.decided)
    return f"{so_far} = {rate} (95 % {interval}) · {state}"


def _btc(alert: Alert) -> str:
    move = f"{100 * float(alert.btc.return_5m):+.1f} %"
    return f"BTC {move} in 5 min · trend {alert.btc.trend} · volatility {alert.btc.volatility}"


def _ending(alert: Alert, outcome: Outcome) -> str:
    at = "" if outcome.exit_price is None else price(outcome.exit_price, alert.plan.tick)
    if outcome.kind is OutcomeKind.UNRESOLVED_GAP:
        return f"lost its candles before it was decided, counted as a stop at {at}"
    words = {
        OutcomeKind.TARGET: "reached its target",
        OutcomeKind.STOP: "stopped",
        OutcomeKind.EXPIRED: "ran out of time, closed",
        OutcomeKind.DELISTED: "was delisted, closed",
    }
    minutes = ""
    if outcome.exit_at is not None and outcome.filled_at is not None:
        minutes = f" after {max(round((outcome.exit_at - outcome.filled_at) / MINUTE_MS), 1)} min"
    return f"{words[outcome.kind]} at {at}{minutes}"
