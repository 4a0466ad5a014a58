"""Numbers as a reader wants them: prices with the tick's decimals, money with two, rates in %."""

from decimal import Decimal
from html import escape

from signalbot.domain.rounding import plain
from signalbot.domain.time_zone import UTC_ZONE, local_time

VENUE_TITLES = {
    "binanceusdm": "Binance USD-M",
    "bybit": "Bybit",
    "bingx": "BingX",
    "weex": "WEEX",
    "mexc": "MEXC",
    "bitget": "Bitget",
    "simulated": "simulated market",
}


def price(value: Decimal, tick: Decimal) -> str:
    """Return a price with the decimals of its tick: `1.0420` at a tick of 0.0001."""
    places = tick.normalize().as_tuple().exponent
    if isinstance(places, int) and places < 0:
        return f"{value:.{-places}f}"
    return plain(value)


def money(value: Decimal) -> str:
    """Return money with two decimals."""
    return f"{value:,.2f}"


def rounded_money(value: Decimal) -> str:
    """Return money without decimals from 100 on, with two below."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}"


def percent(rate: Decimal | float, places: int = 1) -> str:
    """Return a rate in per cent: `46.9 %`."""
    return f"{100 * float(rate):.{places}f} %"


def percent_interval(interval: tuple[float, float]) -> str:
    """Return an interval of rates in whole per cent: `34-54 %`."""
    low, high = interval
    return f"{100 * low:.0f}-{100 * high:.0f} %"


def r_value(value: Decimal | float) -> str:
    """Return a signed R value with two decimals: `-1.21`, `+0.05`, `0.00`."""
    text = f"{float(value):+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text


def clock(instant: int, zone: str = UTC_ZONE) -> str:
    """Return hours and minutes by the clock of a zone: `14:32`."""
    return f"{local_time(instant, zone):%H:%M}"


def clock_with_zone(instant: int, zone: str = UTC_ZONE) -> str:
    """Return hours and minutes, and what the zone's clock is called then: `16:32 CEST`."""
    return f"{local_time(instant, zone):%H:%M %Z}"


def venue_title(venue: str) -> str:
    """Return the name of a venue as it writes itself, safe for HTML."""
    return VENUE_TITLES.get(venue, escape(venue))


def copyable(text: str) -> str:
    """Return a number that a tap copies, in Telegram's HTML."""
    return f"<code>{text}</code>"
