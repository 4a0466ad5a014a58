from decimal import Decimal

import numpy as np
import pytest
from fakes.stage import CLOSE, LAYER, TOY, Stage

from signalbot.analysis.btc_context import BtcContext, BtcRules, btc_context
from signalbot.domain.candles import Candles
from signalbot.domain.panel import Panel, build_panel
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.record.entries import EntryType
from signalbot.service.minute import Minute
from signalbot.service.replay import minutes, replay

ROWS = 4


def series(first: int, rows: int) -> Candles:
    price = np.full(rows, 100.0)
    return Candles(
        timeframe=M1,
        open_time=CLOSE + MINUTE_MS * np.arange(first, first + rows, dtype=np.int64),
        open=price,
        high=price + np.arange(1, rows + 1) / 10,
        low=price - 0.2,
        close=price,
        volume=np.ones(rows),
    )


@pytest.fixture
def panel() -> Panel:
    return build_panel({LAYER: series(0, ROWS), TOY: series(1, ROWS - 1)}, M1)


@pytest.fixture
def context() -> BtcContext:
    return btc_context(series(-300, 300 + ROWS), BtcRules())


def test_every_row_from_the_first_on_is_a_minute(panel: Panel) -> None:
    seen = list(minutes(panel, [], None, 1))

    assert [minute.open_time for minute in seen] == [CLOSE + n * MINUTE_MS for n in (1, 2, 3)]
    assert all(minute.close_time == minute.open_time + MINUTE_MS for minute in seen)
    assert seen[0].high.tolist() == [100.2, 100.1]
    assert seen[0].low.tolist() == [99.8, 99.8]


def test_a_pair_without_a_candle_has_no_extremes(panel: Panel) -> None:
    first = next(minutes(panel, [], None, 0))

    assert first.high[0] == 100.1
    assert np.isnan([first.high[1], first.low[1]]).all()


def test_a_match_comes_with_the_minute_that_closes_its_candle(stage: Stage, panel: Panel) -> None:
    early, late, other = stage.match(1), stage.match(3), stage.match(3, TOY)

    seen = list(minutes(panel, [early, late, other], None, 0))

    assert [minute.matches for minute in seen] == [[], [early], [], [late, other]]


def test_btc_is_asked_only_where_there_is_a_match(
    stage: Stage, panel: Panel, context: BtcContext
) -> None:
    seen = list(minutes(panel, [stage.match(2)], context, 0))

    assert [minute.btc for minute in seen] == [None, None, context.at(CLOSE + 3 * MINUTE_MS), None]
    assert seen[2].btc is not None


def test_without_btc_the_context_is_unknown(stage: Stage, panel: Panel) -> None:
    assert [minute.btc for minute in minutes(panel, [stage.match(2)], None, 0)] == [None] * ROWS


def test_spreads_are_asked_for_candidates_only(stage: Stage, panel: Panel) -> None:
    asked: list[tuple[str, int]] = []

    def spread_of(symbol: str, row: int) -> Decimal:
        asked.append((symbol, row))
        return Decimal("0.02")

    matches = [stage.match(2), stage.match(2, TOY)]
    seen = [minute.spreads for minute in minutes(panel, matches, None, 0, spread_of)]

    assert asked == [(LAYER, 2), (TOY, 2)]
    assert seen == [{}, {}, {0: Decimal("0.02"), 1: Decimal("0.02")}, {}]


def test_a_replay_decides_each_minute_a_moment_after_its_close(stage: Stage) -> None:
    passed: list[None] = []
    closed = [stage.minute(0, matches=[stage.match()]), stage.minute(1), stage.minute(2)]

    last = replay(stage.watch, iter(closed), 2_500, lambda: passed.append(None))

    assert last == CLOSE + 2 * MINUTE_MS + 2_500
    assert len(passed) == 3
    (published,) = stage.ledger.of(EntryType.PUBLISHED)
    assert published.body["published_at"] == "2025-05-04T14:32:02.500Z"


def test_a_replay_of_nothing_never_was(stage: Stage) -> None:
    nothing: list[Minute] = []

    assert replay(stage.watch, iter(nothing), 2_500, lambda: None) is None
    assert stage.ledger.head.seq == 0
