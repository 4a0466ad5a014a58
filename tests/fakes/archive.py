from collections.abc import Sequence

from signalbot.domain.alert import Alert
from signalbot.domain.candles import Candle


class FakeArchive:
    """`service.ports.CandleArchive` over candles that a test puts in, by symbol."""

    def __init__(self, candles: dict[str, list[Candle]]) -> None:
        self.files = candles

    def candles(self, alert: Alert, since: int, until: int | None) -> Sequence[Candle] | None:
        known = self.files.get(alert.plan.symbol, [])
        if not known or known[0].open_time > since:
            return None
        step = alert.timeframe.step_ms
        return [
            candle
            for candle in known
            if candle.open_time >= since and (until is None or candle.open_time + step <= until)
        ]
