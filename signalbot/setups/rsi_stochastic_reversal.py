"""RSI and stochastic leave an extreme together: a bet on a short move back.

Long: within the last few candles the RSI was oversold, and %K now crosses above %D out of the
oversold zone. The stop lies beyond the swing low, the target at the swing high. The short is the
exact mirror. No edge after costs was found for this family on months of real candles; it is
published as a hypothesis.
"""

from dataclasses import dataclass

import numpy as np

from signalbot.analysis.indicators import Indicators, previous
from signalbot.domain.candles import Floats
from signalbot.domain.panel import Panel
from signalbot.domain.side import Side
from signalbot.setups.setup import Found, Mask

CODE_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Parameters; periods in candles, distances in ATR or R.

    Attributes
    ----------
    rsi_period, stochastic_period, smooth_k, smooth_d, atr_period, adx_period, ema_period : int
        Periods of the indicators; %K(14,3,3) is period 14 smoothed by 3, %D by 3 again.
    oversold_rsi, oversold_stochastic : float
        Extremes for a long; a short uses 100 minus them.
    memory : int
        The RSI extreme lies at most so many candles back.
    swing : int
        Candles in which the swing low (stop) is looked for.
    stop_buffer_atr, min_stop_atr : float
        The stop lies this far beyond the swing and at least this far from the entry.
    structure : int
        Candles in which the swing high (target) is looked for.
    min_target_r, max_target_r : float
        The structure counts as target if it lies between these; otherwise `target_atr` does,
        brought into the same bounds.
    target_atr : float
        Distance of the target where the structure gives none.
    """

    rsi_period: int
    stochastic_period: int = 14
    smooth_k: int = 3
    smooth_d: int = 3
    atr_period: int = 14
    adx_period: int = 14
    ema_period: int = 21
    oversold_rsi: float = 15.0
    oversold_stochastic: float = 15.0
    memory: int = 3
    swing: int = 30
    stop_buffer_atr: float = 0.5
    min_stop_atr: float = 1.0
    structure: int = 45
    min_target_r: float = 1.0
    max_target_r: float = 2.5
    target_atr: float = 3.0


ON_1M = Parameters(rsi_period=7)
ON_5M = Parameters(rsi_period=14, oversold_rsi=25.0)


def find(panel: Panel, indicators: Indicators, parameters: Parameters) -> tuple[Found, ...]:
    """Return where the setup fires, for both sides."""
    return tuple(_found(panel, indicators, parameters, side) for side in Side)


def _found(panel: Panel, indicators: Indicators, parameters: Parameters, side: Side) -> Found:
    # Everything below reads as a long; for a short, prices are negated and oscillators turned
    # over, so both sides are mirrors by construction.
    rsi = indicators.rsi(parameters.rsi_period)
    slow_k, slow_d = indicators.stochastic(
        parameters.stochastic_period, parameters.smooth_k, parameters.smooth_d
    )
    fires = _fires(_turned(rsi, side), _turned(slow_k, side), _turned(slow_d, side), parameters)
    row, pair = np.nonzero(fires)
    long = side is Side.LONG
    atr = indicators.atr(parameters.atr_period)[row, pair]
    beyond = indicators.lowest(parameters.swing) if long else -indicators.highest(parameters.swing)
    ahead = (
        indicators.highest(parameters.structure)
        if long
        else -indicators.lowest(parameters.structure)
    )
    entry = side.sign * panel.close[row, pair]
    risk = np.maximum(
        entry - beyond[row, pair] + parameters.stop_buffer_atr * atr,
        parameters.min_stop_atr * atr,
    )
    reward = _reward(ahead[row, pair] - entry, risk, atr, parameters)
    return Found(
        side=side,
        row=row,
        pair=pair,
        stop=side.sign * (entry - risk),
        target=side.sign * (entry + reward),
        reasons={
            "rsi": rsi[row, pair],
            "rsi_extreme": _turned(_recent_low(_turned(rsi, side), parameters.memory), side)[
                row, pair
            ],
            "stochastic_k": slow_k[row, pair],
            "stochastic_d": slow_d[row, pair],
            "atr_pct": 100 * atr / np.abs(entry),
            "ema_gap_pct": 100
            * (panel.close / indicators.ema(parameters.ema_period) - 1)[row, pair],
            "adx": indicators.adx(parameters.adx_period)[row, pair],
        },
    )


def _fires(rsi: Floats, slow_k: Floats, slow_d: Floats, parameters: Parameters) -> Mask:
    crosses = (slow_k > slow_d) & (previous(slow_k) <= previous(slow_d))
    from_below = previous(slow_k) <= parameters.oversold_stochastic
    extreme = _recent_low(rsi, parameters.memory) <= parameters.oversold_rsi
    mask: Mask = crosses & from_below & extreme & (rsi > previous(rsi))
    return mask


def _recent_low(values: Floats, memory: int) -> Floats:
    lowest = values
    for back in range(1, memory + 1):
        lowest = np.fmin(lowest, previous(values, back))
    return lowest


def _turned(oscillator: Floats, side: Side) -> Floats:
    return oscillator if side is Side.LONG else 100 - oscillator


def _reward(structure: Floats, risk: Floats, atr: Floats, parameters: Parameters) -> Floats:
    least, most = parameters.min_target_r * risk, parameters.max_target_r * risk
    by_atr = np.clip(parameters.target_atr * atr, least, most)
    return np.where((structure >= least) & (structure <= most), structure, by_atr)
