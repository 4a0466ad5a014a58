"""The risk commands as a person reads them: whole sentences, plain numbers, every warning."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

Text = Callable[..., str]

# no markup, no exponent, nothing that is not a number, no value of the program itself
UNREADABLE = re.compile(
    r"<|&\w+;|\d[eE][+-]?\d|\bnan\b|\binf(inity)?\b|None|Decimal", re.IGNORECASE
)
LAYER = (
    *("size", "--symbol", "layer", "--entry", "1.0420", "--stop", "1.0350", "--target", "1.0525"),
    *("--equity", "500", "--taker-bps", "5", "--maker-bps", "2", "--slippage-bps", "2"),
    *("--step", "1", "--tick", "0.0001"),
)
LIQ = (
    *("liq", "--venue", "binanceusdm", "--side", "long", "--entry", "1.042", "--qty", "295"),
    *("--leverage", "3"),
)


@pytest.fixture
def tiers(tmp_path: Path) -> str:
    path = tmp_path / "tiers.json"
    path.write_text(json.dumps([{"floor": 0, "cap": 5000, "mmr": 0.015, "max_leverage": 50}]))
    return str(path)


@pytest.fixture
def read(text: Text) -> Text:
    """Returns what a command prints, if a person can read it."""

    def run(*arguments: str) -> str:
        shown = text(*arguments)
        assert not UNREADABLE.search(shown)
        assert len(shown) <= 1025  # a message and the end of its last line
        return shown

    return run


class TestSize:
    def test_it_says_how_much_and_what_it_may_cost(self, tiers: str, read: Text) -> None:
        lines = read(*LAYER, "--tiers", tiers).splitlines()

        assert lines[:6] == [
            "LONG LAYER 1.0420 · stop 1.0350 · target 1.0525",
            "295 LAYER (307 USDT), 3x = 102 USDT margin",
            "If stopped: -2.49 USDT (0.50 %) · if target: +2.82",
            "Costs 0.21 R, 17 % of what a stop loses",
            "Net reward/risk 1.13 · needs 46.9 % wins to break even",
            "Liquidation near 0.7052, 48 stops away (estimate, Binance USD-M)",
        ]
        assert "Leverage does not change what you lose at the stop." in lines[6]
        assert lines[-1].startswith("Assumed: ")

    def test_unknown_tiers_are_said_and_shown_as_a_range(self, read: Text) -> None:
        shown = read(*LAYER)

        # two thirds of the entry over 0.99 and over 0.95
        assert "Liquidation between 0.7017 and 0.7312 (tiers unknown" in shown
        assert "maintenance from 1 % to 5 %" in shown

    def test_a_refusal_comes_first_and_says_what_would_fit(self, read: Text) -> None:
        shown = read("size", "--entry", "1.000", "--stop", "0.998", "--equity", "1000")

        lines = shown.splitlines()
        assert lines[1] == "Skip this one:"
        assert lines[2].startswith("· costs are 0.70 R at the stop, allowed are 0.25 R: ")
        assert "For the smallest order" in shown

    def test_what_is_unwise_is_warned_of(self, tiers: str, read: Text) -> None:
        risky = ("--risk-pct", "2", "--accept-high-risk", "--leverage", "10", "--tiers", tiers)

        shown = read(*LAYER, *risky)

        assert "Skip this one" not in shown
        assert "⚠ HIGH RISK: 2 % on one trade, 1 % is the limit" in shown
        assert "⚠ 10x is above the advised 3 to 5x" in shown

    @pytest.mark.parametrize("target", [[], ["--target", "0.0000000016"]], ids=["none", "one"])
    def test_a_coin_of_tiny_price_is_readable(self, target: list[str], read: Text) -> None:
        plan = ("--entry", "0.0000000012", "--stop", "0.0000000011", "--equity", "1000000")

        shown = read("size", *plan, *target)

        assert shown.startswith("LONG units 0.0000000012 · stop 0.0000000011")
        assert ("needs" in shown) is bool(target)

    def test_a_coin_of_great_price_is_readable(self, read: Text) -> None:
        plan = ("--entry", "100000000", "--stop", "110000000", "--equity", "1000000000000")

        assert read("size", *plan).startswith("SHORT units 100000000 · stop 110000000")


class TestLiq:
    def test_it_says_on_what_the_estimate_stands(self, tiers: str, read: Text) -> None:
        shown = read(*LIQ, "--tiers", tiers)

        assert shown.startswith("Estimated liquidation 0.7052 (-32.3 %), isolated, Binance USD-M,")
        assert "maintenance 1.5 % (tier 1)" in shown
        assert "Leverage does not change what you lose at the stop." in shown

    def test_added_margin_is_said(self, read: Text) -> None:
        shown = read(*LIQ, "--mmr", "0.015", "--added-margin", "20")

        assert shown.startswith("Estimated liquidation 0.6364 ")
        assert "With 20.00 USDT of added margin" in shown
        assert "tier" not in shown

    def test_a_range_is_labelled_as_one(self, read: Text) -> None:
        shown = read(*LIQ)

        assert shown.startswith("Estimated liquidation between 0.7017 and 0.7312,")
        assert "from 1 % to 5 %" in shown

    def test_a_position_without_liquidation_is_said_to_have_none(self, read: Text) -> None:
        assert "cannot be liquidated" in read(*LIQ[:-1], "1", "--mmr", "0.01")

    @pytest.mark.parametrize(
        ("leverage", "sentence"),
        [("60", "60x is above the 50x of tier 1"), ("70", "is not above the maintenance")],
    )
    def test_a_refusal_says_what_would_fit(
        self, leverage: str, sentence: str, tiers: str, read: Text
    ) -> None:
        shown = read(*LIQ[:-1], leverage, "--tiers", tiers)

        assert sentence in shown
        assert "would fit" in shown


class TestClaim:
    def test_it_says_what_an_advertised_rate_is_worth(self, read: Text) -> None:
        shown = read("claim", "--win-rate", "70.59")

        assert shown.startswith(
            "70.59 % is what 12 wins of 17 give (also 24 of 34, 36 of 51).\n"
            "From 17 trades the true rate could be 34-94 %.\n"
        )
        assert "you need 75.0 % just to break even: this rate loses 0.09 R a trade." in shown
        assert "Ask for: how many alerts, since when" in shown

    def test_a_record_that_is_told_is_the_one_explained(self, read: Text) -> None:
        shown = read("claim", "--win-rate", "70.59 %", "--wins", "120", "--losses", "50")

        assert shown.startswith("70.59 % is what 120 wins of 170 give.\n")
        assert "From 170 trades the true rate could be 58-81 %." in shown

    @pytest.mark.parametrize("rate", ["0", "100", "0.001", "33.333333"])
    def test_any_rate_is_answered_in_five_lines(self, rate: str, read: Text) -> None:
        assert read("claim", "--win-rate", rate, "--cost-r", "0").count("\n") == 5
