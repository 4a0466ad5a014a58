from dataclasses import replace

import pytest

from signalbot.domain.alert import SetupState
from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.domain.timeframe import HOUR_MS
from signalbot.rendering.state_text import state_text
from signalbot.stats.performance import summarise
from signalbot.stats.sample import Sample

# 129 of 294 won: always-valid 34-54 %, as in the worked example of the statistics
SHOWN = summarise(
    Sample.of(
        Settled(
            alert_id=f"{row:04}",
            setup="rsi_stochastic_reversal",
            version="1.9f3ca1b2",
            symbol="LAYER/USDT:USDT",
            side="long",
            published_at=row * HOUR_MS,
            kind=OutcomeKind.EXPIRED,
            net_r=0.9 if row < 129 else -1.1,
            breakeven_win_rate=0.472,
        )
        for row in range(294)
    ),
    (-0.33, -0.09),
)
NUMBERS = [
    "Won after costs: 129 of 294 = 43.9 % (95 %, safe to read daily: 34-54 %)",
    "Needed to break even: 47.2 %",
    "Net per alert: -0.22 R (-0.33 to -0.09)",
]


def told(state: SetupState) -> list[str]:
    return state_text("rsi_stochastic_reversal", "1.9f3ca1b2", state, SHOWN).splitlines()


@pytest.mark.parametrize("state", list(SetupState))
def test_every_change_of_state_is_told_with_its_numbers(state: SetupState) -> None:
    first, *numbers, last = told(state)

    assert first.startswith("RSI-Stochastic reversal v1 ")
    assert numbers == NUMBERS
    assert last.endswith(".")


def test_a_suspension_says_that_only_a_new_version_brings_it_back() -> None:
    first, *_, last = told(SetupState.LOSING)

    assert first == ("RSI-Stochastic reversal v1 is suspended: its record shows that it loses.")
    assert "Only a new version brings it back, and that one starts from zero." in last


def test_a_proven_setup_is_no_promise() -> None:
    first, *_, last = told(SetupState.PROVEN)

    assert first.endswith("beats its costs so far, and is called proven from now on.")
    assert "no promise" in last


def test_a_setup_that_was_proven_is_told_to_be_so_no_longer() -> None:
    assert "is no longer called proven" in told(SetupState.UNPROVEN)[0]


def test_the_name_of_a_strange_setup_is_no_markup() -> None:
    text = state_text("<b>&", "<1>.0", SetupState.LOSING, replace(SHOWN, win_rate=None))

    assert text.startswith("&lt;b&gt;&amp; v&lt;1&gt; is suspended")
