import json
from dataclasses import replace

import pytest

from signalbot.domain.alert import SetupState
from signalbot.record.judgement_bodies import state_body
from signalbot.stats.performance import Performance, performance
from signalbot.stats.sample import Sample
from signalbot.stats.state import MIN_PROVEN, figures_of, state_of
from signalbot.stats.verdict import Verdict

NOBODY = performance(Sample.of([]), seed=0)
SHOWN = replace(
    NOBODY,
    decided=294,
    wins=129,
    win_rate=129 / 294,
    always_valid_95=(0.344, 0.538),
    breakeven_win_rate=0.472,
    expectancy_r=-0.21,
    expectancy_r_95=(-0.33, -0.09),
    n_effective=201.5,
    verdict=Verdict.LOSES,
)


@pytest.mark.parametrize(
    ("verdict", "decided", "state"),
    [
        (Verdict.NOT_ENOUGH_DATA, 29, SetupState.UNPROVEN),
        (Verdict.UNDECIDED, 5_000, SetupState.UNPROVEN),
        (Verdict.LOSES, 30, SetupState.LOSING),
        (Verdict.BEATS_COSTS, MIN_PROVEN - 1, SetupState.UNPROVEN),
        (Verdict.BEATS_COSTS, MIN_PROVEN, SetupState.PROVEN),
    ],
)
def test_a_state_follows_from_verdict_and_count(
    verdict: Verdict, decided: int, state: SetupState
) -> None:
    assert state_of(replace(SHOWN, verdict=verdict, decided=decided)) is state


def test_a_suspension_is_published_with_its_numbers() -> None:
    assert figures_of(SHOWN) == {
        "decided": 294,
        "wins": 129,
        "always_valid_95": ["0.3440000000", "0.5380000000"],
        "breakeven_win_rate": "0.4720000000",
        "expectancy_r": "-0.2100000000",
        "expectancy_r_95": ["-0.3300000000", "-0.0900000000"],
        "n_effective": "201.5000000000",
        "verdict": "loses",
    }


@pytest.mark.parametrize("shown", [NOBODY, SHOWN])
def test_the_numbers_are_json_without_a_float(shown: Performance) -> None:
    body = state_body("reversal", "1", SetupState.UNPROVEN, SetupState.LOSING, figures_of(shown))

    assert json.loads(json.dumps(body), parse_float=pytest.fail) == body
