"""What venues answer about one contract, written by hand, and ccxt's own parsers without network.

The exchange is ccxt's; only its lowest call, which would open a connection, is answered here.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import ccxt

from signalbot.domain.listing import ExclusionCode, Listing
from signalbot.market.listings import listings_of

Entry = Mapping[str, Any]
LISTED_AT = 1_735_689_600_000


def parsed(venue: str, *entries: Entry) -> list[dict[str, Any]]:
    """Return ccxt's unified markets of what a venue answers about its USDT perpetuals."""
    return answered(venue, ANSWERS[venue](list(entries)))


def answered(venue: str, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return ccxt's unified markets where a venue's contract call has this answer."""
    return _exchange(venue)(answer).fetch_markets()


def only(venue: str, entry: Entry) -> Listing:
    """Return the one listing that a venue's entry becomes."""
    found = listings_of(venue, parsed(venue, entry))
    assert found.excluded == ()
    (listing,) = found.listed
    return listing


def why(venue: str, entry: Entry) -> tuple[ExclusionCode, str]:
    """Return why a venue's one entry is not listed."""
    found = listings_of(venue, parsed(venue, entry))
    assert found.listed == ()
    (exclusion,) = found.excluded
    assert exclusion.venue == venue
    return exclusion.code, exclusion.note


@cache
def _exchange(venue: str) -> Any:
    class Offline(getattr(ccxt, venue)):
        def answering(self, answer: Mapping[str, Any]) -> Any:
            self.answers = [answer]
            return self

        def fetch(self, url: str, *_args: Any, **_kwargs: Any) -> Any:
            if any(part in url for part in CONTRACTS[venue]) and self.answers:
                return self.answers.pop()
            return NOTHING[venue]

    exchange = Offline({"enableRateLimit": False})
    exchange.options["adjustForTimeDifference"] = False
    if venue == "bybit":
        exchange.options["fetchMarkets"] = {"types": ["linear"]}
    return exchange.answering


CONTRACTS = {
    "binanceusdm": ["/fapi/v1/exchangeInfo"],
    "bybit": ["/v5/market/instruments-info"],
    "bingx": ["/swap/v2/quote/contracts"],
    "weex": ["/capi/v3/market/exchangeInfo"],
    "mexc": ["/contract/detail"],
    "bitget": ["/mix/market/contracts"],
}
NOTHING: dict[str, dict[str, Any]] = {
    "binanceusdm": {"symbols": []},
    "bybit": {"retCode": 0, "result": {"category": "linear", "list": []}},
    "bingx": {"code": 0, "data": []},
    "weex": {"symbols": []},
    "mexc": {"success": True, "code": 0, "data": [], "symbols": []},
    "bitget": {"code": "00000", "data": []},
}
ANSWERS = {
    "binanceusdm": lambda entries: {"symbols": entries},
    "bybit": lambda entries: {"retCode": 0, "result": {"category": "linear", "list": entries}},
    "bingx": lambda entries: {"code": 0, "data": entries},
    "weex": lambda entries: {"symbols": entries},
    "mexc": lambda entries: {"success": True, "code": 0, "data": entries},
    "bitget": lambda entries: {"code": "00000", "data": entries},
}


def binance_symbol(base: str = "LAYER", **changes: Any) -> Entry:
    return {
        "symbol": f"{base}USDT",
        "pair": f"{base}USDT",
        "contractType": "PERPETUAL",
        "deliveryDate": 4133404800000,
        "onboardDate": LISTED_AT,
        "status": "TRADING",
        "maintMarginPercent": "2.5000",
        "requiredMarginPercent": "5.0000",
        "baseAsset": base,
        "quoteAsset": "USDT",
        "marginAsset": "USDT",
        "pricePrecision": 7,
        "quantityPrecision": 0,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": ["Infrastructure"],
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.0001", "tickSize": "0.0001"},
            {"filterType": "LOT_SIZE", "stepSize": "1", "minQty": "1", "maxQty": "1000000"},
            {"filterType": "MARKET_LOT_SIZE", "stepSize": "1", "minQty": "1", "maxQty": "90000"},
            {"filterType": "MIN_NOTIONAL", "notional": "5"},
        ],
    } | changes


def bybit_instrument(base: str = "LAYER", **changes: Any) -> Entry:
    return {
        "symbol": f"{base}USDT",
        "contractType": "LinearPerpetual",
        "status": "Trading",
        "baseCoin": base,
        "quoteCoin": "USDT",
        "settleCoin": "USDT",
        "symbolType": "",
        "launchTime": str(LISTED_AT),
        "deliveryTime": "0",
        "deliveryFeeRate": "",
        "priceScale": "4",
        "leverageFilter": {"minLeverage": "1", "maxLeverage": "25.00", "leverageStep": "0.01"},
        "priceFilter": {"minPrice": "0.0001", "maxPrice": "199.9998", "tickSize": "0.0001"},
        "lotSizeFilter": {
            "maxOrderQty": "460000",
            "minOrderQty": "1",
            "qtyStep": "1",
            "minNotionalValue": "5",
        },
        "fundingInterval": 240,
        "isPreListing": False,
    } | changes


def bingx_contract(base: str = "LAYER", **changes: Any) -> Entry:
    return {
        "contractId": "100",
        "symbol": f"{base}-USDT",
        "size": "1",
        "quantityPrecision": 0,
        "pricePrecision": 4,
        "feeRate": 0.0005,
        "makerFeeRate": 0.0002,
        "takerFeeRate": 0.0005,
        "tradeMinLimit": 0,
        "tradeMinQuantity": 1,
        "tradeMinUSDT": 2,
        "maxLongLeverage": "50",
        "maxShortLeverage": "40",
        "currency": "USDT",
        "asset": base,
        "status": 1,
        "apiStateOpen": "true",
        "apiStateClose": "true",
        "launchTime": LISTED_AT,
    } | changes


def weex_contract(base: str = "LAYER", **changes: Any) -> Entry:
    return {
        "symbol": f"{base}USDT",
        "baseAsset": base,
        "quoteAsset": "USDT",
        "marginAsset": "USDT",
        "pricePrecision": "4",
        "quantityPrecision": "0",
        "baseAssetPrecision": "2",
        "quotePrecision": "8",
        "contractVal": "1",
        "forwardContractFlag": True,
        "minLeverage": "1",
        "maxLeverage": "50",
        "makerFeeRate": "0.0002",
        "takerFeeRate": "0.0008",
        "minOrderSize": "1",
        "maxOrderSize": "1000000",
    } | changes


def mexc_contract(base: str = "LAYER", **changes: Any) -> Entry:
    return {
        "symbol": f"{base}_USDT",
        "displayNameEn": f"{base}_USDT PERPETUAL",
        "baseCoin": base,
        "quoteCoin": "USDT",
        "settleCoin": "USDT",
        "contractSize": 10,
        "minLeverage": 1,
        "maxLeverage": 50,
        "priceScale": 4,
        "volScale": 0,
        "priceUnit": 0.0001,
        "volUnit": 1,
        "minVol": 2,
        "maxVol": 400000,
        "takerFeeRate": 0.0004,
        "makerFeeRate": 0.0001,
        "state": 0,
        "isHidden": False,
        "type": 1,
        "createTime": LISTED_AT,
    } | changes


def bitget_contract(base: str = "LAYER", **changes: Any) -> Entry:
    return {
        "symbol": f"{base}USDT",
        "baseCoin": base,
        "quoteCoin": "USDT",
        "makerFeeRate": "0.0002",
        "takerFeeRate": "0.0006",
        "supportMarginCoins": ["USDT"],
        "minTradeNum": "1",
        "priceEndStep": "1",
        "volumePlace": "0",
        "pricePlace": "4",
        "sizeMultiplier": "1",
        "symbolType": "perpetual",
        "minTradeUSDT": "5",
        "symbolStatus": "normal",
        "offTime": "-1",
        "limitOpenTime": "-1",
        "deliveryTime": "",
        "launchTime": str(LISTED_AT),
        "fundInterval": "8",
        "minLever": "1",
        "maxLever": "50",
        "isRwa": "NO",
    } | changes
