"""When a minute is decided, by how its venue tells that candles are closed."""

import pytest

from signalbot.app.decision_delay import ASKED_FOR_MS, for_venue, in_sandbox
from signalbot.config import load_settings


@pytest.mark.parametrize("venue", ["binanceusdm", "bybit"])
def test_where_frames_say_so_the_usual_delay_is_kept(venue):
    settings = load_settings({"SIGNALBOT_VENUES": venue}, None)
    assert for_venue(settings).rules.decision_delay_ms == 2_500


@pytest.mark.parametrize("venue", ["bingx", "weex", "mexc", "bitget"])
def test_where_all_have_to_be_asked_for_there_is_time_for_it(venue):
    settings = load_settings({"SIGNALBOT_VENUES": f"{venue},binanceusdm"}, None)
    assert for_venue(settings).rules.decision_delay_ms == ASKED_FOR_MS


def test_what_was_configured_stands():
    given = {"SIGNALBOT_VENUES": "mexc", "SIGNALBOT_DECISION_DELAY_MS": "9000"}
    settings = load_settings(given, None)

    assert for_venue(settings).rules.decision_delay_ms == 9_000
    assert in_sandbox(settings, 60).rules.decision_delay_ms == 9_000


@pytest.mark.parametrize(("speed", "delay"), [(1, 2_500), (60, 15_000), (120, 30_000)])
def test_a_sandbox_decides_later_by_its_own_clock_the_faster_it_runs(speed, delay):
    assert in_sandbox(load_settings({}, None), speed).rules.decision_delay_ms == delay
