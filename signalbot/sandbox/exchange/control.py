"""What befalls the venue: the hands of tests and of the control calls."""

from decimal import Decimal

from signalbot.errors import InputError
from signalbot.sandbox.exchange.faults import Fault
from signalbot.sandbox.exchange.local_server import LocalServer
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.exchange.venue_clock import VenueClock

_DAY_S = 86_400


class Control:
    """Acts on a venue; everything raises `InputError` for what cannot be done."""

    def __init__(self, server: LocalServer, venue: Venue, clock: VenueClock) -> None:
        self.venue = venue
        self.clock = clock
        self._server = server

    def advance(self, ms: int) -> int:
        """Let time pass at once, push what happens in it, and return the time then."""
        self.clock.advance(ms)
        self._server.pushing.push()
        return self.clock()

    def set_speed(self, speed: float) -> None:
        """Let time run at another speed; 0 stops it."""
        self.clock.set_speed(speed)

    def skew(self, ms: int) -> None:
        """Put the venue's clock wrong by so much."""
        self.clock.skew(ms)

    def drop(self) -> int:
        """Break every websocket; return how many there were."""
        count = len(self._server.pushing.connections)
        for connection in tuple(self._server.pushing.connections):
            connection.abort()
        self.venue.faults.counts["line_dropped"] += count
        return count

    def mute(self) -> int:
        """Make every websocket half-open; return how many there were. New ones speak again."""
        for connection in self._server.pushing.connections:
            connection.muted = True
        self.venue.faults.counts["line_muted"] += len(self._server.pushing.connections)
        return len(self._server.pushing.connections)

    def refuse(self, seconds: float) -> int:
        """Refuse connections for so long and break the websockets; return how many there were."""
        self._server.listening.refuse(seconds)
        self.venue.faults.counts["refused"] += 1
        return self.drop()

    def set_customs(self, lifetime_s: float, ping_every_s: float) -> None:
        """Let websockets live so long and be pinged so often, by this machine's clock."""
        for field, value in (("lifetime_s", lifetime_s), ("ping_every_s", ping_every_s)):
            if not 0 < value <= _DAY_S:
                raise InputError(field, value, "more than 0, a day at most")
        customs = self._server.customs
        customs.lifetime_s, customs.ping_every_s = lifetime_s, ping_every_s

    def delist(self, name: str) -> None:
        """End the trade in a contract."""
        self.venue.listings.delist(name)
        self._server.pushing.forget()

    def rename(self, name: str, base: str) -> None:
        """Call a contract otherwise."""
        self.venue.listings.rename(name, base)
        self._server.pushing.forget()

    def set_funding(self, name: str, rate: Decimal) -> None:
        """Let a contract pay another rate of funding."""
        self.venue.listings.set_funding(name, rate)
        self._server.pushing.forget()

    def set_limit(self, weight: int) -> None:
        """Allow so much weight a minute."""
        self.venue.allowance.limit = weight

    def add_fault(self, fault: Fault) -> None:
        """Put a fault in force."""
        self.venue.faults.add(fault)

    def lift_faults(self) -> None:
        """Lift every fault."""
        self.venue.faults.clear()
