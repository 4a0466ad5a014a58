"""What the record says of its own setups: baselines of a day, and a change of state."""

from decimal import Decimal
from typing import Any

from signalbot.domain.alert import SetupState
from signalbot.domain.baseline import Baseline
from signalbot.domain.rounding import ten_places
from signalbot.record.entries import Body

_MEANS = ("observed_mean_r", "twins_mean_r", "inverse_mean_r", "p_value")


def baseline_body(baseline: Baseline) -> Body:
    """Return the body of a `baseline` entry."""
    return {
        "day": baseline.day,
        "setup": baseline.setup,
        "version": baseline.version,
        "n": baseline.n,
        "left_out": baseline.left_out,
        **{name: ten_places(getattr(baseline, name)) for name in _MEANS},
        "seed": str(baseline.seed),
        "replicates": len(baseline.twin_sums),
        "twin_sums_e4_r": list(baseline.twin_sums),
    }


def baseline_of(body: Body) -> Baseline:
    """Return the baseline that a body holds."""
    return Baseline(
        day=body["day"],
        setup=body["setup"],
        version=body["version"],
        n=body["n"],
        left_out=body["left_out"],
        **{name: Decimal(body[name]) for name in _MEANS},
        seed=int(body["seed"]),
        twin_sums=tuple(body["twin_sums_e4_r"]),
    )


def state_body(
    setup: str, version: str, was: SetupState, state: SetupState, figures: dict[str, Any]
) -> Body:
    """Return the body of a `rules` entry that changes the state of a setup version.

    `figures` are those the state follows from, JSON without floats.
    """
    return {
        "setup_state": {
            "setup": setup,
            "version": version,
            "was": was.value,
            "state": state.value,
            "figures": figures,
        }
    }
