"""What became of an alert, as a reply to its message, in Telegram's HTML."""

from decimal import Decimal
from html import escape

from signalbot.domain.alert import Alert
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.record.fold import Tally
from signalbot.rendering.figures import price, r_value

NOTICES = {
    OutcomeKind.NOT_FILLED: "Not filled: the price never traded through the entry in time.",
    OutcomeKind.VOID_LATE: "Void: the price had left the entry before a reader could act.",
    OutcomeKind.NOT_PUBLISHED: "Not published: nobody could be reached in time.",
}


def outcome_reply(
    alert: Alert, outcome: Outcome, tally: Tally, qty: Decimal | None, whose: str
) -> str:
    """Return how an alert ended, in R and in the money of a quantity.

    Parameters
    ----------
    qty : Decimal or None
        Base units; None where no money is told.
    whose : str
        Behind the money: whose quantity it is.
    """
    plan = alert.plan
    if outcome.net_r is None:
        return f"{escape(plan.coin)}: {NOTICES[outcome.kind]}"
    result = f"{r_value(outcome.net_r)} R after costs"
    if qty is not None:
        result += f" ({outcome.net_r * plan.risk * qty:+,.2f} USDT {whose})"
    lines = [
        f"{escape(plan.coin)} {_ending(alert, outcome)}. {result}.",
        f"This setup: {tally.wins} of {tally.decided} won after costs.",
    ]
    if outcome.ambiguous and outcome.worst_net_r is not None and outcome.best_net_r is not None:
        worst, best = r_value(outcome.worst_net_r), r_value(outcome.best_net_r)
        lines.insert(1, f"The candles do not show the order of prices: {worst} to {best} R.")
    return "\n".join(lines)


def _ending(alert: Alert, outcome: Outcome) -> str:
    at = "" if outcome.exit_price is None else price(outcome.exit_price, alert.plan.tick)
    if outcome.kind is OutcomeKind.UNRESOLVED_GAP:
        return f"lost its candles before it was decided, counted as a stop at {at}"
    words = {
        OutcomeKind.TARGET: "reached its target",
        OutcomeKind.STOP: "stopped",
        OutcomeKind.EXPIRED: "ran out of time, closed",
        OutcomeKind.DELISTED: "was delisted, closed",
    }
    minutes = ""
    if outcome.exit_at is not None and outcome.filled_at is not None:
        minutes = f" after {max(round((outcome.exit_at - outcome.filled_at) / MINUTE_MS), 1)} min"
    return f"{words[outcome.kind]} at {at}{minutes}"
