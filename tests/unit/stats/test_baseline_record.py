from decimal import Decimal

import numpy as np
import pytest

from signalbot.domain.baseline import Baseline
from signalbot.stats.baseline_record import in_parts, p_value_of, record_of


def day(n: int, observed: str, twin_sums: tuple[int, ...], **changes: object) -> Baseline:
    given = {
        "day": "2026-01-02",
        "setup": "reversal",
        "version": "1",
        "left_out": 0,
        "twins_mean_r": Decimal(sum(twin_sums)) / (10_000 * max(n, 1) * max(len(twin_sums), 1)),
        "inverse_mean_r": Decimal("-0.5"),
        "p_value": Decimal(1),
        "seed": 1,
    }
    return Baseline(
        n=n, observed_mean_r=Decimal(observed), twin_sums=twin_sums, **(given | changes)
    )


def test_a_record_without_a_baseline_has_none() -> None:
    assert record_of([]) is None
    assert record_of([day(0, "0", (0, 0, 0), left_out=4)]) is None


def test_one_day_is_its_own_record() -> None:
    # two alerts of +0.5 R; replicates of +2, +1 and -1 R: two of three did at least as well
    found = record_of([day(2, "0.5", (20_000, 10_000, -10_000), left_out=3)])

    assert (found.days, found.n, found.left_out) == (1, 2, 3)
    assert (found.observed_r, found.inverse_r) == (0.5, -0.5)
    assert found.twins_r == pytest.approx(2 / 6)
    assert found.p_value == (1 + 2) / (1 + 3)


def test_days_add_up_replicate_by_replicate() -> None:
    # the alerts made 1.0 and 0.3 R; the replicates 3.0, 1.3 and 0.5 R over both days
    found = record_of(
        [
            day(2, "0.5", (20_000, 10_000, -10_000)),
            day(1, "0.3", (10_000, 3_000, 15_000), inverse_mean_r=Decimal(1)),
        ]
    )

    assert (found.days, found.n) == (2, 3)
    assert found.observed_r == pytest.approx(1.3 / 3)
    assert found.twins_r == pytest.approx((3.0 + 1.3 + 0.5) / 9)
    assert found.inverse_r == pytest.approx((2 * -0.5 + 1) / 3)
    assert found.p_value == (1 + 2) / (1 + 3)  # 3.0 and 1.3 are at least 1.3


def test_days_weigh_as_many_alerts_as_they_have() -> None:
    found = record_of([day(9, "1", (0,)), day(1, "-1", (0,))])

    assert found.observed_r == pytest.approx(0.8)


def test_a_day_that_covers_no_alert_counts_only_what_it_leaves_out() -> None:
    alone = record_of([day(2, "0.5", (20_000, 10_000))])
    beside = record_of([day(2, "0.5", (20_000, 10_000)), day(0, "0", (0, 0), left_out=2)])

    assert (beside.days, beside.n, beside.left_out) == (1, 2, 2)
    assert beside.p_value == alone.p_value


def test_days_of_unequal_replicates_add_up_as_far_as_both_go() -> None:
    found = record_of([day(1, "0", (1, 1, 1)), day(1, "0", (1,))])

    assert found.p_value == (1 + 1) / (1 + 1)


def test_a_result_as_good_as_the_replicate_counts_as_one_of_them() -> None:
    sums = record_of([day(3, "-1.0666666667", (-32_000, -32_001, -31_999))])

    assert in_parts(Decimal("-3.2000000001")) == -32_000
    assert sums.p_value == (1 + 2) / (1 + 3)


def test_without_a_replicate_nothing_speaks_against_chance() -> None:
    assert p_value_of(5, np.empty(0, dtype=np.int64)) == 1.0
