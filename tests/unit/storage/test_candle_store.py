"""The file of candles."""

from decimal import Decimal
from pathlib import Path

import pytest

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.domain.trade import Quote
from signalbot.errors import UnavailableError
from signalbot.storage.candle_store import CandleStore
from signalbot.storage.stored_history import StoredHistory

SINCE = 1_795_658_760_000
A, B = "A/USDT:USDT", "哈基米/USDT:USDT"


def at(minute: int) -> int:
    return SINCE + minute * MINUTE_MS


def row(
    symbol: str, minute: int, price: float
) -> tuple[str, int, float, float, float, float, float]:
    return symbol, at(minute), price, price + 1, price - 0.5, price + 0.25, 12.5


@pytest.fixture
def store(tmp_path: Path):
    store = CandleStore(tmp_path / "bot.candles")
    yield store
    store.close()


class TestCandles:
    def test_each_is_stored_once_and_the_first_stays(self, store):
        assert store.add([row(A, 0, 1.0), row(B, 0, 2.0)]) == 2
        assert store.add([row(A, 0, 9.0), row(A, 1, 1.5)]) == 1

        found = store.candles(A, at(0), at(5))
        assert found.open_time.tolist() == [at(0), at(1)]
        assert found.open.tolist() == [1.0, 1.5]
        assert store.count(at(0), at(1)) == 2

    def test_limits_are_those_of_open_and_close(self, store):
        store.add([row(A, minute, 1.0) for minute in range(5)])

        assert store.candles(A, at(1), at(3)).open_time.tolist() == [at(1), at(2)]
        assert store.candles(A, at(1) + 1, at(4) - 1).open_time.tolist() == [at(2)]
        assert len(store.candles(A, at(9), at(3))) == 0

    def test_who_is_not_known_has_none(self, store):
        assert len(store.candles("C/USDT:USDT", at(0), at(5))) == 0

    def test_they_are_there_after_a_restart(self, tmp_path):
        first = CandleStore(tmp_path / "bot.candles")
        first.add([row(A, 0, 1.1), row(B, 0, 2.2)])
        first.close()
        second = CandleStore(tmp_path / "bot.candles")
        assert second.candles(B, at(0), at(1)).close.tolist() == [2.45]
        assert second.add([row(B, 1, 2.0)]) == 1
        second.close()

    def test_the_old_go(self, store):
        store.add([row(A, minute, 1.0) for minute in range(5)])
        store.put_quote(A, Quote(time=at(0), bid=Decimal(1), ask=Decimal(2)))

        assert store.purge(at(3)) == 3
        assert store.candles(A, at(0), at(5)).open_time.tolist() == [at(3), at(4)]
        assert store.quote(A, at(0), at(1)) is None


class TestFile:
    def test_one_that_is_no_database_is_begun_anew(self, tmp_path):
        path = tmp_path / "bot.candles"
        path.write_bytes(b"no database at all" * 300)
        store = CandleStore(path)
        assert store.add([row(A, 0, 1.0)]) == 1
        store.close()

    def test_one_that_cannot_be_opened_is_named(self, tmp_path):
        with pytest.raises(UnavailableError, match="file of candles"):
            CandleStore(tmp_path / "missing" / "bot.candles")

    def test_after_its_end_nothing_is_stored_silently(self, tmp_path):
        store = CandleStore(tmp_path / "bot.candles")
        store.close()
        with pytest.raises(UnavailableError, match="file of candles"):
            store.add([row(A, 0, 1.0)])


class TestHistory:
    def test_a_market_has_its_candles_quote_and_funding(self, store):
        store.add([row(A, minute, 1.0 + minute) for minute in range(3)])
        quote = Quote(time=at(0) + 12_000, bid=Decimal("0.99"), ask=Decimal("1.01"))
        store.put_quote(A, quote)
        store.put_funding([(A, at(2), Decimal("0.0001"))])
        market = StoredHistory(store, lambda pair: (A, B)[pair]).market(0, at(0), at(3))

        assert [candle.open for candle in market.candles] == [1, 2, 3]
        assert market.quote == quote
        (payment,) = market.funding
        assert (payment.rate, payment.price) == (Decimal("0.0001"), Decimal("2.25"))
        assert market.delisted_at is None

    def test_a_quote_of_a_later_minute_says_nothing(self, store):
        store.add([row(A, minute, 1.0) for minute in range(3)])
        store.put_quote(A, Quote(time=at(2), bid=Decimal(1), ask=Decimal(2)))
        assert StoredHistory(store, lambda pair: A).market(0, at(0), at(3)).quote is None

    def test_funding_without_a_price_is_left_out(self, store):
        store.put_funding([(A, at(2), Decimal("0.0001"))])
        assert StoredHistory(store, lambda pair: A).funding(0, at(0), at(3)) == ()

    def test_a_window_ends_where_it_is_told(self, store):
        store.add([row(A, minute, 1.0) for minute in range(5)])
        window = StoredHistory(store, lambda pair: A).window(0, at(4), 2)
        assert window.open_time.tolist() == [at(2), at(3)]

    def test_the_end_of_a_contract_is_told(self, store):
        history = StoredHistory(store, lambda pair: A, lambda symbol: at(1))
        assert history.market(0, at(0), at(3)).delisted_at == at(1)
