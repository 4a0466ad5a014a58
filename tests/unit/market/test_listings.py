"""What venues list, through ccxt's own parsers: hand-written entries as each venue answers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from fakes.venue_markets import (
    binance_symbol,
    bingx_contract,
    bitget_contract,
    bybit_instrument,
    mexc_contract,
    parsed,
    weex_contract,
)

from signalbot.domain.instrument import Instrument
from signalbot.domain.listing import ExclusionCode, Listing, Listings
from signalbot.errors import InputError
from signalbot.market.ccxt_metadata import VENUES
from signalbot.market.listings import listings_of

AN_INSTANT = 1_735_689_600_000


def listed(venue: str, *entries: Mapping[str, Any]) -> Listings:
    return listings_of(venue, parsed(venue, *entries))


def only(venue: str, entry: Mapping[str, Any]) -> Listing:
    found = listed(venue, entry)
    assert found.excluded == ()
    (listing,) = found.listed
    return listing


def why(venue: str, entry: Mapping[str, Any]) -> tuple[ExclusionCode, str]:
    found = listed(venue, entry)
    assert found.listed == ()
    (exclusion,) = found.excluded
    assert exclusion.venue == venue
    return exclusion.code, exclusion.note


def instrument(venue: str, **fields: Any) -> Instrument:
    usual = {
        "symbol": "LAYER/USDT:USDT",
        "tick": Decimal("0.0001"),
        "step": Decimal(1),
        "min_qty": Decimal(1),
        "min_notional": Decimal(5),
        "contract_size": Decimal(1),
    }
    return Instrument(venue=venue, **(usual | fields))


FEES_OF_CCXT = ("taker_rate", "maker_rate")


class TestAFullEntryOfEachVenue:
    def test_binance(self) -> None:
        assert only("binanceusdm", binance_symbol()) == Listing(
            instrument=instrument(
                "binanceusdm",
                taker_rate=Decimal("0.0005"),
                maker_rate=Decimal("0.0002"),
                assumed=FEES_OF_CCXT,
            ),
            max_leverage=None,  # Binance tells it to nobody without a key
            listed_at=AN_INSTANT,
            is_active=True,
            base_id="LAYER",
            coin="LAYER",
            multiplier=1,
        )

    def test_bybit(self) -> None:
        assert only("bybit", bybit_instrument()) == Listing(
            instrument=instrument(
                "bybit",
                taker_rate=Decimal("0.0006"),
                maker_rate=Decimal("0.0002"),
                assumed=FEES_OF_CCXT,
            ),
            max_leverage=Decimal(25),
            listed_at=AN_INSTANT,
            base_id="LAYER",
            coin="LAYER",
        )

    def test_bingx(self) -> None:
        assert only("bingx", bingx_contract()) == Listing(
            instrument=instrument(
                "bingx",
                min_notional=Decimal(2),
                taker_rate=Decimal("0.0005"),
                maker_rate=Decimal("0.0002"),
                assumed=FEES_OF_CCXT,
            ),
            max_leverage=Decimal(40),
            listed_at=AN_INSTANT,
            base_id="LAYER",
            coin="LAYER",
        )

    def test_weex(self) -> None:
        assert only("weex", weex_contract()) == Listing(
            instrument=instrument(
                "weex",
                min_notional=Decimal(0),
                taker_rate=Decimal("0.0008"),
                maker_rate=Decimal("0.0002"),
                assumed=("min_notional",),
            ),
            max_leverage=Decimal(50),
            listed_at=None,
            base_id="LAYER",
            coin="LAYER",
        )

    def test_mexc(self) -> None:
        assert only("mexc", mexc_contract()) == Listing(
            instrument=instrument(
                "mexc",
                step=Decimal(10),
                min_qty=Decimal(20),
                contract_size=Decimal(10),
                min_notional=Decimal(0),
                taker_rate=Decimal("0.0004"),
                maker_rate=Decimal("0.0001"),
                assumed=("min_notional",),
            ),
            max_leverage=Decimal(50),
            listed_at=AN_INSTANT,
            base_id="LAYER",
            coin="LAYER",
        )

    def test_bitget(self) -> None:
        assert only("bitget", bitget_contract()) == Listing(
            instrument=instrument(
                "bitget", taker_rate=Decimal("0.0006"), maker_rate=Decimal("0.0002")
            ),
            max_leverage=Decimal(50),
            listed_at=AN_INSTANT,
            base_id="LAYER",
            coin="LAYER",
        )


class TestTrapsOfNames:
    """ccxt renames bases by names of the spot era; the venue's own name is what counts."""

    @pytest.mark.parametrize(
        ("base", "symbol"),
        [
            ("GAS", "GASDAO/USDT:USDT"),
            ("GMT", "GMTTOKEN/USDT:USDT"),
            ("FLUX", "FLUX1/USDT:USDT"),
        ],
    )
    def test_mexc_gas_is_not_gasdao(self, base: str, symbol: str) -> None:
        listing = only("mexc", mexc_contract(base))

        assert (listing.symbol, listing.base_id, listing.coin) == (symbol, base, base)

    @pytest.mark.parametrize(
        ("base", "symbol"),
        [
            ("APX", "AstroPepeX/USDT:USDT"),
            ("OMNI", "omni/USDT:USDT"),
            ("DEGEN", "DegenReborn/USDT:USDT"),
            ("JADE", "Jade Protocol/USDT:USDT"),
            ("EVA", "Evadore/USDT:USDT"),
        ],
    )
    def test_bitget_apx_is_not_astropepex(self, base: str, symbol: str) -> None:
        listing = only("bitget", bitget_contract(base))

        assert (listing.symbol, listing.base_id, listing.coin) == (symbol, base, base)

    @pytest.mark.parametrize(
        ("base", "symbol"),
        [
            ("OMNI", "OmniCat/USDT:USDT"),
            ("TRUMP", "TRUMPMAGA/USDT:USDT"),
            ("TRUMPSOL", "TRUMP/USDT:USDT"),
        ],
    )
    def test_bingx_trump_is_not_trumpmaga(self, base: str, symbol: str) -> None:
        listing = only("bingx", bingx_contract(base))

        assert (listing.symbol, listing.base_id, listing.coin) == (symbol, base, base)

    @pytest.mark.parametrize("base", ["币安人生", "龙虾", "牛来", "哈基米", "我踏马来了"])
    @pytest.mark.parametrize("venue", ["binanceusdm", "bitget", "weex"])
    def test_a_base_need_not_be_ascii(self, venue: str, base: str) -> None:
        made = {
            "binanceusdm": binance_symbol,
            "bitget": bitget_contract,
            "weex": weex_contract,
        }
        assert only(venue, made[venue](base)).base_id == base

    def test_1000pepe_is_a_thousand_pepe(self) -> None:
        listing = only("binanceusdm", binance_symbol("1000PEPE"))

        assert (listing.base_id, listing.coin, listing.multiplier) == ("1000PEPE", "PEPE", 1000)

    def test_only_bybit_puts_the_number_behind(self) -> None:
        assert only("bybit", bybit_instrument("SHIB1000")).multiplier == 1000
        assert only("bitget", bitget_contract("SHIB1000")).multiplier == 1


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
        (exclusion,) = listed("bingx", bingx_contract(status=25)).excluded

        assert exclusion.symbol == "LAYER/USDT:USDT"
        assert exclusion.listing is not None
        assert exclusion.listing.is_active is False
        assert exclusion.listing.instrument.tick == Decimal("0.0001")


class TestTrapsOfMissingFields:
    def test_bingx_states_leverage_for_each_side_outside_of_ccxts_limits(self) -> None:
        (market,) = parsed("bingx", bingx_contract())

        assert market["limits"]["leverage"]["max"] is None
        assert only("bingx", bingx_contract(maxLongLeverage="75")).max_leverage == 40

    def test_bingx_without_any_leverage(self) -> None:
        bare = bingx_contract(maxLongLeverage=None, maxShortLeverage="")

        assert only("bingx", bare).max_leverage is None

    def test_bingx_online_time_comes_before_its_launch_time(self) -> None:
        assert only("bingx", bingx_contract(timeOnline=5)).listed_at == 5

    @pytest.mark.parametrize("stated", [None, "", 0])
    def test_a_listing_date_may_be_missing(self, stated: object) -> None:
        assert only("bitget", bitget_contract(launchTime=stated)).listed_at is None
        assert only("mexc", mexc_contract(createTime=stated)).listed_at is None
        assert only("bingx", bingx_contract(launchTime=stated)).listed_at is None

    def test_weex_states_a_contract_size_that_is_not_for_sizing(self) -> None:
        (market,) = parsed("weex", weex_contract(contractVal="0.001"))

        assert market["contractSize"] == 0.001
        assert only("weex", weex_contract(contractVal="0.001")).instrument.contract_size == 1

    def test_weex_is_active_whatever_it_says(self) -> None:
        (market,) = parsed("weex", weex_contract(status="PAUSED"))

        assert market["active"] is True

    def test_bitget_ticks_by_place_times_end_step(self) -> None:
        listing = only("bitget", bitget_contract(pricePlace="3", priceEndStep="5"))

        assert listing.instrument.tick == Decimal("0.005")


def test_an_unknown_venue_is_refused() -> None:
    with pytest.raises(InputError, match="venue was 'okx'"):
        listings_of("okx", [])


@pytest.mark.parametrize("venue", VENUES)
def test_nothing_gives_nothing(venue: str) -> None:
    assert listings_of(venue, []) == Listings(venue=venue, listed=(), excluded=())
