from dataclasses import replace
from decimal import Decimal

import pytest

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.side import Side
from signalbot.domain.trade import Trade
from signalbot.rendering.outcome_text import MEANINGS, outcome_text

START = 1_767_225_600_000  # 2026-01-01T00:00:00Z
FLAT = Candle(
    open_time=START,
    **dict.fromkeys(("open", "high", "low", "close"), Decimal(1)),
    volume=Decimal(1),
)
PLAN = Plan(
    id="a",
    venue="bybit",
    symbol="LAYER/USDT:USDT",
    side=Side.LONG,
    entry=Decimal("1.042"),
    stop=Decimal("1.035"),
    target=Decimal("1.0525"),
    tick=Decimal("0.0001"),
    entry_kind=EntryKind.MARKET,
    latency_s=10,
    max_hold_min=60,
    entry_ttl_min=5,
    taker_rate=Decimal(0),
    maker_rate=Decimal(0),
    slippage_rate=Decimal(0),
)
STOPPED = {
    "kind": OutcomeKind.STOP,
    "filled_at": START + 12_500,
    "fill_price": Decimal("1.042"),
    "exit_at": START + 420_000,
    "exit_price": Decimal("1.035"),
    "gross_r": Decimal(-1),
    "net_r": Decimal("-1.2077"),
    "worst_net_r": Decimal("-1.2077"),
    "best_net_r": Decimal("1.3"),
}


def test_a_stop_is_told_with_prices_times_and_results() -> None:
    assert outcome_text(PLAN, Outcome(**STOPPED, evidence=(FLAT, FLAT))).splitlines() == [
        "STOP · LONG LAYER/USDT:USDT: stopped",
        "In at 1.0420 · 2026-01-01 00:00:12 UTC",
        "Out at 1.0350 · 2026-01-01 00:07:00 UTC",
        "-1.21 R after costs, -1.00 R before",
        "Decided by candles · 2 candles, SHA-256 "
        + str(Outcome(kind=OutcomeKind.STOP, evidence=(FLAT, FLAT)).candles_hash),
    ]


def test_a_doubt_is_told_with_its_bounds() -> None:
    told = outcome_text(PLAN, Outcome(**STOPPED, ambiguous=True))

    assert told.splitlines()[-1] == (
        "Ambiguous: the data do not show the order of prices, -1.21 to +1.30 R"
    )


def test_what_decided_is_the_finest_source() -> None:
    trade = Trade(time=START, price=Decimal(1), size=Decimal(1))

    told = outcome_text(PLAN, Outcome(**STOPPED, evidence=(FLAT,), trade_evidence=(trade,)))

    assert "Decided by trades · 1 candle, SHA-256 " in told


@pytest.mark.parametrize("kind", [OutcomeKind.OPEN, OutcomeKind.NOT_FILLED])
def test_an_alert_without_a_fill_is_told_in_one_line(kind: OutcomeKind) -> None:
    assert outcome_text(PLAN, Outcome(kind=kind)) == (
        f"{kind.value} · LONG LAYER/USDT:USDT: {MEANINGS[kind]}"
    )


def test_what_a_reader_could_not_get_is_no_fill() -> None:
    void = Outcome(kind=OutcomeKind.VOID_LATE, filled_at=START + 12_500, fill_price=Decimal("1.05"))

    assert outcome_text(PLAN, void).splitlines() == [
        "VOID_LATE · LONG LAYER/USDT:USDT: void: a reader could no longer get it",
        "The price was 1.0500 · 2026-01-01 00:00:12 UTC",
    ]


def test_a_gap_has_a_price_to_leave_at_and_no_time() -> None:
    kept = {name: value for name, value in STOPPED.items() if name not in ("kind", "exit_at")}

    told = outcome_text(PLAN, Outcome(**kept, kind=OutcomeKind.UNRESOLVED_GAP))

    assert "Out at 1.0350\n" in told


def test_every_outcome_that_the_resolver_gives_has_a_meaning() -> None:
    assert set(MEANINGS) == set(OutcomeKind) - {OutcomeKind.NOT_PUBLISHED}


def test_a_hostile_symbol_is_escaped() -> None:
    told = outcome_text(replace(PLAN, symbol="<b>x</b>"), Outcome(kind=OutcomeKind.OPEN))

    assert "&lt;b&gt;x&lt;/b&gt;" in told
