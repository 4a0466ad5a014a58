import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.candles import Candle
from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.trade import Quote, Trade
from signalbot.record.entries import canonical
from signalbot.record.evidence import Evidence, evidence_of
from signalbot.record.outcome_bodies import correction_body, outcome_body

AMOUNTS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(0, 10**12),
    st.integers(-12, 3),
)
TIMES = st.integers(0, 253_402_300_799_999)
CANDLES = st.builds(
    Candle,
    open_time=TIMES,
    **dict.fromkeys(("open", "high", "low", "close", "volume"), AMOUNTS),
)
TRADES = st.builds(Trade, time=TIMES, price=AMOUNTS, size=AMOUNTS)
QUOTES = st.builds(Quote, time=TIMES, bid=AMOUNTS, ask=AMOUNTS)
PAYMENTS = st.builds(FundingPayment, time=TIMES, rate=AMOUNTS, price=AMOUNTS)
OUTCOMES = st.builds(
    Outcome,
    kind=st.just(OutcomeKind.STOP),
    evidence=st.lists(CANDLES, max_size=3).map(tuple),
    finer_evidence=st.lists(CANDLES, max_size=3).map(tuple),
    trade_evidence=st.lists(TRADES, max_size=3).map(tuple),
    quote_evidence=st.none() | QUOTES,
    funding_evidence=st.lists(PAYMENTS, max_size=3).map(tuple),
    delisted_at=st.none() | TIMES,
)


@given(outcome=OUTCOMES)
def test_evidence_is_read_back_as_it_was_written(outcome: Outcome) -> None:
    body = json.loads(canonical(outcome_body(7, outcome)))

    assert evidence_of(body) == Evidence(
        rows=outcome.evidence,
        finer_rows=outcome.finer_evidence,
        trades=outcome.trade_evidence,
        quote=outcome.quote_evidence,
        funding=outcome.funding_evidence,
        delisted_at=outcome.delisted_at,
    )


def test_what_had_no_say_is_left_out() -> None:
    assert outcome_body(7, Outcome(kind=OutcomeKind.NOT_FILLED))["evidence"] == {
        "rows": [],
        "source": "candles",
    }


@pytest.mark.parametrize(
    ("field", "given_", "source"),
    [
        ("finer_evidence", "candles", "finer candles"),
        ("quote_evidence", "quote", "quote"),
        ("trade_evidence", "trades", "trades"),
    ],
)
def test_the_source_is_the_finest_that_had_a_say(field: str, given_: str, source: str) -> None:
    known = {
        "candles": (
            Candle(
                open_time=0,
                **dict.fromkeys(("open", "high", "low"), Decimal(1)),
                close=Decimal(1),
                volume=Decimal(0),
            ),
        ),
        "quote": Quote(time=1, bid=Decimal(1), ask=Decimal(2)),
        "trades": (Trade(time=1, price=Decimal(1), size=Decimal(2)),),
    }
    outcome = replace(Outcome(kind=OutcomeKind.STOP), **{field: known[given_]})

    assert outcome_body(7, outcome)["evidence"]["source"] == source


def test_a_correction_says_what_it_takes_the_place_of_and_why() -> None:
    outcome = Outcome(kind=OutcomeKind.EXPIRED, net_r=Decimal("0.05"))

    body = correction_body(7, 9, outcome, "late data")

    assert body == outcome_body(7, outcome) | {"corrects": 9, "reason": "late data"}


@pytest.mark.parametrize("line", ["", "1,2,3", "1,2,3,4,5,6,7", "x,1,1,1,1,1", "1,a,1,1,1,1"])
def test_a_row_that_is_none_is_refused(line: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        evidence_of({"evidence": {"rows": [line]}})
