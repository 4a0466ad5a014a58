import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.errors import InputError
from signalbot.sandbox.bot_api.faults import Fault, FaultKind, Faults


def _strikes(
    fault: Fault, calls: int = 10, method: str = "sendmessage", chat: str = "7"
) -> list[int]:
    faults = Faults()
    faults.add(fault)
    return [number for number in range(1, calls + 1) if faults.strike(method, chat)]


def test_a_rule_strikes_every_call_that_fits() -> None:
    assert _strikes(Fault(kind=FaultKind.DROP), calls=3) == [1, 2, 3]
    assert _strikes(Fault(kind=FaultKind.DROP, method="sendMessage", chat_id="7"), calls=2) == [
        1,
        2,
    ]
    assert _strikes(Fault(kind=FaultKind.DROP, method="sendPhoto")) == []
    assert _strikes(Fault(kind=FaultKind.DROP, chat_id="8")) == []


def test_only_the_nth_or_only_so_often() -> None:
    assert _strikes(Fault(kind=FaultKind.DROP, nth=4)) == [4]
    assert _strikes(Fault(kind=FaultKind.DROP, times=2)) == [1, 2]


@given(st.integers(0, 2**32), st.floats(0.2, 0.8))
def test_chance_is_drawn_from_the_seed(seed: int, probability: float) -> None:
    fault = Fault(kind=FaultKind.DROP, probability=probability, seed=seed)
    struck = _strikes(fault, calls=300)
    assert struck == _strikes(fault, calls=300)
    assert abs(len(struck) / 300 - probability) < 0.2


def test_a_call_to_another_chat_does_not_shift_the_draws() -> None:
    fault = Fault(kind=FaultKind.DROP, chat_id="7", probability=0.5, seed=3)
    faults = Faults()
    faults.add(fault)
    mixed = []
    for number in range(1, 31):
        assert faults.strike("sendmessage", "8") is None
        if faults.strike("sendmessage", "7"):
            mixed.append(number)
    assert mixed == _strikes(fault, calls=30)


def test_the_first_rule_that_strikes_wins_and_only_it_is_counted() -> None:
    faults = Faults()
    first, second = Fault(kind=FaultKind.DROP, times=1), Fault(kind=FaultKind.RESET)
    faults.add(first)
    faults.add(second)
    assert [faults.strike("x", "") for _ in range(3)] == [first, second, second]
    assert faults.struck() == [(first, 1), (second, 2)]
    faults.clear()
    assert faults.strike("x", "") is None


@pytest.mark.parametrize(
    ("kind", "accepted", "after"),
    [
        (FaultKind.REPLY, False, False),
        (FaultKind.REPLY, True, True),
        (FaultKind.STALL, False, True),
        (FaultKind.HALF, False, True),
        (FaultKind.DELAY, False, False),
    ],
)
def test_whether_the_call_is_done_before_the_fault(
    kind: FaultKind, accepted: bool, after: bool
) -> None:
    assert Fault(kind=kind, accepted=accepted).comes_after is after


@pytest.mark.parametrize(
    "wrong",
    [{"probability": 1.1}, {"delay_s": -1}, {"status": 100}, {"seed": -1}, {"content_type": "x"}],
)
def test_a_wrong_rule_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match=f"^{next(iter(wrong))} was"):
        Fault(kind=FaultKind.REPLY, **wrong)
