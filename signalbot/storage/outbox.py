"""The outbox in SQLite: every message on its way, taken by one sender at a time.

A message is marked as being sent before the call and as sent after it, so that whatever is
interrupted in between is known to be in doubt.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, delete, func, select, update

from signalbot.domain.delivery import (
    URGENT,
    Delivery,
    DeliveryState,
    PostKind,
    Shown,
)
from signalbot.domain.place import PlaceKind
from signalbot.service.delivery_ports import TellTo, ToldAlert
from signalbot.service.ports import Receipt
from signalbot.service.settle_delivery import Settlement, lost
from signalbot.storage.database import erase_traces, reading, writing
from signalbot.storage.outgoing import Recipient, new_post, places_of, queue_post
from signalbot.storage.settling import move_chat, store_settlements
from signalbot.storage.tables import DELIVERY, POST, SUBSCRIBER

_DELIVERY_COLUMNS = (
    DELIVERY.c.id,
    DELIVERY.c.subject,
    DELIVERY.c.chat,
    DELIVERY.c.thread,
    DELIVERY.c.attempt,
    DELIVERY.c.is_resent,
    DELIVERY.c.is_plain,
    POST.c.kind,
    POST.c.seq,
    POST.c.html,
    POST.c.expires_at,
    POST.c.file_id,
)
_WAITING = (DeliveryState.QUEUED.value, DeliveryState.SENDING.value)


class SqlOutbox:
    """`service.ports.Outbox` in a migrated database.

    Parameters
    ----------
    engine : Engine
        Of `storage.database.open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(
        self, subject: str, kind: PostKind, html: str, to: TellTo, now: int, expires_at: int
    ) -> int:
        """Queue a text that belongs to no entry of the ledger; return for how many chats.

        Queued a second time it goes only to chats that did not have it.
        """
        with writing(self._engine) as connection:
            post = new_post(subject, kind, now, expires_at, html=html)
            return queue_post(connection, post, _recipients(connection, to))

    def text_of(self, subject: str) -> str | None:
        """Return the text of a post that belongs to no entry; None if there is none."""
        chosen = select(POST.c.html).where(POST.c.subject == subject)
        with reading(self._engine) as connection:
            text: str | None = connection.execute(chosen).scalar_one_or_none()
        return text

    def claim(self, now: int, limit: int) -> Sequence[Delivery]:
        """Mark the next due messages as being sent and return them: alerts first, then by age."""
        if limit < 1:
            return []
        with writing(self._engine) as connection:
            rows = _due(connection, now, limit)
            if rows:
                claimed = update(DELIVERY).where(DELIVERY.c.id.in_([row.id for row in rows]))
                connection.execute(
                    claimed.values(
                        state=DeliveryState.SENDING.value, attempt=DELIVERY.c.attempt + 1
                    )
                )
        return [_delivery(row, row.attempt + 1) for row in rows]

    def expire(self, now: int) -> int:
        """Give up what waits and has come too late to be of use; return how many it were."""
        old = select(POST.c.subject).where(POST.c.expires_at <= now)
        waiting = update(DELIVERY).where(
            DELIVERY.c.state == DeliveryState.QUEUED.value, DELIVERY.c.subject.in_(old)
        )
        with writing(self._engine) as connection:
            given_up = connection.execute(waiting.values(state=DeliveryState.EXPIRED.value))
            return given_up.rowcount

    def settle(self, settled: Collection[Settlement], shown: Mapping[int, Shown]) -> None:
        """Store how messages go on, in one transaction; `shown` is what each shows of a size."""
        if not settled:
            return
        with writing(self._engine) as connection:
            store_settlements(connection, list(settled), shown)

    def take_over(self, now: int) -> int:
        """Settle what a sender that is gone has left in the middle; return how many it were."""
        chosen = (
            select(*_DELIVERY_COLUMNS)
            .join(POST, POST.c.subject == DELIVERY.c.subject)
            .where(DELIVERY.c.state == DeliveryState.SENDING.value)
        )
        with reading(self._engine) as connection:
            rows = [_delivery(row, row.attempt) for row in connection.execute(chosen)]
        self.settle([lost(row, now) for row in rows], {})
        return len(rows)

    def accepted(self, seq: int) -> Receipt | None:
        """Return who accepted an alert first: the channel, where there is one that may still.

        None while nobody has, or the channel is still on its way.
        """
        with reading(self._engine) as connection:
            rows = list(connection.execute(_OF_SUBJECT, {"about": f"alert:{seq}"}))
            channels = {chat for chat, _ in places_of(connection, PlaceKind.CHANNEL)}
        if any(row.chat in channels and row.state in _WAITING for row in rows):
            return None
        sent = [row for row in rows if row.sent_at is not None]
        first = min(
            sent, key=lambda row: (row.chat not in channels, row.sent_at, row.id), default=None
        )
        if first is None:
            return None
        return Receipt(
            message_id=str(first.message_id), sent_at=first.sent_at, recipients=len(rows)
        )

    def is_on_its_way(self, seq: int) -> bool:
        """Return whether a message of an alert waits or is being sent."""
        with reading(self._engine) as connection:
            rows = connection.execute(_OF_SUBJECT, {"about": f"alert:{seq}"})
            return any(row.state in _WAITING for row in rows)

    def told(self, seq: int, chat: int) -> ToldAlert | None:
        """Return the message by which a chat was told of an alert; None if it was not."""
        chosen = _OF_SUBJECT.where(DELIVERY.c.chat == chat)
        with reading(self._engine) as connection:
            row = connection.execute(chosen, {"about": f"alert:{seq}"}).first()
        if row is None or row.message_id is None:
            return None
        qty = None if row.qty is None else Decimal(row.qty)
        shown = Shown(qty=qty, on_paper=bool(row.on_paper))
        return ToldAlert(message_id=row.message_id, shown=shown)

    def counts(self) -> Mapping[str, int]:
        """Return how many messages there are in each state, and how many were resent."""
        counted = select(DELIVERY.c.state, func.count()).group_by(DELIVERY.c.state)
        resent = select(func.count()).where(DELIVERY.c.is_resent)
        with reading(self._engine) as connection:
            states: dict[str, int] = {row[0]: row[1] for row in connection.execute(counted)}
            return states | {"resent": connection.execute(resent).scalar_one()}

    def next_due(self) -> int | None:
        """Return when the next queued message is due, in ms UTC; None if none is queued."""
        earliest = select(func.min(DELIVERY.c.not_before)).where(
            DELIVERY.c.state == DeliveryState.QUEUED.value
        )
        with reading(self._engine) as connection:
            due: int | None = connection.execute(earliest).scalar_one()
        return due

    def forget(self, reader: int) -> int:
        """Delete every message to a reader, and what is left of it in the file.

        Raises
        ------
        UnavailableError
            If the database does not answer, or is being read so that traces stay in it: ask again.
        """
        with writing(self._engine) as connection:
            count = connection.execute(delete(DELIVERY).where(DELIVERY.c.chat == reader)).rowcount
        erase_traces(self._engine)
        return count

    def moved(self, old: int, new: int) -> None:
        """Give a group that was upgraded its new number."""
        with writing(self._engine) as connection:
            move_chat(connection, old, new)

    def purge(self, before: int) -> int:
        """Delete what was told before an instant; return how many messages it were."""
        old = select(POST.c.subject).where(POST.c.expires_at < before)
        with writing(self._engine) as connection:
            gone = connection.execute(delete(DELIVERY).where(DELIVERY.c.subject.in_(old)))
            connection.execute(delete(POST).where(POST.c.expires_at < before))
            return gone.rowcount


def _due(connection: Connection, now: int, limit: int) -> list[Row[Any]]:
    due = (
        select(*_DELIVERY_COLUMNS)
        .join(POST, POST.c.subject == DELIVERY.c.subject)
        .where(
            DELIVERY.c.state == DeliveryState.QUEUED.value,
            DELIVERY.c.not_before <= now,
            POST.c.expires_at > now,
        )
        .order_by(DELIVERY.c.id)
        .limit(limit)
    )
    oldest: list[Row[Any]] = list(connection.execute(due))
    patient = [row for row in oldest if row.kind not in URGENT]
    if not patient:
        return oldest
    alive = select(POST.c.subject).where(POST.c.kind.in_(URGENT), POST.c.expires_at > now)
    subjects = list(connection.execute(alive).scalars())
    urgent = connection.execute(due.where(DELIVERY.c.subject.in_(subjects)))
    return [*urgent, *patient][:limit]


_OF_SUBJECT = select(DELIVERY).where(DELIVERY.c.subject == bindparam("about"))


def _recipients(connection: Connection, to: TellTo) -> list[Recipient]:
    if not isinstance(to, str):
        return [(chat, None) for chat in to]
    places = places_of(connection, PlaceKind.CHANNEL, PlaceKind.GROUP)
    if to == "places":
        return places
    columns = SUBSCRIBER.c
    chosen = select(columns.reader).where(columns.subscribed, columns.reachable)
    readers = connection.execute(chosen.order_by(columns.reader)).scalars()
    return [*places, *((reader, None) for reader in readers)]


def _delivery(row: Any, attempt: int) -> Delivery:
    return Delivery(
        id=row.id,
        subject=row.subject,
        kind=PostKind(row.kind),
        seq=row.seq,
        html=row.html,
        chat=row.chat,
        thread=row.thread,
        attempt=attempt,
        expires_at=row.expires_at,
        is_resent=row.is_resent,
        is_plain=row.is_plain,
        file_id=row.file_id,
    )
