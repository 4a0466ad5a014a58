"""A live market on a venue that fails in every way: what is stored and decided is right."""

import asyncio
from pathlib import Path

import pytest
from fakes.market_chaos import Story, play

SHORT = {"pairs": 6, "speed": 30.0, "minutes": 5, "faults": 50}


@pytest.mark.parametrize("venue", ["binanceusdm"])
def test_every_candle_is_the_venues_and_no_pair_is_decided_without(
    tmp_path: Path, venue: str
) -> None:
    told = asyncio.run(play(tmp_path, Story(venue=venue, seed=1, **SHORT)))

    assert told.total >= SHORT["faults"]
