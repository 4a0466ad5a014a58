"""What speaks against watching a pair: every filter on its own, each reason with its figure.

A figure that a filter cannot do without and nobody knows speaks against the pair too. Depth and
age are the exceptions: they are not known of every pair at once, and are then said to be unchecked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from signalbot.domain.instrument import Instrument
from signalbot.domain.rounding import ceil_to, plain, six_digits
from signalbot.domain.universe import (
    Candidate,
    Range,
    RankedBy,
    Reason,
    RemovalCode,
    SizeRank,
    UniverseRules,
)

DAY_MS = 86_400_000
NEEDED = ("price", "quote_volume", "move", "spread")
"""What a pair is not watched without."""
MAY_BE_UNKNOWN = ("depth", "age")


def size_ranks(candidates: Sequence[Candidate]) -> dict[str, SizeRank]:
    """Return how large each coin is, by symbol: by market cap where that is verified.

    Otherwise the mean of its ranks by volume and by open interest among all candidates, those
    with a known market cap included.
    """
    volume = _ranked(candidates, lambda each: each.trading.quote_volume)
    interest = _ranked(candidates, lambda each: each.trading.open_interest)
    return {each.listing.symbol: _size_rank(each, volume, interest) for each in candidates}


def objections(
    candidate: Candidate, size: SizeRank, rules: UniverseRules, now: int
) -> tuple[Reason, ...]:
    """Return every reason for which a pair is not watched; none if it is.

    Parameters
    ----------
    size : SizeRank
        Of this candidate, as `size_ranks` gives it.
    now : int
        ms UTC.
    """
    return (
        *_unknown(candidate),
        *_volume(candidate, rules),
        *_scalp(candidate, rules),
        *_depth(candidate, rules),
        *_age(candidate, rules, now),
        *_smallest_order(candidate, rules),
        *_size(size, rules),
    )


def unchecked(candidate: Candidate) -> tuple[str, ...]:
    """Return what could not be looked at although the pair may be watched."""
    known = {"depth": candidate.trading.depth, "age": candidate.listing.listed_at}
    return tuple(name for name in MAY_BE_UNKNOWN if known[name] is None)


def smallest_notional(instrument: Instrument, price: Decimal) -> Decimal:
    """Return what the smallest order is worth at a price, in quote units."""
    by_notional = ceil_to(instrument.min_notional / price, instrument.step)
    by_qty = ceil_to(instrument.min_qty, instrument.step)
    return price * max(by_notional, by_qty, instrument.step)


def _unknown(candidate: Candidate) -> Iterator[Reason]:
    for name in NEEDED:
        value = getattr(candidate.trading, name)
        if value is None or (name in ("price", "move") and value <= 0):
            yield Reason(code=RemovalCode.UNKNOWN, note=f"no {name.replace('_', ' ')} is known")


def _volume(candidate: Candidate, rules: UniverseRules) -> Iterator[Reason]:
    if (volume := candidate.trading.quote_volume) is not None:
        yield from _outside(volume, rules.quote_volume, RemovalCode.VOLUME, "volume of 24 h")


def _scalp(candidate: Candidate, rules: UniverseRules) -> Iterator[Reason]:
    price, move = candidate.trading.price, candidate.trading.move
    if move is None or move <= 0:
        return
    yield from _outside(move, rules.move, RemovalCode.VOLATILITY, "typical move")
    stop = rules.stop_moves * move
    if (spread := candidate.trading.spread) is not None:
        share = spread / (rules.reward * stop)
        yield from _outside(share, rules.spread_share, RemovalCode.SPREAD, "spread per target")
    if price is not None and price > 0:
        share = candidate.listing.instrument.tick / (price * stop)
        yield from _outside(share, rules.tick_share, RemovalCode.TICK, "tick per stop distance")


def _depth(candidate: Candidate, rules: UniverseRules) -> Iterator[Reason]:
    depth, loss = candidate.trading.depth, _loss_share(candidate, rules)
    if depth is None or loss is None:
        return
    needed = rules.reference.risk_money / loss / rules.depth_share
    yield from _outside(depth, Range(low=ceil_to(needed, Decimal(1))), RemovalCode.DEPTH, "depth")


def _age(candidate: Candidate, rules: UniverseRules, now: int) -> Iterator[Reason]:
    if (listed_at := candidate.listing.listed_at) is not None:
        days = Decimal((now - listed_at) // DAY_MS)
        yield from _outside(days, rules.age_days, RemovalCode.AGE, "days since its listing")


def _smallest_order(candidate: Candidate, rules: UniverseRules) -> Iterator[Reason]:
    price, loss = candidate.trading.price, _loss_share(candidate, rules)
    if price is None or price <= 0 or loss is None:
        return
    lost = loss * smallest_notional(candidate.listing.instrument, price)
    bearable = Range(high=rules.micro.risk_money)
    what = "loss of the smallest order at its stop"
    yield from _outside(lost, bearable, RemovalCode.SMALLEST_ORDER, what)


def _size(size: SizeRank, rules: UniverseRules) -> Iterator[Reason]:
    if size.rank is None:
        return  # no volume is known then, which is said already
    is_verified = size.by is RankedBy.MARKET_CAP
    if not is_verified and not rules.unknown_cap_is_small:
        note = "its market cap is unverified, and such coins are not watched"
        yield Reason(code=RemovalCode.SIZE_RANK, note=note)
    allowed = rules.cap_rank if is_verified else rules.trade_rank
    yield from _outside(size.rank, allowed, RemovalCode.SIZE_RANK, f"rank by {size.by}:")


def _loss_share(candidate: Candidate, rules: UniverseRules) -> Decimal | None:
    """Return what a stop costs per notional: its distance, two taker fees and the spread."""
    move, spread = candidate.trading.move, candidate.trading.spread
    if move is None or move <= 0:
        return None
    fees = 2 * candidate.listing.instrument.taker_rate
    return rules.stop_moves * move + fees + (spread or Decimal(0))


def _outside(value: Decimal, allowed: Range, code: RemovalCode, what: str) -> Iterator[Reason]:
    if not allowed.holds(value):
        shown = plain(six_digits(float(value)))
        yield Reason(code=code, note=f"{what} {shown}, allowed: {allowed}")


def _ranked(
    candidates: Sequence[Candidate], figure: Callable[[Candidate], Decimal | None]
) -> dict[str, int]:
    known = [
        (-value, each.listing.symbol) for each in candidates if (value := figure(each)) is not None
    ]
    return {symbol: rank for rank, (_, symbol) in enumerate(sorted(known), start=1)}


def _size_rank(
    candidate: Candidate, volume: Mapping[str, int], interest: Mapping[str, int]
) -> SizeRank:
    symbol = candidate.listing.symbol
    if candidate.cap_rank is not None:
        return SizeRank(rank=Decimal(candidate.cap_rank), by=RankedBy.MARKET_CAP)
    if symbol not in volume:
        return SizeRank(rank=None, by=RankedBy.NOTHING)
    if symbol not in interest:
        return SizeRank(rank=Decimal(volume[symbol]), by=RankedBy.VOLUME)
    return SizeRank(rank=Decimal(volume[symbol] + interest[symbol]) / 2, by=RankedBy.TRADE)
