"""Golden texts of a day and of a week."""

import html
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.refusal import RefusalCode
from signalbot.record.entries import Head
from signalbot.rendering.digest import REASONS, Day, Week, daily_digest, weekly_report
from signalbot.stats.performance import Performance, performance
from signalbot.stats.sample import Sample
from signalbot.stats.verdict import Verdict

GOLDEN = Path(__file__).parents[2] / "golden"
LIMIT = 4096
SINCE = "2026-11-01"
HEAD = Head(seq=1496, hash="3b1e77c0" + "0" * 56)
NOBODY = performance(Sample.of([]), seed=0)


def buckets(*counts: int) -> dict[OutcomeKind, int]:
    return dict(zip(OutcomeKind, counts, strict=True))


RECORD = Performance(
    alerts=312,
    buckets=buckets(121, 150, 22, 11, 6, 0, 1, 0, 1),
    decided=294,
    wins=129,
    win_rate=129 / 294,
    wilson_95=(0.383, 0.496),
    always_valid_95=(0.344, 0.538),
    breakeven_win_rate=0.472,
    e_value=0.2,
    verdict=Verdict.UNDECIDED,
    alerts_needed=1900,
    expectancy_r=-0.09,
    expectancy_r_95=(-0.22, 0.05),
    profit_factor=0.84,
    max_drawdown_r=31.4,
    longest_losing_run=9,
    expected_longest_losing_run=8.9,
    n_effective=201.0,
    slices=(),
)
FULL_WEEK = replace(
    RECORD,
    alerts=44,
    buckets=buckets(15, 20, 3, 4, 1, 0, 0, 0, 1),
    decided=38,
    wins=16,
    win_rate=16 / 38,
    always_valid_95=(0.25, 0.61),
    expectancy_r=-0.12,
    expectancy_r_95=(-0.45, 0.21),
)
THIN_WEEK = replace(
    RECORD,
    alerts=5,
    buckets=buckets(2, 1, 0, 1, 0, 0, 0, 0, 1),
    decided=3,
    wins=2,
    win_rate=None,
    always_valid_95=(0.1, 0.99),
    expectancy_r=0.3,
    expectancy_r_95=(-1.1, 0.9),
)
NO_TRADE = Day(
    day="2026-12-11",
    pairs=214,
    alerts=0,
    refused={"COST_TOO_HIGH": 48, "BTC_HALT": 9, "STOP_INSIDE_SPREAD": 4},
)
BUSY = replace(NO_TRADE, alerts=3, decided=3, wins=1, net_r=Decimal("-1.314"))


def week(shown: Performance, refused: dict[str, int]) -> Week:
    return Week(first_day="2026-12-07", last_day="2026-12-13", shown=shown, refused=refused)


def digest(day: Day) -> str:
    return daily_digest(day, RECORD, HEAD, SINCE)


GIVEN = {
    "digest_no_trade": digest(NO_TRADE),
    "digest_alerts": digest(BUSY),
    "digest_quiet": digest(replace(NO_TRADE, refused={})),
    "digest_first_day": daily_digest(
        Day(day=SINCE, pairs=1, alerts=1, refused={}), NOBODY, None, None
    ),
    "weekly_full": weekly_report(week(FULL_WEEK, {"BUDGET": 7}), RECORD, HEAD, SINCE),
    "weekly_thin": weekly_report(week(THIN_WEEK, {}), RECORD, HEAD, SINCE),
    "weekly_empty": weekly_report(week(NOBODY, {}), NOBODY, None, None),
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_post_reads_as_the_golden_text(name: str) -> None:
    golden = (GOLDEN / f"{name}.html").read_text(encoding="utf-8").removesuffix("\n")

    assert GIVEN[name] == golden


def test_a_day_without_a_trade_counts_every_match() -> None:
    assert (
        "Today 0 alerts from 214 pairs: 61 matches, refused: costs too high 48, BTC halt 9,"
        " stop inside the spread 4. A day without a trade is a result."
    ) in digest(NO_TRADE)


def test_rates_come_with_their_count_their_interval_and_what_was_needed() -> None:
    for shown in (digest(BUSY), GIVEN["weekly_full"]):
        for line in shown.splitlines():
            if "= " in line:
                assert re.search(r"\d+ of \d+|\d+/\d+", line)
                assert "95 %" in line
        assert "47.2 %" in shown


def test_rare_reasons_are_added_up() -> None:
    counts = {code.value: 100 - rank for rank, code in enumerate(RefusalCode)}

    sentence = digest(replace(NO_TRADE, refused=counts)).splitlines()[1]

    rest = sum(sorted(counts.values(), reverse=True)[REASONS:])
    assert sentence.endswith(f", other reasons {rest}. A day without a trade is a result.")
    assert sentence.count(",") == REASONS + 1


@given(
    refused=st.dictionaries(st.text(max_size=80), st.integers(0, 10**9), max_size=30),
    alerts=st.integers(0, 10**9),
)
def test_any_names_of_reasons_are_harmless_and_short(refused: dict[str, int], alerts: int) -> None:
    huge = week(replace(RECORD, alerts=alerts), refused)

    for text in (
        digest(replace(NO_TRADE, refused=refused, alerts=alerts)),
        weekly_report(huge, RECORD, HEAD, SINCE),
    ):
        assert len(html.unescape(text)) <= LIMIT
        assert "<" not in text
        assert ">" not in text
