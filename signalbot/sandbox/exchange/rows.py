"""An answer made of rows that are JSON already, and what faults do to the rows."""

from dataclasses import dataclass, replace

import numpy as np

from signalbot.sandbox.exchange.faults import Fault, FaultKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of JSON, and what stands before and behind them."""

    rows: list[str]
    head: str = "["
    tail: str = "]"

    @property
    def text(self) -> str:
        """The whole answer."""
        return self.head + ",".join(self.rows) + self.tail

    def disturbed(self, fault: Fault, strike: int) -> "Rows":
        """Return the answer with rows that are missing, come twice, or stand in no order."""
        count = len(self.rows)
        if not count:
            return self
        rng = np.random.default_rng((fault.seed, strike))
        if fault.kind is FaultKind.SHUFFLE:
            return replace(self, rows=[self.rows[place] for place in rng.permutation(count)])
        met = rng.random(count) < fault.share
        met[rng.integers(count)] = True
        times = np.where(met, 2 if fault.kind is FaultKind.DOUBLE else 0, 1)
        return replace(self, rows=[self.rows[place] for place in np.arange(count).repeat(times)])
