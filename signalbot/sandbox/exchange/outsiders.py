"""Contracts that the venue lists beside the market, and that nobody means by a small-cap coin.

They have a price and a volume, and never a candle: a bot that does not filter them out waits for
ever. There is a share, an index, a stable coin, another quote, one that goes, and a quarterly.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from signalbot.domain.timeframe import DAY_MS
from signalbot.sandbox.exchange.contracts import PERPETUAL_UNTIL, entry
from signalbot.sandbox.exchange.listings import QUOTE, SETTLING, TRADING

QUARTER_MS = 60 * DAY_MS
"""The quarterly ends so long after the market's first minute."""

_LISTED_BEFORE_MS = 300 * DAY_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """A contract without candles.

    Attributes
    ----------
    price, volume : float
        In quote units and, of 24 hours, in base units; neither ever moves.
    """

    name: str
    base: str
    quote: str = QUOTE
    kind: str = "PERPETUAL"
    underlying: str = "COIN"
    status: str = TRADING
    ends_at: int = PERPETUAL_UNTIL
    price: float
    volume: float

    def wire(self, begins_at: int) -> dict[str, Any]:
        """Return its entry of exchangeInfo."""
        what = {"contractType": self.kind, "underlyingType": self.underlying, "status": self.status}
        when = {"deliveryDate": self.ends_at, "onboardDate": begins_at - _LISTED_BEFORE_MS}
        return entry(self.name, self.base, self.quote, tick="0.01", step="0.01") | what | when

    def day(self, now: int) -> dict[str, Any]:
        """Return its entry of ticker/24hr."""
        prices = ("lastPrice", "openPrice", "highPrice", "lowPrice")
        still = {"priceChange": "0", "priceChangePercent": "0.000", "count": 1_000}
        amounts = {"volume": f"{self.volume:.2f}", "quoteVolume": f"{self.price * self.volume:.2f}"}
        times = {"openTime": now - DAY_MS, "closeTime": now}
        flat = dict.fromkeys(prices, f"{self.price:.2f}")
        return {"symbol": self.name} | flat | amounts | still | times

    def best(self, now: int) -> dict[str, Any]:
        """Return its entry of ticker/bookTicker."""
        bid, ask = f"{self.price - 0.01:.2f}", f"{self.price:.2f}"
        sides = {"bidPrice": bid, "bidQty": "1.00", "askPrice": ask, "askQty": "1.00"}
        return {"symbol": self.name, **sides, "time": now}


def outsiders(begins_at: int) -> tuple[Outsider, ...]:
    """Return them for a market that begins then, ms UTC."""
    ends_at = begins_at - begins_at % DAY_MS + QUARTER_MS
    day = datetime.fromtimestamp(ends_at / 1_000, UTC).strftime("%y%m%d")
    return (
        Outsider(
            name="TSLAUSDT",
            base="TSLA",
            kind="TRADIFI_PERPETUAL",
            underlying="EQUITY",
            price=400.0,
            volume=200_000,
        ),
        Outsider(name="BTCDOMUSDT", base="BTCDOM", underlying="INDEX", price=5_000.0, volume=4_000),
        Outsider(name="USDCUSDT", base="USDC", price=1.0, volume=30_000_000),
        Outsider(name="MOCKUSDC", base="MOCK", quote="USDC", price=2.0, volume=3_000_000),
        Outsider(name="BYGONEUSDT", base="BYGONE", status=SETTLING, price=0.5, volume=0),
        Outsider(
            name=f"BTCUSDT_{day}",
            base="BTC",
            kind="CURRENT_QUARTER",
            ends_at=ends_at,
            price=100_000.0,
            volume=500,
        ),
    )
