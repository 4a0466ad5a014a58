"""Which pairs are watched, why the others are not, and that admins have the last word."""

from dataclasses import replace
from decimal import Decimal

from fakes.candidates import NOW, listing, trading
from fakes.venue_markets import bingx_contract, parsed

from signalbot.domain.controls import IN, OUT, PAIR, Controls
from signalbot.domain.listing import Listings
from signalbot.domain.market_cap import Coin, CoinMatch
from signalbot.domain.universe import RankedBy, RemovalCode, Universe, UniverseRules
from signalbot.market.listings import listings_of
from signalbot.service.choose_universe import choose_universe

LAYER, PEPE, BTC = (f"{coin}/USDT:USDT" for coin in ("LAYER", "PEPE", "BTC"))
LISTINGS = Listings(
    venue="bybit", listed=tuple(listing(coin) for coin in ("PEPE", "LAYER", "BTC")), excluded=()
)
TRADING = {
    LAYER: trading(),
    PEPE: trading(quote_volume=Decimal(50_000_000)),
    BTC: trading(quote_volume=Decimal(10**10)),
}
RULES = UniverseRules()


def cap(rank: int | None) -> CoinMatch:
    one = Decimal(1)
    return CoinMatch(
        coin=Coin(coin_id="a", symbol="A", price=one, market_cap=one, rank=rank), note=""
    )


CAPS = {LAYER: cap(310), PEPE: cap(150), BTC: cap(1)}


def chosen(
    controls: dict[str, str] | None = None,
    caps: dict[str, CoinMatch] = CAPS,
    rules: UniverseRules = RULES,
    listings: Listings = LISTINGS,
) -> Universe:
    return choose_universe(listings, TRADING, caps, Controls(values=controls or {}), rules, NOW)


def reasons(universe: Universe) -> dict[str, list[str]]:
    return {each.symbol: [why.code.value for why in each.reasons] for each in universe.removed}


def test_small_coins_are_chosen_in_the_order_of_their_names() -> None:
    universe = chosen()

    assert universe.venue == "bybit"
    assert universe.symbols == (LAYER, PEPE)
    assert [each.size.by for each in universe.chosen] == [RankedBy.MARKET_CAP] * 2
    assert reasons(universe) == {BTC: ["VOLUME", "SIZE_RANK"]}


def test_without_market_caps_the_trade_ranks_them_and_that_is_said() -> None:
    unverified = CoinMatch(coin=None, note="no coin is called so")
    near = replace(RULES, trade_rank=replace(RULES.trade_rank, low=Decimal(2)))

    universe = chosen(caps={LAYER: unverified, PEPE: cap(None)}, rules=near)

    assert universe.symbols == (LAYER, PEPE)
    assert [each.size.by for each in universe.chosen] == [RankedBy.TRADE] * 2
    assert [each.size.rank for each in universe.chosen] == [Decimal("2.5"), Decimal("2.5")]


def test_what_an_admin_has_put_in_is_watched_whatever_speaks_against_it() -> None:
    universe = chosen({f"{PAIR}{BTC}": IN})

    assert universe.symbols == (BTC, LAYER, PEPE)
    btc = universe.chosen[0]
    assert btc.by_admin
    assert [why.code for why in btc.despite] == [RemovalCode.VOLUME, RemovalCode.SIZE_RANK]
    assert not universe.chosen[1].by_admin


def test_what_an_admin_has_taken_off_is_not() -> None:
    universe = chosen({f"{PAIR}{LAYER}": OUT})

    assert universe.symbols == (PEPE,)
    assert reasons(universe)[LAYER] == ["PAIR_OFF"]


def test_a_pair_of_which_nothing_is_known_can_be_put_in() -> None:
    listings = replace(LISTINGS, listed=(listing("NEW", listed_at=None),))
    universe = chosen({f"{PAIR}NEW/USDT:USDT": IN}, listings=listings)

    assert universe.symbols == ("NEW/USDT:USDT",)
    assert universe.chosen[0].unchecked == ("depth", "age")
    assert universe.chosen[0].size.by is RankedBy.NOTHING


def test_a_pair_that_the_venue_does_not_list_cannot_be_put_in() -> None:
    (removal, _) = chosen({f"{PAIR}AAA/USDT:USDT": IN}).removed

    assert removal.symbol == "AAA/USDT:USDT"
    assert removal.reasons[0].code is RemovalCode.NOT_LISTED
    assert removal.reasons[0].note == "an admin has put it in, but the venue does not list it"


def test_a_pair_that_cannot_be_opened_cannot_be_put_in_either() -> None:
    listings = listings_of("bingx", parsed("bingx", bingx_contract(status=25)))

    (removal,) = chosen({f"{PAIR}{LAYER}": IN}, listings=listings).removed

    assert removal.reasons[0].note == (
        "an admin has put it in, but NO_OPENING: status is 25: positions can only be closed"
    )


class TestLimit:
    def test_beyond_it_those_of_lower_volume_go(self) -> None:
        universe = chosen(rules=replace(RULES, most_pairs=1))

        assert universe.symbols == (PEPE,)
        assert reasons(universe)[LAYER] == ["BEYOND_LIMIT"]

    def test_whom_an_admin_has_put_in_comes_first_and_stays(self) -> None:
        universe = chosen({f"{PAIR}{LAYER}": IN}, rules=replace(RULES, most_pairs=1))
        assert universe.symbols == (LAYER,)
        assert reasons(universe)[PEPE] == ["BEYOND_LIMIT"]

        both = {f"{PAIR}{LAYER}": IN, f"{PAIR}{BTC}": IN}
        assert chosen(both, rules=replace(RULES, most_pairs=1)).symbols == (BTC, LAYER)


def test_every_listed_pair_is_either_chosen_or_removed_with_a_reason() -> None:
    universe = chosen({f"{PAIR}{LAYER}": OUT}, rules=replace(RULES, most_pairs=1))

    assert {*universe.symbols, *reasons(universe)} == {LAYER, PEPE, BTC}
    assert all(each.reasons for each in universe.removed)
