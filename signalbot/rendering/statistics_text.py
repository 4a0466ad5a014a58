"""The statistics as text: never a bare percentage, always n, interval and what is needed."""

from collections.abc import Mapping

from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.refusal import RefusalCode
from signalbot.record.entries import Head
from signalbot.rendering.figures import percent, percent_interval, r_value
from signalbot.setups.catalogue import title_of
from signalbot.stats.baseline_record import BaselineRecord
from signalbot.stats.performance import Performance
from signalbot.stats.slices import Slice
from signalbot.stats.uncertainty import always_valid
from signalbot.stats.verdict import Verdict

BUCKET_WORDS = {
    OutcomeKind.TARGET: "target",
    OutcomeKind.STOP: "stop",
    OutcomeKind.EXPIRED: "time out",
    OutcomeKind.NOT_FILLED: "not filled",
    OutcomeKind.VOID_LATE: "too late",
    OutcomeKind.NOT_PUBLISHED: "not published",
    OutcomeKind.UNRESOLVED_GAP: "data gap",
    OutcomeKind.DELISTED: "delisted",
    OutcomeKind.OPEN: "open",
}
REFUSAL_WORDS = {
    RefusalCode.INVALID_STOP_SIDE: "stop on the wrong side",
    RefusalCode.INVALID_TARGET_SIDE: "target on the wrong side",
    RefusalCode.COST_TOO_HIGH: "costs too high",
    RefusalCode.STOP_INSIDE_SPREAD: "stop inside the spread",
    RefusalCode.TICK_TOO_COARSE: "tick too coarse",
    RefusalCode.BELOW_MIN_QTY: "below the smallest order",
    RefusalCode.BELOW_MIN_NOTIONAL: "below the smallest order value",
    RefusalCode.ABOVE_MAX_QTY: "book too thin",
    RefusalCode.INSUFFICIENT_MARGIN: "margin too small",
    RefusalCode.LIQ_INSIDE_STOP: "liquidation too near",
    RefusalCode.SETUP_SUSPENDED: "setup suspended",
    RefusalCode.ON_HOLD: "publishing on hold",
    RefusalCode.SETUP_OFF: "setup switched off",
    RefusalCode.PAIR_OFF: "pair taken off",
    RefusalCode.BTC_HALT: "BTC halt",
    RefusalCode.BTC_UNKNOWN: "BTC unknown",
    RefusalCode.ALREADY_OPEN: "already open",
    RefusalCode.DUPLICATE_VENUE: "on another venue",
    RefusalCode.BUDGET: "alert budget used",
}
VERDICT_WORDS = {
    Verdict.NOT_ENOUGH_DATA: "not enough data",
    Verdict.UNDECIDED: "not decided",
    Verdict.BEATS_COSTS: "beats its costs",
    Verdict.LOSES: "loses",
}


def statistics_text(shown: Performance, head: Head | None, since: str | None) -> str:
    """Return the statistics of a record; `since` is the UTC day of its first alert."""
    title = f"Since {since}, all alerts: {shown.alerts}" if since else f"Alerts: {shown.alerts}"
    lines = [title, f"  {buckets_line(shown.buckets)}", *result_lines(shown)]
    if shown.decided:
        lines += [*_disclosed(shown), _path(shown)]
    lines.append(f"Verdict: {verdict_sentence(shown)}")
    lines += _yardsticks(shown.baseline)
    lines += [_of_setup(part) for part in shown.slices if part.by == "setup"]
    if shown.corrections:
        lines.append(f"Outcomes corrected by later data: {shown.corrections}")
    if head is not None:
        lines.append(f"Ledger head #{head.seq} {head.hash[:8]}")
    return "\n".join(lines)


def result_lines(shown: Performance) -> list[str]:
    """Return what was won, what was needed and what is left, each with its count or interval."""
    counted = f"Won after costs: {shown.wins} of {shown.decided}"
    if shown.win_rate is None:
        lines = [f"{counted}, not enough data for a rate"]
    else:
        interval = percent_interval(shown.always_valid_95)
        rate = percent(shown.win_rate)
        lines = [f"{counted} = {rate} (95 %, safe to read daily: {interval})"]
    if shown.breakeven_win_rate is not None:
        lines.append(f"Needed to break even: {percent(shown.breakeven_win_rate)}")
    if shown.expectancy_r is not None and shown.expectancy_r_95 is not None:
        low, high = (r_value(end) for end in shown.expectancy_r_95)
        lines.append(f"Net per alert: {r_value(shown.expectancy_r)} R ({low} to {high})")
    return lines


def refusals_text(counts: Mapping[str, int]) -> str:
    """Return how many matches became no alert, and why, most frequent first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{reason_words(name)} {count}" for name, count in ordered)
    return f"Refused matches: {sum(counts.values())}" + (f" ({listed})" if listed else "")


def reason_words(name: str) -> str:
    """Return why a match was refused, in words; a record of another version may know other names.

    Such a name comes back as it is: whoever writes HTML escapes it.
    """
    known = name in RefusalCode.__members__
    return REFUSAL_WORDS.get(RefusalCode(name), name) if known else name


def buckets_line(buckets: Mapping[OutcomeKind, int]) -> str:
    """Return how many alerts ended in each kind, all kinds named."""
    return " · ".join(f"{BUCKET_WORDS[kind]} {buckets[kind]}" for kind in OutcomeKind)


def _disclosed(shown: Performance) -> list[str]:
    lines = []
    before, bounds = shown.before_costs, shown.bounds
    if before is not None:
        lines.append(
            f"Before costs: {r_value(before.expectancy_r)} R, costs took {before.cost_r:.2f} R"
        )
    if bounds is not None and bounds.ambiguous:
        worst, best = r_value(bounds.worst_expectancy_r), r_value(bounds.best_expectancy_r)
        lines.append(
            f"Order of prices unknown in {bounds.ambiguous} of {bounds.n}"
            f" ({percent(bounds.share)}): {worst} R at worst, {best} at best"
        )
    return lines


def _yardsticks(found: BaselineRecord | None) -> list[str]:
    if found is None:
        return []
    alerts = "1 alert" if found.n == 1 else f"{found.n} alerts"
    return [
        f"Random entries on the same pairs and hours: {r_value(found.twins_r)} R"
        f" (p {found.p_value:.3f}, {alerts} at {r_value(found.observed_r)} R)",
        f"The same alerts the other way round: {r_value(found.inverse_r)} R",
    ]


def _path(shown: Performance) -> str:
    drawdown = f"Deepest drawdown {shown.max_drawdown_r:.1f} R"
    runs = f"longest losing run {shown.longest_losing_run}"
    expected = f"(about {shown.expected_longest_losing_run:.0f} expected at this rate)"
    return f"{drawdown} · {runs} {expected}"


def _of_setup(part: Slice) -> str:
    name, _, version = part.value.rpartition(" ")
    interval = percent_interval(always_valid(part.wins, part.n))
    won = f"{part.wins} of {part.n} = {percent(part.win_rate)} ({interval})"
    needed = percent(part.breakeven_win_rate)
    title = f"{title_of(name)} v{version.partition('.')[0]}"
    return f"  {title}: {won}, needed {needed}, {r_value(part.expectancy_r)} R"


def verdict_sentence(shown: Performance) -> str:
    """Return what a record shows, and how many more alerts a verdict would take."""
    words = VERDICT_WORDS[shown.verdict]
    if shown.verdict in (Verdict.BEATS_COSTS, Verdict.LOSES):
        return f"{words}."
    if shown.alerts_needed is not None:
        words += f", about {shown.alerts_needed} more alerts needed"
    if shown.expectancy_r is not None and shown.expectancy_r != 0:
        words += ". Losing so far" if shown.expectancy_r < 0 else ". Winning so far, unproven"
    return f"{words}."
