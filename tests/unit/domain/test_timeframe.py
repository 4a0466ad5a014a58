import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.timeframe import (
    DAY_MS,
    M1,
    M5,
    TIMEFRAMES,
    Timeframe,
    day,
    from_iso,
    iso,
    timeframe,
)
from signalbot.errors import InputError

# 2025-05-04T15:33:00Z: 20,212 days after 1970-01-01, 15 hours and 33 minutes
AT = 20_212 * 86_400_000 + (15 * 60 + 33) * 60_000

YEAR_1653, YEAR_9999 = -(10**13), 253_402_300_799_999


@pytest.mark.parametrize(("name", "step_ms"), [("1m", 60_000), ("5m", 300_000)])
def test_a_timeframe_is_known_by_its_name(name: str, step_ms: int) -> None:
    assert timeframe(name).name == name
    assert timeframe(name).step_ms == step_ms


@pytest.mark.parametrize("name", ["15m", "1M", "", " 1m"])
def test_another_timeframe_is_refused_by_name(name: str) -> None:
    with pytest.raises(InputError, match=r"^timeframe was '.*'; allowed: 1m or 5m$"):
        timeframe(name)


def test_an_instant_belongs_to_the_candle_that_contains_it() -> None:
    assert M1.floor(AT) == AT
    assert M1.floor(AT + 59_999) == AT
    assert M1.floor(AT + 60_000) == AT + 60_000
    assert M5.floor(AT) == AT - 3 * 60_000


@pytest.mark.parametrize("frame", TIMEFRAMES.values(), ids=TIMEFRAMES)
@given(instant=st.integers(YEAR_1653, YEAR_9999))
def test_a_candle_opens_on_the_grid_and_less_than_one_step_earlier(
    frame: Timeframe, instant: int
) -> None:
    opened = frame.floor(instant)

    assert opened % frame.step_ms == 0
    assert 0 <= instant - opened < frame.step_ms


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (AT + 2_500, "2025-05-04T15:33:02.500Z"),
        (AT + 7, "2025-05-04T15:33:00.007Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
    ],
)
def test_instants_are_written_in_utc_with_milliseconds(instant: int, text: str) -> None:
    assert iso(instant) == text


@pytest.mark.parametrize(
    "text",
    [
        "2025-05-04T15:33:00Z",
        "2025-05-04T15:33:00+00:00",
        "2025-05-04T17:33:00.000+02:00",
        "2025-05-04T15:33",
        "2025-05-04 15:33:00.000999",
    ],
)
def test_times_are_read_with_any_offset_and_without_one_as_utc(text: str) -> None:
    assert from_iso(text) == AT


def test_a_day_alone_is_its_midnight() -> None:
    assert from_iso("2025-05-04") == AT // DAY_MS * DAY_MS


@given(st.integers(YEAR_1653, YEAR_9999))
def test_an_instant_survives_being_written_and_read(instant: int) -> None:
    assert from_iso(iso(instant)) == instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("9999-12-31T23:59:59.999999Z", YEAR_9999),
        ("1969-12-31T23:59:59.500Z", -500),
        ("1969-12-31T23:59:59.999999Z", -1),
    ],
)
def test_parts_of_a_millisecond_are_cut_never_rounded_up(text: str, instant: int) -> None:
    assert from_iso(text) == instant


@pytest.mark.parametrize("text", ["", "yesterday", "2025-02-30", "2025-05-04T25:00", "1746372780"])
def test_what_is_no_time_is_refused_by_the_name_of_its_field(text: str) -> None:
    with pytest.raises(InputError, match=r"^from was '.*'; allowed: an ISO 8601 time") as caught:
        from_iso(text, "from")

    assert (caught.value.field, caught.value.was) == ("from", text)


def test_the_calendar_day_is_that_of_utc() -> None:
    midnight = from_iso("2025-05-05")

    assert day(midnight - 1) == "2025-05-04"
    assert day(midnight) == "2025-05-05"
