import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.rendering.spreadsheet_cell import guarded, unguarded

HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "-",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1+1",
    "'=1",
    "-1.2.3",
    "-\u0661",  # an Arabic one is no number of ours
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_begins_like_a_formula_becomes_text(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "-1.21", "+0.05", "0.0000123", "LAYER/USDT:USDT", "1=1", "a-b"]
)
def test_numbers_and_plain_names_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.one_of(st.text(), st.sampled_from(HOSTILE), st.text("='+-@\t\r\n1.")))
def test_any_text_is_read_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("cell", ["'", "'tis", "o'clock"])
def test_an_apostrophe_of_somebody_else_stays(cell: str) -> None:
    assert unguarded(cell) == cell
