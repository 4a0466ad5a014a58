"""Candles written by hand, with a gap, a minute without a trade, and many decimals."""

from decimal import Decimal

import numpy as np

from signalbot.domain.candles import Candles
from signalbot.domain.instrument import Instrument
from signalbot.domain.timeframe import M1

MINUTE = 60_000
START = 1_767_225_600_000

#            minute  open     high     low      close    volume
ROWS = (
    (0, 0.0412, 0.0413, 0.041, 0.04115, 20_000.0),
    (1, 0.0411, 0.0412, 0.0409, 0.0410, 15_000.5),
    (2, 0.0410, 0.0410, 0.0410, 0.0410, 0.0),
    (5, 0.0425, 0.0431, 0.0424, 0.0430, 90_000.0),  # two minutes are missing before it
    (6, 0.0430, 0.0430, 0.0401, 0.0402, 123_456.75),
    (7, 0.0402, 0.0404, 0.0401, 0.0403, 50_000.25),
)
LATER = (
    (3, 7.0, 7.5, 6.5, 7.25, 40.0),
    (4, 7.25, 7.5, 7.0, 7.5, 50.0),
    *((minute, 7.5, 7.5, 7.5, 7.5, 9.0) for minute in (5, 6, 7)),
)


def candles(rows=ROWS) -> Candles:
    minutes, *columns = np.array(rows).T
    fields = ("open", "high", "low", "close", "volume")
    return Candles(
        timeframe=M1,
        open_time=START + MINUTE * minutes.astype(np.int64),
        **dict(zip(fields, columns, strict=True)),
    )


def instrument(symbol: str, tick: str = "0.0001", step: str = "1") -> Instrument:
    return Instrument(
        venue="binanceusdm",
        symbol=symbol,
        tick=Decimal(tick),
        step=Decimal(step),
        min_qty=Decimal(step),
        min_notional=Decimal(5),
        contract_size=Decimal(1),
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
    )
