"""Decimal numbers as money needs them: to a grid, never the user's way, never scientific."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

TEN_PLACES = Decimal("1e-10")
"""R values and rates are stored with ten decimal places (ledger format)."""

_SIGNIFICANT = Context(prec=12)
# Room for any price and quantity of the six venues at once; the default 28 digits are too few for
# a quotient of 1e7 by 1e-9 that is then put on a grid.
_WIDE = Context(prec=60)


def floor_to(value: Decimal, grid: Decimal) -> Decimal:
    """Return the largest multiple of `grid` that is not above `value`."""
    return _WIDE.multiply(_WIDE.divide(value, grid).to_integral_value(ROUND_FLOOR), grid)


def ceil_to(value: Decimal, grid: Decimal) -> Decimal:
    """Return the smallest multiple of `grid` that is not below `value`."""
    return _WIDE.multiply(_WIDE.divide(value, grid).to_integral_value(ROUND_CEILING), grid)


def from_float(value: float) -> Decimal:
    """Return a float of the analytics as the Decimal a person would have written.

    Twelve significant digits are kept: venue prices have fewer, and the noise of float arithmetic
    (0.1 + 0.2) sits beyond them. So a computed 1.0350000000000001 becomes 1.035.
    """
    return _SIGNIFICANT.create_decimal_from_float(value)


def six_digits(value: float) -> Decimal:
    """Return six significant digits: enough for a reader, free of a float's last bits."""
    return Decimal(f"{value:.6g}")


def exact(value: float) -> Decimal:
    """Return the shortest Decimal that reads back as this float: a file's number, unchanged."""
    return Decimal(repr(float(value)))


def plain(value: Decimal) -> str:
    """Return `value` in plain notation without trailing zeros: `0.00001234`, never `1.234E-5`."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def ten_places(value: Decimal) -> str:
    """Return an R value or a rate as the ledger writes it: ten places, half to even."""
    text = f"{value.quantize(TEN_PLACES, ROUND_HALF_EVEN, _WIDE):f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text
