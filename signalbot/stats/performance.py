"""The honest statistics of a record: every figure that a text, a page or a command shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from signalbot.domain.baseline import Baseline
from signalbot.domain.outcome import OutcomeKind
from signalbot.stats.baseline_record import BaselineRecord, record_of
from signalbot.stats.clusters import clusters_of, effective_count, mean_interval
from signalbot.stats.disclosure import BeforeCosts, Bounds, before_costs, bounds_of, ended, voids
from signalbot.stats.returns import (
    expected_longest_losing_run,
    longest_losing_run,
    max_drawdown_r,
    profit_factor,
)
from signalbot.stats.sample import Sample
from signalbot.stats.slices import Slice, slices_of
from signalbot.stats.uncertainty import Interval, always_valid, e_value, wilson
from signalbot.stats.verdict import MIN_DECIDED, Standing, Verdict, alerts_needed, verdict_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What a record shows; the fields of the `stats` answer, and what the texts need besides.

    Rates are fractions, R is net of costs. None where there is nothing to say yet.

    Attributes
    ----------
    alerts, buckets
        All alerts, and how many ended in each kind (all kinds, they add up).
    decided, wins
        Alerts that count, and those with net R above 0.
    win_rate
        None below 30 decided alerts.
    wilson_95, always_valid_95
        Intervals of the win rate for one look, and for a record that is read every day.
    breakeven_win_rate, e_value
        Mean of the planned rates, and the evidence against it (in either direction).
    expectancy_r, expectancy_r_95
        Mean net R, and its interval over clusters of alerts that moved together.
    profit_factor
        None where nothing was lost.
    expected_longest_losing_run
        At this win rate and number of alerts.
    n_effective
        Independent alerts the decided ones are worth.
    alerts_needed
        About how many more decided alerts a verdict would take.
    before_costs, bounds
        The expectancy before costs, and what ambiguous outcomes may change in it.
    void_share, late_share
        Shares, of the alerts that have ended, of those without a trade, and of those among them
        whose price had left before a reader could act.
    baseline
        What chance and the inverse trade would have made of the same alerts.
    corrections
        Outcomes that later data corrected; the figures are those after it.
    """

    alerts: int
    buckets: Mapping[OutcomeKind, int]
    decided: int
    wins: int
    win_rate: float | None
    wilson_95: Interval
    always_valid_95: Interval
    breakeven_win_rate: float | None
    e_value: float | None
    verdict: Verdict
    alerts_needed: int | None
    expectancy_r: float | None
    expectancy_r_95: Interval | None
    profit_factor: float | None
    max_drawdown_r: float
    longest_losing_run: int
    expected_longest_losing_run: float
    n_effective: float
    slices: tuple[Slice, ...]
    before_costs: BeforeCosts | None = None
    bounds: Bounds | None = None
    void_share: float | None = None
    late_share: float | None = None
    baseline: BaselineRecord | None = None
    corrections: int = 0


def performance(
    sample: Sample, seed: int, baselines: Sequence[Baseline] = (), corrections: int = 0
) -> Performance:
    """Return the statistics of a record.

    Parameters
    ----------
    sample : Sample
        All alerts, undecided ones included.
    seed : int
        Of the bootstrap, not negative; derived from the ledger's head, so that nobody can choose
        a lucky one and everybody can repeat it.
    baselines : sequence of Baseline
        Those of the record's days.
    corrections : int
        Outcomes that were corrected.
    """
    shown = summarise(sample, mean_interval(sample.decided, seed))
    return replace(shown, baseline=record_of(baselines), corrections=corrections)


def summarise(sample: Sample, expectancy_r_95: Interval | None) -> Performance:
    """Return the statistics of a record whose bootstrap interval is known; None: nothing decided.

    Everything but that interval follows from the sample without any drawing of lots.
    """
    decided = sample.decided
    n, wins = len(decided), int(decided.is_win.sum())
    buckets = sample.buckets()
    n_ended = ended(buckets)
    n_effective = effective_count(clusters_of(decided))
    standing = None
    if expectancy_r_95 is not None:
        standing = Standing(
            decided=n,
            wins=wins,
            breakeven_win_rate=float(decided.breakeven.mean()),
            expectancy_r=float(decided.net_r.mean()),
            expectancy_r_95=expectancy_r_95,
            n_effective=n_effective,
        )
    verdict = verdict_of(standing) if standing else Verdict.NOT_ENOUGH_DATA
    return Performance(
        alerts=len(sample),
        buckets=buckets,
        decided=n,
        wins=wins,
        win_rate=wins / n if n >= MIN_DECIDED else None,
        wilson_95=wilson(wins, n),
        always_valid_95=always_valid(wins, n),
        breakeven_win_rate=standing.breakeven_win_rate if standing else None,
        e_value=e_value(wins, n, standing.breakeven_win_rate) if standing else None,
        verdict=verdict,
        alerts_needed=alerts_needed(standing, verdict) if standing else MIN_DECIDED,
        expectancy_r=standing.expectancy_r if standing else None,
        expectancy_r_95=expectancy_r_95,
        profit_factor=profit_factor(decided.net_r),
        max_drawdown_r=max_drawdown_r(decided.net_r),
        longest_losing_run=longest_losing_run(decided.net_r),
        expected_longest_losing_run=expected_longest_losing_run(wins, n),
        n_effective=n_effective,
        slices=slices_of(decided),
        before_costs=before_costs(decided),
        bounds=bounds_of(decided),
        void_share=voids(buckets) / n_ended if n_ended else None,
        late_share=buckets[OutcomeKind.VOID_LATE] / n_ended if n_ended else None,
    )
