"""The weekly review, in Telegram's HTML (at most 4096 characters): what was kept comes first.

It names numbers and alerts, praises nobody, and speaks of a larger size only behind the gate.
"""

from collections.abc import Iterable, Sequence
from html import escape

from signalbot.domain.rounding import plain
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.outcomes.own_trade import LateEntry
from signalbot.outcomes.rule_breaks import BreakKind, RuleBreak
from signalbot.rendering.figures import money, percent, percent_interval, r_value
from signalbot.setups.catalogue import title_of
from signalbot.stats.own_cells import Cell, FailingCells
from signalbot.stats.review import MeanSlippage, Review, Totals
from signalbot.stats.scaling import DAYS_IN_A_ROW, SetupVersion
from signalbot.stats.verdict import MIN_DECIDED

LISTED = 8
"""Alerts that are named of one kind; the rest is counted."""
CELLS = 3
"""Failing cells of one kind that are named, the worst."""


def review_text(shown: Review) -> str:
    """Return a reader's week."""
    lines = [_title(shown), _marks(shown)]
    if shown.taken:
        lines += ["", *_discipline(shown), "", *_results(shown)]
    lines += _skipped(shown)
    lines += ["", *_cells(shown.cells), _gate(shown)]
    return "\n".join(lines)


def _title(shown: Review) -> str:
    first = shown.clock.shown(shown.since)[:10]
    last = shown.clock.shown(shown.until - 1)[:10]
    return f"Your week {first} to {last} ({shown.clock.name})"


def _marks(shown: Review) -> str:
    unmarked = shown.published - shown.taken - shown.skipped
    return (
        f"Alerts {shown.published}: taken {shown.taken} · skipped {shown.skipped}"
        f" · not marked {unmarked}"
    )


def _discipline(shown: Review) -> list[str]:
    lines = [f"Plans followed: {shown.kept} of {shown.closed} closed trades"]
    lines.append(f"Rule-breaks: {len(shown.breaks)}")
    lines += _listed([_rule_break(found) for found in shown.breaks])
    lines.append(f"Late entries: {len(shown.late)}")
    lines += _listed([_late(found) for found in shown.late])
    if shown.untold:
        numbers = " ".join(f"#{seq}" for seq in shown.untold[:LISTED])
        more = "" if len(shown.untold) <= LISTED else " and more"
        lines.append(f"Fill or exit not told: {len(shown.untold)} ({numbers}{more})")
    return lines


def _listed(lines: Sequence[str]) -> list[str]:
    more = len(lines) - LISTED
    return [f"  {line}" for line in lines[:LISTED]] + ([f"  and {more} more"] if more > 0 else [])


def _rule_break(found: RuleBreak) -> str:
    match found.kind:
        case BreakKind.RISK_ABOVE_PLAN:
            what = f"{money(found.was)} USDT at the stop, your plan allows {money(found.allowed)}"
        case BreakKind.BEYOND_STOP:
            what = f"lost {found.was:.2f} R, the stop would have been {found.allowed:.2f} R"
        case _:
            what = f"added to an open trade, {plain(found.was)} on the same coin and side"
    return f"#{found.alert_seq} {what}"


def _late(found: LateEntry) -> str:
    parts = []
    if found.late_ms:
        minutes = -(-found.late_ms // MINUTE_MS)  # begun minutes
        parts.append(f"{minutes} min after it was valid")
    if found.beyond:
        parts.append(f"{plain(found.beyond)} beyond the do-not-chase price")
    return f"#{found.alert_seq} {', '.join(parts)}"


def _results(shown: Review) -> list[str]:
    lines = [
        f"Own result {name}: {_total(total)}"
        for name, total in (("with money", shown.with_money), ("on paper", shown.on_paper))
        if total.n
    ] or ["Own result: no closed trade"]
    compared = shown.compared
    if compared.n:
        lines.append(
            f"The ledger on the same alerts (n {compared.n}): {r_value(compared.ledger_r)} R,"
            f" you {r_value(compared.own_r)} R"
        )
    if shown.slippage is not None:
        lines.append(_slippage(shown.slippage))
    return lines


def _total(total: Totals) -> str:
    text = f"{r_value(total.net_r)} R after costs, {total.wins} of {total.n} won"
    if total.money_n:
        text += f", {total.money:+,.2f} USDT"
        if total.money_n < total.n:
            text += f" (of the {total.money_n} with a quantity)"
    return text


def _slippage(mean: MeanSlippage) -> str:
    return (
        f"Your fills against the ledger's: {mean.bps:+.1f} bp, {r_value(mean.r)} R on average"
        f" (n {mean.n}; + is worse). The ledger adds {mean.assumed_bps:.1f} bp to its own."
    )


def _skipped(shown: Review) -> list[str]:
    winners, losers = shown.skipped_winners, shown.skipped_losers
    if not winners.n + losers.n:
        return []
    net = winners.net_r + losers.net_r
    verdict = f"cost {net:.2f} R" if net > 0 else f"saved {abs(net):.2f} R"
    return [
        "",
        f"Skipped winners {winners.n}: {r_value(winners.net_r)} R"
        f" · skipped losers {losers.n}: {r_value(losers.net_r)} R",
        f"Skipping {verdict} by the ledger (n {winners.n + losers.n})",
    ]


def _cells(cells: FailingCells) -> Iterable[str]:
    yield "Where you lost, over your whole journal:"
    for by, name in (("hour", "hours"), ("volatility", "BTC volatility")):
        if not cells.is_told(by):
            yield (
                f"  {name}: not enough data, one needs {MIN_DECIDED} closed trades,"
                f" the fullest has {cells.largest.get(by, 0)}"
            )
            continue
        failing = [cell for cell in cells.failing if cell.by == by][:CELLS]
        if not failing:
            yield f"  {name}: none that has {MIN_DECIDED} closed trades lost on average"
        yield from (f"  {_cell(cell)}" for cell in failing)


def _cell(cell: Cell) -> str:
    where = f"BTC volatility {escape(cell.value)}"
    if cell.by == "hour":
        where = f"{cell.value}:00 to {cell.value}:59 your time"
    certainty = "too few" if cell.is_certain else "not decided"
    return (
        f"{where}: {r_value(cell.mean_r)} R a trade, {cell.wins} of {cell.n} won"
        f" (95 % {percent_interval(cell.win_rate_95)}), needed"
        f" {percent(cell.breakeven_win_rate)}: {certainty}"
    )


def _gate(shown: Review) -> str:
    days = f"Profitable days in a row at the rules: {shown.gate.days}, asked are {DAYS_IN_A_ROW}."
    if not shown.gate.is_reached:
        return f"{days} The size stays as it is."
    if shown.unproven:
        names = ", ".join(_setup(setup) for setup in shown.unproven[:CELLS])
        return f"{days} Not proven yet: {names}. So it stays on paper."
    return (
        f"{days} All with setups that beat their costs so far: the next step up is one micro"
        f" contract more, at the same risk of {plain(shown.profile.risk_pct)} % an alert."
    )


def _setup(setup: SetupVersion) -> str:
    name, version = setup
    return f"{escape(title_of(name))} v{version.partition('.')[0]}"
