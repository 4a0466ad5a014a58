from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.domain.timeframe import HOUR_MS
from signalbot.record.entries import Head
from signalbot.rendering.headline import headline
from signalbot.stats.performance import Performance, performance, summarise
from signalbot.stats.sample import Sample

HEAD = Head(seq=142, hash="9f3ca1b2" + "0" * 56)
SINCE = "2026-11-01"
UNTRADED = [OutcomeKind.VOID_LATE, OutcomeKind.NOT_FILLED, OutcomeKind.OPEN]


def shown(wins: int, losses: int) -> Performance:
    """Wins of +0.9 and losses of -1.1 R that needed 75 %, two alerts without a trade, one open."""
    traded = [(OutcomeKind.TARGET, 0.9)] * wins + [(OutcomeKind.STOP, -1.1)] * losses
    results = [*traded, *((kind, None) for kind in UNTRADED)]
    return summarise(
        Sample.of(
            Settled(
                alert_id=f"{row:04}",
                setup="reversal",
                version="1",
                symbol="LAYER/USDT:USDT",
                side="long",
                published_at=row * HOUR_MS,
                kind=kind,
                net_r=net_r,
                breakeven_win_rate=0.75,
            )
            for row, (kind, net_r) in enumerate(results)
        ),
        (0.1, 0.5),
    )


def test_a_record_is_quoted_with_interval_breakeven_period_and_head() -> None:
    # 120 of 170: always-valid .57961-.81384; (120 * 0.9 - 50 * 1.1) / 170 = +0.31
    assert headline(shown(120, 50), HEAD, SINCE) == (
        "120/170 net-positive = 70.6 % (95 % always-valid 58-81 %) - needs 75.0 % to break even"
        " - net +0.31 R per alert - voids 2, open 1, since 2026-11-01, ledger head #142 9f3c..."
    )


def test_seventeen_alerts_have_counts_and_no_rate() -> None:
    line = headline(shown(12, 5), HEAD, SINCE)

    assert line == (
        "12/17 net-positive, not enough data (a rate is shown from 30 on)"
        " - voids 2, open 1, since 2026-11-01, ledger head #142 9f3c..."
    )
    assert "%" not in line


def test_thirty_alerts_are_the_first_to_have_a_rate() -> None:
    assert "%" not in headline(shown(20, 9), HEAD, SINCE)
    assert headline(shown(20, 10), HEAD, SINCE).startswith("20/30 net-positive = 66.7 % (95 %")


def test_a_record_without_a_ledger_or_an_alert_names_neither() -> None:
    assert headline(performance(Sample.of([]), seed=0), None, None) == (
        "0/0 net-positive, not enough data (a rate is shown from 30 on) - voids 0, open 0"
    )
