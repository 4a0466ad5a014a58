from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from signalbot.app.newest import Newest
from signalbot.record.entries import Head

FIRST, SECOND = Head(seq=1, hash="a" * 64), Head(seq=2, hash="b" * 64)


def test_an_answer_is_made_once_until_the_record_has_grown() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    newest: Newest[int] = Newest()

    assert [newest.at(head, make) for head in (FIRST, FIRST, SECOND, SECOND)] == [0, 0, 1, 1]


def test_threads_that_ask_together_make_it_once() -> None:
    made: list[int] = []
    together = Barrier(4)

    def make() -> int:
        made.append(1)
        return 7

    newest: Newest[int] = Newest()

    def ask(_: int) -> int:
        together.wait(10)
        return newest.at(FIRST, make)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(4))) == [7] * 4
    assert made == [1]


def test_a_mistake_is_not_remembered() -> None:
    newest: Newest[float] = Newest()
    with pytest.raises(ZeroDivisionError):
        newest.at(FIRST, lambda: 1 / 0)

    assert newest.at(FIRST, lambda: 2.0) == 2.0
