"""An alert as the text that Cornix and its like read in a channel: pure ASCII, one pair a post.

It follows the documented rules of that format; it was not run against Cornix itself. A post carries
no do-not-chase price and no expiry, because the format has no place for them: whoever trades it
automatically cancels what is not filled in time. Outcomes are tracked by our own rules.
"""

import re
from decimal import Decimal

from signalbot.domain.alert import Alert
from signalbot.domain.rounding import plain
from signalbot.errors import InputError
from signalbot.rendering.cornix_rules import CornixSignal, read_back
from signalbot.rendering.figures import price

EXCHANGES = {"binanceusdm": "Binance Futures", "bybit": "Bybit USDT"}
"""Names that are documented; of another venue the post says none, and the channel's own counts."""

_PAIR = re.compile(r"[A-Z0-9]{1,30}/[A-Z]{3,10}")


def cornix_post(alert: Alert) -> str:
    """Return the post of an alert, read back by the rules before it is given out.

    Raises
    ------
    InputError
        If the pair has a name that the format cannot say, or the prices contradict the side.
    """
    plan = alert.plan
    pair = plan.symbol.partition(":")[0]
    if not _PAIR.fullmatch(pair):
        raise InputError(
            "symbol", plan.symbol, "capital letters and digits of ASCII in this format"
        )
    entry, target, stop = (
        fixed(value, plan.tick) for value in (plan.entry, plan.target, plan.stop)
    )
    exchange = EXCHANGES.get(plan.venue)
    lines = [
        f"#{pair}",
        *([f"Exchanges: {exchange}"] if exchange else []),
        f"Signal Type: Regular ({plan.side.title()})",
        f"Leverage: Isolated ({plain(alert.size.leverage)}X)",
        f"Amount: {plain(alert.account.risk_pct)}% Risk",
        *("", "Entry Targets:", f"1) {entry}"),
        *("", "Take-Profit Targets:", f"1) {target}"),
        *("", "Stop Targets:", f"1) {stop}"),
    ]
    text = "\n".join(lines)
    meant = CornixSignal(
        pair=pair,
        side=plan.side,
        entry=plan.entry,
        targets=(plan.target,),
        stop=plan.stop,
        leverage=alert.size.leverage,
    )
    if read_back(text) != meant:
        raise InputError("price", f"{entry} {target} {stop}", f"on the tick of {plan.tick}")
    return text


def fixed(value: Decimal, tick: Decimal) -> str:
    """Return a price with the tick's decimals and one at least.

    A number without decimals may be read as an abbreviation: 30000 as 0.00030000.
    """
    text = price(value, tick)
    return text if "." in text else f"{text}.0"
