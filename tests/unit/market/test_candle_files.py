import gzip
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from signalbot.domain.candles import Candles
from signalbot.domain.timeframe import M1, M5
from signalbot.errors import InputError
from signalbot.market.candle_files import read_candles

HEADER = "open_time,open,high,low,close,volume"
ARCHIVE_HEADER = (
    f"{HEADER},close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore"
)
FIRST = 1_746_369_060_000  # 2025-05-04T14:31:00Z
ROWS = (
    f"{FIRST},1.0420,1.0450,1.0400,1.0430,120.5",
    f"{FIRST + 60_000},1.0430,1.0440,1.0350,1.0360,0",
    f"{FIRST + 180_000},1.0360,1.0360,1.0360,1.0360,1e3",
)
PLAUSIBLE = "ms since 1970, of a day from 2010 to 2099"
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=",\r\n"))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("candles") / "LAYER_USDT_USDT.csv"


def text_of(*rows: str, header: str = HEADER) -> str:
    return "".join(f"{line}\n" for line in (header, *rows))


def archived(row: str) -> str:
    return f"{row},{FIRST + 59_999},125.6,14,60.1,62.7,0"


def refusal(path: Path, text: str) -> InputError:
    path.write_bytes(text.encode())
    with pytest.raises(InputError) as caught:
        read_candles(path, M1)
    return caught.value


def attempt(path: Path) -> tuple[Candles | None, InputError | None]:
    try:
        return read_candles(path, M1), None
    except InputError as error:
        return None, error


def test_the_rows_of_a_file_become_candles_and_gaps_are_allowed(path: Path) -> None:
    path.write_text(text_of(*ROWS))

    candles = read_candles(path, M1)

    assert candles.open_time.tolist() == [FIRST, FIRST + 60_000, FIRST + 180_000]
    assert candles.open.tolist() == [1.0420, 1.0430, 1.0360]
    assert candles.high.tolist() == [1.0450, 1.0440, 1.0360]
    assert candles.low.tolist() == [1.0400, 1.0350, 1.0360]
    assert candles.close.tolist() == [1.0430, 1.0360, 1.0360]
    assert candles.volume.tolist() == [120.5, 0, 1000]
    assert candles.gaps() == 1


@pytest.mark.parametrize(
    "text",
    [
        text_of(*ROWS).removesuffix("\n"),
        text_of(*ROWS).replace("\n", "\r\n"),
        "".join(f"{row}\n" for row in ROWS),
        text_of(*map(archived, ROWS), header=ARCHIVE_HEADER),
        "".join(f"{archived(row)}\n" for row in ROWS),
    ],
    ids=["no last line end", "windows", "no header", "archive", "archive without header"],
)
def test_the_same_candles_may_be_written_in_several_ways(path: Path, text: str) -> None:
    path.write_text(text, newline="")

    candles = read_candles(path, M1)

    assert candles.open_time.tolist() == [FIRST, FIRST + 60_000, FIRST + 180_000]
    assert candles.row(1).csv_line() == f"{FIRST + 60_000},1.043,1.044,1.035,1.036,0"


def test_a_gzipped_file_reads_like_a_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "LAYER_USDT_USDT.csv.gz"
    path.write_bytes(gzip.compress(text_of(*ROWS).encode()))

    assert len(read_candles(path, M1)) == 3


@given(price=st.floats(min_value=1e-12, max_value=1e12))
@example(price=0.1 + 0.2)
def test_a_price_is_exactly_the_float_that_its_text_names(path: Path, price: float) -> None:
    path.write_text(text_of(f"{FIRST},{price!r},{price!r},{price!r},{price!r},0"))

    assert read_candles(path, M1).close.tolist() == [price]


WRONG_TIMES = {
    "duplicate time": (FIRST + 60_000, FIRST + 60_000, "later than the row before"),
    "descending time": (FIRST, FIRST, "later than the row before"),
    "off the grid": (FIRST + 180_001, FIRST + 180_001, "a multiple of 60000 ms"),
    "seconds": (FIRST // 1000, FIRST // 1000, PLAUSIBLE),
    "microseconds": (FIRST * 1000, FIRST * 1000, PLAUSIBLE),
    "before 1970": (-60_000, -60_000, PLAUSIBLE),
    "year 2100": (4_102_444_800_000, 4_102_444_800_000, PLAUSIBLE),
    "just fits": (2**63 - 1, 2**63 - 1, PLAUSIBLE),
    "does not fit": (2**63, str(2**63), PLAUSIBLE),
    "huge": ("9" * 5000, "9" * 5000, PLAUSIBLE),
    "too large a float": ("1e30", "1e30", PLAUSIBLE),
    "no number": ("nan", "nan", PLAUSIBLE),
    "text": ("soon", "soon", PLAUSIBLE),
    "half a ms": (f"{FIRST + 180_000}.5", f"{FIRST + 180_000}.5", PLAUSIBLE),
    "empty": ("", "", PLAUSIBLE),
    "underscores": ("1_746_369_240_000", "1_746_369_240_000", PLAUSIBLE),
    "other digits": ("\uff11746369240000", "\uff11746369240000", PLAUSIBLE),
    "quoted": (f'"{FIRST}"', f'"{FIRST}"', PLAUSIBLE),
}


@pytest.mark.parametrize(("cell", "was", "allowed"), WRONG_TIMES.values(), ids=WRONG_TIMES)
def test_a_wrong_time_is_refused_with_file_line_and_field(
    path: Path, cell: object, was: object, allowed: str
) -> None:
    row = f"{cell},1.0360,1.0360,1.0360,1.0360,1"

    error = refusal(path, text_of(*ROWS[:2], row))

    assert (error.where, error.field) == (f"{path} line 4", "open_time")
    assert (error.was, error.allowed) == (was, allowed)


@pytest.mark.parametrize(
    ("cells", "field", "was", "allowed"),
    [
        ("1.05,1.04,1.03,1.04,1", "high", 1.04, "at least max(open, close)"),
        ("1.03,1.04,1.02,1.05,1", "high", 1.04, "at least max(open, close)"),
        ("1.03,1.06,1.04,1.05,1", "low", 1.04, "at most min(open, close)"),
        ("1.05,1.06,1.04,1.03,1", "low", 1.04, "at most min(open, close)"),
        ("1.05,1.06,0,1.05,1", "low", 0, "a finite price above 0"),
        ("-1,1.06,1.02,1.05,1", "open", -1, "a finite price above 0"),
        ("1.05,inf,1.02,1.05,1", "high", float("inf"), "a finite price above 0"),
        ("1.05,1e999,1.02,1.05,1", "high", float("inf"), "a finite price above 0"),
        ("1.05,1.06,1.02,1.05,-0.1", "volume", -0.1, "a finite amount of 0 or more"),
        ("1.05,1.06,1.02,1.05,inf", "volume", float("inf"), "a finite amount of 0 or more"),
        ("1.05,1.06,1.02,nan,1", "close", "nan", "a finite number"),
        ("1.05,1.06,1.02,1.05,nan", "volume", "nan", "a finite number"),
        ("1.05,1.06,1.02,none,1", "close", "none", "a finite number"),
        ("1.05,1.06,,1.05,1", "low", "", "a finite number"),
        ("1_0,11,9,10,1", "open", "1_0", "a finite number"),
        ("0x10,17,15,16,1", "open", "0x10", "a finite number"),
        ("1.05,1.06,1.02,1.05,1\0", "volume", "1\0", "a finite number"),
    ],
)
def test_a_wrong_price_or_volume_is_refused_with_file_line_and_field(
    path: Path, cells: str, field: str, was: object, allowed: str
) -> None:
    error = refusal(path, text_of(ROWS[0], f"{FIRST + 60_000},{cells}", ROWS[2]))

    assert (error.where, error.field) == (f"{path} line 3", field)
    assert (error.was, error.allowed) == (was, allowed)


@pytest.mark.parametrize("row", [ROWS[1] + ",7", ROWS[1].rpartition(",")[0], "", ROWS[1] + ","])
def test_a_row_with_another_number_of_columns_is_refused(path: Path, row: str) -> None:
    error = refusal(path, text_of(ROWS[0], row, ROWS[2]))

    assert (error.where, error.field) == (f"{path} line 3", "row")
    assert (error.was, error.allowed) == (row, "6 columns")


@pytest.mark.parametrize("row", [archived(ROWS[1]) + ",7", ROWS[1], archived(ROWS[1])[:-2]])
def test_an_archive_row_with_another_number_of_columns_is_refused(path: Path, row: str) -> None:
    error = refusal(path, text_of(archived(ROWS[0]), row, header=ARCHIVE_HEADER))

    assert (error.where, error.was) == (f"{path} line 3", row)
    assert (error.field, error.allowed) == ("row", "12 columns")


def test_lines_are_counted_from_one_where_there_is_no_header(path: Path) -> None:
    error = refusal(path, f"{ROWS[0]}\n{ROWS[0]}\n")

    assert error.where == f"{path} line 2"


def test_the_first_of_several_faults_is_the_one_that_is_named(path: Path) -> None:
    fewer, later = f"{FIRST},2,1,1,1,1", f"{FIRST * 1000},1,1,1,1,1"

    error = refusal(path, text_of(fewer, later))

    assert (error.where, error.field) == (f"{path} line 2", "high")


@pytest.mark.parametrize(
    ("header", "was"),
    [("time,open,high,low,close,volume",) * 2, ("open_time;open;high;low;close;volume",) * 2],
)
def test_another_header_is_refused(path: Path, header: str, was: str) -> None:
    error = refusal(path, text_of(*ROWS, header=header))

    assert (error.where, error.field) == (f"{path} line 1", "header")
    assert (error.was, error.allowed) == (was, HEADER)


@pytest.mark.parametrize("first", [f"{FIRST},1,1,1,1", HEADER + ",note", '"quoted"'])
def test_a_first_line_of_another_width_is_refused(path: Path, first: str) -> None:
    error = refusal(path, f"{first}\n{ROWS[0]}\n")

    assert (error.where, error.field) == (f"{path} line 1", "row")
    assert error.was == f"{first.count(',') + 1} columns"
    assert error.allowed == "6 columns, or the 12 of a kline archive"


@pytest.mark.parametrize(
    ("text", "line"), [("", 1), ("\n\n", 1), (HEADER, 2), (HEADER + "\r\n", 2), (HEADER + "\n", 2)]
)
def test_a_file_without_a_candle_is_refused(path: Path, text: str, line: int) -> None:
    error = refusal(path, text)

    assert str(error) == f"{path} line {line}: row was missing; allowed: at least one closed candle"


def test_the_grid_is_that_of_the_timeframe(path: Path) -> None:
    path.write_text(text_of(ROWS[0]))

    with pytest.raises(InputError) as caught:
        read_candles(path, M5)

    assert caught.value.allowed == "a multiple of 300000 ms"


PACKED = gzip.compress(text_of(*ROWS).encode(), mtime=0)


@pytest.mark.parametrize(
    "raw", [PACKED[:-20], PACKED[:5], text_of(*ROWS).encode(), PACKED[:10] + b"\xff" + PACKED[11:]]
)
def test_a_broken_gzip_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "LAYER_USDT_USDT.csv.gz"
    path.write_bytes(raw)

    with pytest.raises(InputError) as caught:
        read_candles(path, M1)

    assert (caught.value.field, caught.value.was) == ("file", str(path))
    assert caught.value.allowed.startswith("a readable file (")


def test_a_file_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "LAYER_USDT_USDT.csv"
    path.write_bytes(text_of(*ROWS).encode() + b"\xff")

    with pytest.raises(InputError, match="allowed: UTF-8 text") as caught:
        read_candles(path, M1)

    assert (caught.value.field, caught.value.was) == ("file", str(path))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="allowed: a file that exists"):
        read_candles(tmp_path / "missing.csv", M1)


@given(cell=CELL, column=st.integers(0, 5), archive=st.booleans())
@example(cell="-0", column=5, archive=False)
@example(cell="1\x1c", column=1, archive=False)
def test_whatever_stands_in_a_cell_is_read_or_refused_with_its_line(
    path: Path, cell: str, column: int, archive: bool
) -> None:
    cells = ROWS[1].split(",")
    cells[column] = cell
    rows = [ROWS[0], ",".join(cells), ROWS[2]]
    text = text_of(*map(archived, rows), header=ARCHIVE_HEADER) if archive else text_of(*rows)
    path.write_bytes(text.encode())

    candles, error = attempt(path)

    assert candles is None or (candles.fault() is None and len(candles) == 3)
    assert error is None or error.where in (f"{path} line 3", f"{path} line 4")


@given(place=st.integers(0, len(PACKED) - 1), byte=st.integers(0, 255))
def test_a_changed_byte_of_a_gzip_never_escapes_as_another_error(
    path: Path, place: int, byte: int
) -> None:
    packed = path.with_suffix(".csv.gz")
    packed.write_bytes(PACKED[:place] + bytes([byte]) + PACKED[place + 1 :])

    candles, error = attempt(packed)

    assert candles is None or candles.fault() is None
    assert error is None or str(packed) in str(error)
