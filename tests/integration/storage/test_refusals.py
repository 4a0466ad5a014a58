from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from signalbot.domain.refusal import RefusalCode
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS
from signalbot.service.ports import Refusals, RefusedMatch
from signalbot.storage.database import open_database
from signalbot.storage.refusals import SqlRefusals

MATCH = RefusedMatch(
    alert_id="a",
    refused_at=0,
    setup="range_breakout",
    symbol="LAYER/USDT:USDT",
    side=Side.LONG,
    code=RefusalCode.COST_TOO_HIGH,
    message="the cost is 0.31 R, more than 0.25 R",
)


@pytest.fixture
def refusals(engine: Engine) -> Refusals:
    return SqlRefusals(engine)


def test_refused_matches_are_counted_by_name_and_utc_day(refusals: Refusals) -> None:
    refusals.add(
        [
            MATCH,
            replace(MATCH, alert_id="b", refused_at=DAY_MS - 1),
            replace(MATCH, alert_id="c", code=RefusalCode.BUDGET),
            replace(MATCH, alert_id="d", refused_at=DAY_MS),
        ]
    )

    assert refusals.counts("1970-01-01") == {"COST_TOO_HIGH": 2, "BUDGET": 1}
    assert refusals.counts("1970-01-02") == {"COST_TOO_HIGH": 1}


def test_a_day_without_a_refusal_has_no_counts(refusals: Refusals) -> None:
    refusals.add([])

    assert refusals.counts("1970-01-01") == {}


def test_one_that_is_stored_already_is_left_as_it_is(refusals: Refusals) -> None:
    refusals.add([MATCH])

    refusals.add([replace(MATCH, code=RefusalCode.BUDGET), replace(MATCH, alert_id="b")])

    assert refusals.counts("1970-01-01") == {"COST_TOO_HIGH": 2}


def test_refused_matches_are_still_there_when_the_database_is_opened_again(
    refusals: Refusals, path: Path
) -> None:
    refusals.add([MATCH])

    with open_database(path) as engine:
        assert SqlRefusals(engine).counts("1970-01-01") == {"COST_TOO_HIGH": 1}
