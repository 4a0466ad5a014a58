"""The state of the record: a fold over its entries, and nothing else.

What is open, what was published when, and where every alert stands in the statistics.
"""

from collections import Counter
from dataclasses import dataclass, replace

from signalbot.domain.alert import Alert
from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS, from_iso
from signalbot.record.bodies import alert_of
from signalbot.record.entries import Entry, EntryType


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An alert without an outcome.

    `published_at` and `message_id` are None until a messenger has accepted it; `hash` and `prev`
    are those of its entry, which its message carries.
    """

    seq: int
    hash: str
    prev: str
    alert: Alert
    published_at: int | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Wins and decided alerts of one setup version so far."""

    wins: int = 0
    decided: int = 0


class Fold:
    """State of a record after the entries applied so far."""

    def __init__(self) -> None:
        self.standing: dict[int, Standing] = {}
        self.settled: dict[int, Settled] = {}
        self.last_published: dict[tuple[str, Side], int] = {}
        self.universe_day: str | None = None
        self.refused: Counter[str] = Counter()
        self._times: list[int] = []
        self._tallies: dict[tuple[str, str], Tally] = {}

    def apply(self, entry: Entry) -> None:
        """Take one more entry in; entries come in order."""
        match entry.type:
            case EntryType.ALERT:
                self._alert(entry)
            case EntryType.PUBLISHED:
                self._published(entry)
            case EntryType.OUTCOME:
                self._outcome(entry)
            case EntryType.UNIVERSE:
                self.universe_day = entry.body["day"]
            case EntryType.REFUSALS:
                self.refused.update(entry.body["counts"])
            case _:
                pass

    def pending(self) -> list[Standing]:
        """Return the alerts that no messenger has accepted yet, oldest first."""
        return [each for each in self.standing.values() if each.published_at is None]

    def open_bets(self) -> frozenset[tuple[str, Side]]:
        """Return coin and side of every alert without an outcome."""
        plans = (each.alert.plan for each in self.standing.values())
        return frozenset((plan.coin, plan.side) for plan in plans)

    def published_since(self, instant: int) -> list[int]:
        """Return the publication times after `instant`, at most 24 hours back."""
        return [time for time in self._times if time > instant]

    def first_alert_at(self) -> int | None:
        """Return when the first alert was published, or closed its candle; None before one."""
        return min((each.published_at for each in self.settled.values()), default=None)

    def tally(self, setup: str, version: str) -> Tally:
        """Return how a setup version has done so far."""
        return self._tallies.get((setup, version), Tally())

    def _alert(self, entry: Entry) -> None:
        alert = alert_of(entry.body)
        self.standing[entry.seq] = Standing(
            seq=entry.seq, hash=entry.hash, prev=entry.prev, alert=alert
        )
        self.settled[entry.seq] = Settled(
            alert_id=alert.id,
            setup=alert.setup,
            version=alert.version,
            symbol=alert.plan.symbol,
            side=alert.plan.side.value,
            published_at=alert.candle_close,
            kind=OutcomeKind.OPEN,
            net_r=None,
            breakeven_win_rate=float(alert.breakeven_win_rate),
        )

    def _published(self, entry: Entry) -> None:
        seq = entry.body["alert_seq"]
        at = from_iso(entry.body["published_at"])
        standing = self.standing[seq]
        self.standing[seq] = replace(standing, published_at=at, message_id=entry.body["message_id"])
        self.settled[seq] = replace(self.settled[seq], published_at=at)
        plan = standing.alert.plan
        self.last_published[plan.coin, plan.side] = at
        self._times = [time for time in self._times if time > at - DAY_MS] + [at]

    def _outcome(self, entry: Entry) -> None:
        seq = entry.body["alert_seq"]
        net_r = entry.body["net_r"]
        settled = replace(
            self.settled[seq],
            kind=OutcomeKind(entry.body["outcome"]),
            net_r=None if net_r is None else float(net_r),
        )
        del self.standing[seq]
        self.settled[seq] = settled
        if settled.is_decided:
            before = self.tally(settled.setup, settled.version)
            self._tallies[settled.setup, settled.version] = Tally(
                wins=before.wins + settled.is_win, decided=before.decided + 1
            )
