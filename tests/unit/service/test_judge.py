import pytest
from fakes.stage import CLOSE, Stage

from signalbot.domain.alert import SetupState
from signalbot.domain.timeframe import DAY_MS
from signalbot.record.entries import EntryType
from signalbot.service.judge import judge, state_draft

LOSES = [0.9, -1.1, -1.1] * 40
WINS = [0.9, 0.9, 0.9, -1.1] * 40


def judged(stage: Stage) -> dict[str, SetupState]:
    return {change.setup: change.state for change in judge(stage.recording, stage.setups)}


def take_down(stage: Stage) -> None:
    for change in judge(stage.recording, stage.setups):
        stage.recording.append([state_draft(change, CLOSE)])


def state(stage: Stage) -> SetupState:
    return stage.recording.state.state_of(stage.setups[0].name, stage.setups[0].version)


def test_every_setup_begins_unproven_and_nothing_changes(stage: Stage) -> None:
    assert judged(stage) == {}
    assert state(stage) is SetupState.UNPROVEN


@pytest.mark.parametrize(
    ("results", "expected"), [(LOSES, SetupState.LOSING), (WINS, SetupState.PROVEN)]
)
def test_the_record_alone_says_what_a_version_is(
    stage: Stage, results: list[float], expected: SetupState
) -> None:
    stage.settle(results, CLOSE)

    assert judged(stage) == {stage.setups[0].name: expected}


@pytest.mark.parametrize("results", [WINS[:99], [0.9, -1.1] * 20, LOSES[:29]])
def test_too_few_alerts_or_an_open_verdict_leave_it_unproven(
    stage: Stage, results: list[float]
) -> None:
    stage.settle(results, CLOSE)

    assert judged(stage) == {}


def test_a_change_is_recorded_once_with_its_numbers(stage: Stage) -> None:
    stage.settle(LOSES, CLOSE)

    take_down(stage)
    take_down(stage)

    (entry,) = stage.ledger.of(EntryType.RULES)
    change = entry.body["setup_state"]
    assert (change["setup"], change["was"], change["state"]) == (
        stage.setups[0].name,
        "unproven",
        "losing",
    )
    assert (change["figures"]["decided"], change["figures"]["wins"]) == (120, 40)
    assert change["figures"]["verdict"] == "loses"
    assert state(stage) is SetupState.LOSING


def test_a_version_that_lost_stays_suspended_whatever_its_last_alerts_bring(stage: Stage) -> None:
    stage.settle(LOSES, CLOSE)
    take_down(stage)

    stage.settle([3.0] * 400, CLOSE + 30 * DAY_MS)

    assert judged(stage) == {}
    assert state(stage) is SetupState.LOSING


def test_a_version_that_no_longer_beats_its_costs_is_unproven_again(stage: Stage) -> None:
    stage.settle(WINS, CLOSE)
    take_down(stage)

    stage.settle([-1.1, 0.9] * 200, CLOSE + 30 * DAY_MS)

    assert judged(stage) == {stage.setups[0].name: SetupState.UNPROVEN}


def test_setups_are_judged_by_their_own_alerts_only(stage: Stage) -> None:
    stage.settle(LOSES, CLOSE, setup=1)

    assert judged(stage) == {stage.setups[1].name: SetupState.LOSING}
