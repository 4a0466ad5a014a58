import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.errors import InputError
from signalbot.stats.sample import KINDS, Labels, Sample, untold


def settled(alert_id: str = "a", published_at: int = 0, **changes: object) -> Settled:
    given: dict[str, object] = {
        "setup": "reversal",
        "version": "1",
        "symbol": "LAYER/USDT:USDT",
        "side": "long",
        "kind": OutcomeKind.TARGET,
        "net_r": 0.9,
        "breakeven_win_rate": 0.5,
    }
    return Settled(alert_id=alert_id, published_at=published_at, **(given | changes))


def test_rows_are_ordered_by_publication_then_id() -> None:
    alerts = [settled("b", 5, net_r=2.0), settled("c", 1, net_r=3.0), settled("a", 5, net_r=1.0)]

    sample = Sample.of(alerts)

    assert sample.published_at.tolist() == [1, 5, 5]
    assert sample.net_r.tolist() == [3.0, 1.0, 2.0]


@given(st.permutations([settled(f"{row:02}", row // 3, net_r=float(row)) for row in range(12)]))
def test_the_order_in_which_alerts_come_does_not_matter(alerts: list[Settled]) -> None:
    assert Sample.of(alerts).net_r.tolist() == list(range(12))


def test_decided_leaves_out_what_was_never_a_trade() -> None:
    sample = Sample.of(
        settled(str(row), row, kind=kind, net_r=float(row)) for row, kind in enumerate(OutcomeKind)
    )

    decided = {KINDS[code] for code in sample.decided.kind}

    assert decided == {
        OutcomeKind.TARGET,
        OutcomeKind.STOP,
        OutcomeKind.EXPIRED,
        OutcomeKind.DELISTED,
        OutcomeKind.UNRESOLVED_GAP,
    }


def test_the_buckets_name_every_kind_and_add_up() -> None:
    alerts = [
        settled("a"),
        settled("b"),
        settled("c", kind=OutcomeKind.OPEN, net_r=None),
        settled("d", kind=OutcomeKind.VOID_LATE, net_r=None),
    ]

    buckets = Sample.of(alerts).buckets()

    assert list(buckets) == list(OutcomeKind)
    assert {kind: n for kind, n in buckets.items() if n} == {
        OutcomeKind.TARGET: 2,
        OutcomeKind.OPEN: 1,
        OutcomeKind.VOID_LATE: 1,
    }


def test_an_empty_sample_has_every_column_and_no_rows() -> None:
    sample = Sample.of([])

    assert len(sample) == len(sample.decided) == 0
    assert set(sample.buckets().values()) == {0}


def test_an_alert_without_a_result_holds_nan() -> None:
    sample = Sample.of([settled(kind=OutcomeKind.NOT_FILLED, net_r=None)])

    assert np.isnan(sample.net_r).tolist() == [True]


def test_what_an_outcome_tells_beside_net_r_stands_in_its_columns() -> None:
    told = {"gross_r": 1.0, "ambiguous": True, "worst_net_r": -1.1, "best_net_r": 0.9}
    btc = {"volatility": "high", "regime": "down"}

    sample = Sample.of([settled("b", 1), settled("a", 0, **told, **btc)])

    assert sample.ambiguous.tolist() == [True, False]
    for name in ("gross_r", "worst_net_r", "best_net_r"):
        column = getattr(sample, name)
        assert column[0] == told[name]
        assert np.isnan(column[1])
    for name in btc:
        column = getattr(sample, name)
        assert [column.names[code] for code in column.codes] == [btc[name], ""]


def test_columns_that_are_not_told_read_as_those_of_alerts_that_tell_nothing() -> None:
    sample = Sample.of([settled("a"), settled("b")])

    nothing = untold(2)

    for name in ("gross_r", "worst_net_r", "best_net_r", "ambiguous"):
        assert np.array_equal(nothing[name], getattr(sample, name), equal_nan=True)
    for name in ("volatility", "regime"):
        assert nothing[name].names == ("",)
        assert nothing[name].codes.tolist() == getattr(sample, name).codes.tolist()


def test_a_win_is_what_is_left_after_costs_and_not_a_kind() -> None:
    alerts = [
        settled("a", kind=OutcomeKind.TARGET, net_r=-0.01),
        settled("b", kind=OutcomeKind.EXPIRED, net_r=0.01),
        settled("c", kind=OutcomeKind.EXPIRED, net_r=0.0),
    ]

    assert Sample.of(alerts).is_win.tolist() == [False, True, False]


def test_each_version_of_a_setup_has_a_record_of_its_own() -> None:
    sample = Sample.of(
        [
            settled("a", net_r=1.0),
            settled("b", net_r=2.0, version="2"),
            settled("c", net_r=3.0, setup="breakout"),
        ]
    )

    assert sample.of_setup("reversal", "1").net_r.tolist() == [1.0]
    assert sample.of_setup("reversal", "2").net_r.tolist() == [2.0]
    assert len(sample.of_setup("reversal", "3")) == 0
    assert len(Sample.of([]).of_setup("reversal", "1")) == 0


def test_labels_read_as_the_texts_they_were_made_of() -> None:
    texts = ["x", "y", "x", "z", "y"]

    column = Labels.of(texts)

    assert [column.names[code] for code in column.codes] == texts
    assert column.names == ("x", "y", "z")


@pytest.mark.parametrize("net_r", [None, float("nan"), float("inf")])
def test_a_decided_alert_without_a_finite_result_is_refused(net_r: float | None) -> None:
    with pytest.raises(InputError, match="alert a: net_r was"):
        Sample.of([settled(kind=OutcomeKind.UNRESOLVED_GAP, net_r=net_r)])


def test_the_first_alert_that_is_wrong_is_named() -> None:
    alerts = [settled("c", 3, net_r=None), settled("b", 2, net_r=None), settled("a", 1)]

    with pytest.raises(InputError, match="alert b: net_r was"):
        Sample.of(alerts)


@pytest.mark.parametrize("rate", [float("nan"), -0.1, 1.1])
def test_a_decided_alert_without_a_breakeven_rate_is_refused(rate: float) -> None:
    with pytest.raises(InputError, match="alert a: breakeven_win_rate was"):
        Sample.of([settled(breakeven_win_rate=rate)])
