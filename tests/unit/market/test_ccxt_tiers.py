"""What each venue means by a leverage tier, one by one."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.errors import InputError
from signalbot.market.ccxt_tiers import tiers_of_ccxt
from signalbot.risk.tiers import Band, tiers_of

LAYER = "LAYER/USDT:USDT"


def row(floor: object, cap: object, mmr: object, leverage: object, **info: Any) -> dict[str, Any]:
    """Return one tier as ccxt unifies it."""
    return {
        "tier": 1.0,
        "symbol": LAYER,
        "currency": "USDT",
        "minNotional": floor,
        "maxNotional": cap,
        "maintenanceMarginRate": mmr,
        "maxLeverage": leverage,
        "info": info,
    }


def band(floor: str, cap: str, mmr: str, cum: str | None, leverage: str | None) -> Band:
    return Band(
        floor=Decimal(floor),
        cap=Decimal(cap),
        mmr=Decimal(mmr),
        cum=None if cum is None else Decimal(cum),
        max_leverage=None if leverage is None else Decimal(leverage),
    )


def test_the_amount_of_binance_stands_in_cum() -> None:
    rows = [
        row(0.0, 5000.0, 0.015, 25.0, cum="0.0"),
        row(5000.0, 10000.0, 0.025, 20.0, cum="50.0"),
        row(10000.0, 20000.0, 0.05, 10.0, cum="300.0"),
    ]

    assert tiers_of_ccxt("binanceusdm", rows) == [
        band("0", "5000", "0.015", "0", "25"),
        band("5000", "10000", "0.025", "50", "20"),
        band("10000", "20000", "0.05", "300", "10"),
    ]


@pytest.mark.parametrize(
    ("venue", "name"),
    [("binanceusdm", "cum"), ("bybit", "mmDeduction"), ("bingx", "maintAmount")],
)
def test_the_amount_stands_where_the_venue_puts_it(venue: str, name: str) -> None:
    rows = [
        row(0.0, 5000.0, 0.015, 25.0, **{name: "0"}),
        row(5000.0, 10000.0, 0.025, 20.0, **{name: "50.5"}),
    ]

    assert [one.cum for one in tiers_of_ccxt(venue, rows)] == [0, Decimal("50.5")]


@pytest.mark.parametrize("venue", ["binanceusdm", "bybit", "bingx", "bitget"])
@pytest.mark.parametrize("info", [{}, {"cum": "", "mmDeduction": "", "maintAmount": ""}])
def test_an_amount_that_is_not_stated_is_left_to_the_tiers(
    venue: str, info: dict[str, str]
) -> None:
    rows = [
        row(0.0, 5000.0, 0.015, 25.0, **info),
        row(5000.0, 10000.0, 0.025, 20.0, **info),
        row(10000.0, 20000.0, 0.05, 10.0, **info),
    ]

    bands = tiers_of_ccxt(venue, rows)

    assert [one.cum for one in bands] == [None, None, None]
    # 5000 * 0.01 = 50; 50 + 10000 * 0.025 = 300
    assert [tier.cum for tier in tiers_of(bands)] == [0, 50, 300]


class TestBybit:
    def test_each_tier_begins_where_the_next_smaller_one_ends_in_whatever_order_they_come(
        self,
    ) -> None:
        # as ccxt unifies caps of 2, 10 and 6 millions: the floor is that of the row before
        rows = [
            row(0, 2_000_000.0, 0.005, 100.0, mmDeduction=""),
            row(2_000_000.0, 10_000_000.0, 0.02, 25.0, mmDeduction="70000"),
            row(10_000_000.0, 6_000_000.0, 0.01, 50.0, mmDeduction="10000"),
        ]

        assert tiers_of_ccxt("bybit", rows) == [
            band("0", "2000000", "0.005", None, "100"),
            band("2000000", "6000000", "0.01", "10000", "50"),
            band("6000000", "10000000", "0.02", "70000", "25"),
        ]

    def test_a_rate_in_per_cent_is_refused(self) -> None:
        # what Bybit's documentation shows: 0.5 for 0.5 %, at 100x
        with pytest.raises(InputError, match=r"maintenanceMarginRate was 0\.5; allowed: a frac"):
            tiers_of_ccxt("bybit", [row(0, 150.0, 0.5, 100.0)])


class TestBitget:
    def test_the_currency_says_coins_but_the_tiers_are_in_usdt(self) -> None:
        rows = [row(0.0, 150_000.0, 0.004, 125.0, keepMarginRate="0.004") | {"currency": "LAYER"}]

        assert tiers_of_ccxt("bitget", rows) == [band("0", "150000", "0.004", None, "125")]


class TestBingx:
    def test_no_leverage_is_stated(self) -> None:
        rows = [row(0.0, 900_000.0, 0.0033, None, maintAmount="0.000000")]

        assert tiers_of_ccxt("bingx", rows) == [band("0", "900000", "0.0033", "0", None)]


def mexc(**info: Any) -> list[dict[str, Any]]:
    """Return what ccxt makes of a contract of MEXC without even levels: one empty row."""
    return [row(None, None, None, 50.0, contractSize=10, riskLimitType="BY_VOLUME", **info)]


EVEN = {
    "riskLimitMode": "INCREASE",
    "riskBaseVol": 9000,
    "riskIncrVol": 6000,
    "riskLevelLimit": 3,
    "maintenanceMarginRate": 0.01,
    "riskIncrMmr": 0.005,
    "initialMarginRate": 0.02,
    "riskIncrImr": 0.005,
}
TABLE = [
    {"level": 1, "maxVol": 50_000, "mmr": 0.001, "imr": 0.002, "maxLeverage": 500},
    {"level": 2, "maxVol": 310_000, "mmr": 0.0025, "imr": 0.005, "maxLeverage": 200},
]


class TestMexc:
    def test_even_levels_are_contracts_times_their_size_times_the_price(self) -> None:
        # a contract is 10 coins at 0.2: 2 USDT; 9000, 15000 and 21000 contracts;
        # 1 / 0.02 = 50, 1 / 0.025 = 40, 1 / 0.03 = 33.3
        bands = tiers_of_ccxt("mexc", mexc(**EVEN), Decimal("0.2"))

        assert bands == [
            band("0", "18000", "0.01", "0", "50"),
            band("18000", "30000", "0.015", "0", "40"),
            band("30000", "42000", "0.02", "0", "33"),
        ]

    def test_a_table_of_levels_which_ccxt_drops_is_read(self) -> None:
        # the increments are 0 then, and ccxt's only row is empty
        info = EVEN | {"riskLimitMode": "CUSTOM", "riskIncrVol": 0, "riskLimitCustom": TABLE}

        assert tiers_of_ccxt("mexc", mexc(**info), Decimal("0.2")) == [
            band("0", "100000", "0.001", "0", "500"),
            band("100000", "620000", "0.0025", "0", "200"),
        ]

    def test_the_table_may_come_in_any_order(self) -> None:
        forwards = mexc(riskLimitMode="CUSTOM", riskLimitCustom=TABLE)
        backwards = mexc(riskLimitMode="CUSTOM", riskLimitCustom=TABLE[::-1])

        assert tiers_of_ccxt("mexc", backwards, Decimal(2)) == tiers_of_ccxt(
            "mexc", forwards, Decimal(2)
        )

    def test_there_is_no_maintenance_amount(self) -> None:
        bands = tiers_of_ccxt("mexc", mexc(**EVEN), Decimal("0.2"))

        assert [tier.cum for tier in tiers_of(bands)] == [0, 0, 0]

    @given(price=st.decimals(min_value="0.0000001", max_value=200_000, places=7))
    def test_whatever_the_price_a_level_holds_as_many_contracts(self, price: Decimal) -> None:
        tiers = tiers_of(tiers_of_ccxt("mexc", mexc(**EVEN), price))

        assert [tier.holds(9000 * 10 * price) for tier in tiers] == [True, False, False]
        assert [tier.holds(9001 * 10 * price) for tier in tiers] == [False, True, False]

    @pytest.mark.parametrize("price", [None, "0", "-1", "NaN", "Infinity"])
    def test_a_price_is_needed(self, price: str | None) -> None:
        with pytest.raises(InputError, match=r"price was .* since MEXC counts contracts"):
            tiers_of_ccxt("mexc", mexc(**EVEN), None if price is None else Decimal(price))

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"riskLimitType": "BY_VALUE"}, "riskLimitType"),
            ({"contractSize": None}, "contractSize"),
            ({"contractSize": 0}, "contractSize"),
            ({"riskLevelLimit": 0}, "riskLevelLimit"),
            ({"riskLevelLimit": 10**9}, "riskLevelLimit"),
            ({"riskBaseVol": 0}, "riskBaseVol"),
            ({"riskIncrVol": None}, "riskIncrVol"),
            ({"maintenanceMarginRate": None}, "maintenanceMarginRate"),
            ({"riskIncrMmr": 2}, "riskIncrMmr"),
            ({"initialMarginRate": 0}, "initialMarginRate"),
            ({"riskIncrImr": "x"}, "riskIncrImr"),
            ({"riskLimitMode": "CUSTOM"}, "riskLimitCustom"),
            ({"riskLimitMode": "CUSTOM", "riskLimitCustom": []}, "riskLimitCustom"),
            ({"riskLimitMode": "CUSTOM", "riskLimitCustom": "none"}, "riskLimitCustom"),
            ({"riskLimitMode": "CUSTOM", "riskLimitCustom": [7]}, "maxVol"),
            ({"riskLimitMode": "CUSTOM", "riskLimitCustom": [TABLE[0] | {"mmr": None}]}, "mmr"),
            (
                {"riskLimitMode": "CUSTOM", "riskLimitCustom": [TABLE[0] | {"maxLeverage": 0}]},
                "maxLeverage",
            ),
            (
                {"riskLimitMode": "CUSTOM", "riskLimitCustom": [TABLE[0] | {"mmr": 0.1}]},
                "maintenanceMarginRate",
            ),
        ],
    )
    def test_corrupt_levels_raise_naming_the_field(
        self, changes: dict[str, Any], field: str
    ) -> None:
        rows = [{"symbol": LAYER, "info": {"contractSize": 10} | EVEN | changes}]

        with pytest.raises(InputError) as error:
            tiers_of_ccxt("mexc", rows, Decimal("0.2"))

        assert error.value.field == field

    def test_the_contract_must_be_there(self) -> None:
        with pytest.raises(InputError, match="info was missing"):
            tiers_of_ccxt("mexc", [{"symbol": LAYER, "info": None}], Decimal("0.2"))


class TestWhatIsAccepted:
    @pytest.mark.parametrize("venue", ["weex", "okx"])
    def test_a_venue_without_known_tiers_is_refused(self, venue: str) -> None:
        with pytest.raises(InputError, match=f"venue was '{venue}'; allowed: one of binanceusdm"):
            tiers_of_ccxt(venue, [row(0.0, 5000.0, 0.015, 25.0)])

    def test_no_tiers_at_all_are_refused(self) -> None:
        with pytest.raises(InputError, match="bybit: tiers was 'none'; allowed: at least one"):
            tiers_of_ccxt("bybit", [])

    @pytest.mark.parametrize("symbol", ["BTC/USD:BTC", "BTC/USDC:USDC", None])
    def test_tiers_of_another_kind_of_contract_are_refused(self, symbol: object) -> None:
        # coin-margined ones count their floors and caps in coins or contracts
        with pytest.raises(InputError, match="binanceusdm tiers: symbol was"):
            tiers_of_ccxt("binanceusdm", [row(0.0, 5000.0, 0.015, 25.0) | {"symbol": symbol}])

    def test_tiers_of_two_contracts_are_refused(self) -> None:
        rows = [
            row(0.0, 5000.0, 0.015, 25.0),
            row(5000.0, 9000.0, 0.025, 20.0) | {"symbol": "BTC/USDT:USDT"},
        ]

        with pytest.raises(InputError, match=r"symbol was 'BTC/USDT:USDT'; allowed: LAYER"):
            tiers_of_ccxt("bitget", rows)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"minNotional": None}, "minNotional"),
            ({"maxNotional": None}, "maxNotional"),
            ({"maxNotional": float("inf")}, "maxNotional"),
            ({"maintenanceMarginRate": None}, "maintenanceMarginRate"),
            ({"maintenanceMarginRate": 1.5}, "maintenanceMarginRate"),
            ({"maintenanceMarginRate": 0.05}, "maintenanceMarginRate"),
            ({"maxLeverage": 0.5}, "maxLeverage"),
            ({"info": {"cum": -1}}, "info.cum"),
            ({"info": {"cum": "x"}}, "info.cum"),
        ],
    )
    def test_corrupt_data_raise_naming_the_contract_and_the_field(
        self, changes: dict[str, Any], field: str
    ) -> None:
        rows = [row(0.0, 5000.0, 0.015, 25.0) | changes]

        with pytest.raises(InputError, match=f"^binanceusdm tiers of {LAYER}: ") as error:
            tiers_of_ccxt("binanceusdm", rows)

        assert error.value.field == field

    def test_a_rate_of_exactly_the_initial_margin_is_believed(self) -> None:
        rows = [row(0.0, 5000.0, 0.04, 25.0)]

        assert tiers_of_ccxt("binanceusdm", rows)[0].mmr == Decimal("0.04")
