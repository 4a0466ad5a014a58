"""Which contracts the venue lists, and by which names: they may go, and be called otherwise."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from signalbot.domain.instrument import coin
from signalbot.errors import InputError

TRADING, SETTLING = "TRADING", "SETTLING"
QUOTE = "USDT"
_BASE = re.compile(r"\w{1,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A contract under its present name.

    Attributes
    ----------
    symbol : str
        Of the generated market; it stays when the contract is renamed.
    base : str
        The coin as the venue calls it now.
    status : str
        `TRADING`, or `SETTLING` once it is delisted.
    funding_rate : Decimal
        Paid every eight hours; the generated market has none.
    """

    symbol: str
    base: str
    status: str = TRADING
    funding_rate: Decimal = Decimal(0)

    @property
    def name(self) -> str:
        """The venue's name, such as `BTCUSDT`."""
        return self.base + QUOTE


class Listings:
    """The contracts by the venue's names."""

    def __init__(self, symbols: Iterable[str]) -> None:
        listings = (Listing(symbol=symbol, base=coin(symbol)) for symbol in symbols)
        self._by_name = {listing.name: listing for listing in listings}

    def __iter__(self) -> Iterator[Listing]:
        return iter(tuple(self._by_name.values()))

    def find(self, name: str) -> Listing | None:
        """Return the contract of that name, in any case."""
        return self._by_name.get(name.upper())

    def delist(self, name: str) -> None:
        """End the trade in a contract: it stays in the list, and is silent.

        Raises
        ------
        InputError
            If there is no such contract.
        """
        self._put(name, replace(self._get(name), status=SETTLING))

    def rename(self, name: str, base: str) -> None:
        """Call a contract otherwise from now on; nobody knows its old name then.

        Raises
        ------
        InputError
            If there is no such contract, or the new name is taken or none.
        """
        renamed = replace(self._get(name), base=base.upper())
        if not _BASE.fullmatch(base) or self.find(renamed.name) is not None:
            raise InputError("base", base, "a coin of 1 to 20 letters that is not listed")
        self._put(name, renamed)

    def set_funding(self, name: str, rate: Decimal) -> None:
        """Let a contract pay another rate of funding.

        Raises
        ------
        InputError
            If there is no such contract, or the rate is beyond 0.03.
        """
        if not abs(rate) <= Decimal("0.03"):
            raise InputError("rate", rate, "-0.03 to 0.03")
        self._put(name, replace(self._get(name), funding_rate=rate))

    def _get(self, name: str) -> Listing:
        listing = self.find(name)
        if listing is None:
            raise InputError("symbol", name, "a listed contract, such as BTCUSDT")
        return listing

    def _put(self, name: str, listing: Listing) -> None:
        old = self._get(name).name
        self._by_name = {
            key if key != old else listing.name: each if key != old else listing
            for key, each in self._by_name.items()
        }
