import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.stats.clusters import clusters_of, effective_count, mean_interval
from signalbot.stats.sample import Sample

LONG, SHORT = "long", "short"
Row = tuple[float, str, float]  # minute, side, net R


def sample_of(rows: list[Row]) -> Sample:
    return Sample.of(
        Settled(
            alert_id=f"{row:06}",
            setup="reversal",
            version="1",
            symbol="LAYER/USDT:USDT",
            side=side,
            published_at=round(minute * MINUTE_MS),
            kind=OutcomeKind.EXPIRED,
            net_r=net_r,
            breakeven_win_rate=0.5,
        )
        for row, (minute, side, net_r) in enumerate(rows)
    )


def sizes(rows: list[Row]) -> list[int]:
    return sorted(clusters_of(sample_of(rows)).size.tolist())


def test_alerts_chained_within_fifteen_minutes_are_one_bet() -> None:
    assert sizes([(0, LONG, 1), (15, LONG, 1), (30, LONG, 1)]) == [3]


def test_a_longer_pause_starts_another_bet() -> None:
    assert sizes([(0, LONG, 1), (15 + 1 / MINUTE_MS, LONG, 1)]) == [1, 1]


def test_the_two_sides_are_different_bets() -> None:
    assert sizes([(0, LONG, 1), (1, SHORT, 1), (2, LONG, 1), (40, SHORT, 1)]) == [1, 1, 2]


def test_a_cluster_holds_the_sum_of_its_results() -> None:
    clusters = clusters_of(sample_of([(0, LONG, 0.5), (1, SHORT, -1.0), (2, LONG, 0.25)]))

    by_size = dict(zip(clusters.size.tolist(), clusters.net_r.tolist(), strict=True))
    assert by_size == {2: 0.75, 1: -1.0}


def test_alerts_apart_are_worth_their_number() -> None:
    clusters = clusters_of(sample_of([(hour * 60, LONG, 1) for hour in range(7)]))

    assert effective_count(clusters) == 7


def test_pairs_are_worth_two_thirds_of_their_number() -> None:
    rows = [(hour * 60 + minute, LONG, 1.0) for hour in range(6) for minute in (0, 1)]

    assert effective_count(clusters_of(sample_of(rows))) == pytest.approx(12 / 1.5)


def test_no_alerts_are_worth_nothing_and_have_no_interval() -> None:
    assert effective_count(clusters_of(Sample.of([]))) == 0
    assert mean_interval(Sample.of([]), seed=1) is None


def hourly(results: list[float]) -> list[Row]:
    return [(hour * 60, LONG, net_r) for hour, net_r in enumerate(results)]


def test_the_same_seed_gives_the_same_interval() -> None:
    sample = sample_of(hourly([0.9, 0.9, -1.1] * 30))

    assert mean_interval(sample, seed=2**255) == mean_interval(sample, seed=2**255)
    assert mean_interval(sample, seed=1) != mean_interval(sample, seed=2)


def test_a_seed_gives_one_interval_on_every_machine() -> None:
    sample = sample_of(hourly([0.9, 0.9, -1.1] * 30))

    assert mean_interval(sample, seed=142) == pytest.approx((1 / 30, 13 / 30), abs=1e-9)


def test_the_interval_is_that_of_the_normal_limit_for_many_bets() -> None:
    results = [0.9, -1.1] * 1_000

    low, high = mean_interval(sample_of(hourly(results)), seed=7)

    half_width = 1.96 * np.std(results) / np.sqrt(len(results))
    assert (low, high) == pytest.approx(
        (np.mean(results) - half_width, np.mean(results) + half_width), abs=0.008
    )


def test_coins_that_move_together_widen_the_interval() -> None:
    results = [0.9, -1.1] * 30
    apart = hourly([net_r for net_r in results for _ in range(4)])
    together = [
        (hour * 60 + k, LONG, net_r) for hour, net_r in enumerate(results) for k in range(4)
    ]

    wide, narrow = (mean_interval(sample_of(rows), seed=3) for rows in (together, apart))

    assert (wide[1] - wide[0]) / (narrow[1] - narrow[0]) == pytest.approx(2, abs=0.2)


def test_a_single_bet_says_nothing_about_the_next() -> None:
    one_chain = sample_of([(minute, LONG, -1.1 if minute == 9 else 0.9) for minute in range(40)])

    assert mean_interval(one_chain, seed=1) == (-1.1, 0.9)


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from([LONG, SHORT]), st.floats(-2, 2)),
        min_size=1,
        max_size=20,
    )
)
def test_clusters_partition_the_alerts_and_the_interval_stays_among_the_results(
    rows: list[Row],
) -> None:
    sample = sample_of(rows)
    clusters = clusters_of(sample)

    low, high = mean_interval(sample, seed=5)

    assert clusters.size.sum() == len(rows)
    assert clusters.net_r.sum() == pytest.approx(sample.net_r.sum(), abs=1e-9)
    assert 1 <= effective_count(clusters) <= len(rows) or len(clusters) == 1
    assert min(sample.net_r) - 1e-9 <= low <= high <= max(sample.net_r) + 1e-9
