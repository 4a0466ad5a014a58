"""Settled alerts as columns, in the one order every figure is taken in."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from signalbot.domain.candles import Floats, Instants
from signalbot.domain.outcome import DECIDED, OutcomeKind, Settled
from signalbot.errors import InputError

KINDS = tuple(OutcomeKind)
"""What a kind code stands for."""

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Rows = Flags | Codes

_IS_DECIDED = np.array([kind in DECIDED for kind in KINDS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """A column of few different texts: row i reads `names[codes[i]]`."""

    codes: Codes
    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Labels":
        """Return the column that reads `texts`; names stand in order of first appearance."""
        index: dict[str, int] = {}
        codes = [index.setdefault(text, len(index)) for text in texts]
        return cls(codes=np.array(codes, dtype=np.int64), names=tuple(index))

    def __getitem__(self, rows: Rows) -> "Labels":
        return Labels(codes=self.codes[rows], names=self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Settled alerts in order of `published_at`, then id.

    Every column has shape (alerts,).

    Attributes
    ----------
    published_at : int64
        Instants, ascending.
    kind : int64
        Positions in `KINDS`.
    net_r : float64
        Result in R after costs; NaN where the outcome has none.
    breakeven : float64
        Win rate the plan needed to pay its costs.
    gross_r, worst_net_r, best_net_r : float64
        Result before costs, and the bounds of the result; NaN where there is none, and where a
        record does not tell them.
    ambiguous : bool
        Whether the data left the order of prices open. Known where the bounds are.
    setup : Labels
        `name version`: any change of a setup is a new version, and a new record.
    volatility, regime : Labels
        BTC's tercile of volatility and its trend; empty where not told.
    """

    published_at: Instants
    kind: Codes
    net_r: Floats
    breakeven: Floats
    gross_r: Floats
    worst_net_r: Floats
    best_net_r: Floats
    ambiguous: Flags
    setup: Labels
    symbol: Labels
    side: Labels
    volatility: Labels
    regime: Labels

    @classmethod
    def of(cls, alerts: Iterable[Settled]) -> "Sample":
        """Return `alerts`, in whatever order they come, as a sample.

        Raises
        ------
        InputError
            If a decided alert has no finite `net_r`, or no break-even rate from 0 to 1: one NaN
            would silently turn every figure into NaN.
        """
        ordered = sorted(alerts, key=lambda alert: (alert.published_at, alert.alert_id))
        code = {kind: position for position, kind in enumerate(KINDS)}
        sample = cls(
            published_at=np.array([alert.published_at for alert in ordered], dtype=np.int64),
            kind=np.array([code[alert.kind] for alert in ordered], dtype=np.int64),
            net_r=_floats(alert.net_r for alert in ordered),
            breakeven=_floats(alert.breakeven_win_rate for alert in ordered),
            gross_r=_floats(alert.gross_r for alert in ordered),
            worst_net_r=_floats(alert.worst_net_r for alert in ordered),
            best_net_r=_floats(alert.best_net_r for alert in ordered),
            ambiguous=np.array([alert.ambiguous for alert in ordered], dtype=bool),
            setup=Labels.of(_record(alert.setup, alert.version) for alert in ordered),
            symbol=Labels.of(alert.symbol for alert in ordered),
            side=Labels.of(alert.side for alert in ordered),
            volatility=Labels.of(alert.volatility for alert in ordered),
            regime=Labels.of(alert.regime for alert in ordered),
        )
        for row in np.flatnonzero(sample.faulty)[:1].tolist():
            _refuse(ordered[row])
        return sample

    def __len__(self) -> int:
        return len(self.kind)

    def __getitem__(self, rows: Rows) -> "Sample":
        return Sample(**{column.name: getattr(self, column.name)[rows] for column in fields(self)})

    @property
    def decided(self) -> "Sample":
        """The alerts that count in the win rate."""
        return self[_IS_DECIDED[self.kind]]

    @property
    def faulty(self) -> Flags:
        """Where a decided alert lacks a figure that every statistic needs."""
        told = np.isfinite(self.net_r) & (self.breakeven >= 0) & (self.breakeven <= 1)
        return _IS_DECIDED[self.kind] & ~told

    @property
    def is_win(self) -> Flags:
        """Where an alert won: more than 0 R after costs, whatever its kind."""
        return self.net_r > 0

    def of_setup(self, setup: str, version: str) -> "Sample":
        """Return the record of one version of one setup; empty where there is none."""
        names = np.array([name == _record(setup, version) for name in self.setup.names], dtype=bool)
        return self[names[self.setup.codes]]

    def buckets(self) -> dict[OutcomeKind, int]:
        """Return how many alerts ended in each kind, all kinds included."""
        counts = np.bincount(self.kind, minlength=len(KINDS)).tolist()
        return dict(zip(KINDS, counts, strict=True))


def untold(rows: int) -> dict[str, Any]:
    """Return the columns of a sample that a record need not tell, for so many alerts."""
    nothing = Labels(codes=np.zeros(rows, dtype=np.int64), names=("",))
    return {
        **{name: np.full(rows, np.nan) for name in ("gross_r", "worst_net_r", "best_net_r")},
        "ambiguous": np.zeros(rows, dtype=bool),
        "volatility": nothing,
        "regime": nothing,
    }


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array(list(values), dtype=np.float64)  # None: NaN


def _record(setup: str, version: str) -> str:
    return f"{setup} {version}"


def _refuse(alert: Settled) -> None:
    place = f"alert {alert.alert_id}"
    if alert.net_r is None or not np.isfinite(alert.net_r):
        raise InputError("net_r", alert.net_r, f"a finite number, being {alert.kind}", place)
    raise InputError("breakeven_win_rate", alert.breakeven_win_rate, "0 to 1", place)
