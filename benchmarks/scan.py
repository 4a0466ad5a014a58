"""Speed of the decisions: every setup on every row, and the eleven values of a live scan.

No ledger and no statistics here; `replay.py` times those with everything else. Times are those of
the processor, so that whatever else runs on the machine blurs them less.
"""

import json
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from recording import recording
from ta.momentum import RSIIndicator, StochasticOscillator
from ta.trend import ADXIndicator, EMAIndicator
from ta.volatility import AverageTrueRange, BollingerBands
from ta.volume import MFIIndicator

from signalbot.analysis.btc_context import BtcRules, btc_context
from signalbot.analysis.indicators import Indicators
from signalbot.domain.candles import Candles, Floats
from signalbot.domain.panel import Panel, build_panel
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.rules import Rules
from signalbot.domain.timeframe import M1, MINUTE_MS, from_iso
from signalbot.market.recorded import RecordedMarket, Selection, load
from signalbot.risk.publication import Published
from signalbot.service.decide import Desk
from signalbot.service.publish import decide_minute
from signalbot.service.replay import minutes
from signalbot.setups.catalogue import setups_for
from signalbot.setups.scanner import scan

REPEATS = 5
LIVE_PAIRS = 500
LIVE_ROWS = 300
LIVE_REPEATS = 21
TA_PAIRS = 25
SEED = 20250504
NOTHING = Published(open_bets=frozenset(), last_of={}, times=())
EVERYTHING = Rules(hour_budget=10**9, day_budget=10**9, repeat_min=0)


def figures() -> dict[str, object]:
    """Return pair-candles per second of scan and decision, and the cost of a live scan."""
    with recording() as recorded:
        selection = Selection(
            folder=recorded.folder,
            venue=recorded.venue,
            timeframe=M1,
            until=from_iso(recorded.until),
        )
        market = load(selection)
    candles = int(np.count_nonzero(~np.isnan(market.panel.close)))
    runs = [_elapsed(lambda: _decide_everything(market, recorded.venue)) for _ in range(REPEATS)]
    return {
        "candles": recorded.source,
        "pair_candles": candles,
        "scan_and_decide_per_s_best": round(candles / min(runs)),
        "scan_and_decide_per_s_median": round(candles / statistics.median(runs)),
        "decided_matches": _decide_everything(market, recorded.venue),
    } | _live_scan()


def _decide_everything(market: RecordedMarket, venue: str) -> int:
    setups = setups_for(M1, EVERYTHING, BtcRules(), REFERENCE_PROFILE)
    desk = Desk(
        venue=venue,
        instruments=market.instruments,
        profile=REFERENCE_PROFILE,
        rules=EVERYTHING,
    )
    context = btc_context(market.btc, BtcRules())
    matches = scan(market.panel, setups)
    decided = 0
    for minute in minutes(market.panel, matches, context, 0):
        if minute.matches:
            decision = decide_minute(minute, NOTHING, {}, desk, minute.close_time)
            decided += len(decision.alerts) + len(decision.refused)
    return decided


def _elapsed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _live_scan() -> dict[str, object]:
    series = {f"P{pair}/USDT:USDT": _random_walk(pair) for pair in range(LIVE_PAIRS)}
    panel = build_panel(series, M1)
    _eleven(panel)  # the first call pays for TA-Lib's start
    ours = statistics.median(_elapsed(lambda: _eleven(panel)) for _ in range(LIVE_REPEATS))
    frames = [_frame(candles) for candles in list(series.values())[:TA_PAIRS]]
    _eleven_by_ta(frames[0])
    theirs = _elapsed(lambda: [_eleven_by_ta(frame) for frame in frames])
    scaled = theirs * LIVE_PAIRS / TA_PAIRS
    return {
        "eleven_values_pairs": LIVE_PAIRS,
        "eleven_values_rows": LIVE_ROWS,
        "eleven_values_median_ms": round(1000 * ours, 2),
        "eleven_values_by_ta_ms": round(1000 * scaled),
        "eleven_values_by_ta": f"measured on {TA_PAIRS} pairs, times {LIVE_PAIRS // TA_PAIRS}",
        "eleven_values_times_as_fast": round(scaled / ours, 1),
        "eleven_values_largest_difference": _largest_difference(panel, frames),
    }


def _random_walk(seed: int) -> Candles:
    rng = np.random.default_rng((SEED, seed))
    close = 0.5 * np.exp(np.cumsum(rng.normal(0, 0.002, LIVE_ROWS)))
    opened = np.r_[0.5, close[:-1]]
    return Candles(
        timeframe=M1,
        open_time=np.arange(LIVE_ROWS, dtype=np.int64) * MINUTE_MS,
        open=opened,
        high=np.maximum(opened, close) * (1 + rng.exponential(0.001, LIVE_ROWS)),
        low=np.minimum(opened, close) * (1 - rng.exponential(0.001, LIVE_ROWS)),
        close=close,
        volume=rng.lognormal(8, 1, LIVE_ROWS),
    )


def _eleven(panel: Panel) -> list[Floats]:
    indicators = Indicators(panel)
    return [
        indicators.rsi(14),
        *indicators.stochastic(14, 3, 3),
        indicators.atr(14),
        indicators.adx(14),
        *indicators.bands(20, 2.0),
        indicators.ema(9),
        indicators.ema(21),
        indicators.money_flow(14),
    ]


def _frame(candles: Candles) -> pd.DataFrame:
    columns = ("high", "low", "close", "volume")
    return pd.DataFrame({column: getattr(candles, column) for column in columns})


def _eleven_by_ta(frame: pd.DataFrame) -> list[pd.Series]:
    high, low, close, volume = (frame[column] for column in frame)
    percent_k = StochasticOscillator(
        high, low, close, 14, 3
    ).stoch_signal()  # `ta` means the raw %K
    bands = BollingerBands(close, 20, 2)
    return [
        RSIIndicator(close, 14).rsi(),
        percent_k,
        percent_k.rolling(3).mean(),
        AverageTrueRange(high, low, close, 14).average_true_range(),
        ADXIndicator(high, low, close, 14).adx(),
        bands.bollinger_hband(),
        bands.bollinger_mavg(),
        bands.bollinger_lband(),
        EMAIndicator(close, 9).ema_indicator(),
        EMAIndicator(close, 21).ema_indicator(),
        MFIIndicator(high, low, close, volume, 14).money_flow_index(),
    ]


def _largest_difference(panel: Panel, frames: Sequence[pd.DataFrame]) -> float:
    """Return how far the newest values of both are apart at most, as a share of the value."""
    ours = np.array([values[-1, : len(frames)] for values in _eleven(panel)])
    theirs = np.array([[each.iloc[-1] for each in _eleven_by_ta(frame)] for frame in frames]).T
    return float(f"{np.max(np.abs(ours / theirs - 1)):.1e}")


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
