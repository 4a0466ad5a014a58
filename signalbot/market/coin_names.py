"""Find the coin behind a contract among CoinGecko's: by name first, and never without the price.

Symbols are not unique, there and between venues, so a name alone proves nothing: of the coins
with that name the one with the highest cap counts whose price agrees with the contract's within
5 %. Where none does, the coin is unverified.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from signalbot.domain.coin_name import OTHER_NAMES
from signalbot.domain.listing import Listing
from signalbot.domain.market_cap import Coin, CoinMatch
from signalbot.domain.rounding import plain
from signalbot.domain.survey import Survey
from signalbot.errors import InputError
from signalbot.market.ccxt_numbers import number, optional_number

AGREEMENT = Decimal("0.05")
"""How far, as a fraction of the coin's price, the price of a contract may be away from it."""

LONGEST = 200
"""Characters of a name that are believed."""

_PRICE = (Decimal("1e-30"), Decimal("1e12"))
_CAP = (Decimal(0), Decimal("1e15"))
_RANK = (Decimal(1), Decimal("1e6"))


def coins_of(rows: Iterable[object]) -> list[Coin]:
    """Return the coins of CoinGecko's `/coins/markets`; a row that tells too little is left out."""
    return [coin for row in rows if (coin := _coin(row)) is not None]


def by_symbol(coins: Iterable[Coin]) -> dict[str, list[Coin]]:
    """Return the coins of each symbol, the largest first."""
    found: dict[str, list[Coin]] = {}
    for coin in sorted(coins, key=lambda coin: (-coin.market_cap, coin.coin_id)):
        found.setdefault(coin.symbol, []).append(coin)
    return found


def match_coin(
    listing: Listing,
    price: Decimal | None,
    coins: Mapping[str, Sequence[Coin]],
    overrides: Mapping[str, str] | None = None,
) -> CoinMatch:
    """Return the coin behind a contract.

    Parameters
    ----------
    price : Decimal or None
        Index or mark price of the contract, in USDT; None where it is not known.
    coins : mapping of str to sequence of Coin
        By symbol, as `by_symbol` gives them.
    overrides : mapping of str to str, optional
        Ids of coins by base as the venue writes it, checked by a person: their prices are checked
        all the same, since a venue may list another coin under an old name.
    """
    if price is None or not (price.is_finite() and price > 0):
        return CoinMatch(coin=None, note=f"no price of {listing.base_id} to compare")
    named = list(_named(listing, coins, overrides or {}))
    if not named:
        return CoinMatch(coin=None, note=f"no coin is called {listing.coin}")
    agreeing = [coin for coin, many in named if _agrees(price, many * coin.price)]
    if not agreeing:
        note = f"of {len(named)} called {listing.coin} none has this price"
        return CoinMatch(coin=None, note=note)
    coin = max(agreeing, key=lambda coin: coin.market_cap)  # the first, where they are equal
    return CoinMatch(coin=coin, note=f"{coin.coin_id} at {plain(coin.price)} agrees in price")


def match_coins(
    survey: Survey, coins: Iterable[Coin], overrides: Mapping[str, str] | None = None
) -> dict[str, CoinMatch]:
    """Return the coin behind each contract of a venue, by symbol; nothing where none is known."""
    known = by_symbol(coins)
    if not known:
        return {}
    return {
        each.symbol: match_coin(each, _price(survey, each), known, overrides)
        for each in survey.listings.listed
    }


def is_name(name: object) -> bool:
    """Return whether a name or an id is believed."""
    return isinstance(name, str) and 0 < len(name) <= LONGEST and name.isprintable()


def _price(survey: Survey, listing: Listing) -> Decimal | None:
    trading = survey.trading.get(listing.symbol)
    return None if trading is None else trading.price


def _named(
    listing: Listing, coins: Mapping[str, Sequence[Coin]], overrides: Mapping[str, str]
) -> Iterable[tuple[Coin, int]]:
    names = [(listing.coin, listing.multiplier)]
    if listing.multiplier != 1:
        names.append((listing.base_id, 1))  # it may be part of the name after all
    for name, many in names:
        if chosen := overrides.get(name):
            found = (coin for each in coins.values() for coin in each if coin.coin_id == chosen)
        else:
            symbol = name.upper()
            found = (coin for each in _symbols(symbol) for coin in coins.get(each, ()))
        yield from ((coin, many) for coin in found)


def _symbols(symbol: str) -> list[str]:
    other = OTHER_NAMES.get(symbol)
    return [symbol] if other is None else [symbol, other]


def _agrees(price: Decimal, expected: Decimal) -> bool:
    return abs(price - expected) <= AGREEMENT * expected


def _coin(row: object) -> Coin | None:
    if not isinstance(row, Mapping):
        return None
    coin_id, symbol = row.get("id"), row.get("symbol")
    if not (is_name(coin_id) and is_name(symbol)):
        return None
    try:
        return _coin_of(str(coin_id), str(symbol).upper(), row)
    except InputError:
        return None


def _coin_of(coin_id: str, symbol: str, row: Mapping[str, Any]) -> Coin:
    rank = optional_number(row, "market_cap_rank", _RANK, coin_id)
    return Coin(
        coin_id=coin_id,
        symbol=symbol,
        price=number(row, "current_price", _PRICE, coin_id),
        market_cap=number(row, "market_cap", _CAP, coin_id),
        rank=None if rank is None else int(rank),
    )
