"""Candles as Bybit writes them: rows of REST, the newest first, and pushes with `confirm`."""

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.coins import Coin
from signalbot.sandbox.exchange.klines import Klines
from signalbot.sandbox.exchange.wire_numbers import price_format, quantity_format

INTERVALS = {
    **{f"{n}": n * MINUTE_MS for n in (1, 3, 5, 15, 30, 60, 120, 240, 360, 720)},
    "D": 1_440 * MINUTE_MS,
}
"""Intervals by Bybit's names, in ms."""

Row = tuple[int, float, float, float, float, float, float]


def rows(klines: Klines, coin: Coin) -> list[str]:
    """Return the JSON of every row, newest first."""
    price, quantity = price_format(coin), quantity_format(coin)
    row = f'["%d","{price}","{price}","{price}","{price}","{quantity}","%.4f"]'
    return [row % each for each in _columns(klines, coin)][::-1]


def pushes(
    klines: Klines, coin: Coin, name: str, instants: list[int], *, closed: bool
) -> list[str]:
    """Return a push about each 1m candle, said at an instant."""
    price, quantity = price_format(coin), quantity_format(coin)
    push = (
        f'{{"topic":"kline.1.{name}","data":[{{"start":%d,"end":%d,"interval":"1",'
        f'"open":"{price}","close":"{price}","high":"{price}","low":"{price}",'
        f'"volume":"{quantity}","turnover":"%.4f","confirm":{"true" if closed else "false"},'
        f'"timestamp":%d}}],"ts":%d,"type":"snapshot"}}'
    )
    told = zip(instants, _columns(klines, coin), strict=True)
    return [
        push % (start, start + MINUTE_MS - 1, open_, close, high, low, volume, value, at, at)
        for at, (start, open_, high, low, close, volume, value) in told
    ]


def _columns(klines: Klines, coin: Coin) -> list[Row]:
    prices = (klines.open, klines.high, klines.low, klines.close)
    columns = (
        klines.open_time,
        *(coin.prices(each.astype(float)) for each in prices),
        coin.quantities(klines.volume.astype(float)),
        klines.value,
    )
    return list(zip(*(column.tolist() for column in columns), strict=True))
