"""The list of contracts, as exchangeInfo gives it."""

from typing import Any

from signalbot.domain.rounding import plain
from signalbot.sandbox.exchange.listings import QUOTE
from signalbot.sandbox.exchange.venue import Contract
from signalbot.sandbox.exchange.weights import LIMIT

PERPETUAL_UNTIL = 4_133_404_800_000
"""The delivery date of a contract without one."""

RATE_LIMITS = [
    {
        "rateLimitType": "REQUEST_WEIGHT",
        "interval": "MINUTE",
        "intervalNum": 1,
        "limit": LIMIT,
    }
]


def contract_wire(contract: Contract) -> dict[str, Any]:
    """Return one entry of exchangeInfo."""
    instrument, coin = contract.instrument, contract.coin
    tick, step = plain(instrument.tick), plain(instrument.step)
    own = {
        "onboardDate": contract.listed_at,
        "status": contract.listing.status,
        "pricePrecision": max(-coin.tick_exponent, 0),
        "quantityPrecision": max(-coin.step_exponent, 0),
        "filters": _filters(tick, step, plain(instrument.min_qty), plain(instrument.min_notional)),
    }
    return entry(contract.name, contract.listing.base, QUOTE, tick=tick, step=step) | own


def entry(name: str, base: str, quote: str, *, tick: str, step: str) -> dict[str, Any]:
    """Return what an entry of exchangeInfo has for every contract of a coin."""
    return {
        "symbol": name,
        "pair": base + quote,
        "contractType": "PERPETUAL",
        "deliveryDate": PERPETUAL_UNTIL,
        "baseAsset": base,
        "quoteAsset": quote,
        "marginAsset": quote,
        "pricePrecision": 2,
        "quantityPrecision": 2,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": [],
        "filters": _filters(tick, step, step, "5"),
    }


def _filters(tick: str, step: str, min_qty: str, min_notional: str) -> list[dict[str, str]]:
    lot = {"minQty": min_qty, "maxQty": "1000000000", "stepSize": step}
    price = {"minPrice": tick, "maxPrice": "100000000", "tickSize": tick}
    return [
        {"filterType": "PRICE_FILTER"} | price,
        {"filterType": "LOT_SIZE"} | lot,
        {"filterType": "MARKET_LOT_SIZE"} | lot,
        {"filterType": "MIN_NOTIONAL", "notional": min_notional},
    ]
