"""Hours and BTC volatility in which a subscriber's own trades fail, where there are enough."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.reader_clock import ReaderClock
from signalbot.outcomes.own_trade import Followed, OwnResult, own_result
from signalbot.stats.uncertainty import Interval, always_valid
from signalbot.stats.verdict import MIN_DECIDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Own trades that share an hour of the reader's clock or a tercile of BTC's volatility.

    Attributes
    ----------
    by, value : str
        `hour` with `00` to `23` (of the own fill), or `volatility` with the tercile at the alert.
    breakeven_win_rate : float
        Mean of the rates these alerts were planned to need.
    mean_r : Decimal
        Mean own result after costs.
    """

    by: str
    value: str
    n: int
    wins: int
    breakeven_win_rate: float
    mean_r: Decimal

    @property
    def win_rate_95(self) -> Interval:
        """Interval of the win rate that holds however often it is read."""
        return always_valid(self.wins, self.n)

    @property
    def is_certain(self) -> bool:
        """Whether the interval lies below what was needed; many cells are looked at, though."""
        return self.win_rate_95[1] < self.breakeven_win_rate


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingCells:
    """The cells of at least 30 own trades that lost on average, the worst first.

    `largest` is the number of trades in the fullest cell of each kind: what is there so far where
    no cell is full enough.
    """

    failing: tuple[Cell, ...]
    largest: Mapping[str, int]

    def is_told(self, by: str) -> bool:
        """Whether any cell of that kind has enough trades to say something."""
        return self.largest.get(by, 0) >= MIN_DECIDED


def failing_cells(followed: Iterable[Followed], clock: ReaderClock) -> FailingCells:
    """Return where the own trades that are over lose, over the whole journal given."""
    groups: dict[tuple[str, str], list[tuple[Followed, OwnResult]]] = {}
    for each in followed:
        result = own_result(each)
        if result is not None:
            for key in _keys(each, result, clock):
                groups.setdefault(key, []).append((each, result))
    largest: dict[str, int] = {}
    for (by, _), group in groups.items():
        largest[by] = max(largest.get(by, 0), len(group))
    cells = (_cell(key, group) for key, group in groups.items() if len(group) >= MIN_DECIDED)
    failing = sorted(
        (cell for cell in cells if cell.mean_r < 0),
        key=lambda cell: (cell.mean_r, cell.by, cell.value),
    )
    return FailingCells(failing=tuple(failing), largest=largest)


def _keys(followed: Followed, result: OwnResult, clock: ReaderClock) -> Iterator[tuple[str, str]]:
    yield "hour", f"{clock.hour(result.opened_at):02d}"
    yield "volatility", followed.recorded.alert.btc.volatility


def _cell(key: tuple[str, str], group: list[tuple[Followed, OwnResult]]) -> Cell:
    by, value = key
    n = len(group)
    needed = sum(float(followed.recorded.alert.breakeven_win_rate) for followed, _ in group)
    return Cell(
        by=by,
        value=value,
        n=n,
        wins=sum(result.is_win for _, result in group),
        breakeven_win_rate=needed / n,
        mean_r=sum((result.net_r for _, result in group), Decimal(0)) / n,
    )
