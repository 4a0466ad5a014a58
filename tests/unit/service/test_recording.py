import pytest
from fakes.stage import CLOSE, DEAR, LAYER, TOY, Stage, decided_at

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.errors import RecordError
from signalbot.record.bodies import published_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.outcome_bodies import outcome_body
from signalbot.service.publish import decide_minute, publish, published_before
from signalbot.service.recording import Recording


def published(seq: int) -> Draft:
    body = published_body(seq, CLOSE + 2_500, "m1", 1)
    return Draft(type=EntryType.PUBLISHED, ts=CLOSE, body=body)


def ended(seq: int, kind: OutcomeKind) -> Draft:
    body = outcome_body(seq, Outcome(kind=kind))
    return Draft(type=EntryType.OUTCOME, ts=CLOSE, body=body)


def record_alert(stage: Stage, symbol: str = LAYER) -> str:
    minute = stage.minute(0, matches=[stage.match(symbol=symbol)])
    now = decided_at(0)
    decision = decide_minute(minute, published_before(stage.recording, now), {}, stage.desk, now)
    (entry,) = publish(decision, minute, stage.recording, stage.history, now)
    return str(entry.body["id"])


def test_nothing_to_append_asks_nothing_of_the_ledger(stage: Stage) -> None:
    assert stage.recording.append([]) == ()
    assert stage.ledger.head.seq == 0


def test_what_is_appended_is_folded_in_at_once(stage: Stage) -> None:
    alert_id = record_alert(stage)

    assert stage.recording.has_alert(alert_id)
    assert not stage.recording.has_alert("another")
    assert [standing.seq for standing in stage.recording.state.pending()] == [1]


def test_an_alert_is_on_the_board_from_its_publication_to_its_outcome(stage: Stage) -> None:
    record_alert(stage, TOY)
    board = stage.recording.board
    assert 1 not in board

    stage.recording.append([published(1)])
    assert 1 in board
    next_minute = stage.minute(1)
    (alert,) = board.concerned(CLOSE, next_minute.high, next_minute.low)
    assert (alert.pair, alert.published_at) == (1, CLOSE + 2_500)

    stage.recording.append([ended(1, OutcomeKind.VOID_LATE)])
    assert 1 not in board
    assert stage.recording.state.pending() == []


def test_an_alert_that_was_never_published_ends_without_having_been_on_the_board(
    stage: Stage,
) -> None:
    alert_id = record_alert(stage)

    stage.recording.append([ended(1, OutcomeKind.NOT_PUBLISHED)])

    assert len(stage.recording.board) == 0
    assert stage.recording.has_alert(alert_id)


def test_a_refused_append_leaves_the_state_as_it_was(stage: Stage) -> None:
    record_alert(stage)
    stage.recording.append([published(1)])

    with pytest.raises(RecordError, match="the publication of alert #1 is recorded already"):
        stage.recording.append([ended(1, OutcomeKind.VOID_LATE), published(1)])

    assert stage.ledger.head.seq == 2
    assert 1 in stage.recording.board
    assert stage.recording.state.standing[1].message_id == "m1"


def test_the_seed_follows_the_head(stage: Stage) -> None:
    assert stage.recording.seed == 0

    record_alert(stage)

    assert stage.recording.seed == int(stage.ledger.head.hash[:16], 16)


def test_each_coin_is_watched_in_its_own_column(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match(symbol=LAYER), stage.match(symbol=TOY)])
    stage.pass_minute(1, {LAYER: (100, 100.1, 98, 98.5), DEAR: (100, 200, 1, 100)})

    (outcome,) = stage.ledger.of(EntryType.OUTCOME)
    about = outcome.body["alert_seq"]
    alert = next(entry for entry in stage.ledger.entries() if entry.seq == about)
    assert alert.body["symbol"] == LAYER


def test_an_open_alert_of_a_symbol_that_is_not_watched_waits(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match(symbol=LAYER), stage.match(symbol=TOY)])

    recording = Recording(stage.ledger, [TOY])

    assert len(recording.board) == 1
    assert len(recording.state.standing) == 2
    assert len(Recording(stage.ledger, [TOY, LAYER]).board) == 2
