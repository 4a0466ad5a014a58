from decimal import Decimal
from pathlib import Path

import pytest
from fakes.made_alert import made_alert

from signalbot.domain.candles import FIELDS
from signalbot.domain.timeframe import M1, M5, MINUTE_MS
from signalbot.errors import InputError
from signalbot.market.archive import RecordedArchive

FIRST = 1_746_369_000_000
TOY = made_alert(0)


def write(folder: Path, name: str, minutes: range, timeframe: str = "1m") -> None:
    target = folder / "binanceusdm" / timeframe
    target.mkdir(parents=True, exist_ok=True)
    rows = [f"{FIRST + minute * MINUTE_MS},1,1.2,0.9,1.1,{abs(minute)}" for minute in minutes]
    header = ",".join(("open_time", *FIELDS))
    (target / f"{name}_USDT_USDT.csv").write_text("\n".join([header, *rows, ""]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "TOY", range(20))
    write(tmp_path, "ANT", range(-5, 20))
    return tmp_path


def test_the_candles_of_the_pair_come_as_the_file_has_them(folder: Path) -> None:
    archive = RecordedArchive(folder)

    rows = archive.candles(TOY, FIRST + 2 * MINUTE_MS, FIRST + 5 * MINUTE_MS)

    assert rows is not None
    assert [row.csv_line() for row in rows] == [
        f"{FIRST + minute * MINUTE_MS},1,1.2,0.9,1.1,{minute}" for minute in (2, 3, 4)
    ]


def test_without_an_end_they_come_to_the_last(folder: Path) -> None:
    rows = RecordedArchive(folder).candles(TOY, FIRST + 18 * MINUTE_MS, None)

    assert rows is not None
    assert [row.volume for row in rows] == [Decimal(18), Decimal(19)]


def test_what_begins_before_the_file_is_not_covered(folder: Path) -> None:
    archive = RecordedArchive(folder)

    assert archive.candles(TOY, FIRST - MINUTE_MS, None) is None
    assert archive.candles(made_alert(0, symbol="ANT/USDT:USDT"), FIRST - MINUTE_MS, None)


def test_a_pair_or_a_venue_without_a_file_is_not_covered(folder: Path) -> None:
    archive = RecordedArchive(folder)

    assert archive.candles(made_alert(0, symbol="BEE/USDT:USDT"), FIRST, None) is None
    assert archive.candles(made_alert(0, venue="bybit"), FIRST, None) is None


def test_five_minutes_are_built_from_the_minutes_where_no_file_has_them(folder: Path) -> None:
    rows = RecordedArchive(folder).candles(
        made_alert(0, timeframe=M5), FIRST, FIRST + 10 * MINUTE_MS
    )

    assert rows is not None
    assert [row.volume for row in rows] == [Decimal(10), Decimal(35)]


def test_the_files_are_read_once(folder: Path) -> None:
    archive = RecordedArchive(folder)
    before = archive.candles(made_alert(0, timeframe=M1), FIRST, None)

    (folder / "binanceusdm" / "1m" / "TOY_USDT_USDT.csv").unlink()

    assert archive.candles(TOY, FIRST, None) == before


def test_a_folder_that_is_none_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"candles was .* a folder with recordings"):
        RecordedArchive(tmp_path / "missing")


def test_a_file_that_is_wrong_is_bad_input(folder: Path) -> None:
    path = folder / "binanceusdm" / "1m" / "ANT_USDT_USDT.csv"
    path.write_text(path.read_text().replace("0.9", "9", 1))

    with pytest.raises(InputError, match=r"ANT_USDT_USDT\.csv line 2"):
        RecordedArchive(folder).candles(TOY, FIRST, None)
