"""What goes out for each row of the outbox, made of the record when it is sent."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.chat_room import ANN, BOB, OPEN_ALERT, ChatRoom
from fakes.worked_alert import ALERT, CLOSE, INSTRUMENT
from sqlalchemy import Engine

from signalbot.domain.delivery import Delivery, PostKind, Shown
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.rules import Rules
from signalbot.domain.snapshot import Snapshot
from signalbot.domain.subscriber import Role
from signalbot.record.bodies import alert_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.outcome_bodies import outcome_body
from signalbot.service.checkpoint import checkpoint_draft
from signalbot.service.compose import RecordComposer, Sources, Terms
from signalbot.service.delivery_ports import Composed
from signalbot.service.recording import Recording

NOW = CLOSE + 3_000
CHANNEL = -700
CONTRACT = replace(INSTRUMENT, min_notional=Decimal(20))


class Scene:
    """A composer on the record of a chat room."""

    def __init__(self, engine: Engine) -> None:
        self.room = ChatRoom(engine)
        self.recording = Recording(self.room.ledger, [])
        self.drawn: list[Snapshot] = []
        self.composer = RecordComposer(
            Sources(
                recording=self.recording,
                history=_Nothing(),
                people=self.room.people,
                outbox=self.room.outbox,
                terms=Terms(instruments={INSTRUMENT.symbol: CONTRACT}, rules=Rules()),
                entry=lambda seq: next(iter(self.room.ledger.entries(seq, seq))),
                draw=_no_picture,
                draw_record=lambda: b"PNG",
                bot_username="honest_bot",
            )
        )

    def composed(self, kind: PostKind, chat: int, seq: int = OPEN_ALERT) -> Composed | None:
        (made,) = self.compose([row(kind, chat, seq)])
        return made

    def compose(self, rows: Sequence[Delivery]) -> Sequence[Composed | None]:
        return self.composer.compose(rows, NOW)

    def stop(self, seq: int = OPEN_ALERT) -> None:
        stopped = Outcome(
            kind=OutcomeKind.STOP,
            filled_at=CLOSE + 12_500,
            exit_at=CLOSE + 432_500,
            fill_price=ALERT.plan.entry,
            exit_price=ALERT.plan.stop,
            gross_r=Decimal(-1),
            cost_r=Decimal("0.2077"),
            net_r=Decimal("-1.2077"),
            worst_net_r=Decimal("-1.2077"),
            best_net_r=Decimal("-1.2077"),
        )
        body = outcome_body(seq, stopped)
        self.recording.append([Draft(type=EntryType.OUTCOME, ts=NOW, body=body)])


class _Nothing:
    def __getattr__(self, name: str) -> object:
        raise AssertionError("a pair that is not watched has no picture")


def _no_picture(_: Snapshot) -> bytes:
    raise AssertionError("a pair that is not watched has no picture")


def row(kind: PostKind, chat: int, seq: int | None = OPEN_ALERT) -> Delivery:
    return Delivery(
        id=1,
        subject=f"{kind}:{seq}",
        kind=kind,
        seq=seq,
        html="<b>a day</b>",
        chat=chat,
        thread=None,
        attempt=1,
        expires_at=10**15,
    )


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


def test_an_alert_is_sized_for_its_reader_and_on_paper_at_first(scene: Scene) -> None:
    scene.room.join()
    made = scene.composed(PostKind.ALERT, ANN)

    assert made is not None
    assert "PAPER · <code>295</code> LAYER (307 USDT), 3x = 102 USDT margin" in made.html
    assert made.shown == Shown(qty=Decimal(295), on_paper=True)
    assert made.keyboard[0][0].label == "Took it"


def test_a_small_account_is_told_to_skip(scene: Scene) -> None:
    scene.room.join(ANN, "10")
    made = scene.composed(PostKind.ALERT, ANN)

    assert made is not None
    assert "too small for this one: skip it" in made.html
    assert made.shown == Shown(qty=None, on_paper=True)


def test_whoever_told_no_account_gets_the_reference_on_paper(scene: Scene) -> None:
    scene.room.say("/start")
    made = scene.composed(PostKind.ALERT, ANN)

    assert made is not None
    assert "PAPER · <code>591</code> LAYER" in made.html
    assert made.shown == Shown(qty=ALERT.size.qty, on_paper=True)


def test_a_channel_gets_one_post_with_a_way_to_the_own_size(scene: Scene) -> None:
    made = scene.composed(PostKind.ALERT, CHANNEL)

    assert made is not None
    assert "For 1,000 USDT" in made.html
    ((link,),) = made.keyboard
    assert link.url == f"https://t.me/honest_bot?start=size_{OPEN_ALERT}"


def test_an_alert_is_not_wanted_any_more_by_who_left_paused_or_muted(scene: Scene) -> None:
    assert scene.composed(PostKind.ALERT, BOB) is None
    scene.room.join()
    scene.room.say("/mute layer")
    assert scene.composed(PostKind.ALERT, ANN) is None


def test_an_alert_that_has_ended_is_sent_to_nobody(scene: Scene) -> None:
    scene.room.join()
    scene.stop()

    assert scene.composed(PostKind.ALERT, ANN) is None
    assert scene.composed(PostKind.AUTOMATION, CHANNEL) is None


def test_programs_get_the_text_that_they_parse(scene: Scene) -> None:
    made = scene.composed(PostKind.AUTOMATION, CHANNEL)

    assert made is not None
    assert made.html.startswith("#LAYER/USDT\nExchanges: Binance Futures\n")
    assert made.keyboard == ()


def test_a_name_that_programs_cannot_read_is_not_posted(scene: Scene) -> None:
    foreign = replace(ALERT, plan=replace(ALERT.plan, id="f" * 16, symbol="币安人生/USDT:USDT"))
    (entry,) = scene.recording.append(
        [Draft(type=EntryType.ALERT, ts=NOW, body=alert_body(foreign))]
    )

    assert scene.composed(PostKind.AUTOMATION, CHANNEL, entry.seq) is None


def test_an_outcome_answers_the_alert_with_the_money_that_was_shown(scene: Scene) -> None:
    scene.room.join()
    scene.room.told(ANN, Shown(qty=Decimal(295), on_paper=False))
    scene.stop()
    made = scene.composed(PostKind.OUTCOME, ANN)

    assert made is not None
    assert made.reply_to == 77
    assert "-1.21 R after costs (-2.49 USDT at your size)" in made.html


def test_an_outcome_for_who_may_not_have_the_alert_tells_no_money(scene: Scene) -> None:
    scene.room.join()
    scene.stop()
    made = scene.composed(PostKind.OUTCOME, ANN)

    assert made is not None
    assert made.reply_to is None
    assert "USDT" not in made.html


def test_a_channels_post_gets_its_result(scene: Scene) -> None:
    scene.room.told(CHANNEL, Shown(qty=Decimal(591), on_paper=True))
    assert scene.composed(PostKind.RESULT, CHANNEL) is None
    scene.stop()
    made = scene.composed(PostKind.RESULT, CHANNEL)
    reply = scene.composed(PostKind.OUTCOME, CHANNEL)

    assert made is not None
    assert reply is not None
    assert (made.edits, made.edits_caption) == (77, False)
    assert made.html.endswith(reply.html.split("\n")[0])
    assert len(made.html) <= 1_500


def test_a_checkpoint_is_told_as_it_stands_in_the_record(scene: Scene) -> None:
    (entry,) = scene.recording.append([checkpoint_draft(scene.recording, "2025-05-04", NOW)])
    made = scene.composed(PostKind.NOTICE, CHANNEL, entry.seq)

    assert made is not None
    assert made.html.startswith("Checkpoint of 2025-05-04: the record has 6 entries.")


def test_a_setup_that_changed_its_state_is_told_with_its_figures(scene: Scene) -> None:
    change = {"setup": ALERT.setup, "version": ALERT.version, "state": "losing"}
    (entry,) = scene.recording.append(
        [Draft(type=EntryType.RULES, ts=NOW, body={"setup_state": change})]
    )
    made = scene.composed(PostKind.NOTICE, CHANNEL, entry.seq)

    assert made is not None
    assert "RSI-Stochastic reversal v1 is suspended" in made.html


def test_new_rules_are_told_as_a_new_record(scene: Scene) -> None:
    draft = Draft(type=EntryType.RULES, ts=NOW, body={"gates": {}})
    (entry,) = scene.recording.append([draft])
    made = scene.composed(PostKind.NOTICE, CHANNEL, entry.seq)

    assert made is not None
    assert made.html.startswith("The rules have changed (entry #7 of the record")


def test_who_was_blocked_gets_no_outcome_and_no_announcement(scene: Scene) -> None:
    scene.room.join()
    scene.room.people.change(ANN, lambda each: replace(each, role=Role.BLOCKED))
    scene.stop()

    assert scene.composed(PostKind.OUTCOME, ANN) is None
    assert scene.composed(PostKind.ANNOUNCEMENT, ANN) is None


def test_news_are_as_they_were_written(scene: Scene) -> None:
    made = scene.composed(PostKind.NEWS, CHANNEL)

    assert made == Composed(html="<b>a day</b>")


def test_the_week_comes_with_a_picture_of_the_record(scene: Scene) -> None:
    week = replace(row(PostKind.NEWS, CHANNEL), subject="picture:2025-05-04")
    first, again = scene.compose([week, replace(week, file_id="known")])

    assert first is not None
    assert first.picture == b"PNG"
    assert again is not None
    assert again.picture == b""


def test_an_announcement_reaches_subscribers_only(scene: Scene) -> None:
    scene.room.join()
    assert scene.composed(PostKind.ANNOUNCEMENT, ANN) is not None
    assert scene.composed(PostKind.ANNOUNCEMENT, CHANNEL) is not None
    scene.room.say("/unsubscribe")
    assert scene.composed(PostKind.ANNOUNCEMENT, ANN) is None
    assert scene.composed(PostKind.ANNOUNCEMENT, BOB) is None
