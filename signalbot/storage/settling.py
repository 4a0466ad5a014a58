"""What a settled message changes besides its own state, within the transaction that stores it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update

from signalbot.domain.delivery import DeliveryState, PostKind, Shown
from signalbot.domain.rounding import plain
from signalbot.service.settle_delivery import Settlement
from signalbot.storage.tables import DELIVERY, PLACE, POST, SUBSCRIBER

_STATE_UPDATE = (
    update(DELIVERY)
    .where(
        DELIVERY.c.id == bindparam("row"),
        # who was away for so long that another has taken over may still tell what was accepted
        or_(
            bindparam("next_state") == DeliveryState.SENT.value,
            and_(
                DELIVERY.c.state == DeliveryState.SENDING.value,
                DELIVERY.c.attempt == bindparam("of_attempt"),
            ),
        ),
    )
    .values(
        state=bindparam("next_state"),
        attempt=DELIVERY.c.attempt - bindparam("untried"),
        not_before=bindparam("due"),
        is_resent=bindparam("resent"),
        is_plain=bindparam("plain"),
        was_unknown=DELIVERY.c.was_unknown | bindparam("unknown"),
    )
)
_SENT_UPDATE = (
    update(DELIVERY)
    .where(DELIVERY.c.id == bindparam("row"))
    .values(
        message_id=bindparam("message"),
        sent_at=bindparam("at"),
        qty=bindparam("size"),
        on_paper=bindparam("paper"),
    )
)


_COUNT_UPDATE = (
    update(SUBSCRIBER)
    .where(SUBSCRIBER.c.reader == bindparam("who"))
    .values(alerts_received=SUBSCRIBER.c.alerts_received + 1)
)


def store_settlements(
    connection: Connection, settled: Sequence[Settlement], shown: Mapping[int, Shown]
) -> None:
    """Store how messages go on, what alerts have shown, and what follows for their chats."""
    connection.execute(_STATE_UPDATE, [_state_of(each) for each in settled])
    sent = [each for each in settled if each.sent is not None]
    if sent:
        connection.execute(_SENT_UPDATE, [_sent_of(each, shown) for each in sent])
        _count_alerts(connection, [each.id for each in sent])
    for each in settled:
        _follow(connection, each)


def _state_of(each: Settlement) -> dict[str, Any]:
    return {
        "row": each.id,
        "of_attempt": each.attempt,
        "untried": not each.was_tried,
        "next_state": each.state.value,
        "due": each.not_before,
        "resent": each.is_resent,
        "plain": each.is_plain,
        "unknown": each.was_unknown,
    }


def _sent_of(each: Settlement, shown: Mapping[int, Shown]) -> dict[str, Any]:
    sent, size = each.sent, shown.get(each.id)
    return {
        "row": each.id,
        "message": sent.message_id if sent else None,
        "at": sent.at if sent else None,
        "size": None if size is None or size.qty is None else plain(size.qty),
        "paper": None if size is None else size.on_paper,
    }


def _count_alerts(connection: Connection, ids: Sequence[int]) -> None:
    alerted = (
        select(DELIVERY.c.chat)
        .join(POST, POST.c.subject == DELIVERY.c.subject)
        .where(DELIVERY.c.id.in_(ids), POST.c.kind == PostKind.ALERT.value, DELIVERY.c.chat > 0)
    )
    readers = [{"who": row.chat} for row in connection.execute(alerted)]
    if readers:  # one for each message: a reader may be told of two alerts at once
        connection.execute(_COUNT_UPDATE, readers)


def _follow(connection: Connection, each: Settlement) -> None:
    if each.sent is not None and each.sent.file_id is not None:
        _store_picture(connection, each.id, each.sent.file_id)
    if each.file_gone:
        _store_picture(connection, each.id, None)
    chat = _chat_of(connection, each.id) if each.chat_gone or each.new_chat else None
    if chat is None:  # nothing to do, or its reader was forgotten meanwhile
        return
    if each.chat_gone:
        _leave(connection, chat)
    if each.new_chat is not None:
        move_chat(connection, chat, each.new_chat)


def _chat_of(connection: Connection, delivery: int) -> int | None:
    chosen = select(DELIVERY.c.chat).where(DELIVERY.c.id == delivery)
    chat: int | None = connection.execute(chosen).scalar_one_or_none()
    return chat


def _store_picture(connection: Connection, delivery: int, file_id: str | None) -> None:
    subject = select(DELIVERY.c.subject).where(DELIVERY.c.id == delivery).scalar_subquery()
    connection.execute(update(POST).where(POST.c.subject == subject).values(file_id=file_id))


def _leave(connection: Connection, chat: int) -> None:
    connection.execute(
        update(SUBSCRIBER).where(SUBSCRIBER.c.reader == chat).values(reachable=False)
    )
    connection.execute(update(PLACE).where(PLACE.c.chat == chat).values(reachable=False))
    waiting = update(DELIVERY).where(
        DELIVERY.c.chat == chat, DELIVERY.c.state == DeliveryState.QUEUED.value
    )
    connection.execute(waiting.values(state=DeliveryState.CANCELLED.value))


def move_chat(connection: Connection, old: int, new: int) -> None:
    """Give a group that was upgraded its new number, wherever its old one stands.

    Two messages in flight and the group itself may all say so; the second time nothing is left to
    be done.
    """
    if old == new:
        return
    for table in (PLACE, DELIVERY):
        moved = update(table).prefix_with("OR IGNORE").where(table.c.chat == old)
        connection.execute(moved.values(chat=new))
    # what could not be moved was told under the new number already
    connection.execute(delete(PLACE).where(PLACE.c.chat == old))
    connection.execute(delete(DELIVERY).where(DELIVERY.c.chat == old))
