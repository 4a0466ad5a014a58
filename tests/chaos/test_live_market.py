"""Hundreds of faults of a venue while a live bot watches it for half an hour and longer."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from fakes.market_chaos import Story, play

FAULTS = int(os.environ.get("MARKET_FAULTS", "1000"))
MINUTES = 45
EVERY_KIND = {
    *("reply", "delay", "drop", "half", "skip", "double", "shuffle"),
    *("lose", "repeat", "late", "garble", "cut", "skewed", "delisted", "renamed"),
    *("line_dropped", "line_muted", "line_expired", "refused", "status_429"),
    *("reply_418", "reply_429", "reply_451", "reply_500", "reply_503"),
}


def test_a_live_market_bears_every_fault_of_its_venue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = Story(venue="binanceusdm", seed=2, pairs=16, speed=15.0, minutes=MINUTES, faults=FAULTS)
    told = asyncio.run(play(tmp_path, story))
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")

    assert set(told.struck) >= EVERY_KIND
    assert told.minutes >= 30
    assert told.total >= 500
    assert told.figures["matches"] > 0
