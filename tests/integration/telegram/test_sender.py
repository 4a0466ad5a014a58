"""The sender with real SQLite, real python-telegram-bot and a real server on 127.0.0.1."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from fakes.made_alert import made_alert
from fakes.sandbox_bot import Sandbox, sandbox
from fakes.sending import running, sending_desk, settled
from sqlalchemy import Engine

from signalbot.domain.delivery import SENT_AGAIN, PostKind, Sent
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.place import Place, PlaceKind
from signalbot.domain.subscriber import Subscriber
from signalbot.record.bodies import alert_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.outcome_bodies import outcome_body
from signalbot.record.signing import demonstration_signer
from signalbot.sandbox.bot_api.chats import Kind, Standing
from signalbot.sandbox.bot_api.control import admit
from signalbot.sandbox.bot_api.faults import Fault, FaultKind
from signalbot.service.settle_delivery import settle
from signalbot.storage.leases import SqlLease
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.outgoing import queue_entries
from signalbot.storage.people import SqlPeople
from signalbot.storage.places import SqlPlaces

ALERT = made_alert(1)
NOW = ALERT.candle_close + 2_500
READERS = 6


class Scene:
    """A ledger with an alert on its way to some readers and a channel of the server."""

    def __init__(self, engine: Engine, sandbox: Sandbox, readers: int = READERS) -> None:
        self.engine = engine
        self.sandbox = sandbox
        self.outbox = SqlOutbox(engine)
        self.now = NOW
        admit(sandbox.telegram, readers)
        self.readers = [chat.id for chat in sandbox.telegram.directory]
        people = SqlPeople(engine)
        for reader in self.readers:
            people.put(Subscriber(reader=reader, joined_at=0))
        self.channel = sandbox.telegram.directory.add_chat(Kind.CHANNEL, "Signals").id
        SqlPlaces(engine).put(Place(chat=self.channel, kind=PlaceKind.CHANNEL))
        self.ledger = SqlLedger(engine, demonstration_signer(), beside=queue_entries)
        key = demonstration_signer().public_key
        self.append(EntryType.GENESIS, {"public_key": key})

    def pass_time(self) -> None:
        self.now += 500

    def append(self, kind: EntryType, body: dict[str, object]) -> int:
        return self.ledger.append([Draft(type=kind, ts=self.now, body=body)])[0].seq

    def alert(self) -> int:
        return self.append(EntryType.ALERT, dict(alert_body(ALERT)))

    def outcome(self, seq: int) -> None:
        body = outcome_body(seq, Outcome(kind=OutcomeKind.VOID_LATE))
        self.append(EntryType.OUTCOME, body)

    def arrived(self, method: str | None = None) -> Counter[tuple[int, str]]:
        """How often each chat got each text."""
        return Counter(
            (arrival.chat_id, arrival.text)
            for arrival in self.sandbox.telegram.outbox.since()
            if method in (None, arrival.method)
        )


def play(engine: Engine, story: Callable[[Scene], Awaitable[None]], **timeouts: float) -> None:
    async def run() -> None:
        async with sandbox(**timeouts) as box:
            await story(Scene(engine, box))

    asyncio.run(run())


def test_an_alert_reaches_everybody_once_with_one_upload(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        seq = scene.alert()
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        async with running(desk) as sender:
            await settled(scene.outbox, sender)

        chats = [scene.channel, *scene.readers]
        assert scene.arrived() == {(chat, f"alert:{seq} for {chat}"): 1 for chat in chats}
        arrivals = scene.sandbox.telegram.outbox.since()
        assert len({arrival.file_id for arrival in arrivals}) == 1
        assert scene.outbox.counts() == {"sent": READERS + 1, "resent": 0}
        receipt = scene.outbox.accepted(seq)
        assert receipt is not None
        first = next(each for each in arrivals if each.chat_id == scene.channel)
        assert receipt.message_id == str(first.message_id)
        assert receipt.sent_at == int(first.at) * 1_000  # Telegram's own time, in seconds

    play(engine, story)


def test_the_outcome_answers_the_alert_and_stands_in_the_channels_post(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        async with running(desk) as sender:
            seq = scene.alert()
            await settled(scene.outbox, sender)
            scene.outcome(seq)
            await settled(scene.outbox, sender)

        replies = [
            each for each in scene.sandbox.telegram.outbox.since() if each.method == "sendMessage"
        ]
        assert len(replies) == READERS + 1
        told = {chat: scene.outbox.told(seq, chat) for chat in (scene.channel, *scene.readers)}
        assert {each.chat_id: each.reply_to for each in replies} == {
            chat: message.message_id for chat, message in told.items() if message
        }
        (edit,) = scene.arrived("editMessageCaption")
        assert edit == (scene.channel, f"result:{seq} for {scene.channel}")

    play(engine, story)


LOSSES = {
    "dropped after it was accepted": Fault(
        kind=FaultKind.DROP, method="sendPhoto", accepted=True, times=1
    ),
    "half an answer": Fault(kind=FaultKind.HALF, method="sendPhoto", times=1),
    "answered too late": Fault(kind=FaultKind.STALL, method="sendPhoto", times=1, delay_s=1.5),
    "not JSON": Fault(
        kind=FaultKind.REPLY, method="sendPhoto", accepted=True, times=1, status=200, body="<html>"
    ),
    "bad gateway": Fault(kind=FaultKind.REPLY, method="sendPhoto", accepted=True, times=1),
}


@pytest.mark.parametrize("fault", LOSSES.values(), ids=LOSSES)
def test_an_alert_whose_answer_is_lost_is_sent_once_more_and_says_so(
    engine: Engine, fault: Fault
) -> None:
    async def story(scene: Scene) -> None:
        scene.sandbox.telegram.faults.add(fault)
        seq = scene.alert()
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        async with running(desk) as sender:
            await settled(scene.outbox, sender, scene.pass_time)

        by_chat = Counter(chat for chat, _ in scene.arrived().elements())
        assert sorted(by_chat.values()) == [1] * READERS + [2]
        (twice,) = (chat for chat, count in by_chat.items() if count == 2)
        texts = sorted(text for chat, text in scene.arrived() if chat == twice)
        first = f"alert:{seq} for {twice}"
        assert texts == [first, f"{first}\n\n{SENT_AGAIN}"]
        assert scene.outbox.counts() == {"sent": READERS + 1, "resent": 1}

    play(engine, story, read_timeout=0.5)


def test_an_edit_and_a_digest_whose_answer_is_lost_are_not_repeated(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        async with running(desk) as sender:
            seq = scene.alert()
            await settled(scene.outbox, sender)
            for method in ("editMessageCaption", "sendMessage"):
                scene.sandbox.telegram.faults.add(
                    Fault(kind=FaultKind.DROP, method=method, accepted=True, times=9)
                )
            scene.outcome(seq)
            scene.outbox.put("digest:1", PostKind.NEWS, "a day", "places", NOW, NOW + 10**6)
            await settled(scene.outbox, sender, scene.pass_time)

        assert sum(scene.arrived("editMessageCaption").values()) == 1
        assert scene.arrived()[scene.channel, "a day"] == 1
        assert (
            max(Counter(chat for chat, _ in scene.arrived("sendMessage").elements()).values()) <= 3
        )

    play(engine, story)


def test_what_never_left_is_sent_when_the_server_is_back(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        await scene.sandbox.server.refuse(0.3)
        scene.alert()
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        async with running(desk) as sender:
            await settled(scene.outbox, sender, scene.pass_time)

        assert set(scene.arrived().values()) == {1}
        assert scene.outbox.counts()["resent"] == 0

    play(engine, story)


def test_too_many_requests_wait_and_everything_arrives_once(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        body = (
            '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1",'
            '"parameters":{"retry_after":1}}'
        )
        refusal = Fault(
            kind=FaultKind.REPLY, status=429, body=body, content_type="application/json", times=3
        )
        scene.sandbox.telegram.faults.add(refusal)
        scene.alert()
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        async with running(desk) as sender:
            await settled(scene.outbox, sender, scene.pass_time)

        assert set(scene.arrived().values()) == {1}

    play(engine, story)


def test_blocked_deactivated_and_kicked_chats_are_left_alone(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        blocked, gone, *others = scene.readers
        scene.sandbox.control.block(blocked)
        scene.sandbox.control.deactivate(gone)
        scene.sandbox.telegram.directory.change(scene.channel, standing=Standing.KICKED)
        scene.alert()
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        async with running(desk) as sender:
            await settled(scene.outbox, sender)

        assert {chat for chat, _ in scene.arrived()} == set(others)
        assert scene.outbox.counts() == {"sent": READERS - 2, "cancelled": 3, "resent": 0}
        people = SqlPeople(engine)
        reachable = {reader: people.get(reader).reachable for reader in scene.readers}  # type: ignore[union-attr]
        assert [reader for reader, is_so in reachable.items() if not is_so] == [blocked, gone]

    play(engine, story)


def test_a_group_that_became_a_supergroup_gets_it_under_its_new_number(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        telegram = scene.sandbox.telegram
        group = telegram.directory.add_chat(Kind.GROUP, "Scalpers").id
        SqlPlaces(engine).put(Place(chat=group, kind=PlaceKind.GROUP))
        new = scene.sandbox.control.migrate(group)
        seq = scene.alert()
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        async with running(desk) as sender:
            await settled(scene.outbox, sender)

        assert scene.arrived()[new.id, f"alert:{seq} for {new.id}"] == 1
        assert SqlPlaces(engine).get(new.id) is not None

    play(engine, story)


def test_markup_that_is_refused_arrives_as_plain_text(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        scene.outbox.put(
            "announcement:1", PostKind.ANNOUNCEMENT, "1 <2 & <b>3", "places", 1, 10**15
        )
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        async with running(desk) as sender:
            await settled(scene.outbox, sender)

        ((chat, text),) = scene.arrived()
        assert chat == scene.channel
        assert text.startswith("1 ")
        assert scene.outbox.counts() == {"sent": 1, "resent": 0}

    play(engine, story)


def test_a_picture_the_server_has_lost_is_uploaded_again(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        scene.alert()
        row = scene.outbox.claim(NOW, 1)[0]
        scene.outbox.settle([settle(row, Sent(message_id=1, at=1, file_id="gone"), NOW)], {})
        async with running(desk) as sender:
            await settled(scene.outbox, sender)

        assert scene.outbox.counts() == {"sent": READERS + 1, "resent": 0}
        assert set(scene.arrived().values()) == {1}

    play(engine, story)


def test_what_has_expired_or_is_not_wanted_is_not_sent_and_is_counted(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        scene.alert()
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        desk.composer.unwanted.add(scene.readers[0])  # type: ignore[attr-defined]
        scene.outbox.put("old", PostKind.NEWS, "old", "places", 1, NOW)
        async with running(desk) as sender:
            await settled(scene.outbox, sender)

        counts = scene.outbox.counts()
        assert (counts["cancelled"], counts["expired"], counts["sent"]) == (1, 1, READERS)

    play(engine, story)


def test_one_sender_works_at_a_time_and_the_next_takes_over(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        lease = SqlLease(engine)
        assert lease.take("another", NOW, NOW + 15_000)
        scene.alert()
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        async with running(desk) as sender:
            sender.wake()
            await asyncio.sleep(0.1)
            assert not sender.has_lease
            assert scene.arrived() == {}
            lease.release("another")
            await settled(scene.outbox, sender)
            assert sender.has_lease
        assert set(scene.arrived().values()) == {1}
        assert lease.take("a third", NOW, NOW + 1)

    play(engine, story)


def test_a_wrong_token_stops_nothing_else_and_is_told(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        body = '{"ok":false,"error_code":401,"description":"Unauthorized"}'
        scene.sandbox.telegram.faults.add(
            Fault(kind=FaultKind.REPLY, status=401, body=body, content_type="application/json")
        )
        scene.alert()
        desk = sending_desk(engine, scene.sandbox.bot, lambda: scene.now)
        async with running(desk) as sender:
            async with asyncio.timeout(10):
                while sender.trouble is None:
                    await asyncio.sleep(0.02)
            assert "token" in sender.trouble.lower() or "Unauthorized" in sender.trouble
            scene.sandbox.telegram.faults.clear()
            await settled(scene.outbox, sender, scene.pass_time)
            assert sender.trouble is None

    play(engine, story)
