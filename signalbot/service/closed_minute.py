"""Make the newest closed minute of a market that is watched live.

It is what a replay makes of the same candles: the same masks on the last row, BTC's context at
the same close. Indicators remember for ever, so that how far back a live bot looks shows in their
last digits; `PANEL_ROWS` is so long that it shows in no alert.
"""

from collections.abc import Sequence

from signalbot.analysis.btc_context import BtcRules, BtcState, btc_context
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, Timeframe
from signalbot.service.minute import Minute
from signalbot.service.ports import Feed
from signalbot.setups.scanner import scan
from signalbot.setups.setup import Setup

PANEL_ROWS = 1_000
"""Steps of every pair that a decision looks at."""
BTC_MARGIN_MS = 12 * HOUR_MS
"""How far BTC's candles reach back beyond the days of its volatility regime, for its averages."""


def closed_minute(feed: Feed, setups: Sequence[Setup], close_time: int) -> Minute:
    """Return what became known at the close of a step, at the end of which a minute ends too."""
    timeframe = setups[0].timeframe
    panel = feed.panel(close_time, PANEL_ROWS)
    newest = len(panel.open_time) - 1
    matches = scan(panel, setups, newest)
    return Minute(
        open_time=int(panel.open_time[newest]),
        close_time=close_time,
        high=panel.high[newest],
        low=panel.low[newest],
        matches=matches,
        btc=btc_state(feed, timeframe, close_time) if matches else None,
        spreads={
            match.pair: spread
            for match in matches
            if (spread := feed.spread(match.symbol, close_time)) is not None
        },
    )


def btc_state(feed: Feed, timeframe: Timeframe, close_time: int) -> BtcState | None:
    """Return BTC's context at a close; None where its candle is missing or it warms up."""
    rules = BtcRules()
    reach = rules.volatility_days * DAY_MS + BTC_MARGIN_MS
    candles = feed.btc(close_time, reach // timeframe.step_ms)
    return btc_context(candles, rules).at(close_time)
