"""What finer than candles had a say in an outcome: it becomes the outcome's evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from signalbot.domain.candles import Candle
from signalbot.domain.trade import Quote, Trade


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Finer candles by open time, trades by their row of the tape, and the quote of the fill.

    Two trades may be equal in every field, so their rows tell them apart.
    """

    finer: Mapping[int, Candle] = field(default_factory=dict)
    trades: Mapping[int, Trade] = field(default_factory=dict)
    quote: Quote | None = None

    def joined(self, other: "Sources") -> "Sources":
        """Return both together."""
        return Sources(
            finer={**self.finer, **other.finer},
            trades={**self.trades, **other.trades},
            quote=self.quote or other.quote,
        )

    @property
    def finer_rows(self) -> tuple[Candle, ...]:
        """The finer candles in order of time."""
        return tuple(self.finer[place] for place in sorted(self.finer))

    @property
    def trade_rows(self) -> tuple[Trade, ...]:
        """The trades in order of the tape."""
        return tuple(self.trades[row] for row in sorted(self.trades))


def finer_sources(candles: tuple[Candle, ...]) -> Sources:
    """Return these finer candles as sources."""
    return Sources(finer={candle.open_time: candle for candle in candles})
