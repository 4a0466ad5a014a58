"""Market caps, kept in a file: they change slowly, and their source is often busy."""

import asyncio
import json
import logging
import os
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from signalbot.domain.market_cap import CapTable, Coin
from signalbot.domain.rounding import plain
from signalbot.errors import InputError
from signalbot.market.ccxt_numbers import checked
from signalbot.market.coin_names import coins_of
from signalbot.market.coingecko import Source, largest_coins
from signalbot.market.json_files import read_json

HOUR_MS = 3_600_000
SHORTEST_H, LONGEST_H = 6, 24
_TIME = (Decimal(0), Decimal(4_000_000_000_000))
_log = logging.getLogger(__name__)


class MarketCaps:
    """The newest market caps that can be had, with or without a network.

    Parameters
    ----------
    file : Path
        Where they are kept; nobody but the owner of this process can read it.
    refresh_h : int
        Hours after which the source is asked again.

    Raises
    ------
    InputError
        If `refresh_h` is not from 6 to 24.
    """

    def __init__(self, file: Path, source: Source, refresh_h: int = 12) -> None:
        if not SHORTEST_H <= refresh_h <= LONGEST_H:
            raise InputError("refresh_h", refresh_h, f"hours from {SHORTEST_H} to {LONGEST_H}")
        self._file = file
        self._source = source
        self._refresh_ms = refresh_h * HOUR_MS

    async def table(self, now: int) -> CapTable:
        """Return the market caps of now, or the newest that are known, and what is wrong then.

        Parameters
        ----------
        now : int
            ms UTC.
        """
        kept = await asyncio.to_thread(read_table, self._file)
        if kept.fetched_at is not None and 0 <= now - kept.fetched_at < self._refresh_ms:
            return kept
        answer = await largest_coins(self._source)
        coins = tuple(coins_of(answer.rows))
        trouble = answer.trouble
        if trouble is None and not coins:
            trouble = "CoinGecko answered no coin that could be read"
        if trouble is None:
            fresh = CapTable(coins=coins, fetched_at=now)
            return await asyncio.to_thread(self._keep, fresh)
        _log.warning("market caps: %s", trouble)
        # an older table is complete, and coins keep their places longer than it is old
        return (
            replace(kept, trouble=trouble) if kept.coins else CapTable(coins=coins, trouble=trouble)
        )

    def _keep(self, table: CapTable) -> CapTable:
        try:
            write_table(self._file, table)
        except OSError as error:
            _log.warning("market caps could not be kept in %s: %s", self._file, error.strerror)
        return table


def read_table(file: Path) -> CapTable:
    """Return the market caps of a file; nothing where there is none, or it is damaged."""
    if not file.exists():
        return CapTable()
    try:
        stored = read_json(file)
        if not isinstance(stored, dict) or not isinstance(stored.get("coins"), list):
            raise InputError("coins", None, "a list of coins", str(file))
        fetched_at = checked(stored.get("fetched_at"), _TIME, "fetched_at", str(file))
    except InputError as error:
        _log.warning("market caps are asked for again: %s", error)
        return CapTable()
    return CapTable(coins=tuple(coins_of(stored["coins"])), fetched_at=int(fetched_at))


def write_table(file: Path, table: CapTable) -> None:
    """Put a table in the place of the one that is there, whole or not at all."""
    text = json.dumps(
        {"fetched_at": table.fetched_at, "coins": [_row(each) for each in table.coins]}
    )
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as unfinished:
            unfinished.write(text)
            unfinished.flush()
            os.fsync(descriptor)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _row(coin: Coin) -> dict[str, object]:
    return {
        "id": coin.coin_id,
        "symbol": coin.symbol,
        "current_price": plain(coin.price),
        "market_cap": plain(coin.market_cap),
        "market_cap_rank": coin.rank,
    }
