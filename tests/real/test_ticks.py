"""Real trades against the candles they make: where candles are certain, they are right."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from signalbot.domain.outcome import DECIDED, OutcomeKind
from signalbot.domain.timeframe import M1, M5
from signalbot.market.candle_files import read_candles
from signalbot.outcomes.candle_verdict import is_beyond_stop

PLANS = 5_000


@pytest.fixture(scope="module")
def ticks() -> ModuleType:
    place = Path(__file__).parents[2] / "benchmarks" / "ticks.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_ticks", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not module.TRADES.exists():
        pytest.skip("real trades need the shared market data")
    return module


@pytest.fixture(scope="module", params=[M1, M5], ids=lambda frame: frame.name)
def cases(request: pytest.FixtureRequest, ticks: ModuleType) -> list:
    recorded = ticks.read_ticks(request.param.step_ms)
    return ticks.draw_cases(recorded, PLANS, seed=request.param.minutes)


def test_the_candles_built_of_the_trades_are_those_of_the_venue(ticks: ModuleType) -> None:
    built = {row.open_time: row for row in ticks.read_ticks().market.candles}
    path = ticks.TRADES.with_name("XRP_ETH-1m-2019-10.csv.gz")
    candles = read_candles(path, M1)
    given = [candles.row(row) for row in range(len(candles))]
    # the tape begins inside the first minute and ends inside the last one
    whole = given[1:-1]

    assert [built[row.open_time] for row in whole] == whole
    flat = built.keys() - {row.open_time for row in given}
    assert {built[open_time].volume for open_time in flat} == {0}
    assert len(built) > len(given)


def test_trades_leave_nothing_in_doubt_but_a_minute_without_any_at_a_level(cases: list) -> None:
    doubts = [case for case in cases if case.truth.ambiguous]

    assert len(doubts) < PLANS / 1000
    for case in doubts:
        assert any(row.volume == 0 and row.close == case.plan.target for row in case.truth.evidence)


def test_what_candles_are_certain_of_is_what_the_trades_show(cases: list) -> None:
    certain = [case for case in cases if not case.seen.ambiguous]

    assert len(certain) > PLANS / 2
    assert {case.truth.kind for case in certain} >= DECIDED - {
        OutcomeKind.DELISTED,
        OutcomeKind.UNRESOLVED_GAP,
    }
    for case in certain:
        assert case.seen.kind is case.truth.kind
        assert case.seen.fill_price == case.truth.fill_price
        if case.seen.net_r != case.truth.net_r:  # the trade that stopped it jumped beyond the stop
            assert case.seen.kind is OutcomeKind.STOP
            assert case.truth.net_r < case.seen.net_r


def test_the_truth_of_a_doubt_lies_within_its_bounds_or_beyond_the_stop(cases: list) -> None:
    doubts = [case for case in cases if case.seen.ambiguous]

    assert len(doubts) > PLANS / 50
    for case in doubts:
        is_beyond = is_beyond_stop(case.plan, case.truth.exit_price)
        assert case.truth.net_r <= case.seen.best_net_r
        assert is_beyond or case.truth.net_r >= case.seen.worst_net_r
