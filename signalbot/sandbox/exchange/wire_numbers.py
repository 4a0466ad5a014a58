"""Prices and quantities as the venue writes them: texts with all the places of their grid.

A whole number below 2^52 divided by a power of ten is written back without a loss, so floats do.
"""

from signalbot.sandbox.coins import Coin


def price_format(coin: Coin) -> str:
    """Return the %-format of a price in quote units."""
    return f"%.{max(-coin.tick_exponent, 0)}f"


def quantity_format(coin: Coin) -> str:
    """Return the %-format of a quantity in base units."""
    return f"%.{max(-coin.step_exponent, 0)}f"


def price_text(coin: Coin, ticks: int) -> str:
    """Return a price, given in ticks."""
    return price_format(coin) % coin.prices(float(ticks))


def quantity_text(coin: Coin, steps: int) -> str:
    """Return a quantity in base units, given in steps."""
    return quantity_format(coin) % coin.quantities(float(steps))
