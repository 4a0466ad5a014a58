from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.stage import CLOSE, DEAR, LAYER, TOY, Stage, decided_at

from signalbot.analysis.features import ROWS, describe
from signalbot.domain.alert import SetupState
from signalbot.domain.refusal import RefusalCode
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS, MINUTE_MS
from signalbot.errors import RecordError
from signalbot.record.bodies import alert_of
from signalbot.risk.publication import Published
from signalbot.service.minute import Minute
from signalbot.service.publish import (
    Decision,
    decide_minute,
    publish,
    published_before,
    without_recorded,
)

NOTHING = Published(open_bets=frozenset(), last_of={}, times=())
NOW = decided_at(0)


def decided(stage: Stage, minute: Minute, before: Published = NOTHING) -> Decision:
    return decide_minute(minute, before, {}, stage.desk, NOW)


def test_alerts_come_in_rank_order_whatever_the_order_of_arrival(stage: Stage) -> None:
    matches = [stage.match(symbol=TOY), stage.match(symbol=LAYER)]

    for arrived in (matches, matches[::-1]):
        alerts = decided(stage, stage.minute(0, matches=arrived)).alerts
        assert [alert.plan.symbol for alert in alerts] == [LAYER, TOY]
        # 4 TOY at a stop of 1 pay 0.0005 * (100 + 99) each: 0.0995 R
        assert [alert.cost_r for alert in alerts] == [0, Decimal("0.0995")]


def test_a_refusal_says_of_which_match_it_is_and_why(stage: Stage) -> None:
    match = stage.match(symbol=DEAR)

    (refused,) = decided(stage, stage.minute(0, matches=[match])).refused

    assert (refused.code, refused.refused_at) == (RefusalCode.COST_TOO_HIGH, NOW)
    assert (refused.setup, refused.symbol, refused.side) == (match.setup.name, DEAR, Side.LONG)
    # 0.005 * (100 + 99) = 0.995
    assert refused.message.startswith("costs are 1.00 R at the stop, allowed are 0.25 R")


def test_every_match_becomes_an_alert_or_a_refusal(stage: Stage) -> None:
    matches = [stage.match(symbol=symbol, side=side) for symbol in (LAYER, DEAR) for side in Side]
    before = replace(NOTHING, open_bets=frozenset({("LAYER", Side.SHORT)}))

    decision = decided(stage, stage.minute(0, matches=matches), before)

    assert [alert.plan.side for alert in decision.alerts] == [Side.LONG]
    codes = sorted(refused.code for refused in decision.refused)
    assert codes == ["ALREADY_OPEN", "COST_TOO_HIGH", "COST_TOO_HIGH"]
    ids = {alert.id for alert in decision.alerts} | {each.alert_id for each in decision.refused}
    assert len(ids) == len(matches)


def test_the_same_match_twice_is_one(stage: Stage) -> None:
    decision = decided(stage, stage.minute(0, matches=[stage.match(), stage.match()]))

    assert (len(decision.alerts), decision.refused) == (1, [])


def test_an_alert_carries_what_the_record_says_of_its_setup_version(stage: Stage) -> None:
    minute = stage.minute(0, matches=[stage.match(), stage.match(symbol=TOY, setup=1)])
    setup = stage.setups[0]
    states = {(setup.name, setup.version): SetupState.PROVEN}

    first, second = decide_minute(minute, NOTHING, states, stage.desk, NOW).alerts

    assert (first.state, second.state) == (SetupState.PROVEN, SetupState.UNPROVEN)


def test_an_alert_is_recorded_with_the_description_of_its_candle(stage: Stage) -> None:
    for number in range(-60, 0):
        price = 100 + number % 7 / 10
        stage.minute(number, {TOY: (price, price + 0.3, price - 0.3, price + 0.1)})
    minute = stage.minute(0, matches=[stage.match(symbol=TOY)])
    stage.minute(1, {TOY: (500, 900, 100, 500)})  # not known yet

    (entry,) = publish(decided(stage, minute), minute, stage.recording, stage.history, NOW)

    alert = alert_of(entry.body)
    assert len(alert.description) > 5
    assert alert.description == describe(stage.history.window(1, CLOSE, ROWS))
    assert alert.reasons == {"rsi": Decimal("12.5")}
    assert entry.ts == "2025-05-04T14:32:02.500Z"


def test_a_decision_is_recorded_once(stage: Stage) -> None:
    minute = stage.minute(0, matches=[stage.match()])
    decision = decided(stage, minute)
    publish(decision, minute, stage.recording, stage.history, NOW)

    with pytest.raises(RecordError, match="is recorded already"):
        publish(decision, minute, stage.recording, stage.history, NOW)

    assert stage.ledger.head.seq == 1


def test_a_decision_without_an_alert_records_nothing(stage: Stage) -> None:
    minute = stage.minute(0, matches=[stage.match(symbol=DEAR)])

    assert publish(decided(stage, minute), minute, stage.recording, stage.history, NOW) == ()
    assert stage.ledger.head.seq == 0


def test_a_match_that_is_an_alert_already_is_no_match(stage: Stage) -> None:
    minute = stage.minute(0, matches=[stage.match(), stage.match(symbol=TOY)])
    only_layer = replace(minute, matches=minute.matches[:1])
    publish(decided(stage, only_layer), only_layer, stage.recording, stage.history, NOW)

    left = without_recorded(minute, stage.recording, "binanceusdm").matches

    assert left == [stage.match(symbol=TOY)]
    assert without_recorded(minute, stage.recording, "bybit").matches == minute.matches
    assert len(minute.matches) == 2


def test_the_caps_know_what_is_open_and_what_was_published(stage: Stage) -> None:
    assert published_before(stage.recording, NOW) == replace(NOTHING, times=[])
    stage.pass_minute(0, matches=[stage.match()])
    stage.pass_minute(1, {LAYER: (100, 100.1, 98, 98.5)}, [stage.match(1, TOY)])

    before = published_before(stage.recording, decided_at(1))

    assert before.open_bets == {("TOY", Side.LONG)}
    assert before.last_of == {
        ("LAYER", Side.LONG): decided_at(0),
        ("TOY", Side.LONG): decided_at(1),
    }
    assert before.times == [decided_at(0), decided_at(1)]
    assert published_before(stage.recording, NOW + DAY_MS).times == [NOW + MINUTE_MS]
