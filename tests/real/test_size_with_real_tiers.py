"""`size` and `liq` with a venue's real maintenance tiers, by symbol as people write it."""

import json
import os
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from signalbot.cli import run_command

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SIGNALBOT_SHARED", REPOSITORY.parent / "shared")).absolute()
FOLDER = SHARED / "data" / "tiers"
RESERVED = ("SIGNALBOT_", "TELEGRAM_", "VENUE_", "COINGECKO_", "DATABASE_URL", "PORT")
Answer = Callable[..., dict[str, Any]]


@cache
def contracts() -> dict[tuple[Path, str], list[dict[str, str]]]:
    if not FOLDER.is_dir():
        pytest.skip("real maintenance tiers need the shared market data")
    return {
        (path, symbol): rows
        for path in sorted(FOLDER.glob("*.json"))
        for symbol, rows in json.loads(path.read_text()).items()
    }


@pytest.fixture(autouse=True)
def nothing_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine and no `.env` of the working directory reaches a command."""
    monkeypatch.chdir(tmp_path)
    for key in os.environ:
        if key.startswith(RESERVED):
            monkeypatch.delenv(key)


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Answer:
    """Runs a command with `--json` and returns what it prints."""

    def run(*arguments: object) -> dict[str, Any]:
        code = run_command([*map(str, arguments), "--json"])
        printed = capsys.readouterr()
        assert code == 0, printed.err
        return json.loads(printed.out)

    return run


def written(symbol: str) -> str:
    return f"${symbol.partition('/')[0].lower()}"


def test_a_small_position_ends_where_the_first_tier_says(answer: Answer) -> None:
    for (path, symbol), rows in contracts().items():
        plan = ("--entry", 100, "--stop", 98, "--target", 104, "--equity", 200, "--step", "0.0001")

        found = answer("size", *plan, "--symbol", written(symbol), "--tiers", path)

        # 3x from 100 keeps a third: the rest over 1 - mmr, unless the tier grants less leverage
        leverage = Decimal(str(found["leverage"]))
        expected = (100 - 100 / leverage) / (1 - Decimal(rows[0]["mmr"]))
        assert leverage == min(3, Decimal(rows[0]["max_leverage"])), symbol
        assert Decimal(found["liquidation_price"]) == pytest.approx(expected, rel=Decimal("1e-20"))
        assert found["refusals"] == []
        assert "tiers" not in found["assumed"]


def test_the_leverage_cap_is_never_above_what_the_position_is_granted(answer: Answer) -> None:
    for (path, symbol), rows in contracts().items():
        plan = ("--entry", 100, "--stop", 98, "--equity", 10**9, "--risk-pct", 1, "--leverage", 1)

        found = answer("size", *plan, "--symbol", symbol, "--tiers", path)

        notional = Decimal(found["notional"])
        granted = [row for row in rows if notional <= Decimal(row["cap"])]
        assert found["refusals"] or found["leverage_cap"] <= float(granted[0]["max_leverage"])


@pytest.mark.parametrize("side", ["long", "short"])
def test_each_tier_decides_its_own_positions(side: str, answer: Answer) -> None:
    for (path, symbol), rows in contracts().items():
        for row in rows:
            plan = ("--venue", "binanceusdm", "--side", side, "--entry", 1, "--qty", row["cap"])
            file = ("--symbol", symbol, "--tiers", path)

            found = answer("liq", *plan, "--leverage", row["max_leverage"], *file)

            codes = {refusal["code"] for refusal in found["refusals"]}
            # a short grows while it loses, and may outgrow the last tier
            assert codes <= ({"ABOVE_TIER_NOTIONAL"} if side == "short" else set()), symbol
            if found["liquidation_price"] is not None:
                worth = Decimal(row["cap"]) * Decimal(found["liquidation_price"])
                tier = rows[found["tier"] - 1]
                assert Decimal(tier["floor"]) <= worth <= Decimal(tier["cap"])
                assert found["mmr"] == float(tier["mmr"])


def test_a_contract_that_is_not_in_the_file_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = next(iter(contracts()))[0]
    plan = ["--entry", "100", "--stop", "98", "--equity", "1000"]

    code = run_command(["size", *plan, "--symbol", "btcc", "--tiers", str(path)])

    printed = capsys.readouterr()
    assert (code, printed.out, printed.err.count("\n")) == (2, "", 1)
    assert "symbol was 'BTCC/USDT:USDT'; " in printed.err
    assert "nearest: BTC/USDT:USDT" in printed.err
