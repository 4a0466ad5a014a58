import pytest
from fakes.generated_world import GeneratedFeed

from signalbot.analysis.btc_context import BtcRules, btc_context
from signalbot.domain.alert import Alert
from signalbot.domain.panel import Panel, build_panel
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.rules import Rules
from signalbot.domain.timeframe import M1
from signalbot.risk.publication import Published
from signalbot.sandbox.coins import BITCOIN
from signalbot.sandbox.market import GeneratedMarket, generate
from signalbot.service.decide import Desk
from signalbot.service.gathering import PANEL_ROWS, Gathering, btc_state, closed_minute
from signalbot.service.minute import Minute
from signalbot.service.publish import decide_minute
from signalbot.service.replay import minutes
from signalbot.setups.catalogue import setups_for
from signalbot.setups.scanner import scan

SETUPS = setups_for(M1, Rules(), BtcRules(), REFERENCE_PROFILE)
FIRST = 2_000


@pytest.fixture(scope="module")
def market() -> GeneratedMarket:
    return generate(seed=3, pairs=8, minutes=3_200)


@pytest.fixture(scope="module")
def panel(market: GeneratedMarket) -> Panel:
    return build_panel({s: c for s, c in market.series.items() if s != BITCOIN.symbol}, M1)


@pytest.fixture(scope="module")
def feed(market: GeneratedMarket, panel: Panel) -> GeneratedFeed:
    return GeneratedFeed(market, panel, market.series[BITCOIN.symbol])


@pytest.fixture(scope="module")
def replayed(market: GeneratedMarket, panel: Panel) -> list[Minute]:
    context = btc_context(market.series[BITCOIN.symbol], BtcRules())
    spread_of = lambda symbol, row: market.book(symbol, row).spread  # noqa: E731
    return list(minutes(panel, scan(panel, SETUPS, FIRST), context, FIRST, spread_of))


def decided(minute: Minute, market: GeneratedMarket) -> tuple[list[Alert], list[str]]:
    desk = Desk(
        venue="simulated",
        instruments=market.instruments,
        profile=REFERENCE_PROFILE,
        rules=Rules(),
    )
    nothing = Published(open_bets=frozenset(), last_of={}, times=[])
    decision = decide_minute(minute, nothing, {}, desk, minute.close_time)
    return list(decision.alerts), sorted(each.message for each in decision.refused)


class TestClosedMinute:
    def test_it_decides_what_a_replay_of_the_same_candles_decides(self, market, feed, replayed):
        busy = [minute for minute in replayed if minute.matches]

        assert len(busy) > 50
        assert any(decided(minute, market)[0] for minute in busy)
        for minute in busy:
            live = closed_minute(feed, SETUPS, minute.close_time)
            assert decided(live, market) == decided(minute, market)

    def test_a_minute_without_a_match_has_its_extremes_and_no_context(self, feed, replayed):
        quiet = next(minute for minute in replayed if not minute.matches)
        live = closed_minute(feed, SETUPS, quiet.close_time)

        assert (live.open_time, live.close_time) == (quiet.open_time, quiet.close_time)
        assert live.high.tolist() == quiet.high.tolist()
        assert live.low.tolist() == quiet.low.tolist()
        assert live.btc is None
        assert live.spreads == {}

    def test_it_looks_at_nothing_after_its_close(self, market, panel, feed, replayed):
        minute = next(minute for minute in replayed if minute.matches)
        rows = panel.row_of(minute.open_time) + 1
        cut = GeneratedFeed(
            market,
            panel.rows(0, rows),
            market.series[BITCOIN.symbol].between(None, minute.close_time),
        )

        live = closed_minute(feed, SETUPS, minute.close_time)
        assert decided(closed_minute(cut, SETUPS, minute.close_time), market) == decided(
            live, market
        )

    def test_a_young_market_is_seen_as_far_as_it_goes(self, panel, feed):
        close = int(panel.close_time[10])

        assert closed_minute(feed, SETUPS, close).matches == []
        assert len(feed.panel(close, PANEL_ROWS).open_time) == 11


class TestBtcState:
    def test_it_is_unknown_while_btc_warms_up(self, panel, feed):
        assert btc_state(feed, M1, int(panel.close_time[100])) is None
        assert btc_state(feed, M1, int(panel.close_time[2_000])) is not None


class TestGathering:
    def test_pairs_in_any_order_and_company_make_the_same_minute(self, market, feed, replayed):
        for minute in [each for each in replayed if each.matches][:20]:
            gathering = Gathering(feed, SETUPS, minute.close_time)
            found = [
                match for symbol in reversed(feed.symbols) for match in gathering.match([symbol])
            ]

            whole = closed_minute(feed, SETUPS, minute.close_time)
            assert sorted(found, key=str) == sorted(whole.matches, key=str)
            assert gathering.minute().matches == whole.matches
            assert gathering.count == len(whole.matches)

    def test_a_pair_is_looked_at_once(self, feed, replayed):
        minute = next(each for each in replayed if each.matches)
        gathering = Gathering(feed, SETUPS, minute.close_time)
        first = gathering.match(feed.symbols)

        assert first
        assert gathering.match(feed.symbols) == []
        assert gathering.matched == set(feed.symbols)

    def test_of_pairs_that_did_not_close_nothing_is_said(self, feed, replayed):
        minute = next(each for each in replayed if each.matches)
        late = minute.matches[0].symbol
        gathering = Gathering(feed, SETUPS, minute.close_time)
        gathering.match([each for each in feed.symbols if each != late])

        assert late not in {match.symbol for match in gathering.minute().matches}
