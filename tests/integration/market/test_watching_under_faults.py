"""A live market on a venue that fails in every way: what is stored and decided is right."""

import asyncio
from pathlib import Path

from fakes.market_chaos import Story, play

STORY = Story(venue="binanceusdm", seed=28, pairs=6, speed=40.0, minutes=5, faults=50)


def test_every_candle_is_the_venues_and_no_pair_is_decided_without(tmp_path: Path) -> None:
    told = asyncio.run(play(tmp_path, STORY))

    assert told.total >= STORY.faults
    assert told.minutes >= STORY.minutes
