"""Prices and quantities as the venue writes them: texts with all the places of their grid."""

from decimal import Decimal

from signalbot.sandbox.coins import Coin


def price_text(coin: Coin, ticks: int) -> str:
    """Return a price, given in ticks."""
    return _text(ticks, coin.tick_exponent)


def quantity_text(coin: Coin, steps: int) -> str:
    """Return a quantity in base units, given in steps."""
    return _text(steps, coin.step_exponent)


def value_text(coin: Coin, ticks: float, steps: int) -> str:
    """Return the quote value of a quantity at a price, rounded to eight places."""
    return f"{coin.prices(float(ticks)) * coin.quantities(float(steps)):.8f}"


def _text(count: int, exponent: int) -> str:
    return f"{Decimal(int(count)).scaleb(exponent):f}"
