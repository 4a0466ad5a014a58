"""The channel's messages about one alert, in Telegram's HTML.

At most 1024 characters, the limit of a caption. Sizes are those of the reference account, on paper.
"""

from signalbot.domain.outcome import Outcome
from signalbot.record.fold import Standing, Tally
from signalbot.rendering.alert_lines import plan_lines, record_lines, reference_lines
from signalbot.rendering.outcome_reply import outcome_reply


def alert_message(standing: Standing, tally: Tally) -> str:
    """Return the caption of an alert, sized for the reference account on paper."""
    alert = standing.alert
    return "\n".join(
        [*plan_lines(alert), "", *reference_lines(alert), *record_lines(standing, tally)]
    )


def outcome_message(standing: Standing, outcome: Outcome, tally: Tally) -> str:
    """Return the reply that says what became of an alert."""
    alert = standing.alert
    return outcome_reply(alert, outcome, tally, alert.size.qty, "on paper")
