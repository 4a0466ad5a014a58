"""The traps of what a venue lists: each kind of product that ccxt calls an active swap."""

from collections.abc import Mapping
from typing import Any

import pytest
from fakes.venue_markets import (
    binance_symbol,
    bingx_contract,
    bitget_contract,
    bybit_instrument,
    mexc_contract,
    only,
    parsed,
    weex_contract,
    why,
)

from signalbot.domain.listing import ExclusionCode
from signalbot.market.listings import listings_of


class TestTrapsOfShares:
    """Shares, metals and currencies come as ordinary perpetuals: each venue has its own flag."""

    def test_binance_says_it_in_the_contract_type_while_ccxt_still_says_swap(self) -> None:
        tesla = binance_symbol("TSLA", contractType="TRADIFI_PERPETUAL", underlyingType="COIN")
        (market,) = parsed("binanceusdm", tesla)

        assert market["swap"] is True
        assert why("binanceusdm", tesla) == (
            ExclusionCode.TRADFI,
            "contractType is TRADIFI_PERPETUAL",
        )

    @pytest.mark.parametrize("underlying", ["EQUITY", "COMMODITY", "SOMETHING_NEW"])
    def test_binance_says_it_in_the_underlying_type_too(self, underlying: str) -> None:
        assert why("binanceusdm", binance_symbol("TSLA", underlyingType=underlying)) == (
            ExclusionCode.TRADFI,
            f"underlyingType is {underlying}",
        )

    @pytest.mark.parametrize("kind", ["stock", "commodity", "forex", "etf"])
    def test_bybit_says_it_in_the_symbol_type(self, kind: str) -> None:
        code, note = why("bybit", bybit_instrument("TSLA", symbolType=kind))

        assert (code, note) == (ExclusionCode.TRADFI, f"symbolType is {kind}")

    @pytest.mark.parametrize("kind", ["", "innovation"])
    def test_a_zone_of_bybit_is_no_share(self, kind: str) -> None:
        assert only("bybit", bybit_instrument(symbolType=kind)).coin == "LAYER"

    def test_bingx_says_it_in_the_name(self) -> None:
        code, note = why("bingx", bingx_contract("NCSKTSLA2USD"))

        assert (code, note) == (ExclusionCode.TRADFI, "its name begins with NC")

    def test_weex_says_it_like_binance(self) -> None:
        tesla = weex_contract("TSLA", underlyingType="EQUITY", contractType="TRADIFI_PERPETUAL")

        assert why("weex", tesla)[0] is ExclusionCode.TRADFI

    def test_weex_files_an_index_of_shares_as_a_coin(self) -> None:
        code, note = why("weex", weex_contract("JP225", underlyingType="COIN"))

        assert (code, note) == (ExclusionCode.TRADFI, "JP225 is no coin")

    def test_mexc_says_it_with_type_2(self) -> None:
        assert why("mexc", mexc_contract("TSLASTOCK", type=2)) == (
            ExclusionCode.TRADFI,
            "type is 2",
        )
        assert only("mexc", mexc_contract(type=1)).coin == "LAYER"

    def test_bitget_says_it_with_is_rwa(self) -> None:
        assert why("bitget", bitget_contract("TSLA", isRwa="YES")) == (
            ExclusionCode.TRADFI,
            "isRwa is YES",
        )
        assert only("bitget", bitget_contract(isRwa="NO")).coin == "LAYER"

    def test_gold_by_the_token_is_gold(self) -> None:
        assert why("binanceusdm", binance_symbol("PAXG"))[0] is ExclusionCode.TRADFI


class TestTrapsOfOtherProducts:
    @pytest.mark.parametrize("name", ["BTCDOM", "DEFI"])
    def test_an_index_of_coins_is_no_coin(self, name: str) -> None:
        index = binance_symbol(name, underlyingType="INDEX")

        assert why("binanceusdm", index)[0] is ExclusionCode.INDEX

    def test_a_stable_coin_does_not_move(self) -> None:
        assert why("binanceusdm", binance_symbol("USDC")) == (
            ExclusionCode.STABLE,
            "USDC does not move against USDT",
        )

    def test_bitget_loads_demo_products_as_active_swaps(self) -> None:
        demo = bitget_contract("SBTC", quoteCoin="SUSDT", supportMarginCoins=["SUSDT"])
        (market,) = parsed("bitget", demo)

        assert (market["swap"], market["active"]) == (True, True)
        assert why("bitget", demo) == (ExclusionCode.DEMO, "its money is SUSDT")

    def test_another_quote_is_another_market(self) -> None:
        usdc = binance_symbol(quoteAsset="USDC", marginAsset="USDC")

        assert why("binanceusdm", usdc) == (
            ExclusionCode.NOT_USDT_PERPETUAL,
            "quote is USDC",
        )

    def test_a_dated_future_is_no_perpetual(self) -> None:
        dated = bybit_instrument(contractType="LinearFutures", deliveryTime="1767168000000")

        assert why("bybit", dated) == (ExclusionCode.NOT_USDT_PERPETUAL, "swap is False")


class TestTrapsOfWhatCannotBeOpened:
    """A contract that is still in the answer need not be one that somebody can enter."""

    @pytest.mark.parametrize(
        ("venue", "entry", "code", "note"),
        [
            ("binanceusdm", binance_symbol(status="SETTLING"), "NOT_TRADING", None),
            (
                "binanceusdm",
                binance_symbol(deliveryDate=1_767_168_000_000),
                "DELISTING",
                "deliveryDate is 1767168000000",
            ),
            ("bybit", bybit_instrument(status="PreLaunch"), "NOT_TRADING", None),
            (
                "bybit",
                bybit_instrument(deliveryTime="1767168000000"),
                "DELISTING",
                "deliveryTime is 1767168000000",
            ),
            ("bingx", bingx_contract(apiStateOpen="false"), "NO_OPENING", "apiStateOpen is false"),
            ("bingx", bingx_contract(status=5), "NOT_TRADING", "status is 5"),
            ("weex", weex_contract(status="PAUSED"), "NOT_TRADING", "status is PAUSED"),
            ("mexc", mexc_contract(state=4), "NOT_TRADING", None),
            ("mexc", mexc_contract(isHidden=True), "NOT_TRADING", "isHidden is true"),
            (
                "bitget",
                bitget_contract(symbolStatus="limit_open"),
                "NO_OPENING",
                "symbolStatus is limit_open",
            ),
            (
                "bitget",
                bitget_contract(limitOpenTime="1767168000000"),
                "NO_OPENING",
                "limitOpenTime is 1767168000000",
            ),
            (
                "bitget",
                bitget_contract(offTime="1767168000000"),
                "DELISTING",
                "offTime is 1767168000000",
            ),
            ("bitget", bitget_contract(symbolStatus="off"), "NOT_TRADING", None),
        ],
    )
    def test_each_venue_has_its_own_flag(
        self, venue: str, entry: Mapping[str, Any], code: str, note: str | None
    ) -> None:
        found = why(venue, entry)

        assert found == (code, note or "the venue's status is not that of trading")

    def test_bingx_status_25_forbids_opening_while_ccxt_says_active(self) -> None:
        closing_only = bingx_contract(status=25)
        (market,) = parsed("bingx", closing_only)

        assert market["active"] is True
        assert why("bingx", closing_only) == (
            ExclusionCode.NO_OPENING,
            "status is 25: positions can only be closed",
        )

    def test_what_is_known_of_it_stays_known(self) -> None:
        markets = parsed("bingx", bingx_contract(status=25))

        (exclusion,) = listings_of("bingx", markets).excluded

        assert exclusion.symbol == "LAYER/USDT:USDT"
        assert exclusion.listing is not None
        assert exclusion.listing.is_active is False
        assert exclusion.listing.instrument.coin == "LAYER"
