from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from signalbot.domain.onboarding import Step, offered
from signalbot.domain.subscriber import QuietHours
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from signalbot.errors import InputError
from signalbot.service.reader_words import (
    account_from,
    leverage_from,
    name_from,
    pause_from,
    quiet_hours_from,
    risk_from,
    venue_from,
)

VENUES = ("binanceusdm", "bybit", "bingx", "weex", "mexc", "bitget")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("500", "500"),
        (" 500 USDT ", "500"),
        ("$250", "250"),
        ("250$", "250"),
        ("100usd", "100"),
        ("1,000", "1000"),
        ("1'000.50", "1000.50"),
        ("1 000 000", "1000000"),
        ("99,5", "99.5"),
        ("５００", "500"),  # noqa: RUF001 - full-width, as Asian keyboards write
        ("10", "10"),
    ],
)
def test_an_account_is_understood_as_people_write_it(text: str, amount: str) -> None:
    assert account_from(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lots",
        "9.99",
        "1000000.01",
        "-500",
        "5e2",
        "NaN",
        "inf",
        "1,00,0",
        "0,500",
        "1.2.3",
        "500 50",
        "\u0665\u0660\u0660",
        "5" * 5000,
        "<b>500</b>",
        "500\0",
    ],
)
def test_what_is_no_account_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"^account was .*for example 500$"):
        account_from(text)


def test_a_refused_number_is_shown_as_it_was_typed() -> None:
    with pytest.raises(InputError, match=r"account was '5 usdt'; allowed: from 10 to 1,000,000"):
        account_from("5 usdt")


@pytest.mark.parametrize(
    ("text", "rate"), [("0.5", "0.5"), ("0,25 %", "0.25"), ("1%", "1"), ("0.1", "0.1")]
)
def test_a_risk_is_understood(text: str, rate: str) -> None:
    assert risk_from(text) == Decimal(rate)


def test_more_risk_is_refused_with_why() -> None:
    with pytest.raises(InputError, match="at most 1 % of the account on one trade, because ten"):
        risk_from("2 %")


@pytest.mark.parametrize("text", ["", "half", "0", "0.05", "-1", "%"])
def test_what_is_no_risk_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"^risk was .*for example 0\.5$"):
        risk_from(text)


@pytest.mark.parametrize(("text", "times"), [("3", 3), ("3x", 3), ("X 5", 5), ("20x", 20)])
def test_a_leverage_is_understood(text: str, times: int) -> None:
    assert leverage_from(text) == times


@pytest.mark.parametrize("text", ["", "max", "0", "21", "2.5x", "100x", "x"])
def test_what_is_no_leverage_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"^leverage was .*for example 3$"):
        leverage_from(text)


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("bybit", "bybit"),
        ("Binance", "binanceusdm"),
        ("binance usd-m", "binanceusdm"),
        ("MEXC", "mexc"),
        ("bitg", "bitget"),
    ],
)
def test_a_venue_is_found_by_name_title_or_beginning(text: str, venue: str) -> None:
    assert venue_from(text, VENUES) == venue


@pytest.mark.parametrize("text", ["", "b", "kraken", "<b>", "!!!", "x" * 1000])
def test_what_could_be_no_venue_or_several_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"venue was .* one of: Binance USD-M, Bybit, BingX, WEEX"):
        venue_from(text, VENUES)


def test_a_name_goes_before_those_that_only_begin_like_it() -> None:
    assert name_from("setup", "range", {"range": "Range", "range_breakout": "Range breakout"}) == (
        "range"
    )


def test_every_offered_answer_can_be_given() -> None:
    read: dict[Step, Callable[[str], object]] = {
        Step.VENUE: lambda text: venue_from(text, VENUES),
        Step.EQUITY: account_from,
        Step.RISK: risk_from,
        Step.LEVERAGE: leverage_from,
    }

    for step in Step:
        answers = offered(step, VENUES)
        assert [str(read[step](text)) for text in answers] == list(answers)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("22:00-07:00", 1320, 420),
        ("22 to 7", 1320, 420),
        ("9:30 – 10:00", 570, 600),  # noqa: RUF001 - an en dash, as phones write it
        ("0:00 until 23:59", 0, 1439),
    ],
)
def test_quiet_hours_are_understood(text: str, since: int, until: int) -> None:
    assert quiet_hours_from(text) == QuietHours(since=since, until=until)


def test_quiet_hours_can_be_taken_back() -> None:
    assert quiet_hours_from("OFF") is None


@pytest.mark.parametrize(
    "text", ["", "night", "22:00", "25:00-07:00", "22:60-07:00", "7-7", "24:00-07:00", "22:0-7"]
)
def test_what_are_no_quiet_hours_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"^quiet hours was .*for example 22:00-07:00, or off$"):
        quiet_hours_from(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30m", 30 * MINUTE_MS),
        ("8h", 8 * HOUR_MS),
        ("2 days", 2 * DAY_MS),
        ("30d", 30 * DAY_MS),
        ("1 hour", HOUR_MS),
        ("90 min", 90 * MINUTE_MS),
    ],
)
def test_a_pause_is_understood(text: str, length: int) -> None:
    assert pause_from(text) == length


@pytest.mark.parametrize("text", ["", "0h", "31d", "-1h", "1w", "for ever", "99999d", "8"])
def test_what_is_no_pause_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"^pause was .*for example 8h or 2d$"):
        pause_from(text)


def refused(read: Callable[[str], object], text: str) -> str:
    try:
        read(text)
    except InputError as error:
        return str(error)
    return ""


@given(text=st.text(max_size=70))
@example(text="9" * 13)
@example(text="0" * 12)
def test_any_text_is_a_value_or_one_sentence(text: str) -> None:
    for read in (account_from, risk_from, leverage_from, quiet_hours_from, pause_from):
        said = refused(read, text)
        assert "\n" not in said
        assert len(said) < 300
