from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from fakes.archive import FakeArchive
from fakes.stage import LAYER, TAKER_RATES, TOY, Stage
from fakes.whole_record import (
    FIRST,
    SECOND,
    begun,
    drafts_of,
    fill_gap,
    lines_of,
    play,
    sealed_again,
    whole_record,
)

from signalbot.domain.candles import Candle
from signalbot.record.chain import ChainError
from signalbot.record.entries import Draft, EntryType
from signalbot.service.verify import Held, verify

ENTRIES = whole_record()
LINES = lines_of(ENTRIES)
ALERT, TARGET, STOP, GAP, NOT_PUBLISHED, CORRECTION = 4, 8, 9, 12, 14, 19
NOTHING = Held(heads={})
Change = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture
def recorded() -> dict[str, list[Candle]]:
    """The candles that are known after all is over, by symbol."""
    stage = Stage()
    begun(stage, FIRST)
    play(stage)
    fill_gap(stage)
    return {symbol: stage.history.candles[pair] for pair, symbol in enumerate(TAKER_RATES)}


def with_body(seq: int, change: Change) -> list[bytes]:
    drafts = drafts_of(ENTRIES[:seq])
    last = replace(drafts[-1], body=change(dict(drafts[-1].body)))
    return lines_of(sealed_again([*drafts[:-1], last]))


def why(lines: list[bytes], seq: int, archive: FakeArchive | None = None) -> str:
    with pytest.raises(ChainError) as caught:
        verify(lines, NOTHING, archive)
    assert caught.value.seq == seq, caught.value
    return str(caught.value)


def in_evidence(**fields: object) -> Change:
    return lambda body: body | {"evidence": body["evidence"] | fields}


def test_a_record_that_holds_is_described() -> None:
    found = verify(LINES, NOTHING)

    assert found.head == ENTRIES[-1].head
    assert found.keys == (FIRST.public_key, SECOND.public_key)
    assert found.counts[EntryType.ALERT] == 4
    assert (found.derived, found.gaps, found.overdue) == (5, 0, ())
    assert (found.key_is_held, found.heads_held) == (False, 0)
    assert (found.on_candles, found.uncovered) == (None, None)


def test_a_gap_that_was_not_corrected_is_counted() -> None:
    assert verify(LINES[:GAP], NOTHING).gaps == 1


def test_what_a_reader_holds_is_compared() -> None:
    held = Held(key=SECOND.public_key, heads={ALERT: ENTRIES[ALERT - 1].hash[:8]})

    found = verify(LINES, held)

    assert (found.key_is_held, found.heads_held) == (True, 1)
    with pytest.raises(ChainError, match="which a reader holds"):
        verify(LINES, Held(heads={ALERT: "00000000"}))
    with pytest.raises(ChainError, match="signed with the key 00"):
        verify(LINES, Held(key="00" * 32, heads={}))


@pytest.mark.parametrize("seq", [TARGET, STOP, GAP, CORRECTION])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("net_r", "2.0000000000"),
        ("gross_r", "2.0000000000"),
        ("worst_net_r", "-0.5000000000"),
        ("ambiguous", "yes"),
        ("fill_price", "99.9"),
        ("filled_at", None),
        ("exit_price", "123"),
        ("exit_at", "2025-05-04T14:35:00.000Z"),
        ("candles_hash", "0" * 64),
        ("comment", "moon"),
    ],
)
def test_an_outcome_that_does_not_follow_from_its_evidence_is_named(
    seq: int, field: str, value: object
) -> None:
    said = why(with_body(seq, lambda body: body | {field: value}), seq)

    assert f"its {field} is {value}, derived again it is " in said


def test_another_kind_of_outcome_than_the_evidence_gives_is_named() -> None:
    said = why(with_body(STOP, lambda body: body | {"outcome": "EXPIRED"}), STOP)

    assert "its outcome is EXPIRED, derived again it is STOP" in said


def test_a_row_less_or_more_than_decided_is_named() -> None:
    rows = ENTRIES[TARGET - 1].body["evidence"]["rows"]
    behind = rows[-1].replace(rows[-1].split(",")[0], str(int(rows[-1].split(",")[0]) + 60_000))

    for other in (rows[:-1], rows[1:], [*rows, behind]):
        assert "derived again" in why(with_body(TARGET, in_evidence(rows=other)), TARGET)


@pytest.mark.parametrize(
    "evidence",
    [{"rows": ["1,2"]}, {"rows": 7}, {"rows": [7]}, {"funding": ["1,2"]}, {"quote": 7}],
)
def test_evidence_that_cannot_be_read_is_named(evidence: dict[str, object]) -> None:
    said = why(with_body(TARGET, in_evidence(**evidence)), TARGET)

    assert "its evidence cannot be read" in said


def test_what_was_not_published_has_nothing_but_its_name() -> None:
    lines = with_body(NOT_PUBLISHED, lambda body: body | {"net_r": "1.0000000000"})

    assert "its net_r is 1.0000000000, derived again it is None" in why(lines, NOT_PUBLISHED)


def test_outcomes_are_derived_from_candle_files_too(recorded: dict[str, list[Candle]]) -> None:
    found = verify(LINES, NOTHING, FakeArchive(recorded))

    assert (found.on_candles, found.uncovered) == (4, 0)


def test_what_no_file_covers_is_counted(recorded: dict[str, list[Candle]]) -> None:
    found = verify(LINES, NOTHING, FakeArchive({TOY: recorded[TOY]}))
    assert (found.on_candles, found.uncovered) == (2, 2)

    late = {LAYER: recorded[LAYER][3:], TOY: recorded[TOY]}
    found = verify(LINES, NOTHING, FakeArchive(late))
    assert (found.on_candles, found.uncovered) == (3, 1)


def test_files_that_end_before_the_decision_cover_it_not(
    recorded: dict[str, list[Candle]],
) -> None:
    found = verify(LINES, NOTHING, FakeArchive({LAYER: recorded[LAYER][:2]}))

    assert found.uncovered == 3


def test_an_outcome_that_the_candle_files_contradict_is_named(
    recorded: dict[str, list[Candle]],
) -> None:
    rows = recorded[LAYER]
    rows[1] = replace(rows[1], low=Decimal(98), close=Decimal(98))

    said = why(LINES, TARGET, FakeArchive(recorded))

    assert "by the candle files its" in said


def test_a_price_of_a_row_that_the_files_do_not_have_is_named(
    recorded: dict[str, list[Candle]],
) -> None:
    recorded[LAYER][1] = replace(recorded[LAYER][1], high=Decimal("100.3"))

    assert "its rows is another one" in why(LINES, TARGET, FakeArchive(recorded))


def test_a_volume_decides_nothing(recorded: dict[str, list[Candle]]) -> None:
    files = {
        symbol: [replace(row, volume=row.volume + 1) for row in rows]
        for symbol, rows in recorded.items()
    }

    assert verify(LINES, NOTHING, FakeArchive(files)).on_candles == 4


def test_a_gap_that_the_files_do_not_show_is_named(recorded: dict[str, list[Candle]]) -> None:
    until_the_gap = LINES[:GAP]

    said = why(until_the_gap, GAP, FakeArchive(recorded))

    assert "derived again it is" in said


def test_a_gap_that_only_a_late_candle_shows_is_one(recorded: dict[str, list[Candle]]) -> None:
    rows = recorded[LAYER]
    cut = [row for row in rows if row.open_time <= rows[4].open_time]
    much_later = replace(rows[-1], open_time=rows[-1].open_time + 86_400_000)
    assert len(cut) < len(rows)

    found = verify(LINES[:GAP], NOTHING, FakeArchive(recorded | {LAYER: [*cut, much_later]}))

    assert (found.on_candles, found.uncovered) == (3, 0)


def test_an_outcome_that_was_corrected_need_not_follow_from_later_files(
    recorded: dict[str, list[Candle]],
) -> None:
    found = verify(LINES[:CORRECTION], NOTHING, FakeArchive(recorded))

    assert (found.derived, found.on_candles) == (5, 4)


def test_drafts_are_what_the_entries_were() -> None:
    drafts: list[Draft] = drafts_of(ENTRIES)

    assert sealed_again(drafts) == ENTRIES
