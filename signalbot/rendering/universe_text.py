"""Why a pair is watched, or why not: plain text, which a chat has to escape."""

from collections import Counter

from signalbot.domain.listing import Listings
from signalbot.domain.market_cap import CapTable
from signalbot.domain.rounding import plain
from signalbot.domain.timeframe import HOUR_MS
from signalbot.domain.universe import Chosen, RankedBy, Reason, Universe


def why_text(symbol: str, listings: Listings, universe: Universe) -> str:
    """Return what became of a pair of one venue, with every reason and its figure."""
    for chosen in universe.chosen:
        if chosen.listing.symbol == symbol:
            return _watched(chosen)
    for removal in universe.removed:
        if removal.symbol == symbol:
            return f"{symbol} is not watched on {universe.venue}: {_listed(removal.reasons)}."
    for excluded in listings.excluded:
        if excluded.symbol == symbol:
            return f"{symbol} is not looked at on {listings.venue}: {excluded.note}."
    return f"{symbol} is not watched: {listings.venue} does not list it."


def counts(listings: Listings, universe: Universe) -> list[tuple[str, int]]:
    """Return how many markets fell to each reason, the most frequent first.

    A market that several reasons speak against is counted with each of them.
    """
    counted = Counter(each.code.value for each in listings.excluded)
    counted.update(reason.code.value for each in universe.removed for reason in each.reasons)
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))


def counts_text(listings: Listings, universe: Universe) -> str:
    """Return how many markets of a venue are watched, and how many fell to each reason."""
    by_trade = sum(each.size.by is not RankedBy.MARKET_CAP for each in universe.chosen)
    lines = [
        f"Watched on {universe.venue}: {len(universe.chosen)},"
        f" of them without a verified market cap: {by_trade}.",
        *(f"{code} {count}" for code, count in counts(listings, universe)),
    ]
    return "\n".join(lines)


def caps_text(caps: CapTable, now: int) -> str:
    """Return how old the market caps are by which coins were judged, and what is wrong.

    Parameters
    ----------
    now : int
        ms UTC.
    """
    trouble = "" if caps.trouble is None else f" {caps.trouble.rstrip('.')}."
    if not caps.coins:
        return f"No market caps are known, so coins are ranked by how they trade.{trouble}"
    if caps.fetched_at is None:
        return f"Market caps of the {len(caps.coins)} largest coins only.{trouble}"
    hours = max(now - caps.fetched_at, 0) // HOUR_MS
    age = f"{hours} h old" if caps.trouble is None else f"{hours} h old, which is too old"
    return f"Market caps of {len(caps.coins)} coins, {age}.{trouble}"


def _watched(chosen: Chosen) -> str:
    symbol, venue = chosen.listing.symbol, chosen.listing.instrument.venue
    rank = "" if chosen.size.rank is None else f", rank {plain(chosen.size.rank)}"
    sentences = [f"{symbol} is watched on {venue}. Its size is judged by {chosen.size.by}{rank}."]
    if chosen.by_admin:
        sentences.append("An admin has put it in.")
    if chosen.despite:
        sentences.append(f"Against it speaks: {_listed(chosen.despite)}.")
    if chosen.unchecked:
        sentences.append(f"Not checked, for want of data: {', '.join(chosen.unchecked)}.")
    return " ".join(sentences)


def _listed(reasons: tuple[Reason, ...]) -> str:
    return "; ".join(reason.note for reason in reasons)
