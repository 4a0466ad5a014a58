from dataclasses import replace

import pytest
from fakes.stage import CALM, CLOSE, DEAR, LAYER, TOY, Stage, decided_at

from signalbot.analysis.btc_context import BtcState
from signalbot.domain.timeframe import DAY_MS, day, from_iso
from signalbot.service.tell_places import halt_post_of, is_halted, posts_of_day

TODAY = day(CLOSE)  # a Sunday
HALTED = replace(CALM, halted=True, return_5m=-0.011, z_5m=6.2)


@pytest.fixture
def traded(stage: Stage) -> Stage:
    """One day with an alert that won, one that is open, and one refused match."""
    stage.pass_minute(0, matches=[stage.match(), stage.match(symbol=TOY), stage.match(symbol=DEAR)])
    stage.pass_minute(1)
    stage.pass_minute(2, {LAYER: (100, 101.2, 99.8, 101)})
    return stage


def told(stage: Stage, of_day: str) -> dict[str, str]:
    posts = posts_of_day(stage.recording, stage.refusals, 3, of_day, decided_at(3))
    return {post.subject: post.html for post in posts}


class TestPostsOfDay:
    def test_the_digest_counts_alerts_refusals_and_what_was_decided(self, traded: Stage) -> None:
        html = told(traded, TODAY)[f"digest:{TODAY}"]

        assert html.startswith(f"{TODAY} UTC\nToday 2 alerts from 3 pairs: 3 matches, refused: ")
        assert "1 of 1 won after costs, +1.00 R together" in html

    def test_a_sunday_is_followed_by_the_report_of_its_week(self, traded: Stage) -> None:
        html = told(traded, TODAY)[f"week:{TODAY}"]

        assert html.startswith("Week 2025-04-28 to 2025-05-04 UTC: 2 alerts")
        assert "3 matches, refused: " in html

    def test_another_day_has_no_weekly_report(self, traded: Stage) -> None:
        tomorrow = day(from_iso(TODAY) + DAY_MS)

        assert list(told(traded, tomorrow)) == [f"digest:{tomorrow}"]

    def test_a_day_without_a_trade_is_told_too(self, traded: Stage) -> None:
        tomorrow = day(from_iso(TODAY) + DAY_MS)

        assert "A day without a trade is a result." in told(traded, tomorrow)[f"digest:{tomorrow}"]

    def test_a_record_without_an_alert_has_a_digest(self, stage: Stage) -> None:
        assert "0 alerts" in told(stage, TODAY)[f"digest:{TODAY}"]


@pytest.mark.parametrize(
    ("was", "btc", "now", "said"),
    [
        (None, None, None, None),
        (None, CALM, False, None),
        (None, HALTED, True, "BTC moved -1.1 % in 5 minutes (6.2 sigma)"),
        (False, CALM, False, None),
        (False, HALTED, True, "No new alerts until it has been calm"),
        (False, None, True, "BTC's candles have a gap"),
        (True, None, True, None),
        (True, HALTED, True, None),
        (True, CALM, False, "The HALT is over"),
    ],
)
def test_a_halt_is_told_when_it_begins_and_when_it_ends(
    was: bool | None, btc: BtcState | None, now: bool | None, said: str | None
) -> None:
    post = halt_post_of(was, btc, CLOSE)

    assert is_halted(was, btc) is now
    if said is None:
        assert post is None
    else:
        assert post is not None
        assert said in post.html
        assert post.subject == f"{'halt' if now else 'calm'}:{CLOSE}"
        assert post.expires_at > CLOSE
