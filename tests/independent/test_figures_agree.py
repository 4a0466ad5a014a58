"""The verifier and the package, which share no code, give the same figures to 1e-9."""

from collections.abc import Sequence
from types import ModuleType

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from signalbot.domain.outcome import DECIDED, OutcomeKind, Settled
from signalbot.stats.performance import performance
from signalbot.stats.sample import Sample

Results = Sequence[tuple[OutcomeKind, float, float]]
RESULTS = st.lists(
    st.tuples(
        st.sampled_from(list(OutcomeKind)),
        st.integers(-30_000, 30_000).map(lambda r: r / 10_000),
        st.integers(0, 10_000).map(lambda rate: rate / 10_000),
    ),
    max_size=120,
)
WON, LOST = (OutcomeKind.TARGET, 0.9, 0.5), (OutcomeKind.STOP, -1.1, 0.5)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(RESULTS)
@example([WON] * 12 + [LOST] * 5)
@example([WON] * 40)
@example([LOST] * 40)
@example([WON, LOST] * 3000)
@example([])
def test_the_figures_are_the_same(verify: ModuleType, results: Results) -> None:
    alerts = [
        (number, f"{number:016x}", "a 1.0", kind.value, net_r if kind in DECIDED else None, rate)
        for number, (kind, net_r, rate) in enumerate(results)
    ]
    sample = Sample.of(
        Settled(
            alert_id=id_,
            setup="a",
            version="1.0",
            symbol="TOY/USDT:USDT",
            side="long",
            published_at=at,
            kind=OutcomeKind(kind),
            net_r=net_r,
            breakeven_win_rate=rate,
        )
        for at, id_, _, kind, net_r, rate in alerts
    )
    shown = performance(sample, seed=1)

    figures = verify.figures(alerts[::-1])

    assert figures.pop("buckets") == {kind.value: n for kind, n in shown.buckets.items()}
    for name, value in figures.items():
        mine = getattr(shown, name)
        if name == "e_value" and mine is not None:  # up to the largest float there is
            assert value == pytest.approx(mine, rel=1e-9)
        elif value is None or isinstance(value, int):
            assert value == mine, name
        else:
            assert value == pytest.approx(mine, abs=1e-9, rel=1e-9), name
