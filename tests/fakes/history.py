from collections.abc import Sequence

import numpy as np

from signalbot.domain.candles import FIELDS, Candle, Candles
from signalbot.domain.funding import FundingPayment
from signalbot.domain.timeframe import Timeframe
from signalbot.outcomes.position import Market


class FakeHistory:
    """`service.ports.History` over candles that a test puts in, by pair."""

    def __init__(self, timeframe: Timeframe) -> None:
        self.candles: dict[int, list[Candle]] = {}
        self.delisted: dict[int, int] = {}
        self.asked: list[tuple[int, int, int]] = []
        self._timeframe = timeframe

    def market(self, pair: int, since: int, until: int) -> Market:
        self.asked.append((pair, since, until))
        known = [candle for candle in self._until(pair, until) if candle.open_time >= since]
        return Market(
            candles=known, step_ms=self._timeframe.step_ms, delisted_at=self.delisted.get(pair)
        )

    def funding(self, pair: int, since: int, until: int) -> Sequence[FundingPayment]:
        return ()

    def window(self, pair: int, until: int, rows: int) -> Candles:
        newest = self._until(pair, until)[-rows:]
        return Candles(
            timeframe=self._timeframe,
            open_time=np.array([candle.open_time for candle in newest], dtype=np.int64),
            **{
                field: np.array([float(getattr(candle, field)) for candle in newest])
                for field in FIELDS
            },
        )

    def _until(self, pair: int, until: int) -> list[Candle]:
        last = until - self._timeframe.step_ms
        return [candle for candle in self.candles.get(pair, []) if candle.open_time <= last]
