from collections.abc import Callable, Sequence

import numpy as np
import pytest

from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.timeframe import HOUR_MS, from_iso
from signalbot.stats.sample import KINDS, Labels, Sample, untold

START = from_iso("2026-11-01T00:00:00Z")

Alerts = Callable[..., Sample]


def alerts(
    net_r: Sequence[float],
    kinds: Sequence[OutcomeKind] = (),
    setups: Sequence[str] = (),
    hours: Sequence[int] = (),
) -> Sample:
    """Decided alerts, an hour apart; targets and stops as their sign says; of one setup."""
    n = len(net_r)
    by_sign = [OutcomeKind.TARGET if result > 0 else OutcomeKind.STOP for result in net_r]
    codes = np.zeros(n, dtype=np.int64)
    return Sample(
        published_at=START + HOUR_MS * np.array(hours or range(n), dtype=np.int64),
        kind=np.array([KINDS.index(kind) for kind in kinds or by_sign], dtype=np.int64),
        net_r=np.array(net_r, dtype=np.float64),
        breakeven=np.full(n, 0.5),
        setup=Labels.of(setups or ["range_breakout 1.9f3ca1b2"] * n),
        symbol=Labels(codes=codes, names=("TOY/USDT:USDT",)),
        side=Labels(codes=codes, names=("long",)),
        **untold(n),
    )


@pytest.fixture(scope="session", name="alerts")
def alerts_fixture() -> Alerts:
    return alerts
