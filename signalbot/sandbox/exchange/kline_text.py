"""Candles as Binance USD-M writes them: rows of REST, and frames of the kline stream."""

from collections.abc import Iterator

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.coins import Coin
from signalbot.sandbox.exchange.klines import Klines
from signalbot.sandbox.exchange.wire_numbers import price_format, quantity_format

Row = tuple[int, float, float, float, float, float, int, float, float, float]


def rest_rows(klines: Klines, coin: Coin, interval_ms: int) -> list[str]:
    """Return the JSON of every row."""
    price, quantity = price_format(coin), quantity_format(coin)
    row = (
        f'[%d,"{price}","{price}","{price}","{price}","{quantity}",'
        f'%d,"%.8f",%d,"{quantity}","%.8f","0"]'
    )
    return [
        row % (t, o, h, low, c, v, t + interval_ms - 1, q, n, bought, bought_value)
        for t, o, h, low, c, v, n, q, bought, bought_value in _rows(klines, coin)
    ]


def frames(
    klines: Klines, coin: Coin, name: str, instants: list[int], *, closed: bool
) -> list[str]:
    """Return an event about each 1m candle, said at an instant."""
    price, quantity = price_format(coin), quantity_format(coin)
    frame = (
        f'{{"e":"kline","E":%d,"s":"{name}","k":{{"t":%d,"T":%d,"s":"{name}","i":"1m",'
        f'"f":-1,"L":-1,"o":"{price}","c":"{price}","h":"{price}","l":"{price}",'
        f'"v":"{quantity}","n":%d,"x":{"true" if closed else "false"},"q":"%.8f",'
        f'"V":"{quantity}","Q":"%.8f","B":"0"}}}}'
    )
    rows = zip(instants, _rows(klines, coin), strict=True)
    return [
        frame % (at, t, t + MINUTE_MS - 1, o, c, h, low, v, n, q, bought, bought_value)
        for at, (t, o, h, low, c, v, n, q, bought, bought_value) in rows
    ]


def _rows(klines: Klines, coin: Coin) -> Iterator[Row]:
    half = klines.volume // 2  # the market does not say who crossed the spread in a whole candle
    share = half / klines.volume.clip(1)
    columns = (
        klines.open_time,
        *(coin.prices(each.astype(float)) for each in (klines.open, klines.high)),
        *(coin.prices(each.astype(float)) for each in (klines.low, klines.close)),
        coin.quantities(klines.volume.astype(float)),
        klines.count,
        klines.value,
        coin.quantities(half.astype(float)),
        klines.value * share,
    )
    return zip(*(column.tolist() for column in columns), strict=True)
