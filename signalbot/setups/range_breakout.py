"""A quiet range, then a close beyond it with volume: a bet that the move goes on.

Long: the range of the last candles is narrow against the pair's longer volatility, and this candle
closes above it on a multiple of the mean volume. The stop lies beyond the other end of the range,
the target some range heights further. The short is the exact mirror. No edge after costs was found
for this family on months of real candles; it is published as a hypothesis.
"""

from dataclasses import dataclass

import numpy as np

from signalbot.analysis.indicators import Indicators, previous
from signalbot.domain.candles import Floats
from signalbot.domain.panel import Panel
from signalbot.domain.side import Side
from signalbot.setups.setup import Found

CODE_VERSION = 1
BAND_DEVIATIONS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Parameters; periods in candles, distances in ATR or R.

    Attributes
    ----------
    range_period : int
        Candles before this one that make the range.
    slow_range_period, max_width : int, float
        The range is quiet if its height is at most so many times the mean true range of so many
        candles; a plain mean, so that it does not matter how far back the candles begin.
    atr_period, adx_period, money_flow_period, volume_period, band_period : int
        Periods of the other indicators.
    min_volume : float
        This candle's volume as a multiple of the mean volume before it, which is above 0.
    stop_buffer_atr, min_stop_atr : float
        The stop lies this far beyond the range and at least this far from the entry.
    max_chase_atr : float
        A close further than this beyond the range has left without us.
    target_heights : float
        The target lies so many range heights beyond the entry,
    min_target_r, max_target_r : float
        but within these bounds.
    """

    range_period: int = 30
    slow_range_period: int = 100
    max_width: float = 3.5
    atr_period: int = 14
    adx_period: int = 14
    money_flow_period: int = 14
    volume_period: int = 20
    band_period: int = 20
    min_volume: float = 3.0
    stop_buffer_atr: float = 0.1
    min_stop_atr: float = 1.0
    max_chase_atr: float = 2.0
    target_heights: float = 1.5
    min_target_r: float = 1.0
    max_target_r: float = 2.5


ON_1M = Parameters()
ON_5M = Parameters(range_period=24)


def find(panel: Panel, indicators: Indicators, parameters: Parameters) -> tuple[Found, ...]:
    """Return where the setup fires, for both sides."""
    return tuple(_found(panel, indicators, parameters, side) for side in Side)


def _found(panel: Panel, indicators: Indicators, parameters: Parameters, side: Side) -> Found:
    # Everything below reads as a long; for a short prices are negated, so both sides are mirrors
    # by construction.
    highest = previous(indicators.highest(parameters.range_period))
    lowest = previous(indicators.lowest(parameters.range_period))
    slow_range = previous(indicators.mean_true_range(parameters.slow_range_period))
    mean_volume = previous(indicators.mean_volume(parameters.volume_period))
    edge, other_edge = (highest, lowest) if side is Side.LONG else (-lowest, -highest)
    quiet = (highest - lowest) <= parameters.max_width * slow_range
    beyond = side.sign * panel.close - edge
    leaves = (beyond > 0) & (beyond <= parameters.max_chase_atr * slow_range)
    loud = (mean_volume > 0) & (panel.volume >= parameters.min_volume * mean_volume)
    row, pair = np.nonzero(quiet & leaves & loud)

    atr = indicators.atr(parameters.atr_period)[row, pair]
    entry = side.sign * panel.close[row, pair]
    height = (highest - lowest)[row, pair]
    risk = np.maximum(
        entry - other_edge[row, pair] + parameters.stop_buffer_atr * atr,
        parameters.min_stop_atr * atr,
    )
    reward = np.clip(
        parameters.target_heights * height,
        parameters.min_target_r * risk,
        parameters.max_target_r * risk,
    )
    return Found(
        side=side,
        row=row,
        pair=pair,
        stop=side.sign * (entry - risk),
        target=side.sign * (entry + reward),
        reasons={
            "range_pct": 100 * height / np.abs(entry),
            "range_widths": height / slow_range[row, pair],
            "volume_ratio": panel.volume[row, pair] / mean_volume[row, pair],
            "atr_pct": 100 * atr / np.abs(entry),
            "band_width_pct": _band_width(panel, indicators, parameters)[row, pair],
            "adx": indicators.adx(parameters.adx_period)[row, pair],
            "money_flow": indicators.money_flow(parameters.money_flow_period)[row, pair],
        },
    )


def _band_width(panel: Panel, indicators: Indicators, parameters: Parameters) -> Floats:
    upper, _, lower = indicators.bands(parameters.band_period, BAND_DEVIATIONS)
    return 100 * previous(upper - lower) / panel.close
