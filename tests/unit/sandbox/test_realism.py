"""Stylised facts: the generated market within bands, and side by side with real data.

The bands come from real data, measured once with the functions below:

===========================================  =================  =======
1m candles, Binance, 2025-05-04..06-03       8 alts: median     BTC
===========================================  =================  =======
standard deviation of log returns, %         0.133              0.0528
kurtosis of log returns                      13.2               9.7
correlation with BTC                         0.65
autocorrelation of |return|, 1 minute        0.24               0.25
autocorrelation of |return|, 60 minutes      0.12               0.11
mean range / mean |close - open|             1.84               1.63
correlation of log volume and |return|       0.49               0.54
busiest / quietest hour, mean |return|       1.64               2.15
share of minutes without a trade, %          0 (largest 0.02)   0
===========================================  =================  =======

Over the eight alts the standard deviation runs from 0.10 to 0.30 %, kurtosis from 9.9 to 138 and
the correlation with BTC from 0.12 to 0.73. Top-5 books of 78 perpetuals (Bybit, 2024-07-01), one
median per symbol: spread 2.3 bp (quartiles 1.3 and 4.1), depth 10,900 USDT a side.
"""

import ast
import csv
import gzip
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest

from signalbot.domain.candles import FIELDS, Candles
from signalbot.domain.timeframe import HOUR_MS, M1
from signalbot.sandbox.market import GeneratedMarket, generate

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[4] / "shared"))
BTC = "BTC/USDT:USDT"
MONTH = 30 * 1440

Series = Mapping[str, Candles]
Facts = dict[str, float]


def returns(candles: Candles) -> np.ndarray:
    return np.diff(np.log(candles.close))


def kurtosis(values: np.ndarray) -> float:
    deviations = values - values.mean()
    return float((deviations**4).mean() / (deviations**2).mean() ** 2)


def autocorrelation(values: np.ndarray, lag: int) -> float:
    return float(np.corrcoef(values[:-lag], values[lag:])[0, 1])


def facts(candles: Candles) -> Facts:
    change = returns(candles)
    size = np.abs(change)
    hours = candles.open_time[1:] // HOUR_MS % 24
    by_hour = [size[hours == hour].mean() for hour in range(24)]
    bodies = np.abs(np.log(candles.close / candles.open))
    volume = np.log1p(candles.volume[1:])
    return {
        "volatility_pct": 100 * float(change.std()),
        "kurtosis": kurtosis(change),
        "clustering_1m": autocorrelation(size, 1),
        "clustering_60m": autocorrelation(size, 60),
        "range_to_body": float(np.log(candles.high / candles.low).mean() / bodies.mean()),
        "volume_with_size": float(np.corrcoef(volume, size)[0, 1]),
        "busiest_to_quietest_hour": float(max(by_hour) / min(by_hour)),
        "dead_pct": 100 * float((candles.volume == 0).mean()),
    }


def correlation(candles: Candles, bitcoin: Candles) -> float:
    _, rows, others = np.intersect1d(
        candles.open_time[1:], bitcoin.open_time[1:], return_indices=True
    )
    return float(np.corrcoef(returns(candles)[rows], returns(bitcoin)[others])[0, 1])


def alternatives(series: Series) -> Series:
    return {symbol: candles for symbol, candles in series.items() if symbol != BTC}


def of_alternatives(series: Series) -> dict[str, np.ndarray]:
    rows = [
        {**facts(candles), "correlation": correlation(candles, series[BTC])}
        for candles in alternatives(series).values()
    ]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def median_facts(series: Series) -> Facts:
    return {name: float(np.median(values)) for name, values in of_alternatives(series).items()}


def book_facts(books: Iterable[tuple[str, list[float], float]]) -> Facts:
    spreads: dict[str, list[float]] = {}
    depths: dict[str, list[float]] = {}
    for symbol, sides, spread in books:
        spreads.setdefault(symbol, []).append(spread)
        depths.setdefault(symbol, []).extend(sides)
    widths = [float(np.median(values)) for values in spreads.values()]
    lower, middle, upper = np.quantile(widths, [0.25, 0.5, 0.75]).tolist()
    return {
        "spread_bps_lower_quartile": lower,
        "spread_bps": middle,
        "spread_bps_upper_quartile": upper,
        "depth": float(np.median([np.median(values) for values in depths.values()])),
    }


def generated_books(market: GeneratedMarket) -> Facts:
    books = [
        market.book(symbol, minute) for symbol in market.series for minute in range(0, 700, 50)
    ]
    return book_facts(
        (
            book.symbol,
            [float(sum(price * size for price, size in side)) for side in (book.bids, book.asks)],
            float(book.spread_bps),
        )
        for book in books
    )


@pytest.fixture(scope="module")
def market() -> GeneratedMarket:
    return generate(seed=11, pairs=9, minutes=MONTH)


@pytest.fixture(scope="module")
def wide_market() -> GeneratedMarket:
    return generate(seed=12, pairs=79, minutes=1440)


class TestGeneratedAlone:
    @pytest.mark.parametrize(
        ("fact", "low", "high"),
        [
            ("volatility_pct", 0.10, 0.20),
            ("kurtosis", 10, 40),
            ("correlation", 0.45, 0.80),
            ("clustering_1m", 0.15, 0.35),
            ("clustering_60m", 0.06, 0.20),
            ("range_to_body", 1.65, 2.0),
            ("volume_with_size", 0.35, 0.60),
            ("busiest_to_quietest_hour", 1.3, 2.2),
            ("dead_pct", 0.0, 0.2),
        ],
    )
    def test_the_median_coin_is_like_a_real_one(self, market, fact, low, high):
        assert low <= median_facts(market.series)[fact] <= high

    def test_every_coin_is_as_volatile_as_some_real_small_cap(self, market):
        volatility = of_alternatives(market.series)["volatility_pct"]

        assert 0.07 < volatility.min() < volatility.max() < 0.5
        assert volatility.max() > 2 * volatility.min()

    def test_every_coin_has_heavy_tails(self, market):
        assert of_alternatives(market.series)["kurtosis"].min() > 8

    def test_bitcoin_is_the_calmest_and_has_heavy_tails_too(self, market):
        bitcoin = facts(market.series[BTC])

        assert 0.035 < bitcoin["volatility_pct"] < 0.08
        assert 8 < bitcoin["kurtosis"] < 40
        assert bitcoin["volatility_pct"] < of_alternatives(market.series)["volatility_pct"].min()
        assert bitcoin["dead_pct"] == 0

    def test_some_coins_hardly_follow_bitcoin(self, market):
        correlations = of_alternatives(market.series)["correlation"]

        assert correlations.min() < 0.35 < 0.6 < correlations.max()

    def test_returns_themselves_have_no_memory(self, market):
        for candles in alternatives(market.series).values():
            assert abs(autocorrelation(returns(candles), 1)) < 0.06

    def test_dead_minutes_belong_to_the_thin_coins(self, wide_market):
        turnover = np.array([coin.turnover for coin in wide_market.coins.values()])
        dead = np.array([(c.volume == 0).mean() for c in wide_market.series.values()])

        assert dead[turnover > np.median(turnover)].max() < 0.001
        assert 0.002 < dead[turnover < 2_000].mean() < 0.05

    def test_coins_jump_alone(self, market):
        alone = 0
        bitcoin = np.abs(returns(market.series[BTC]))
        calm = bitcoin < 2 * bitcoin.std()
        for candles in alternatives(market.series).values():
            change = returns(candles)
            alone += int((calm & (np.abs(change) > 8 * change.std())).sum())

        assert alone >= len(market.series) - 1

    @pytest.mark.parametrize("seed", range(6))
    def test_bitcoin_falls_fast_enough_to_stop_trading_and_the_others_fall_more(self, seed):
        made = generate(seed, pairs=9, minutes=2 * 1440)
        falls = {
            symbol: np.log(candles.close[5:] / candles.close[:-5])
            for symbol, candles in made.series.items()
        }
        at = falls[BTC].argmin()

        assert falls[BTC][at] <= -0.008
        assert np.median([fall[at] for fall in alternatives(falls).values()]) < falls[BTC][at]

    def test_books_are_as_wide_and_deep_as_real_ones(self, wide_market):
        measured = generated_books(wide_market)

        assert 1.5 < measured["spread_bps"] < 3.5
        assert 0.9 < measured["spread_bps_lower_quartile"] < 2
        assert 2.8 < measured["spread_bps_upper_quartile"] < 6
        assert 5_000 < measured["depth"] < 20_000


@pytest.fixture(scope="module")
def real() -> Series:
    folder = SHARED / "data/candles/binanceusdm/1m"
    if not folder.is_dir():
        pytest.skip("the comparison of candles needs the shared market data")
    return {
        path.name.removesuffix("_USDT_USDT.csv.gz") + "/USDT:USDT": read(path)
        for path in sorted(folder.glob("*.csv.gz"))
    }


def read(path: Path) -> Candles:
    with gzip.open(path, "rt") as file:
        open_time, *fields = np.loadtxt(file, delimiter=",", skiprows=1, unpack=True)
    named = dict(zip(FIELDS, fields, strict=True))
    return Candles(timeframe=M1, open_time=open_time.astype(np.int64), **named)


def real_books() -> Facts:
    path = SHARED / "data/books/bybit-top5-78-perps-2024-07-01.csv"
    if not path.is_file():
        pytest.skip("the comparison of books needs the shared market data")
    return book_facts(map(parse, csv.reader(path.read_text().splitlines())))


def parse(row: list[str]) -> tuple[str, list[float], float]:
    sides = [[(float(p), float(q)) for p, q in side] for side in ast.literal_eval(row[4])]
    # Bids are listed best first, asks worst first: the best ask is the lowest, not the first.
    bid, ask = max(sides[0])[0], min(sides[1])[0]
    depths = [sum(price * size for price, size in side) for side in sides]
    return row[1], depths, 1e4 * (ask - bid) / ((ask + bid) / 2)


class TestSideBySide:
    def test_the_real_data_are_what_the_bands_were_measured_on(self, real):
        assert all(candles.fault() is None for candles in real.values())
        assert median_facts(real)["volatility_pct"] == pytest.approx(0.133, abs=0.002)
        assert median_facts(real)["correlation"] == pytest.approx(0.65, abs=0.01)

    @pytest.mark.parametrize(
        ("fact", "factor"),
        [
            ("volatility_pct", 1.4),
            ("kurtosis", 2.5),
            ("correlation", 1.3),
            ("clustering_1m", 1.5),
            ("clustering_60m", 1.6),
            ("range_to_body", 1.1),
            ("volume_with_size", 1.25),
            ("busiest_to_quietest_hour", 1.3),
        ],
    )
    def test_the_median_coin_is_within_a_factor_of_the_real_one(self, market, real, fact, factor):
        ratio = median_facts(market.series)[fact] / median_facts(real)[fact]

        assert 1 / factor < ratio < factor

    def test_dead_minutes_are_as_rare_as_on_a_busy_venue_but_for_the_thinnest(self, market, real):
        made, found = (of_alternatives(series)["dead_pct"] for series in (market.series, real))

        assert abs(np.median(made) - np.median(found)) < 0.1
        assert made.max() < 3

    @pytest.mark.parametrize(
        ("fact", "factor"),
        [("volatility_pct", 1.4), ("kurtosis", 2.5), ("range_to_body", 1.2)],
    )
    def test_bitcoin_is_within_a_factor_of_the_real_one(self, market, real, fact, factor):
        ratio = facts(market.series[BTC])[fact] / facts(real[BTC])[fact]

        assert 1 / factor < ratio < factor

    def test_books_are_within_a_factor_of_the_real_ones(self, wide_market):
        made, found = generated_books(wide_market), real_books()

        for fact, figure in found.items():
            assert 1 / 1.6 < made[fact] / figure < 1.6, fact
