from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties, findfont, get_font

from signalbot.domain.outcome import OutcomeKind
from signalbot.record.entries import Head
from signalbot.rendering.pictures.caption import Caption, printable
from signalbot.stats.sample import Sample

HEAD = Head(seq=1564, hash="164cff72" + "0" * 56)
CAPTION = Caption(n=40, alerts=52, period="", source="simulated market", head=HEAD)
Alerts = Callable[..., Sample]


class TestACaption:
    def test_counts_decided_and_all_alerts_and_names_the_first_and_last_day(
        self, alerts: Alerts
    ) -> None:
        kinds = [OutcomeKind.TARGET, OutcomeKind.OPEN, OutcomeKind.STOP]
        sample = alerts([0.9, float("nan"), -1.1], kinds=kinds, hours=[0, 1, 30])

        assert Caption.of(sample, "simulated market", HEAD).lines() == (
            "n = 2 decided of 3 alerts · 2026-11-01 to 2026-11-02 UTC",
            "simulated market · ledger head #1564 164cff72",
        )

    def test_names_a_single_day_once(self, alerts: Alerts) -> None:
        assert Caption.of(alerts([0.9, 0.9]), "").period == "2026-11-01 UTC"

    def test_of_nothing_has_no_period(self, alerts: Alerts) -> None:
        assert Caption.of(alerts([]), "a file of outcomes").lines() == (
            "n = 0 decided of 0 alerts",
            "a file of outcomes · no ledger",
        )

    def test_does_not_let_a_source_flood_the_picture(self) -> None:
        line = replace(CAPTION, source="$x$\n" * 100).lines()[1]

        assert line == "$x$?$x$?$x$?$x$?$x$?$x$?$x$?$x$?$x$?$... · ledger head #1564 164cff72"


class TestTextFromOutside:
    @given(st.text(max_size=60), st.integers(min_value=3, max_value=50))
    def test_becomes_one_short_line_that_both_fonts_can_draw(self, text: str, limit: int) -> None:
        shown = printable(text, limit)

        assert len(shown) <= limit
        assert "\n" not in shown
        for weight in ("normal", "bold"):
            drawn = get_font(
                findfont(FontProperties(family="DejaVu Sans", weight=weight))
            ).get_charmap()
            assert all(ord(char) in drawn for char in shown)

    def test_keeps_what_the_font_has(self) -> None:
        assert printable("Ausbruch ä $1", 40) == "Ausbruch ä $1"

    @pytest.mark.parametrize("char", ["🚀", "币", "\u202e", "\u0301", "\0", "\t"])
    def test_loses_what_it_has_not(self, char: str) -> None:
        assert printable(f"a{char}b", 9) == "a?b"
