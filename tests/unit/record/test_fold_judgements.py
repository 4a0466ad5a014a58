"""What the fold knows beside the alerts: corrections, states, baselines, checkpoints."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from fakes.hand_written import START, HandWritten

from signalbot.domain.alert import Alert, SetupState
from signalbot.domain.baseline import Baseline
from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.timeframe import DAY_MS, HOUR_MS
from signalbot.record.bodies import checkpoint_body
from signalbot.record.entries import EntryType
from signalbot.record.fold import CORRECTABLE_MS, Tally
from signalbot.record.judgement_bodies import baseline_body, state_body

AlertMaker = Callable[..., Alert]
SETUP = ("range_breakout", "1.0.0-0badcafe")
BASELINE = Baseline(
    day="2026-01-01",
    setup=SETUP[0],
    version=SETUP[1],
    n=3,
    left_out=0,
    observed_mean_r=Decimal("-0.1"),
    twins_mean_r=Decimal("-0.12"),
    inverse_mean_r=Decimal("-0.2"),
    p_value=Decimal("0.4"),
    seed=7,
    twin_sums=(-3000, 12),
)


@pytest.fixture
def ledger() -> HandWritten:
    return HandWritten()


@pytest.fixture
def stopped(ledger: HandWritten, make_alert: AlertMaker) -> tuple[int, int]:
    """Numbers of a published alert and of its outcome, a stop."""
    seq = ledger.alert(make_alert())
    ledger.published(seq, START + 2_600)
    return seq, ledger.outcome(seq, OutcomeKind.STOP, "-1.1")


def test_a_correction_takes_the_place_of_an_outcome_in_the_statistics(
    ledger: HandWritten, stopped: tuple[int, int]
) -> None:
    seq, outcome = stopped
    assert ledger.state.tally(*SETUP) == Tally(wins=0, decided=1)

    ledger.correction(seq, outcome, OutcomeKind.TARGET, "0.9")

    assert ledger.state.settled[seq].kind is OutcomeKind.TARGET
    assert ledger.state.settled[seq].net_r == 0.9
    assert ledger.state.settled[seq].published_at == START + 2_600
    assert ledger.state.tally(*SETUP) == Tally(wins=1, decided=1)
    assert ledger.state.corrections == 1


def test_the_newest_of_two_corrections_counts(
    ledger: HandWritten, stopped: tuple[int, int]
) -> None:
    seq, outcome = stopped
    first = ledger.correction(seq, outcome, OutcomeKind.TARGET, "0.9")

    second = ledger.correction(seq, first, OutcomeKind.VOID_LATE, None)

    assert ledger.state.settled[seq].kind is OutcomeKind.VOID_LATE
    assert ledger.state.tally(*SETUP) == Tally(wins=0, decided=0)
    assert ledger.state.corrections == 2
    assert ledger.state.ended[seq].newest == second


def test_what_ended_is_remembered_as_it_stood_with_its_newest_body(
    ledger: HandWritten, stopped: tuple[int, int], make_alert: AlertMaker
) -> None:
    seq, outcome = stopped
    end = ledger.state.ended[seq]
    assert end.standing.alert == make_alert()
    assert end.standing.published_at == START + 2_600
    assert (end.at, end.newest) == (START, outcome)
    assert end.body == ledger.entries[outcome - 1].body

    ledger.now += HOUR_MS
    newest = ledger.correction(seq, outcome, OutcomeKind.TARGET, "0.9")

    end = ledger.state.ended[seq]
    assert (end.at, end.newest) == (START, newest)
    assert end.body == ledger.entries[newest - 1].body


def test_what_ended_long_ago_is_forgotten_with_the_next_outcome(
    ledger: HandWritten, stopped: tuple[int, int], make_alert: AlertMaker
) -> None:
    first, outcome = stopped
    later = []
    for now in (START + CORRECTABLE_MS - 1, START + CORRECTABLE_MS):
        ledger.now = now
        later.append(ledger.alert(make_alert()))
        assert first in ledger.state.ended
        ledger.outcome(later[-1], OutcomeKind.NOT_PUBLISHED, None)

    assert list(ledger.state.ended) == later
    ledger.correction(first, outcome, OutcomeKind.TARGET, "0.9")
    assert list(ledger.state.ended) == later
    assert ledger.state.settled[first].kind is OutcomeKind.TARGET


def test_a_setup_version_is_in_the_state_that_was_recorded_last(ledger: HandWritten) -> None:
    unproven, proven, losing = SetupState.UNPROVEN, SetupState.PROVEN, SetupState.LOSING
    ledger.write(EntryType.RULES, {"gates": {}})
    assert ledger.state.states == {}

    ledger.write(EntryType.RULES, state_body(*SETUP, unproven, proven, {"n": 100}))
    ledger.write(EntryType.RULES, state_body("other", "1", unproven, proven, {"n": 100}))
    ledger.write(EntryType.RULES, state_body(*SETUP, proven, losing, {"n": 200}))

    assert ledger.state.states == {SETUP: losing, ("other", "1"): proven}


def test_baselines_are_kept_in_their_order(ledger: HandWritten) -> None:
    ledger.write(EntryType.BASELINE, baseline_body(BASELINE))
    ledger.write(EntryType.BASELINE, baseline_body(BASELINE))

    assert ledger.state.baselines == [BASELINE, BASELINE]


def test_the_day_of_the_newest_checkpoint_is_known(ledger: HandWritten) -> None:
    assert ledger.state.checkpoint_day is None

    for days in range(2):
        ledger.now = START + days * DAY_MS
        body = checkpoint_body(f"2026-01-0{days + 1}", 0, "00" * 32, "00" * 32)
        ledger.write(EntryType.CHECKPOINT, body)

    assert ledger.state.checkpoint_day == "2026-01-02"
