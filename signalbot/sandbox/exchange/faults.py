"""Faults: what may go wrong with a request or with a frame of a stream, by rules with a seed."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from signalbot.errors import InputError
from signalbot.sandbox.fault_rules import FaultRules, require_possible


class FaultKind(StrEnum):
    """What happens to a request, to the rows of its answer, or to a frame of a stream."""

    REPLY = "reply"  # another status and body than the true ones
    DELAY = "delay"  # a pause before the answer
    DROP = "drop"  # the connection is closed without an answer
    HALF = "half"  # half of the answer comes
    SKIP = "skip"  # some rows of the answer are missing
    DOUBLE = "double"  # some rows come twice
    SHUFFLE = "shuffle"  # the rows are in no order
    LOSE = "lose"  # the frame does not come
    REPEAT = "repeat"  # it comes twice
    LATE = "late"  # it comes behind the next one of its stream
    GARBLE = "garble"  # it is no JSON
    CUT = "cut"  # its second half is missing


ROW_FAULTS = (FaultKind.SKIP, FaultKind.DOUBLE, FaultKind.SHUFFLE)
REQUEST_FAULTS = (
    *(FaultKind.REPLY, FaultKind.DELAY, FaultKind.DROP, FaultKind.HALF),
    *ROW_FAULTS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A rule: which requests or frames meet a fault, and which one.

    Attributes
    ----------
    target : str, optional
        Only requests of this endpoint, such as `klines`, or frames of this stream, such as
        `btcusdt@kline_1m`.
    closed : bool
        Only frames of a closed candle.
    nth, times : int, optional
        Only the n-th that matches, from 1; at most so often.
    probability, seed
        Chance of each that matches, drawn from a generator with this seed.
    share : float
        Of the rows that SKIP and DOUBLE meet; one at least.
    delay_s : float
        Length of DELAY, in seconds of this machine.
    status, body, headers
        Of REPLY.
    """

    kind: FaultKind
    target: str | None = None
    closed: bool = False
    nth: int | None = None
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    share: float = 0.1
    delay_s: float = 0.0
    status: int = 503
    body: str = '{"code":-1001,"msg":"Internal error; unable to process your request."}'
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_possible(self)
        if not 0 <= self.share <= 1:
            raise InputError("share", self.share, "0 to 1")

    def fits(self, target: str, *, is_request: bool, is_closed: bool) -> bool:
        """Whether the rule is about such a request or frame."""
        same_kind = (self.kind in REQUEST_FAULTS) == is_request
        return same_kind and self.target in (None, target) and (is_closed or not self.closed)


class Faults(FaultRules[Fault]):
    """The rules in force; the first that strikes wins.

    Attributes
    ----------
    counts : Counter of str
        How often each kind struck, of rules that were lifted too, and what else befell clients:
        `line_dropped`, `line_muted`, `line_expired`, `refused`, `status_429`, `status_418`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def strike(self, target: str, *, is_request: bool, is_closed: bool = False) -> Fault | None:
        """Return the fault that a request or a frame meets, and count it."""
        fault = self.first(
            lambda each: each.fits(target, is_request=is_request, is_closed=is_closed)
        )
        if fault is not None:
            self.counts[fault.kind.value] += 1
        return fault
