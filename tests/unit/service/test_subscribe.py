from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.people import FakePeople

from signalbot.domain.onboarding import Step
from signalbot.domain.subscriber import Role, Subscriber
from signalbot.errors import InputError
from signalbot.service.subscribe import answer, skip, start, subscribe, unsubscribe

NOW = 1_700_000_000_000
READER = 7_000_000_001
VENUES = ("binanceusdm", "bybit")


@pytest.fixture
def people() -> FakePeople:
    return FakePeople()


def test_four_taps_tell_everything(people: FakePeople) -> None:
    first = start(people, READER, NOW)
    taps = {Step.VENUE: "bybit", Step.EQUITY: "500", Step.RISK: "0.25", Step.LEVERAGE: "2"}

    asked = [first.question]
    for step, text in taps.items():
        asked.append(answer(people, READER, step, text, VENUES).question)

    assert asked == [Step.VENUE, Step.EQUITY, Step.RISK, Step.LEVERAGE, None]
    assert people.get(READER) == Subscriber(
        reader=READER,
        joined_at=NOW,
        venue="bybit",
        equity=Decimal(500),
        risk_pct=Decimal("0.25"),
        leverage=Decimal(2),
    )


def test_every_question_may_be_skipped(people: FakePeople) -> None:
    start(people, READER, NOW)

    for step in Step:
        last = skip(people, READER, step)

    assert last == Subscriber(reader=READER, joined_at=NOW)


def test_an_earlier_answer_is_corrected_without_losing_the_place(people: FakePeople) -> None:
    start(people, READER, NOW)
    answer(people, READER, Step.VENUE, "bybit", VENUES)
    answer(people, READER, Step.EQUITY, "500", VENUES)

    corrected = answer(people, READER, Step.EQUITY, "250", VENUES)

    assert (corrected.equity, corrected.question) == (Decimal(250), Step.RISK)


def test_a_tap_that_comes_twice_is_one(people: FakePeople) -> None:
    start(people, READER, NOW)

    once = answer(people, READER, Step.VENUE, "bybit", VENUES)

    assert answer(people, READER, Step.VENUE, "bybit", VENUES) == once


def test_a_wrong_answer_leaves_the_question_open(people: FakePeople) -> None:
    before = start(people, READER, NOW)

    with pytest.raises(InputError, match="one of: Binance USD-M, Bybit"):
        answer(people, READER, Step.VENUE, "kraken", VENUES)

    assert people.get(READER) == before


def test_starting_again_asks_again_and_keeps_what_was_told(people: FakePeople) -> None:
    told = Subscriber(
        reader=READER, joined_at=5, equity=Decimal(500), alerts_received=12, real_since=6
    )
    people.put(replace(told, subscribed=False, reachable=False))

    assert start(people, READER, NOW) == replace(told, question=Step.VENUE)


def test_starting_does_not_lift_a_block(people: FakePeople) -> None:
    people.put(Subscriber(reader=READER, joined_at=5, role=Role.BLOCKED))

    assert start(people, READER, NOW).role is Role.BLOCKED


def test_one_may_go_and_come_back(people: FakePeople) -> None:
    start(people, READER, NOW)

    assert not unsubscribe(people, READER).subscribed
    assert subscribe(people, READER).subscribed


def test_a_stranger_is_sent_to_the_start(people: FakePeople) -> None:
    asks = [
        lambda: subscribe(people, READER),
        lambda: unsubscribe(people, READER),
        lambda: skip(people, READER, Step.RISK),
        lambda: answer(people, READER, Step.EQUITY, "500", VENUES),
    ]
    for ask in asks:
        with pytest.raises(InputError, match="somebody who has sent /start"):
            ask()
    assert people.stored == {}


@pytest.mark.parametrize("reader", [0, -1001234567890, 2**52])
def test_a_group_cannot_subscribe(people: FakePeople, reader: int) -> None:
    with pytest.raises(InputError, match="the id of a chat user"):
        start(people, reader, NOW)
