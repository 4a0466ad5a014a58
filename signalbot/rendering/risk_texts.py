"""The risk desk's answers for a phone, in Telegram's HTML (at most 1024 characters)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING

from signalbot.domain.instrument import coin
from signalbot.domain.rounding import plain
from signalbot.rendering.figures import (
    copyable,
    money,
    percent,
    percent_interval,
    price,
    r_value,
    venue_title,
)
from signalbot.rendering.size_lines import (
    LEVERAGE_HINT,
    estimate,
    holding,
    liquidation_line,
    stakes,
)
from signalbot.risk.advice import Advice, Ask
from signalbot.risk.liquidation import Basis, Liquidation, Position, distance_pct
from signalbot.risk.venue_rules import VenueRule

if TYPE_CHECKING:
    from signalbot.stats.claim import Claim  # brings SciPy, which only a claim needs

LIMIT = 1024
"""What Telegram allows under a picture."""
REASONS = 3
"""Refusals that are told at most; the first is always among them."""


def size_text(ask: Ask, advice: Advice, symbol: str | None, assumed: Mapping[str, str]) -> str:
    """Return how much, what it may cost and where it ends; a refusal says what would fit.

    Where everything would be too long, further reasons, then warnings and assumptions are left out.
    """
    name = escape(coin(symbol)) if symbol else "units"
    head = [_headline(ask, name)]
    figures = _figures(ask, advice, name)
    reasons = [f"· {escape(each.message)}" for each in advice.refusals[:REASONS]]
    if reasons:
        head += ["Skip this one:", reasons[0]]
        figures.insert(0, "For the smallest order:")
    head += _fitting(reasons[1:], _room([*head, *figures]))
    lines = [*head, *figures]
    lines += _fitting([f"⚠ {escape(warning)}" for warning in advice.warnings], _room(lines))
    lines += _assumed(assumed, _room(lines))
    return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidationView:
    """What a liquidation answer is drawn from.

    `bounds` is the labelled range where the tiers are unknown; `is_rate_only` says that no tiers
    but a single rate was given.
    """

    position: Position
    rule: VenueRule
    found: Liquidation
    bounds: tuple[Decimal | None, Decimal | None] | None = None
    is_rate_only: bool = False


def liquidation_text(view: LiquidationView) -> str:
    """Return where a position is liquidated, as an estimate that says what it stands on."""
    position, found = view.position, view.found
    if found.refusals:
        return "\n".join(escape(refusal.message) for refusal in found.refusals)
    venue = venue_title(view.rule.venue)
    if view.bounds is not None and any(view.bounds):
        low, high = (estimate(end, position.entry) for end in view.bounds)
        return (
            f"Estimated liquidation between {low} and {high}, isolated, {venue}: the maintenance"
            " rate of this contract is not known, so from 1 % to 5 % is shown.\n"
            "Give the tiers or the rate for one price."
        )
    if found.price is None:
        return f"This position cannot be liquidated on {venue}: its margin covers all of it."
    away = distance_pct(position.entry, found.price)
    tier = f" (tier {found.tier})" if found.tier and not view.is_rate_only else ""
    rate = "" if found.mmr is None else f", maintenance {plain(100 * found.mmr)} %{tier}"
    charged = "mark" if view.rule.basis is Basis.MARK else "entry"
    lines = [
        f"Estimated liquidation {estimate(found.price, position.entry)} ({away:+.1f} %),"
        f" isolated, {venue}"
        f"{rate}, on the {charged} price"
    ]
    if position.added_margin:
        lines.append(f"With {money(position.added_margin)} USDT of added margin.")
    lines.append(LEVERAGE_HINT)
    return "\n".join(lines)


def claim_text(advertised: str, samples: "tuple[Claim, ...]", reward_risk: str, cost_r: str) -> str:
    """Return what an advertised win rate means, in five lines for a beginner."""
    first, *others = samples
    counts = first.counts
    interval = percent_interval(first.always_valid_95)
    also = ", ".join(f"{each.counts.wins} of {each.counts.n}" for each in others)
    return "\n".join(
        [
            f"{escape(advertised)} % is what {counts.wins} wins of {counts.n} give"
            + (f" (also {also})." if also else "."),
            f"From {counts.n} trades the true rate could be {interval}.",
            f"If 1 R is the distance to the stop, the target is {escape(reward_risk)} R away and"
            f" costs are {escape(cost_r)} R, {_earns(first)}.",
            "By luck alone the best of 10 setups without an edge shows as much or more"
            f" {_times_in_hundred(first.luck)}{_deleted(first.deleted_losers)}.",
            "Ask for: how many alerts, since when, what counts as a win, fees included or not,"
            " the losers.",
        ]
    )


def _earns(claimed: "Claim") -> str:
    if claimed.breakeven_win_rate >= 1:
        needs = "not even winning every trade would pay"
    else:
        needs = f"you need {percent(claimed.breakeven_win_rate)} just to break even"
    result = r_value(abs(claimed.expectancy_r)).removeprefix("+")
    if result == "0.00":
        return f"{needs}: this rate earns nothing"
    verb = "loses" if claimed.expectancy_r < 0 else "earns"
    return f"{needs}: this rate {verb} {result} R a trade"


def _times_in_hundred(chance: float) -> str:
    times = round(100 * chance)
    if times == 0:
        return "less than once in 100"
    return f"{'once' if times == 1 else f'{times} times'} in 100"


def _deleted(losers: int) -> str:
    if not losers:
        return ""
    left_out = "1 loser" if losers == 1 else f"{losers} losers"
    return f"; delete {left_out} from an even record and you have it too"


def _length(line: str) -> int:
    return len(line.encode("utf-16-le")) // 2  # as Telegram counts, though it spares the markup


def _room(lines: Sequence[str]) -> int:
    return LIMIT - sum(_length(line) + 1 for line in lines)


def _fitting(lines: Sequence[str], room: int) -> list[str]:
    ends = accumulate(_length(line) + 1 for line in lines)
    return [line for line, end in zip(lines, ends, strict=True) if end <= room]


def _assumed(assumed: Mapping[str, str], room: int) -> list[str]:
    entries = [escape(f"{name} {value}") for name, value in assumed.items()]
    for shown in range(len(entries), 0, -1):
        more = "" if shown == len(entries) else f" and {len(entries) - shown} more"
        line = f"Assumed: {', '.join(entries[:shown])}{more}"
        if _length(line) <= room:
            return [line]
    return []


def _headline(ask: Ask, name: str) -> str:
    levels, tick = ask.order.levels, ask.order.instrument.tick
    text = (
        f"{levels.side.upper()} {name} {copyable(price(levels.entry, tick))}"
        f" · stop {copyable(price(levels.stop, tick))}"
    )
    if ask.has_target:
        text += f" · target {copyable(price(levels.target, tick))}"
    return text


def _figures(ask: Ask, advice: Advice, name: str) -> list[str]:
    venue = venue_title(ask.venue_rule.venue)
    return [
        holding(advice.size, name),
        stakes(advice.size, ask.profile.equity, has_target=ask.has_target),
        _costs(advice),
        liquidation_line(advice, ask.order.levels.entry, venue),
        _leverage(advice),
    ]


def _costs(advice: Advice) -> str:
    text = f"Costs {advice.cost_r:.2f} R, {percent(advice.cost_share, 0)} of what a stop loses"
    if advice.breakeven_win_rate is not None and advice.reward_risk_net is not None:
        text += (
            f"\nNet reward/risk {advice.reward_risk_net:.2f} · needs"
            f" {percent(advice.breakeven_win_rate)} wins to break even"
        )
    return text


def _leverage(advice: Advice) -> str:
    most = f" At most {plain(advice.leverage_cap)}x here." if advice.leverage_cap >= 1 else ""
    return f"{LEVERAGE_HINT}{most}"
