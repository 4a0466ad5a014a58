"""The candles that are timed: the real month where it can be found, else a generated one.

Both are 1m candles of eight pairs and BTC over 43,200 minutes.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from signalbot.domain.candles import FIELDS
from signalbot.sandbox.coins import VENUE
from signalbot.sandbox.market import GeneratedMarket, generate

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[2] / "shared"))
REAL = SHARED / "data" / "candles"
MINUTES = 43_200
PAIRS = 8
SEED = 20250504
TERMS = (*("tick", "step", "min_qty", "min_notional", "contract_size", "taker_rate", "maker_rate"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A folder of candle files; `until` is the end of the 43,200 minutes, ISO 8601 UTC."""

    source: str
    folder: Path
    venue: str
    until: str


@contextmanager
def recording() -> Iterator[Recording]:
    """Yield the real month, or a generated one in a folder that is removed afterwards."""
    if REAL.is_dir():
        yield Recording(
            source="real month", folder=REAL, venue="binanceusdm", until="2025-06-03T15:33:00Z"
        )
        return
    with TemporaryDirectory(prefix="signalbot-") as folder:
        _write(Path(folder), generate(SEED, pairs=1 + PAIRS, minutes=MINUTES))
        yield Recording(
            source="generated month",
            folder=Path(folder),
            venue=VENUE,
            until="2026-01-31T00:00:00Z",
        )


def _write(folder: Path, market: GeneratedMarket) -> None:
    (folder / VENUE / "1m").mkdir(parents=True)
    for symbol, candles in market.series.items():
        columns = (getattr(candles, field).tolist() for field in ("open_time", *FIELDS))
        rows = (",".join(map(repr, row)) for row in zip(*columns, strict=True))
        path = folder / VENUE / "1m" / (re.sub("[/:]", "_", symbol) + ".csv")
        path.write_text("\n".join([",".join(("open_time", *FIELDS)), *rows, ""]))
    described = {
        symbol: {term: f"{getattr(instrument, term):f}" for term in TERMS}
        for symbol, instrument in market.instruments.items()
    }
    (folder / VENUE / "instruments.json").write_text(json.dumps(described))
