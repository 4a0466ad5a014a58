"""What a channel is told of BTC: its state, a HALT, and the end of one, in Telegram's HTML."""

import math
from typing import TYPE_CHECKING

from signalbot.domain.btc_market import BtcMarket
from signalbot.rendering.figures import clock, percent

if TYPE_CHECKING:  # with it comes pandas, which no text needs
    from signalbot.analysis.btc_context import BtcRules, BtcState


def btc_post(
    state: "BtcState | None", at: int, rules: "BtcRules", market: BtcMarket | None = None
) -> str:
    """Return what BTC is doing at an instant; None is what is not known."""
    lines = [_context(state, at, rules)]
    if market is not None:
        lines += _perpetual(market)
    return "\n".join(lines)


def _context(state: "BtcState | None", at: int, rules: "BtcRules") -> str:
    if state is None:
        return (
            f"BTC {clock(at)} UTC: not known, candles are missing or still too few."
            " No alerts until it is."
        )
    follows = f"HALT: {_until_calm(rules)}" if state.halted else "No HALT: setups may send alerts."
    return (
        f"BTC {clock(at)} UTC: {_move(state)} in 5 minutes ({abs(state.z_5m):.1f} sigma)"
        f" · trend {state.trend} · volatility {state.volatility}\n{follows}"
    )


def _perpetual(market: BtcMarket) -> list[str]:
    parts = []
    if market.funding_rate is not None:
        due = "" if market.funding_at is None else f" at {clock(market.funding_at)} UTC"
        parts.append(f"funding {percent(market.funding_rate, 4)}{due}")
    if market.open_interest is not None:
        change = market.open_interest_change
        moved = "" if change is None else f" ({100 * change:+.1f} % in an hour)"
        parts.append(f"open interest {market.open_interest:,.0f} BTC{moved}")
    if market.long_liquidated is not None and market.short_liquidated is not None:
        parts.append(
            f"closed by force in 5 minutes: longs {market.long_liquidated:,.0f} USDT,"
            f" shorts {market.short_liquidated:,.0f} USDT"
        )
    return [f"Its perpetual: {' · '.join(parts)}"] if parts else []


def halt_post(state: "BtcState | None", rules: "BtcRules") -> str:
    """Return why alerts are halted and until when; None is a state that a gap made unknown."""
    return f"{_reason(state, rules)} {_until_calm(rules)} Open alerts keep their stops."


def resume_post(rules: "BtcRules") -> str:
    """Return that a HALT is over."""
    calm = f"BTC has been calm for {rules.calm_min:g} minutes"
    return f"{calm}. The HALT is over: setups may send alerts again."


def _reason(state: "BtcState | None", rules: "BtcRules") -> str:
    if state is None:
        return "BTC's candles have a gap, so its moves are not known."
    five = f"{_move(state)} in 5 minutes"
    if abs(state.z_5m) >= rules.halt_z5 or abs(state.return_5m) >= rules.halt_return_5m:
        return f"BTC moved {five} ({abs(state.z_5m):.1f} sigma)."
    if state.z_1m is not None and abs(state.z_1m) >= rules.halt_z1:
        return f"BTC moved by {abs(state.z_1m):.1f} sigma in a minute ({five})."
    return f"BTC moved too fast a short while ago ({five} at last)."


def _until_calm(rules: "BtcRules") -> str:
    return f"No new alerts until it has been calm for {rules.calm_min:g} minutes."


def _move(state: "BtcState") -> str:
    text = f"{100 * math.expm1(state.return_5m):+.1f} %"
    return "0.0 %" if text in ("+0.0 %", "-0.0 %") else text
