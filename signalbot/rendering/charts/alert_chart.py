"""The picture of one alert: the candles it was decided on, and its plan.

It is drawn from the snapshot alone, as the text is from the alert in it, so that the two cannot
disagree. Nothing on it is later than the candle that fired.
"""

from matplotlib.figure import Figure

from signalbot.domain.snapshot import Snapshot
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.rendering.charts.frame import Scene, frame
from signalbot.rendering.figures import clock
from signalbot.rendering.pictures.sheet import styled


@styled
def alert_chart(snapshot: Snapshot) -> Figure:
    """Return the picture of an alert."""
    alert, plan = snapshot.alert, snapshot.alert.plan
    close = alert.candle_close
    valid = clock(close + plan.entry_ttl_min * MINUTE_MS)
    closed = clock(close + plan.max_hold_min * MINUTE_MS)
    step = alert.timeframe.name
    fact = f"{step} close {clock(close)} UTC · valid until {valid} · closed by {closed}"
    figure, _ = frame(snapshot, Scene(candles=snapshot.candles, fact=fact))
    return figure
