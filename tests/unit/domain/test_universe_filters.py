"""Every filter with both ends: one step inside passes, one step outside does not."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from fakes.candidates import DAY, NOW, candidate, listing, trading
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.profile import Profile
from signalbot.domain.universe import (
    Candidate,
    Range,
    RankedBy,
    RemovalCode,
    SizeRank,
    Trading,
    UniverseRules,
)
from signalbot.domain.universe_filters import (
    objections,
    size_ranks,
    smallest_notional,
    unchecked,
)

RULES = UniverseRules()
SMALL = SizeRank(rank=Decimal(310), by=RankedBy.MARKET_CAP)


def codes(found: Candidate, size: SizeRank = SMALL, rules: UniverseRules = RULES) -> list[str]:
    return [reason.code.value for reason in objections(found, size, rules, NOW)]


def note(found: Candidate, size: SizeRank = SMALL, rules: UniverseRules = RULES) -> str:
    (reason,) = objections(found, size, rules, NOW)
    return reason.note


def test_a_pair_against_which_nothing_speaks() -> None:
    assert codes(candidate()) == []


@pytest.mark.parametrize(
    ("name", "inside", "outside", "code"),
    [
        ("quote_volume", "1000000", "999999", "VOLUME"),
        ("quote_volume", "300000000", "300000001", "VOLUME"),
        ("move", "0.0051", "0.0029", "VOLATILITY"),
        ("move", "0.05", "0.0501", "VOLATILITY"),
        ("spread", "0.001", "0.0010001", "SPREAD"),  # a tenth of a target of 1 %
        ("price", "0.2", "0.1999", "TICK"),  # 0.0001 is 5 % of a stop of 1 % at 0.2
    ],
)
def test_both_ends_are_included(name: str, inside: str, outside: str, code: str) -> None:
    assert codes(candidate(**{name: Decimal(inside)})) == []
    assert code in codes(candidate(**{name: Decimal(outside)}))


def test_a_reason_says_the_figure_and_what_would_do() -> None:
    assert note(candidate(quote_volume=Decimal(999_000))) == (
        "volume of 24 h 999000, allowed: at least 1000000, at most 300000000"
    )


def test_a_coin_whose_market_cap_is_unverified_may_be_left_out() -> None:
    strict = replace(RULES, unknown_cap_is_small=False)
    by_trade = SizeRank(rank=Decimal(310), by=RankedBy.TRADE)

    assert codes(candidate(), by_trade) == []
    assert note(candidate(), by_trade, strict) == (
        "its market cap is unverified, and such coins are not watched"
    )
    assert codes(candidate(), SMALL, strict) == []


def test_the_spread_is_measured_against_the_target() -> None:
    wide = candidate(spread=Decimal("0.0015"))

    assert note(wide) == "spread per target 0.15, allowed: at most 0.1"
    assert codes(wide, rules=replace(RULES, reward=Decimal(2))) == []
    assert codes(wide, rules=replace(RULES, stop_moves=Decimal(2))) == []


class TestDepth:
    def test_a_tenth_of_it_bears_the_size_of_the_reference_account(self) -> None:
        # 5 USDT of risk over 1 % + two fees of 0.05 % + 0.05 % of spread: 434.78 USDT of size
        assert codes(candidate(depth=Decimal(4348))) == []
        assert note(candidate(depth=Decimal(4347))) == "depth 4347, allowed: at least 4348"

    def test_where_it_is_unknown_that_is_said(self) -> None:
        unknown = candidate(depth=None)

        assert codes(unknown) == []
        assert unchecked(unknown) == ("depth",)
        assert unchecked(candidate()) == ()


class TestAge:
    @pytest.mark.parametrize(("age", "found"), [(14 * DAY, []), (14 * DAY - 1, ["AGE"])])
    def test_a_contract_has_to_have_traded_for_two_weeks(self, age: int, found: list[str]) -> None:
        young = replace(candidate(), listing=listing(listed_at=NOW - age))

        assert codes(young) == found

    def test_it_may_be_too_old_as_well(self) -> None:
        rules = replace(RULES, age_days=Range(low=Decimal(14), high=Decimal(89)))

        assert note(candidate(), rules=rules) == (
            "days since its listing 90, allowed: at least 14, at most 89"
        )

    def test_weex_does_not_say_it(self) -> None:
        unknown = replace(candidate(), listing=listing(listed_at=None))

        assert codes(unknown) == []
        assert unchecked(unknown) == ("age",)


class TestSmallestOrder:
    """One micro contract must fit 0.5 % of 200 USDT: 1 USDT, all costs included."""

    @pytest.mark.parametrize(("min_notional", "found"), [("86.5", []), ("87", ["SMALLEST_ORDER"])])
    def test_its_loss_at_the_stop_fits_the_micro_account(
        self, min_notional: str, found: list[str]
    ) -> None:
        # 1 USDT over 1 % + 0.1 % + 0.05 %: 86.95 USDT
        dear = replace(candidate(), listing=listing(min_notional=Decimal(min_notional)))

        assert codes(dear) == found

    def test_one_step_may_be_too_much(self) -> None:
        coarse = replace(candidate(), listing=listing(step=Decimal(200)))

        assert note(coarse) == "loss of the smallest order at its stop 1.15, allowed: at most 1"

    def test_a_larger_account_could_take_it(self) -> None:
        coarse = replace(candidate(), listing=listing(step=Decimal(200)))
        rules = replace(RULES, micro=Profile(equity=Decimal(230), risk_pct=Decimal("0.5")))

        assert codes(coarse, rules=rules) == []

    @pytest.mark.parametrize(
        ("fields", "worth"),
        [
            ({}, "5"),
            ({"min_notional": "0"}, "0.5"),
            ({"min_notional": "5.1"}, "5.5"),
            ({"min_qty": "30"}, "15"),
            ({"min_qty": "30", "step": "20"}, "20"),
        ],
    )
    def test_the_smallest_order_is_on_the_grid(self, fields: dict[str, str], worth: str) -> None:
        small = listing(**{name: Decimal(value) for name, value in fields.items()})

        assert smallest_notional(small.instrument, Decimal("0.5")) == Decimal(worth)

    @given(
        price=st.decimals("0.001", "1000", places=3),
        step=st.sampled_from(["0.001", "1", "1000"]),
        least=st.decimals("0", "100", places=2),
    )
    def test_it_is_never_below_any_minimum(self, price: Decimal, step: str, least: Decimal) -> None:
        instrument = listing(step=Decimal(step), min_notional=least, min_qty=least).instrument

        worth = smallest_notional(instrument, price)

        assert worth >= least
        assert worth >= price * max(least, Decimal(step))


class TestSize:
    @pytest.mark.parametrize(("rank", "found"), [(101, []), (100, ["SIZE_RANK"])])
    @pytest.mark.parametrize("by", [RankedBy.MARKET_CAP, RankedBy.TRADE, RankedBy.VOLUME])
    def test_a_small_coin_is_outside_of_the_largest_100(
        self, by: RankedBy, rank: int, found: list[str]
    ) -> None:
        assert codes(candidate(), SizeRank(rank=Decimal(rank), by=by)) == found

    def test_the_reason_says_by_what_it_was_ranked(self) -> None:
        assert note(candidate(), SizeRank(rank=Decimal("7.5"), by=RankedBy.TRADE)) == (
            "rank by volume and open interest, its market cap is unverified: 7.5,"
            " allowed: at least 101"
        )

    def test_each_way_has_its_own_limits(self) -> None:
        rules = replace(RULES, cap_rank=Range(high=Decimal(300)), trade_rank=Range())

        assert codes(candidate(), SMALL, rules) == ["SIZE_RANK"]
        assert codes(candidate(), replace(SMALL, by=RankedBy.TRADE), rules) == []

    def test_market_cap_first_then_both_ranks_of_trade_then_volume_alone(self) -> None:
        sizes = size_ranks(
            [
                candidate("A", 42, quote_volume=Decimal(9), open_interest=Decimal(1)),
                candidate("B", None, quote_volume=Decimal(8), open_interest=Decimal(3)),
                candidate("C", None, quote_volume=Decimal(7), open_interest=None),
                candidate("D", None, quote_volume=None, open_interest=Decimal(2)),
                candidate("E", None, quote_volume=Decimal(6), open_interest=Decimal(2)),
            ]
        )

        assert [(size.rank, size.by) for size in sizes.values()] == [
            (42, RankedBy.MARKET_CAP),
            (Decimal("1.5"), RankedBy.TRADE),
            (3, RankedBy.VOLUME),
            (None, RankedBy.NOTHING),
            (Decimal("3.5"), RankedBy.TRADE),
        ]


class TestUnknown:
    @pytest.mark.parametrize("name", ["price", "quote_volume", "move", "spread"])
    def test_what_a_pair_is_not_watched_without(self, name: str) -> None:
        (reason,) = objections(candidate(**{name: None}), SMALL, RULES, NOW)

        assert reason.code is RemovalCode.UNKNOWN
        assert reason.note == f"no {name.replace('_', ' ')} is known"

    @pytest.mark.parametrize("changes", [{"price": Decimal(0)}, {"move": Decimal(0)}])
    def test_nothing_moves_and_nothing_costs_nothing(self, changes: dict[str, Any]) -> None:
        assert codes(candidate(**changes)) == ["UNKNOWN"]

    def test_of_a_pair_of_which_nothing_is_known(self) -> None:
        bare = Candidate(listing=listing(), trading=Trading())

        assert codes(bare, SizeRank(rank=None, by=RankedBy.NOTHING)) == ["UNKNOWN"] * 4


def test_every_reason_is_told_at_once() -> None:
    bad = candidate(quote_volume=Decimal(1), spread=Decimal("0.1"), depth=Decimal(1))

    assert codes(bad) == ["VOLUME", "SPREAD", "DEPTH"]


@given(numbers=st.tuples(*[st.none() | st.decimals(0, 10**9, places=6)] * 6))
def test_no_figure_raises(numbers: tuple[Decimal | None, ...]) -> None:
    names = ("price", "quote_volume", "open_interest", "spread", "depth", "move")
    found = Candidate(listing=listing(), trading=trading(**dict(zip(names, numbers, strict=True))))

    for reason in objections(found, size_ranks([found])[found.listing.symbol], RULES, NOW):
        assert reason.note
