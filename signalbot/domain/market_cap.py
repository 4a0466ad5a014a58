"""How large a coin is, and whether it is certain that a contract is on that very coin."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Coin:
    """One coin as a source of market caps has it; its symbol need not be its alone.

    Attributes
    ----------
    coin_id : str
        Name of the coin that is its alone, in that source.
    symbol : str
        In capitals.
    price, market_cap : Decimal
        In US dollars.
    rank : int or None
        By market cap, 1 is the largest.
    """

    coin_id: str
    symbol: str
    price: Decimal
    market_cap: Decimal
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoinMatch:
    """What is believed of the coin behind a contract.

    Attributes
    ----------
    coin : Coin or None
        None where it is unverified: then nothing is said of its size.
    note : str
        Why, for whoever asks.
    """

    coin: Coin | None
    note: str

    @property
    def is_verified(self) -> bool:
        """Whether the size is known."""
        return self.coin is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapTable:
    """The coins that a source of market caps knows, as it said once.

    Attributes
    ----------
    coins : tuple of Coin
        Empty where nothing is known: then every coin is unverified.
    fetched_at : int or None
        When the source said so, ms UTC; None where it never did, or did not finish.
    trouble : str or None
        Why it is not what the source says now.
    """

    coins: tuple[Coin, ...] = ()
    fetched_at: int | None = None
    trouble: str | None = None
