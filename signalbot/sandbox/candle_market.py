"""A market made of candles that somebody recorded: what happened inside the minutes is drawn.

The candles stay as they are, to the last digit. Depth and spread, which no candle tells, are as
deep and wide as those of the generated market are where as much is traded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from signalbot.domain.book import Book
from signalbot.domain.candles import PRICES, Candles, Floats
from signalbot.domain.instrument import Instrument
from signalbot.errors import InputError
from signalbot.sandbox.books import closing_book
from signalbot.sandbox.coins import Coin

FINEST = -12
"""Ticks and steps are at least ten to this power."""

USDT = "/USDT:USDT"
_DEPTH = 0.55  # of the turnover of a minute, as in the generated market
_SPREAD_BPS = 1.2  # the middle one there


@dataclass(frozen=True, slots=True, kw_only=True)
class CandleMarket:
    """Candles, contracts and books by symbol.

    Attributes
    ----------
    seed : int
        Of the books and of whatever else is drawn to fit.
    series : mapping of str to Candles
        1m candles as they were recorded, missing minutes and all.
    """

    seed: int
    series: Mapping[str, Candles]
    instruments: Mapping[str, Instrument]
    coins: Mapping[str, Coin]

    def book(self, symbol: str, minute: int) -> Book:
        """Return the book at the close of row `minute` of a symbol: five levels a side."""
        position = list(self.series).index(symbol)
        coin, candles = self.coins[symbol], self.series[symbol]
        return closing_book(coin, candles, minute, (self.seed, position, minute))


def candle_market(
    series: Mapping[str, Candles], instruments: Mapping[str, Instrument], seed: int = 0
) -> CandleMarket:
    """Return the market that traded these candles.

    Parameters
    ----------
    instruments : mapping of str to Instrument
        Of every symbol. Where its candles are finer than its grid, the market is finer as well.

    Raises
    ------
    InputError
        If a number has more decimals than `FINEST` allows, a pair is not settled in USDT, or there
        is no candle at all.
    """
    if not series or not all(len(candles) for candles in series.values()):
        raise InputError("candles", sorted(series), "one or more candles of every pair")
    for symbol in series:
        if not symbol.endswith(USDT):
            raise InputError("candles", symbol, f"pairs such as BTC{USDT}")
    coins = {symbol: _coin(candles, instruments[symbol]) for symbol, candles in series.items()}
    return CandleMarket(seed=seed, series=series, instruments=instruments, coins=coins)


def _coin(candles: Candles, instrument: Instrument) -> Coin:
    prices = np.concatenate([getattr(candles, field) for field in PRICES])
    moves = np.diff(np.log(candles.close))
    turnover = max(float(np.median(candles.close * candles.volume)), 1.0)
    return Coin(
        symbol=instrument.symbol,
        price=float(candles.open[0]),
        tick_exponent=_exponent("price", prices, instrument.tick),
        step_exponent=_exponent("volume", candles.volume, instrument.step),
        volatility=max(float(np.std(moves)) if len(moves) else 0.0, 1e-5),
        correlation=0.0,
        fall=1.0,
        jumps_per_day=0.0,
        turnover=turnover,
        depth=_DEPTH * turnover,
        spread_bps=_SPREAD_BPS,
    )


def _exponent(field: str, values: Floats, grid: Decimal) -> int:
    own = grid.normalize().as_tuple().exponent
    coarsest = min(own if isinstance(own, int) else 0, 0)
    for exponent in range(coarsest, FINEST - 1, -1):
        scale = 10.0**-exponent
        if (np.rint(values * scale) / scale == values).all():
            return exponent
    raise InputError(field, float(values[0]), f"numbers of at most {-FINEST} decimals")
