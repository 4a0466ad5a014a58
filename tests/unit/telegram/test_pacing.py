import asyncio
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.telegram.pacing import ANSWER_BURST, MOST_CHATS, Lane, Pacer, Rate

RATE = Rate(overall=29.5)
GROUP = -100


class Driven:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def leaving(clock: Driven, pacer: Pacer, chats: list[int]) -> list[float]:
    """When messages leave that wait in a row, as with one in flight at a time."""
    times = []
    for chat in chats:
        clock.now += pacer.take(chat, Lane.BROADCAST)
        times.append(clock.now)
    return times


def test_broadcasts_leave_evenly_without_a_burst() -> None:
    clock = Driven()

    times = leaving(clock, Pacer(RATE, clock), list(range(300)))

    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) > 1 / 30
    assert times[-1] - times[0] < 299 / 29.4


@given(st.lists(st.sampled_from([1, 2, 3, GROUP]), min_size=2, max_size=60))
@settings(max_examples=50)
def test_no_chat_gets_broadcasts_faster_than_its_limit(chats: list[int]) -> None:
    clock = Driven()
    times = leaving(clock, Pacer(RATE, clock), chats)

    for chat, gap in ((1, 1.0), (2, 1.0), (3, 1.0), (GROUP, 3.0)):
        own = [at for at, each in zip(times, chats, strict=True) if each == chat]
        assert all(b - a >= gap - 1e-9 for a, b in itertools.pairwise(own))


def test_an_answer_does_not_wait_for_broadcasts_in_flight() -> None:
    clock = Driven()
    pacer = Pacer(RATE, clock)
    for chat in range(16):
        pacer.take(chat, Lane.BROADCAST)

    assert pacer.take(99, Lane.ANSWER) == 0
    assert pacer.take(100, Lane.BROADCAST) > 16 / 29.5  # it made room behind them


def test_a_flood_of_answers_is_slowed_down_to_the_limit() -> None:
    clock = Driven()
    pacer = Pacer(RATE, clock)

    waits = [pacer.take(chat, Lane.ANSWER) for chat in range(300)]

    assert waits[0] == 0
    assert waits[-1] > 299 / 29.5 - 1


def test_one_chat_gets_a_few_answers_at_once_and_then_waits() -> None:
    clock = Driven()
    pacer = Pacer(RATE, clock)

    waits = [pacer.take(5, Lane.ANSWER) for _ in range(ANSWER_BURST + 2)]

    assert waits[:ANSWER_BURST] == [0, 0, 0]
    assert waits[-1] >= 1


def test_a_chat_that_must_wait_is_known_before_a_slot_is_taken() -> None:
    clock = Driven()
    pacer = Pacer(RATE, clock)
    pacer.hold(30, chat=5)
    pacer.take(7, Lane.BROADCAST)

    assert pacer.wait_s(5) == 30
    assert 0.9 < pacer.wait_s(7) <= 1
    assert pacer.wait_s(8) == 0
    clock.now += 30
    assert pacer.wait_s(5) == 0


def test_holding_everything_holds_broadcasts_and_no_answers() -> None:
    clock = Driven()
    pacer = Pacer(RATE, clock)
    pacer.hold(10)

    assert pacer.wait_s(1) == 10
    assert pacer.take(1, Lane.ANSWER) == 0


def test_chats_that_were_quiet_are_forgotten() -> None:
    clock = Driven()
    pacer = Pacer(Rate(overall=1e6), clock)
    for chat in range(MOST_CHATS):
        pacer.take(chat, Lane.BROADCAST)
    clock.now += 60
    pacer.take(-1, Lane.BROADCAST)

    assert len(pacer._chats) == 1


def test_a_turn_comes_at_its_time() -> None:
    async def turn() -> float:
        pacer = Pacer(Rate(overall=200), asyncio.get_running_loop().time)
        started = asyncio.get_running_loop().time()
        for chat in range(5):
            await pacer.turn(chat, Lane.BROADCAST)
        return asyncio.get_running_loop().time() - started

    assert asyncio.run(turn()) >= 4 / 200
