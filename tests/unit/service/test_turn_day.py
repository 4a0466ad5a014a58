import pytest
from fakes.stage import CLOSE, DEAR, LAYER, TOY, Stage

from signalbot.domain.alert import SetupState
from signalbot.domain.timeframe import DAY_MS
from signalbot.record.entries import EntryType
from signalbot.service.turn_day import close_record, is_new_day, states_of, turn_day


@pytest.fixture
def turned(stage: Stage) -> Stage:
    turn_day(stage.recording, stage.refusals, stage.desk, "1m", CLOSE)
    return stage


def test_a_record_begins_with_a_new_day(stage: Stage) -> None:
    assert is_new_day(stage.recording, CLOSE)


def test_a_day_is_new_until_its_universe_is_frozen(turned: Stage) -> None:
    midnight = CLOSE - CLOSE % DAY_MS + DAY_MS

    assert not is_new_day(turned.recording, CLOSE)
    assert not is_new_day(turned.recording, midnight - 1)
    assert is_new_day(turned.recording, midnight)


def test_the_first_day_has_no_refusals_to_close(turned: Stage) -> None:
    (universe,) = turned.ledger.entries()

    assert universe.type is EntryType.UNIVERSE
    assert universe.body["symbols"] == [DEAR, LAYER, TOY]


def test_a_later_day_closes_the_one_before_even_if_nothing_was_refused(turned: Stage) -> None:
    turn_day(turned.recording, turned.refusals, turned.desk, "1m", CLOSE + 2 * DAY_MS)

    _, refusals, universe = turned.ledger.entries()
    assert dict(refusals.body) == {"day": "2025-05-04", "counts": {}}
    assert universe.body["day"] == "2025-05-06"


def test_the_end_of_a_recording_closes_its_last_day(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match(symbol=DEAR)])

    close_record(stage.recording, stage.refusals, CLOSE)

    closing = list(stage.ledger.entries())[-1]
    assert closing.type is EntryType.REFUSALS
    assert dict(closing.body) == {"day": "2025-05-04", "counts": {"COST_TOO_HIGH": 1}}


def test_a_record_that_never_saw_a_day_is_not_closed(stage: Stage) -> None:
    close_record(stage.recording, stage.refusals, CLOSE)

    assert stage.ledger.head.seq == 0


def test_every_setup_begins_unproven(stage: Stage) -> None:
    states = states_of(stage.recording, stage.setups)

    assert set(states) == {(setup.name, setup.version) for setup in stage.setups}
    assert set(states.values()) == {SetupState.UNPROVEN}
