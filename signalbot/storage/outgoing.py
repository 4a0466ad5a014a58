"""What the entries of the ledger put into the outbox, in their own transaction.

So nothing is recorded that is not going to be told, and the other way round. Who is told: every
place, and of an alert also each reader that wants it. A text is made when it is sent.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects.sqlite import insert

from signalbot.domain.delivery import DeliveryState, PostKind
from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.place import PlaceKind
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, from_iso
from signalbot.record.bodies import alert_of
from signalbot.record.entries import Entry, EntryType
from signalbot.storage.people import readers_wanting
from signalbot.storage.tables import DELIVERY, PLACE, POST

OUTCOME_LIVES_MS = 12 * HOUR_MS
NOTICE_LIVES_MS = DAY_MS
"""How long it makes sense to send an outcome, and what is about the record itself."""
_ON_ITS_WAY = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN)
Recipient = tuple[int, int | None]
"""A chat and its topic."""


def queue_entries(connection: Connection, entries: Sequence[Entry]) -> None:
    """Queue what is to be told of entries that are being appended."""
    for entry in entries:
        match entry.type:
            case EntryType.ALERT:
                _queue_alert(connection, entry)
            case EntryType.OUTCOME if entry.body["outcome"] != OutcomeKind.NOT_PUBLISHED:
                _queue_outcome(connection, entry)
            case EntryType.CHECKPOINT:
                _queue_notice(connection, entry)
            case EntryType.RULES:  # another state of a setup, or new rules; the first are no news
                _queue_notice(connection, entry)
            case _:
                pass


def queue_post(
    connection: Connection, post: dict[str, Any], recipients: Iterable[Recipient]
) -> int:
    """Store a post, and queue it for chats that do not have it yet; return for how many."""
    connection.execute(insert(POST).values(post).on_conflict_do_nothing())
    rows = [
        {
            "subject": post["subject"],
            "chat": chat,
            "thread": thread,
            "state": DeliveryState.QUEUED.value,
            "attempt": 0,
            "not_before": 0,
            "is_resent": False,
            "is_plain": False,
            "was_unknown": False,
        }
        for chat, thread in recipients
    ]
    if not rows:
        return 0
    connection.execute(insert(DELIVERY).on_conflict_do_nothing(), rows)
    return len(rows)


def new_post(
    subject: str,
    kind: PostKind,
    made_at: int,
    expires_at: int,
    *,
    seq: int | None = None,
    html: str | None = None,
) -> dict[str, Any]:
    """Return the row of a post."""
    return {
        "subject": subject,
        "kind": kind.value,
        "seq": seq,
        "html": html,
        "made_at": made_at,
        "expires_at": expires_at,
        "file_id": None,
    }


def places_of(connection: Connection, *kinds: PlaceKind) -> list[Recipient]:
    """Return the reachable places of these kinds, in order of their chats' numbers."""
    chosen = select(PLACE.c.chat, PLACE.c.thread).where(
        PLACE.c.reachable, PLACE.c.kind.in_([kind.value for kind in kinds])
    )
    return [(row.chat, row.thread) for row in connection.execute(chosen.order_by(PLACE.c.chat))]


def _queue_alert(connection: Connection, entry: Entry) -> None:
    alert = alert_of(entry.body)
    made_at = from_iso(entry.ts)
    expires_at = alert.candle_close + alert.plan.entry_ttl_min * MINUTE_MS
    post = new_post(f"alert:{entry.seq}", PostKind.ALERT, made_at, expires_at, seq=entry.seq)
    readers = [(reader, None) for reader in readers_wanting(connection, alert, made_at)]
    queue_post(connection, post, [*_for_people(connection), *readers])
    programs = places_of(connection, PlaceKind.PROGRAMS)
    if programs:
        subject = f"automation:{entry.seq}"
        post = new_post(subject, PostKind.AUTOMATION, made_at, expires_at, seq=entry.seq)
        queue_post(connection, post, programs)


def _queue_outcome(connection: Connection, entry: Entry) -> None:
    alert_seq = entry.body["alert_seq"]
    told = _told(connection, f"alert:{alert_seq}")
    made_at = from_iso(entry.ts)
    expires_at = made_at + OUTCOME_LIVES_MS
    subject, result = f"outcome:{alert_seq}", f"result:{alert_seq}"
    post = new_post(subject, PostKind.OUTCOME, made_at, expires_at, seq=alert_seq)
    queue_post(connection, post, [(row.chat, row.thread) for row in told])
    places = [(row.chat, row.thread) for row in told if row.chat < 0]
    if places:
        post = new_post(result, PostKind.RESULT, made_at, expires_at, seq=alert_seq)
        queue_post(connection, post, places)


def _queue_notice(connection: Connection, entry: Entry) -> None:
    made_at = from_iso(entry.ts)
    post = new_post(
        f"notice:{entry.seq}", PostKind.NOTICE, made_at, made_at + NOTICE_LIVES_MS, seq=entry.seq
    )
    queue_post(connection, post, _for_people(connection))


def _for_people(connection: Connection) -> list[Recipient]:
    return places_of(connection, PlaceKind.CHANNEL, PlaceKind.GROUP)


def _told(connection: Connection, subject: str) -> list[Row[Any]]:
    # one that is still queued is told nothing: its alert has expired, or is going to
    chosen = select(DELIVERY.c.chat, DELIVERY.c.thread).where(
        DELIVERY.c.subject == subject,
        DELIVERY.c.state.in_([state.value for state in _ON_ITS_WAY]),
    )
    return list(connection.execute(chosen.order_by(DELIVERY.c.id)))
