import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from signalbot.domain.trade import Trade
from signalbot.errors import InputError
from signalbot.market.trade_files import read_trades

FIRST = 1_767_225_600_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trades.csv"


def trade(after: int, price: str, size: str = "1") -> Trade:
    return Trade(time=FIRST + after, price=Decimal(price), size=Decimal(size))


def refusal(path: Path, text: str) -> InputError:
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_trades(path)
    return caught.value


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_trades_are_read_exactly(path: Path, line_end: str) -> None:
    rows = ["time,price,size", f"{FIRST},0.00141342,23.0", f"{FIRST + 7},1e-05,2E+2", ""]
    path.write_text(line_end.join(rows), newline="")

    assert read_trades(path) == (trade(0, "0.00141342", "23"), trade(7, "0.00001", "200"))


def test_more_columns_are_ignored(path: Path) -> None:
    path.write_text(f"time,price,size,side,id\n{FIRST},1,2,sell,77\n")

    assert read_trades(path) == (trade(0, "1", "2"),)


def test_trades_of_one_time_keep_the_order_of_the_file(path: Path) -> None:
    path.write_text(f"time,price,size\n{FIRST},3,1\n{FIRST},1,1\n{FIRST},2,1\n")

    assert [each.price for each in read_trades(path)] == [3, 1, 2]


def test_a_packed_file_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "trades.csv.gz"
    path.write_bytes(gzip.compress(f"time,price,size\n{FIRST},1,1\n".encode()))

    assert read_trades(path) == (trade(0, "1"),)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (f"{FIRST},1", "row"),
        (f"{FIRST},1,1,sell", "row"),
        ("", "row"),
        (f"{FIRST - 1},1,1", "time"),
        (f"{FIRST // 1000},1,1", "time"),
        (f"{FIRST}.5,1,1", "time"),
        ("9" * 5000 + ",1,1", "time"),
        ("noon,1,1", "time"),
        (f"{FIRST},0,1", "price"),
        (f"{FIRST},-1,1", "price"),
        (f"{FIRST},nan,1", "price"),
        (f"{FIRST},inf,1", "price"),
        (f"{FIRST},1e99,1", "price"),
        (f"{FIRST}, 1,1", "price"),
        (f"{FIRST},,1", "price"),
        (f"{FIRST},1,0", "size"),
        (f"{FIRST},1,-2", "size"),
        (f"{FIRST},1,NaN", "size"),
        (f"{FIRST},1,1_0", "size"),
    ],
)
def test_a_wrong_row_is_refused_with_file_line_and_field(path: Path, row: str, field: str) -> None:
    error = refusal(path, f"time,price,size\n{FIRST},1,1\n{row}\n{FIRST + 9},1,1\n")

    assert (error.where, error.field) == (f"{path} line 3", field)


@pytest.mark.parametrize("text", ["", f"{FIRST},1,1\n", "price,time,size\n", "time,price\n"])
def test_another_header_is_refused(path: Path, text: str) -> None:
    error = refusal(path, text)

    assert (error.where, error.field) == (f"{path} line 1", "header")


def test_a_file_without_a_trade_is_refused(path: Path) -> None:
    error = refusal(path, "time,price,size\n")

    assert (error.where, error.allowed) == (f"{path} line 2", "at least one trade")


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_trades(path)

    assert (caught.value.field, caught.value.was) == ("file", str(path))
