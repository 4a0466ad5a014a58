"""The one line that a record is quoted by: no rate without its count, interval and break-even."""

from signalbot.domain.outcome import OutcomeKind
from signalbot.record.entries import Head
from signalbot.rendering.figures import percent, percent_interval, r_value
from signalbot.stats.disclosure import voids
from signalbot.stats.performance import Performance
from signalbot.stats.verdict import MIN_DECIDED


def headline(shown: Performance, head: Head | None, since: str | None) -> str:
    """Return a record in one line; `since` is the UTC day of its first alert.

    ::

        120/170 net-positive = 70.6 % (95 % always-valid 58-81 %) - needs 75.0 % to break even
        - net -0.09 R per alert - voids 2, open 1, since 2026-11-01, ledger head #142 9f3c...

    Below 30 decided alerts: counts, and no rate.
    """
    facts = [f"voids {voids(shown.buckets)}", f"open {shown.buckets[OutcomeKind.OPEN]}"]
    if since is not None:
        facts.append(f"since {since}")
    if head is not None:
        facts.append(f"ledger head #{head.seq} {head.hash[:4]}...")
    return " - ".join(
        [f"{shown.wins}/{shown.decided} net-positive{_rest(shown)}", ", ".join(facts)]
    )


def _rest(shown: Performance) -> str:
    needed, net = shown.breakeven_win_rate, shown.expectancy_r
    if shown.win_rate is None or needed is None or net is None:
        return f", not enough data (a rate is shown from {MIN_DECIDED} on)"
    interval = percent_interval(shown.always_valid_95)
    return (
        f" = {percent(shown.win_rate)} (95 % always-valid {interval})"
        f" - needs {percent(needed)} to break even - net {r_value(net)} R per alert"
    )
