"""A checkpoint: one line that stands for everything before it, for readers to keep."""

from signalbot.record.bodies import checkpoint_body
from signalbot.record.entries import Draft, EntryType
from signalbot.service.recording import Recording


def has_checkpoint(recording: Recording, day: str) -> bool:
    """Return whether the record has the checkpoint of this UTC day already."""
    return recording.state.checkpoint_day == day


def checkpoint_draft(recording: Recording, day: str, now: int) -> Draft:
    """Return the checkpoint of a UTC day over every entry there is.

    It is right only as the next entry: appended alone, or as the first of its transaction.
    """
    tree, head = recording.state.tree, recording.head
    body = checkpoint_body(day, tree.size, head.hash, tree.root())
    return Draft(type=EntryType.CHECKPOINT, ts=now, body=body)
