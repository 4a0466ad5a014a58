"""Real maintenance tiers: what the venue states is what we recompute, and every position fits."""

import json
import os
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.domain.side import Side
from signalbot.market.tier_file import read_all_tiers, read_tiers
from signalbot.risk.liquidation import Basis, Position, liquidation
from signalbot.risk.tiers import Tier

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SIGNALBOT_SHARED", REPOSITORY.parent / "shared")).absolute()
FOLDER = SHARED / "data" / "tiers"
CLOSE = Decimal("1e-12")


@cache
def contracts() -> dict[str, tuple[Tier, ...]]:
    return {
        f"{path.name} {symbol}": read_tiers(path, symbol)
        for path in files()
        for symbol in json.loads(path.read_text())
    }


def files() -> list[Path]:
    if not FOLDER.is_dir():
        pytest.skip("real maintenance tiers need the shared market data")
    return sorted(FOLDER.glob("*.json"))


def test_every_contract_is_read() -> None:
    assert len(contracts()) >= 22


def test_all_of_a_file_are_read_at_once() -> None:
    for path in files():
        found = read_all_tiers(path)

        assert {f"{path.name} {symbol}": tiers for symbol, tiers in found.items()} == {
            name: tiers for name, tiers in contracts().items() if name.startswith(path.name)
        }
    assert all(tier.max_leverage for tiers in contracts().values() for tier in tiers)


def test_the_stated_amounts_are_those_we_recompute(tmp_path: Path) -> None:
    for path in files():
        for symbol, rows in json.loads(path.read_text()).items():
            bare = [{name: row[name] for name in row if name != "cum"} for row in rows]
            without = tmp_path / "bare.json"
            without.write_text(json.dumps(bare))

            assert read_tiers(without) == read_tiers(path, symbol)


@settings(max_examples=200)
@given(
    pick=st.integers(0, 10**6),
    side=st.sampled_from(Side),
    share=st.integers(1, 10_000).map(lambda number: Decimal(number) / 10_000),
    leverage=st.integers(100, 15_000).map(lambda number: Decimal(number) / 100),
    power=st.integers(-9, 6),
    added=st.integers(0, 300).map(lambda number: Decimal(number) / 100),
)
def test_the_band_of_the_chosen_tier_holds_the_notional_and_its_margin_is_used_up(
    pick, side, share, leverage, power, added
) -> None:
    # every contract in turn, anywhere up to its largest position
    tiers = list(contracts().values())[pick % len(contracts())]
    entry = Decimal("1.042").scaleb(power)
    notional = tiers[-1].cap * share
    position = Position.leveraged(
        side=side,
        entry=entry,
        qty=notional / entry,
        leverage=leverage,
        added_margin=notional / leverage * added,
    )

    found = liquidation(position, tiers, Basis.MARK, Decimal(0))

    if found.price is None:
        assert found.refusals or (
            side is Side.LONG and position.total_margin >= notional * (1 - CLOSE)
        )
        return
    tier, at_price = tiers[found.tier - 1], position.qty * found.price
    assert tier.floor * (1 - CLOSE) < at_price <= tier.cap * (1 + CLOSE)
    equity = position.total_margin + side.sign * (at_price - notional)
    assert abs(equity - tier.maintenance(at_price, Decimal(0))) <= CLOSE * notional


def test_a_tier_grants_less_leverage_than_would_be_liquidated_at_once() -> None:
    for name, tiers in contracts().items():
        for tier in tiers:
            position = Position.leveraged(
                side=Side.LONG,
                entry=Decimal(1),
                qty=tier.cap,
                leverage=tier.max_leverage or Decimal(1),
            )
            assert liquidation(position, tiers, Basis.MARK, Decimal(0)).refusals == (), name
