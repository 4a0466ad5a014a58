"""Settled alerts as columns, in the one order every figure is taken in."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from signalbot.domain.candles import Floats, Instants
from signalbot.domain.outcome import DECIDED, OutcomeKind, Settled
from signalbot.errors import InputError

KINDS = tuple(OutcomeKind)
"""What a kind code stands for."""

Codes = NDArray[np.int64]
Rows = NDArray[np.bool_] | NDArray[np.int64]

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
    setup : Labels
        `name version`: any change of a setup is a new version, and a new record.
    """

    published_at: Instants
    kind: Codes
    net_r: Floats
    breakeven: Floats
    setup: Labels
    symbol: Labels
    side: Labels

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
        for alert in ordered:
            _check(alert)
        code = {kind: position for position, kind in enumerate(KINDS)}
        return cls(
            published_at=np.array([alert.published_at for alert in ordered], dtype=np.int64),
            kind=np.array([code[alert.kind] for alert in ordered], dtype=np.int64),
            net_r=np.array([alert.net_r for alert in ordered], dtype=np.float64),  # None: NaN
            breakeven=np.array([alert.breakeven_win_rate for alert in ordered], dtype=np.float64),
            setup=Labels.of(_record(alert.setup, alert.version) for alert in ordered),
            symbol=Labels.of(alert.symbol for alert in ordered),
            side=Labels.of(alert.side for alert in ordered),
        )

    def __len__(self) -> int:
        return len(self.kind)

    def __getitem__(self, rows: Rows) -> "Sample":
        return Sample(**{column.name: getattr(self, column.name)[rows] for column in fields(self)})

    @property
    def decided(self) -> "Sample":
        """The alerts that count in the win rate."""
        return self[_IS_DECIDED[self.kind]]

    @property
    def is_win(self) -> NDArray[np.bool_]:
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


def _record(setup: str, version: str) -> str:
    return f"{setup} {version}"


def _check(alert: Settled) -> None:
    if alert.kind not in DECIDED:
        return
    place = f"alert {alert.alert_id}"
    if alert.net_r is None or not np.isfinite(alert.net_r):
        raise InputError("net_r", alert.net_r, f"a finite number, being {alert.kind}", place)
    if not 0 <= alert.breakeven_win_rate <= 1:
        raise InputError("breakeven_win_rate", alert.breakeven_win_rate, "0 to 1", place)
