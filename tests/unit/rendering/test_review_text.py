"""The weekly review; its figures follow from the trades of fakes/own_trades.py."""

import html
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from fakes.own_trades import (
    ALERT,
    MONDAY,
    SETUP,
    STOP,
    TARGET,
    followed,
    recorded,
    skipped,
    winning_days,
)
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.alert import BtcNote, SetupState
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.reader_clock import WEEK_MS, ReaderClock
from signalbot.outcomes.own_trade import Followed
from signalbot.rendering.review_text import review_text
from signalbot.stats.review import OwnRecord, Review, review

GOLDEN = Path(__file__).parents[2] / "golden"
LIMIT = 4096
BERLIN = ReaderClock(offset_min=60)
PROVEN = {SETUP: SetupState.PROVEN}
LARGER = re.compile(r"contract more|larger|increase|bigger", re.I)

FEW = [
    followed(recorded(1184, 600), "1.0005", "1.0200", quantity="400"),
    followed(recorded(1190, 900, ledger_r=STOP), "1.0000", "0.9900", quantity="438"),
    followed(recorded(1199, 950), "1.0000"),
    skipped(recorded(1201, 1000)),
    skipped(recorded(1207, 1100, ledger_r=STOP)),
    skipped(recorded(1209, 1200, ledger_r=STOP)),
]
BROKEN = [
    followed(recorded(1184, 600), "1.0000", "0.9850", on_paper=False, quantity="700"),
    followed(recorded(1190, 900), "1.0030", "1.0200", quantity="100", minutes=(8, 20)),
    followed(recorded(1191, 905), "1.0000", "1.0100", minutes=(4, 20)),
]


def many() -> list[Followed]:
    """Return 120 trades, 60 in the morning of which 36 won, 60 in calm nights of which 12 did."""
    calm = BtcNote(return_5m=ALERT.btc.return_5m, trend="up", volatility="low")
    trades = []
    for number in range(120):
        day, place = divmod(number, 20)
        hour, btc = (9, ALERT.btc) if place < 10 else (22, calm)
        is_win = number % 5 < (3 if hour == 9 else 1)
        minute = (24 * day + hour) * 60 + place % 10 * 6
        alert = recorded(100 + number, minute, ledger_r=TARGET if is_win else STOP, btc=btc)
        exit_ = "1.0200" if is_win else "0.9900"
        trades.append(followed(alert, "1.0002", exit_, quantity="400", minutes=(1, 5)))
    return trades


def shown(journal, published=41, states=None, since=MONDAY, clock=BERLIN) -> Review:
    record = OwnRecord(
        followed=journal,
        published=published,
        profile=REFERENCE_PROFILE,
        clock=clock,
        states=states or {},
    )
    since = clock.week_start(since)
    return review(record, since, since + WEEK_MS)


REACHED = shown(winning_days(10), since=MONDAY + WEEK_MS, states=PROVEN)


@pytest.mark.parametrize(
    ("name", "week"),
    [
        ("review_nothing", shown([])),
        ("review_few", shown(FEW)),
        ("review_many", shown(many(), published=150)),
        ("review_breaks", shown(BROKEN)),
        ("review_gate", REACHED),
        ("review_gate_unproven", shown(winning_days(10), since=MONDAY + WEEK_MS)),
    ],
)
def test_a_week_reads_as_it_should(name: str, week: Review) -> None:
    text = (GOLDEN / f"{name}.html").read_text(encoding="utf-8").removesuffix("\n")

    assert review_text(week) == text


def test_a_larger_size_is_mentioned_only_behind_the_gate() -> None:
    assert LARGER.search(review_text(REACHED))
    for days in range(10):
        week = shown(winning_days(days), since=MONDAY + WEEK_MS, states=PROVEN)
        assert not LARGER.search(review_text(week))


@pytest.mark.parametrize("state", [SetupState.UNPROVEN, SetupState.LOSING])
def test_a_setup_that_is_not_proven_stays_on_paper(state: SetupState) -> None:
    week = shown(winning_days(12), since=MONDAY + WEEK_MS, states={SETUP: state})

    assert "Range breakout v1. So it stays on paper." in review_text(week)
    assert not LARGER.search(review_text(week))


def test_one_unproven_setup_among_proven_ones_is_enough() -> None:
    journal = winning_days(10)
    journal[5] = followed(recorded(6, 5 * 1440, setup="other"), "1.0000", "1.0200")

    text = review_text(shown(journal, since=MONDAY + WEEK_MS, states=PROVEN))

    assert "Not proven yet: other v1. So it stays on paper." in text


def test_long_lists_are_cut_and_counted() -> None:
    trades = [
        followed(recorded(n, n * 90), "1.0030", "0.9700", quantity="10") for n in range(1, 13)
    ]
    untold = [followed(recorded(n, n * 90)) for n in range(21, 31)]

    lines = review_text(shown(trades + untold)).splitlines()

    assert lines.count("  and 4 more") == 2
    assert "Fill or exit not told: 10 (#21 #22 #23 #24 #25 #26 #27 #28 and more)" in lines


def test_money_says_of_how_many_trades_it_is() -> None:
    trades = [followed(recorded(n, n * 90), "1.0000", "1.0200") for n in (1, 2)]
    trades.append(followed(recorded(3, 300), "1.0000", "1.0200", quantity="100"))

    text = review_text(shown(trades))

    assert "+5.79 R after costs, 3 of 3 won, +1.93 USDT (of the 1 with a quantity)" in text


def test_taken_and_nothing_told_has_no_result() -> None:
    text = review_text(shown([followed(recorded(1, ledger_r=None))], clock=ReaderClock()))

    assert "Own result: no closed trade" in text
    assert "Your fills" not in text


def test_skipping_more_winners_than_losers_cost_something() -> None:
    text = review_text(shown([skipped(recorded(1, 90)), skipped(recorded(2, 180))]))

    assert "Skipping cost 3.82 R by the ledger (n 2)" in text


def test_hours_that_do_not_fail_are_said_to_be_none() -> None:
    trades = [followed(recorded(n, n, ledger_r=None), "1", "1.02") for n in range(1, 31)]

    text = review_text(shown(trades, clock=ReaderClock()))

    assert "  hours: none that has 30 closed trades lost on average" in text
    assert "  BTC volatility: none that has 30 closed trades lost on average" in text


def test_names_are_escaped() -> None:
    evil = BtcNote(return_5m=Decimal(0), trend="<b>", volatility="<script>")
    trades = [
        followed(recorded(n, n, btc=evil, setup="<i>"), "1", "0.99", quantity="1")
        for n in range(1, 31)
    ]

    text = review_text(shown(trades, clock=ReaderClock()))

    assert "BTC volatility &lt;script&gt;" in text
    assert "<" not in text


WEEKS = st.lists(
    st.tuples(
        st.integers(9_000, 11_000),
        st.one_of(st.none(), st.integers(9_000, 11_000)),
        st.one_of(st.none(), st.integers(1, 1_000_000)),
        st.booleans(),
        st.integers(1, 60),
    ),
    max_size=60,
)


@given(WEEKS)
def test_every_week_fits_into_a_message_and_praises_nobody(trades) -> None:
    journal = [
        followed(
            recorded(10**9 + number, number * 90, ledger_r=None),
            str(Decimal(fill) / 10_000),
            None if exit_ is None else str(Decimal(exit_) / 10_000),
            quantity=None if quantity is None else str(quantity),
            on_paper=on_paper,
            minutes=(minute, minute + 5),
        )
        for number, (fill, exit_, quantity, on_paper, minute) in enumerate(trades)
    ]

    text = review_text(replace(shown(journal), published=10**6))

    assert len(html.unescape(text).encode("utf-16-le")) // 2 <= LIMIT
    assert not re.search(r"!|great|well done|congrat|hurry|now or never|\bnan\b", text, re.I)
