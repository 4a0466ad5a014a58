"""Golden texts of the risk desk, for the worked plan: the numbers are worked out by hand.

Long 1.0420, stop 1.0350, target 1.0525, taker 0.05 %, maker 0.02 %, slippage 0.02 % a fill: a unit
loses 0.0084539007 and gains 0.0095599958, so 2.5 USDT are the risk of 295 LAYER. The mirrored
short (stop 1.0490, target 1.0315) loses (1.0492098 - 1.0417916) + 0.0005 * (1.0417916 + 1.0492098)
= 0.0084637007 and gains 0.0102916 - 0.0005 * 1.0417916 - 0.0002 * 1.0315 = 0.0095644042 a unit; at
3x it ends at 1.0420 * (4/3) / 1.015 = 1.3688.
"""

import html
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.instrument import Instrument
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.rendering.risk_texts import size_text
from signalbot.risk.tiers import single_tier
from signalbot.service.advise import Answer, SizeInput, ask_desk

GOLDEN = Path(__file__).parents[2] / "golden"
LIMIT = 1024
TIER = single_tier(Decimal("0.015"))
WORKED = {
    "venue": "binanceusdm",
    "symbol": "layer",
    "side": Side.LONG,
    "entry": "1.0420",
    "stop": "1.0350",
    "target": "1.0525",
    "equity": "500",
    "risk_pct": "0.5",
    "leverage": "3",
    "taker_rate": "0.0005",
    "maker_rate": "0.0002",
    "slippage_rate": "0.0002",
    "tick": "0.0001",
    "step": "1",
    "min_qty": "1",
    "min_notional": "5",
    "contract_size": "1",
    "tiers": TIER,
}


def asked(known: dict[str, Instrument] | None = None, **words: Any) -> Answer:
    others = {"venue", "symbol", "side", "tiers", "accepts_high_risk"}
    given = {
        name: word if name in others or word is None else Decimal(word)
        for name, word in words.items()
    }
    return ask_desk(SizeInput(**given), known or {}, Rules())


def told(answer: Answer) -> str:
    return size_text(answer.ask, answer.advice, answer.symbol, answer.assumed)


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.html").read_text(encoding="utf-8").removesuffix("\n")


def shown(text: str) -> str:
    """Return what a reader sees."""
    return html.unescape(re.sub("</?code>", "", text))


def length(text: str) -> int:
    """Return how long Telegram takes a text to be."""
    return len(shown(text).encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("size_accepted", {}),
        ("size_refused", {"equity": "20", "min_notional": "20"}),
        ("size_short", {"side": Side.SHORT, "stop": "1.0490", "target": "1.0315"}),
        ("size_no_target", {"target": None}),
        ("size_unknown_tiers", {"tiers": ()}),
        ("size_high_risk", {"risk_pct": "2", "leverage": "20", "accepts_high_risk": True}),
    ],
)
def test_a_size_reads_as_the_golden_text(name: str, words: dict[str, Any]) -> None:
    text = told(asked(**WORKED | words))

    assert text == golden(name)
    assert length(text) <= LIMIT


def test_a_plan_of_no_named_coin_speaks_of_units_and_lists_what_it_assumed() -> None:
    text = told(asked(entry="1.0420", stop="1.0350", equity="500"))

    assert text.startswith("LONG units <code>1.0420</code> · stop <code>1.0350</code>\n")
    assert text.endswith(
        "\nAssumed: venue binanceusdm, contract_size 1, tick 0.0001, step 0.01, min_qty 0,"
        " min_notional 5, taker_rate 0.0005, maker_rate 0.0002, side long, slippage_rate 0.0002,"
        " tiers unknown: maintenance from 1 % to 5 %, risk_pct 0.5, leverage 3"
    )


def test_a_position_that_is_paid_in_full_has_no_liquidation_price() -> None:
    paid = WORKED | {"leverage": "1", "stop": "1.0100"}

    for tiers in (TIER, ()):
        assert "\nNo liquidation price (Binance USD-M)\n" in told(asked(**paid | {"tiers": tiers}))


def test_where_no_leverage_is_safe_none_is_named() -> None:
    text = told(asked(**WORKED | {"stop": "0.6", "target": "2"}))

    assert "· no leverage keeps liquidation 3 stops away: a nearer stop would fit\n" in text
    assert "At most" not in text


def test_the_distance_of_the_liquidation_is_never_rounded_up() -> None:
    # 25x ends at 1.0420 * 0.96 / 0.985 = 1.0155533, which is 3.78 stops away
    text = told(asked(**WORKED | {"leverage": "25"}))

    assert "Liquidation near 1.016, 3 stops away" in text


def test_large_money_is_grouped_the_same_way_everywhere() -> None:
    # 2500 USDT are the risk of 295721 LAYER
    text = told(asked(**WORKED | {"equity": "500000"}))

    assert "<code>295721</code> LAYER (308,141 USDT), 3x = 102,714 USDT margin\n" in text
    assert "If stopped: -2,500.00 USDT (0.50 %) · if target: +2,827.09\n" in text


LONGEST = {
    "venue": "bybit-before-2025-09",
    "symbol": "币" * 30,
    "entry": "0.0000000012345678",
    "stop": "0.0000000013345678",
    "target": "0.0000000002345678",
    "equity": "999999999999.99",
    "step": "0.00000001",
    "spread": "0.0000000000000123",
}


def test_the_longest_plan_that_fits_is_told_with_every_warning() -> None:
    longest = LONGEST | {"risk_pct": "99.99", "leverage": "2.99", "accepts_high_risk": True}

    answer = asked(**longest)
    text = told(answer)

    assert answer.advice.refusals == ()
    assert length(text) <= LIMIT
    assert "HIGH RISK: 99.99 % on one trade" in text
    assert "币" * 30 in text.partition("\n")[0]
    assert not re.search(r"\dE|NaN|Infinity", text)


def test_the_longest_refusal_keeps_its_first_reason_and_counts_what_it_leaves_out() -> None:
    longest = LONGEST | {
        "stop": "0.0000000012345778",
        "spread": "0.0000000000000345",
        "risk_pct": "99.99",
        "leverage": "999",
        "min_qty": "123456789.123456789",
    }

    answer = asked(**longest)
    text = told(answer)

    assert len(answer.advice.refusals) >= 4
    assert f"· {answer.advice.refusals[0].message}" in text
    assert length(text) <= LIMIT
    assert re.search(r"\nAssumed: .* and \d+ more$", text)
    assert not re.search(r"\dE|NaN|Infinity", text)


def test_assumptions_that_do_not_fit_are_counted() -> None:
    answer = asked(**LONGEST)
    many = dict(answer.assumed) | {f"assumption {number}": "1" * 60 for number in range(20)}

    text = size_text(answer.ask, answer.advice, answer.symbol, many)

    listed = text.rpartition("Assumed: ")[2]
    left_out = int(re.search(r" and (\d+) more$", listed)[1])
    assert listed.count(", ") + 1 + left_out == len(many)
    assert LIMIT - 100 < length(text) <= LIMIT


def test_an_assumption_longer_than_the_text_is_left_out() -> None:
    answer = asked(**WORKED)

    text = size_text(answer.ask, answer.advice, answer.symbol, {"story": "long" * 300})

    assert text == golden("size_accepted")


@given(
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60),
    note=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)
def test_a_hostile_symbol_or_value_never_becomes_markup(name: str, note: str) -> None:
    answer = asked(**WORKED | {"equity": "20", "min_notional": "20"})

    symbol = f"{name.replace('/', '')}/USDT:USDT"
    text = size_text(answer.ask, answer.advice, symbol, {"venue": note})

    assert "<" not in re.sub("</?code>", "", text)
    assert not re.search("&(?!amp;|lt;|gt;|quot;|#x27;)", text)
    assert name.replace("/", "") in html.unescape(text)
    assert length(text) <= LIMIT
