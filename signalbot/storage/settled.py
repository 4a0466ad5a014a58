"""Every alert as the statistics see it, read from the table that the ledger's inserts keep."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, select

from signalbot.domain.baseline import Baseline
from signalbot.domain.candles import Floats
from signalbot.errors import RecordError
from signalbot.record.entries import Entry, EntryType
from signalbot.record.judgement_bodies import baseline_of
from signalbot.stats.sample import KINDS, Labels, Sample
from signalbot.storage.ledger_rows import entry_of
from signalbot.storage.tables import LEDGER, SETTLED

_STREAMED_ROWS = 500
_CODES = {kind.value: code for code, kind in enumerate(KINDS)}
_ORDER = (SETTLED.c.published_at, SETTLED.c.alert_id)
_NUMBERS = ("net_r", "breakeven_win_rate", "gross_r", "worst_net_r", "best_net_r")
_COLUMNS = (
    SETTLED.c.published_at,
    SETTLED.c.kind,
    *(func.coalesce(SETTLED.c[name], "nan").label(name) for name in _NUMBERS),
    SETTLED.c.ambiguous,
    (SETTLED.c.setup + " " + SETTLED.c.version).label("setup"),
    SETTLED.c.symbol,
    SETTLED.c.side,
    SETTLED.c.volatility,
    SETTLED.c.regime,
)
_NEEDED = ("published_at", "setup", "symbol", "side", "volatility", "regime")


def settled_sample(connection: Connection) -> Sample:
    """Return all alerts of a record in the order of statistics, without reading its entries.

    They are those that `record.fold.Fold` would settle.

    Raises
    ------
    RecordError
        If an alert or its outcome does not say what statistics need.
    """
    told = _columns(connection)
    kind = np.array([_CODES.get(name, -1) for name in told["kind"]], dtype=np.int64)
    unusable = kind < 0
    for name in _NEEDED:
        if None in told[name]:
            unusable |= np.array([value is None for value in told[name]])
    if unusable.any():
        raise _unusable(connection, int(np.argmax(unusable)))
    sample = Sample(
        published_at=np.array(told["published_at"], dtype=np.int64),
        kind=kind,
        net_r=_numbers(told["net_r"]),
        breakeven=_numbers(told["breakeven_win_rate"]),
        gross_r=_numbers(told["gross_r"]),
        worst_net_r=_numbers(told["worst_net_r"]),
        best_net_r=_numbers(told["best_net_r"]),
        ambiguous=np.array([value is True for value in told["ambiguous"]], dtype=bool),
        setup=Labels.of(told["setup"]),
        symbol=Labels.of(told["symbol"]),
        side=Labels.of(told["side"]),
        volatility=Labels.of(told["volatility"]),
        regime=Labels.of(told["regime"]),
    )
    if sample.faulty.any():
        raise _unusable(connection, int(np.argmax(sample.faulty)))
    return sample


def stored_refusals(connection: Connection) -> Mapping[str, int]:
    """Return how many matches were refused on all days of a record, by name."""
    counts: Counter[str] = Counter()
    for entry in _of_type(connection, EntryType.REFUSALS):
        counts.update(entry.body["counts"])
    return counts


def stored_baselines(connection: Connection) -> Sequence[Baseline]:
    """Return the baselines of a record, oldest first."""
    return [baseline_of(entry.body) for entry in _of_type(connection, EntryType.BASELINE)]


def stored_kind(connection: Connection) -> str:
    """Return what a record says it is of: `replay`, `simulation`; empty where it has no genesis."""
    genesis = next(_of_type(connection, EntryType.GENESIS), None)
    return str(genesis.body.get("kind", "")) if genesis else ""


def stored_corrections(connection: Connection) -> int:
    """Return how many outcomes of a record were corrected."""
    is_one = LEDGER.c.type == EntryType.CORRECTION.value
    return connection.scalar(select(func.count()).where(is_one)) or 0


def _of_type(connection: Connection, kind: EntryType) -> Iterator[Entry]:
    chosen = select(LEDGER).where(LEDGER.c.type == kind.value).order_by(LEDGER.c.seq)
    return map(entry_of, connection.execute(chosen))


def _columns(connection: Connection) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {column.name: [] for column in _COLUMNS}
    rows = connection.execution_options(yield_per=_STREAMED_ROWS).execute(
        select(*_COLUMNS).order_by(*_ORDER)
    )
    for part in rows.partitions():  # all rows at once would keep the garbage collector busy
        for column, told in zip(columns.values(), zip(*part, strict=True), strict=True):
            column.extend(told)
    return columns


def _numbers(texts: Sequence[str]) -> Floats:
    # by Python and not by SQLite, whose last bit may differ from that of the fold
    return np.fromiter(map(float, texts), np.float64, len(texts))


def _unusable(connection: Connection, row: int) -> RecordError:
    seq = connection.scalar(select(SETTLED.c.seq).order_by(*_ORDER).limit(1).offset(row))
    return RecordError(
        f"alert #{seq} or its outcome does not say what statistics need: "
        "run `signalbot ledger export`, which checks the record"
    )
