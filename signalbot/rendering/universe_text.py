"""Why a pair is watched, or why not: plain text, which a chat has to escape."""

from signalbot.domain.listing import Listings
from signalbot.domain.rounding import plain
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


def counts_text(listings: Listings, universe: Universe) -> str:
    """Return how many markets of a venue are watched, and how many fell to each reason."""
    counted: dict[str, int] = {}
    reasons = [each.code.value for each in listings.excluded]
    reasons += [reason.code.value for each in universe.removed for reason in each.reasons]
    for code in reasons:
        counted[code] = counted.get(code, 0) + 1
    most_first = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    by_trade = sum(each.size.by is not RankedBy.MARKET_CAP for each in universe.chosen)
    lines = [
        f"Watched on {universe.venue}: {len(universe.chosen)},"
        f" of them without a verified market cap: {by_trade}.",
        *(f"{code} {count}" for code, count in most_first),
    ]
    return "\n".join(lines)


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
