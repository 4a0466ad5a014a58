"""The whole path of an alert, minute after minute, with fakes at the edge only."""

from dataclasses import replace

from fakes.stage import CALM, CLOSE, DEAR, LAYER, TOY, Stage, decided_at

from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS
from signalbot.record.chain import check
from signalbot.record.entries import EntryType
from signalbot.rendering.record_texts import checkpoint_text
from signalbot.service.open_record import open_record
from signalbot.service.ports import Message
from signalbot.setups.setup import Match

MIDNIGHT = 9 * 60 + 28  # minutes after 14:32


def types(stage: Stage) -> list[str]:
    return [entry.type.value for entry in stage.ledger.entries()]


def test_an_alert_is_published_followed_and_settled(stage: Stage) -> None:
    genesis = {"public_key": stage.ledger.signer.public_key}
    open_record(stage.recording, stage.desk, stage.setups, genesis, CLOSE)
    stage.pass_minute(0, matches=[stage.match()])
    stage.pass_minute(1, {LAYER: (100, 100.4, 99.8, 100)})
    stage.pass_minute(2, {LAYER: (100, 101.2, 99.8, 101)})
    stage.pass_minute(3, {LAYER: (101, 105, 90, 101)})

    assert types(stage) == ["genesis", "rules", "universe", "alert", "published", "outcome"]
    alert, published, outcome = list(stage.ledger.entries())[3:]
    assert alert.body["candle_close"] == "2025-05-04T14:32:00.000Z"
    assert (alert.body["entry"], alert.body["stop"], alert.body["target"]) == ("100", "99", "101")
    assert alert.body["size"]["qty"] == "5"  # 0.5 % of 1000 over a risk of 1
    assert dict(published.body) == {
        "alert_seq": 4,
        "published_at": "2025-05-04T14:32:02.500Z",
        "message_id": "m1",
        "recipients": 1,
    }
    assert (outcome.body["outcome"], outcome.body["net_r"]) == ("TARGET", "1.0000000000")
    assert outcome.body["filled_at"] == "2025-05-04T14:32:12.500Z"
    assert outcome.body["exit_at"] == "2025-05-04T14:34:00.000Z"
    assert check(stage.ledger.entries()) == stage.ledger.head


def test_the_reply_says_what_became_of_it_and_answers_its_message(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match(symbol=TOY), stage.match()])
    stage.pass_minute(1)
    stage.pass_minute(2, {LAYER: (100, 101.2, 99.8, 101)})
    stage.pass_minute(3, {TOY: (100, 100.5, 98.9, 99)})

    alerts, replies = stage.messenger.accepted[:2], stage.messenger.accepted[2:]
    assert [message.reply_to for message, _ in alerts] == [None, None]
    assert [message.reply_to for message, _ in replies] == ["m1", "m2"]
    assert [now for _, now in replies] == [decided_at(2), decided_at(3)]
    won, lost = (message.html for message, _ in replies)
    assert won == (
        "LAYER reached its target at 101.00 after 2 min. +1.00 R after costs (+5.00 USDT on paper)."
        "\nThis setup: 1 of 1 won after costs."
    )
    # 4 TOY: the stop costs 1 and 0.0005 * (100 + 99) in fees
    assert lost == (
        "TOY stopped at 99.00 after 3 min. -1.10 R after costs (-4.40 USDT on paper)."
        "\nThis setup: 1 of 2 won after costs."
    )


def test_an_alert_is_on_disk_before_it_is_sent_and_so_is_its_outcome(stage: Stage) -> None:
    seen: list[tuple[list[str], bool]] = []

    def witness(message: Message) -> None:
        alert = stage.ledger.of(EntryType.ALERT)[-1]
        carries = f"#{alert.seq} {alert.hash[:8]} &lt;- {alert.prev[:8]}" in message.html
        seen.append((types(stage), carries))

    stage.messenger.witness = witness
    stage.pass_minute(0, matches=[stage.match()])
    stage.pass_minute(1, {LAYER: (100, 100.1, 98, 98.5)})

    assert seen == [
        (["universe", "alert"], True),
        (["universe", "alert", "published", "outcome"], False),
    ]


def test_an_alert_that_nobody_accepts_waits_and_is_published_when_it_is_accepted(
    stage: Stage,
) -> None:
    stage.messenger.is_available = False
    stage.pass_minute(0, matches=[stage.match()])
    stage.pass_minute(1, {LAYER: (100, 105, 95, 100)})  # no reader has it yet: decides nothing
    assert types(stage) == ["universe", "alert"]

    stage.messenger.is_available = True
    stage.pass_minute(2)
    stage.pass_minute(3, {LAYER: (100, 100.5, 98.9, 99)})

    published, outcome = list(stage.ledger.entries())[2:]
    assert published.body["published_at"] == "2025-05-04T14:34:02.500Z"
    assert (outcome.body["outcome"], outcome.body["filled_at"]) == (
        "STOP",
        "2025-05-04T14:34:12.500Z",
    )
    assert stage.messenger.attempts == 4  # two in vain, the alert, the reply


def test_an_alert_that_nobody_accepted_in_time_is_never_sent(stage: Stage) -> None:
    stage.messenger.is_available = False
    for number in range(6):  # the entry is valid for five minutes
        stage.pass_minute(number, matches=[stage.match()] if number == 0 else [])
    stage.messenger.is_available = True
    stage.pass_minute(6, {LAYER: (100, 105, 95, 100)})

    assert types(stage) == ["universe", "alert", "outcome"]
    outcome = stage.ledger.of(EntryType.OUTCOME)[0]
    assert (outcome.body["outcome"], outcome.ts) == ("NOT_PUBLISHED", "2025-05-04T14:37:02.500Z")
    assert stage.messenger.attempts == 5
    assert stage.messenger.accepted == []
    settled = stage.recording.state.settled[2]
    assert (settled.kind, settled.is_decided) == (OutcomeKind.NOT_PUBLISHED, False)


def test_an_outcome_is_recorded_even_if_no_reader_can_be_told(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match()])
    stage.messenger.is_available = False
    stage.pass_minute(1, {LAYER: (100, 100.1, 98, 98.5)})
    stage.messenger.is_available = True
    stage.pass_minute(2)

    assert types(stage)[-1] == "outcome"
    assert len(stage.messenger.accepted) == 1


def test_a_minute_worked_through_twice_adds_nothing_the_second_time(stage: Stage) -> None:
    first = stage.minute(0, matches=[stage.match(), stage.match(symbol=DEAR)])
    second = stage.minute(1, {LAYER: (100, 100.1, 98, 98.5)}, [stage.match(1, TOY)])

    for minute, number in ((first, 0), (second, 1)):
        stage.watch.minute(minute, decided_at(number))
        entries, refused = list(stage.ledger.entries()), dict(stage.refusals.stored)
        sent = list(stage.messenger.accepted)
        for watch in (stage.watch, stage.started()):
            watch.minute(minute, decided_at(number))
            assert list(stage.ledger.entries()) == entries
            assert stage.refusals.stored == refused
            assert stage.messenger.accepted == sent
    assert stage.refusals.counts("2025-05-04") == {"COST_TOO_HIGH": 1}


def test_what_is_open_already_is_refused_by_name_and_counted(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match(), stage.match(setup=1)])
    stage.pass_minute(1, matches=[stage.match(1), stage.match(1, side=Side.SHORT)])

    assert stage.refusals.counts("2025-05-04") == {"ALREADY_OPEN": 2}
    sides = [entry.body["side"] for entry in stage.ledger.of(EntryType.ALERT)]
    assert sides == ["long", "short"]


def test_without_btc_or_in_a_halt_nothing_is_published(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match()], btc=None)
    stage.pass_minute(1, matches=[stage.match(1)], btc=replace(CALM, halted=True))

    assert types(stage) == ["universe"]
    assert stage.refusals.counts("2025-05-04") == {"BTC_UNKNOWN": 1, "BTC_HALT": 1}
    assert stage.messenger.attempts == 0


def test_the_budget_of_an_hour_goes_to_the_cheapest(stage: Stage) -> None:
    def matches(minute: int) -> list[Match]:
        return [stage.match(minute, symbol, side) for symbol in (TOY, LAYER) for side in Side]

    through_both_stops = (100.0, 103.0, 97.0, 100.0)
    stage.pass_minute(0, matches=matches(0))
    stage.pass_minute(1, {LAYER: through_both_stops, TOY: through_both_stops})
    stage.pass_minute(30, matches=matches(30))

    symbols = [entry.body["symbol"] for entry in stage.ledger.of(EntryType.ALERT)]
    assert symbols == [LAYER, LAYER, TOY, TOY, LAYER, LAYER]
    assert stage.refusals.counts("2025-05-04") == {"BUDGET": 2}


def test_the_day_turns_once_with_the_first_minute_after_midnight(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match(symbol=DEAR), stage.match(1, symbol=DEAR)])
    for number in (MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + 1):
        stage.pass_minute(number)

    first, checkpoint, refusals, second = stage.ledger.entries()
    assert dict(first.body) == {
        "day": "2025-05-04",
        "venue": "binanceusdm",
        "timeframe": "1m",
        "symbols": [DEAR, LAYER, TOY],
    }
    assert (refusals.type, dict(refusals.body)) == (
        EntryType.REFUSALS,
        {"day": "2025-05-04", "counts": {"COST_TOO_HIGH": 2}},
    )
    assert (second.body["day"], second.ts) == ("2025-05-05", "2025-05-05T00:00:02.500Z")
    assert stage.recording.state.refused == {"COST_TOO_HIGH": 2}
    assert stage.messenger.texts == [checkpoint_text(checkpoint.body)]


def test_a_setup_that_loses_is_suspended_in_public_when_the_day_turns(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match()])
    stage.settle([-1.0] * 30, CLOSE - 3 * DAY_MS)

    stage.pass_minute(1, matches=[stage.match(1, TOY)])  # judged once a day
    matches = [stage.match(MIDNIGHT, DEAR), stage.match(MIDNIGHT, TOY, Side.SHORT, setup=1)]
    stage.pass_minute(MIDNIGHT, matches=matches)

    alerts = [entry.body for entry in stage.ledger.of(EntryType.ALERT)]
    assert [body["setup"] for body in alerts[-2:]] == [setup.name for setup in stage.setups]
    assert stage.refusals.counts("2025-05-05") == {"SETUP_SUSPENDED": 1}
    told = next(text for text in stage.messenger.texts if "suspended" in text)
    assert "0 of 30" in told


def test_what_is_open_when_its_setup_is_suspended_goes_on_to_its_outcome(stage: Stage) -> None:
    stage.settle([-1.0] * 30, CLOSE - 3 * DAY_MS)
    before = MIDNIGHT - 1
    stage.pass_minute(before - 1)
    stage.pass_minute(before, matches=[stage.match(before)])

    stage.pass_minute(MIDNIGHT)
    stage.pass_minute(MIDNIGHT + 1, {LAYER: (100, 100.5, 98.9, 99)})

    assert stage.ledger.of(EntryType.OUTCOME)[-1].body["outcome"] == "STOP"


def test_a_restart_goes_on_with_what_was_open(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match()])
    stage.pass_minute(1)

    stage.watch = stage.started()
    stage.pass_minute(2, {LAYER: (100, 100.5, 98.9, 99)})

    kinds = [entry.type for entry in stage.ledger.entries()]
    assert kinds.count(EntryType.ALERT) == kinds.count(EntryType.OUTCOME) == 1
    assert kinds.count(EntryType.UNIVERSE) == 1


def test_alerts_that_wait_to_be_sent_use_the_budget_up(stage: Stage) -> None:
    stage.desk = replace(stage.desk, rules=replace(stage.desk.rules, hour_budget=1))
    stage.watch = stage.started()
    stage.messenger.is_available = False

    stage.pass_minute(0, matches=[stage.match()])
    stage.pass_minute(1, matches=[stage.match(1, TOY)])

    kinds = [entry.type for entry in stage.ledger.entries()]
    assert kinds.count(EntryType.ALERT) == 1
    assert stage.refusals.counts("2025-05-04") == {"BUDGET": 1}
