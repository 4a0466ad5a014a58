from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.telegram.fitting import fitted, length_of, plain_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize(
    ("html", "length"),
    [
        ("", 0),
        ("<b>1 &lt; 2</b>", 5),
        ("\U0001f7e2 long", 7),
        ('<a href="https://t.me">x</a>', 1),
    ],
)
def test_a_text_is_as_long_as_it_is_shown(html: str, length: int) -> None:
    assert length_of(html) == length


def test_what_fits_is_left_as_it_is() -> None:
    assert fitted("<b>four</b>", 4) == ("<b>four</b>", "")


def test_whole_lines_stay_and_the_others_follow() -> None:
    assert fitted("<b>one</b>\ntwo\nthree", 9) == ("<b>one</b>\ntwo", "three")


def test_a_part_never_begins_with_an_empty_line() -> None:
    assert fitted("\none\n\ntwo", 4) == ("one\n", "two")
    assert fitted("\n\none", 3) == ("one", "")


def test_a_line_that_is_too_long_by_itself_is_cut_without_its_markup() -> None:
    assert fitted("<b>1 &lt; 2 &lt; 3</b>\nend", 4) == ("1 &lt; ", "2 &lt; 3\nend")


def test_an_emoji_is_never_cut_in_two() -> None:
    assert fitted("\U0001f7e2\U0001f534", 3) == ("\U0001f7e2", "\U0001f534")


@given(st.lists(TEXTS, min_size=1, max_size=6), st.integers(2, 80))
def test_nothing_is_lost_and_every_part_fits(lines: list[str], limit: int) -> None:
    html = "\n".join(f"<i>{escape(line, quote=False)}</i>" for line in lines)
    rest, parts = html, []
    while rest:
        head, rest = fitted(rest, limit)
        assert length_of(head) <= limit
        parts.append(plain_text(head))

    assert "".join(parts).replace("\n", "") == plain_text(html).replace("\n", "")
