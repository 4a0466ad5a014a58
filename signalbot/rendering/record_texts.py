"""What is told of the record itself, so that readers hold pieces of it."""

from signalbot.record.entries import Body


def checkpoint_text(checkpoint: Body) -> str:
    """Return the message that carries a day's checkpoint: with it a reader can check the record."""
    return (
        f"Checkpoint of {checkpoint['day']}: the record has {checkpoint['size']} entries.\n"
        f"Head #{checkpoint['size']} <code>{checkpoint['head']}</code>\n"
        f"Merkle root <code>{checkpoint['merkle_root']}</code>\n"
        "Keep this message: no entry up to here can be changed or left out without it showing."
    )
