"""How the bot is, in Telegram's HTML: the first line says whether all is well."""

from html import escape

from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from signalbot.rendering.health_report import HealthReport

STALE_MS = 3 * MINUTE_MS
"""A bot whose newest minute is so old does not decide any more; a market so silent is not heard."""


LOW_DISK_BYTES = 200 * 2**20
LONG_QUEUE = 5_000
"""Messages that wait; at 30 a second nearly three minutes."""
MOST_TROUBLES, LONGEST_TROUBLE = 8, 200
_ORDER = ("queued", "sending", "sent", "unknown", "expired", "failed", "cancelled", "resent")


def health_text(report: HealthReport, *, on_hold: bool) -> str:
    """Return how the bot is; `on_hold` is whether an admin keeps alerts from being published."""
    troubles = [*report.troubles, *_troubles(report)]
    told = "; ".join(escape(trouble[:LONGEST_TROUBLE]) for trouble in troubles[:MOST_TROUBLES])
    first = f"NOT WELL: {told}" if troubles else "OK"
    others = sorted(report.outbox.keys() - set(_ORDER))
    outbox = ", ".join(f"{state} {report.outbox.get(state, 0)}" for state in (*_ORDER, *others))
    return "\n".join(
        [
            first,
            f"Running {_span(report.now - report.started_at)}, version {escape(report.version)}",
            *(["Publishing is ON HOLD: /release ends that."] if on_hold else []),
            f"Newest minute: {_ago(report, report.last_minute)}"
            f" · too late to alert: {report.late_minutes}",
            f"Newest candle: {_ago(report, report.feed_at)} · pairs it came too late for:"
            f" {report.skipped}",
            f"Of 100 pairs 99 were looked at within {_seconds(report.matched_within_s)} of their"
            f" close; of 100 minutes 99 told within {_seconds(report.decided_within_s)}",
            f"Websocket breaks {report.breaks} · minutes the venue does not have {report.gaps}"
            f" · jobs missed or failed {report.misfires}",
            f"Pairs {report.pairs} · open alerts {report.open_alerts} · readers {report.readers}",
            f"Messages: {outbox}",
            f"Database {_size(report.database_bytes)}, free on its disk"
            f" {_size(report.disk_free_bytes)}",
        ]
    )


def _troubles(report: HealthReport) -> list[str]:
    minute, feed = _silence(report, report.last_minute), _silence(report, report.feed_at)
    waiting = report.outbox.get("queued", 0)
    found = {
        f"no minute was decided for {_span(minute)}": minute > STALE_MS,
        f"no candle came for {_span(feed)}": feed > STALE_MS,
        f"{waiting} messages wait": waiting > LONG_QUEUE,
        "the disk is nearly full": report.disk_free_bytes < LOW_DISK_BYTES,
    }
    return [words for words, holds in found.items() if holds]


def _silence(report: HealthReport, since: int | None) -> int:
    return report.now - (report.started_at if since is None else since)


def _ago(report: HealthReport, at: int | None) -> str:
    return "none yet" if at is None else f"{_span(report.now - at)} ago"


def _seconds(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f} s"


def _size(count: int) -> str:
    return f"{count / 2**30:,.1f} GiB" if count >= 2**30 else f"{count / 2**20:.1f} MiB"


def _span(ms: int) -> str:
    if ms < 2 * MINUTE_MS:
        return f"{ms // 1_000} s"
    if ms < 2 * HOUR_MS:
        return f"{ms // MINUTE_MS} min"
    return f"{ms // HOUR_MS} h" if ms < 2 * DAY_MS else f"{ms // DAY_MS} days"
