"""An alert that an admin sends to himself, to see that alerts arrive and how they look."""

from signalbot.domain.recorded import RecordedAlert
from signalbot.rendering.alert_lines import plan_lines, reference_lines


def trial_alert_text(alert: RecordedAlert) -> str:
    """Return an alert of the record, marked so that nobody takes it for a new one."""
    lines = [
        f"TEST, not a new alert: #{alert.seq} once more",
        *plan_lines(alert.alert),
        *reference_lines(alert.alert),
    ]
    return "\n".join(lines)
