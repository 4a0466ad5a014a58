"""The venue's clock, moved by a clock from outside."""

import pytest

from signalbot.errors import InputError
from signalbot.sandbox.exchange.venue_clock import FASTEST, VenueClock

BEGINS = 1_767_225_600_000


def test_it_runs_at_its_speed_by_the_clock_from_outside() -> None:
    seconds = [100.0]
    clock = VenueClock(BEGINS, 1.0, lambda: seconds[0])
    assert clock() == BEGINS
    seconds[0] += 2.5
    assert clock() == BEGINS + 2_500
    clock.set_speed(60.0)
    seconds[0] += 1
    assert clock() == BEGINS + 2_500 + 60_000
    clock.set_speed(0)
    seconds[0] += 1_000
    assert clock() == BEGINS + 2_500 + 60_000


def test_it_jumps_and_may_be_wrong_on_purpose() -> None:
    clock = VenueClock(BEGINS, 0.0)
    clock.advance(60_000)
    clock.skew(-1_500)
    assert clock() == BEGINS + 58_500
    clock.skew(0)
    assert clock() == BEGINS + 60_000


@pytest.mark.parametrize(
    ("act", "was"),
    [
        ("set_speed", -1),
        ("set_speed", FASTEST + 1),
        ("advance", -1),
        ("advance", 86_400_001),
        ("skew", 3_600_001),
    ],
)
def test_impossible_times_are_refused(act: str, was: float) -> None:
    with pytest.raises(InputError):
        getattr(VenueClock(BEGINS), act)(was)
