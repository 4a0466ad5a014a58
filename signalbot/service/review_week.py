"""Review a reader's last full week, and show the journal to the account's guards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from signalbot.domain.alert import SetupState
from signalbot.domain.instrument import assumed_step
from signalbot.domain.journal import JournalEntry, check_reader
from signalbot.domain.profile import Profile
from signalbot.domain.reader_clock import WEEK_MS, ReaderClock
from signalbot.errors import RecordError
from signalbot.outcomes.own_account import guarded_trades
from signalbot.outcomes.own_trade import Followed
from signalbot.risk.guards import OwnTrade
from signalbot.service.keep_journal import JournalDesk
from signalbot.stats.review import OwnRecord, Review, review

Contract = tuple[str, str]
"""Venue and unified symbol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDesk:
    """What a journal is reviewed with.

    Attributes
    ----------
    states : mapping of (setup, version) to SetupState
        Of the record (`Fold.states`).
    steps : mapping of Contract to Decimal
        Quantity grid of the contracts that are known; of others it is assumed.
    """

    keeping: JournalDesk
    states: Mapping[tuple[str, str], SetupState] = field(default_factory=dict)
    steps: Mapping[Contract, Decimal] = field(default_factory=dict)


def review_week(
    desk: ReviewDesk, reader: int, profile: Profile, clock: ReaderClock, now: int
) -> Review:
    """Return the review of the last week that is over by the reader's clock, Monday to Monday."""
    until = clock.week_start(now)
    since = until - WEEK_MS
    record = OwnRecord(
        followed=followed_alerts(desk, reader),
        published=sum(1 for _ in desk.keeping.history.published(since, until)),
        profile=profile,
        clock=clock,
        states=desk.states,
    )
    return review(record, since, until)


def trades_for_guards(
    desk: ReviewDesk, reader: int, profile: Profile, *, on_paper: bool
) -> tuple[OwnTrade, ...]:
    """Return a reader's trades as `risk.guards.check_guards` takes them."""
    return guarded_trades(followed_alerts(desk, reader), profile, on_paper=on_paper)


def followed_alerts(desk: ReviewDesk, reader: int) -> tuple[Followed, ...]:
    """Return a reader's journal beside the alerts it is about, by their number.

    Raises
    ------
    InputError
        If `reader` cannot be a chat user.
    RecordError
        If it names an alert that the ledger does not hold.
    """
    check_reader(reader)
    entries = desk.keeping.journal.entries(reader)
    return tuple(_followed(desk, entry) for entry in entries)


def _followed(desk: ReviewDesk, entry: JournalEntry) -> Followed:
    recorded = desk.keeping.history.find(entry.alert_seq)
    if recorded is None:
        raise RecordError(f"a journal names alert #{entry.alert_seq}, which the ledger has not")
    plan = recorded.plan
    step = desk.steps.get((plan.venue, plan.symbol), assumed_step(plan.entry))
    return Followed(entry=entry, recorded=recorded, step=step)
