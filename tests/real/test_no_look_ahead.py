"""On a real month: later candles change nothing, and pairs know nothing of each other.

Every cut scans all candles up to it anew, none is shortened at its beginning: a recursive
indicator remembers where it started.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pytest

from signalbot.analysis.btc_context import BtcContext, BtcRules, btc_context
from signalbot.domain.alert import Alert
from signalbot.domain.instrument import coin
from signalbot.domain.panel import Panel, build_panel
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.rules import Rules
from signalbot.domain.timeframe import M1
from signalbot.market.recorded import RecordedMarket, Selection, load
from signalbot.risk.publication import Published
from signalbot.service.decide import Desk
from signalbot.service.ports import RefusedMatch
from signalbot.service.publish import decide_minute
from signalbot.service.replay import minutes
from signalbot.setups.catalogue import setups_for
from signalbot.setups.scanner import scan
from signalbot.setups.setup import Match

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[2] / ".." / "shared"))
CANDLES = SHARED / "data" / "candles"
VENUE = "binanceusdm"
CUTS = 200
DAY_ROWS = 24 * 60
NO_CAPS = Rules(hour_budget=10**9, day_budget=10**9, repeat_min=0)
SETUPS = setups_for(M1, NO_CAPS, BtcRules(), REFERENCE_PROFILE)
NOTHING_BEFORE = Published(open_bets=frozenset(), last_of={}, times=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The candles of a month, and what a scan of all of them finds."""

    market: RecordedMarket
    matches: Sequence[Match]
    context: BtcContext

    def panel_until(self, close_time: int) -> Panel:
        symbols = self.market.panel.symbols
        everything = len(self.market.panel.open_time)
        series = {
            symbol: self.market.window(pair, close_time, everything)
            for pair, symbol in enumerate(symbols)
        }
        return build_panel(series, M1)


@pytest.fixture(scope="module")
def month() -> Month:
    if not (CANDLES / VENUE / "1m").is_dir():
        pytest.skip("a month of candles needs the shared market data")
    whole = load(Selection(folder=CANDLES, venue=VENUE, timeframe=M1))
    last_of_btc = int(whole.btc.open_time[-1]) + M1.step_ms
    market = load(Selection(folder=CANDLES, venue=VENUE, timeframe=M1, until=last_of_btc))
    return Month(
        market=market,
        matches=scan(market.panel, SETUPS),
        context=btc_context(market.btc, BtcRules()),
    )


@pytest.fixture(scope="module")
def cuts(month: Month) -> list[int]:
    """Half of the cuts anywhere, half right after a candle that fires: there a peek would show."""
    rng = np.random.default_rng(20250504)
    anywhere = rng.choice(month.market.panel.close_time, CUTS // 2, replace=False)
    firing = rng.choice([match.candle_close for match in month.matches], CUTS // 2, replace=False)
    return sorted([*anywhere.tolist(), *firing.tolist()])


def test_the_month_is_worth_the_test(month):
    assert month.market.panel.shape[1] == 8
    assert len(month.matches) > 2_000
    assert month.context.halted.any()


def test_no_match_changes_when_later_candles_are_cut_off(month, cuts):
    # Every tenth scan is compared from its beginning, the others over their last day: indicators
    # are computed of the whole prefix every time, but fewer matches are built.
    for number, cut in enumerate(cuts):
        panel = month.panel_until(cut)
        rows = len(panel.open_time)
        first_row = 0 if number % 10 == 0 else max(rows - DAY_ROWS, 0)

        known_then = scan(panel, SETUPS, first_row)

        assert known_then == [match for match in month.matches if first_row <= match.row < rows]


def test_no_state_of_btc_changes_when_its_later_candles_are_cut_off(month, cuts):
    for cut in cuts:
        known_then = btc_context(month.market.btc.between(None, cut), BtcRules())

        rows = len(known_then.close_time)
        for field in fields(BtcContext):
            known = getattr(month.context, field.name)[:rows]
            np.testing.assert_array_equal(getattr(known_then, field.name), known)
        assert known_then.at(cut) == month.context.at(cut)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_names_and_order_of_pairs_change_nothing_but_names(month, seed):
    panel = month.market.panel
    order = np.random.default_rng(seed).permutation(panel.shape[1]).tolist()
    names = {f"Q{new}X/USDT:USDT": panel.symbols[old] for new, old in enumerate(order)}
    last = int(panel.close_time[-1])
    series = {
        new: month.market.window(panel.symbols.index(old), last, len(panel.open_time))
        for new, old in names.items()
    }
    renamed = build_panel(series, M1)
    instruments = {
        new: replace(month.market.instruments[old], symbol=new) for new, old in names.items()
    }
    same_names = {symbol: symbol for symbol in panel.symbols}

    matches = scan(renamed, SETUPS)

    assert _by_minute(matches, names) == _by_minute(month.matches, same_names)
    decided = dict(_decided(renamed, matches, month.context, instruments, names))
    before = dict(
        _decided(panel, month.matches, month.context, month.market.instruments, same_names)
    )
    assert decided == before
    assert sum(isinstance(verdict, Alert) for verdict in decided.values()) > 100


Key = tuple[int, str, str, str]
"""Candle close, symbol, setup and side."""


def _by_minute(matches: Sequence[Match], names: Mapping[str, str]) -> dict[Key, Match]:
    found = {
        (match.candle_close, names[match.symbol], match.setup.name, match.side.value): replace(
            match, symbol=names[match.symbol], pair=0
        )
        for match in matches
    }
    assert len(found) == len(matches)
    return found


def _decided(
    panel: Panel,
    matches: Sequence[Match],
    context: BtcContext,
    instruments: Mapping,
    names: Mapping[str, str],
) -> Iterator[tuple[Key, Alert | tuple[str, str]]]:
    desk = Desk(venue=VENUE, instruments=instruments, profile=REFERENCE_PROFILE, rules=NO_CAPS)
    for minute in minutes(panel, matches, context, 0):
        if not minute.matches:
            continue
        now = minute.close_time + NO_CAPS.decision_delay_ms
        decision = decide_minute(minute, NOTHING_BEFORE, {}, desk, now)
        for alert in decision.alerts:
            symbol = names[alert.plan.symbol]
            plan = replace(alert.plan, id="", symbol=symbol)
            key = (minute.close_time, symbol, alert.setup, plan.side.value)
            yield key, replace(alert, plan=plan)
        for refused in decision.refused:
            symbol = names[refused.symbol]
            key = (minute.close_time, symbol, refused.setup, refused.side.value)
            yield key, (refused.code.value, _renamed(refused, symbol))


def _renamed(refused: RefusedMatch, symbol: str) -> str:
    return refused.message.replace(coin(refused.symbol), coin(symbol))
