from dataclasses import replace
from decimal import Decimal

import pytest

from signalbot.domain.candles import Candle
from signalbot.domain.outcome import DECIDED, Outcome, OutcomeKind, Settled

FIRST = Candle(
    open_time=0,
    open=Decimal(100),
    high=Decimal("100.5"),
    low=Decimal("99.50"),
    close=Decimal("100.0"),
    volume=Decimal(7),
)
SECOND = Candle(
    open_time=60_000,
    open=Decimal(100),
    high=Decimal("101.2"),
    low=Decimal("99.8"),
    close=Decimal(101),
    volume=Decimal("2.5"),
)

SETTLED = Settled(
    alert_id="a12e61d2ef5e3776",
    setup="range_breakout",
    version="1",
    symbol="TOY/USDT:USDT",
    side="long",
    published_at=0,
    kind=OutcomeKind.TARGET,
    net_r=0.9,
    breakeven_win_rate=0.5,
)


def test_an_alert_ends_in_one_of_eight_ways_and_is_open_until_then() -> None:
    assert [kind.value for kind in OutcomeKind] == [
        "TARGET",
        "STOP",
        "EXPIRED",
        "NOT_FILLED",
        "VOID_LATE",
        "NOT_PUBLISHED",
        "UNRESOLVED_GAP",
        "DELISTED",
        "OPEN",
    ]


@pytest.mark.parametrize("kind", OutcomeKind)
def test_five_ways_count_in_the_win_rate_and_a_gap_is_one_of_them(kind: OutcomeKind) -> None:
    counts = kind.name in {"TARGET", "STOP", "EXPIRED", "DELISTED", "UNRESOLVED_GAP"}

    assert (kind in DECIDED) is counts
    assert replace(SETTLED, kind=kind).is_decided is counts
    assert replace(SETTLED, kind=kind).is_win is counts


@pytest.mark.parametrize(
    ("net_r", "is_win"), [(0.9, True), (1e-10, True), (0.0, False), (-0.1, False), (None, False)]
)
def test_a_win_is_what_is_left_after_costs(net_r: float | None, is_win: bool) -> None:
    assert replace(SETTLED, net_r=net_r).is_win is is_win


def test_the_evidence_is_hashed_line_by_line() -> None:
    outcome = Outcome(kind=OutcomeKind.TARGET, evidence=(FIRST, SECOND))

    # printf '0,100,100.5,99.5,100,7\n60000,100,101.2,99.8,101,2.5\n' | sha256sum
    assert outcome.candles_hash == (
        "77fbb9ba852d5dc638f1fde93960ab60bc91c7cea3f02f7bf9346fc5b94a8acf"
    )


def test_another_order_of_the_same_candles_is_other_evidence() -> None:
    forth = Outcome(kind=OutcomeKind.TARGET, evidence=(FIRST, SECOND))
    back = Outcome(kind=OutcomeKind.TARGET, evidence=(SECOND, FIRST))

    assert forth.candles_hash != back.candles_hash


def test_no_evidence_has_no_hash() -> None:
    assert Outcome(kind=OutcomeKind.NOT_PUBLISHED).candles_hash is None


def test_finer_candles_are_named_as_the_source_where_they_decided() -> None:
    coarse = Outcome(kind=OutcomeKind.STOP, evidence=(FIRST,))
    finer = replace(coarse, finer_evidence=(SECOND,))

    assert coarse.source == "candles"
    assert finer.source == "finer candles"
    assert finer.candles_hash == coarse.candles_hash
