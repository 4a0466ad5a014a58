"""What was known of a pair when its alert was decided, and all its picture is drawn from."""

from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.alert import Alert, EntryKind
from signalbot.domain.candles import FIELDS, Candles
from signalbot.domain.rounding import exact
from signalbot.domain.timeframe import Timeframe, iso
from signalbot.errors import InputError

SHOWN = 120
"""Steps a snapshot reaches back from the candle that fired, which is among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """An alert with its place in the ledger and the candles before it, as they were then.

    Attributes
    ----------
    seq, hash : int, str
        Of the alert's entry.
    candles : Candles
        Of the alert's pair, read-only; the last one is the candle that fired.

    Raises
    ------
    InputError
        If the candles are of another step, end with another candle than the one that fired, or
        cannot be those of this pair: an alert at the market is entered at the close, so that a
        close elsewhere than at the entry belongs to another pair.
    """

    seq: int
    hash: str
    alert: Alert
    candles: Candles

    def __post_init__(self) -> None:
        alert, candles = self.alert, self.candles
        if candles.timeframe != alert.timeframe:
            raise InputError("timeframe", candles.timeframe.name, alert.timeframe.name)
        fired = alert.candle_close - alert.timeframe.step_ms
        newest = int(candles.open_time[-1]) if len(candles) else None
        if newest != fired:
            was = None if newest is None else iso(newest)
            raise InputError("newest candle", was, f"the one that fired, opened {iso(fired)}")
        plan, close = alert.plan, exact(candles.close[-1])
        if plan.entry_kind is EntryKind.MARKET and not _is_near(close, plan.entry, plan.tick):
            raise InputError("close", close, f"a tick from the entry at most, {plan.entry}")

    @classmethod
    def of(cls, seq: int, entry_hash: str, alert: Alert, candles: Candles) -> "Snapshot":
        """Return the snapshot of an alert; of the candles those it may show, in a copy.

        Later candles than the one that fired are left out, and so are earlier ones than `SHOWN`
        steps.
        """
        since = alert.candle_close - SHOWN * alert.timeframe.step_ms
        shown = candles.between(since, alert.candle_close)
        arrays = {field: getattr(shown, field).copy() for field in ("open_time", *FIELDS)}
        for array in arrays.values():
            array.setflags(write=False)
        frozen = Candles(timeframe=shown.timeframe, **arrays)
        return cls(seq=seq, hash=entry_hash, alert=alert, candles=frozen)

    @property
    def timeframe(self) -> Timeframe:
        """Step of the candles."""
        return self.candles.timeframe


def _is_near(close: Decimal, entry: Decimal, tick: Decimal) -> bool:
    # the entry is the close put on the tick
    return abs(close - entry) < tick
