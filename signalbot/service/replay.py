"""Replay: the same use cases over candles that lie in the past, with a clock that moves."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from signalbot.analysis.btc_context import BtcContext
from signalbot.domain.panel import Panel
from signalbot.service.minute import Minute
from signalbot.service.watch import Watch
from signalbot.setups.setup import Match

SpreadOf = Callable[[str, int], Decimal]
"""Spread of a symbol's book, in quote units, at the close of a row of the panel."""


def minutes(
    panel: Panel,
    matches: Sequence[Match],
    context: BtcContext | None,
    first_row: int,
    spread_of: SpreadOf | None = None,
) -> Iterator[Minute]:
    """Yield every closed minute of a panel from `first_row` on, in order of time.

    `matches` are those of the whole panel in order of time, `context` BTC's, None without BTC;
    `spread_of` is asked for candidates only, None where no books were recorded.
    """
    waiting = iter(matches)
    match = next(waiting, None)
    opens, closes = panel.open_time.tolist(), panel.close_time.tolist()
    for row in range(first_row, len(opens)):
        here: list[Match] = []
        while match is not None and match.row <= row:
            here.append(match)
            match = next(waiting, None)
        yield Minute(
            open_time=opens[row],
            close_time=closes[row],
            high=panel.high[row],
            low=panel.low[row],
            matches=here,
            btc=context.at(closes[row]) if context and here else None,
            spreads={each.pair: spread_of(each.symbol, row) for each in here} if spread_of else {},
        )


def replay(
    watch: Watch, closed: Iterator[Minute], delay_ms: int, advance: Callable[[], None]
) -> int | None:
    """Work every minute through, each decided `delay_ms` after its close; return the last instant.

    `advance` is called after each minute, for a progress bar.
    """
    now = None
    for minute in closed:
        now = minute.close_time + delay_ms
        watch.minute(minute, now)
        advance()
    return now
