"""What a lesson says of real funding is what the venue paid."""

import csv
import os
from pathlib import Path

import pytest

from signalbot.domain.timeframe import day
from signalbot.rendering.lessons import LESSONS

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SIGNALBOT_SHARED", REPOSITORY.parent / "shared")).absolute()
FILE = SHARED / "data" / "funding" / "LAYER_USDT_USDT.csv"


def test_the_payments_of_a_small_coin_are_those_of_the_lesson() -> None:
    if not FILE.is_file():
        pytest.skip("real funding needs the shared market data")
    with FILE.open(encoding="utf-8") as file:
        rows = [(int(row["time"]), float(row["rate"])) for row in csv.DictReader(file)]
    high = [rate for _, rate in rows if abs(rate) >= 0.001]
    text = next(lesson.text for lesson in LESSONS if lesson.name == "funding")

    assert (day(rows[0][0]), day(rows[-1][0])) == ("2025-03-16", "2025-06-03")
    assert "From 16 March to 3 June 2025" in text
    assert f"LAYER had {len(rows)} payments: {len(high)} were 0.1 % or more" in text
    assert f"the largest {100 * max(map(abs, high)):.0f} %, and shorts paid them" in text
    assert max(high) < 0
