from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.stage import LAYER, TOY, Stage, decided_at

from signalbot.domain.candles import Candles
from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.timeframe import DAY_MS
from signalbot.outcomes.position import Market
from signalbot.record.entries import EntryType
from signalbot.service.correct import FILLED, REVISED, correct
from signalbot.service.recording import Recording

THROUGH = (100, 101.2, 99.9, 101)
DOWN = (100, 100.1, 98.9, 99)
TONIGHT = decided_at(500)


@pytest.fixture
def gap(stage: Stage) -> Stage:
    """A long whose second held candle is missing: #2 published, a gap since minute 3."""
    stage.pass_minute(0, matches=[stage.match(0, LAYER)])
    stage.pass_minute(1)
    stage.pass_minute(2, {LAYER: None})
    stage.pass_minute(3)
    return stage


@pytest.fixture
def stopped(stage: Stage) -> Stage:
    """A long that is stopped in its second candle."""
    stage.pass_minute(0, matches=[stage.match(0, LAYER)])
    stage.pass_minute(1)
    stage.pass_minute(2, {LAYER: DOWN})
    return stage


def outcomes(stage: Stage) -> list[str]:
    """Return what the record says became of its one alert, first to last."""
    kinds = (EntryType.OUTCOME, EntryType.CORRECTION)
    return [entry.body["outcome"] for entry in stage.ledger.entries() if entry.type in kinds]


def night(stage: Stage, now: int = TONIGHT) -> int:
    return len(correct(stage.recording, stage.history, now))


def test_a_gap_that_was_filled_is_corrected_beside_the_outcome(gap: Stage) -> None:
    assert outcomes(gap) == ["UNRESOLVED_GAP"]
    gap.pass_late(2, {LAYER: THROUGH})

    ((before, now),) = correct(gap.recording, gap.history, TONIGHT)

    assert outcomes(gap) == ["UNRESOLVED_GAP", "TARGET"]
    assert before.body["outcome"] == "UNRESOLVED_GAP"
    assert (now.kind, now.net_r) == (OutcomeKind.TARGET, Decimal(1))
    (correction,) = gap.ledger.of(EntryType.CORRECTION)
    assert correction.body["corrects"] == gap.ledger.of(EntryType.OUTCOME)[0].seq
    assert correction.body["reason"] == FILLED
    (settled,) = gap.recording.state.settled.values()
    assert (settled.kind, settled.net_r) == (OutcomeKind.TARGET, 1.0)


def test_a_revised_candle_that_decides_otherwise_corrects_the_outcome(stopped: Stage) -> None:
    stopped.pass_late(2, {LAYER: THROUGH})

    assert night(stopped) == 1

    assert outcomes(stopped) == ["STOP", "TARGET"]
    assert stopped.ledger.of(EntryType.CORRECTION)[0].body["reason"] == REVISED


def test_a_revised_price_is_a_correction_even_if_it_decides_the_same(stopped: Stage) -> None:
    stopped.pass_late(1, {LAYER: (100, 100.3, 99.8, 100)})

    assert night(stopped) == 1
    assert outcomes(stopped) == ["STOP", "STOP"]


@pytest.mark.parametrize("story", ["gap", "stopped"])
def test_what_nothing_contradicts_is_left_alone(story: str, request: pytest.FixtureRequest) -> None:
    stage: Stage = request.getfixturevalue(story)
    head = stage.ledger.head

    assert night(stage) == 0

    assert stage.ledger.head == head


@pytest.mark.parametrize("story", ["gap", "stopped"])
def test_twice_is_once(story: str, request: pytest.FixtureRequest) -> None:
    stage: Stage = request.getfixturevalue(story)
    stage.pass_late(2, {LAYER: THROUGH})
    night(stage)
    head = stage.ledger.head

    assert night(stage) == 0
    stage.started()
    assert night(stage) == 0

    assert stage.ledger.head == head


def test_a_correction_is_corrected_by_a_later_one(gap: Stage) -> None:
    gap.pass_late(2, {LAYER: THROUGH})
    night(gap)
    gap.pass_late(2, {LAYER: DOWN})

    night(gap)

    first, second = gap.ledger.of(EntryType.CORRECTION)
    assert (first.body["outcome"], second.body["outcome"]) == ("TARGET", "STOP")
    assert second.body["corrects"] == first.seq
    assert second.body["reason"] == REVISED


def test_data_that_show_less_than_before_are_no_news(stopped: Stage) -> None:
    stopped.history.candles[0] = []
    assert night(stopped) == 0

    stopped.pass_minute(9)
    assert night(stopped) == 0

    assert outcomes(stopped) == ["STOP"]


def test_a_gap_that_is_filled_in_part_is_no_news(gap: Stage) -> None:
    gap.pass_late(2, {LAYER: (100, 100.2, 99.8, 100)})

    assert night(gap) == 0


@pytest.mark.parametrize(
    ("story", "days"), [("stopped", 2), ("gap", 7)], ids=["an outcome", "a gap"]
)
def test_late_data_correct_for_a_while(
    story: str, days: int, request: pytest.FixtureRequest
) -> None:
    stage: Stage = request.getfixturevalue(story)
    stage.pass_late(2, {LAYER: THROUGH})
    (end,) = stage.recording.state.ended.values()

    assert night(stage, end.at + days * DAY_MS + 1) == 0
    assert night(stage, end.at + days * DAY_MS) == 1


def test_what_nobody_was_sent_has_no_candles(stage: Stage) -> None:
    stage.messenger.is_available = False
    stage.pass_minute(0, matches=[stage.match(0, LAYER)])
    stage.pass_minute(6)
    assert outcomes(stage) == ["NOT_PUBLISHED"]

    assert night(stage) == 0


def test_a_pair_that_is_watched_no_more_is_left_alone(stopped: Stage) -> None:
    stopped.pass_late(2, {LAYER: THROUGH})
    recording = Recording(stopped.ledger, [TOY])

    assert correct(recording, stopped.history, TONIGHT) == []


class RicherHistory:
    """A history that has come to know more than the candles."""

    def __init__(self, stage: Stage, **more: object) -> None:
        self._stage = stage
        self._more = more

    def market(self, pair: int, since: int, until: int) -> Market:
        return replace(self._stage.history.market(pair, since, until), **self._more)

    def window(self, pair: int, until: int, rows: int) -> Candles:
        return self._stage.history.window(pair, until, rows)


def test_funding_that_became_known_late_is_a_correction_and_stays_one(stopped: Stage) -> None:
    (settled,) = stopped.recording.state.settled.values()
    assert settled.net_r == -1.0
    due = FundingPayment(time=decided_at(1) + 30_000, rate=Decimal("0.001"), price=Decimal(100))

    found = correct(stopped.recording, RicherHistory(stopped, funding=(due,)), TONIGHT)

    assert len(found) == 1
    (settled,) = stopped.recording.state.settled.values()
    assert settled.net_r == -1.1
    assert night(stopped) == 0


def test_finer_candles_that_came_late_order_what_was_ambiguous_and_it_stays_so(
    stage: Stage,
) -> None:
    stage.pass_minute(0, matches=[stage.match(0, LAYER)])
    stage.pass_minute(1)
    stage.pass_minute(2, {LAYER: (100, 101.2, 98.9, 100)})
    assert outcomes(stage) == ["STOP"]
    whole = stage.history.candles[0][-1]
    quiet = replace(whole, high=whole.open, low=whole.open)
    up, down = replace(quiet, high=whole.high), replace(quiet, low=whole.low)
    halves = tuple(
        replace(half, open_time=whole.open_time + place * 30_000)
        for place, half in enumerate((up, down))
    )

    found = correct(
        stage.recording, RicherHistory(stage, finer=halves, finer_step_ms=30_000), TONIGHT
    )

    assert [(now.kind, now.ambiguous) for _, now in found] == [(OutcomeKind.TARGET, False)]
    assert night(stage) == 0
