"""What a venue's own fields say of a contract that is on no coin, or that nobody can open.

ccxt hands these fields on in `info` and looks at few of them. Where a field is missing nothing is
said, and what a venue adds later (a kind of underlying nobody knows) is on no coin until it is
known to be one. Whether orders by API are taken is not looked at: people place them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from signalbot.domain.listing import ExclusionCode

Flag = tuple[ExclusionCode, str]
"""A reason, and the field that gives it."""

LONGEST = 40
"""Characters of a value or a name that are shown."""

NO_END = "4133404800000"
"""Binance's delivery date of a perpetual that goes on for ever: 2100-12-25."""

DEMO_MONEY = frozenset({"SUSDT", "SUSDC", "SUSD", "VST"})
"""Play money of Bitget and BingX; ccxt lists its contracts like any others."""

STABLE_COINS = frozenset(
    {"USDC", "FDUSD", "TUSD", "BUSD", "USDP", "USDE", "USDD", "PYUSD", "RLUSD", "USD1", "DAI"}
    | {"EUR", "EURC", "EURI", "AEUR", "GBP"}
)
INDEXES = frozenset({"BTCDOM"})
NOT_COINS = frozenset(
    {"PAXG", "XAUT", "XAU", "XAG", "JP225", "NAS100", "SPX500", "US30", "US500", "HK50", "GER40"}
)
"""Gold, silver and indexes of shares, by name: not every venue files each of them rightly."""

_BYBIT_COINS = frozenset({"", "innovation", "adventure"})


def not_a_coin(venue: str, market: Mapping[str, Any]) -> Flag | None:
    """Return why a market is on no crypto coin, or on one that does not move; None if it is."""
    return next(_not_a_coin(venue, market), None)


def not_open(venue: str, market: Mapping[str, Any]) -> Flag | None:
    """Return why no position can be opened, or soon none can be held; None if one can."""
    return next(_not_open(venue, market), None)


def says(market: Mapping[str, Any], field: str) -> str | None:
    """Return what a field of the venue's own entry says, as text; None where it is missing."""
    info = market.get("info")
    value = info.get(field) if isinstance(info, Mapping) else None
    return None if value is None else shown(value)


def shown(value: object) -> str:
    """Return what a venue said, short and printable, as a note may carry it."""
    return "".join(c if c.isprintable() else "?" for c in str(value)[:LONGEST])


def _not_a_coin(venue: str, market: Mapping[str, Any]) -> Iterator[Flag]:
    money = DEMO_MONEY & {str(market.get("quoteId")), str(market.get("settleId"))}
    if money:
        yield ExclusionCode.DEMO, f"its money is {', '.join(sorted(money))}"
    name = str(market.get("baseId"))
    if name in STABLE_COINS:
        yield ExclusionCode.STABLE, f"{name} does not move against USDT"
    if name in INDEXES:
        yield ExclusionCode.INDEX, f"{name} is an index of coins"
    if name in NOT_COINS:
        yield ExclusionCode.TRADFI, f"{name} is no coin"
    yield from _KINDS[venue](market)


def _not_open(venue: str, market: Mapping[str, Any]) -> Iterator[Flag]:
    yield from _STATES[venue](market)
    if market.get("active") is not True:
        yield ExclusionCode.NOT_TRADING, "the venue's status is not that of trading"


def _binance_kind(market: Mapping[str, Any]) -> Iterator[Flag]:
    underlying = says(market, "underlyingType") or "COIN"
    if underlying == "INDEX":
        yield ExclusionCode.INDEX, "underlyingType is INDEX"
    if underlying != "COIN":
        yield ExclusionCode.TRADFI, f"underlyingType is {underlying}"
    if "TRADIFI" in (says(market, "contractType") or ""):
        yield ExclusionCode.TRADFI, f"contractType is {says(market, 'contractType')}"


def _bybit_kind(market: Mapping[str, Any]) -> Iterator[Flag]:
    kind = says(market, "symbolType") or ""
    if kind not in _BYBIT_COINS:
        yield ExclusionCode.TRADFI, f"symbolType is {kind}"


def _bingx_kind(market: Mapping[str, Any]) -> Iterator[Flag]:
    if str(market.get("id")).startswith("NC"):
        yield ExclusionCode.TRADFI, "its name begins with NC"


def _mexc_kind(market: Mapping[str, Any]) -> Iterator[Flag]:
    if says(market, "type") == "2":
        yield ExclusionCode.TRADFI, "type is 2"


def _bitget_kind(market: Mapping[str, Any]) -> Iterator[Flag]:
    if (says(market, "isRwa") or "").upper() == "YES":
        yield ExclusionCode.TRADFI, "isRwa is YES"


def _binance_state(market: Mapping[str, Any]) -> Iterator[Flag]:
    end = says(market, "deliveryDate") or NO_END
    if end != NO_END:
        yield ExclusionCode.DELISTING, f"deliveryDate is {end}"


def _bybit_state(market: Mapping[str, Any]) -> Iterator[Flag]:
    end = says(market, "deliveryTime") or "0"
    if end != "0":
        yield ExclusionCode.DELISTING, f"deliveryTime is {end}"


def _bingx_state(market: Mapping[str, Any]) -> Iterator[Flag]:
    if says(market, "status") == "25":
        yield ExclusionCode.NO_OPENING, "status is 25: positions can only be closed"
    if says(market, "status") not in ("1", None):
        yield ExclusionCode.NOT_TRADING, f"status is {says(market, 'status')}"
    if (says(market, "apiStateOpen") or "true").lower() != "true":
        yield ExclusionCode.NO_OPENING, "apiStateOpen is false"


def _weex_state(market: Mapping[str, Any]) -> Iterator[Flag]:
    if says(market, "status") not in ("TRADING", None):
        yield ExclusionCode.NOT_TRADING, f"status is {says(market, 'status')}"


def _mexc_state(market: Mapping[str, Any]) -> Iterator[Flag]:
    if (says(market, "isHidden") or "").lower() == "true":
        yield ExclusionCode.NOT_TRADING, "isHidden is true"


def _bitget_state(market: Mapping[str, Any]) -> Iterator[Flag]:
    if says(market, "symbolStatus") == "limit_open":
        yield ExclusionCode.NO_OPENING, "symbolStatus is limit_open"
    for field, code in _BITGET_ENDS.items():
        if (says(market, field) or "-1") not in ("-1", "0"):
            yield code, f"{field} is {says(market, field)}"


_BITGET_ENDS = {"limitOpenTime": ExclusionCode.NO_OPENING, "offTime": ExclusionCode.DELISTING}

_Reading = Callable[[Mapping[str, Any]], Iterator[Flag]]
_KINDS: Mapping[str, _Reading] = {
    "binanceusdm": _binance_kind,
    "bybit": _bybit_kind,
    "bingx": _bingx_kind,
    "weex": _binance_kind,  # WEEX names its fields as Binance does
    "mexc": _mexc_kind,
    "bitget": _bitget_kind,
}
_STATES: Mapping[str, _Reading] = {
    "binanceusdm": _binance_state,
    "bybit": _bybit_state,
    "bingx": _bingx_state,
    "weex": _weex_state,
    "mexc": _mexc_state,
    "bitget": _bitget_state,
}
