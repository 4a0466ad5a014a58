"""What holds for each of the four, whatever the record; a warning of matplotlib fails the test."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from signalbot.domain.outcome import DECIDED
from signalbot.record.entries import Head
from signalbot.rendering.pictures.caption import Caption
from signalbot.rendering.pictures.distribution import distribution
from signalbot.rendering.pictures.hours import hours
from signalbot.rendering.pictures.running_result import running_result
from signalbot.rendering.pictures.sheet import HEIGHT, WIDTH, png
from signalbot.rendering.pictures.win_rate import win_rate
from signalbot.stats.sample import Sample

HEAD = Head(seq=999_999, hash="164cff72" + "0" * 56)
LARGEST_BYTES = 100_000
LONG_NAMES = [f"a_very_long_setup_name_🚀_币安_$x$_{number} 1.{number}" for number in range(12)]

Alerts = Callable[..., Sample]
Draw = Callable[[Sample, Caption], Figure]


def added_up(sample: Sample, caption: Caption) -> Figure:
    return running_result(sample.published_at, sample.net_r, sample.net_r + 0.2, caption)


every_picture = pytest.mark.parametrize(
    "draw", [added_up, win_rate, hours, distribution], ids=lambda draw: draw.__name__
)


def pixels(picture: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(picture)) as opened:
        opened.load()
        return opened.size


def kinds_and_results() -> st.SearchStrategy[list[tuple[object, float, str, int]]]:
    results = st.one_of(st.floats(-2, 3), st.floats(-1e6, 1e6), st.sampled_from([0.0, 1.0, -1.0]))
    setups = st.sampled_from([*LONG_NAMES, "", " ", "a 1.1", "a 1.2", "$\\frac{ 1"])
    return st.lists(
        st.tuples(st.sampled_from(sorted(DECIDED)), results, setups, st.integers(0, 9_000)),
        max_size=80,
    )


@every_picture
@settings(max_examples=15, deadline=None)
@given(rows=kinds_and_results())
def test_any_record_gives_a_small_picture(
    draw: Draw, alerts: Alerts, rows: list[tuple[object, float, str, int]]
) -> None:
    kinds, net_r, setups, at = zip(*rows, strict=True) if rows else ((), (), (), ())
    sample = alerts(net_r, kinds=kinds, setups=setups, hours=sorted(at))

    picture = png(draw(sample, Caption.of(sample, "replay of past candles", HEAD)))

    assert pixels(picture) == (WIDTH, HEIGHT)
    assert len(picture) < LARGEST_BYTES


@every_picture
@pytest.mark.parametrize(
    ("net_r", "times"),
    [([0.9], 1), ([0.9], 60), ([-1.1], 60), ([0.9, -1.1, 0.2, -1e6, 1e6], 20_000)],
    ids=["one alert", "only wins", "only losses", "a hundred thousand"],
)
def test_so_does_an_odd_one(draw: Draw, net_r: list[float], times: int, alerts: Alerts) -> None:
    results = net_r * times
    setups = (LONG_NAMES * (1 + len(results) // 12))[: len(results)]
    sample = alerts(results, setups=setups)

    picture = png(draw(sample, Caption.of(sample, "simulated market", HEAD)))

    assert pixels(picture) == (WIDTH, HEIGHT)
    assert len(picture) < LARGEST_BYTES


@every_picture
@pytest.mark.parametrize("n", [0, 1, 4, 29])
def test_a_few_alerts_are_called_too_few(draw: Draw, n: int, alerts: Alerts) -> None:
    sample = alerts([0.9] * n)

    shown = [text.get_text() for text in draw(sample, Caption.of(sample, "")).texts]

    assert f"not enough data: n = {n}" in shown


@every_picture
def test_the_sheet_says_n_period_and_head(draw: Draw, alerts: Alerts) -> None:
    sample = alerts([0.9, -1.1] * 20)
    caption = replace(Caption.of(sample, "simulated market", HEAD), alerts=47)

    shown = [text.get_text() for text in draw(sample, caption).texts]

    assert "n = 40 decided of 47 alerts · 2026-11-01 to 2026-11-02 UTC" in shown
    assert "simulated market · ledger head #999999 164cff72" in shown


@every_picture
def test_every_text_of_the_sheet_lies_on_it(draw: Draw, alerts: Alerts) -> None:
    sample = alerts([0.9, -1.1, 0.2, -1e6] * 5_000, setups=(LONG_NAMES * 1_667)[:20_000])
    figure = draw(sample, Caption.of(sample, "replay of past candles", HEAD))
    png(figure)

    labels = [
        label
        for axes in figure.axes
        for label in (*axes.get_xticklabels(), *axes.get_yticklabels(), axes.yaxis.label)
    ]
    for text in (*figure.texts, *figure.legends, *labels):
        box = text.get_window_extent()
        assert box.x0 >= 0, text
        assert box.x1 <= WIDTH, text
        assert box.y0 >= 0, text
        assert box.y1 <= HEIGHT, text


@every_picture
def test_the_same_record_gives_the_same_bytes_and_stays_as_it_was(
    draw: Draw, alerts: Alerts
) -> None:
    sample = alerts([0.9, -1.1, 0.2] * 20)
    caption = Caption.of(sample, "simulated market", HEAD)

    assert png(draw(sample, caption)) == png(draw(sample, caption))
    assert np.array_equal(sample.net_r, alerts([0.9, -1.1, 0.2] * 20).net_r)
