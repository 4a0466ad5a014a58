"""`size` as a script reads it: the promised keys, and the numbers of worked examples."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from signalbot.cli import run_command

Answer = Callable[..., dict[str, Any]]
Warned = Callable[..., tuple[dict[str, Any], str]]

SIZE_KEYS = {
    *("qty", "notional", "margin", "leverage", "leverage_cap", "risk_money", "loss_at_stop"),
    *("gain_at_target", "cost_r", "reward_risk_net", "breakeven_win_rate", "liquidation_price"),
    *("liquidation_range", "liquidation_distance_stops", "refusals", "assumed"),
}
PLAIN = re.compile(r"\d+(\.\d*[1-9])?")  # no sign, no exponent, no zeros at the end


def plan(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


# the usual example: a scalp of 0.2 % at a fee of 0.05 % and a slippage of 0.02 % a fill
SCALP = plan(
    "entry 1.000 stop 0.998 target 1.002 equity 1000 risk-pct 0.5 step 100 tick 0.0001"
    " taker-bps 5 maker-bps 2 slippage-bps 2"
)
SHORT = plan("stop 1.002 target 0.998")
# wide enough that its costs are allowed
WIDE = plan("entry 100 stop 98 target 104 equity 1000 tick 0.01")
TIERS = [
    {"floor": 0, "cap": 5000, "mmr": 0.015, "cum": 0, "max_leverage": 20},
    {"floor": 5000, "cap": 10000, "mmr": 0.025, "cum": 50, "max_leverage": 10},
    {"floor": 10000, "cap": 20000, "mmr": 0.05, "cum": 300, "max_leverage": 5},
]


def options(*parts: dict[str, str]) -> list[str]:
    """Later parts replace what earlier ones say."""
    merged: dict[str, str] = {}
    for part in parts:
        merged |= part
    return [text for name, value in merged.items() for text in (f"--{name}", value)]


def without(plan: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in plan.items() if key != name}


def close(value: float) -> Any:
    return pytest.approx(value, rel=1e-9)


@pytest.fixture
def costs_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNALBOT_MAX_COST_R", "1")


@pytest.fixture
def tiers(tmp_path: Path) -> str:
    path = tmp_path / "tiers.json"
    path.write_text(json.dumps(TIERS))
    return str(path)


@pytest.fixture
def warned(capsys: pytest.CaptureFixture[str]) -> Warned:
    """Returns the object a command prints, and the warnings beside it."""

    def run(*arguments: str) -> tuple[dict[str, Any], str]:
        assert run_command([*arguments, "--json"]) == 0
        printed = capsys.readouterr()
        assert all(line.startswith("warning: ") for line in printed.err.splitlines())
        return json.loads(printed.out), printed.err

    return run


def codes(found: dict[str, Any]) -> list[str]:
    assert all(set(refusal) == {"code", "message"} for refusal in found["refusals"])
    return [refusal["code"] for refusal in found["refusals"]]


class TestSizeContract:
    def test_the_object_has_the_promised_keys_and_types(self, answer: Answer) -> None:
        found = answer("size", *options(WIDE))

        assert set(found) == SIZE_KEYS
        for key in ("qty", "notional", "margin", "risk_money", "loss_at_stop", "gain_at_target"):
            assert PLAIN.fullmatch(found[key]), key
        for key in ("leverage", "leverage_cap", "cost_r", "reward_risk_net", "breakeven_win_rate"):
            assert isinstance(found[key], float), key
        assert isinstance(found["liquidation_distance_stops"], float)
        assert found["refusals"] == []

    def test_without_tiers_liquidation_is_a_range(self, answer: Answer) -> None:
        found = answer("size", *options(WIDE))

        # 3x from 100: margin a third, maintenance 1 % to 5 % of the price: (100 - 33.3) / (1 - m)
        low, high = found["liquidation_range"]
        assert found["liquidation_price"] is None
        assert PLAIN.fullmatch(low)
        assert PLAIN.fullmatch(high)
        assert float(low) == close(200 / 3 / 0.99)
        assert float(high) == close(200 / 3 / 0.95)
        assert found["liquidation_distance_stops"] == close((100 - 200 / 3 / 0.95) / 2)

    def test_with_tiers_liquidation_is_a_price(self, tiers: str, answer: Answer) -> None:
        found = answer("size", *options(WIDE), "--tiers", tiers)

        assert PLAIN.fullmatch(found["liquidation_price"])
        assert float(found["liquidation_price"]) == close(200 / 3 / 0.985)
        assert found["liquidation_range"] is None
        assert "tiers" not in found["assumed"]

    def test_without_a_target_what_needs_one_is_null(self, answer: Answer) -> None:
        found = answer("size", *options(without(WIDE, "target")))

        nulls = {key for key, value in found.items() if value is None}
        assert nulls == {
            *("gain_at_target", "reward_risk_net", "breakeven_win_rate", "liquidation_price")
        }

    def test_a_coin_of_tiny_price_is_written_plainly(self, answer: Answer) -> None:
        tiny = plan("entry 0.00001234 stop 0.000012 target 0.000014 equity 1000")

        found = answer("size", *options(tiny))

        # without costs 5 USDT at a stop distance of 0.00000034 were 14,705,882
        assert 10**7 < Decimal(found["qty"]) < 14_705_882
        assert all(PLAIN.fullmatch(text) for text in found["liquidation_range"])
        assert found["assumed"]["tick"] == "0.00000001"

    def test_what_is_given_is_not_assumed(self, tiers: str, answer: Answer) -> None:
        rest = plan("side long venue bybit leverage 3 min-qty 1 min-notional 5 contract-size 1")

        found = answer("size", *options(SCALP, rest), "--tiers", tiers)

        assert found["assumed"] == {}

    def test_what_is_not_given_is_listed_with_its_value(self, answer: Answer) -> None:
        found = answer("size", *options(plan("entry 1.0420 stop 1.01 equity 1000")))

        assert found["assumed"] == {
            "side": "long",
            "venue": "binanceusdm",
            "risk_pct": "0.5",
            "leverage": "3",
            "tick": "0.0001",  # as many decimals as were typed
            "step": "0.01",  # the power of ten that is worth a tenth of a USDT at most
            "min_qty": "0",
            "min_notional": "5",
            "contract_size": "1",
            "taker_rate": "0.0005",
            "maker_rate": "0.0002",
            "slippage_rate": "0.0002",
            "tiers": "unknown: maintenance from 1 % to 5 %",
        }

    def test_a_warning_stays_out_of_stdout(self, tiers: str, warned: Warned) -> None:
        risky = {"risk-pct": "2", "leverage": "10", "tiers": tiers}

        found, warnings = warned("size", *options(WIDE, risky), "--accept-high-risk")

        assert found["refusals"] == []
        assert "warning: HIGH RISK: 2 % on one trade" in warnings
        assert "warning: 10x is above the advised 3 to 5x" in warnings


@pytest.mark.usefixtures("costs_allowed")
class TestSizeExamples:
    @pytest.mark.parametrize(
        ("changes", "unit_loss", "qty"),
        [
            ({}, "0.0033986002", "1400"),
            (SHORT, "0.0034014002", "1400"),
            ({"taker-bps": "0", "slippage-bps": "0"}, "0.002", "2500"),
        ],
        ids=["long", "short", "without costs"],
    )
    def test_the_stop_costs_what_was_chosen(
        self, changes: dict[str, str], unit_loss: str, qty: str, answer: Answer
    ) -> None:
        found = answer("size", *options(SCALP, changes))

        assert (found["qty"], found["notional"]) == (qty, qty)
        assert found["risk_money"] == "5"
        assert Decimal(found["loss_at_stop"]) == Decimal(qty) * Decimal(unit_loss)
        assert float(found["margin"]) == close(int(qty) / 3)
        assert found["cost_r"] == close(float(unit_loss) / 0.002 - 1)

    @pytest.mark.parametrize(
        ("costs", "gain", "loss", "rate"),
        [
            ({"taker-bps": "0", "maker-bps": "0"}, 0.002, 0.002, 0.5),
            ({"taker-bps": "5", "maker-bps": "5"}, 0.000999, 0.002999, 0.7501),
            ({"taker-bps": "5", "maker-bps": "2"}, 0.0012996, 0.0029990, 0.6977),
        ],
        ids=["none", "taker", "maker at the target"],
    )
    def test_the_win_rate_it_needs(
        self, costs: dict[str, str], gain: float, loss: float, rate: float, answer: Answer
    ) -> None:
        found = answer("size", *options(SCALP, costs, {"slippage-bps": "0"}))

        assert found["breakeven_win_rate"] == pytest.approx(rate, abs=5e-5)
        assert found["breakeven_win_rate"] == close(loss / (loss + gain))
        assert found["reward_risk_net"] == close(gain / loss)
        assert float(found["gain_at_target"]) == close(float(found["qty"]) * gain)

    def test_an_account_too_small_hears_from_which_size_on_it_fits(self, answer: Answer) -> None:
        found = answer("size", *options(SCALP, {"equity": "50"}))

        assert codes(found) == ["BELOW_MIN_QTY"]
        assert "fits from 67.98 " in found["refusals"][0]["message"]  # 67.972004 exactly
        assert (found["qty"], found["notional"]) == ("0", "100")

    def test_an_order_below_the_smallest_notional_is_refused(self, answer: Answer) -> None:
        small = plan("equity 10 risk-pct 0.1 step 1 min-notional 5")

        found = answer("size", *options(SCALP, small))

        assert codes(found) == ["BELOW_MIN_NOTIONAL"]
        assert "allows 2, " in found["refusals"][0]["message"]
        assert (found["qty"], found["notional"]) == ("0", "6")  # five are worth 4.99 at the stop

    @pytest.mark.parametrize("side", [{}, SHORT], ids=["long", "short"])
    def test_leverage_keeps_liquidation_three_stops_away(
        self, side: dict[str, str], tmp_path: Path, answer: Answer
    ) -> None:
        generous = [{"floor": "0", "cap": None, "mmr": "0.015", "max_leverage": "100"}]
        path = tmp_path / "generous.json"
        path.write_text(json.dumps(generous))

        found = answer("size", *options(SCALP, side, {"tiers": str(path)}))

        assert found["leverage_cap"] == 46  # 46.71 for a long, 46.31 for a short

    def test_steps_and_minimums_count_contracts(self, answer: Answer) -> None:
        contracts = plan("step 1 min-qty 2 contract-size 1000")

        found = answer("size", *options(SCALP, contracts, {"equity": "3000"}))

        assert found["qty"] == "4000"  # 15 / 0.0033986002 is 4413
        assert codes(answer("size", *options(SCALP, contracts))) == ["BELOW_MIN_QTY"]


class TestSizeRefusals:
    def test_the_usual_example_costs_too_much(self, answer: Answer) -> None:
        found = answer("size", *options(SCALP))

        assert found["qty"] == "0"
        assert codes(found) == ["COST_TOO_HIGH"]
        assert "0.70 R" in found["refusals"][0]["message"]
        # every other figure, for the smallest order: one step
        assert (found["notional"], found["loss_at_stop"]) == ("100", "0.33986002")
        assert found["cost_r"] == close(0.6993001)
        assert None not in {found["gain_at_target"], found["breakeven_win_rate"]}

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"tick": "0.2"}, "TICK_TOO_COARSE"),
            ({"spread": "0.7"}, "STOP_INSIDE_SPREAD"),
            ({"min-notional": "5000"}, "BELOW_MIN_NOTIONAL"),
            ({"equity": "1", "step": "0.0001", "min-notional": "1"}, "BELOW_MIN_NOTIONAL"),
        ],
        ids=str,
    )
    def test_a_plan_that_is_not_to_be_taken_has_size_zero_and_a_named_reason(
        self, changes: dict[str, str], code: str, answer: Answer
    ) -> None:
        found = answer("size", *options(WIDE, {"step": "0.001"}, changes))

        assert found["qty"] == "0"
        assert code in codes(found)
        assert Decimal(found["notional"]) > 0
        assert Decimal(found["loss_at_stop"]) > 0

    @pytest.mark.parametrize(
        ("changes", "code"),
        [({"risk-pct": "2"}, "RISK_ABOVE_LIMIT"), ({"leverage": "20"}, "LIQ_INSIDE_STOP")],
        ids=str,
    )
    def test_what_is_refused_for_the_account_s_sake_is_warned_of_too(
        self, changes: dict[str, str], code: str, warned: Warned
    ) -> None:
        found, warnings = warned("size", *options(WIDE, changes))

        assert found["qty"] == "0"
        assert codes(found) == [code]
        assert warnings
