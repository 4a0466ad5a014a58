"""`liq` and `claim` as a script reads them: the promised keys, and worked examples."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Answer = Callable[..., dict[str, Any]]

LIQ_KEYS = {
    *("liquidation_price", "liquidation_range", "tier", "mmr", "cum", "basis", "distance_pct"),
    *("refusals", "estimate"),
}
SAMPLE_KEYS = {
    *("counts", "wilson_95", "always_valid_95", "breakeven_win_rate", "expectancy_r", "luck"),
    "deleted_losers",
}
PLAIN = re.compile(r"\d+(\.\d*[1-9])?")  # no sign, no exponent, no zeros at the end
TIERS = [
    {"floor": 0, "cap": 5000, "mmr": 0.015, "max_leverage": 20},
    {"floor": 5000, "cap": 10000, "mmr": 0.025, "cum": 50, "max_leverage": 10},
    {"floor": "10000", "cap": "20000", "mmr": "0.05", "cum": None, "max_leverage": "5"},
]
# worth 4750 at the entry and more than 5000 where it ends: the tier is that of the end
ACROSS = {"venue": "binanceusdm", "side": "short", "entry": "0.5", "qty": "9500", "leverage": "5"}
LAYER = {"venue": "binanceusdm", "side": "long", "entry": "1.042", "qty": "295", "leverage": "3"}


def options(plan: dict[str, str]) -> list[str]:
    return [text for name, value in plan.items() for text in (f"--{name}", value)]


def codes(found: dict[str, Any]) -> list[str]:
    assert all(set(refusal) == {"code", "message"} for refusal in found["refusals"])
    return [refusal["code"] for refusal in found["refusals"]]


@pytest.fixture(params=["list", "by symbol"])
def tiers(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """The options that name the same tiers in either shape of file."""
    path = tmp_path / "tiers.json"
    if request.param == "list":
        path.write_text(json.dumps(TIERS))
        return ["--tiers", str(path)]
    path.write_text(json.dumps({"LAYER/USDT:USDT": TIERS, "TOY/USDT:USDT": TIERS[:1]}))
    return ["--tiers", str(path), "--symbol", "$layer"]


class TestLiq:
    def test_the_tier_is_that_at_the_liquidation_price(
        self, tiers: list[str], answer: Answer
    ) -> None:
        found = answer("liq", *options(ACROSS), *tiers)

        assert set(found) == LIQ_KEYS
        assert PLAIN.fullmatch(found["liquidation_price"])
        assert found["liquidation_price"][:10] == "0.59050064"  # .59113300 by the entry's tier
        assert found["distance_pct"] == pytest.approx(18.100128, abs=1e-6)
        assert (found["tier"], found["mmr"], found["cum"]) == (2, 0.025, "50")
        assert (found["basis"], found["refusals"]) == ("mark", [])
        assert found["liquidation_range"] is None
        assert found["estimate"] is True

    def test_a_rate_is_enough(self, answer: Answer) -> None:
        found = answer("liq", *options(LAYER), "--mmr", "0.015")

        assert float(found["liquidation_price"]) == pytest.approx(0.7052, abs=5e-5)
        assert found["distance_pct"] == pytest.approx(-32.3, abs=0.05)
        assert (found["tier"], found["mmr"], found["cum"]) == (None, 0.015, "0")

    def test_margin_that_is_added_moves_it_away(self, answer: Answer) -> None:
        found = answer("liq", *options(LAYER), "--mmr", "0.015", "--added-margin", "20")

        assert float(found["liquidation_price"]) == pytest.approx(0.6364, abs=5e-5)

    @pytest.mark.parametrize(
        ("plan", "price", "within", "basis"),
        [
            (
                {"venue": "binanceusdm", "entry": "1456.84", "qty": "3683.979", "mmr": "0.10"}
                | {"margin": "1535443.01", "cum": "135365"},
                1114.78,
                0.005,
                "mark",
            ),
            (
                {"venue": "bybit", "entry": "20000", "qty": "1", "leverage": "50", "mmr": ".005"},
                19698.49246231,
                5e-9,
                "mark",
            ),
            (
                {"venue": "bybit-before-2025-09", "entry": "20000", "qty": "1", "leverage": "50"}
                | {"mmr": ".005"},
                19700,
                1e-9,
                "entry",
            ),
            (
                {"venue": "mexc", "entry": "50000", "qty": "0.1", "leverage": "25", "mmr": "0.004"},
                48200,
                1e-9,
                "entry",
            ),
        ],
        ids=["Binance FAQ", "Bybit", "Bybit's older rule", "MEXC help page"],
    )
    def test_the_examples_of_the_venues(
        self, plan: dict[str, str], price: float, within: float, basis: str, answer: Answer
    ) -> None:
        found = answer("liq", "--side", "long", *options(plan))

        assert float(found["liquidation_price"]) == pytest.approx(price, abs=within)
        assert found["basis"] == basis

    def test_the_closing_fee_can_be_told(self, answer: Answer) -> None:
        # the margin is 200, the maintenance 25, so 50000 - (200 - 25 - fee) / 0.1 = 48250 + fee
        plan = {"venue": "mexc", "entry": "50000", "qty": "0.1", "leverage": "25", "mmr": "0.005"}

        found = answer("liq", "--side", "long", *options(plan), "--close-fee-rate", "0.0006")

        assert float(found["liquidation_price"]) == pytest.approx(48250 + 3 / 0.1)

    @pytest.mark.parametrize(
        ("side", "ends"),
        [("long", (200 / 3 / 0.99, 200 / 3 / 0.95)), ("short", (400 / 3 / 1.05, 400 / 3 / 1.01))],
    )
    def test_without_tiers_or_rate_only_a_range_is_told(
        self, side: str, ends: tuple[float, float], answer: Answer
    ) -> None:
        plan = {"venue": "weex", "entry": "100", "qty": "3", "leverage": "3"}

        found = answer("liq", "--side", side, *options(plan))

        assert all(PLAIN.fullmatch(end) for end in found["liquidation_range"])
        assert [float(end) for end in found["liquidation_range"]] == pytest.approx(ends)
        nulls = {key for key, value in found.items() if value is None}
        assert nulls == {"liquidation_price", "tier", "mmr", "cum", "distance_pct"}

    @pytest.mark.parametrize("rate", [["--mmr", "0.01"], []], ids=["a rate", "no rate"])
    def test_a_long_that_is_paid_in_full_has_no_liquidation(
        self, rate: list[str], answer: Answer
    ) -> None:
        found = answer("liq", *options(LAYER | {"leverage": "1"}), *rate)

        assert found["liquidation_price"] is None
        assert found["liquidation_range"] == (None if rate else [None, None])
        assert found["refusals"] == []

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"leverage": "25"}, "LEVERAGE_ABOVE_TIER"),
            ({"qty": "39999", "leverage": "30"}, "LIQUIDATED_AT_ENTRY"),
            ({"qty": "40001"}, "ABOVE_TIER_NOTIONAL"),
        ],
    )
    def test_what_the_venue_would_not_open_is_refused_by_name(
        self, changes: dict[str, str], code: str, tiers: list[str], answer: Answer
    ) -> None:
        found = answer("liq", *options(ACROSS | changes), *tiers)

        assert code in codes(found)


class TestClaim:
    def test_the_shortest_records_that_give_an_advertised_rate(self, answer: Answer) -> None:
        found = answer("claim", "--win-rate", "70.59")

        assert set(found) == {"win_rate_pct", "samples"}
        assert found["win_rate_pct"] == 70.59
        assert all(set(sample) == SAMPLE_KEYS for sample in found["samples"])
        assert [sample["counts"] for sample in found["samples"]] == [
            {"wins": 12, "losses": 5},
            {"wins": 24, "losses": 10},
            {"wins": 36, "losses": 15},
        ]

    def test_what_twelve_of_seventeen_says(self, answer: Answer) -> None:
        sample = answer("claim", "--win-rate", "70.59")["samples"][0]

        assert sample["wilson_95"] == pytest.approx([0.46867, 0.86720], abs=5e-6)
        assert sample["always_valid_95"] == pytest.approx([0.34254, 0.94200], abs=5e-6)
        assert sample["breakeven_win_rate"] == pytest.approx(0.75)  # 1.5 / 2
        assert sample["expectancy_r"] == pytest.approx(2 * 12 / 17 - 1.5)
        assert sample["luck"] == pytest.approx(0.525, abs=5e-4)
        assert sample["deleted_losers"] == 7

    @pytest.mark.parametrize(
        ("rate", "wins", "losses", "interval"),
        [
            ("70.59", "120", "50", [0.57961, 0.81384]),
            ("0", "0", "10", [0, 0.37699]),
            ("70.59%", "12", "5", [0.34254, 0.94200]),
        ],
    )
    def test_a_record_that_is_told_is_taken_instead(
        self, rate: str, wins: str, losses: str, interval: list[float], answer: Answer
    ) -> None:
        found = answer("claim", "--win-rate", rate, "--wins", wins, "--losses", losses)

        assert [sample["counts"] for sample in found["samples"]] == [
            {"wins": int(wins), "losses": int(losses)}
        ]
        assert found["samples"][0]["always_valid_95"] == pytest.approx(interval, abs=5e-6)

    @pytest.mark.parametrize(
        ("reward_risk", "cost_r", "breakeven", "expectancy"),
        [
            ("2", "0", 1 / 3, 3 * 12 / 17 - 1),
            ("0.5", "0.25", 1.25 / 1.5, 1.5 * 12 / 17 - 1.25),
            ("0.5", "1", 1, 1.5 * 12 / 17 - 2),  # not even winning always would do
        ],
    )
    def test_geometry_and_costs_decide_what_it_earns(
        self, reward_risk: str, cost_r: str, breakeven: float, expectancy: float, answer: Answer
    ) -> None:
        geometry = {"win-rate": "70.59", "reward-risk": reward_risk, "cost-r": cost_r}

        sample = answer("claim", *options(geometry))["samples"][0]

        assert sample["breakeven_win_rate"] == pytest.approx(breakeven)
        assert sample["expectancy_r"] == pytest.approx(expectancy)
