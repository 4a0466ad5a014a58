"""Charts as PNG; matplotlib is loaded with the first of them, and draws one at a time."""

import os
from threading import Lock

from signalbot.domain.outcome import Outcome
from signalbot.domain.snapshot import Snapshot

DRAWING = Lock()
"""Held while anything is drawn: matplotlib is not for several threads at once."""


def draw_alert(snapshot: Snapshot, outcome: Outcome | None = None) -> bytes:
    """Return the chart of an alert, with what became of it if that is given."""
    with DRAWING:
        os.environ["MPLBACKEND"] = "agg"
        from signalbot.rendering.charts.alert_chart import alert_chart
        from signalbot.rendering.charts.outcome_chart import outcome_chart
        from signalbot.rendering.pictures.sheet import png

        figure = alert_chart(snapshot) if outcome is None else outcome_chart(snapshot, outcome)
        return png(figure)
