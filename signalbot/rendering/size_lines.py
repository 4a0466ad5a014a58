"""The lines of a size that every answer shares: what is held, what may be lost, where it ends."""

from decimal import ROUND_FLOOR, Decimal

from signalbot.domain.alert import Size
from signalbot.domain.rounding import plain
from signalbot.rendering.figures import copyable, money, percent, rounded_money
from signalbot.risk.advice import Advice

LEVERAGE_HINT = "Leverage does not change what you lose at the stop."


def holding(size: Size, name: str) -> str:
    """Return quantity, value and margin: `295 LAYER (307 USDT), 3x = 102 USDT margin`.

    `name` is what is counted, safe for HTML.
    """
    return (
        f"{copyable(plain(size.qty))} {name} ({rounded_money(size.notional)} USDT),"
        f" {plain(size.leverage)}x = {rounded_money(size.margin)} USDT margin"
    )


def stakes(size: Size, equity: Decimal, *, has_target: bool = True) -> str:
    """Return what a stop costs, with its share of the account, and what a target brings."""
    share = percent(size.loss_at_stop / equity, 2)
    text = f"If stopped: {money(-size.loss_at_stop)} USDT ({share})"
    return f"{text} · if target: {size.gain_at_target:+,.2f}" if has_target else text


def liquidation_line(advice: Advice, entry: Decimal, *notes: str) -> str:
    """Return where a position ends and how far that is; `notes` stand behind it in brackets."""
    stops = advice.liquidation_distance_stops
    if stops is None:
        return f"No liquidation price{_noted(notes)}"
    away = plain(stops.to_integral_value(ROUND_FLOOR))
    if advice.liquidation_range is not None:
        low, high = (estimate(end, entry) for end in advice.liquidation_range)
        unknown = _noted(("tiers unknown", *notes))
        return f"Liquidation between {low} and {high}{unknown}, at least {away} stops away"
    shown = estimate(advice.liquidation_price, entry)
    return f"Liquidation near {shown}, {away} stops away{_noted(('estimate', *notes))}"


def estimate(value: Decimal | None, near: Decimal) -> str:
    """Return an estimated price: four digits, and the decimals of the price it stands beside."""
    if value is None:
        return "none"
    places = max(3 - value.adjusted(), -int(near.normalize().as_tuple().exponent), 0)
    return plain(Decimal(f"{value:.{places}f}"))


def _noted(notes: tuple[str, ...]) -> str:
    return f" ({', '.join(notes)})" if notes else ""
