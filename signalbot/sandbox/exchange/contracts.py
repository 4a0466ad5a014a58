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
    name, base = contract.name, contract.listing.base
    instrument = contract.instrument
    tick, step = plain(instrument.tick), plain(instrument.step)
    lot = {"minQty": plain(instrument.min_qty), "maxQty": "1000000000", "stepSize": step}
    return {
        "symbol": name,
        "pair": name,
        "contractType": "PERPETUAL",
        "deliveryDate": PERPETUAL_UNTIL,
        "onboardDate": contract.listed_at,
        "status": contract.listing.status,
        "baseAsset": base,
        "quoteAsset": QUOTE,
        "marginAsset": QUOTE,
        "pricePrecision": max(-contract.coin.tick_exponent, 0),
        "quantityPrecision": max(-contract.coin.step_exponent, 0),
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": [],
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": "100000000"}
            | {"tickSize": tick},
            {"filterType": "LOT_SIZE"} | lot,
            {"filterType": "MARKET_LOT_SIZE"} | lot,
            {"filterType": "MIN_NOTIONAL", "notional": plain(instrument.min_notional)},
        ],
    }
