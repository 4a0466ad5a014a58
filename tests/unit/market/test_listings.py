"""What venues list, through ccxt's own parsers: hand-written entries as each venue answers."""

from decimal import Decimal
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
)

from signalbot.domain.instrument import Instrument
from signalbot.domain.listing import Listing, Listings
from signalbot.errors import InputError
from signalbot.market.ccxt_metadata import VENUES
from signalbot.market.listings import listings_of

AN_INSTANT = 1_735_689_600_000


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
