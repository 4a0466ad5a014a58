"""A recorded market: the candle files of one venue and timeframe, as the use cases see a market."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from signalbot.domain.candles import FIELDS, Candles
from signalbot.domain.funding import FundingPayment
from signalbot.domain.instrument import Instrument
from signalbot.domain.panel import Panel, build_panel
from signalbot.domain.rounding import exact
from signalbot.domain.symbols import find_symbol
from signalbot.domain.timeframe import M1, Timeframe, iso
from signalbot.errors import InputError
from signalbot.market.candle_files import SUFFIXES, read_candles
from signalbot.market.funding_files import FundingRate, payments, read_funding
from signalbot.market.instrument_file import assumed_instrument, read_instruments
from signalbot.outcomes.position import Market

BTC = "BTC/USDT:USDT"
MOST_ROWS = 2_000_000
"""Some four years of minutes; the grid of a longer recording would not fit into memory."""
_VENUE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is read of a recording.

    Attributes
    ----------
    folder : Path
        Holds `<venue>/<timeframe>/<BASE>_<QUOTE>_<SETTLE>.csv[.gz]`.
    symbols : sequence of str
        Only these pairs; all if empty.
    until : int or None
        Candles that close later are not read.
    funding : Path or None
        Folder of funding rates by symbol.
    """

    folder: Path
    venue: str
    timeframe: Timeframe
    symbols: Sequence[str] = ()
    until: int | None = None
    funding: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMarket:
    """Candles, instruments and funding of a recording; implements the `History` port.

    Attributes
    ----------
    panel : Panel
        Every pair but BTC.
    btc : Candles or None
        BTC's candles; None where the recording has none.
    built_from : str or None
        The shorter timeframe the candles were built from, if they were.
    """

    panel: Panel
    btc: Candles | None
    instruments: Mapping[str, Instrument]
    rates: Mapping[str, Sequence[FundingRate]]
    gaps: Mapping[str, int]
    built_from: str | None

    def market(self, pair: int, since: int, until: int) -> Market:
        """Return the candles of a pair that open at or after `since` and close by `until`."""
        step = self.panel.timeframe.step_ms
        due = self.funding(pair, since, until)
        candles = self.panel.candles(pair, self.panel.row_of(since), self._rows_until(until))
        return Market(candles=candles, step_ms=step, funding=due)

    def window(self, pair: int, until: int, rows: int) -> Candles:
        """Return the candles of a pair in the newest `rows` steps that close by `until`."""
        last = self._rows_until(until)
        shown = slice(max(last - rows, 0), last)
        present = self.panel.close[shown, pair] == self.panel.close[shown, pair]
        columns = {field: getattr(self.panel, field)[shown, pair][present] for field in FIELDS}
        return Candles(
            timeframe=self.panel.timeframe,
            open_time=self.panel.open_time[shown][present],
            **columns,
        )

    def _rows_until(self, until: int) -> int:
        # how many rows of the grid are closed then; none before it begins
        return max(self.panel.row_of(until - self.panel.timeframe.step_ms) + 1, 0)

    def funding(self, pair: int, since: int, until: int) -> Sequence[FundingPayment]:
        """Return the funding payments of a pair that fell due in (since, until]."""
        rates = self.rates.get(self.panel.symbols[pair], ())
        due = payments(rates, since, until, lambda instant: self._last_close(pair, instant))
        return tuple(due)

    def _last_close(self, pair: int, instant: int) -> Decimal | None:
        closed = self.panel.close[: self._rows_until(instant), pair]
        known = np.flatnonzero(closed == closed)  # NaN: no candle
        return exact(closed[known[-1]]) if len(known) else None


def load(selection: Selection) -> RecordedMarket:
    """Read a recording.

    Raises
    ------
    InputError
        Naming file, line and field of what is wrong, or what is missing.
    """
    if not _VENUE.fullmatch(selection.venue):
        raise InputError("venue", selection.venue, "a name of small letters and digits")
    folder = selection.folder / selection.venue
    files, source = _files(folder, selection.timeframe)
    wanted = _wanted(files, selection.symbols)
    series = {symbol: _series(files[symbol], source, selection) for symbol in wanted}
    _refuse_long(series, selection.timeframe)
    btc = _series(files[BTC], source, selection) if BTC in files else None
    instruments = _instruments(folder, selection.venue, series)
    return RecordedMarket(
        panel=build_panel(series, selection.timeframe),
        btc=btc,
        instruments=instruments,
        rates=_rates(selection, wanted),
        gaps={symbol: candles.gaps() for symbol, candles in series.items()},
        built_from=None if source == selection.timeframe else source.name,
    )


def read_contracts(folder: Path, venue: str) -> tuple[dict[str, Candles], dict[str, Instrument]]:
    """Return the 1m candles and the contracts of every pair of a recording, BTC first.

    Raises
    ------
    InputError
        Naming file, line and field of what is wrong, or what is missing.
    """
    selection = Selection(folder=folder, venue=venue, timeframe=M1)
    if not _VENUE.fullmatch(venue):
        raise InputError("venue", venue, "a name of small letters and digits")
    files, _ = _files(folder / venue, M1)
    symbols = sorted(files, key=lambda symbol: (symbol != BTC, symbol))
    series = {symbol: _series(files[symbol], M1, selection) for symbol in symbols}
    _refuse_long(series, M1)
    return series, _instruments(folder / venue, venue, series)


def _refuse_long(series: Mapping[str, Candles], timeframe: Timeframe) -> None:
    times = [candles.open_time for candles in series.values() if len(candles)]
    first = min((int(time[0]) for time in times), default=0)
    last = max((int(time[-1]) for time in times), default=0)
    if (last - first) // timeframe.step_ms > MOST_ROWS:
        was = f"{iso(first)} to {iso(last)}"
        raise InputError("candles", was, f"at most {MOST_ROWS:,} steps from first to last")


def file_stem(symbol: str) -> str:
    """Return the name of a symbol's file without suffix: `LAYER_USDT_USDT`."""
    return symbol.replace("/", "_").replace(":", "_")


def _files(folder: Path, timeframe: Timeframe) -> tuple[dict[str, Path], Timeframe]:
    for source in (timeframe, M1):
        found: dict[str, Path] = {}
        for path in sorted((folder / source.name).glob("*")):
            for symbol in _symbol_of(path):
                if symbol in found:
                    raise InputError("candles", path.name, "one file a pair", str(path.parent))
                found[symbol] = path
        if found:
            return found, source
    allowed = "a folder with <timeframe>/<BASE>_<QUOTE>_<SETTLE>.csv[.gz] in it"
    raise InputError("candles", str(folder / timeframe.name), allowed)


def _symbol_of(path: Path) -> Iterator[str]:
    suffix = next((suffix for suffix in reversed(SUFFIXES) if path.name.endswith(suffix)), None)
    if suffix is None:
        return
    parts = path.name.removesuffix(suffix).split("_")
    if len(parts) == 3 and all(parts):
        base, quote, settle = parts
        yield f"{base}/{quote}:{settle}"


def _wanted(files: Mapping[str, Path], symbols: Sequence[str]) -> list[str]:
    chosen = {_chosen(name, files) for name in symbols} or set(files)
    wanted = sorted(chosen - {BTC})
    if not wanted:
        raise InputError("symbols", ",".join(symbols) or BTC, "at least one pair besides BTC")
    return wanted


def _chosen(name: str, files: Mapping[str, Path]) -> str:
    try:
        return find_symbol(name, files)
    except InputError as error:
        raise InputError("symbols", error.was, error.allowed) from None


def _series(path: Path, source: Timeframe, selection: Selection) -> Candles:
    candles = read_candles(path, source)
    if source != selection.timeframe:
        candles = candles.resample(selection.timeframe)
    return candles.between(None, selection.until)


def _instruments(folder: Path, venue: str, series: Mapping[str, Candles]) -> dict[str, Instrument]:
    path = folder / "instruments.json"
    listed = read_instruments(path, venue) if path.exists() else {}
    return {
        symbol: listed.get(symbol) or assumed_instrument(venue, symbol, candles)
        for symbol, candles in series.items()
    }


def _rates(selection: Selection, symbols: Sequence[str]) -> dict[str, Sequence[FundingRate]]:
    if selection.funding is None:
        return {}
    if not selection.funding.is_dir():
        raise InputError("funding", str(selection.funding), "a folder of <SYMBOL>.csv files")
    paths = {symbol: selection.funding / f"{file_stem(symbol)}.csv" for symbol in symbols}
    return {symbol: read_funding(path) for symbol, path in paths.items() if path.exists()}
