"""How the bot is, in Telegram's HTML: the first line says whether all is well."""

from html import escape

from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from signalbot.rendering.health_report import HealthReport

STALE_MS = 3 * MINUTE_MS
"""A bot whose newest minute is so old does not decide any more."""


def health_text(report: HealthReport) -> str:
    """Return how the bot is."""
    troubles = list(report.troubles)
    age = None if report.last_minute is None else report.now - report.last_minute
    if age is None or age > STALE_MS:
        troubles.append(
            "no minute was decided yet" if age is None else f"no minute for {_span(age)}"
        )
    first = f"NOT WELL: {'; '.join(map(escape, troubles))}" if troubles else "OK"
    outbox = ", ".join(f"{state} {count}" for state, count in sorted(report.outbox.items()))
    return "\n".join(
        [
            first,
            f"Running {_span(report.now - report.started_at)}, version {escape(report.version)}",
            f"Newest minute: {'none' if age is None else f'{_span(age)} ago'}"
            f" · too late to alert: {report.late_minutes}",
            f"Pairs {report.pairs} · open alerts {report.open_alerts} · readers {report.readers}",
            f"Messages: {outbox or 'none yet'}",
            f"Database {report.database_bytes / 2**20:.1f} MiB",
        ]
    )


def _span(ms: int) -> str:
    if ms < 2 * MINUTE_MS:
        return f"{ms // 1_000} s"
    if ms < 2 * HOUR_MS:
        return f"{ms // MINUTE_MS} min"
    return f"{ms // HOUR_MS} h" if ms < 2 * DAY_MS else f"{ms // DAY_MS} days"
