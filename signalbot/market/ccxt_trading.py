"""Read how a contract trades from ccxt's unified ticker, in USDT and fractions of the price.

Where the venues differ:

* Binance's and WEEX's tickers of perpetuals have no bid and ask; those are another call.
* Open interest is no field of ccxt's ticker. Bybit gives it in USDT, Bitget in coins, MEXC in
  contracts; the others tell it contract by contract.
* MEXC calls its mark price the fair price, and ccxt does not unify it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import sqrt
from typing import Any

from signalbot.domain.listing import Listing
from signalbot.domain.rounding import from_float
from signalbot.domain.universe import Trading
from signalbot.errors import InputError
from signalbot.market.ccxt_numbers import Bounds, optional_number

PRICES = ("indexPrice", "markPrice", "info.fairPrice", "last")
"""Where a price stands, the one nobody can move alone first."""

OPEN_INTEREST = {
    "bybit": ("info.openInterestValue",),
    "bitget": ("info.holdingAmount", "info.openInterest"),
    "mexc": ("info.holdVol",),
}
"""Where the open interest stands, by venue; the first that is there."""

SCALPS_A_DAY = 96
"""Quarters of an hour: a scalp's typical move is one of them."""

_PRICE: Bounds = (Decimal("1e-15"), Decimal("1e12"))
_AMOUNT: Bounds = (Decimal(0), Decimal("1e18"))


def trading_of(
    listing: Listing, ticker: Mapping[str, Any], quotes: Mapping[str, Any] | None = None
) -> Trading:
    """Return how a contract trades; what the venue does not say, or says wrongly, is unknown.

    The typical move is the range of the day over the square root of the quarters of an hour in
    it, as the range of a random walk grows: an estimate until candles are there.

    Parameters
    ----------
    ticker : mapping
        A value of ccxt's `fetch_tickers`.
    quotes : mapping, optional
        A value of ccxt's `fetch_bids_asks`, where the ticker has no bid and ask.
    """
    price = _first(ticker, PRICES, _PRICE)
    trading = Trading(price=price, quote_volume=_read(ticker, "quoteVolume", _AMOUNT))
    if price is None:
        return trading
    return replace(
        trading,
        open_interest=_open_interest(listing, ticker, price),
        spread=_spread(ticker) if quotes is None else _spread(quotes),
        move=_move(ticker, price),
    )


def _open_interest(listing: Listing, ticker: Mapping[str, Any], price: Decimal) -> Decimal | None:
    venue = listing.instrument.venue
    amount = _first(ticker, OPEN_INTEREST.get(venue, ()), _AMOUNT)
    if amount is None or venue == "bybit":
        return amount
    # where a venue counts coins its contract is one of them
    return amount * listing.instrument.contract_size * price


def _spread(quotes: Mapping[str, Any]) -> Decimal | None:
    bid, ask = _read(quotes, "bid", _PRICE), _read(quotes, "ask", _PRICE)
    if bid is None or ask is None or ask <= bid:
        return None
    return 2 * (ask - bid) / (ask + bid)


def _move(ticker: Mapping[str, Any], price: Decimal) -> Decimal | None:
    low, high = _read(ticker, "low", _PRICE), _read(ticker, "high", _PRICE)
    if low is None or high is None or high <= low:
        return None
    return from_float(float((high - low) / price) / sqrt(SCALPS_A_DAY))


def _first(row: Mapping[str, Any], paths: Sequence[str], bounds: Bounds) -> Decimal | None:
    found = (_read(row, path, bounds) for path in paths)
    return next((value for value in found if value is not None), None)


def _read(row: Mapping[str, Any], path: str, bounds: Bounds) -> Decimal | None:
    try:
        return optional_number(row, path, bounds, "ticker")
    except InputError:
        return None
