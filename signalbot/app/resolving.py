"""Resolve one alert on files: what became of it, as far as they tell."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from signalbot.domain.alert import Plan
from signalbot.domain.candles import Candle, Candles
from signalbot.domain.outcome import Outcome
from signalbot.domain.rounding import exact
from signalbot.domain.timeframe import Timeframe
from signalbot.market.alert_file import read_alert
from signalbot.market.candle_files import read_candles
from signalbot.market.finer_files import read_finer
from signalbot.market.funding_files import payments, read_funding
from signalbot.market.trade_files import read_trades
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFiles:
    """An alert, and the files of the market it met."""

    alert: Path
    candles: Path
    timeframe: Timeframe
    finer: Path | None = None
    trades: Path | None = None
    funding: Path | None = None


def resolve_files(files: AlertFiles) -> tuple[Plan, Outcome]:
    """Return the plan of the alert and what became of it.

    Raises
    ------
    InputError
        Naming file, line and field of the first thing that is wrong.
    """
    plan, published_at = read_alert(files.alert)
    candles = read_candles(files.candles, files.timeframe)
    finer = read_finer(files.finer, files.timeframe) if files.finer else None
    step_ms = files.timeframe.step_ms
    starts_at, expires_at = plan.starts_at(published_at), plan.expires_at(published_at)
    rates = read_funding(files.funding) if files.funding else ()
    due = payments(rates, starts_at, expires_at + step_ms, lambda at: _last_close(candles, at))
    market = Market(
        candles=_rows(candles, files.timeframe.floor(starts_at), expires_at + step_ms),
        step_ms=step_ms,
        finer=_rows(finer, files.timeframe.floor(starts_at), expires_at + step_ms) if finer else (),
        finer_step_ms=finer.timeframe.step_ms if finer else 0,
        funding=tuple(due),
        trades=read_trades(files.trades) if files.trades else (),
    )
    return plan, resolve(plan, published_at, market)


def _rows(candles: Candles, since: int, until: int) -> tuple[Candle, ...]:
    # one row more on both sides: a last close before, and afterwards a sign that none is missing
    first, last = np.searchsorted(candles.open_time, [since, until])
    return tuple(candles.row(row) for row in range(max(first - 1, 0), min(last + 1, len(candles))))


def _last_close(candles: Candles, instant: int) -> Decimal | None:
    opens_by = instant - candles.timeframe.step_ms
    closed = int(np.searchsorted(candles.open_time, opens_by, side="right"))
    return exact(candles.close[closed - 1]) if closed else None
