"""ccxt.pro's Binance client over HTTP on this machine: markets, candles, books, limits."""

import asyncio

import ccxt
import pytest
from fakes.local_venue import BEGINS, MINUTE, LocalVenue, local_venue

from signalbot.domain.listing import ExclusionCode
from signalbot.market.listings import listings_of
from signalbot.sandbox.exchange.faults import Fault, FaultKind
from signalbot.sandbox.exchange.weights import FUNDING_LIMIT, PATIENCE, weight_of

BTC = "BTC/USDT:USDT"


def _run(act) -> None:
    async def run() -> None:
        async with local_venue() as venue:
            await act(venue)

    asyncio.run(run())


def test_the_contracts_have_the_grids_of_the_generated_market() -> None:
    async def act(venue: LocalVenue) -> None:
        market = venue.client.markets[BTC]
        assert (market["swap"], market["linear"], market["active"]) == (True, True, True)
        assert (market["precision"]["price"], market["precision"]["amount"]) == (0.1, 0.001)
        assert market["limits"]["cost"]["min"] == 5
        found = listings_of("binanceusdm", venue.client.markets.values())
        assert {each.instrument.symbol for each in found.listed} == set(
            venue.server.venue.market.series
        )

    _run(act)


def test_what_is_no_coin_is_listed_too_and_never_has_a_candle() -> None:
    async def act(venue: LocalVenue) -> None:
        found = listings_of("binanceusdm", venue.client.markets.values())
        assert {each.symbol: each.code for each in found.excluded} == {
            "TSLA/USDT:USDT": ExclusionCode.TRADFI,
            "BTCDOM/USDT:USDT": ExclusionCode.INDEX,
            "USDC/USDT:USDT": ExclusionCode.STABLE,
            "MOCK/USDC:USDC": ExclusionCode.NOT_USDT_PERPETUAL,
            "BYGONE/USDT:USDT": ExclusionCode.NOT_TRADING,
            "BTC/USDT:USDT-260302": ExclusionCode.NOT_USDT_PERPETUAL,
        }
        for each in found.excluded:
            assert await venue.client.fetch_ohlcv(each.symbol, "1m") == []
        tickers = await venue.client.fetch_tickers()
        assert tickers["TSLA/USDT:USDT"]["quoteVolume"] == 80_000_000
        assert "BYGONE/USDT:USDT" not in tickers

    _run(act)


def test_candles_are_those_of_the_market_and_the_last_one_still_forms() -> None:
    async def act(venue: LocalVenue) -> None:
        series = venue.server.venue.market.series[BTC]
        rows = await venue.client.fetch_ohlcv(BTC, "1m", limit=99)
        assert len(rows) == 99
        assert rows[-1][0] == BEGINS - 30_000
        for place, row in enumerate(rows[:-1], start=180 - 98):
            fields = ("open_time", "open", "high", "low", "close", "volume")
            assert row == [getattr(series, field)[place] for field in fields]
        assert rows[-1][5] < series.volume[180]
        since = await venue.client.fetch_ohlcv(BTC, "5m", since=BEGINS - 31 * MINUTE, limit=3)
        assert [row[0] % (5 * MINUTE) for row in since] == [0, 0, 0]

    _run(act)


def test_every_other_endpoint_is_understood() -> None:
    async def act(venue: LocalVenue) -> None:
        client = venue.client
        assert await client.fetch_time() == BEGINS
        book = await client.fetch_order_book(BTC)
        assert book["bids"][0][0] < book["asks"][0][0]
        tickers = await client.fetch_tickers()
        assert tickers[BTC]["quoteVolume"] > 0
        best = await client.fetch_bids_asks()
        assert best[BTC]["bid"] == book["bids"][0][0]
        trades = await client.fetch_trades(BTC, limit=50)
        assert len(trades) == 50
        assert trades[-1]["timestamp"] <= BEGINS
        venue.control.set_funding("BTCUSDT", venue.server.venue.market.instruments[BTC].maker_rate)
        assert (await client.fetch_funding_rates())[BTC]["fundingRate"] == 0.0002
        assert await client.fetch_funding_intervals() == {}
        history = await client.fetch_funding_rate_history(BTC)
        assert [row["timestamp"] % (480 * MINUTE) for row in history] == [0]
        assert (await client.fetch_open_interest(BTC))["openInterestAmount"] > 0

    _run(act)


def test_trades_since_an_instant_add_up_to_the_candle() -> None:
    async def act(venue: LocalVenue) -> None:
        since = BEGINS - 30_000 - MINUTE
        params = {"endTime": since + MINUTE - 1}
        trades = await venue.client.fetch_trades(BTC, since=since, limit=1000, params=params)
        ((_, open_, high, low, close, volume),) = await venue.client.fetch_ohlcv(
            BTC, since=since, limit=1
        )
        prices = [trade["price"] for trade in trades]
        assert (prices[0], max(prices), min(prices), prices[-1]) == (open_, high, low, close)
        assert sum(trade["amount"] for trade in trades) == pytest.approx(volume)

    _run(act)


def test_too_much_weight_is_refused_until_the_minute_is_over_and_then_banned() -> None:
    async def act(venue: LocalVenue) -> None:
        venue.control.set_limit(11)  # the contracts were 1, and every book is 2
        for _ in range(5):
            await venue.client.fetch_order_book(BTC, 5)
        with pytest.raises(ccxt.DDoSProtection, match="429"):
            await venue.client.fetch_order_book(BTC, 5)
        assert venue.client.last_response_headers["Retry-After"] == "30"
        venue.control.advance(30_000)
        for _ in range(5):
            await venue.client.fetch_order_book(BTC, 5)
        for _ in range(PATIENCE):
            with pytest.raises(ccxt.DDoSProtection, match="429"):
                await venue.client.fetch_order_book(BTC, 5)
        with pytest.raises(ccxt.DDoSProtection, match="418"):
            await venue.client.fetch_order_book(BTC, 5)
        assert venue.client.last_response_headers["Retry-After"] == "120"

    _run(act)


@pytest.mark.parametrize(
    ("endpoint", "query", "weight"),
    [
        ("klines", {"limit": "99"}, 1),
        ("klines", {"limit": "100"}, 2),
        ("klines", {"limit": "499"}, 2),
        ("klines", {"limit": "500"}, 5),
        ("klines", {}, 5),
        ("klines", {"limit": "1000"}, 5),
        ("klines", {"limit": "1001"}, 10),
        ("depth", {"limit": "50"}, 2),
        ("depth", {"limit": "100"}, 5),
        ("depth", {}, 10),
        ("depth", {"limit": "1000"}, 20),
        ("premiumIndex", {}, 1),
        ("ticker/24hr", {"symbol": "BTCUSDT"}, 1),
        ("ticker/24hr", {}, 40),
        ("ticker/bookTicker", {"symbol": "BTCUSDT"}, 2),
        ("ticker/bookTicker", {}, 5),
        ("aggTrades", {}, 20),
        ("exchangeInfo", {}, 1),
    ],
)
def test_requests_weigh_what_the_venue_documents(endpoint: str, query: dict, weight: int) -> None:
    assert weight_of(endpoint, query) == weight


def test_funding_weighs_nothing_and_has_a_limit_of_its_own() -> None:
    async def act(venue: LocalVenue) -> None:
        used = venue.server.venue.allowance.used
        for _ in range(FUNDING_LIMIT):
            await venue.client.fapiPublicGetFundingInfo()
        with pytest.raises(ccxt.DDoSProtection, match="429"):
            await venue.client.fetch_funding_rate_history(BTC)
        assert venue.client.last_response_headers["Retry-After"] == str(300 - 30)
        assert venue.server.venue.allowance.used == used
        assert await venue.client.fetch_order_book(BTC)

    _run(act)


def test_a_depth_that_the_venue_does_not_have_is_refused() -> None:
    async def act(venue: LocalVenue) -> None:
        with pytest.raises(ccxt.ExchangeError, match="depth limit"):
            await venue.client.fetch_order_book(BTC, 25)

    _run(act)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(kind=FaultKind.DROP), ccxt.NetworkError),
        (Fault(kind=FaultKind.REPLY, status=503), ccxt.OperationFailed),
        (Fault(kind=FaultKind.REPLY, status=451, body='{"code":0,"msg":"x"}'), ccxt.BaseError),
        (Fault(kind=FaultKind.HALF, target="depth"), ccxt.ExchangeError),
    ],
)
def test_a_fault_meets_one_request(fault: Fault, error: type[Exception]) -> None:
    async def act(venue: LocalVenue) -> None:
        venue.control.add_fault(fault)
        with pytest.raises(error):
            await venue.client.fetch_order_book(BTC)
        venue.control.lift_faults()
        assert (await venue.client.fetch_order_book(BTC))["bids"]

    _run(act)


def test_contracts_go_and_change_their_names() -> None:
    async def act(venue: LocalVenue) -> None:
        venue.control.delist("BTCUSDT")
        venue.control.rename("MOCKUSDT", "NOVEL")
        markets = await venue.client.load_markets(True)
        assert markets[BTC]["active"] is False
        assert "MOCK/USDT:USDT" not in markets
        assert await venue.client.fetch_ohlcv("NOVEL/USDT:USDT")

    _run(act)
