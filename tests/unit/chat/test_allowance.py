from concurrent.futures import ThreadPoolExecutor

import pytest

from signalbot.chat import allowance
from signalbot.chat.allowance import BURST, REFILL_MS, Allowance, Taken

ANN, BOB = 101, 102
NOW = 1_746_369_120_000


def spent(bucket: Allowance, reader: int = ANN) -> Allowance:
    for _ in range(BURST):
        assert bucket.take(reader, NOW) is Taken.GIVEN
    return bucket


def test_a_burst_is_given_then_one_notice_and_silence() -> None:
    bucket = spent(Allowance())

    assert [bucket.take(ANN, NOW) for _ in range(3)] == [
        Taken.FIRST_WITHOUT,
        Taken.WITHOUT,
        Taken.WITHOUT,
    ]


def test_a_token_comes_back_with_time_and_with_it_a_new_notice() -> None:
    bucket = spent(Allowance())
    bucket.take(ANN, NOW)

    assert bucket.take(ANN, NOW + REFILL_MS) is Taken.GIVEN
    assert bucket.take(ANN, NOW + REFILL_MS) is Taken.FIRST_WITHOUT


def test_a_clock_that_goes_back_gives_nothing() -> None:
    bucket = spent(Allowance())

    assert bucket.take(ANN, NOW - REFILL_MS) is Taken.FIRST_WITHOUT


def test_one_reader_takes_nothing_from_another() -> None:
    assert spent(Allowance()).take(BOB, NOW) is Taken.GIVEN


def test_whoever_was_quiet_for_longest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "MOST_READERS", 3)
    bucket = spent(Allowance())
    for reader in (2, 3):
        bucket.take(reader, NOW)
    bucket.take(ANN, NOW)
    bucket.take(4, NOW)

    assert len(bucket) == 3
    assert bucket.take(ANN, NOW) is Taken.WITHOUT


def test_threads_together_get_no_more_than_one_bucket() -> None:
    bucket = Allowance()
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: bucket.take(ANN, NOW), range(2_000)))

    assert taken.count(Taken.GIVEN) == BURST
    assert taken.count(Taken.FIRST_WITHOUT) == 1
