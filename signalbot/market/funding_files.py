"""Read funding rates: `time,rate`, time in ms UTC, rate as a fraction of notional."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from signalbot.domain.funding import FundingPayment
from signalbot.errors import InputError
from signalbot.market.candle_files import PLAUSIBLE, PLAUSIBLE_TEXT
from signalbot.market.text_files import read_text

HEADER = "time,rate"
LARGEST_RATE = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingRate:
    """The rate that longs paid to shorts at one funding time."""

    time: int
    rate: Decimal


def read_funding(path: Path) -> Sequence[FundingRate]:
    """Return the funding rates of a file, in order of time.

    Raises
    ------
    InputError
        Naming file, line and field of the first row that is wrong.
    """
    header, *rows = read_text(path).splitlines() or [""]
    if header != HEADER:
        raise InputError("header", header, HEADER, f"{path} line 1")
    rates: list[FundingRate] = []
    for number, row in enumerate(rows, start=2):
        rate = _rate(row, f"{path} line {number}")
        if rates and rate.time <= rates[-1].time:
            raise InputError(
                "time", rate.time, "later than the row before", f"{path} line {number}"
            )
        rates.append(rate)
    return tuple(rates)


def payments(
    rates: Sequence[FundingRate],
    since: int,
    until: int,
    last_close: Callable[[int], Decimal | None],
) -> Iterator[FundingPayment]:
    """Yield the payments that fell due after `since` and up to `until`.

    Their price is the close of the candle that had closed last, which `last_close` returns for an
    instant: known then, and the same whoever asks later. Where it knows none nothing is charged.
    """
    for rate in rates:
        if since < rate.time <= until:
            price = last_close(rate.time)
            if price is not None:
                yield FundingPayment(time=rate.time, rate=rate.rate, price=price)


def _rate(row: str, where: str) -> FundingRate:
    cells = row.split(",")
    if len(cells) != HEADER.count(",") + 1:
        raise InputError("row", row, "two columns", where)
    try:
        time = int(cells[0])
    except ValueError:
        raise InputError("time", cells[0], "a whole number of ms", where) from None
    if time not in PLAUSIBLE:  # seconds would silently charge nothing
        raise InputError("time", time, PLAUSIBLE_TEXT, where)
    try:
        rate = Decimal(cells[1])
    except InvalidOperation:
        raise InputError("rate", cells[1], "a decimal number", where) from None
    if not rate.is_finite() or abs(rate) > LARGEST_RATE:
        raise InputError("rate", cells[1], f"between -{LARGEST_RATE} and {LARGEST_RATE}", where)
    return FundingRate(time=time, rate=rate)
