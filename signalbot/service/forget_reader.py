"""Forget a reader for good, wherever something of him is kept."""

from typing import Protocol

from signalbot.domain.journal import check_reader


class Deletable(Protocol):
    """A store that holds readers: `Journal` and `People` are two."""

    def forget(self, reader: int) -> int:
        """Delete everything of a reader for good; return how many rows it were."""
        ...


def forget_reader(reader: int, *stores: Deletable) -> tuple[int, ...]:
    """Delete everything that any store holds of a reader; return how many rows each had.

    Give the store of the readers themselves last: if this is cut off, the reader is still known
    and can ask again. The ledger never held a reader, and stays as it is.

    Raises
    ------
    InputError
        If `reader` cannot be a chat user.
    UnavailableError
        If something could not be deleted yet: ask again.
    """
    check_reader(reader)
    return tuple(store.forget(reader) for store in stores)
