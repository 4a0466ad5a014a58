import pytest
from fakes.stage import CLOSE, LAYER, TOY, Stage, decided_at

from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.record.entries import EntryType
from signalbot.service.track import track

STOPPED = (100.0, 100.1, 98.0, 98.5)


@pytest.fixture
def published(stage: Stage) -> Stage:
    stage.pass_minute(0, matches=[stage.match(), stage.match(symbol=TOY)])
    return stage


def test_what_a_minute_decides_is_recorded_in_order_of_the_alerts(published: Stage) -> None:
    minute = published.minute(1, {LAYER: STOPPED, TOY: STOPPED})

    ended = track(minute, published.recording, published.history, decided_at(1))

    assert [standing.seq for standing, _ in ended] == [2, 3]
    assert [outcome.kind for _, outcome in ended] == [OutcomeKind.STOP] * 2
    assert [standing.message_id for standing, _ in ended] == ["m1", "m2"]
    recorded = published.ledger.of(EntryType.OUTCOME)
    assert [entry.body["alert_seq"] for entry in recorded] == [2, 3]
    assert {entry.ts for entry in recorded} == {"2025-05-04T14:33:02.500Z"}


def test_the_evidence_are_the_rows_that_decided(published: Stage) -> None:
    published.pass_minute(1)
    published.pass_minute(2, {LAYER: STOPPED})

    evidence = published.ledger.of(EntryType.OUTCOME)[0].body["evidence"]
    assert evidence["rows"] == [
        f"{CLOSE},100,100.2,99.8,100,1",
        f"{CLOSE + MINUTE_MS},100,100.1,98,98.5,1",
    ]


def test_the_history_is_never_asked_beyond_the_minute(published: Stage) -> None:
    published.pass_minute(1)
    published.pass_minute(2, {LAYER: STOPPED})

    assert published.history.asked
    for _, since, until in published.history.asked:
        assert since == CLOSE
        assert until <= CLOSE + 2 * MINUTE_MS


def test_a_minute_that_decides_nothing_records_nothing(published: Stage) -> None:
    head = published.ledger.head

    assert track(published.minute(1), published.recording, published.history, decided_at(1)) == []
    assert published.ledger.head == head


def test_a_minute_tracked_twice_records_its_outcomes_once(published: Stage) -> None:
    minute = published.minute(1, {LAYER: STOPPED})
    track(minute, published.recording, published.history, decided_at(1))
    head = published.ledger.head

    assert track(minute, published.recording, published.history, decided_at(1)) == []
    assert published.ledger.head == head


def test_missing_candles_leave_a_gap_that_counts_as_a_stop(published: Stage) -> None:
    published.pass_minute(1)
    published.pass_minute(2, {LAYER: None})
    published.pass_minute(3)

    (outcome,) = published.ledger.of(EntryType.OUTCOME)
    assert (outcome.body["outcome"], outcome.body["net_r"]) == ("UNRESOLVED_GAP", "-1.0000000000")


def test_an_alert_on_a_contract_that_is_delisted_ends_although_no_candle_follows(
    published: Stage,
) -> None:
    for number in (1, 2):
        published.pass_minute(number)
    silent = {LAYER: None, TOY: None}
    published.pass_minute(3, silent)
    assert published.ledger.of(EntryType.OUTCOME) == []

    published.history.delisted = {0: CLOSE + 2 * MINUTE_MS}
    published.pass_minute(4, silent)

    (outcome,) = published.ledger.of(EntryType.OUTCOME)
    assert (outcome.body["alert_seq"], outcome.body["outcome"]) == (2, "DELISTED")


def test_time_runs_out_an_hour_after_publication(published: Stage) -> None:
    for number in range(1, 63):
        published.pass_minute(number)

    layer, toy = published.ledger.of(EntryType.OUTCOME)
    assert (layer.body["outcome"], layer.body["net_r"]) == ("EXPIRED", "0.0000000000")
    # published at 14:32:02.5, over at 15:32:02.5: the first candle after opens at 15:33
    assert layer.body["exit_at"] == toy.body["exit_at"] == "2025-05-04T15:33:00.000Z"
    assert toy.body["net_r"] == "-0.1000000000"  # two fees of 0.05 % on 100
