"""Binance USD-M over HTTP: its endpoints, what they weigh, and how it refuses."""

from collections.abc import Mapping

from signalbot.sandbox.exchange.answering import Refused
from signalbot.sandbox.exchange.endpoints import ENDPOINTS
from signalbot.sandbox.exchange.requests import Query
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.exchange.weights import FUNDING, weight_of

USED = "X-MBX-USED-WEIGHT-1M"


class BinanceRest:
    """What is under /fapi/v1."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    def admit(self, endpoint: str, given: Mapping[str, str]) -> Mapping[str, str]:
        """Count the weight; may raise `Refused`."""
        is_funding, weighs = endpoint in FUNDING, self._venue.allowance
        allowance = self._venue.funding_allowance if is_funding else weighs
        weight = 1 if is_funding else weight_of(endpoint, given)
        refused = allowance.take(weight, self._venue.now())
        headers = {USED: str(weighs.used)}
        if refused is not None:
            status, wait_s = refused
            seconds = allowance.window_ms // 1_000
            words = f"Too many requests; current limit is {allowance.limit} in {seconds} seconds."
            body = {"code": -1003, "msg": words}
            raise Refused(status, body, headers | {"Retry-After": str(wait_s)})
        return headers

    def answer(self, endpoint: str, given: Mapping[str, str]) -> object:
        """Return what the endpoint says; may raise `Refused`."""
        if endpoint not in ENDPOINTS:
            raise Refused(404, {"code": -5000, "msg": f"Path /fapi/v1/{endpoint} is invalid"})
        return ENDPOINTS[endpoint](self._venue, Query(self._venue, given))
