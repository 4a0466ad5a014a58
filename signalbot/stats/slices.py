"""Parts of a record, each judged knowing that all of them were looked at."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from signalbot.domain.timeframe import HOUR_MS
from signalbot.stats.sample import Labels, Sample
from signalbot.stats.uncertainty import exact_p, holm
from signalbot.stats.verdict import MIN_DECIDED

HOURS = tuple(f"{hour:02d}" for hour in range(24))


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The decided alerts that share one value of one dimension.

    Attributes
    ----------
    by, value : str
        Dimension (`setup`, `hour`, `symbol`, `side`, and of BTC `volatility` or `regime`) and
        value; a setup is `name version`, an hour is that of publication in UTC, `00` to `23`.
    breakeven_win_rate : float
        Mean of the rates these alerts were planned to need.
    p_value : float
        Chance of a win count at least as unlikely as this one if the true rate were break-even
        (exact binomial, two-sided). Clusters are not accounted for: it flatters.
    p_holm : float
        The same, adjusted for every slice shown beside it.
    """

    by: str
    value: str
    n: int
    wins: int
    win_rate: float
    breakeven_win_rate: float
    expectancy_r: float
    p_value: float
    p_holm: float


def slices_of(decided: Sample) -> tuple[Slice, ...]:
    """Return every slice of at least `MIN_DECIDED` alerts, ordered by dimension and value.

    What a record does not tell of an alert (an empty label) is no slice.
    """
    found = [part for by, column in _dimensions(decided) for part in _parts(by, column, decided)]
    adjusted = holm([part.p_value for part in found])
    return tuple(replace(part, p_holm=p) for part, p in zip(found, adjusted, strict=True))


def _dimensions(decided: Sample) -> Iterator[tuple[str, Labels]]:
    yield "setup", decided.setup
    yield "hour", Labels(codes=decided.published_at // HOUR_MS % 24, names=HOURS)
    yield "symbol", decided.symbol
    yield "side", decided.side
    yield "volatility", decided.volatility
    yield "regime", decided.regime


def _parts(by: str, column: Labels, decided: Sample) -> Iterator[Slice]:
    groups = len(column.names)
    counts = np.bincount(column.codes, minlength=groups)
    wins = np.bincount(column.codes[decided.is_win], minlength=groups)
    net_r = np.bincount(column.codes, weights=decided.net_r, minlength=groups)
    breakeven = np.bincount(column.codes, weights=decided.breakeven, minlength=groups)
    large = np.flatnonzero(counts >= MIN_DECIDED).tolist()
    shown = [code for code in large if column.names[code]]
    for code in sorted(shown, key=column.names.__getitem__):
        n, won = int(counts[code]), int(wins[code])
        needed = min(float(breakeven[code]) / n, 1.0)  # a sum of rounded rates may exceed n
        p = exact_p(won, n, needed)
        yield Slice(
            by=by,
            value=column.names[code],
            n=n,
            wins=won,
            win_rate=won / n,
            breakeven_win_rate=needed,
            expectancy_r=float(net_r[code]) / n,
            p_value=p,
            p_holm=p,
        )
