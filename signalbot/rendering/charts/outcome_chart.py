"""The picture of an alert with what became of it: the evidence, fill and exit beside the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from matplotlib.figure import Figure

from signalbot.domain.candles import FIELDS, Candle, Candles
from signalbot.domain.outcome import Outcome
from signalbot.domain.snapshot import Snapshot
from signalbot.rendering.charts.frame import Scene, frame
from signalbot.rendering.figures import clock, price, r_value
from signalbot.rendering.pictures.sheet import styled
from signalbot.rendering.statistics_text import BUCKET_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fill or an exit; `sign` stands for it in the text, `marker` is matplotlib's for it."""

    name: str
    sign: str
    marker: str
    at: int
    price: Decimal


@styled
def outcome_chart(snapshot: Snapshot, outcome: Outcome) -> Figure:
    """Return the picture of an alert and its outcome.

    The candles after the one that fired are those of the evidence, which is all that decided.
    """
    alert = snapshot.alert
    events = _events(outcome)
    scene = Scene(
        candles=_followed(snapshot.candles, outcome.evidence),
        fact=_fact(snapshot, outcome, events),
        prices=[event.price for event in events],
    )
    figure, axes = frame(snapshot, scene)
    for event in events:
        axes.plot(
            [(event.at - alert.candle_close) / alert.timeframe.step_ms],
            [float(event.price)],
            event.marker,
            color="#ffd700",
            markeredgecolor="black",
            markeredgewidth=1.5,
            markersize=13,
            zorder=8,
        )
    return figure


def _followed(before: Candles, rows: Sequence[Candle]) -> Candles:
    later = {field: [float(getattr(row, field)) for row in rows] for field in FIELDS}
    opened = np.array([row.open_time for row in rows], dtype=np.int64)
    return Candles(
        timeframe=before.timeframe,
        open_time=np.concatenate([before.open_time, opened]),
        **{field: np.concatenate([getattr(before, field), later[field]]) for field in FIELDS},
    )


def _events(outcome: Outcome) -> list[Event]:
    told = (
        ("in", "\u25b6", ">", outcome.filled_at, outcome.fill_price),
        ("out", "\u2716", "X", outcome.exit_at, outcome.exit_price),
    )
    return [
        Event(name=name, sign=sign, marker=marker, at=at, price=paid)
        for name, sign, marker, at, paid in told
        if at is not None and paid is not None
    ]


def _fact(snapshot: Snapshot, outcome: Outcome, events: Sequence[Event]) -> str:
    tick = snapshot.alert.plan.tick
    ended = BUCKET_WORDS[outcome.kind]
    if outcome.net_r is not None:
        ended += f" {r_value(outcome.net_r)} R after costs"
    told = [f"{e.sign} {e.name} {price(e.price, tick)} {clock(e.at)}" for e in events]
    return " · ".join([ended, *told])
