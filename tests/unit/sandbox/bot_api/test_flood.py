from decimal import Decimal

import pytest
from fakes.sandbox_bot import DrivenClock
from hypothesis import given
from hypothesis import strategies as st

from signalbot.sandbox.bot_api.envelope import Refused
from signalbot.sandbox.bot_api.flood import Flood, FloodRules, Pause

PRIVATE, OTHER, GROUP = 1001, 1002, -2001


def _flood(**rules) -> tuple[Flood, DrivenClock]:
    clock = DrivenClock()
    return Flood(FloodRules(**rules), clock), clock


def _send(flood: Flood, chat_id: int, count: int = 1, paid: bool = False) -> int | None:
    """Seconds that a message has to wait, None if it passed."""
    try:
        flood.pass_through(chat_id, chat_id > 0, count, paid)
    except Refused as refused:
        return refused.parameters["retry_after"]
    return None


def test_a_private_chat_takes_three_at_once_and_then_one_a_second() -> None:
    flood, clock = _flood()
    assert [_send(flood, PRIVATE) for _ in range(4)] == [None, None, None, 1]
    clock.pass_time(1)
    assert [_send(flood, PRIVATE) for _ in range(2)] == [None, 1]
    clock.pass_time(100)
    assert [_send(flood, PRIVATE) for _ in range(4)] == [None, None, None, 1]


def test_a_group_takes_twenty_a_minute() -> None:
    flood, clock = _flood()
    assert [_send(flood, GROUP) for _ in range(20)] == [None] * 20
    assert _send(flood, GROUP) == 3
    clock.pass_time(3)
    assert _send(flood, GROUP) is None


def test_a_bot_sends_thirty_a_second_to_all_together() -> None:
    flood, clock = _flood()
    assert [_send(flood, number) for number in range(1, 32)] == [None] * 30 + [1]
    clock.pass_time(1)
    assert [_send(flood, number) for number in range(101, 132)] == [None] * 30 + [1]


def test_who_calls_inside_a_penalty_waits_longer() -> None:
    flood, clock = _flood()
    for _ in range(3):
        _send(flood, PRIVATE)
    assert [_send(flood, PRIVATE) for _ in range(3)] == [1, 2, 3]
    clock.pass_time(2.9)
    assert _send(flood, PRIVATE) == 2
    clock.pass_time(1.2)
    assert _send(flood, PRIVATE) is None


@pytest.mark.parametrize(("pause", "other_waits"), [(Pause.CHAT, None), (Pause.BOT, 2)])
def test_a_penalty_stops_the_chat_or_the_whole_bot(pause: Pause, other_waits: int | None) -> None:
    flood, _ = _flood(pause=pause)
    for _ in range(4):
        _send(flood, PRIVATE)
    assert _send(flood, OTHER) == other_waits


def test_a_refused_message_takes_nothing() -> None:
    flood, clock = _flood()
    for _ in range(3):
        _send(flood, PRIVATE)
    clock.pass_time(0.5)
    assert _send(flood, PRIVATE) == 1
    clock.pass_time(1)
    assert _send(flood, PRIVATE) is None


def test_paid_messages_cost_a_tenth_of_a_star_and_pass_a_thousand_a_second() -> None:
    flood, _ = _flood(stars=Decimal(101))
    assert [_send(flood, number, paid=True) for number in range(1, 1002)] == [None] * 1000 + [1]
    assert flood.stars == 1


def test_without_stars_the_free_limits_hold() -> None:
    flood, _ = _flood(stars=Decimal("0.2"))
    waits = [_send(flood, PRIVATE, paid=True) for _ in range(6)]
    assert waits == [None] * 5 + [1]
    assert flood.stars == 0


def test_an_album_counts_every_picture_and_the_chat_owes_what_is_missing() -> None:
    flood, clock = _flood()
    assert _send(flood, PRIVATE, count=10) is None
    assert _send(flood, PRIVATE) == 8
    clock.pass_time(8)
    assert _send(flood, PRIVATE) is None


def test_flood_control_may_be_off() -> None:
    flood, _ = _flood(enabled=False)
    assert [_send(flood, PRIVATE) for _ in range(100)] == [None] * 100


@given(st.lists(st.floats(0, 2), min_size=5, max_size=60))
def test_no_second_sees_more_than_a_burst_and_the_rate(pauses: list[float]) -> None:
    flood, clock = _flood()
    passed = []
    for pause in pauses:
        clock.pass_time(pause)
        if _send(flood, PRIVATE) is None:
            passed.append(clock.now)
    for start in passed:
        assert sum(start <= at < start + 1 for at in passed) <= 4


def test_it_forgets_chats_whose_buckets_are_full_again() -> None:
    flood, clock = _flood(stars=Decimal(10**6))
    for number in range(1, 12_000):
        clock.pass_time(0.1)
        assert _send(flood, number) is None
    assert len(flood._buckets) < 11_000
