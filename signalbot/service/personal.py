"""Size an alert for one reader: the same desk as everywhere, asked about the alert's own plan."""

from collections.abc import Sequence
from dataclasses import replace

from signalbot.domain.alert import Alert
from signalbot.domain.instrument import Instrument
from signalbot.domain.profile import Profile
from signalbot.domain.rules import Rules
from signalbot.risk.advice import Advice, Ask, advise
from signalbot.risk.costs import Levels, plan_rates, unit_costs
from signalbot.risk.guards import GuardRules
from signalbot.risk.sizing import Order
from signalbot.risk.tiers import Tier
from signalbot.risk.venue_rules import DEFAULT_VENUE, KNOWN_VENUES, VenueRule, rule_for


def personal_advice(
    alert: Alert,
    profile: Profile,
    instrument: Instrument,
    rules: Rules,
    tiers: Sequence[Tier] = (),
) -> Advice:
    """Return size, costs and liquidation of an alert for an account, or why it should be skipped.

    Prices and costs are those that were published, so that an own size and the record speak of
    the same trade. The account's leverage is a maximum: it is lowered where liquidation would
    come too near.

    Parameters
    ----------
    instrument : Instrument
        The alert's contract on the alert's venue.
    tiers : sequence of Tier
        Of that contract; empty where they are not known, and liquidation is a range then.
    """
    ask = personal_ask(alert, profile, instrument, tiers)
    return advise(ask, rules, GuardRules())


def personal_ask(
    alert: Alert, profile: Profile, instrument: Instrument, tiers: Sequence[Tier] = ()
) -> Ask:
    """Return what the desk is asked about an alert for an account; see `personal_advice`."""
    plan = alert.plan
    levels = Levels(side=plan.side, entry=plan.entry, stop=plan.stop, target=plan.target)
    rates = plan_rates(plan)
    rule = rule_of(plan.venue)
    order = Order(
        levels=levels,
        rates=rates,
        costs=unit_costs(levels, rates),
        instrument=instrument,
        tiers=tiers,
        basis=rule.basis,
    )
    return Ask(
        order=order,
        profile=profile,
        venue_rule=rule,
        knows_tick="tick" not in instrument.assumed,
    )


def rule_of(venue: str) -> VenueRule:
    """Return the liquidation rule of a venue.

    A market that is not in the table, as the simulated one, is taken to liquidate as the default.
    """
    return (
        rule_for(venue) if venue in KNOWN_VENUES else replace(rule_for(DEFAULT_VENUE), venue=venue)
    )
