import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.telegram.redaction import HIDDEN, WithoutToken, without_token

TOKENS = st.from_regex(r"[0-9]{6,12}:[A-Za-z0-9_-]{35}", fullmatch=True)


@given(TOKENS, st.text(), st.text())
def test_a_token_is_taken_out_wherever_it_stands(token: str, before: str, after: str) -> None:
    assert token not in without_token(f"{before} bot{token}/sendMessage {after}")


@pytest.mark.parametrize("text", ["", "12:30 to 14:45", "#1184 9f3ca1b2", "https://x.example:443"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert without_token(text) == text


def test_an_address_stays_readable() -> None:
    said = without_token("POST http://x/bot123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678/getMe")

    assert said == f"POST http://x/bot{HIDDEN}/getMe"


def test_a_log_line_and_its_traceback_have_no_token() -> None:
    token = "123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"  # noqa: S105 - of no bot
    formatter = WithoutToken(logging.Formatter("%(levelname)s %(message)s"))
    try:
        raise ValueError(f"bad address bot{token}")
    except ValueError:
        failed = sys.exc_info()
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "call bot%s", (token,), failed)

    line = formatter.format(record)

    assert token not in line
    assert line.startswith(f"INFO call bot{HIDDEN}\nTraceback")
