"""Read maintenance tiers from ccxt's unified leverage tiers, in notional.

ccxt hands on what each venue means by a tier; what differs is put right here:

* The maintenance amount is not unified: `cum`, `mmDeduction` or `maintAmount` in `info`.
* Bybit states caps only; ccxt takes a floor from the row before, in whatever order they come.
* MEXC counts contracts, which ccxt calls notional; ccxt skips its first level, and drops the
  tables of levels most contracts have by now. So its levels are read from `info`.
* Bitget's `currency` is the coin although its tiers are in USDT; it is not looked at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from signalbot.domain.rounding import floor_to
from signalbot.errors import InputError
from signalbot.market.ccxt_numbers import number, optional_number
from signalbot.risk.tiers import Band

AMOUNTS = {
    "binanceusdm": "info.cum",
    "bybit": "info.mmDeduction",
    "bingx": "info.maintAmount",
    "bitget": None,
}
"""Where the maintenance amount stands, by venue; None where the venue states none."""

MOST_LEVELS = 200
"""Levels of one contract that are believed."""

ZERO = Decimal(0)
ONE = Decimal(1)
_NOTIONAL = (ZERO, Decimal("1e15"))
_SIZE = (Decimal("1e-15"), Decimal("1e15"))
_RATE = (ZERO, ONE)
_LEVERAGE = (ONE, Decimal(1000))


class _Level(NamedTuple):
    cap: Decimal
    mmr: Decimal
    cum: Decimal | None
    max_leverage: Decimal | None


def tiers_of_ccxt(
    venue: str, rows: Sequence[Mapping[str, Any]], price: Decimal | None = None
) -> list[Band]:
    """Return the tiers of one linear USDT perpetual; `risk.tiers.tiers_of` checks their order.

    Parameters
    ----------
    venue : str
        One of `AMOUNTS`, or `mexc`.
    rows : sequence of mapping
        What ccxt's `fetch_market_leverage_tiers` returns, or one value of `fetch_leverage_tiers`.
    price : Decimal, optional
        Price of the entry. Only MEXC needs it: its tiers count contracts, whatever they are worth.

    Raises
    ------
    InputError
        Naming the first field that is wrong: `venue` if its tiers are not known, `tiers` if there
        are none, `price` if it is needed, or a field of ccxt's rows.
    """
    if venue != "mexc" and venue not in AMOUNTS:
        raise InputError("venue", venue, f"one of {', '.join((*AMOUNTS, 'mexc'))}")
    where = f"{venue} tiers of {_symbol(venue, rows)}"
    if venue == "mexc":
        return _stacked(_mexc_levels(rows[0], price, where), where)
    levels = [_level(row, AMOUNTS[venue], where) for row in rows]
    if venue == "bybit":
        return _stacked(levels, where)
    floors = [number(row, "minNotional", _NOTIONAL, where) for row in rows]
    return _bands(floors, levels, where)


def _symbol(venue: str, rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        raise InputError("tiers", "none", "at least one tier", venue)
    symbol = rows[0].get("symbol")
    if not isinstance(symbol, str) or not symbol.endswith("/USDT:USDT"):
        raise InputError("symbol", symbol, "a USDT perpetual", f"{venue} tiers")
    for row in rows:
        if row.get("symbol") != symbol:
            raise InputError("symbol", row.get("symbol"), symbol, f"{venue} tiers of {symbol}")
    return symbol


def _level(row: Mapping[str, Any], amount: str | None, where: str) -> _Level:
    return _Level(
        cap=number(row, "maxNotional", _NOTIONAL, where),
        mmr=number(row, "maintenanceMarginRate", _RATE, where),
        cum=None if amount is None else optional_number(row, amount, _NOTIONAL, where),
        max_leverage=optional_number(row, "maxLeverage", _LEVERAGE, where),
    )


def _stacked(levels: Iterable[_Level], where: str) -> list[Band]:
    ordered = sorted(levels, key=lambda level: level.cap)
    floors = [ZERO, *(level.cap for level in ordered[:-1])]
    return _bands(floors, ordered, where)


def _bands(floors: Sequence[Decimal], levels: Sequence[_Level], where: str) -> list[Band]:
    for level in levels:
        # a rate in per cent, as Bybit's documentation shows it, is a hundred times too large
        if level.max_leverage is not None and level.mmr * level.max_leverage > ONE:
            allowed = f"a fraction of at most 1/{level.max_leverage}"
            raise InputError("maintenanceMarginRate", level.mmr, allowed, where)
    return [
        Band(floor=floor, **level._asdict()) for floor, level in zip(floors, levels, strict=True)
    ]


def _mexc_levels(row: Mapping[str, Any], price: Decimal | None, where: str) -> Iterator[_Level]:
    if price is None or not (price.is_finite() and price > ZERO):
        raise InputError("price", price, "a price above 0, since MEXC counts contracts", where)
    info = row.get("info")
    if not isinstance(info, Mapping):
        raise InputError("info", info, "what MEXC says of the contract", where)
    unit = info.get("riskLimitType", "BY_VOLUME")
    if unit != "BY_VOLUME":
        raise InputError("riskLimitType", unit, "BY_VOLUME", where)
    contract = price * number(info, "contractSize", _SIZE, where)
    is_custom = info.get("riskLimitMode") == "CUSTOM"
    levels = _custom_levels(info, where) if is_custom else _even_levels(info, where)
    return (level._replace(cap=level.cap * contract) for level in levels)


def _custom_levels(info: Mapping[str, Any], where: str) -> list[_Level]:
    levels = info.get("riskLimitCustom")
    if not isinstance(levels, list) or not levels:
        raise InputError("riskLimitCustom", levels, "a list of levels", where)
    return [
        _Level(
            cap=number(level, "maxVol", _NOTIONAL, where),
            mmr=number(level, "mmr", _RATE, where),
            cum=ZERO,
            max_leverage=number(level, "maxLeverage", _LEVERAGE, where),
        )
        for level in levels
    ]


def _even_levels(info: Mapping[str, Any], where: str) -> list[_Level]:
    count = number(info, "riskLevelLimit", (ONE, Decimal(MOST_LEVELS)), where)
    volume = number(info, "riskBaseVol", _SIZE, where)
    more_volume = number(info, "riskIncrVol", _NOTIONAL, where)
    mmr = number(info, "maintenanceMarginRate", _RATE, where)
    more_mmr = number(info, "riskIncrMmr", _RATE, where)
    imr = number(info, "initialMarginRate", (1 / _LEVERAGE[1], ONE), where)
    more_imr = number(info, "riskIncrImr", _RATE, where)
    return [
        _Level(
            cap=volume + step * more_volume,
            mmr=mmr + step * more_mmr,
            cum=ZERO,
            max_leverage=floor_to(1 / (imr + step * more_imr), ONE),
        )
        for step in range(int(count))
    ]
