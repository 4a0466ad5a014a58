"""Contracts, tickers and tiers as Bybit lists them."""

from typing import Any

from signalbot.domain.rounding import plain
from signalbot.sandbox.exchange.day import last_day
from signalbot.sandbox.exchange.depth import levels_text, step_at
from signalbot.sandbox.exchange.listings import QUOTE, TRADING
from signalbot.sandbox.exchange.venue import FUNDING_MS, Contract, next_funding
from signalbot.sandbox.exchange.wire_numbers import price_text, quantity_text

Json = dict[str, Any]

TIERS = (("50000", "0.01", 50), ("200000", "0.02", 25), ("1000000", "0.05", 10))
"""Every contract's: value of the position in USDT, maintenance margin, highest leverage."""


def instrument_entry(contract: Contract) -> Json:
    """Return one entry of instruments-info."""
    instrument = contract.instrument
    tick, step = plain(instrument.tick), plain(instrument.step)
    return {
        "symbol": contract.name,
        "contractType": "LinearPerpetual",
        "status": "Trading" if contract.listing.status == TRADING else "Closed",
        "baseCoin": contract.listing.base,
        "quoteCoin": QUOTE,
        "settleCoin": QUOTE,
        "launchTime": str(contract.listed_at),
        "deliveryTime": "0",
        "deliveryFeeRate": "",
        "priceScale": str(max(-contract.coin.tick_exponent, 0)),
        "leverageFilter": {"minLeverage": "1", "maxLeverage": "50.00", "leverageStep": "0.01"},
        "priceFilter": {"minPrice": tick, "maxPrice": "100000000", "tickSize": tick},
        "lotSizeFilter": {
            "maxOrderQty": "1000000000",
            "minOrderQty": plain(instrument.min_qty),
            "qtyStep": step,
            "minNotionalValue": plain(instrument.min_notional),
        },
        "unifiedMarginTrade": True,
        "fundingInterval": FUNDING_MS // 60_000,
        "isPreListing": False,
    }


def ticker(contract: Contract, now: int) -> Json:
    """Return a ticker: the last day, the best of the book, the funding."""
    coin, day = contract.coin, last_day(contract.tape, now)
    book = contract.book.at(step_at(now))
    (bid,), (ask,) = levels_text(book.bids, 1), levels_text(book.asks, 1)
    last, interest = price_text(coin, day.last), contract.open_interest
    value = coin.quantities(float(interest)) * coin.prices(float(day.last))
    return {
        "symbol": contract.name,
        "lastPrice": last,
        "indexPrice": last,
        "markPrice": last,
        "prevPrice24h": price_text(coin, day.open),
        "price24hPcnt": f"{(day.last - day.open) / day.open:.6f}",
        "highPrice24h": price_text(coin, day.high),
        "lowPrice24h": price_text(coin, day.low),
        "openInterest": quantity_text(coin, interest),
        "openInterestValue": f"{value:.2f}",
        "turnover24h": f"{day.value:.4f}",
        "volume24h": quantity_text(coin, day.volume),
        "fundingRate": plain(contract.listing.funding_rate),
        "nextFundingTime": str(next_funding(now)),
        "bid1Price": bid[0],
        "bid1Size": bid[1],
        "ask1Price": ask[0],
        "ask1Size": ask[1],
    }


def tier_entries(contract: Contract) -> list[Json]:
    """Return the entries of risk-limit about a contract, the lowest tier first."""
    return [
        {
            "id": number,
            "symbol": contract.name,
            "riskLimitValue": value,
            "maintenanceMargin": margin,
            "initialMargin": f"{1 / leverage:g}",
            "isLowestRisk": int(number == 1),
            "maxLeverage": f"{leverage}.00",
        }
        for number, (value, margin, leverage) in enumerate(TIERS, start=1)
    ]
