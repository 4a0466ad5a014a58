from decimal import Decimal

import pytest

from signalbot.errors import InputError
from signalbot.risk.liquidation import Basis
from signalbot.risk.venue_rules import (
    VENUE_RULES,
    ClosingFee,
    MaintenanceAmount,
    VenueRule,
    rule_for,
)

STATED, RECOMPUTED = MaintenanceAmount.STATED, MaintenanceAmount.RECOMPUTED


@pytest.mark.parametrize(
    ("venue", "basis", "closing_fee", "amount", "tiers_public"),
    [
        ("binanceusdm", Basis.MARK, ClosingFee.NONE, STATED, False),
        ("bybit", Basis.MARK, ClosingFee.NONE, STATED, True),
        ("bybit-before-2025-09", Basis.ENTRY, ClosingFee.NONE, STATED, True),
        ("bingx", Basis.MARK, ClosingFee.TAKER, STATED, False),
        ("bitget", Basis.MARK, ClosingFee.TAKER, RECOMPUTED, True),
        ("weex", Basis.MARK, ClosingFee.NONE, RECOMPUTED, False),
        ("mexc", Basis.ENTRY, ClosingFee.LIQUIDATION, MaintenanceAmount.NONE, True),
    ],
)
def test_each_venue_liquidates_by_its_own_rule(
    venue: str,
    basis: Basis,
    closing_fee: ClosingFee,
    amount: MaintenanceAmount,
    tiers_public: bool,
) -> None:
    rule = rule_for(venue)

    assert (rule.venue, rule.basis, rule.closing_fee) == (venue, basis, closing_fee)
    assert (rule.maintenance_amount, rule.tiers_public) == (amount, tiers_public)


@pytest.mark.parametrize(
    ("venue", "taker", "maker", "rates_vary"),
    [
        ("binanceusdm", "0.0005", "0.0002", False),
        ("bybit", "0.0006", "0.0002", False),
        ("bybit-before-2025-09", "0.0006", "0.0002", False),
        ("bingx", "0.0005", "0.0002", False),
        ("bitget", "0.0006", "0.0002", False),
        ("weex", "0.0008", "0.0002", False),
        ("mexc", "0.0006", "0.0002", True),
    ],
)
def test_each_venue_has_default_fees_and_says_where_they_are_a_guess(
    venue: str, taker: str, maker: str, rates_vary: bool
) -> None:
    rule = rule_for(venue)

    assert (rule.taker_rate, rule.maker_rate) == (Decimal(taker), Decimal(maker))
    assert rule.rates_vary is rates_vary


@pytest.mark.parametrize(
    ("venue", "rate"),
    [
        ("binanceusdm", "0"),
        ("bybit", "0"),
        ("bingx", "0.0004"),
        ("bitget", "0.0004"),
        ("mexc", "0"),
    ],
)
def test_only_a_rule_that_counts_the_taker_fee_takes_it(venue: str, rate: str) -> None:
    assert rule_for(venue).closing_fee_rate(Decimal("0.0004")) == Decimal(rate)


def test_only_a_venue_without_amounts_does_not_recompute_them() -> None:
    assert [rule.venue for rule in VENUE_RULES if not rule.recomputes_amount] == ["mexc"]


@pytest.mark.parametrize("rule", VENUE_RULES, ids=lambda rule: rule.venue)
def test_every_row_says_where_it_comes_from_and_when_it_was_checked(rule: VenueRule) -> None:
    assert rule.source
    assert "://" not in rule.source
    assert rule.checked == "2026-11"
    assert (rule.amount_name is not None) >= (rule.maintenance_amount is STATED)


def test_no_venue_stands_in_the_table_twice() -> None:
    assert len({rule.venue for rule in VENUE_RULES}) == len(VENUE_RULES) == 7


@pytest.mark.parametrize(
    ("venue", "nearest"),
    [("binance", "binanceusdm"), ("ByBit", "bybit"), ("mex", "mexc"), ("", "mexc")],
)
def test_an_unknown_venue_is_refused_with_the_nearest_names(venue: str, nearest: str) -> None:
    with pytest.raises(InputError) as caught:
        rule_for(venue)

    assert (caught.value.field, caught.value.was) == ("venue", venue)
    assert nearest in caught.value.allowed


def test_a_hostile_venue_name_is_refused_at_once_and_shown_short() -> None:
    with pytest.raises(InputError) as caught:
        rule_for("bybit" * 100_000)

    assert len(str(caught.value)) < 300
