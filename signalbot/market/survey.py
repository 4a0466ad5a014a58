"""Look at a venue as a whole, by the few calls that answer for all contracts at once.

What a call does not give is missing from the survey, which names the trouble: a venue whose
funding fails still has prices. Only without its contracts there is no survey.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from signalbot.domain.listing import Listing, Listings
from signalbot.domain.survey import FundingTerms, Survey
from signalbot.domain.universe import Trading
from signalbot.errors import UnavailableError
from signalbot.market.calls import Calls
from signalbot.market.ccxt_funding import funding_of
from signalbot.market.ccxt_trading import trading_of
from signalbot.market.listings import listings_of

QUOTED_APART = frozenset({"binanceusdm", "weex"})
"""Venues whose tickers have no bid and ask."""

INTERVALS_APART = frozenset({"binanceusdm"})
FUNDING_IN_TICKERS = frozenset({"mexc"})

Rows = Mapping[str, Mapping[str, Any]]
"""ccxt's rows, by symbol."""


async def survey(venue: str, calls: Calls, at: int) -> Survey:
    """Return what a venue says of all its contracts now.

    Parameters
    ----------
    calls : Calls
        Of a client of `venue_client`, which asks for perpetuals unless it is told otherwise.
    at : int
        ms UTC.

    Raises
    ------
    UnavailableError
        If it does not even say what it lists.
    """
    await calls("load_markets", True)
    markets: Rows = calls.client.markets
    listings = listings_of(venue, markets.values())
    asking = _Asking(calls)
    tickers = await asking.rows("fetch_tickers") or {}
    quotes = await asking.rows("fetch_bids_asks") or {} if venue in QUOTED_APART else None
    if venue in FUNDING_IN_TICKERS:
        rates = tickers
    else:
        rates = await asking.rows("fetch_funding_rates") or {}
    intervals = None
    if venue in INTERVALS_APART and rates:
        intervals = await asking.rows("fetch_funding_intervals")
    return Survey(
        listings=listings,
        trading={
            each.symbol: _trading(each, tickers[each.symbol], quotes, rates)
            for each in _known(listings)
            if each.symbol in tickers
        },
        funding=_funding(venue, listings, rates, markets, intervals),
        at=at,
        troubles=tuple(asking.troubles),
    )


class _Asking:
    """Calls of one venue of which each may fail for itself."""

    def __init__(self, calls: Calls) -> None:
        self.troubles: list[str] = []
        self._calls = calls

    async def rows(self, method: str) -> Rows | None:
        """Return ccxt's rows by symbol; None where the venue did not give them."""
        try:
            answer = await self._calls(method)
        except UnavailableError as error:
            self.troubles.append(str(error))
            return None
        return {str(symbol): row for symbol, row in answer.items() if isinstance(row, Mapping)}


def _known(listings: Listings) -> Iterator[Listing]:
    """Return every contract on a coin, those that cannot be opened too."""
    yield from listings.listed
    yield from (each.listing for each in listings.excluded if each.listing is not None)


def _trading(
    listing: Listing, ticker: Mapping[str, Any], quotes: Rows | None, rates: Rows
) -> Trading:
    # Binance tells index and mark price with the funding, not in its tickers
    priced = dict(rates.get(listing.symbol, {})) | {
        name: value for name, value in ticker.items() if value is not None
    }
    quoted = None if quotes is None else quotes.get(listing.symbol, {})
    return trading_of(listing, priced, quoted)


def _funding(
    venue: str, listings: Listings, rates: Rows, markets: Rows, intervals: Rows | None
) -> dict[str, FundingTerms]:
    found = {}
    for symbol in (each.symbol for each in _known(listings)):
        interval = None if intervals is None else intervals.get(symbol, {})
        terms = funding_of(venue, rates.get(symbol, {}), markets.get(symbol, {}), interval)
        if terms is not None:
            found[symbol] = terms
    return found
