from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pytest

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.baseline import Baseline
from signalbot.domain.candles import Candles
from signalbot.domain.funding import FundingPayment
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS, M1, M5, MINUTE_MS
from signalbot.stats.baselines import (
    FEWEST_TWINS,
    REPLICATES,
    Decided,
    PairHistory,
    baseline_of_day,
)

FIRST = 1_767_225_600_000  # 2026-01-01T00:00:00Z
NOON = FIRST + DAY_MS + DAY_MS // 2
LAYER, MOCK = "LAYER/USDT:USDT", "MOCK/USDT:USDT"
FREE = dict.fromkeys(("taker_rate", "maker_rate", "slippage_rate"), Decimal(0))


def history(close: np.ndarray, timeframe=M1) -> PairHistory:
    """Candles that open at the close before, from the day before the alerts on."""
    opened = np.concatenate((close[:1], close[:-1]))
    return PairHistory(
        candles=Candles(
            timeframe=timeframe,
            open_time=FIRST + np.arange(len(close), dtype=np.int64) * timeframe.step_ms,
            open=opened,
            high=np.maximum(opened, close),
            low=np.minimum(opened, close),
            close=close,
            volume=np.ones(len(close)),
        )
    )


def staircase(step: float = 0.1) -> PairHistory:
    """Three days that rise by a step a minute."""
    return history(np.round(100 + step * np.arange(3 * 1440), 1))


def random_walk(seed: int = 1) -> PairHistory:
    steps = np.random.default_rng(seed).integers(-3, 4, size=3 * 1440)
    return history(np.round(1000 + np.cumsum(steps) / 10, 1))


def alert(symbol: str = LAYER, side: Side = Side.LONG, net_r: str = "-1", **changes) -> Decided:
    """An alert of noon with its stop a whole unit away and its target at the same distance."""
    at = changes.pop("at", NOON)
    entry = changes.pop("entry", Decimal(1000))
    given = {
        "id": "a",
        "venue": "binanceusdm",
        "tick": Decimal("0.1"),
        "latency_s": 10,
        "max_hold_min": 60,
        "entry_ttl_min": 5,
    }
    plan = Plan(
        symbol=symbol,
        side=side,
        entry=entry,
        stop=entry - side.sign,
        target=entry + side.sign,
        **(given | FREE | changes),
    )
    return Decided(plan=plan, candle_close=at, published_at=at + 2_500, net_r=Decimal(net_r))


def baseline(alerts: list[Decided], histories: dict[str, PairHistory], seed: int = 7) -> Baseline:
    return baseline_of_day(("reversal", "1"), "2026-01-02", alerts, histories.__getitem__, seed)


def test_in_a_market_that_only_rises_every_long_wins_and_every_short_loses() -> None:
    # noon of the second day is row 2159: its close, 315.9, is where the inverse is laid off
    rising = {LAYER: staircase()}
    entry = Decimal("315.9")

    of_long = baseline([alert(net_r="1", entry=entry)], rising)
    of_short = baseline([alert(side=Side.SHORT, net_r="-1", entry=entry)], rising)

    assert (of_long.twins_mean_r, of_long.inverse_mean_r) == (1, -1)
    assert (of_short.twins_mean_r, of_short.inverse_mean_r) == (-1, 1)
    assert set(of_long.twin_sums) == {10_000}
    assert (of_long.p_value, of_short.p_value) == (1, 1)  # chance did as well every time


def test_alerts_that_beat_every_replicate_have_the_smallest_p() -> None:
    lucky = baseline([alert(side=Side.SHORT, net_r="1.5")], {LAYER: staircase()})

    assert lucky.p_value == Decimal("0.001")  # one of a thousand: itself
    assert lucky.observed_mean_r == Decimal("1.5")


def test_a_replicate_draws_one_twin_of_each_alert() -> None:
    histories = {LAYER: staircase(), MOCK: staircase(-0.1)}
    rising, falling = alert(LAYER), alert(MOCK, Side.LONG)

    both = baseline([rising, rising, falling], histories)

    assert set(both.twin_sums) == {10_000}  # two wins and a loss
    assert both.n == 3
    assert both.twins_mean_r == Decimal("0.3333333333")


def test_twins_cost_what_the_alert_cost() -> None:
    rates = {"taker_rate": Decimal("0.0005"), "maker_rate": Decimal("0.0002")}

    free = baseline([alert()], {LAYER: random_walk()})
    charged = baseline([alert(**rates)], {LAYER: random_walk()})

    # taker in, taker or maker out, at prices of about 1000 and a stop one unit away
    assert 0.6 < free.twins_mean_r - charged.twins_mean_r < 1.1


def test_funding_is_charged_to_twins_that_are_held_over_it() -> None:
    flat = history(np.full(3 * 1440, 1000.0))
    # every eight hours 0.2 of a unit; 60 of 480 minutes' trades are held over one of them
    payments = [
        FundingPayment(
            time=FIRST + hour * 60 * MINUTE_MS, rate=Decimal("0.0002"), price=Decimal(1000)
        )
        for hour in range(0, 72, 8)
    ]

    found = baseline([alert()], {LAYER: replace(flat, funding=payments)})

    assert float(found.twins_mean_r) == pytest.approx(-0.2 * 60 / 480, abs=0.005)


def test_the_drawing_depends_on_the_seed_alone() -> None:
    histories = {LAYER: random_walk(), MOCK: random_walk(2)}
    alerts = [alert(), alert(MOCK, at=NOON + 7 * MINUTE_MS), alert(MOCK, Side.SHORT, id="b")]

    first, again = baseline(alerts, histories), baseline(alerts[::-1], histories)
    other = baseline(alerts, histories, seed=8)

    assert first == again
    assert first.twin_sums != other.twin_sums
    assert (first.seed, len(first.twin_sums)) == (7, REPLICATES)
    assert first.observed_mean_r == other.observed_mean_r


def test_a_seed_gives_one_drawing_on_every_machine() -> None:
    rates = {"taker_rate": Decimal("0.0005"), "maker_rate": Decimal("0.0002")}

    found = baseline([alert(**rates)], {LAYER: random_walk()}, seed=2**64 - 1)

    assert found.twin_sums[:6] == (2908, 2894, 2908, 2909, 2956, -7993)
    assert found.twins_mean_r == Decimal("-0.8084287287")


def test_only_twins_within_a_day_of_the_alert_are_drawn() -> None:
    # it rises until 24 hours before the alert and falls from then on
    turn = (NOON - DAY_MS - FIRST) // MINUTE_MS
    prices = np.concatenate(
        (1000 + 0.1 * np.arange(turn), 1000 + 0.1 * (turn - np.arange(4320 - turn)))
    )
    found = baseline([alert()], {LAYER: history(np.round(prices, 1))})

    assert set(found.twin_sums) == {-10_000}


def test_twins_are_drawn_where_their_whole_holding_time_is_known() -> None:
    # flat, then a fall that stops whoever is in, then a rise in which everybody else would win
    prices = np.full(3 * 1440, 1000.0)
    prices[-50:] = 995 + 0.3 * np.arange(50)

    found = baseline([alert(at=NOON + DAY_MS // 2 - MINUTE_MS)], {LAYER: history(prices)})

    assert set(found.twin_sums) == {-10_000, 0}  # their hour would reach beyond the last candle


def test_a_twin_that_is_too_late_is_no_twin() -> None:
    # every third minute opens so far up that a reader could not follow
    jumps = np.where(np.arange(3 * 1440) % 3 == 0, 0.9, 0.0)
    made = history(np.full(3 * 1440, 1000.0))
    opened = made.candles.open + jumps
    candles = replace(made.candles, open=opened, high=opened)

    found = baseline([alert()], {LAYER: replace(made, candles=candles)})

    # what could be entered was so at 1000 and expired there, or at most 0.9 above
    assert found.n == 1
    assert min(found.twin_sums) == 0


def test_an_inverse_that_could_not_be_entered_earns_nothing() -> None:
    # the next candle opens half a stop distance above the entry: fine for the long's inverse only
    # where it is not worse than a quarter
    made = history(np.full(3 * 1440, 1000.0))
    opened = made.candles.open - 0.5
    candles = replace(made.candles, open=opened, low=opened)

    found = baseline([alert(net_r="0.5")], {LAYER: replace(made, candles=candles)})

    assert found.inverse_mean_r == 0


def test_a_limit_entry_has_twins_that_enter_at_the_market() -> None:
    by_limit = baseline([alert(entry_kind=EntryKind.LIMIT)], {LAYER: random_walk()})

    assert by_limit == baseline([alert()], {LAYER: random_walk()})


@dataclass(frozen=True)
class Missing:
    name: str
    history: PairHistory


SHORT_HISTORY = (NOON - FIRST) // MINUTE_MS


@pytest.mark.parametrize(
    "missing",
    [
        Missing("no candle at all", history(np.empty(0))),
        Missing("none after the alert", history(np.full(SHORT_HISTORY, 1000.0))),
        Missing("too few to draw from", history(np.full(FEWEST_TWINS // 2, 1000.0))),
    ],
    ids=lambda each: each.name,
)
def test_an_alert_without_the_candles_is_left_out_and_counted(missing: Missing) -> None:
    alone = baseline([alert()], {LAYER: missing.history})
    beside = baseline([alert(), alert(MOCK)], {LAYER: missing.history, MOCK: random_walk()})

    assert (alone.n, alone.left_out) == (0, 1)
    assert (alone.observed_mean_r, alone.twins_mean_r, alone.inverse_mean_r) == (0, 0, 0)
    assert alone.p_value == 1
    assert (beside.n, beside.left_out) == (1, 1)


def test_a_pair_listed_this_morning_has_too_few_twins() -> None:
    # its candles begin one hour before the alert and end three hours after it
    begins, ends = SHORT_HISTORY - 60, SHORT_HISTORY + 100
    made = random_walk().candles
    fields = ("open_time", "open", "high", "low", "close", "volume")
    young = Candles(timeframe=M1, **{name: getattr(made, name)[begins:ends] for name in fields})

    found = baseline([alert()], {LAYER: PairHistory(candles=young)})

    assert (found.n, found.left_out) == (0, 1)


def test_five_minute_alerts_have_five_minute_twins() -> None:
    steps = np.random.default_rng(3).integers(-3, 4, size=3 * 288)
    coarse = history(np.round(1000 + np.cumsum(steps) / 10, 1), M5)

    found = baseline([alert(max_hold_min=240)], {LAYER: coarse})

    assert found.n == 1
    assert len(set(found.twin_sums)) > 2


def test_without_an_edge_the_p_value_is_that_of_chance() -> None:
    # alerts that are random trades themselves: one twin each, drawn with another seed
    found = []
    for seed in range(40):
        made = random_walk(seed)
        observed = baseline([alert()], {LAYER: made}, seed=seed + 1_000).twin_sums[0]
        as_alert = alert(net_r=str(Decimal(observed) / 10_000))
        found.append(float(baseline([as_alert], {LAYER: made}, seed=seed).p_value))

    assert 0.3 < np.mean(found) < 0.9
    assert min(found) > 0.001
