"""What a reader is told of the own journal, in Telegram's HTML (at most 4096 characters)."""

from collections.abc import Sequence
from html import escape

from signalbot.domain.journal import JournalEntry
from signalbot.domain.recorded import RecordedAlert
from signalbot.domain.rounding import plain
from signalbot.outcomes.own_trade import Followed, own_result
from signalbot.rendering.figures import copyable, r_value

SHOWN = 20
"""Entries of a journal that are listed, the newest."""
TELL = "Tell your fill and your exit, or your result is missing from the review."
TELL_EXIT = "Tell your exit when you are out, or your result is missing from the review."
FOLLOWED = "The record follows it all the same, so you will see what skipping did."


def mark_text(entry: JournalEntry, alert: RecordedAlert) -> str:
    """Return the confirmation of a mark, a fill or an exit, with everything told so far."""
    text = f"{_name(alert)}: {_decision(entry)}{_told(entry)}."
    if not entry.is_taken:
        return f"{text}\n{FOLLOWED}"
    if entry.exit is not None:
        return text
    return f"{text}\n{TELL if entry.fill is None else TELL_EXIT}"


def undo_text(alert: RecordedAlert, was_marked: bool) -> str:
    """Return the answer to taking a mark back."""
    if was_marked:
        return f"{_name(alert)}: your mark is taken back, with what you told of it."
    return f"{_name(alert)}: there was no mark of yours."


def journal_text(followed: Sequence[Followed]) -> str:
    """Return the newest own entries; `followed` is in order of the alerts."""
    if not followed:
        return "Your journal is empty. Under each alert you can say whether you took it."
    newest = list(reversed(followed))[:SHOWN]
    count = "1 entry" if len(followed) == 1 else f"{len(followed)} entries, newest first"
    lines = [f"Your journal: {count}", *(_line(each) for each in newest)]
    older = len(followed) - len(newest)
    if older:
        lines.append(f"... and {older} older")
    return "\n".join(lines)


def forget_text(count: int) -> str:
    """Return what was deleted and what stays."""
    deleted = "1 entry is" if count == 1 else f"{count} entries are"
    if count == 0:
        deleted = "No entries were there, nothing is"
    return (
        f"{deleted} deleted from your journal: marks, quantities, fills and exits. This cannot be"
        " taken back.\n"
        "The public record stays as it is. It never held you: no entry of it names a reader.\n"
        "A backup that the operator made before today still has the entries until it is deleted."
    )


def _line(followed: Followed) -> str:
    entry, recorded = followed.entry, followed.recorded
    result, ledger_r = own_result(followed), recorded.net_r
    text = f"{_name(recorded)}: {_decision(entry)}{_told(entry)}"
    if result is not None:
        text += f", {r_value(result.net_r)} R"
    elif entry.is_taken:
        text += ", fill not told" if entry.fill is None else ", exit not told"
    return text if ledger_r is None else f"{text} (ledger {r_value(ledger_r)} R)"


def _name(alert: RecordedAlert) -> str:
    return f"#{alert.seq} {alert.plan.side.upper()} {escape(alert.plan.coin)}"


def _decision(entry: JournalEntry) -> str:
    if not entry.is_taken:
        return "skipped"
    return "taken on paper" if entry.on_paper else "taken with money"


def _told(entry: JournalEntry) -> str:
    parts = []
    if entry.quantity is not None:
        parts.append(copyable(plain(entry.quantity)))
    if entry.fill is not None:
        parts.append(f"at {copyable(plain(entry.fill.price))}")
    if entry.exit is not None:
        parts.append(f"out {copyable(plain(entry.exit.price))}")
    return f", {' '.join(parts)}" if parts else ""
