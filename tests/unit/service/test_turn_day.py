import pytest
from fakes.stage import CLOSE, DEAR, LAYER, TOY, Stage

from signalbot.domain.alert import SetupState
from signalbot.domain.timeframe import DAY_MS
from signalbot.record.entries import EntryType
from signalbot.service.turn_day import Turned, close_record, is_new_day, turn_day

LOSES = [0.9, -1.1, -1.1] * 40
MIDNIGHT = CLOSE - CLOSE % DAY_MS + DAY_MS


def turn(stage: Stage, now: int) -> Turned:
    return turn_day(stage.recording, stage.history, stage.refusals, stage.desk, stage.setups, now)


@pytest.fixture
def turned(stage: Stage) -> Stage:
    turn(stage, CLOSE)
    return stage


def types(stage: Stage) -> list[EntryType]:
    return [entry.type for entry in stage.ledger.entries()]


def test_a_record_begins_with_a_new_day(stage: Stage) -> None:
    assert is_new_day(stage.recording, CLOSE)


def test_a_day_is_new_until_its_universe_is_frozen(turned: Stage) -> None:
    assert not is_new_day(turned.recording, CLOSE)
    assert not is_new_day(turned.recording, MIDNIGHT - 1)
    assert is_new_day(turned.recording, MIDNIGHT)


def test_the_first_day_has_nothing_to_close(stage: Stage) -> None:
    first = turn(stage, CLOSE)

    (universe,) = stage.ledger.entries()
    assert universe.type is EntryType.UNIVERSE
    assert universe.body["symbols"] == [DEAR, LAYER, TOY]
    assert first == Turned(checkpoint=None, changes=())


def test_a_later_day_closes_the_one_before_even_if_nothing_was_refused(turned: Stage) -> None:
    later = turn(turned, CLOSE + 2 * DAY_MS)

    _, checkpoint, refusals, universe = turned.ledger.entries()
    assert dict(refusals.body) == {"day": "2025-05-04", "counts": {}}
    assert universe.body["day"] == "2025-05-06"
    assert checkpoint == later.checkpoint
    assert (checkpoint.body["day"], checkpoint.body["size"]) == ("2025-05-04", 1)


def test_a_day_is_turned_in_one_transaction(turned: Stage) -> None:
    turned.settle(LOSES, CLOSE, apart=1)
    before = turned.ledger.transactions

    turn(turned, MIDNIGHT + 2 * DAY_MS)

    assert turned.ledger.transactions == before + 1
    assert types(turned)[-5:] == [
        EntryType.CHECKPOINT,
        EntryType.REFUSALS,
        EntryType.BASELINE,
        EntryType.RULES,
        EntryType.UNIVERSE,
    ]


def test_a_setup_that_loses_is_suspended_when_the_day_turns(turned: Stage) -> None:
    turned.settle(LOSES, CLOSE, apart=1)

    (change,) = turn(turned, MIDNIGHT).changes

    assert (change.was, change.state) == (SetupState.UNPROVEN, SetupState.LOSING)
    setup = turned.setups[0]
    assert turned.recording.state.state_of(setup.name, setup.version) is SetupState.LOSING


def test_baselines_come_when_the_day_after_is_known(turned: Stage) -> None:
    turned.settle([0.9], CLOSE)

    turn(turned, MIDNIGHT)
    assert turned.ledger.of(EntryType.BASELINE) == []

    turn(turned, MIDNIGHT + DAY_MS)
    (baseline,) = turned.ledger.of(EntryType.BASELINE)
    assert (baseline.body["day"], baseline.body["setup"]) == ("2025-05-04", turned.setups[0].name)
    assert (baseline.body["n"], baseline.body["left_out"]) == (0, 1)  # it has no candles here


def test_after_a_pause_every_day_gets_its_baselines_once(turned: Stage) -> None:
    turned.settle([0.9, -1.1], CLOSE, apart=24 * 60)

    turn(turned, MIDNIGHT + 4 * DAY_MS)
    turn(turned, MIDNIGHT + 5 * DAY_MS)

    days = [entry.body["day"] for entry in turned.ledger.of(EntryType.BASELINE)]
    assert days == ["2025-05-04", "2025-05-05"]


def test_the_end_of_a_recording_closes_its_last_day(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match(symbol=DEAR)])

    close_record(stage.recording, stage.refusals, CLOSE)

    closing = list(stage.ledger.entries())[-1]
    assert closing.type is EntryType.REFUSALS
    assert dict(closing.body) == {"day": "2025-05-04", "counts": {"COST_TOO_HIGH": 1}}


def test_a_record_that_never_saw_a_day_is_not_closed(stage: Stage) -> None:
    close_record(stage.recording, stage.refusals, CLOSE)

    assert stage.ledger.head.seq == 0
