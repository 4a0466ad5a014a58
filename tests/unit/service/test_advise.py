from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from signalbot.app.metadata import stored_instruments
from signalbot.config import load_settings
from signalbot.domain.instrument import Instrument
from signalbot.domain.refusal import RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.errors import InputError
from signalbot.risk.tiers import single_tier
from signalbot.service.advise import Answer, SizeInput, ask_desk
from signalbot.storage.database import open_database
from signalbot.storage.instruments import SqlInstruments
from signalbot.storage.schema import migrate

STORED = Instrument(
    venue="mexc",
    symbol="LAYER/USDT:USDT",
    tick=Decimal("0.001"),
    step=Decimal(10),
    min_qty=Decimal(20),
    min_notional=Decimal(7),
    contract_size=Decimal(10),
    taker_rate=Decimal("0.0004"),
    maker_rate=Decimal("0.0001"),
)
KNOWN = {STORED.symbol: STORED}
LONG = {"entry": "1.0420", "stop": "1.0150", "target": "1.0825", "equity": "500"}


def asked(*, known: Any = None, **words: Any) -> Answer:
    """Ask about a long in words: numbers as they are typed."""
    others = {"venue", "symbol", "side", "tiers", "accepts_high_risk"}
    words = LONG | words
    given = {
        name: word if name in others or word is None else Decimal(word)
        for name, word in words.items()
    }
    return ask_desk(SizeInput(**given), known or {}, Rules())


def test_what_was_left_out_is_listed_with_the_value_it_got() -> None:
    answer = asked()

    assert answer.symbol is None
    assert dict(answer.assumed) == {
        "venue": "binanceusdm",
        "contract_size": "1",
        "tick": "0.0001",
        "step": "0.01",
        "min_qty": "0",
        "min_notional": "5",
        "taker_rate": "0.0005",
        "maker_rate": "0.0002",
        "side": "long",
        "slippage_rate": "0.0002",
        "tiers": "unknown: maintenance from 1 % to 5 %",
        "risk_pct": "0.5",
        "leverage": "3",
    }


def test_what_was_said_is_not_listed() -> None:
    answer = asked(
        venue="bybit",
        symbol="layer",
        side=Side.LONG,
        risk_pct="1",
        leverage="2",
        taker_rate="0",
        maker_rate="0",
        slippage_rate="0",
        tick="0.0001",
        step="1",
        min_qty="0",
        min_notional="0",
        contract_size="1",
        tiers=single_tier(Decimal("0.02")),
    )

    assert dict(answer.assumed) == {}
    assert answer.symbol == "LAYER/USDT:USDT"
    # 5 / 0.027 is 185.2, without any costs
    assert (answer.advice.qty, answer.advice.cost_r) == (185, 0)


def test_stored_metadata_comes_before_the_defaults() -> None:
    answer = asked(known=KNOWN, venue="mexc", symbol="$layer", slippage_rate="0")

    assert answer.ask.order.instrument == replace(STORED, assumed=())
    assert set(answer.assumed) == {"side", "risk_pct", "leverage", "tiers"}
    # prices on the tick of 0.001, 10 a step
    assert answer.advice.qty % 10 == 0
    assert answer.ask.knows_tick


def test_what_the_venue_did_not_tell_stays_an_assumption() -> None:
    guessed = replace(STORED, assumed=("taker_rate", "tick"))

    answer = asked(known={guessed.symbol: guessed}, venue="mexc", symbol="layer")

    assert answer.assumed["taker_rate"] == "0.0006"
    assert answer.assumed["tick"] == "0.0001"
    assert not answer.ask.knows_tick
    assert "maker_rate" not in answer.assumed


def test_what_was_said_comes_before_what_is_stored() -> None:
    answer = asked(known=KNOWN, venue="mexc", symbol="layer", taker_rate="0", min_notional="50")

    assert answer.ask.order.rates.fee_in == 0
    assert answer.ask.order.instrument.min_notional == 50


@pytest.mark.parametrize(("said", "size"), [("100", 100), (None, 10)])
def test_step_and_minimum_count_in_contracts_said_or_stored(said: str | None, size: int) -> None:
    answer = asked(
        known=KNOWN, venue="mexc", symbol="layer", step="2", min_qty="3", contract_size=said
    )

    instrument = answer.ask.order.instrument
    assert (instrument.step, instrument.min_qty) == (2 * size, 3 * size)


def test_the_step_of_an_unknown_contract_is_one_contract() -> None:
    assert asked(contract_size="0.5").ask.order.instrument.step == Decimal("0.5")


@pytest.mark.parametrize(
    ("entry", "stop", "step"),
    [
        ("65000", "64000", "0.000001"),
        ("9.99", "9.5", "0.01"),
        ("0.0999", "0.09", "1"),
        ("0.00000001", "0.000000009", "1"),
    ],
)
def test_an_assumed_step_is_worth_a_tenth_of_a_quote_unit_at_most(
    entry: str, stop: str, step: str
) -> None:
    assert asked(entry=entry, stop=stop, target=None).assumed["step"] == step


@pytest.mark.parametrize(
    ("prices", "tick"),
    [
        (("1.0420", "1.035", None), "0.0001"),
        (("1.1", "1", "1.25"), "0.01"),
        (("65000", "64000", None), "1"),
        (("1E+5", "9E+4", None), "1"),
        (("1.1E-8", "1E-8", None), "0.000000001"),
    ],
)
def test_an_assumed_tick_is_as_fine_as_the_prices_were_typed(
    prices: tuple[str, str, str | None], tick: str
) -> None:
    entry, stop, target = prices

    answer = asked(entry=entry, stop=stop, target=target)

    assert answer.assumed["tick"] == tick
    assert RefusalCode.TICK_TOO_COARSE not in [each.code for each in answer.advice.refusals]


@pytest.mark.parametrize(
    ("prices", "on_tick"),
    [
        (("1.0423", "1.0357", "1.0528"), ("1.043", "1.035", "1.052")),
        (("1.0423", "1.0491", "1.0311"), ("1.042", "1.050", "1.032")),
    ],
    ids=["long", "short"],
)
def test_prices_are_put_on_the_tick_against_the_user(
    prices: tuple[str, str, str], on_tick: tuple[str, str, str]
) -> None:
    entry, stop, target = prices

    levels = asked(entry=entry, stop=stop, target=target, tick="0.001").ask.order.levels

    assert (levels.entry, levels.stop, levels.target) == tuple(map(Decimal, on_tick))


@pytest.mark.parametrize(
    ("circumstance", "rate", "why"),
    [
        ({"slippage_rate": "0.0003"}, "0.0003", None),
        # (0.0010 / 2 + 0.0001) / 1.0420 = 0.00057581...
        (
            {"spread": "0.0010", "tick": "0.0001"},
            "0.0005758158",
            "0.0005758158 (half the spread and a tick)",
        ),
        ({}, "0.0002", "0.0002"),
        # 0.0002 + 0.5 * 0.0001 / 1.0420 = 0.00024798...
        ({"tick": "0.0001"}, "0.0002479847", "0.0002479847 (2 bp and half a tick)"),
    ],
)
def test_slippage_is_what_is_known_of_it(
    circumstance: dict[str, str], rate: str, why: str | None
) -> None:
    answer = asked(**circumstance)

    assert answer.ask.order.rates.slip_in == Decimal(rate)
    assert answer.assumed.get("slippage_rate") == why


def test_the_side_is_seen_from_the_stop() -> None:
    short = asked(entry="1.0420", stop="1.0690", target="1.0015")

    assert short.assumed["side"] == "short"
    assert short.ask.order.levels.side is Side.SHORT


def test_a_plan_without_a_target_is_sized_like_one_with() -> None:
    without = asked(target=None).advice

    assert without.qty == asked().advice.qty > 0
    assert (without.reward_risk_net, without.breakeven_win_rate) == (None, None)


def test_a_short_without_a_target_may_risk_more_than_its_price() -> None:
    answer = asked(entry="1", stop="3", target=None)

    assert [each.code for each in answer.advice.refusals] == [RefusalCode.LIQ_INSIDE_STOP]


@pytest.mark.parametrize(
    ("words", "field", "allowed"),
    [
        ({"stop": "1.0420"}, "stop", "another price than the entry"),
        ({"stop": "1.05", "side": Side.LONG}, "stop", "below the entry of a long"),
        ({"stop": "1.03", "side": Side.SHORT}, "stop", "above the entry of a short"),
        ({"target": "1.0420"}, "target", "above the entry of a long"),
        ({"stop": "1.06", "target": "1.05"}, "target", "below the entry of a short"),
        ({"tick": "2"}, "tick", "finer than the prices"),
        ({"stop": "1.5", "target": "1.02", "tick": "2"}, "tick", "finer than the prices"),
        ({"target": "1.0429", "tick": "0.001"}, "target", "at least one tick (0.001) from entry"),
        ({"taker_rate": "0.1"}, "taker_bps", "basis points below 1000"),
        ({"maker_rate": "0.1"}, "maker_bps", "basis points below 1000"),
        ({"slippage_rate": "0.1"}, "slippage_bps", "basis points below 1000"),
        ({"spread": "0.3"}, "spread", "small against the entry: a fill slips below 10 %"),
        (
            {"entry": "1", "stop": "0.5", "target": "2", "tick": "0.25"},
            "tick",
            "small against the entry: a fill slips below 10 %",
        ),
        (
            {"symbol": "LAYER USD"},
            "symbol",
            "a coin or its USDT perpetual, such as LAYER/USDT:USDT",
        ),
    ],
)
def test_what_makes_no_trade_is_bad_input_named_by_its_field(
    words: dict[str, Any], field: str, allowed: str
) -> None:
    with pytest.raises(InputError) as caught:
        asked(**words)

    assert (caught.value.field, caught.value.allowed) == (field, allowed)


def test_an_unknown_venue_hears_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"^venue was 'binance'; .* such as binanceusdm"):
        asked(venue="binance")


def test_a_contract_that_is_not_known_hears_the_nearest() -> None:
    with pytest.raises(InputError, match="nearest: LAYER/USDT:USDT"):
        asked(known=KNOWN, venue="mexc", symbol="layr")


def test_a_leverage_that_was_said_is_refused_where_the_default_is_lowered() -> None:
    wide = {"entry": "1", "stop": "0.85", "target": "1.3"}

    # 1 / (1 - 0.55 * 0.9495) = 2.09
    assert asked(**wide).advice.size.leverage == 2
    assert asked(**wide).advice.refusals == ()
    refused = asked(**wide, leverage="3").advice
    assert [each.code for each in refused.refusals] == [RefusalCode.LIQ_INSIDE_STOP]


def test_the_highest_leverage_of_the_contract_counts() -> None:
    assert asked(max_leverage="2").advice.size.leverage == 2


def test_a_spread_that_was_said_judges_the_stop() -> None:
    refused = asked(spread="0.0091", slippage_rate="0").advice

    assert [each.code for each in refused.refusals] == [RefusalCode.STOP_INSIDE_SPREAD]


def settings_for(path: Path) -> Any:
    return load_settings({"DATABASE_URL": f"sqlite:///{path}"}, None)


def test_without_a_database_nothing_is_stored(tmp_path: Path) -> None:
    assert stored_instruments(settings_for(tmp_path / "none.db"), "mexc") == {}


def test_what_a_database_holds_of_a_venue_is_known(tmp_path: Path) -> None:
    path = tmp_path / "signalbot.db"
    migrate(path)
    with open_database(path) as engine:
        SqlInstruments(engine).put([STORED], now=1)

    assert stored_instruments(settings_for(path), "mexc") == KNOWN
    assert stored_instruments(settings_for(path), "bybit") == {}
