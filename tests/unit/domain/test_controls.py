from dataclasses import asdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.controls import Controls, threshold, threshold_text
from signalbot.domain.rules import BOUNDS, Rules
from signalbot.domain.subscriber import Role
from signalbot.errors import InputError


def test_without_a_change_everything_is_as_configured() -> None:
    controls = Controls()

    assert controls.rules(Rules()) == Rules()
    assert not controls.on_hold
    assert not controls.is_pair_off("LAYER/USDT:USDT")
    assert not controls.is_setup_off("range_breakout")
    assert controls.role_of(7) is Role.USER
    assert controls.with_role(Role.ADMIN) == []


def test_the_bounds_are_those_of_the_default_values() -> None:
    assert set(BOUNDS) == set(asdict(Rules()))
    for name, value in asdict(Rules()).items():
        assert BOUNDS[name].holds(Decimal(value))


PRICES = st.decimals(-10, 40_000, allow_nan=False, places=4)


@given(st.sampled_from(sorted(BOUNDS)), PRICES)
def test_a_threshold_is_within_its_bounds_or_refused(name: str, value: Decimal) -> None:
    is_whole = isinstance(asdict(Rules())[name], int)
    if value.is_signed() or not BOUNDS[name].holds(value) or (is_whole and value % 1):
        with pytest.raises(InputError, match=name):
            threshold(name, str(value))
        return
    taken = threshold(name, str(value))
    assert BOUNDS[name].holds(Decimal(taken))
    assert threshold(name, threshold_text(taken)) == taken
    assert type(taken) is type(asdict(Rules())[name])


@pytest.mark.parametrize(
    "text",
    ["", "x", "NaN", "Infinity", "1" * 30, "0x10", "--1", "1e2", "1E-999999", "1_0", "٣", "+1"],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        threshold("latency_s", text)


def test_a_whole_number_stays_one() -> None:
    assert threshold("hour_budget", "3.0") == 3
    with pytest.raises(InputError, match="a whole number at least 1, at most 60"):
        threshold("hour_budget", "2.5")
    with pytest.raises(InputError, match="above 0, at most 1"):
        threshold("max_cost_r", "0")
    with pytest.raises(InputError, match="one of max_cost_r"):
        threshold("colour", "1")
