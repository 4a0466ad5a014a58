"""What a reader may expect at the own settings, and what the own guards say, in Telegram's HTML."""

from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.profile import Profile
from signalbot.domain.rounding import plain
from signalbot.rendering.figures import clock_with_zone, money, percent, r_value
from signalbot.risk.expectation import Outlook
from signalbot.risk.guards import GuardRules


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardState:
    """Where a reader's own trades stand against the guards; money in quote units.

    Attributes
    ----------
    heat : Decimal
        What all open trades lose if each is stopped.
    day_loss : Decimal
        What was lost today.
    losses : int
        Losses in a row.
    cool_off_until : int or None
        When the pause after them ends.
    """

    heat: Decimal
    day_loss: Decimal
    losses: int
    cool_off_until: int | None


def outlook_text(
    profile: Profile, rules: GuardRules, found: Outlook, win_rate: float, *, is_own: bool
) -> str:
    """Return what a hundred trades may bring; `is_own` says that the rate is the record's."""
    whose = "the record so far" if is_own else "an example, the record is too short for a rate"
    losing_run = f"A run of {found.losing_run} losses or more"
    return "\n".join(
        [
            f"{money(profile.equity)} USDT at {plain(profile.risk_pct)} % risk:"
            f" a stop costs at most {money(profile.risk_money)} USDT.",
            f"{found.trades} trades at {percent(win_rate)} wins ({whose}):",
            f"  on average {r_value(found.expected_r)} R a trade",
            f"  {losing_run.lower()} in {percent(found.losing_run_probability, 0)} of cases",
            f"  deepest fall {found.mean_drawdown_pct:.1f} % of the account on average,"
            f" {found.drawdown_pct_95:.1f} % in one case of twenty",
            "Limits of this bot: at most"
            f" {plain(rules.max_risk_pct)} % a trade, {plain(rules.max_heat_pct)} % in all open"
            f" trades, {rules.max_same_side} on one side, {plain(rules.max_day_loss_pct)} % lost a"
            f" day, a pause of {rules.cool_off_min} min after {rules.cool_off_losses} losses in a"
            " row.",
        ]
    )


def guards_text(state: GuardState, zone: str) -> str:
    """Return where a reader's own trades stand today."""
    lines = [
        f"Your journal: open risk {money(state.heat)} USDT, lost today {money(state.day_loss)}"
        f" USDT, losses in a row {state.losses}."
    ]
    if state.cool_off_until is not None:
        until = clock_with_zone(state.cool_off_until, zone)
        lines.append(f"Cool off until {until}: the next trade is worse after a run of losses.")
    return "\n".join(lines)
