import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.reader_clock import WEEK_MS, ReaderClock
from signalbot.domain.timeframe import DAY_MS, from_iso
from signalbot.errors import InputError

INSTANTS = st.integers(0, 4_000_000_000_000)
CLOCKS = st.integers(-720, 840).map(lambda minutes: ReaderClock(offset_min=minutes))


def test_a_day_and_a_week_begin_at_the_readers_midnight() -> None:
    sunday_evening = from_iso("2026-11-08T22:30:00Z")
    berlin, nepal = ReaderClock(offset_min=120), ReaderClock(offset_min=345)

    assert berlin.day_start(sunday_evening) == from_iso("2026-11-08T22:00:00Z")
    assert berlin.week_start(sunday_evening) == from_iso("2026-11-08T22:00:00Z")
    assert berlin.hour(sunday_evening) == 0
    assert berlin.shown(sunday_evening) == "2026-11-09T00:30:00.000"
    assert ReaderClock().week_start(sunday_evening) == from_iso("2026-11-02T00:00:00Z")
    assert nepal.hour(sunday_evening) == 4


def test_a_monday_at_midnight_begins_its_own_week() -> None:
    monday = from_iso("2026-11-09T00:00:00Z")

    assert ReaderClock().week_start(monday) == monday
    assert ReaderClock().week_start(monday - 1) == monday - WEEK_MS


@pytest.mark.parametrize(
    ("minutes", "name"),
    [(0, "UTC"), (60, "UTC+1"), (-210, "UTC-3:30"), (345, "UTC+5:45"), (-720, "UTC-12")],
)
def test_the_offset_has_a_name(minutes: int, name: str) -> None:
    assert ReaderClock(offset_min=minutes).name == name


@pytest.mark.parametrize("minutes", [-721, 841, 10**9])
def test_no_place_on_earth_is_further_away(minutes: int) -> None:
    with pytest.raises(InputError, match="utc_offset"):
        ReaderClock(offset_min=minutes)


@given(CLOCKS, INSTANTS)
def test_every_instant_is_in_its_day_and_its_week(clock: ReaderClock, instant: int) -> None:
    day, week = clock.day_start(instant), clock.week_start(instant)

    assert day <= instant < day + DAY_MS
    assert week <= day < week + WEEK_MS
    assert (day - week) % DAY_MS == 0
    assert clock.hour(day) == 0
