"""An alert and its outcome for one reader, in Telegram's HTML (at most 1024 characters).

The first line carries pair, side, entry, stop and target: it is all that a notification shows.
"""

from decimal import Decimal
from html import escape

from signalbot.domain.alert import Alert
from signalbot.domain.outcome import Outcome
from signalbot.domain.profile import Profile
from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rounding import plain
from signalbot.domain.subscriber import Subscriber, is_paper
from signalbot.record.fold import Standing, Tally
from signalbot.rendering.alert_lines import plan_lines, record_lines, reference_lines
from signalbot.rendering.figures import venue_title
from signalbot.rendering.outcome_reply import outcome_reply
from signalbot.rendering.size_lines import holding, liquidation_line, stakes
from signalbot.risk.advice import Advice

TOO_SMALL = frozenset(
    {RefusalCode.BELOW_MIN_QTY, RefusalCode.BELOW_MIN_NOTIONAL, RefusalCode.INSUFFICIENT_MARGIN}
)
"""Refusals that a larger account would not get."""
TELL = "Tell your account with /settings, and the next one is sized for it."


def personal_alert(
    standing: Standing, tally: Tally, subscriber: Subscriber, advice: Advice | None
) -> str:
    """Return the caption of an alert, sized for a reader, by the reader's clock.

    Parameters
    ----------
    advice : Advice or None
        For the reader's account; None while that is not known, and the reference account is shown.
    """
    alert = standing.alert
    return "\n".join(
        [
            *plan_lines(alert, subscriber.zone),
            "",
            *_size(alert, subscriber, advice),
            *_elsewhere(alert, subscriber),
            *record_lines(standing, tally),
        ]
    )


def personal_outcome(
    standing: Standing, outcome: Outcome, tally: Tally, qty: Decimal | None, *, on_paper: bool
) -> str:
    """Return the reply that says what became of an alert, with the money of the reader's size.

    Parameters
    ----------
    qty : Decimal or None
        What the reader was shown; None where that was to skip it, and no money is told.
    on_paper : bool
        Whether it was shown on paper.
    """
    whose = "at your size, on paper" if on_paper else "at your size"
    return outcome_reply(standing.alert, outcome, tally, qty, whose)


def _size(alert: Alert, subscriber: Subscriber, advice: Advice | None) -> list[str]:
    profile = subscriber.profile
    if profile is None or advice is None:
        return [*reference_lines(alert), TELL]
    if advice.refusals:
        return _skip(advice.refusals[0], profile)
    marked = "PAPER ·" if is_paper(subscriber, alert.state) else "Your size:"
    return [
        f"{marked} {holding(advice.size, escape(alert.plan.coin))}",
        stakes(advice.size, profile.equity),
        liquidation_line(advice, alert.plan.entry),
    ]


def _skip(refusal: Refusal, profile: Profile) -> list[str]:
    first = "Skip this one."
    if refusal.code in TOO_SMALL:
        account = plain(profile.equity)
        first = f"Your account of {account} USDT is too small for this one: skip it."
    return [first, f"{escape(refusal.message[:1].upper() + refusal.message[1:])}."]


def _elsewhere(alert: Alert, subscriber: Subscriber) -> list[str]:
    theirs = subscriber.venue
    if theirs is None or theirs == alert.plan.venue:
        return []
    return [f"Sized for {venue_title(alert.plan.venue)}: {venue_title(theirs)} has its own terms."]
