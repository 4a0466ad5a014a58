"""Candle files of any venue and timeframe, read when a record that is verified asks for them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from signalbot.domain.alert import Alert
from signalbot.domain.candles import Candle
from signalbot.domain.timeframe import M1, Timeframe
from signalbot.errors import InputError
from signalbot.market.recorded import RecordedMarket, Selection, load


class RecordedArchive:
    """`service.ports.CandleArchive` over a folder of recordings.

    Parameters
    ----------
    folder : Path
        Holds `<venue>/<timeframe>/<BASE>_<QUOTE>_<SETTLE>.csv[.gz]`.

    Raises
    ------
    InputError
        If it is no folder; later, if a file in it is wrong.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise InputError("candles", str(folder), "a folder with recordings in it")
        self._folder = folder
        self._markets: dict[tuple[str, str], RecordedMarket | None] = {}

    def candles(self, alert: Alert, since: int, until: int | None) -> Sequence[Candle] | None:
        """Return the candles of an alert's pair that open at or after `since`."""
        market = self._market(alert.plan.venue, alert.timeframe)
        if market is None or alert.plan.symbol not in market.panel.symbols:
            return None
        panel, pair = market.panel, market.panel.symbols.index(alert.plan.symbol)
        known = np.flatnonzero(~np.isnan(panel.close[:, pair]))
        if not len(known) or panel.open_time[known[0]] > since:
            return None
        end = int(panel.close_time[-1]) if until is None else until
        return market.market(pair, since, end).candles

    def _market(self, venue: str, timeframe: Timeframe) -> RecordedMarket | None:
        key = (venue, timeframe.name)
        if key not in self._markets:
            folders = [self._folder / venue / name for name in (timeframe.name, M1.name)]
            selection = Selection(folder=self._folder, venue=venue, timeframe=timeframe)
            is_there = any(folder.is_dir() for folder in folders)
            self._markets[key] = load(selection) if is_there else None
        return self._markets[key]
