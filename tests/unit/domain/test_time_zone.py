import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.time_zone import find_zone, local_time, minute_of_day, zone_of
from signalbot.domain.timeframe import HOUR_MS, from_iso
from signalbot.errors import InputError


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("  europe/BERLIN ", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("kolkata", "Asia/Kolkata"),
        ("utc", "UTC"),
        ("ＵＴＣ", "UTC"),  # noqa: RUF001 - full-width, as Asian keyboards write
        ("Etc/GMT-14", "Etc/GMT-14"),
    ],
)
def test_a_zone_is_found_by_what_a_person_calls_it(text: str, name: str) -> None:
    assert find_zone(text) == name


def test_an_unknown_zone_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="a place such as Europe/Berlin, or UTC; nearest: Europe/"):
        find_zone("Europe/Berlni")


@pytest.mark.parametrize("text", ["", " ", "Factory", "../etc/passwd", "a\0b", "x" * 10_000])
def test_what_is_no_zone_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"time zone was .*allowed: a place such as"):
        find_zone(text)


@given(text=st.text(max_size=80))
def test_any_text_is_a_zone_that_exists_or_is_refused(text: str) -> None:
    try:
        name = find_zone(text)
    except InputError:
        return
    assert zone_of(name).key == name


@pytest.mark.parametrize("name", ["", "America", "../UTC", "a\0b", "europe/berlin", "x" * 300])
def test_only_the_exact_name_is_a_zone(name: str) -> None:
    with pytest.raises(InputError, match="time zone was"):
        zone_of(name)


def test_the_clock_of_a_zone_follows_its_summer_time() -> None:
    spring = from_iso("2026-03-29T00:59:00Z")  # a minute before 2:00 becomes 3:00

    shown = [local_time(at, "Europe/Berlin") for at in (spring, spring + 60_000)]

    assert [f"{at:%H:%M %Z}" for at in shown] == ["01:59 CET", "03:00 CEST"]


def test_an_hour_that_comes_twice_is_shown_twice() -> None:
    autumn = from_iso("2026-10-25T00:30:00Z")

    shown = [local_time(autumn + n * HOUR_MS, "Europe/Berlin") for n in range(3)]

    assert [f"{at:%H:%M %Z}" for at in shown] == ["02:30 CEST", "02:30 CET", "03:30 CET"]


def test_minutes_are_those_of_the_local_day() -> None:
    midnight = from_iso("2026-01-15T18:30:00Z")

    assert minute_of_day(midnight, "Asia/Kolkata") == 0
    assert minute_of_day(midnight - 1, "Asia/Kolkata") == 1439
