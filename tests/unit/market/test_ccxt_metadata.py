"""The traps of ccxt's market dicts, one by one."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.config import VENUES
from signalbot.domain.instrument import Instrument
from signalbot.errors import InputError
from signalbot.market.ccxt_metadata import VENUES as KNOWN_VENUES
from signalbot.market.ccxt_metadata import instrument_of
from signalbot.risk.venue_rules import rule_for


def market(**changes: Any) -> dict[str, Any]:
    """Return a market as ccxt unifies it: LAYER on a venue that states everything."""
    stated = {
        "symbol": "LAYER/USDT:USDT",
        "base": "LAYER",
        "quote": "USDT",
        "settle": "USDT",
        "type": "swap",
        "spot": False,
        "swap": True,
        "linear": True,
        "inverse": False,
        "active": True,
        "taker": 0.0006,
        "maker": 0.0002,
        "contractSize": 1.0,
        "precision": {"amount": 0.1, "price": 1e-05},
        "limits": {
            "leverage": {"min": 1.0, "max": 50.0},
            "amount": {"min": 0.2, "max": 100000.0},
            "price": {"min": None, "max": None},
            "cost": {"min": 5.0, "max": None},
        },
        "info": {},
    }
    return stated | changes


def limits(**smallest: object) -> Mapping[str, object]:
    return {name: {"min": value} for name, value in smallest.items()}


def test_a_market_becomes_an_instrument_with_exact_numbers() -> None:
    assert instrument_of("bitget", market()) == Instrument(
        venue="bitget",
        symbol="LAYER/USDT:USDT",
        tick=Decimal("0.00001"),
        step=Decimal("0.1"),
        min_qty=Decimal("0.2"),
        min_notional=Decimal(5),
        contract_size=Decimal(1),
        taker_rate=Decimal("0.0006"),
        maker_rate=Decimal("0.0002"),
        assumed=(),
    )


def test_the_venues_are_those_of_the_configuration() -> None:
    assert KNOWN_VENUES == VENUES


class TestTrapsOfSizes:
    def test_the_contract_size_of_weex_is_wrong_for_sizing_so_it_counts_as_1(self) -> None:
        # ETH on WEEX: contractVal 0.001, minOrderSize 0.001, three places: all of them in ETH
        weex = market(
            contractSize=0.001,
            precision={"amount": 0.001, "price": 0.01},
            limits=limits(amount=0.001),
        )

        instrument = instrument_of("weex", weex)

        assert instrument.contract_size == 1
        assert instrument.step == instrument.min_qty == Decimal("0.001")

    def test_weex_needs_no_contract_size_at_all(self) -> None:
        assert instrument_of("weex", market(contractSize=None)).contract_size == 1

    def test_the_amounts_of_mexc_are_contracts(self) -> None:
        # BTC on MEXC: 0.0001 BTC a contract, whole contracts, at least one
        mexc = market(
            contractSize=0.0001,
            precision={"amount": 1.0, "price": 0.5},
            limits=limits(amount=3.0),
        )

        instrument = instrument_of("mexc", mexc)

        assert instrument.contract_size == instrument.step == Decimal("0.0001")
        assert instrument.min_qty == Decimal("0.0003")
        assert instrument.tick == Decimal("0.5")

    def test_a_contract_of_mexc_may_be_millions_of_coins(self) -> None:
        mexc = market(
            contractSize=1e7, precision={"amount": 1.0, "price": 1e-10}, limits=limits(amount=1.0)
        )

        instrument = instrument_of("mexc", mexc)

        assert instrument.step == instrument.min_qty == 10_000_000
        assert instrument.tick == Decimal("0.0000000001")

    @given(
        size=st.sampled_from(["0.00001", "0.001", "0.1", "1", "10", "1000", "10000000"]),
        unit=st.integers(min_value=1, max_value=100),
        least=st.integers(min_value=1, max_value=1000),
    )
    def test_contracts_times_their_size_are_coins_to_the_last_digit(
        self, size: str, unit: int, least: int
    ) -> None:
        mexc = market(
            contractSize=float(size),
            precision={"amount": float(unit), "price": 0.5},
            limits=limits(amount=float(least)),
        )

        instrument = instrument_of("mexc", mexc)

        assert instrument.step == unit * Decimal(size)
        assert instrument.min_qty == least * Decimal(size)

    def test_a_precision_is_the_grid_itself_not_a_number_of_places(self) -> None:
        instrument = instrument_of("bitget", market(precision={"amount": 10.0, "price": 2.0}))

        assert (instrument.tick, instrument.step) == (2, 10)


class TestTrapsOfMinimums:
    @pytest.mark.parametrize("venue", ["weex", "mexc"])
    def test_weex_and_mexc_state_no_smallest_notional(self, venue: str) -> None:
        instrument = instrument_of(venue, market(limits=limits(amount=1.0, cost=None)))

        assert instrument.min_notional == 0
        assert instrument.assumed == ("min_notional",)

    @pytest.mark.parametrize("stated", [{}, None, {"amount": None, "cost": None}])
    def test_limits_that_are_missing_altogether_are_assumed(self, stated: object) -> None:
        instrument = instrument_of("bitget", market(limits=stated))

        assert (instrument.min_qty, instrument.min_notional) == (0, 0)
        assert instrument.assumed == ("min_qty", "min_notional")

    def test_a_minimum_of_0_is_stated_not_assumed(self) -> None:
        instrument = instrument_of("bitget", market(limits=limits(amount=0.0, cost=0)))

        assert (instrument.min_qty, instrument.min_notional) == (0, 0)
        assert instrument.assumed == ()


class TestTrapsOfFees:
    @pytest.mark.parametrize("venue", ["weex", "mexc", "bitget"])
    def test_a_fee_per_market_is_the_venues_own(self, venue: str) -> None:
        instrument = instrument_of(venue, market(taker=0.0004, maker=0.0001))

        assert instrument.taker_rate == Decimal("0.0004")
        assert instrument.maker_rate == Decimal("0.0001")
        assert instrument.assumed == ()

    @pytest.mark.parametrize("venue", ["binanceusdm", "bybit", "bingx"])
    def test_a_fee_that_ccxt_fills_in_itself_is_not_believed(self, venue: str) -> None:
        instrument = instrument_of(venue, market(taker=0.00001, maker=0.00001))

        assert instrument.taker_rate == rule_for(venue).taker_rate
        assert instrument.maker_rate == rule_for(venue).maker_rate
        assert instrument.assumed == ("taker_rate", "maker_rate")

    @pytest.mark.parametrize(
        ("venue", "taker", "maker"),
        [
            ("binanceusdm", "0.0005", "0.0002"),
            ("bybit", "0.0006", "0.0002"),
            ("bingx", "0.0005", "0.0002"),
            ("weex", "0.0008", "0.0002"),
            ("mexc", "0.0006", "0.0002"),
            ("bitget", "0.0006", "0.0002"),
        ],
    )
    def test_a_fee_that_is_missing_is_the_venues_usual_one(
        self, venue: str, taker: str, maker: str
    ) -> None:
        instrument = instrument_of(venue, market(taker=None, maker=None))

        assert instrument.taker_rate == Decimal(taker)
        assert instrument.maker_rate == Decimal(maker)
        assert instrument.assumed == ("taker_rate", "maker_rate")

    def test_each_fee_is_assumed_for_itself(self) -> None:
        assert instrument_of("mexc", market(maker=None)).assumed == ("maker_rate",)

    def test_a_promotion_of_0_is_a_fee(self) -> None:
        instrument = instrument_of("mexc", market(taker=0.0, maker=0))

        assert (instrument.taker_rate, instrument.maker_rate) == (0, 0)
        assert instrument.assumed == ()

    def test_a_rebate_is_a_fee_below_0(self) -> None:
        assert instrument_of("mexc", market(maker=-0.0001)).maker_rate == Decimal("-0.0001")


class TestWhatIsAccepted:
    @pytest.mark.parametrize("base", ["龙虾", "我踏马来了", "1000PEPE", "0G", "4"])
    def test_any_base_is_accepted(self, base: str) -> None:
        found = instrument_of("binanceusdm", market(symbol=f"{base}/USDT:USDT", base=base))

        assert found.symbol == f"{base}/USDT:USDT"
        assert found.coin == base

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"symbol": "LAYER/USDT", "swap": False, "spot": True, "linear": None}, "swap"),
            ({"symbol": "BTC/USDT:USDT-260327", "swap": False, "future": True}, "swap"),
            ({"swap": None}, "swap"),
            ({"symbol": "BTC/USD:BTC", "linear": False, "quote": "USD", "settle": "BTC"}, "linear"),
            ({"symbol": "BTC/USDC:USDC", "quote": "USDC", "settle": "USDC"}, "quote"),
            ({"symbol": "BTC/SUSDT:SUSDT", "quote": "SUSDT", "settle": "SUSDT"}, "quote"),
            ({"symbol": "BTC/USDT:USDC", "settle": "USDC"}, "settle"),
            ({"symbol": "BTC/USDT:USDT-260327"}, "symbol"),
            ({"symbol": None}, "symbol"),
            ({"symbol": 7}, "symbol"),
        ],
    )
    def test_another_market_than_a_linear_usdt_perpetual_is_refused(
        self, changes: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(InputError) as error:
            instrument_of("bitget", market(**changes))

        assert error.value.field == field

    def test_an_unknown_venue_is_refused(self) -> None:
        with pytest.raises(InputError, match="venue was 'okx'; allowed: one of binanceusdm, "):
            instrument_of("okx", market())

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"precision": None}, "precision.price"),
            ({"precision": {"amount": 1.0, "price": None}}, "precision.price"),
            ({"precision": {"amount": 1.0, "price": 0.0}}, "precision.price"),
            ({"precision": {"amount": 1.0, "price": -0.1}}, "precision.price"),
            ({"precision": {"amount": 1.0, "price": float("nan")}}, "precision.price"),
            ({"precision": {"amount": None, "price": 0.1}}, "precision.amount"),
            ({"precision": {"amount": 0, "price": 0.1}}, "precision.amount"),
            ({"precision": {"amount": "many", "price": 0.1}}, "precision.amount"),
            ({"contractSize": None}, "contractSize"),
            ({"contractSize": 0.0}, "contractSize"),
            ({"contractSize": float("inf")}, "contractSize"),
            ({"limits": {"amount": {"min": -1.0}}}, "limits.amount.min"),
            ({"limits": {"cost": {"min": float("nan")}}}, "limits.cost.min"),
            ({"taker": 0.2}, "taker"),
            ({"taker": "free"}, "taker"),
            ({"maker": True}, "maker"),
        ],
    )
    def test_corrupt_data_raise_naming_the_market_and_the_field(
        self, changes: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(InputError, match=r"^mexc LAYER/USDT:USDT: ") as error:
            instrument_of("mexc", market(**changes))

        assert error.value.field == field

    def test_a_hostile_name_cannot_flood_a_terminal(self) -> None:
        with pytest.raises(InputError) as error:
            instrument_of("mexc", market(symbol="\x1b[2J" + "A" * 10_000))

        assert str(error.value).isprintable()
        assert len(str(error.value)) < 250

    def test_the_market_is_not_changed(self) -> None:
        given_market = market()

        instrument_of("mexc", given_market)

        assert given_market == market()
