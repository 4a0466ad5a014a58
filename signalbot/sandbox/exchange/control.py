"""What befalls the venue: the hands of tests and of the control calls."""

from decimal import Decimal

from signalbot.sandbox.exchange.faults import Fault
from signalbot.sandbox.exchange.pushing import Pushing
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.exchange.venue_clock import VenueClock


class Control:
    """Acts on a venue; everything raises `InputError` for what cannot be done."""

    def __init__(self, venue: Venue, clock: VenueClock, pushing: Pushing) -> None:
        self.venue = venue
        self.clock = clock
        self._pushing = pushing

    def advance(self, ms: int) -> int:
        """Let time pass at once, push what happens in it, and return the time then."""
        self.clock.advance(ms)
        self._pushing.push()
        return self.clock()

    def set_speed(self, speed: float) -> None:
        """Let time run at another speed; 0 stops it."""
        self.clock.set_speed(speed)

    def skew(self, ms: int) -> None:
        """Put the venue's clock wrong by so much."""
        self.clock.skew(ms)

    def drop(self) -> int:
        """Break every websocket; return how many there were."""
        count = len(self._pushing.connections)
        for connection in tuple(self._pushing.connections):
            connection.abort()
        return count

    def mute(self) -> int:
        """Make every websocket half-open; return how many there were. New ones speak again."""
        for connection in self._pushing.connections:
            connection.muted = True
        return len(self._pushing.connections)

    def delist(self, name: str) -> None:
        """End the trade in a contract."""
        self.venue.listings.delist(name)
        self._pushing.forget()

    def rename(self, name: str, base: str) -> None:
        """Call a contract otherwise."""
        self.venue.listings.rename(name, base)
        self._pushing.forget()

    def set_funding(self, name: str, rate: Decimal) -> None:
        """Let a contract pay another rate of funding."""
        self.venue.listings.set_funding(name, rate)

    def set_limit(self, weight: int) -> None:
        """Allow so much weight a minute."""
        self.venue.allowance.limit = weight

    def add_fault(self, fault: Fault) -> None:
        """Put a fault in force."""
        self.venue.faults.add(fault)

    def lift_faults(self) -> None:
        """Lift every fault."""
        self.venue.faults.clear()
