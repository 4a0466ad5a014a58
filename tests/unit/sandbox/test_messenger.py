from signalbot.sandbox.messenger import RecordingMessenger
from signalbot.service.ports import Message, Receipt

HELLO = Message(html="hello")


def test_every_message_is_accepted_at_the_instant_it_is_sent() -> None:
    messenger = RecordingMessenger()

    receipts = [messenger.send(HELLO, now) for now in (5, 7)]

    assert receipts == [
        Receipt(message_id="1", sent_at=5, recipients=1),
        Receipt(message_id="2", sent_at=7, recipients=1),
    ]


def test_a_second_replay_gives_the_same_message_ids() -> None:
    first, second = (
        [messenger.send(HELLO, 5).message_id for _ in range(3)]
        for messenger in (RecordingMessenger(), RecordingMessenger())
    )

    assert first == second == ["1", "2", "3"]


def test_whoever_wants_to_look_sees_id_message_and_instant() -> None:
    seen: list[tuple[str, Message, int]] = []
    messenger = RecordingMessenger(lambda *shown: seen.append(shown))
    reply = Message(html="hit", reply_to="1")

    messenger.send(HELLO, 5)
    messenger.send(reply, 9)

    assert seen == [("1", HELLO, 5), ("2", reply, 9)]
