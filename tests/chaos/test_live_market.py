"""Hundreds of faults of a venue while a live bot watches it for half an hour and longer."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from fakes.market_chaos import Story, Told, play

FAULTS = int(os.environ.get("MARKET_FAULTS", "1000"))
MINUTES = 45
EVERY_KIND = {
    *("reply", "delay", "drop", "half", "skip", "double", "shuffle"),
    *("lose", "repeat", "late", "garble", "cut", "skewed", "delisted", "renamed"),
    *("line_dropped", "line_muted", "line_expired", "refused", "status_429"),
    *("reply_418", "reply_429", "reply_451", "reply_500", "reply_503"),
}

OF_BINANCE = {"status_429"}
OF_CHANCE = {kind for kind in EVERY_KIND if kind.startswith("reply_")}
LONG = Story(
    venue="binanceusdm", seed=19, pairs=16, speed=15.0, minutes=MINUTES, faults=FAULTS, steady=4
)
SHORT = Story(venue="bybit", seed=28, pairs=6, speed=15.0, minutes=10, faults=200)


def told(folder: Path, story: Story, capsys: pytest.CaptureFixture[str]) -> Told:
    became = asyncio.run(play(folder, story))
    with capsys.disabled():
        sys.stdout.write(f"\n{story.venue}: {became}\n")
    return became


def test_a_live_market_bears_every_fault_of_its_venue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    became = told(tmp_path, LONG, capsys)

    assert set(became.struck) >= EVERY_KIND
    assert became.minutes >= 30
    assert became.total >= 500
    assert became.figures["matches"] > 0


def test_so_does_one_in_the_words_of_bybit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    became = told(tmp_path, SHORT, capsys)

    assert set(became.struck) >= EVERY_KIND - OF_BINANCE - OF_CHANCE
