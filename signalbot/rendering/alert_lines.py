"""The lines of an alert that the channel and each reader's own message share, in Telegram's HTML.

Times are by the clock of the given zone; whose size is shown is not decided here.
"""

from html import escape

from signalbot.domain.alert import Alert, SetupState
from signalbot.domain.side import Side
from signalbot.domain.time_zone import UTC_ZONE
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.record.fold import Standing, Tally
from signalbot.rendering.figures import (
    clock,
    clock_with_zone,
    copyable,
    money,
    percent,
    percent_interval,
    price,
    rounded_money,
    venue_title,
)
from signalbot.rendering.size_lines import holding
from signalbot.setups.catalogue import title_of
from signalbot.stats.uncertainty import always_valid
from signalbot.stats.verdict import MIN_DECIDED

SIDE_SIGNS = {Side.LONG: "\U0001f7e2", Side.SHORT: "\U0001f534"}
STATE_WORDS = {
    SetupState.UNPROVEN: "unproven",
    SetupState.PROVEN: "beats its costs so far",
    SetupState.LOSING: "loses so far",
}


def plan_lines(alert: Alert, zone: str = UTC_ZONE) -> list[str]:
    """Return what to trade and until when; the first line is all that a notification shows."""
    return [_headline(alert), _origin(alert, zone), _times(alert, zone)]


def reference_lines(alert: Alert) -> list[str]:
    """Return the size for the reference account, on paper."""
    size = alert.size
    account = size.loss_at_stop / alert.account.equity
    return [
        f"PAPER · {holding(size, escape(alert.plan.coin))}",
        f"For {rounded_money(alert.account.equity)} USDT: if stopped"
        f" {money(-size.loss_at_stop)} ({percent(account, 2)})"
        f" · if target +{money(size.gain_at_target)}",
    ]


def record_lines(standing: Standing, tally: Tally) -> list[str]:
    """Return costs, what this setup has done so far, BTC, and the piece of the chain."""
    alert = standing.alert
    return [_costs(alert), _record(alert, tally), _btc(alert), "", footer(standing)]


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


def _origin(alert: Alert, zone: str) -> str:
    code_version = alert.version.partition(".")[0]
    return (
        f"{venue_title(alert.plan.venue)} · {alert.timeframe.name} close"
        f" {clock_with_zone(alert.candle_close, zone)} · {title_of(alert.setup)} v{code_version}"
    )


def _times(alert: Alert, zone: str) -> str:
    plan = alert.plan
    beyond = "Not above" if plan.side is Side.LONG else "Not below"
    valid = clock(alert.candle_close + plan.entry_ttl_min * MINUTE_MS, zone)
    closed = clock(alert.candle_close + plan.max_hold_min * MINUTE_MS, zone)
    limit = copyable(price(plan.do_not_chase, plan.tick))
    return f"{beyond} {limit} · valid until {valid} · closed by {closed}"


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
