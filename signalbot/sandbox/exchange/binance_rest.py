"""Binance USD-M over HTTP: its endpoints, what they weigh, and how it refuses."""

from collections.abc import Mapping

from signalbot.sandbox.exchange.answering import Refused
from signalbot.sandbox.exchange.endpoints import ENDPOINTS
from signalbot.sandbox.exchange.requests import Query
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.exchange.weights import weight_of

USED = "X-MBX-USED-WEIGHT-1M"


class BinanceRest:
    """What is under /fapi/v1."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    def admit(self, endpoint: str, given: Mapping[str, str]) -> Mapping[str, str]:
        """Count the weight; may raise `Refused`."""
        allowance = self._venue.allowance
        refused = allowance.take(weight_of(endpoint, given), self._venue.now())
        headers = {USED: str(allowance.used)}
        if refused is not None:
            status, wait_s = refused
            words = f"Too many requests; limit is {allowance.limit} weight per minute."
            body = {"code": -1003, "msg": words}
            raise Refused(status, body, headers | {"Retry-After": str(wait_s)})
        return headers

    def answer(self, endpoint: str, given: Mapping[str, str]) -> object:
        """Return what the endpoint says; may raise `Refused`."""
        if endpoint not in ENDPOINTS:
            raise Refused(404, {"code": -5000, "msg": f"Path /fapi/v1/{endpoint} is invalid"})
        return ENDPOINTS[endpoint](self._venue, Query(self._venue, given))
