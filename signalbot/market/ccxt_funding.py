"""Read funding from ccxt's unified rates, bulk tickers and markets.

Where the venues differ:

* WEEX's `fundingRate` is the one that was paid last, and `nextFundingRate` the one to come; with
  all others `fundingRate` is the one to come.
* MEXC tells all rates in its tickers only, and no interval there.
* Binance's rates carry no interval: another call lists those that are not eight hours.
* Bitget's interval stands in its contracts.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from signalbot.domain.survey import FundingTerms
from signalbot.errors import InputError
from signalbot.market.ccxt_numbers import Bounds, optional_number

USUAL_HOURS = Decimal(8)
"""Between two payments on Binance, where nothing else is said."""

_RATE: Bounds = (Decimal("-0.2"), Decimal("0.2"))  # venues cap it at some 4 %
_HOURS: Bounds = (Decimal("0.1"), Decimal(24))
_TO_COME = {"weex": "nextFundingRate", "mexc": "info.fundingRate"}
_INTERVAL = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,6})?)h")


def funding_of(
    venue: str,
    rate: Mapping[str, Any],
    market: Mapping[str, Any],
    interval: Mapping[str, Any] | None = None,
) -> FundingTerms | None:
    """Return what a contract's funding is; None where its rate is not known, or not believed.

    Parameters
    ----------
    rate : mapping
        A value of ccxt's `fetch_funding_rates`; of MEXC one of `fetch_tickers`.
    market : mapping
        ccxt's market of the contract.
    interval : mapping, optional
        A value of Binance's `fetch_funding_intervals`; an empty one means the usual hours.
    """
    to_come = _read(rate, _TO_COME.get(venue, "fundingRate"), _RATE)
    if to_come is None:
        return None
    return FundingTerms(rate=to_come, interval_h=_hours(venue, rate, market, interval))


def _hours(
    venue: str,
    rate: Mapping[str, Any],
    market: Mapping[str, Any],
    interval: Mapping[str, Any] | None,
) -> Decimal | None:
    if interval is not None:
        return _stated(interval) if interval else USUAL_HOURS
    if venue == "bitget":
        return _read(market, "info.fundInterval", _HOURS)
    return _stated(rate)


def _stated(row: Mapping[str, Any]) -> Decimal | None:
    found = _INTERVAL.fullmatch(str(row.get("interval")))
    return _read({"hours": found[1]}, "hours", _HOURS) if found else None


def _read(row: Mapping[str, Any], path: str, bounds: Bounds) -> Decimal | None:
    try:
        return optional_number(row, path, bounds, "funding")
    except InputError:
        return None
