"""Sort the markets of a venue, as ccxt unifies them, into listings and named exclusions.

One bad entry of a venue's answer costs that entry, never the answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from signalbot.domain.coin_name import counted
from signalbot.domain.listing import Exclusion, ExclusionCode, Listing, Listings
from signalbot.errors import InputError
from signalbot.market.ccxt_metadata import instrument_of, require_venue
from signalbot.market.ccxt_numbers import optional_number
from signalbot.market.venue_flags import LONGEST, not_a_coin, not_open, shown

_LEVERAGE = (Decimal(1), Decimal(1000))
_TIME = (Decimal(0), Decimal("4e12"))
_MAX_LEVERAGE = {"bingx": ("info.maxLongLeverage", "info.maxShortLeverage")}
"""Where the highest leverage stands, if ccxt does not unify it."""
_LISTED_AT = {"bingx": "info.launchTime", "mexc": "info.createTime"}
"""Where the listing time stands, if ccxt does not unify it."""
_SHAPE = {"swap": True, "linear": True, "quote": "USDT", "settle": "USDT"}


def listings_of(venue: str, markets: Iterable[object]) -> Listings:
    """Return what a venue lists, from the values of ccxt's `markets`.

    Of two entries with one name the first is believed.

    Raises
    ------
    InputError
        Naming `venue`, if it is none of the six.
    """
    require_venue(venue)
    listed: dict[str, Listing] = {}
    excluded = []
    for sorted_out in _without_repeats(_sorted_out(venue, market) for market in markets):
        if isinstance(sorted_out, Listing):
            listed[sorted_out.symbol] = sorted_out
        else:
            excluded.append(sorted_out)
    return Listings(venue=venue, listed=tuple(listed.values()), excluded=tuple(excluded))


def listing_of(venue: str, market: Mapping[str, Any]) -> Listing:
    """Return the listing that one of ccxt's markets describes, whatever it is on.

    Raises
    ------
    InputError
        Naming the first field that is wrong.
    """
    instrument = instrument_of(venue, market)
    where = f"{venue} {instrument.symbol[:LONGEST]}"
    base_id = market.get("baseId")
    for field, name in (("baseId", base_id), ("symbol", instrument.symbol)):
        if not isinstance(name, str) or not _is_name(name.removesuffix("/USDT:USDT")):
            raise InputError(field, name, f"at most {LONGEST} printable characters", where)
    coin, multiplier = counted(str(base_id), behind=venue == "bybit")
    return Listing(
        instrument=instrument,
        max_leverage=_max_leverage(venue, market, where),
        listed_at=_listed_at(venue, market, where),
        is_active=not_open(venue, market) is None,
        base_id=str(base_id),
        coin=coin,
        multiplier=multiplier,
    )


def _sorted_out(venue: str, market: object) -> Listing | Exclusion:
    if not isinstance(market, Mapping):
        return _excluded(venue, {}, ExclusionCode.CORRUPT, "an entry that is no object")
    if flag := not_a_coin(venue, market):
        return _excluded(venue, market, *flag)
    for field, expected in _SHAPE.items():
        if market.get(field) != expected:
            note = f"{field} is {shown(market.get(field))}"
            return _excluded(venue, market, ExclusionCode.NOT_USDT_PERPETUAL, note)
    try:
        listing = listing_of(venue, market)
    except InputError as error:
        return _excluded(venue, market, ExclusionCode.CORRUPT, str(error))
    if flag := not_open(venue, market):
        return _excluded(venue, market, *flag, listing)
    return listing


def _without_repeats(found: Iterable[Listing | Exclusion]) -> Iterator[Listing | Exclusion]:
    seen: set[str] = set()
    for each in found:
        if isinstance(each, Listing) and each.symbol in seen:
            yield Exclusion(
                venue=each.instrument.venue,
                symbol=each.symbol,
                code=ExclusionCode.CORRUPT,
                note="an entry that stands twice",
            )
            continue
        seen.add(each.symbol)
        yield each


def _excluded(
    venue: str,
    market: Mapping[str, Any],
    code: ExclusionCode,
    note: str,
    listing: Listing | None = None,
) -> Exclusion:
    symbol = market.get("symbol")
    name = shown(symbol) if isinstance(symbol, str) else ""
    return Exclusion(venue=venue, symbol=name, code=code, note=note, listing=listing)


def _is_name(name: str) -> bool:
    return 0 < len(name.strip()) <= LONGEST and name.isprintable()  # one is "Jade Protocol"


def _max_leverage(venue: str, market: Mapping[str, Any], where: str) -> Decimal | None:
    paths = _MAX_LEVERAGE.get(venue, ("limits.leverage.max",))
    stated = [optional_number(market, path, _LEVERAGE, where) for path in paths]
    return min((value for value in stated if value is not None), default=None)


def _listed_at(venue: str, market: Mapping[str, Any], where: str) -> int | None:
    stated = optional_number(market, "created", _TIME, where)
    if stated is None and venue in _LISTED_AT:
        stated = optional_number(market, _LISTED_AT[venue], _TIME, where)
    return int(stated) if stated else None
