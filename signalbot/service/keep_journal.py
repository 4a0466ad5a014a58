"""Keep a reader's journal: mark an alert, tell the own fill and exit, take it back, be forgotten.

Every verb may run twice. What a reader types is checked against the alert it is about.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from signalbot.domain.journal import Decision, Execution, JournalEntry, check_reader
from signalbot.domain.recorded import RecordedAlert
from signalbot.domain.rounding import plain
from signalbot.domain.timeframe import LATEST, iso
from signalbot.errors import InputError
from signalbot.service.chat_ports import Alerts
from signalbot.service.ports import Journal

PRICE_FACTOR = 5
"""A price so many times the entry, or that part of it, is a slip: a lost decimal point is ten."""
LARGEST_NOTIONAL = Decimal(1_000_000)
"""Quote units of one position, above which a quantity is a slip."""
MOST_DIGITS = 20
"""Digits of a number, before the point, behind it and altogether; no venue writes more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalDesk:
    """Where entries are kept, and the alerts they may be about."""

    journal: Journal
    history: Alerts


def mark(
    desk: JournalDesk,
    reader: int,
    alert_seq: int,
    decision: Decision,
    now: int,
    *,
    on_paper: bool = True,
) -> JournalEntry:
    """Store that a reader took or skipped an alert; the newest mark counts.

    Saying the same again changes nothing, and keeps what was told. An alert that is skipped after
    all loses it.

    Raises
    ------
    InputError
        If there is no such alert, or it was not published.
    """
    published_alert(desk.history, alert_seq)
    new = JournalEntry(
        reader=reader, alert_seq=alert_seq, decision=decision, marked_at=now, on_paper=on_paper
    )
    stored = desk.journal.find(reader, alert_seq)
    if stored is not None and decision is stored.decision:
        if on_paper is stored.on_paper:
            return stored
        new = replace(stored, on_paper=on_paper, marked_at=now)
    desk.journal.put(new)
    return new


def tell_fill(
    desk: JournalDesk,
    reader: int,
    alert_seq: int,
    fill: Execution,
    now: int,
    *,
    quantity: Decimal | None = None,
) -> JournalEntry:
    """Store at what price and when a taken alert was filled; a quantity told before stays.

    Raises
    ------
    InputError
        If the alert is not marked as taken, or price, time or quantity cannot be right.
    """
    alert, entry = _taken(desk, reader, alert_seq)
    _check_price("fill", fill.price, alert)
    _check_time("fill time", fill.at, (alert.alert.candle_close, now))
    if quantity is not None:
        _check_quantity(quantity, alert)
    kept = entry.quantity if quantity is None else quantity
    return _put(desk, replace(entry, fill=fill, quantity=kept))


def tell_exit(
    desk: JournalDesk, reader: int, alert_seq: int, exit_: Execution, now: int
) -> JournalEntry:
    """Store at what price and when a taken alert was closed.

    Raises
    ------
    InputError
        If the alert is not marked as taken, its fill was not told, or price or time cannot be
        right.
    """
    alert, entry = _taken(desk, reader, alert_seq)
    _check_price("exit", exit_.price, alert)
    _check_time("exit time", exit_.at, (alert.alert.candle_close, now))
    return _put(desk, replace(entry, exit=exit_))


def undo(desk: JournalDesk, reader: int, alert_seq: int) -> bool:
    """Take back what a reader said of an alert; return whether there was anything.

    Raises
    ------
    InputError
        If there is no such alert, or it was not published.
    """
    check_reader(reader)
    published_alert(desk.history, alert_seq)
    return desk.journal.remove(reader, alert_seq)


def forget(desk: JournalDesk, reader: int) -> int:
    """Delete everything a reader said; return how many entries it were.

    The ledger is untouched: it never held a reader.

    Raises
    ------
    UnavailableError
        If something could not be deleted yet: ask again.
    """
    check_reader(reader)
    return desk.journal.forget(reader)


def published_alert(history: Alerts, alert_seq: int) -> RecordedAlert:
    """Return the alert of that number.

    Raises
    ------
    InputError
        If there is no such alert, or it was not published.
    """
    alert = history.find(alert_seq)
    if alert is None:
        raise InputError("alert", alert_seq, "the number of an alert, as it stands under it")
    if alert.published_at is None:
        raise InputError("alert", alert_seq, "an alert that was published; this one was not")
    return alert


def _taken(desk: JournalDesk, reader: int, alert_seq: int) -> tuple[RecordedAlert, JournalEntry]:
    alert = published_alert(desk.history, alert_seq)
    entry = desk.journal.find(reader, alert_seq)
    if entry is None or not entry.is_taken:
        raise InputError("alert", alert_seq, "an alert that you marked as taken")
    return alert, entry


def _put(desk: JournalDesk, entry: JournalEntry) -> JournalEntry:
    desk.journal.put(entry)
    return entry


def _check_price(field: str, price: Decimal, alert: RecordedAlert) -> None:
    entry = alert.plan.entry
    low, high = entry / PRICE_FACTOR, entry * PRICE_FACTOR
    if not _is_number(price) or not low <= price <= high:
        raise InputError(field, price, f"a price near {plain(entry)}, the entry of the alert")


def _check_quantity(quantity: Decimal, alert: RecordedAlert) -> None:
    if not _is_number(quantity) or not 0 < quantity <= LARGEST_NOTIONAL / alert.plan.entry:
        allowed = f"a number of {alert.plan.coin} above 0, worth at most {LARGEST_NOTIONAL:,} USDT"
        raise InputError("quantity", quantity, allowed)


def _is_number(value: Decimal) -> bool:
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        return False
    return len(value.as_tuple().digits) <= MOST_DIGITS


def _check_time(field: str, at: int, bounds: tuple[int, int]) -> None:
    first, last = bounds
    if not first <= at <= last:
        was = iso(at) if 0 <= at <= LATEST else at
        raise InputError(field, was, f"from {iso(first)}, the alert's close, to now")
