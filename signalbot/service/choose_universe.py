"""Choose the pairs of a venue that are watched; what an admin has put in or taken off wins."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from signalbot.domain.controls import IN, OUT, Controls
from signalbot.domain.listing import Listings
from signalbot.domain.market_cap import CoinMatch
from signalbot.domain.universe import (
    Candidate,
    Chosen,
    Reason,
    Removal,
    RemovalCode,
    Trading,
    Universe,
    UniverseRules,
)
from signalbot.domain.universe_filters import objections, size_ranks, unchecked

_OFF = (Reason(code=RemovalCode.PAIR_OFF, note="an admin has taken it off"),)


def choose_universe(
    listings: Listings,
    trading: Mapping[str, Trading],
    caps: Mapping[str, CoinMatch],
    controls: Controls,
    rules: UniverseRules,
    now: int,
) -> Universe:
    """Return the pairs of a venue that are watched from `now` on, and why the others are not.

    Parameters
    ----------
    trading : mapping of str to Trading
        By symbol. A pair that is missing is not watched, unless an admin has put it in.
    caps : mapping of str to CoinMatch
        By symbol; empty where no source of market caps answers: then all are ranked by trade.
    now : int
        ms UTC.
    """
    candidates = [
        Candidate(
            listing=listing,
            trading=trading.get(listing.symbol, Trading()),
            cap_rank=_cap_rank(caps.get(listing.symbol)),
        )
        for listing in sorted(listings.listed, key=lambda listing: listing.symbol)
    ]
    sizes = size_ranks(candidates)
    put_in, off = set(controls.pairs(IN)), set(controls.pairs(OUT))
    chosen, removed = [], []
    for each in candidates:
        symbol = each.listing.symbol
        against = _OFF if symbol in off else objections(each, sizes[symbol], rules, now)
        if against and symbol not in put_in:
            removed.append(Removal(symbol=symbol, reasons=against))
            continue
        choice = Chosen(
            listing=each.listing,
            size=sizes[symbol],
            unchecked=unchecked(each),
            despite=against,
            by_admin=symbol in put_in,
        )
        chosen.append(choice)
    removed += _not_listed(listings, put_in)
    return _limited(listings.venue, chosen, removed, trading, rules.most_pairs)


def _cap_rank(match: CoinMatch | None) -> int | None:
    return None if match is None or match.coin is None else match.coin.rank


def _not_listed(listings: Listings, put_in: set[str]) -> Iterator[Removal]:
    excluded = {each.symbol: f"{each.code}: {each.note}" for each in listings.excluded}
    for symbol in sorted(put_in - {listing.symbol for listing in listings.listed}):
        why = excluded.get(symbol, "the venue does not list it")
        note = f"an admin has put it in, but {why}"
        yield Removal(symbol=symbol, reasons=(Reason(code=RemovalCode.NOT_LISTED, note=note),))


def _limited(
    venue: str,
    chosen: list[Chosen],
    removed: list[Removal],
    trading: Mapping[str, Trading],
    most: int,
) -> Universe:
    def rank(each: Chosen) -> tuple[bool, Decimal, str]:
        known = trading.get(each.listing.symbol, Trading()).quote_volume
        return not each.by_admin, -(known or Decimal(0)), each.listing.symbol

    note = f"the {most} pairs with the highest volume are watched"
    beyond = (Reason(code=RemovalCode.BEYOND_LIMIT, note=note),)
    ranked = sorted(chosen, key=rank)
    too_many = [
        Removal(symbol=each.listing.symbol, reasons=beyond)
        for each in ranked[most:]
        if not each.by_admin
    ]
    left = {removal.symbol for removal in too_many}
    return Universe(
        venue=venue,
        chosen=tuple(each for each in chosen if each.listing.symbol not in left),
        removed=tuple(sorted([*removed, *too_many], key=lambda removal: removal.symbol)),
    )
