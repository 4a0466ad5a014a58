"""Compare venues for one coin, whatever each of them calls it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from signalbot.domain.coin_name import common_name
from signalbot.domain.instrument import coin
from signalbot.domain.listing import Exclusion, Listing
from signalbot.domain.same_coin import other_coins
from signalbot.domain.survey import Survey
from signalbot.domain.symbols import find_symbol, unified
from signalbot.domain.universe import Trading
from signalbot.rendering.venue_texts import NoTerms, VenueRow, VenueTerms
from signalbot.risk.tiers import Tier

NOT_LISTED = "not listed"
USDT_PERPETUAL = "/USDT:USDT"

TiersOf = Mapping[str, Mapping[str, Sequence[Tier]]]
"""Tiers by venue and symbol, where they are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Venues side by side.

    Attributes
    ----------
    coin : str
        What most venues call it.
    rows : tuple of VenueRow
        One a venue, in the order in which they were given.
    """

    coin: str
    rows: tuple[VenueRow, ...]


def compare_venues(
    text: str, looks: Sequence[Survey | NoTerms], tiers: TiersOf | None = None
) -> Comparison:
    """Return the terms of a coin at every venue that was looked at.

    Parameters
    ----------
    text : str
        Whatever a person calls the coin.
    looks : sequence of Survey or NoTerms
        A venue that did not answer is handed on as it is.
    tiers : mapping, optional
        They tell the highest leverage where the contract does not: Binance's does not.

    Raises
    ------
    InputError
        If it cannot be the name of a coin, or all venues answered and none has it: then with the
        nearest names.
    """
    symbol = unified(text)
    name = common_name(coin(symbol))
    rows = [_row(each, symbol, name, tiers or {}) for each in looks]
    if rows and all(row == NoTerms(venue=row.venue, why=NOT_LISTED) for row in rows):
        find_symbol(text, _listed(looks))  # which tells the nearest
    strange = other_coins(
        {
            row.venue: row.price / row.multiplier
            for row in rows
            if isinstance(row, VenueTerms) and row.price is not None
        }
    )
    return Comparison(coin=name, rows=tuple(_marked(row, strange) for row in rows))


def _marked(row: VenueRow, strange: frozenset[str]) -> VenueRow:
    if isinstance(row, VenueTerms) and row.venue in strange:
        return replace(row, is_other_coin=True)
    return row


def _row(look: Survey | NoTerms, symbol: str, name: str, tiers: TiersOf) -> VenueRow:
    if isinstance(look, NoTerms):
        return look
    listed = [each for each in look.listings.listed if _is(each, symbol, name)]
    if listed:
        return _terms(look, min(listed, key=lambda each: _nearness(each, symbol)), None, tiers)
    for excluded in look.listings.excluded:
        if excluded.listing is not None and _is(excluded.listing, symbol, name):
            return _terms(look, excluded.listing, excluded.note, tiers)
    for excluded in look.listings.excluded:
        if _may_be(excluded, symbol, name):
            return NoTerms(venue=look.venue, why=f"not looked at: {excluded.note}")
    return NoTerms(venue=look.venue, why=NOT_LISTED)


def _terms(look: Survey, listing: Listing, closed: str | None, tiers: TiersOf) -> VenueTerms:
    trading = look.trading.get(listing.symbol, Trading())
    funding = look.funding.get(listing.symbol)
    price, spread = trading.price, trading.spread
    return VenueTerms(
        instrument=listing.instrument,
        price=price,
        spread=None if price is None or spread is None else price * spread,
        max_leverage=listing.max_leverage or _highest(tiers, listing),
        funding_rate=None if funding is None else funding.rate,
        funding_interval_h=None if funding is None else funding.interval_h,
        multiplier=listing.multiplier,
        closed=closed,
    )


def _highest(tiers: TiersOf, listing: Listing) -> Decimal | None:
    known = tiers.get(listing.instrument.venue, {}).get(listing.symbol, ())
    stated = [tier.max_leverage for tier in known if tier.max_leverage is not None]
    return max(stated, default=None)


def _is(listing: Listing, symbol: str, name: str) -> bool:
    return listing.symbol == symbol or common_name(listing.coin) == name


def _nearness(listing: Listing, symbol: str) -> tuple[bool, int, str]:
    return listing.symbol != symbol, listing.multiplier, listing.symbol


def _may_be(excluded: Exclusion, symbol: str, name: str) -> bool:
    if not excluded.symbol.endswith(USDT_PERPETUAL):
        return False  # its spot market and the like
    return excluded.symbol == symbol or common_name(coin(excluded.symbol)) == name


def _listed(looks: Sequence[Survey | NoTerms]) -> list[str]:
    surveys = (look for look in looks if isinstance(look, Survey))
    return sorted({each.symbol for look in surveys for each in look.listings.listed})
