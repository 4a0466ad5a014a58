"""The description of one pair at the candle that fired: evidence for the review, not a decision.

The numbers come from the `ta` library, of which only what pandas computes without a Python loop is
used: its ATR, ADX, MFI, CCI, Aroon and the like would cost more than all features here together.
Windows are counted in rows. Prices are first divided by the last close and volumes by their mean
over the last `VOLUME_ROWS` rows, so that a feature compares across coins whatever they cost.

The averages of `ta` start at the first row they are given; on a new listing with fewer than about
150 rows they still remember it.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd
from ta.momentum import (
    PercentagePriceOscillator,
    ROCIndicator,
    RSIIndicator,
    TSIIndicator,
    WilliamsRIndicator,
)
from ta.trend import EMAIndicator, MassIndex
from ta.volatility import BollingerBands, DonchianChannel
from ta.volume import (
    ChaikinMoneyFlowIndicator,
    ForceIndexIndicator,
    OnBalanceVolumeIndicator,
    VolumeWeightedAveragePrice,
)

from signalbot.domain.candles import Candles

ROWS = 300
"""Only the newest rows are read, so that a longer history does not change a feature."""

VOLUME_ROWS = 20
"""Rows over which a volume is compared with its own mean."""

SIGNIFICANT_DIGITS = 6
DECIMAL_PLACES = 9
"""Whatever is smaller is noise of float arithmetic: prices here are near 1."""


def _last(series: pd.Series) -> float:
    return float(series.iloc[-1])


def _as_pct(series: pd.Series) -> float:
    return 100 * _last(series)


def _gap_pct(series: pd.Series) -> float:
    return 100 * (1 - _last(series))  # the last close is 1


def _net_share(series: pd.Series) -> float:
    return _last(series.diff(VOLUME_ROWS)) / VOLUME_ROWS  # the mean volume is 1


def _deviations(series: pd.Series) -> float:
    return 2 * _last(series) - 1  # between bands one deviation away: 0 is -1, 1 is +1


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One number that describes a pair, and where it comes from.

    Attributes
    ----------
    name : str
        Key in the evidence; the suffix is the unit (`_pct`, `_ratio`), none is an index or score.
    meaning : str
        What it says, in one sentence.
    indicator : type
        Class of `ta`.
    columns : tuple of str
        What the class is given, in its order.
    parameters : mapping of str to int
        Its windows and widths.
    output : str
        Method that gives the series.
    reading : callable
        From that series to the number; by default its last value.
    """

    name: str
    meaning: str
    indicator: type[Any]
    columns: tuple[str, ...]
    parameters: Mapping[str, int] = field(default_factory=dict)
    output: str
    reading: Callable[[pd.Series], float] = _last

    @property
    def source(self) -> str:
        """The call in `ta`, e.g. `RSIIndicator(close, window=14).rsi()`."""
        given = (*self.columns, *(f"{key}={value}" for key, value in self.parameters.items()))
        return f"{self.indicator.__name__}({', '.join(given)}).{self.output}()"

    def value(self, columns: Mapping[str, pd.Series]) -> float:
        """Return the number at the last row; NaN or infinite where it has no meaning."""
        inputs = (columns[name] for name in self.columns)
        return self.reading(getattr(self.indicator(*inputs, **self.parameters), self.output)())


FEATURES = (
    Feature(
        name="rsi",
        meaning="Strength of the rises against the falls of the close, 0 to 100.",
        indicator=RSIIndicator,
        columns=("close",),
        parameters={"window": 14},
        output="rsi",
    ),
    Feature(
        name="tsi",
        meaning="Twice smoothed net move of the close against its total move, -100 to 100.",
        indicator=TSIIndicator,
        columns=("close",),
        parameters={"window_slow": 25, "window_fast": 13},
        output="tsi",
    ),
    Feature(
        name="williams_r",
        meaning="Where the close is in the range of 14 rows: -100 at its low, 0 at its high.",
        indicator=WilliamsRIndicator,
        columns=("high", "low", "close"),
        parameters={"lbp": 14},
        output="williams_r",
    ),
    Feature(
        name="rate_of_change_pct",
        meaning="Change of the close over 12 rows.",
        indicator=ROCIndicator,
        columns=("close",),
        parameters={"window": 12},
        output="roc",
    ),
    Feature(
        name="ppo_histogram_pct",
        meaning="Gap of the averages of 12 and 26 rows, less its own average of 9 rows.",
        indicator=PercentagePriceOscillator,
        columns=("close",),
        parameters={"window_slow": 26, "window_fast": 12, "window_sign": 9},
        output="ppo_hist",
    ),
    Feature(
        name="ema_gap_pct",
        meaning="How far the close is above its exponential average of 50 rows.",
        indicator=EMAIndicator,
        columns=("close",),
        parameters={"window": 50},
        output="ema_indicator",
        reading=_gap_pct,
    ),
    Feature(
        name="mass_index",
        meaning="Whether the candles' ranges widen: above 25 they do, below 25 they narrow.",
        indicator=MassIndex,
        columns=("high", "low"),
        parameters={"window_fast": 9, "window_slow": 25},
        output="mass_index",
    ),
    Feature(
        name="bollinger_position_ratio",
        meaning="Where the close is between the bands of 20 rows: 0 at the lower, 1 at the upper.",
        indicator=BollingerBands,
        columns=("close",),
        parameters={"window": 20, "window_dev": 2},
        output="bollinger_pband",
    ),
    Feature(
        name="bollinger_width_pct",
        meaning="Distance between the bands of 20 rows, of their middle.",
        indicator=BollingerBands,
        columns=("close",),
        parameters={"window": 20, "window_dev": 2},
        output="bollinger_wband",
    ),
    Feature(
        name="donchian_position_ratio",
        meaning="Where the close is in the range of 60 rows: 0 at its low, 1 at its high.",
        indicator=DonchianChannel,
        columns=("high", "low", "close"),
        parameters={"window": 60},
        output="donchian_channel_pband",
    ),
    Feature(
        name="vwap_gap_pct",
        meaning="How far the close is above the volume-weighted price of 60 rows.",
        indicator=VolumeWeightedAveragePrice,
        columns=("high", "low", "close", "volume"),
        parameters={"window": 60},
        output="volume_weighted_average_price",
        reading=_gap_pct,
    ),
    Feature(
        name="chaikin_money_flow_ratio",
        meaning="Volume of 20 rows by where each close is in its candle: -1 at lows, 1 at highs.",
        indicator=ChaikinMoneyFlowIndicator,
        columns=("high", "low", "close", "volume"),
        parameters={"window": 20},
        output="chaikin_money_flow",
    ),
    Feature(
        name="on_balance_volume_ratio",
        meaning="Volume of 20 rows on closes that did not fall, less on falls, of all: -1 to 1.",
        indicator=OnBalanceVolumeIndicator,
        columns=("close", "volume"),
        output="on_balance_volume",
        reading=_net_share,
    ),
    Feature(
        name="force_index_pct",
        meaning="Average move of the close over 13 rows, each weighted by its volume.",
        indicator=ForceIndexIndicator,
        columns=("close", "volume"),
        parameters={"window": 13},
        output="force_index",
        reading=_as_pct,
    ),
    Feature(
        name="volume_z_score",
        meaning="Volume of the candle above its mean of 20 rows, in standard deviations.",
        indicator=BollingerBands,
        columns=("volume",),
        parameters={"window": VOLUME_ROWS, "window_dev": 1},
        output="bollinger_pband",
        reading=_deviations,
    ),
)
"""Every feature, in the order of the evidence."""


def describe(candles: Candles) -> dict[str, Decimal]:
    """Return the features of a pair at the last of its candles.

    Parameters
    ----------
    candles : Candles
        At least one row; the last one is the candle that fired. Rows before the newest `ROWS`
        change nothing.

    Returns
    -------
    dict of str to Decimal
        Value of each of `FEATURES`, at most six significant digits and nine decimal places. Left
        out is what has no value: too few rows for the window, no range, no volume; and everything
        if the close never moved (of a dead pair `ta` would say RSI = 100).
    """
    close = candles.close[-ROWS:]
    if (close == close[-1]).all():
        return {}
    columns = _relative(candles)
    values = {feature.name: feature.value(columns) for feature in FEATURES}
    return {name: _rounded(value) for name, value in values.items() if math.isfinite(value)}


def _relative(candles: Candles) -> dict[str, pd.Series]:
    prices = {
        name: pd.Series(getattr(candles, name)[-ROWS:] / candles.close[-1])
        for name in ("high", "low", "close")
    }
    volume = pd.Series(candles.volume[-ROWS:])
    mean = volume.tail(VOLUME_ROWS).mean()
    # Of a pair nobody traded lately every volume is NaN, and so is what is computed of it.
    return {**prices, "volume": volume / (mean or math.nan)}


def _rounded(value: float) -> Decimal:
    settled = round(value, DECIMAL_PLACES) + 0.0  # -0.0 becomes 0.0
    return Decimal(f"{settled:.{SIGNIFICANT_DIGITS}g}")
