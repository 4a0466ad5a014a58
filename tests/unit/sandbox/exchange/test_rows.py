"""What faults do to the rows of an answer."""

from hypothesis import given
from hypothesis import strategies as st

from signalbot.sandbox.exchange.faults import Fault, FaultKind
from signalbot.sandbox.exchange.rows import Rows

counts = st.integers(1, 40)
strikes = st.integers(1, 20)
shares = st.floats(0, 1)


def _rows(count: int) -> Rows:
    return Rows(rows=[str(number) for number in range(count)])


@given(counts, strikes, shares)
def test_one_row_at_least_is_missing_and_the_others_keep_their_order(
    count: int, strike: int, share: float
) -> None:
    left = _rows(count).disturbed(Fault(kind=FaultKind.SKIP, share=share), strike).rows
    assert len(left) < count
    assert left == sorted(left, key=int)


@given(counts, strikes, shares)
def test_one_row_at_least_comes_twice_and_none_is_missing(
    count: int, strike: int, share: float
) -> None:
    whole = _rows(count)
    told = whole.disturbed(Fault(kind=FaultKind.DOUBLE, share=share), strike).rows
    assert len(told) > count
    assert list(dict.fromkeys(told)) == whole.rows


@given(counts, strikes)
def test_shuffled_rows_are_the_same_rows(count: int, strike: int) -> None:
    whole = _rows(count)
    told = whole.disturbed(Fault(kind=FaultKind.SHUFFLE), strike)
    assert sorted(told.rows, key=int) == whole.rows
    assert told == whole.disturbed(Fault(kind=FaultKind.SHUFFLE), strike)


def test_an_answer_without_rows_stays_as_it_is() -> None:
    empty = Rows(rows=[], head='{"list":[', tail="]}")
    assert empty.disturbed(Fault(kind=FaultKind.SKIP), 1).text == '{"list":[]}'
