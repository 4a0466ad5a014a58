"""Ask every setup about every row of a panel."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from signalbot.analysis.indicators import Indicators
from signalbot.domain.panel import Panel
from signalbot.setups.setup import Found, Mask, Match, Setup

PAIRS_AT_ONCE = 16


def scan(panel: Panel, setups: Sequence[Setup], first_row: int = 0) -> list[Match]:
    """Return all matches from `first_row` on, in order of time.

    A live bot scans the newest row, a replay all rows: the same masks decide.
    Dead candles (no range or no volume) and pairs within a setup's warm-up never match. Pairs
    know nothing of each other, so they are scanned a few at a time: a year of hundreds of pairs
    needs no more memory for its indicators than a few pairs do.
    """
    matches = [
        match
        for first in range(0, len(panel.symbols), PAIRS_AT_ONCE)
        for match in _scan(panel.pairs(first, first + PAIRS_AT_ONCE), setups, first_row, first)
    ]
    return sorted(matches, key=lambda match: match.row)


def _scan(
    panel: Panel, setups: Sequence[Setup], first_row: int, first_pair: int
) -> Iterator[Match]:
    indicators = Indicators(panel)
    alive = (panel.high > panel.low) & (panel.volume > 0)
    age = indicators.age()
    for setup in setups:
        for found in setup.find(panel, indicators):
            keep = alive & (age > setup.warmup)
            for match in _matches(panel, setup, found, keep, first_row):
                yield replace(match, pair=match.pair + first_pair) if first_pair else match


def _matches(
    panel: Panel, setup: Setup, found: Found, allowed: Mask, first_row: int
) -> Iterator[Match]:
    keep = np.flatnonzero(allowed[found.row, found.pair] & (found.row >= first_row))
    rows, pairs = found.row[keep], found.pair[keep]
    reasons = {name: values[keep].tolist() for name, values in found.reasons.items()}
    columns = (
        rows.tolist(),
        pairs.tolist(),
        panel.close_time[rows].tolist(),
        panel.close[rows, pairs].tolist(),
        found.stop[keep].tolist(),
        found.target[keep].tolist(),
    )
    for index, values in enumerate(zip(*columns, strict=True)):
        row, pair, candle_close, entry, stop, target = values
        yield Match(
            setup=setup,
            pair=pair,
            symbol=panel.symbols[pair],
            row=row,
            candle_close=candle_close,
            side=found.side,
            entry=entry,
            stop=stop,
            target=target,
            reasons={name: column[index] for name, column in reasons.items()},
        )
