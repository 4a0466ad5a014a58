"""What a channel is told of a day and of a week, in Telegram's HTML (at most 4096 characters).

Neither stands alone: a day and a week are too few alerts to judge anything by, so the whole record
follows, with its count, its interval and what it needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from signalbot.record.entries import Head
from signalbot.rendering.figures import r_value
from signalbot.rendering.headline import headline
from signalbot.rendering.statistics_text import (
    buckets_line,
    reason_words,
    result_lines,
    verdict_sentence,
)
from signalbot.stats.performance import Performance

REASONS = 8
"""Reasons that are named, the most frequent; the rest is added up."""
LONGEST_REASON = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What happened on a UTC day.

    Attributes
    ----------
    day : str
        `2026-11-02`.
    pairs, alerts : int
        Pairs watched, and alerts made of their matches.
    refused : mapping of str to int
        Matches that became no alert, by the name of the reason.
    decided, wins, net_r : int, int, Decimal
        Alerts that were decided on that day, those of them that won after costs, and what they
        made together, in R after costs.
    """

    day: str
    pairs: int
    alerts: int
    refused: Mapping[str, int]
    decided: int = 0
    wins: int = 0
    net_r: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The alerts published from one UTC day to another, both included, as a record of its own."""

    first_day: str
    last_day: str
    shown: Performance
    refused: Mapping[str, int]


def daily_digest(day: Day, record: Performance, head: Head | None, since: str | None) -> str:
    """Return what is told of a day; `record` is the whole one after it, begun on day `since`."""
    lines = [f"{day.day} UTC", _counts(day)]
    if day.decided:
        together = f"{day.wins} of {day.decided} won after costs, {r_value(day.net_r)} R together"
        lines.append(f"Decided today: {together}. A day is too short to judge by.")
    return "\n".join([*lines, "", *_whole(record, head, since)])


def weekly_report(week: Week, record: Performance, head: Head | None, since: str | None) -> str:
    """Return what is told of a week; `record` is the whole one after it, begun on day `since`."""
    shown = week.shown
    lines = [
        f"Week {week.first_day} to {week.last_day} UTC: {_number(shown.alerts, 'alert')}",
        f"  {buckets_line(shown.buckets)}",
        *result_lines(shown),
        f"{_matches(shown.alerts, week.refused)}.",
        "A week is too short to judge by, whichever way it went.",
    ]
    return "\n".join([*lines, "", *_whole(record, head, since)])


def _counts(day: Day) -> str:
    counted = f"Today {_number(day.alerts, 'alert')} from {_number(day.pairs, 'pair')}"
    closing = "" if day.alerts else " A day without a trade is a result."
    return f"{counted}: {_matches(day.alerts, day.refused)}.{closing}"


def _matches(alerts: int, refused: Mapping[str, int]) -> str:
    matches = _number(alerts + sum(refused.values()), "match", "matches")
    return f"{matches}, {_refusals(refused)}"


def _refusals(counts: Mapping[str, int]) -> str:
    ordered = sorted(
        (item for item in counts.items() if item[1]), key=lambda item: (-item[1], item[0])
    )
    if not ordered:
        return "none refused"
    listed = [f"{_reason(name)} {count}" for name, count in ordered[:REASONS]]
    rest = sum(count for _, count in ordered[REASONS:])
    return f"refused: {', '.join([*listed, *([f'other reasons {rest}'] if rest else [])])}"


def _reason(name: str) -> str:
    return escape(reason_words(name)[:LONGEST_REASON])


def _whole(record: Performance, head: Head | None, since: str | None) -> list[str]:
    return [f"The record: {headline(record, head, since)}", f"Verdict: {verdict_sentence(record)}"]


def _number(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one}" if count == 1 else f"{count} {many or one + 's'}"
