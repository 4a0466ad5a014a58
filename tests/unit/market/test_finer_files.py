from pathlib import Path

import pytest

from signalbot.domain.timeframe import M1, M5, Timeframe
from signalbot.errors import InputError
from signalbot.market.finer_files import read_finer

FIRST = 1_767_225_600_000


def finer(tmp_path: Path, times: list[int], timeframe: Timeframe = M1) -> Timeframe:
    """The step that a file of candles at these ms shows."""
    path = tmp_path / "finer.csv"
    rows = "".join(f"{FIRST + time},1,1,1,1,1\n" for time in times)
    path.write_text("open_time,open,high,low,close,volume\n" + rows)
    candles = read_finer(path, timeframe)
    assert len(candles) == len(times)
    return candles.timeframe


def refusal(tmp_path: Path, times: list[int], timeframe: Timeframe = M1) -> InputError:
    with pytest.raises(InputError) as caught:
        finer(tmp_path, times, timeframe)
    return caught.value


@pytest.mark.parametrize(
    ("times", "step_ms"),
    [
        ([0, 1000, 2000], 1000),
        ([0, 15_000, 45_000], 15_000),
        ([0, 30_000, 45_000], 15_000),
        ([0, 250], 250),
    ],
)
def test_the_step_is_the_largest_that_divides_every_distance(
    tmp_path: Path, times: list[int], step_ms: int
) -> None:
    assert finer(tmp_path, times).step_ms == step_ms


def test_candles_off_their_own_grid_are_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, [5_000, 65_000, 75_000])

    assert (error.field, error.was) == ("open_time", FIRST + 5_000)
    assert error.allowed == "multiples of their step, 10000 ms"


def test_minutes_are_finer_than_five_minutes(tmp_path: Path) -> None:
    assert finer(tmp_path, [0, 60_000, 240_000], M5).step_ms == 60_000


@pytest.mark.parametrize("times", [[0, 60_000], [0, 7_000], [0, 120_000]])
def test_a_step_that_is_not_shorter_or_does_not_divide_is_refused(
    tmp_path: Path, times: list[int]
) -> None:
    error = refusal(tmp_path, times)

    assert (error.field, error.was) == ("finer", f"{times[1]} ms a candle")
    assert error.allowed == "a step that divides 1m and is shorter"


def test_one_candle_shows_no_step(tmp_path: Path) -> None:
    assert refusal(tmp_path, [0]).was == "one candle"


def test_a_row_out_of_order_is_refused_with_its_line(tmp_path: Path) -> None:
    error = refusal(tmp_path, [0, 2000, 1000])

    assert (error.field, error.where) == ("open_time", f"{tmp_path / 'finer.csv'} line 4")
