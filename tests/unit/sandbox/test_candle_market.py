"""Recorded candles as a market: exact, gaps included, and books drawn around them."""

from decimal import Decimal

import numpy as np
import pytest
from fakes.written_candles import LATER, MINUTE, ROWS, START, candles, instrument
from hypothesis import given
from hypothesis import strategies as st

from signalbot.errors import InputError
from signalbot.sandbox.candle_market import candle_market
from signalbot.sandbox.exchange.klines import klines
from signalbot.sandbox.exchange.tape import Tape
from signalbot.sandbox.exchange.venue import LISTED_BEFORE_MS, Venue

COIN = "COIN/USDT:USDT"
NEW = "NEW/USDT:USDT"


def _market(**series):
    named = {f"{name}/USDT:USDT": each for name, each in series.items()}
    return candle_market(named, {symbol: instrument(symbol) for symbol in named})


def test_numbers_finer_than_the_contracts_grid_are_kept() -> None:
    coin = _market(COIN=candles()).coins[COIN]
    assert (coin.tick_exponent, coin.step_exponent) == (-5, -2)


def test_a_missing_minute_has_no_candle_and_no_trade() -> None:
    tape = Tape(_market(COIN=candles()), COIN)
    now = START + 8 * MINUTE
    shown = klines(tape, now, MINUTE, 0, now)
    assert [(at - START) // MINUTE for at in shown.open_time.tolist()] == [0, 1, 2, 5, 6, 7]
    assert tape.is_there.tolist() == [True, True, True, False, False, True, True, True]
    assert tape.trades(START + 2 * MINUTE - 1, START + 5 * MINUTE - 1) == []
    assert tape.last_ticks(START + 4 * MINUTE) == 4_100
    assert klines(tape, START + 4 * MINUTE, MINUTE, START + 3 * MINUTE, now).open_time.size == 0


def test_longer_candles_are_made_of_the_minutes_there_are() -> None:
    tape = Tape(_market(COIN=candles()), COIN)
    now = START + 8 * MINUTE
    (first, second) = klines(tape, now, 5 * MINUTE, 0, now).volume.tolist()
    assert first == 35_000_50
    assert second == 263_457_00


def test_a_pair_whose_candles_begin_later_is_listed_when_they_do() -> None:
    clock = [START + MINUTE]
    venue = Venue(_market(COIN=candles(), NEW=candles(LATER)), lambda: clock[0])
    assert venue.contract("NEWUSDT") is None
    assert [each.name for each in venue.trading()] == ["COINUSDT"]
    clock[0] = START + 3 * MINUTE
    listed = venue.contract("NEWUSDT")
    assert listed is not None
    assert listed.listed_at == START + 3 * MINUTE
    assert venue.contract("COINUSDT").listed_at == START - LISTED_BEFORE_MS


def test_a_book_encloses_the_close() -> None:
    book = _market(COIN=candles()).book(COIN, 3)
    assert book.time == START + 6 * MINUTE
    assert book.bids[0][0] <= Decimal("0.0430") <= book.asks[0][0]


def test_a_market_without_candles_is_refused() -> None:
    with pytest.raises(InputError):
        candle_market({}, {})


def test_a_pair_of_another_currency_is_refused() -> None:
    symbol = "COIN/USDC:USDC"
    with pytest.raises(InputError, match="USDT"):
        candle_market({symbol: candles()}, {symbol: instrument(symbol)})


@given(st.lists(st.decimals("0.00000001", "99999", places=8), min_size=1, max_size=20))
def test_every_recorded_number_is_said_as_it_was(prices: list[Decimal]) -> None:
    closes = [float(price) for price in prices]
    rows = [(minute, *4 * (close,), 3.0) for minute, close in enumerate(closes)]
    market = _market(COIN=candles(rows))
    tape = Tape(market, COIN)
    assert market.coins[COIN].prices(tape.close.astype(float)).tolist() == closes
    assert (np.diff(tape.open_time) == MINUTE).all()


def test_too_many_decimals_are_refused() -> None:
    with pytest.raises(InputError, match="decimals"):
        _market(COIN=candles([(0, *4 * (1 / 3,), 1.0), *ROWS[1:]]))
