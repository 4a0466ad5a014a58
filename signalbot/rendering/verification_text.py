"""What a verified record was found to be, and what that does not prove."""

from signalbot.record.entries import EntryType
from signalbot.record.signing import demonstration_signer
from signalbot.record.verified import Verified

OTHER_CHANNELS = "that no other channel or record of the same bot exists"
NO_KEY = "who signed it: written again from the first line with another key it would look the same"
NO_HEAD = "that its tail was not cut off, and that it was not written again by whoever has its key"
DEMONSTRATION = "when it was written: it is signed with the demonstration key, which anybody has"
NO_CANDLES = "that the rows in the evidence are the venue's own candles"
WHAT_HELPS = {
    NO_KEY: "--key",
    NO_HEAD: "--head, the #seq hash under a message on a reader's phone",
    NO_CANDLES: "--candles",
}


def not_proven(found: Verified) -> list[str]:
    """Return what the verification could not prove, most general first."""
    missing = [OTHER_CHANNELS]
    if not found.key_is_held:
        missing.append(NO_KEY)
    if not found.heads_held:
        missing.append(NO_HEAD)
    if demonstration_signer().public_key in found.keys:
        missing.append(DEMONSTRATION)
    if found.on_candles is None:
        missing.append(NO_CANDLES)
        if found.gaps:
            missing.append(f"that candles were missing for {found.gaps} alerts with a data gap")
    elif found.uncovered:
        missing.append(f"{NO_CANDLES}, for {found.uncovered} alerts that no candle file covers")
    if found.overdue:
        missing.append(
            f"what became of {len(found.overdue)} alerts past their time without an outcome, the "
            f"first is #{found.overdue[0]}: count them as losses"
        )
    return missing


def verification_text(found: Verified) -> str:
    """Return what was verified, line by line, and what it does not prove."""
    count = found.counts.get
    alerts, published = count(EntryType.ALERT, 0), count(EntryType.PUBLISHED, 0)
    ends = (
        f"{count(EntryType.OUTCOME, 0)} outcomes and {count(EntryType.CORRECTION, 0)} corrections"
    )
    lines = [
        f"{found.head.seq} entries hold: form, numbers, hashes, signatures",
        f"Head #{found.head.seq} {found.head.hash}",
        *(f"Key {number}: {key}" for number, key in enumerate(found.keys, start=1)),
        f"{count(EntryType.CHECKPOINT, 0)} checkpoints name what stands before them",
        f"{alerts} alerts, {published} published, each once and in this order",
        f"{ends} follow from their evidence",
    ]
    if found.on_candles is not None:
        lines.append(f"{found.on_candles} alerts end by the candle files as the record says")
    lines.append("Not proven:")
    lines += [f"  - {_with_help(missing)}" for missing in not_proven(found)]
    return "\n".join(lines)


def _with_help(missing: str) -> str:
    return f"{missing} ({WHAT_HELPS[missing]})" if missing in WHAT_HELPS else missing
