"""What is published: ranking and caps, applied once per minute to what passed every gate.

Without them 430 pairs would send some 1,800 alerts a day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from signalbot.domain.alert import Alert
from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS

Bet = tuple[str, Side]
"""Coin and side: the same bet whatever the venue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was published before, as the caps need it.

    Attributes
    ----------
    open_bets : frozenset of Bet
        Bets of the alerts that have no outcome yet.
    last_of : mapping of Bet to int
        Instant at which a bet was last published.
    times : sequence of int
        Instants of all publications of the last 24 hours.
    """

    open_bets: frozenset[Bet]
    last_of: Mapping[Bet, int]
    times: Sequence[int]


def bet_of(alert: Alert) -> Bet:
    """Return coin and side of an alert."""
    return alert.plan.coin, alert.plan.side


def choose(
    candidates: Sequence[Alert],
    before: Published,
    rules: Rules,
    venue_order: Sequence[str],
    now: int,
) -> tuple[list[Alert], list[tuple[Alert, Refusal]]]:
    """Return what is published of one minute's candidates, in rank order, and what is not.

    Rank is the lowest cost in R, ties by alert id, so the order of arrival plays no part. One
    alert per coin, side and candle close over all venues: the first venue of `venue_order` wins.
    """
    chosen: list[Alert] = []
    refused: list[tuple[Alert, Refusal]] = []
    unique, duplicates = _one_venue_each(candidates, venue_order)
    refused.extend(duplicates)
    hour = sum(time > now - HOUR_MS for time in before.times)
    day = sum(time > now - DAY_MS for time in before.times)
    taken: set[Bet] = set()
    for alert in sorted(unique, key=lambda alert: (alert.cost_r, alert.id)):
        refusal = _repeated(alert, before, taken, rules, now)
        refusal = refusal or _over_budget(hour + len(chosen), day + len(chosen), rules)
        if refusal:
            refused.append((alert, refusal))
        else:
            chosen.append(alert)
            taken.add(bet_of(alert))
    return chosen, refused


def _one_venue_each(
    candidates: Sequence[Alert], venue_order: Sequence[str]
) -> tuple[list[Alert], list[tuple[Alert, Refusal]]]:
    first: dict[tuple[Bet, int], str] = {}
    unlisted = sorted({alert.plan.venue for alert in candidates} - set(venue_order))
    for venue in (*venue_order, *unlisted):
        for alert in candidates:
            if alert.plan.venue == venue:
                first.setdefault((bet_of(alert), alert.candle_close), venue)
    unique: list[Alert] = []
    duplicates: list[tuple[Alert, Refusal]] = []
    for alert in candidates:
        venue = first[bet_of(alert), alert.candle_close]
        if venue == alert.plan.venue:
            unique.append(alert)
        else:
            refusal = Refusal(
                code=RefusalCode.DUPLICATE_VENUE,
                message=f"{venue} shows the same at this close and comes first",
            )
            duplicates.append((alert, refusal))
    return unique, duplicates


def _repeated(
    alert: Alert, before: Published, taken: set[Bet], rules: Rules, now: int
) -> Refusal | None:
    bet = bet_of(alert)
    last = before.last_of.get(bet)
    recent = last is not None and now - last < rules.repeat_min * MINUTE_MS
    if bet not in before.open_bets and bet not in taken and not recent:
        return None
    coin, side = bet
    return Refusal(
        code=RefusalCode.ALREADY_OPEN,
        message=f"a {side} of {coin} is open or was published within {rules.repeat_min} minutes",
    )


def _over_budget(hour: int, day: int, rules: Rules) -> Refusal | None:
    if hour < rules.hour_budget and day < rules.day_budget:
        return None
    return Refusal(
        code=RefusalCode.BUDGET,
        message=f"{hour} alerts in this hour and {day} in 24 hours, allowed are"
        f" {rules.hour_budget} and {rules.day_budget}",
    )
