import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.alert import SetupState
from signalbot.domain.baseline import Baseline
from signalbot.record.entries import canonical
from signalbot.record.judgement_bodies import baseline_body, baseline_of, state_body

RATES = st.integers(-(10**12), 10**12).map(lambda digits: Decimal(digits).scaleb(-10))
BASELINES = st.builds(
    Baseline,
    day=st.text(max_size=10),
    setup=st.text(max_size=10),
    version=st.text(max_size=10),
    n=st.integers(0, 10**6),
    left_out=st.integers(0, 10**6),
    **dict.fromkeys(("observed_mean_r", "twins_mean_r", "inverse_mean_r", "p_value"), RATES),
    seed=st.integers(0, 2**64 - 1),
    twin_sums=st.lists(st.integers(-(10**9), 10**9), max_size=5).map(tuple),
)


def test_a_baseline_is_written_with_ten_places_and_a_seed_that_no_reader_rounds() -> None:
    baseline = Baseline(
        day="2026-01-01",
        setup="range_breakout",
        version="1.0badcafe",
        n=3,
        left_out=1,
        observed_mean_r=Decimal("-0.1"),
        twins_mean_r=Decimal("-0.12345678901"),
        inverse_mean_r=Decimal(0),
        p_value=Decimal("0.4"),
        seed=2**64 - 1,
        twin_sums=(-3000, 12),
    )

    assert baseline_body(baseline) == {
        "day": "2026-01-01",
        "setup": "range_breakout",
        "version": "1.0badcafe",
        "n": 3,
        "left_out": 1,
        "observed_mean_r": "-0.1000000000",
        "twins_mean_r": "-0.1234567890",
        "inverse_mean_r": "0.0000000000",
        "p_value": "0.4000000000",
        "seed": "18446744073709551615",
        "replicates": 2,
        "twin_sums_e4_r": [-3000, 12],
    }


@given(baseline=BASELINES)
def test_a_baseline_is_read_back_as_it_was_written(baseline: Baseline) -> None:
    body = json.loads(canonical(baseline_body(baseline)))

    assert baseline_of(body) == baseline


def test_a_change_of_state_says_what_it_follows_from() -> None:
    body = state_body(
        "range_breakout", "1.0badcafe", SetupState.UNPROVEN, SetupState.LOSING, {"n": 120}
    )

    assert body == {
        "setup_state": {
            "setup": "range_breakout",
            "version": "1.0badcafe",
            "was": "unproven",
            "state": "losing",
            "figures": {"n": 120},
        }
    }
