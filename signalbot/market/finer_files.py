"""Read candles shorter than those of an alert; the file itself tells how long they are."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from signalbot.domain.candles import Candles
from signalbot.domain.timeframe import Timeframe
from signalbot.errors import InputError
from signalbot.market.candle_files import read_candles

ANY = Timeframe(name="finer", step_ms=1)


def read_finer(path: Path, timeframe: Timeframe) -> Candles:
    """Return the candles of a file that divide those of `timeframe`.

    Their step is the largest that divides the distance of any two of them.

    Raises
    ------
    InputError
        Naming file, line and field of what is wrong: besides the rows themselves, a step that
        cannot be seen, is not shorter than `timeframe`'s or does not divide it.
    """
    candles = read_candles(path, ANY)
    if len(candles) == 1:
        allowed = "two candles or more, of which the step can be seen"
        raise InputError("finer", "one candle", allowed, str(path))
    step_ms = int(np.gcd.reduce(np.diff(candles.open_time)))
    if timeframe.step_ms % step_ms != 0 or step_ms == timeframe.step_ms:
        allowed = f"a step that divides {timeframe.name} and is shorter"
        raise InputError("finer", f"{step_ms} ms a candle", allowed, str(path))
    if candles.open_time[0] % step_ms != 0:
        allowed = f"multiples of their step, {step_ms} ms"
        raise InputError("open_time", int(candles.open_time[0]), allowed, str(path))
    return replace(candles, timeframe=Timeframe(name=f"{step_ms} ms", step_ms=step_ms))
