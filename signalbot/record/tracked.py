"""One alert on its way through the record: what may still be said of it, and in which order."""

from dataclasses import dataclass, replace

from signalbot.domain.alert import Alert, alert_id
from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.timeframe import from_iso, iso
from signalbot.record.bodies import alert_body, alert_of
from signalbot.record.entries import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """An alert of a record that is being verified.

    Attributes
    ----------
    published_at : int or None
        From its one publication; None before it.
    newest : int or None
        Number of the entry that says what became of it: its outcome or newest correction.
    """

    seq: int
    alert: Alert
    published_at: int | None = None
    newest: int | None = None

    @classmethod
    def of(cls, seq: int, body: Body) -> "Tracked":
        """Return the alert of an `alert` entry.

        Raises
        ------
        ValueError
            Saying why it is none. A body that lacks something raises what its reading raises.
        """
        alert = alert_of(body)
        plan = alert.plan
        made_of = alert_id(
            setup=alert.setup,
            version=alert.version,
            venue=plan.venue,
            symbol=plan.symbol,
            timeframe=alert.timeframe.name,
            candle_close=alert.candle_close,
            side=plan.side,
        )
        if alert.id != made_of:
            raise ValueError("its id is not the hash of what makes the alert")
        if (
            not plan.side.sign * (plan.target - plan.entry)
            > 0
            < plan.side.sign * (plan.entry - plan.stop)
        ):
            raise ValueError("its stop or its target is on the wrong side of the entry")
        if alert_body(alert) != body:
            raise ValueError("a field in it is unknown, or its number has another form")
        return cls(seq=seq, alert=alert)

    def published(self, body: Body) -> "Tracked":
        """Return the alert after its `published` entry; raise ValueError if it may have none."""
        if self.published_at is not None:
            raise ValueError(f"the publication of alert #{self.seq} is recorded already")
        if self.newest is not None:
            raise ValueError(f"alert #{self.seq} has its outcome already")
        published_at = from_iso(body["published_at"], "published_at")
        if iso(published_at) != body["published_at"]:
            raise ValueError("its published_at is not written as 2025-05-04T20:15:02.500Z")
        return replace(self, published_at=published_at)

    def ended(self, seq: int, body: Body) -> "Tracked":
        """Return the alert after its `outcome` entry; raise ValueError if it may have none."""
        if self.newest is not None:
            raise ValueError(f"the outcome of alert #{self.seq} is recorded already")
        self._check_kind(body)
        return replace(self, newest=seq)

    def corrected(self, seq: int, body: Body) -> "Tracked":
        """Return the alert after a `correction` entry; raise ValueError if it corrects nothing."""
        if self.newest is None or body["corrects"] != self.newest:
            newest = "no outcome yet" if self.newest is None else f"its newest is #{self.newest}"
            raise ValueError(f"alert #{self.seq} has no entry to correct there: {newest}")
        self._check_kind(body)
        return replace(self, newest=seq)

    def _check_kind(self, body: Body) -> None:
        kind = OutcomeKind(body["outcome"])
        if kind is OutcomeKind.OPEN:
            raise ValueError("OPEN is no outcome")
        if (kind is OutcomeKind.NOT_PUBLISHED) != (self.published_at is None):
            raise ValueError(f"{kind} does not fit the publication of alert #{self.seq}")
