from dataclasses import replace
from io import BytesIO
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from PIL import Image

from signalbot.record.entries import Head
from signalbot.rendering.pictures.caption import Caption
from signalbot.rendering.pictures.sheet import (
    GAIN,
    HEIGHT,
    WIDTH,
    mark_alerts,
    mark_r,
    panel,
    png,
    sheet,
    signed,
    styled,
    total,
)

HEAD = Head(seq=1564, hash="164cff72" + "0" * 56)
CAPTION = Caption(
    n=40, alerts=52, period="2026-11-01 to 2026-11-30 UTC", source="simulated market", head=HEAD
)


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (20, "+20"),
        (-0.25, "-0.25"),
        (-15_000, "-15k"),
        (2e6, "+2M"),
        (-5e9, "-5G"),
    ],
)
def test_numbers_of_an_axis_carry_their_sign(value: float, text: str) -> None:
    assert signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.04, "0.0"), (-0.04, "0.0"), (-65.65, "-65.7"), (14_616.44, "+14,616.4"), (1e6, "+1M")],
)
def test_a_sum_has_one_decimal(value: float, text: str) -> None:
    assert total(value) == text


class TestASheet:
    def test_takes_no_text_for_a_formula(self) -> None:
        figure = styled(sheet)(r"$\frac{1}{$", "", CAPTION)

        assert len(png(figure)) > 1000

    def test_says_what_it_shows_and_the_caption(self) -> None:
        assert texts(sheet("Title", "a fact", CAPTION)) == [
            "Title",
            "a fact",
            *CAPTION.lines()[::-1],
        ]

    def test_may_carry_a_note_below(self) -> None:
        assert "a note" in texts(sheet("Title", "a fact", CAPTION, "a note"))

    @pytest.mark.parametrize("n", [0, 4, 29])
    def test_states_no_fact_about_a_few_alerts(self, n: int) -> None:
        shown = texts(sheet("Title", "a fact", replace(CAPTION, n=n)))

        assert f"not enough data: n = {n}" in shown
        assert "a fact" not in shown


class TestAnAxis:
    def test_of_alerts_counts_them_and_writes_the_day_below(self) -> None:
        axes = panel(sheet("", "", CAPTION), 0.3, 0.5)
        mark_alerts(axes, np.arange(10) * 86_400_000)

        assert axes.get_xlim() == (0, 10)
        assert [label.get_text() for label in axes.get_xticklabels()] == [
            "3\n1970-01-03",
            "6\n1970-01-06",
            "9\n1970-01-09",
        ]

    def test_keeps_a_label_at_the_very_end_on_the_sheet(self) -> None:
        axes = panel(sheet("", "", CAPTION), 0.3, 0.5)
        mark_alerts(axes, np.arange(100))

        last = axes.get_xticklabels()[-1]

        assert last.get_text().startswith("100\n")
        assert last.get_window_extent().x1 < WIDTH

    def test_of_r_carries_signs(self) -> None:
        axes = panel(sheet("", "", CAPTION), 0.3, 0.5)
        axes.set_ylim(-2, 2)
        mark_r(axes, "R", most=4)

        assert [label.get_text() for label in axes.get_yticklabels()] == [
            "-2",
            "-1",
            "0",
            "+1",
            "+2",
        ]


class TestAPng:
    def test_has_the_size_of_the_sheet_and_names_its_maker(self) -> None:
        with Image.open(BytesIO(png(sheet("Title", "a fact", CAPTION)))) as picture:
            picture.load()

            assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
            assert picture.info == {"Software": "signalbot"}

    def test_keeps_the_colours_close_to_what_was_drawn(self) -> None:
        figure = sheet("Title", "a fact", CAPTION)
        panel(figure, 0.3, 0.5).axhspan(0, 1, color=GAIN)

        with Image.open(BytesIO(png(figure))) as picture:
            middle = picture.convert("RGB").getpixel((WIDTH // 2, HEIGHT // 2))

        assert middle == pytest.approx((0, 0x72, 0xB2), abs=8)

    def test_is_the_same_for_the_same_values(self) -> None:
        first, second = (png(sheet("Title", "a fact", CAPTION)) for _ in range(2))

        assert first == second

    def test_does_not_depend_on_the_settings_of_the_machine_nor_changes_them(self) -> None:
        @styled
        def draw() -> Figure:
            figure = sheet("Title", "a fact", CAPTION)
            panel(figure, 0.3, 0.5).plot([0, 1], [0, 1])
            return figure

        usual = png(draw())
        with matplotlib.rc_context({"lines.linewidth": 9, "font.size": 40, "text.usetex": True}):
            before = dict(matplotlib.rcParams)
            assert png(draw()) == usual
            assert dict(matplotlib.rcParams) == before


def test_the_font_is_the_one_that_comes_with_matplotlib() -> None:
    bundled = Path(matplotlib.get_data_path()) / "fonts" / "ttf"

    for weight, name in (("normal", "DejaVuSans.ttf"), ("bold", "DejaVuSans-Bold.ttf")):
        found = Path(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
        assert found.resolve() == (bundled / name).resolve()
