"""Every alert of the record with its publication and its newest outcome, in the ledger's words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from signalbot.record.entries import Body, Entry, EntryType


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAlert:
    """One alert as anybody may read it.

    Attributes
    ----------
    seq, hash : int, str
        Of the alert's entry.
    alert : Body
        Of that entry.
    published_at : str or None
        ISO 8601; None until a messenger has accepted it, or if none did in time.
    outcome : Body or None
        Of the outcome or its newest correction; None while it is open.
    corrected : bool
        Whether that is a correction.
    """

    seq: int
    hash: str
    alert: Body
    published_at: str | None = None
    outcome: Body | None = None
    corrected: bool = False


def public_record(entries: Iterable[Entry]) -> tuple[PublicAlert, ...]:
    """Return the alerts of a record by number; entries come in order."""
    alerts: dict[int, PublicAlert] = {}
    for entry in entries:
        body = entry.body
        match entry.type:
            case EntryType.ALERT:
                alerts[entry.seq] = PublicAlert(seq=entry.seq, hash=entry.hash, alert=body)
            case EntryType.PUBLISHED:
                seq = body["alert_seq"]
                alerts[seq] = replace(alerts[seq], published_at=body["published_at"])
            case EntryType.OUTCOME | EntryType.CORRECTION:
                seq = body["alert_seq"]
                corrected = entry.type is EntryType.CORRECTION
                alerts[seq] = replace(alerts[seq], outcome=body, corrected=corrected)
            case _:
                pass
    return tuple(alerts.values())
