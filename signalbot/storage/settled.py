"""Every alert as the statistics see it, read from the table that the ledger's inserts keep."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from signalbot.domain.baseline import Baseline
from signalbot.domain.candles import Floats
from signalbot.domain.outcome import DECIDED
from signalbot.errors import RecordError
from signalbot.record.entries import Entry, EntryType
from signalbot.record.judgement_bodies import baseline_of
from signalbot.stats.sample import KINDS, Labels, Sample
from signalbot.storage.ledger_rows import entry_of
from signalbot.storage.tables import LEDGER, SETTLED

_ALWAYS_TOLD = ("alert_id", "setup", "version", "symbol", "side", "published_at", "kind")
_COLUMNS = (*_ALWAYS_TOLD, "net_r", "breakeven_win_rate")
_IS_DECIDED = np.array([kind in DECIDED for kind in KINDS])
_CODES = {kind.value: code for code, kind in enumerate(KINDS)}


def settled_sample(connection: Connection) -> Sample:
    """Return all alerts of a record in the order of statistics, without reading its entries.

    They are those that `record.fold.Fold` would settle.

    Raises
    ------
    RecordError
        If an alert or its outcome does not say what statistics need.
    """
    told = _read(connection)
    for name in _ALWAYS_TOLD:
        if None in told[name]:
            raise _unusable(told, told[name].index(None))
    kind = np.array([_CODES.get(name, -1) for name in told["kind"]], dtype=np.int64)
    net_r, breakeven = _numbers(told["net_r"]), _numbers(told["breakeven_win_rate"])
    fits = np.isfinite(net_r) & (breakeven >= 0) & (breakeven <= 1)
    for row in np.flatnonzero((kind < 0) | (_IS_DECIDED[kind] & ~fits)).tolist():
        raise _unusable(told, row)
    records = zip(told["setup"], told["version"], strict=True)
    return Sample(
        published_at=np.array(told["published_at"], dtype=np.int64),
        kind=kind,
        net_r=net_r,
        breakeven=breakeven,
        setup=Labels.of(f"{setup} {version}" for setup, version in records),
        symbol=Labels.of(told["symbol"]),
        side=Labels.of(told["side"]),
    )


def stored_refusals(connection: Connection) -> Mapping[str, int]:
    """Return how many matches were refused on all days of a record, by name."""
    counts: Counter[str] = Counter()
    for entry in _of_type(connection, EntryType.REFUSALS):
        counts.update(entry.body["counts"])
    return counts


def stored_baselines(connection: Connection) -> Sequence[Baseline]:
    """Return the baselines of a record, oldest first."""
    return [baseline_of(entry.body) for entry in _of_type(connection, EntryType.BASELINE)]


def _of_type(connection: Connection, kind: EntryType) -> Iterator[Entry]:
    chosen = select(LEDGER).where(LEDGER.c.type == kind.value).order_by(LEDGER.c.seq)
    return map(entry_of, connection.execute(chosen))


def _read(connection: Connection) -> dict[str, Sequence[Any]]:
    chosen = select(SETTLED.c.seq, *(SETTLED.c[name] for name in _COLUMNS))
    rows = connection.execute(chosen.order_by(SETTLED.c.published_at, SETTLED.c.alert_id))
    names = ("seq", *_COLUMNS)
    columns = list(zip(*rows.all(), strict=True)) or [()] * len(names)
    return dict(zip(names, columns, strict=True))


def _numbers(texts: Sequence[str | None]) -> Floats:
    # by Python and not by SQLite, whose last bit may differ from that of the fold
    return np.array([np.nan if text is None else float(text) for text in texts], dtype=np.float64)


def _unusable(told: dict[str, Sequence[Any]], row: int) -> RecordError:
    return RecordError(
        f"alert #{told['seq'][row]} or its outcome does not say what statistics need: "
        "run `signalbot ledger export`, which checks the record"
    )
