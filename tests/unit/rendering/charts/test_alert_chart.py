"""What is drawn on an alert's chart; a warning of matplotlib fails the test."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from signalbot.domain.alert import Alert
from signalbot.domain.candles import Candles
from signalbot.domain.side import Side
from signalbot.domain.snapshot import SHOWN, Snapshot
from signalbot.rendering.charts.alert_chart import alert_chart
from signalbot.rendering.pictures.sheet import HEIGHT, WIDTH, png

LARGEST_BYTES = 100_000
WHITE = (1.0, 1.0, 1.0, 1.0)

Snapshots = Callable[..., Snapshot]
Alerts = Callable[..., Alert]
Waves = Callable[..., Candles]


def texts(figure: Figure) -> set[str]:
    return {text.get_text() for text in figure.findobj(Text)} - {""}


def bodies(figure: Figure) -> dict[bool, int]:
    """Return how many candles are drawn hollow (True) and filled (False)."""
    shapes = [each for each in figure.axes[0].collections if isinstance(each, PolyCollection)]
    return {tuple(each.get_facecolor()[0]) == WHITE: len(each.get_paths()) for each in shapes}


class TestTheChart:
    def test_says_what_it_is_of(self, snapshot: Snapshots) -> None:
        assert texts(alert_chart(snapshot())) >= {
            "LONG LAYER · Binance USD-M · 1m",
            "1m close 14:32 UTC · valid until 14:37 · closed by 15:32",
            "#1184 9f3ca1b2 · RSI-Stochastic reversal v1, unproven",
            "2025-05-04 14:32 UTC · costs 0.21 R, needs 46.9 % wins to break even",
            "valid until 14:37",
        }

    def test_shows_the_prices_of_the_plan_on_its_tick(self, snapshot: Snapshots) -> None:
        plan = snapshot().alert.plan
        shown = texts(alert_chart(snapshot()))

        assert {"entry", "stop", "target", "not above"} <= shown
        assert {f"{plan.entry:.4f}", f"{plan.stop:.4f}", f"{plan.target:.4f}"} <= shown
        assert f"{plan.do_not_chase:.4f}" == "1.0438"
        assert "1.0438" in shown

    def test_of_a_short_says_not_below(self, snapshot: Snapshots, alert: Alerts) -> None:
        shown = texts(alert_chart(snapshot(alert(side=Side.SHORT))))

        assert {"SHORT LAYER · Binance USD-M · 1m", "not below"} <= shown
        assert "not above" not in shown

    def test_draws_the_levels_at_their_prices_from_the_close_on(self, snapshot: Snapshots) -> None:
        plan = snapshot().alert.plan
        lines = [line.get_xydata().tolist() for line in alert_chart(snapshot()).axes[0].lines]

        for price in (plan.entry, plan.stop, plan.target, plan.do_not_chase):
            assert [[0.0, float(price)], [64.0, float(price)]] in lines

    def test_marks_when_the_entry_expires(self, snapshot: Snapshots) -> None:
        for axes in alert_chart(snapshot()).axes:
            assert [[5.0, 0.0], [5.0, 1.0]] in [line.get_xydata().tolist() for line in axes.lines]

    def test_tells_rising_from_falling_candles_without_a_colour(
        self, snapshot: Snapshots, candles: Waves
    ) -> None:
        drawn = candles([1.04, 1.041, 1.041, 1.0405, 1.042])

        assert bodies(alert_chart(snapshot(drawn=drawn))) == {True: 4, False: 1}

    def test_draws_all_candles_as_a_few_shapes(self, snapshot: Snapshots) -> None:
        prices, volume = alert_chart(snapshot()).axes
        wicks = [each for each in prices.collections if isinstance(each, LineCollection)]

        assert len(prices.collections) == 3
        assert len(volume.collections) == 2
        assert len(wicks[0].get_segments()) == 2 * SHOWN

    def test_leaves_a_gap_open(self, snapshot: Snapshots, wave: Waves) -> None:
        whole = wave(1.042)
        kept = np.r_[0:40, 70:SHOWN]
        columns = ("open_time", "open", "high", "low", "close", "volume")
        broken = replace(whole, **{name: getattr(whole, name)[kept] for name in columns})

        wicks = alert_chart(snapshot(drawn=broken)).axes[0].collections[0]
        at = {float(segment[0][0]) for segment in wicks.get_segments()}

        assert at == {row - SHOWN + 0.5 for row in kept.tolist()}

    def test_cuts_off_a_huge_wick_and_says_how_far_it_went(
        self, snapshot: Snapshots, wave: Waves
    ) -> None:
        calm = wave(1.042)
        high, low = calm.high.copy(), calm.low.copy()
        high[100], low[10] = 9, 0.1

        figure = alert_chart(snapshot(drawn=replace(calm, high=high, low=low)))

        assert {"\u25b2 up to 9.0000", "\u25bc down to 0.1000"} <= texts(figure)
        bottom, top = figure.axes[0].get_ylim()
        assert 0.98 < bottom < top < 1.11

    def test_hides_a_mark_of_the_axis_behind_a_tag(self, snapshot: Snapshots) -> None:
        shown = [label.get_text() for label in alert_chart(snapshot()).axes[0].get_yticklabels()]

        # 1.0450 is free; 1.0350 would lie under the stop at 1.0347
        assert "1.0350" not in shown
        assert "1.0400" in shown

    def test_shows_a_long_name_and_a_foreign_one_as_far_as_it_can(
        self, snapshot: Snapshots
    ) -> None:
        long = "A" * 40 + "/USDT:USDT"
        drawn = texts(alert_chart(snapshot(symbol=long, venue="$\\frac{1}$\u202e")))
        foreign = texts(alert_chart(snapshot(symbol="币安X/USDT:USDT")))

        assert "LONG AAAAAAAAAAAAA... · $\\frac{1}$? · 1m" in drawn
        assert "LONG ??X · Binance USD-M · 1m" in foreign


class TestItsBytes:
    def test_are_the_same_for_the_same_snapshot(self, snapshot: Snapshots) -> None:
        assert png(alert_chart(snapshot())) == png(alert_chart(snapshot()))

    def test_do_not_depend_on_what_came_later(
        self, snapshot: Snapshots, candles: Waves, wave: Waves
    ) -> None:
        before = wave(1.042)
        later = candles([2.0, 0.5, 7.0], until=int(before.open_time[-1]) + 4 * 60_000)
        columns = ("open_time", "open", "high", "low", "close", "volume")
        both = replace(
            before,
            **{n: np.concatenate([getattr(before, n), getattr(later, n)]) for n in columns},
        )

        assert png(alert_chart(snapshot(drawn=both))) == png(alert_chart(snapshot(drawn=before)))

    @pytest.mark.parametrize("rows", [1, 5, SHOWN])
    @pytest.mark.parametrize(
        ("entry", "tick"), [("0.00001234", "0.00000001"), ("98000", "0.1"), ("1.2E-8", "1E-11")]
    )
    def test_are_few_and_a_picture(
        self, snapshot: Snapshots, alert: Alerts, wave: Waves, rows: int, entry: str, tick: str
    ) -> None:
        drawn = png(alert_chart(snapshot(alert(entry, tick), wave(float(entry), rows))))

        assert len(drawn) <= LARGEST_BYTES
        with Image.open(BytesIO(drawn)) as picture:
            assert picture.size == (WIDTH, HEIGHT)

    def test_are_a_picture_of_a_dead_market(self, snapshot: Snapshots, wave: Waves) -> None:
        flat = np.full(SHOWN, 1.042)
        dead = replace(wave(1.042), open=flat, high=flat, low=flat, close=flat, volume=0 * flat)

        assert len(png(alert_chart(snapshot(drawn=dead)))) <= LARGEST_BYTES


@pytest.mark.parametrize("entry", ["0.00001234", "1.0420", "98000"])
def test_every_text_stays_on_the_picture(snapshot: Snapshots, alert: Alerts, entry: str) -> None:
    tick = str(Decimal(entry).scaleb(-4).normalize())
    figure = alert_chart(snapshot(alert(entry, tick), symbol="1000000MOGMOGMOG/USDT:USDT"))
    png(figure)

    for text in figure.findobj(Text):
        if text.get_text():
            box = text.get_window_extent()
            assert box.x0 >= 0, text
            assert box.x1 <= WIDTH, text
            assert box.y0 >= 0, text
            assert box.y1 <= HEIGHT, text


@settings(max_examples=20)
@given(
    closes=st.lists(st.floats(1e-3, 1e3), max_size=20),
    symbol=st.text(max_size=30),
    setup=st.text(max_size=30),
    side=st.sampled_from(Side),
)
def test_any_candles_and_any_names_give_a_picture(
    snapshot: Snapshots,
    alert: Alerts,
    candles: Waves,
    closes: list[float],
    symbol: str,
    setup: str,
    side: Side,
) -> None:
    fired = replace(alert(side=side), setup=setup, version=symbol)

    drawn = png(alert_chart(snapshot(fired, candles([*closes, 1.042]), symbol=symbol, venue=setup)))

    assert len(drawn) <= LARGEST_BYTES
