"""Somebody who reads the alerts: what was told, what is wanted, and when.

It is private and deletable; the ledger never holds a reader. What is allowed here is what the
product takes from a beginner, narrower than what the formulas bear.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from signalbot.domain.alert import Alert, SetupState
from signalbot.domain.journal import check_reader
from signalbot.domain.onboarding import Step
from signalbot.domain.profile import ADVISED_LEVERAGE, Profile
from signalbot.domain.time_zone import UTC_ZONE, minute_of_day, zone_of
from signalbot.errors import InputError

LOWEST_EQUITY, HIGHEST_EQUITY = Decimal(10), Decimal(1_000_000)
LOWEST_RISK_PCT, HIGHEST_RISK_PCT = Decimal("0.1"), Decimal(1)
HIGHEST_LEVERAGE = Decimal(20)
MOST_MUTES = 200
"""Muted coins and setups of one reader together."""
PAPER_ALERTS = 10
"""So many alerts a new reader is shown on paper, whatever was said."""
DAY_MINUTES = 24 * 60


class Role(StrEnum):
    """What somebody may do. Owner and admin run the bot, and are readers like the others."""

    OWNER = "owner"
    ADMIN = "admin"
    USER = "user"
    BLOCKED = "blocked"


class Unwanted(StrEnum):
    """Why somebody is not sent an alert."""

    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    NOT_SUBSCRIBED = "not subscribed"
    PAUSED = "paused"
    MUTED_COIN = "muted coin"
    MUTED_SETUP = "muted setup"
    QUIET = "quiet hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When no alert is wanted: minutes of the local day, the first one included, the last not.

    `since` after `until` passes midnight.

    Raises
    ------
    InputError
        If a minute is not one of a day, or both are the same.
    """

    since: int
    until: int

    def __post_init__(self) -> None:
        inside = 0 <= self.since < DAY_MINUTES and 0 <= self.until < DAY_MINUTES
        if not inside or self.since == self.until:
            was = f"{self.since} to {self.until}"
            raise InputError("quiet hours", was, "two different minutes of a day")

    def covers(self, minute: int) -> bool:
        """Return whether a minute of the local day is quiet."""
        if self.since < self.until:
            return self.since <= minute < self.until
        return minute >= self.since or minute < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One reader; instants in ms UTC, money in quote units.

    Attributes
    ----------
    reader : int
        Id of the chat user, which is that of the private chat too.
    joined_at : int
        When the first /start came.
    venue : str or None
        Where the reader trades; None until told.
    equity : Decimal or None
        The account; None until told.
    risk_pct, leverage : Decimal
        As in `Profile`; the leverage is a whole number.
    zone : str
        IANA name of the reader's clock.
    paused_until : int or None
        No alert before it.
    muted_coins, muted_setups : frozenset of str
        Base assets, and names of setups.
    alerts_received : int
        How many alerts were delivered.
    real_since : int or None
        When the reader asked for real sizes, knowing the sentence about them; None is paper.
    reachable : bool
        False once the messenger says that the chat is gone.
    question : Step or None
        The question that stands open.

    Raises
    ------
    InputError
        Naming the first field that is out of bounds.
    """

    reader: int
    joined_at: int
    role: Role = Role.USER
    venue: str | None = None
    equity: Decimal | None = None
    risk_pct: Decimal = Decimal("0.5")
    leverage: Decimal = Decimal(3)
    zone: str = UTC_ZONE
    quiet: QuietHours | None = None
    subscribed: bool = True
    paused_until: int | None = None
    muted_coins: frozenset[str] = field(default_factory=frozenset)
    muted_setups: frozenset[str] = field(default_factory=frozenset)
    alerts_received: int = 0
    real_since: int | None = None
    reachable: bool = True
    question: Step | None = None

    def __post_init__(self) -> None:
        check_reader(self.reader)
        if self.equity is not None:
            check_equity(self.equity)
        check_risk_pct(self.risk_pct)
        check_leverage(self.leverage)
        zone_of(self.zone)
        if self.alerts_received < 0:
            raise InputError("alerts received", self.alerts_received, "0 or more")
        mutes = len(self.muted_coins) + len(self.muted_setups)
        if mutes > MOST_MUTES:
            raise InputError("mutes", mutes, f"at most {MOST_MUTES}: take one back in /settings")

    @property
    def profile(self) -> Profile | None:
        """The account to size for; None while it is not known."""
        if self.equity is None:
            return None
        return Profile(equity=self.equity, risk_pct=self.risk_pct, leverage=self.leverage)


def check_equity(equity: Decimal) -> None:
    """Raise InputError if an account is too small or too large to be advised on."""
    if not (equity.is_finite() and LOWEST_EQUITY <= equity <= HIGHEST_EQUITY):
        allowed = f"from {LOWEST_EQUITY} to {HIGHEST_EQUITY:,} USDT, for example 500"
        raise InputError("account", equity, allowed)


def check_risk_pct(risk_pct: Decimal) -> None:
    """Raise InputError if a stop would cost more of the account than is taken, or next to nothing.

    More than 1 % is refused with why: ten losses in a row then cost a tenth of the account.
    """
    if not risk_pct.is_finite() or risk_pct < LOWEST_RISK_PCT:
        allowed = f"from {LOWEST_RISK_PCT} to {HIGHEST_RISK_PCT} % of the account, for example 0.5"
        raise InputError("risk", risk_pct, allowed)
    if risk_pct > HIGHEST_RISK_PCT:
        raise InputError(
            "risk",
            risk_pct,
            f"at most {HIGHEST_RISK_PCT} % of the account on one trade, because ten losses in a"
            " row happen and take nearly a tenth of it even then; for example 0.5",
        )


def check_leverage(leverage: Decimal) -> None:
    """Raise InputError if a leverage is no whole number that is taken."""
    is_whole = leverage.is_finite() and leverage == leverage.to_integral_value()
    if not is_whole or not 1 <= leverage <= HIGHEST_LEVERAGE:
        raise InputError(
            "leverage",
            leverage,
            f"a whole number from 1 to {HIGHEST_LEVERAGE}, better at most {ADVISED_LEVERAGE}: more"
            " brings liquidation nearer and gains nothing; for example 3",
        )


def is_paper(subscriber: Subscriber, state: SetupState) -> bool:
    """Return whether a setup in this state is shown on paper to this reader.

    Always for the first alerts, and until the reader has asked for real sizes with the sentence
    that says what is known of unproven setups. One whose own record shows that it loses stays on
    paper: no sentence covers that.
    """
    if subscriber.real_since is None or subscriber.alerts_received < PAPER_ALERTS:
        return True
    return state is SetupState.LOSING


def wants(subscriber: Subscriber, alert: Alert, now: int) -> Unwanted | None:
    """Return why `alert` is not to be sent to this reader `now`; None if it is."""
    quiet = subscriber.quiet
    reasons = {
        Unwanted.BLOCKED: subscriber.role is Role.BLOCKED,
        Unwanted.UNREACHABLE: not subscriber.reachable,
        Unwanted.NOT_SUBSCRIBED: not subscriber.subscribed,
        Unwanted.PAUSED: subscriber.paused_until is not None and now < subscriber.paused_until,
        Unwanted.MUTED_COIN: alert.plan.coin in subscriber.muted_coins,
        Unwanted.MUTED_SETUP: alert.setup in subscriber.muted_setups,
        Unwanted.QUIET: quiet is not None and quiet.covers(minute_of_day(now, subscriber.zone)),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
