"""Golden texts of `/liq` and `/claim`, for published positions and the published claim.

LAYER at 1.042, 295 units, 3x and 1.5 % ends at 1.042 * (2/3) / 0.985 = 0.7052; with 20 USDT more
at (122.4633 - 307.39) / (295 * -0.985) = 0.6364.
"""

import html
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.side import Side
from signalbot.rendering.risk_texts import LiquidationView, claim_text, liquidation_text
from signalbot.risk.liquidation import (
    UNKNOWN,
    Liquidation,
    Position,
    liquidation,
    liquidation_range,
)
from signalbot.risk.tiers import Band, Tier, single_tier, tiers_of
from signalbot.risk.venue_rules import rule_for
from signalbot.stats.claim import SETUPS_TRIED, Counts, claim, smallest_samples

GOLDEN = Path(__file__).parents[2] / "golden"
LIMIT = 1024
TIER = single_tier(Decimal("0.015"))
LAYER = (Side.LONG, "1.042", "295", "3")
BANDS = tiers_of(
    [
        Band(
            floor=Decimal(floor), cap=Decimal(cap), mmr=Decimal(rate), max_leverage=Decimal(highest)
        )
        for floor, cap, rate, highest in (
            (0, 5_000, "0.015", 50),
            (5_000, 10_000, "0.025", 20),
            (10_000, 20_000, "0.05", 10),
        )
    ]
)


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.html").read_text(encoding="utf-8").removesuffix("\n")


def view(
    position: tuple[Side, str, str, str],
    tiers: tuple[Tier, ...],
    *,
    venue: str = "binanceusdm",
    added: str = "0",
) -> LiquidationView:
    side, entry, qty, leverage = position
    held = Position.leveraged(
        side=side,
        entry=Decimal(entry),
        qty=Decimal(qty),
        leverage=Decimal(leverage),
        added_margin=Decimal(added),
    )
    rule, fee = rule_for(venue), Decimal(0)
    if not tiers:
        bounds = liquidation_range(held, rule.basis, fee)
        return LiquidationView(position=held, rule=rule, found=UNKNOWN, bounds=bounds)
    found = liquidation(held, tiers, rule.basis, fee)
    return LiquidationView(position=held, rule=rule, found=found, is_rate_only=len(tiers) == 1)


@pytest.mark.parametrize(
    ("name", "asked_about"),
    [
        ("liquidation_tiers", view((Side.SHORT, "0.5", "9500", "5"), BANDS)),
        ("liquidation_rate", view(LAYER, TIER)),
        ("liquidation_added_margin", view(LAYER, TIER, added="20")),
        ("liquidation_range", view(LAYER, ())),
        ("liquidation_none", view((Side.LONG, "1.042", "295", "1"), TIER)),
        ("liquidation_none", view((Side.LONG, "1.042", "295", "1"), ())),
        ("liquidation_refused", view((Side.SHORT, "0.5", "12000", "25"), BANDS)),
    ],
)
def test_a_liquidation_reads_as_the_golden_text(name: str, asked_about: LiquidationView) -> None:
    assert liquidation_text(asked_about) == golden(name)


def test_a_venue_that_charges_on_the_entry_says_so() -> None:
    # the help page of MEXC: 50000, 0.1 BTC, 25x, 0.4 %
    text = liquidation_text(
        view((Side.LONG, "50000", "0.1", "25"), single_tier(Decimal("0.004")), venue="mexc")
    )

    assert text.startswith("Estimated liquidation 48200 (-3.6 %), isolated, MEXC, ")
    assert ", maintenance 0.4 %, on the entry price\n" in text


def test_an_end_of_the_range_may_have_no_liquidation() -> None:
    # margin of 1.02 notionals on the entry basis: 1 % leaves nothing to lose, 5 % ends at 0.03
    text = liquidation_text(view((Side.LONG, "1", "100", "1"), (), venue="mexc", added="2"))

    assert "between none and 0.03, isolated, MEXC" in text


def test_a_tiny_liquidation_price_is_written_plainly() -> None:
    # two thirds of 1.2E-9, over 0.985
    text = liquidation_text(view((Side.LONG, "0.0000000012", "1E+10", "3"), TIER))

    assert "Estimated liquidation 0.0000000008122 (-32.3 %)" in text


def test_every_refusal_of_a_liquidation_is_told_and_escaped() -> None:
    refusals = tuple(
        Refusal(code=code, message=f"a < b & {code}")
        for code in (RefusalCode.LEVERAGE_ABOVE_TIER, RefusalCode.LIQUIDATED_AT_ENTRY)
    )
    found = Liquidation(price=None, tier=1, mmr=None, cum=None, refusals=refusals)
    position = view(LAYER, TIER).position
    refused = LiquidationView(position=position, rule=rule_for("bybit"), found=found)

    assert liquidation_text(refused) == (
        "a &lt; b &amp; LEVERAGE_ABOVE_TIER\na &lt; b &amp; LIQUIDATED_AT_ENTRY"
    )


def claimed(rate: str, reward_risk: str = "1", cost_r: str = "0.5") -> str:
    counts = smallest_samples(Decimal(rate))
    samples = tuple(claim(each, float(reward_risk), float(cost_r)) for each in counts)
    return claim_text(rate, samples, reward_risk, cost_r)


def test_a_claim_reads_as_the_golden_text() -> None:
    assert claimed("70.59") == golden("claim")


def test_a_record_that_was_told_is_not_told_as_one_of_many() -> None:
    samples = (claim(Counts(wins=120, losses=50), 1.0, 0.5),)

    text = claim_text("70.59", samples, "1", "0.5")

    assert text.startswith("70.59 % is what 120 wins of 170 give.\n")
    assert "From 170 trades the true rate could be 58-81 %." in text


@pytest.mark.parametrize(
    ("rate", "deleted"),
    [
        ("70.59", "; delete 7 losers from an even record and you have it too."),  # 12 - 5
        ("66.67", "; delete 1 loser from an even record and you have it too."),
        ("50", "."),
        ("33.33", "."),
    ],
)
def test_losers_are_deleted_only_for_a_record_better_than_even(rate: str, deleted: str) -> None:
    luck = claimed(rate).split("\n")[3]

    assert re.search(r" in 100(.*)$", luck)[1] == deleted


@pytest.mark.parametrize(
    ("rate", "reward_risk", "cost_r", "sentence"),
    [
        # three of four at a reward of 1 and costs of 0.5 R
        ("75", "1", "0.5", "you need 75.0 % just to break even: this rate earns nothing."),
        ("70.59", "1", "0.5", "75.0 % just to break even: this rate loses 0.09 R a trade."),
        ("70.59", "1", "0", "50.0 % just to break even: this rate earns 0.41 R a trade."),
        ("100", "0.5", "0.5", "not even winning every trade would pay: this rate earns nothing."),
        ("100", "0.3", "0.5", "not even winning every trade would pay: this rate loses 0.20 R"),
    ],
)
def test_a_claim_says_what_its_rate_is_worth_at_a_target_and_costs(
    rate: str, reward_risk: str, cost_r: str, sentence: str
) -> None:
    line = claimed(rate, reward_risk, cost_r).split("\n")[2]

    assert sentence in line
    assert f"the target is {reward_risk} R away and costs are {cost_r} R" in line


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Counts(wins=12, losses=5), "52 times in 100"),  # .525, as the method works it out
        (Counts(wins=15, losses=2), "once in 100"),
        (Counts(wins=120, losses=50), "less than once in 100"),
    ],
)
def test_luck_is_told_as_so_many_times_in_a_hundred(counts: Counts, words: str) -> None:
    text = claim_text("70", (claim(counts),), "1", "0.5")

    assert f"shows as much or more {words}" in text
    assert f"best of {SETUPS_TRIED} setups" in text


@given(advertised=st.text(max_size=40), reward_risk=st.text(max_size=20))
def test_hostile_words_of_a_claim_never_become_markup(advertised: str, reward_risk: str) -> None:
    samples = tuple(claim(each) for each in smallest_samples(Decimal("99.99")))

    text = claim_text(advertised, samples, reward_risk, "0.5")

    assert "<" not in text
    assert not re.search("&(?!amp;|lt;|gt;|quot;|#x27;)", text)
    assert len(html.unescape(text).encode("utf-16-le")) // 2 <= LIMIT
