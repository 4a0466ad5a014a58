"""The state of the record: a fold over its entries, and nothing else.

What is open, what was published when, and where every alert stands in the statistics.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from signalbot.domain.alert import Alert, SetupState
from signalbot.domain.baseline import Baseline
from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS, from_iso
from signalbot.record.bodies import alert_of
from signalbot.record.entries import Body, Entry, EntryType
from signalbot.record.judgement_bodies import baseline_of
from signalbot.record.merkle import MerkleTree

CORRECTABLE_MS = 7 * DAY_MS
"""How long an outcome is remembered with its evidence, so that late data can correct it."""


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
class Ended:
    """An alert whose end late data may still correct.

    Attributes
    ----------
    standing : Standing
        As it stood before.
    at : int
        When its outcome was recorded.
    newest : int
        Number of the entry that says what became of it: its outcome or newest correction.
    body : Body
        Of that entry.
    """

    standing: Standing
    at: int
    newest: int
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Wins and decided alerts of one setup version so far."""

    wins: int = 0
    decided: int = 0


class Fold:
    """State of a record after the entries applied so far.

    Attributes
    ----------
    standing : dict of int to Standing
        Alerts without an outcome, by their number.
    settled : dict of int to Settled
        Every alert as the statistics see it, after corrections.
    ended : dict of int to Ended
        The alerts whose outcome was recorded in the last `CORRECTABLE_MS`, by their number.
    corrections : int
        How many outcomes were corrected.
    states : dict of (str, str) to SetupState
        State of each setup version that left `unproven` once.
    baselines : list of Baseline
        Of every day and setup version.
    checkpoint_day : str or None
        UTC day of the newest checkpoint.
    rules : Body or None
        The rules in force, as the newest entry states them.
    tree : MerkleTree
        Over the hashes of all entries.
    """

    def __init__(self) -> None:
        self.standing: dict[int, Standing] = {}
        self.settled: dict[int, Settled] = {}
        self.ended: dict[int, Ended] = {}
        self.corrections = 0
        self.states: dict[tuple[str, str], SetupState] = {}
        self.baselines: list[Baseline] = []
        self.rules: Body | None = None
        self.tree = MerkleTree()
        self.last_published: dict[tuple[str, Side], int] = {}
        self.universe_day: str | None = None
        self.universe: tuple[str, ...] = ()
        self.checkpoint_day: str | None = None
        self.refused: Counter[str] = Counter()
        self._times: list[int] = []
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._handlers: dict[EntryType, Callable[[Entry], None]] = {
            EntryType.ALERT: self._alert,
            EntryType.PUBLISHED: self._published,
            EntryType.OUTCOME: self._outcome,
            EntryType.CORRECTION: self._correction,
            EntryType.BASELINE: self._baseline,
            EntryType.RULES: self._rules,
            EntryType.UNIVERSE: self._universe,
            EntryType.REFUSALS: self._refusals,
            EntryType.CHECKPOINT: self._checkpoint,
        }

    def apply(self, entry: Entry) -> None:
        """Take one more entry in; entries come in order."""
        self.tree.append(entry.hash)
        handle = self._handlers.get(entry.type)
        if handle is not None:
            handle(entry)

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

    def state_of(self, setup: str, version: str) -> SetupState:
        """Return what the record calls a setup version."""
        return self.states.get((setup, version), SetupState.UNPROVEN)

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
            volatility=alert.btc.volatility,
            regime=alert.btc.trend,
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
        standing = self.standing.pop(seq)
        at = from_iso(entry.ts)
        self._forget_ended(at - CORRECTABLE_MS)
        self.ended[seq] = Ended(standing=standing, at=at, newest=entry.seq, body=entry.body)
        self._settle(seq, entry)

    def _forget_ended(self, until: int) -> None:
        while self.ended:
            oldest = next(iter(self.ended))
            if self.ended[oldest].at > until:
                return
            del self.ended[oldest]

    def _correction(self, entry: Entry) -> None:
        seq = entry.body["alert_seq"]
        self.corrections += 1
        if seq in self.ended:
            self.ended[seq] = replace(self.ended[seq], newest=entry.seq, body=entry.body)
        self._settle(seq, entry)

    def _settle(self, seq: int, entry: Entry) -> None:
        before = self.settled[seq]
        after = settled_by(before, entry.body)
        self.settled[seq] = after
        key = (after.setup, after.version)
        tally = self.tally(*key)
        self._tallies[key] = Tally(
            wins=tally.wins + after.is_win - before.is_win,
            decided=tally.decided + after.is_decided - before.is_decided,
        )

    def _baseline(self, entry: Entry) -> None:
        self.baselines.append(baseline_of(entry.body))

    def _universe(self, entry: Entry) -> None:
        self.universe_day = entry.body["day"]
        self.universe = tuple(entry.body["symbols"])

    def _checkpoint(self, entry: Entry) -> None:
        self.checkpoint_day = entry.body["day"]

    def _refusals(self, entry: Entry) -> None:
        self.refused.update(entry.body["counts"])

    def _rules(self, entry: Entry) -> None:
        change = entry.body.get("setup_state")
        if change is None:
            self.rules = entry.body
        else:
            self.states[change["setup"], change["version"]] = SetupState(change["state"])


def settled_by(alert: Settled, outcome: Body) -> Settled:
    """Return an alert of the statistics with what the body of an outcome or correction says."""
    return replace(
        alert,
        kind=OutcomeKind(outcome["outcome"]),
        net_r=_number(outcome["net_r"]),
        gross_r=_number(outcome["gross_r"]),
        ambiguous=outcome["ambiguous"],
        worst_net_r=_number(outcome["worst_net_r"]),
        best_net_r=_number(outcome["best_net_r"]),
    )


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
