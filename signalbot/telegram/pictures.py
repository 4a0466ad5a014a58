"""The pictures of posts: each is uploaded with one message, the others use its id."""

import asyncio

from signalbot.domain.delivery import Delivery

MOST_POSTS = 256


class Pictures:
    """Ids of what was uploaded, by post, for as long as messages of it may be in flight.

    The outbox has them too, but only once the first message is settled.
    """

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._uploads: dict[str, asyncio.Lock] = {}

    def known(self, row: Delivery) -> str | None:
        """Return the id of a message's picture; None if it has to be uploaded."""
        return self._ids.get(row.subject) or row.file_id

    def upload(self, row: Delivery) -> asyncio.Lock:
        """Return the right to upload the picture of a post, for one message at a time."""
        return self._uploads.setdefault(row.subject, asyncio.Lock())

    def keep(self, row: Delivery, file_id: str) -> None:
        """Keep the id that an upload was given."""
        if len(self._ids) >= MOST_POSTS:
            self._ids.clear()
            self._uploads.clear()
        self._ids[row.subject] = file_id

    def drop(self, row: Delivery) -> None:
        """Forget an id that is of no use any more."""
        self._ids.pop(row.subject, None)
