from decimal import Decimal
from pathlib import Path

import pytest

from signalbot.errors import InputError
from signalbot.market.funding_files import FundingRate, payments, read_funding

FIRST = 1_746_374_400_000  # 2025-05-04T16:00:00Z
EIGHT_HOURS = 8 * 3_600_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "LAYER_USDT_USDT.csv"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_rates_are_read_exactly_and_in_order(path: Path, line_end: str) -> None:
    lines = ["time,rate", f"{FIRST},0.0001", f"{FIRST + EIGHT_HOURS},-0.00025"]
    path.write_text(line_end.join(lines), newline="")

    assert read_funding(path) == (
        FundingRate(time=FIRST, rate=Decimal("0.0001")),
        FundingRate(time=FIRST + EIGHT_HOURS, rate=Decimal("-0.00025")),
    )


def test_a_file_may_hold_no_rate_yet(path: Path) -> None:
    path.write_text("time,rate\n")

    assert read_funding(path) == ()


@pytest.mark.parametrize(
    ("row", "field", "was", "allowed"),
    [
        (f"{FIRST}", "row", f"{FIRST}", "two columns"),
        (f"{FIRST},0.1,0.2", "row", f"{FIRST},0.1,0.2", "two columns"),
        ("", "row", "", "two columns"),
        ("noon,0.0001", "time", "noon", "a whole number of ms"),
        (f"{FIRST}.5,0.0001", "time", f"{FIRST}.5", "a whole number of ms"),
        ("9" * 5000 + ",0.0001", "time", "9" * 5000, "a whole number of ms"),
        (
            f"{FIRST // 1000},0.0001",
            "time",
            FIRST // 1000,
            "ms since 1970, of a day from 2010 to 2099",
        ),
        (f"{FIRST - 1},0.0001", "time", FIRST - 1, "later than the row before"),
        (f"{FIRST},0.0001", "time", FIRST, "later than the row before"),
        (f"{FIRST + 1},0.01 %", "rate", "0.01 %", "a decimal number"),
        (f"{FIRST + 1},", "rate", "", "a decimal number"),
        (f"{FIRST + 1},0.2", "rate", "0.2", "between -0.1 and 0.1"),
        (f"{FIRST + 1},-0.2", "rate", "-0.2", "between -0.1 and 0.1"),
        (f"{FIRST + 1},nan", "rate", "nan", "between -0.1 and 0.1"),
        (f"{FIRST + 1},sNaN", "rate", "sNaN", "between -0.1 and 0.1"),
        (f"{FIRST + 1},inf", "rate", "inf", "between -0.1 and 0.1"),
    ],
)
def test_a_wrong_row_is_refused_with_file_line_and_field(
    path: Path, row: str, field: str, was: object, allowed: str
) -> None:
    path.write_text(f"time,rate\n{FIRST},0.0001\n{row}\n{FIRST + EIGHT_HOURS},0.0001\n")

    with pytest.raises(InputError) as caught:
        read_funding(path)

    assert (caught.value.where, caught.value.field) == (f"{path} line 3", field)
    assert (caught.value.was, caught.value.allowed) == (was, allowed)


@pytest.mark.parametrize(
    ("text", "was"), [("", ""), ("rate,time\n", "rate,time"), (f"{FIRST},0.1\n", f"{FIRST},0.1")]
)
def test_another_header_is_refused(path: Path, text: str, was: str) -> None:
    path.write_text(text)

    with pytest.raises(InputError) as caught:
        read_funding(path)

    assert str(caught.value) == f"{path} line 1: header was {was!r}; allowed: time,rate"


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_funding(path)

    assert (caught.value.field, caught.value.was) == ("file", str(path))


def test_payments_fall_due_after_since_and_up_to_until_at_the_last_close() -> None:
    rates = [FundingRate(time=at, rate=Decimal("0.0001")) for at in (10, 20, 30, 40)]
    closes = {20: Decimal(5), 30: None, 40: Decimal(7)}

    due = list(payments(rates, 10, 30, closes.get))

    assert [(pay.time, pay.rate, pay.price) for pay in due] == [(20, Decimal("0.0001"), 5)]
