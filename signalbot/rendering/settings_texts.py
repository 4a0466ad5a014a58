"""What a reader has set, and the answer to each change, in Telegram's HTML (4096 at most)."""

from collections.abc import Collection
from html import escape

from signalbot.domain.onboarding import Step
from signalbot.domain.subscriber import PAPER_ALERTS, QuietHours, Subscriber
from signalbot.domain.time_zone import UTC_ZONE, local_time
from signalbot.errors import InputError
from signalbot.rendering.figures import clock_with_zone
from signalbot.rendering.onboarding_texts import answer_text, leverage_warning
from signalbot.setups.catalogue import title_of

SHOWN = 30
"""Muted names that are listed at most."""


def settings_text(subscriber: Subscriber, now: int) -> str:
    """Return everything that can be set, as it is."""
    answers = {step: answer_text(step, subscriber) or "not told" for step in Step}
    return "\n".join(
        [
            f"Alerts: {_state(subscriber, now)}",
            f"Venue: {answers[Step.VENUE]} · account: {answers[Step.EQUITY]}",
            f"Risk: {answers[Step.RISK]} of the account · leverage: {answers[Step.LEVERAGE]}",
            *leverage_warning(subscriber),
            f"Sizes: {_sizes(subscriber)}",
            f"Time zone: {escape(subscriber.zone)}, it is {clock_with_zone(now, subscriber.zone)}",
            f"Quiet hours: {_quiet(subscriber.quiet)}",
            f"Muted coins: {_names(subscriber.muted_coins)}",
            f"Muted setups: {_names([title_of(name) for name in subscriber.muted_setups])}",
        ]
    )


def refused_text(error: InputError) -> str:
    """Return one sentence that says what was wrong with an input, with an example."""
    said = str(error)
    return f"{escape(said[:1].upper() + said[1:])}."


def subscription_text(subscriber: Subscriber) -> str:
    """Return the answer to /subscribe and /unsubscribe."""
    if subscriber.subscribed:
        return "You get alerts. /unsubscribe ends them, /pause interrupts them."
    return (
        "You get no more alerts. What you told stays for /size and /journal; /subscribe brings"
        " alerts back, /forgetme deletes everything."
    )


def pause_text(subscriber: Subscriber) -> str:
    """Return the answer to a pause, and to its end."""
    if subscriber.paused_until is None:
        return "No pause. Alerts come as they are published."
    return (
        f"No alerts until {_day_and_time(subscriber.paused_until, subscriber.zone)}. What is"
        " published until then is not sent later; it is in the record. /settings ends the pause."
    )


def quiet_text(subscriber: Subscriber) -> str:
    """Return the answer to a change of quiet hours or time zone."""
    if subscriber.quiet is None:
        return "No quiet hours. Alerts come at any time of the day."
    hint = "" if subscriber.zone != UTC_ZONE else " If that is not your clock, set it in /settings."
    return (
        f"Quiet from {_quiet(subscriber.quiet)} ({escape(subscriber.zone)}). What is published"
        f" then is not sent later; it is in the record.{hint}"
    )


def zone_text(subscriber: Subscriber, now: int) -> str:
    """Return the answer to a change of the time zone."""
    return (
        f"Your clock: {escape(subscriber.zone)}, it is {clock_with_zone(now, subscriber.zone)}."
        " Times in alerts follow it, summer time too."
    )


def mutes_text(subscriber: Subscriber) -> str:
    """Return the answer to muting and unmuting."""
    setups = [title_of(name) for name in subscriber.muted_setups]
    return (
        f"Muted coins: {_names(subscriber.muted_coins)}\nMuted setups: {_names(setups)}\n"
        "The record follows them all the same. /settings brings one back."
    )


def _state(subscriber: Subscriber, now: int) -> str:
    if not subscriber.subscribed:
        return "not subscribed"
    until = subscriber.paused_until
    if until is not None and now < until:
        return f"paused until {_day_and_time(until, subscriber.zone)}"
    return f"subscribed, {subscriber.alerts_received} received"


def _sizes(subscriber: Subscriber) -> str:
    if subscriber.real_since is None:
        return "PAPER"
    left = PAPER_ALERTS - subscriber.alerts_received
    if left <= 0:
        return "real"
    return f"real after {left} more {'alert' if left == 1 else 'alerts'}, PAPER until then"


def _quiet(quiet: QuietHours | None) -> str:
    if quiet is None:
        return "none"
    ends = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (quiet.since, quiet.until))
    return " to ".join(ends)


def _names(names: Collection[str]) -> str:
    listed = [escape(name) for name in sorted(names)]
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return f"{', '.join(listed[:SHOWN])}{more}" if listed else "none"


def _day_and_time(instant: int, zone: str) -> str:
    at = local_time(instant, zone)
    return f"{at.day} {at:%b %H:%M %Z}"
