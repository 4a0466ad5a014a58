"""The parameters of a request, and how Binance refuses one."""

from collections.abc import Mapping

from signalbot.sandbox.exchange.answering import Refused
from signalbot.sandbox.exchange.klines import INTERVALS
from signalbot.sandbox.exchange.venue import Contract, Venue


def refusal(code: int, words: str, status: int = 400) -> Refused:
    """Return an error with the venue's code and its words."""
    return Refused(status, {"code": code, "msg": words})


class Query:
    """The parameters of one request.

    Every method raises `Refused` for what the venue would not take.
    """

    def __init__(self, venue: Venue, given: Mapping[str, str]) -> None:
        self._venue = venue
        self._given = given

    def named(self) -> str:
        """Return the name that is asked about, in capitals; empty without one."""
        return self._given.get("symbol", "").upper()

    def contract(self) -> Contract:
        """Return the contract that must be named."""
        if "symbol" not in self._given:
            raise refusal(-1102, "Mandatory parameter 'symbol' was not sent.")
        contract = self._venue.contract(self._given["symbol"])
        if contract is None:
            raise refusal(-1121, "Invalid symbol.")
        return contract

    def contracts(self) -> tuple[list[Contract], bool]:
        """Return the contract that is named, or all that trade, and whether one was named."""
        if "symbol" in self._given:
            return [self.contract()], True
        return self._venue.trading(), False

    def interval(self) -> int:
        """Return the length of the candles asked for, in ms."""
        name = self._given.get("interval", "")
        if name not in INTERVALS:
            raise refusal(-1120, "Invalid interval.")
        return INTERVALS[name]

    def whole(self, name: str, default: int) -> int:
        """Return a whole number of 0 or more."""
        text = self._given.get(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise refusal(-1100, f"Illegal characters found in parameter '{name}'.")
        return int(text)

    def has(self, name: str) -> bool:
        """Whether a parameter is given."""
        return name in self._given

    def limit(self, default: int, most: int) -> int:
        """Return how many rows are asked for."""
        limit = self.whole("limit", default)
        if not 1 <= limit <= most:
            raise refusal(-1130, "Data sent for parameter 'limit' is not valid.")
        return limit
