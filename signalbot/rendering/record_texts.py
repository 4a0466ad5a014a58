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


def new_rules_text(seq: int) -> str:
    """Return what is told when the rules of the record change."""
    return (
        f"The rules have changed (entry #{seq} of the record states all of them). Every setup has"
        " a new version from here on, whose statistics begin at zero; those of the old ones stay."
    )
