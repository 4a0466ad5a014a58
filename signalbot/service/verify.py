"""Verify a record: line after line, and every outcome derived again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from signalbot.domain.alert import Alert
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.errors import InputError
from signalbot.outcomes.resolve import resolve
from signalbot.record.chain import ChainError
from signalbot.record.entries import Entry, EntryType
from signalbot.record.evidence import evidence_of
from signalbot.record.tracked import Tracked
from signalbot.record.verification import Verification
from signalbot.record.verified import Verified
from signalbot.service.derive import (
    difference,
    facts_of,
    from_evidence,
    market_of,
    open_alert,
    stated_again,
)
from signalbot.service.ports import CandleArchive

_UNREADABLE = (KeyError, TypeError, ValueError, ArithmeticError, AttributeError, InputError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a reader holds against the record: a public key in hex, hashes by entry number."""

    key: str | None = None
    heads: Mapping[int, str]


def verify(lines: Iterable[bytes], held: Held, archive: CandleArchive | None = None) -> Verified:
    """Verify a record and return what it is.

    Parameters
    ----------
    lines : iterable of bytes
        Of an exported ledger, line feeds included.
    archive : CandleArchive, optional
        Candles to derive the newest outcome of each alert from, besides its own evidence. An
        outcome that was corrected need not follow from them: they were not known then.

    Raises
    ------
    ChainError
        Naming the first entry that differs, and why.
    """
    verification = Verification(held.heads)
    newest: dict[int, Entry] = {}
    derived = 0
    for line in lines:
        entry = verification.feed(line)
        if entry.type in (EntryType.OUTCOME, EntryType.CORRECTION):
            alert = verification.alerts[entry.body["alert_seq"]]
            _check_evidence(alert, entry)
            newest[alert.seq] = entry
            derived += 1
    verification.finish(held.key)
    verified = Verified(
        head=verification.link.head,
        keys=tuple(verification.keys),
        counts=verification.counts,
        derived=derived,
        gaps=sum(entry.body["outcome"] == OutcomeKind.UNRESOLVED_GAP for entry in newest.values()),
        overdue=tuple(verification.overdue()),
        key_is_held=held.key is not None,
        heads_held=len(held.heads),
    )
    if archive is None:
        return verified
    ends = sorted(newest.values(), key=lambda entry: entry.seq)
    covered = [
        _is_covered(verification.alerts[end.body["alert_seq"]], end, archive) for end in ends
    ]
    return replace(verified, on_candles=sum(covered), uncovered=len(covered) - sum(covered))


def _check_evidence(alert: Tracked, entry: Entry) -> None:
    try:
        outcome = from_evidence(alert.alert, alert.published_at, entry.body)
        why = difference(entry.body, stated_again(alert.seq, outcome, entry.body))
    except _UNREADABLE as error:
        why = f"its evidence cannot be read: {error}"
    if why is not None:
        raise ChainError(entry.seq, why)


def _is_covered(alert: Tracked, end: Entry, archive: CandleArchive) -> bool:
    if alert.published_at is None:
        return True
    outcome = _by_candles(alert.alert, alert.published_at, end, archive)
    if outcome is None:
        return False
    derived = stated_again(alert.seq, outcome, end.body)
    why = difference(facts_of(end.body), facts_of(derived))
    if why is not None:
        raise ChainError(end.seq, f"by the candle files {why}")
    return True


def _by_candles(
    alert: Alert, published_at: int, end: Entry, archive: CandleArchive
) -> Outcome | None:
    times = open_alert(end.seq, alert, published_at)
    shown = market_of(alert, published_at, evidence_of(end.body))
    # that a candle is missing for good may take a later one to see, else two behind the end do
    for until in (times.expires_at + 2 * alert.timeframe.step_ms, None):
        candles = archive.candles(alert, times.entry_open, until)
        if candles is None:
            return None
        outcome = resolve(alert.plan, published_at, replace(shown, candles=candles))
        if outcome.kind is not OutcomeKind.OPEN:
            return outcome
    return None
