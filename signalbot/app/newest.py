"""An answer about the record that is made once and given until the record has grown."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from signalbot.record.entries import Head

T = TypeVar("T")


class Newest(Generic[T]):
    """Remembers the newest answer; threads that ask meanwhile wait for it instead of making it.

    So what is dear costs as much as the record grows, however often it is asked for, and what is
    not made for several threads, as drawing with matplotlib, runs in one at a time.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: tuple[Head, T] | None = None

    def at(self, head: Head, make: Callable[[], T]) -> T:
        """Return the answer for a record that ends with `head`; if it raises, nothing is kept."""
        with self._lock:
            if self._made is None or self._made[0] != head:
                self._made = head, make()
            return self._made[1]
