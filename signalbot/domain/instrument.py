"""A perpetual contract as far as an order for it is concerned."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One USDT-margined linear perpetual on one venue.

    Quantities are in base units (contracts times contract size); prices in quote units.

    Attributes
    ----------
    symbol : str
        ccxt's unified name, e.g. `LAYER/USDT:USDT`.
    tick, step : Decimal
        Grid of the price and of the quantity.
    min_qty, min_notional : Decimal
        Smallest order, in base units and in quote currency; 0 where the venue has none.
    contract_size : Decimal
        Base units in one contract, where the venue counts in contracts.
    taker_rate, maker_rate : Decimal
        Fee per notional: 0.0005 is 0.05 %.
    assumed : tuple of str
        Names of the fields that did not come from the venue, for the answer to say so.
    """

    venue: str
    symbol: str
    tick: Decimal
    step: Decimal
    min_qty: Decimal
    min_notional: Decimal
    contract_size: Decimal
    taker_rate: Decimal
    maker_rate: Decimal
    assumed: tuple[str, ...] = ()

    @property
    def coin(self) -> str:
        """Base asset, e.g. `LAYER`."""
        return coin(self.symbol)


ASSUMED_MIN_NOTIONAL = Decimal(5)
"""Smallest order in quote units that is assumed of a contract without metadata."""


def assumed_step(price: Decimal) -> Decimal:
    """Return the step that is assumed at a price: a power of ten, at most 1.

    One step is worth a tenth of a quote unit at most, where it is below 1.
    """
    return min(Decimal(1), Decimal(1).scaleb(-2 - price.adjusted()))


def coin(symbol: str) -> str:
    """Return the base asset of a unified symbol: `LAYER` for `LAYER/USDT:USDT`."""
    return symbol.partition("/")[0]
