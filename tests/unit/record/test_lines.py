import json

import pytest
from fakes.whole_record import lines_of, whole_record
from hypothesis import given
from hypothesis import strategies as st

from signalbot.record.chain import ChainError
from signalbot.record.lines import read_line

ENTRIES = whole_record()
LINES = lines_of(ENTRIES)
GENESIS = LINES[0]


def refused(line: bytes) -> str:
    with pytest.raises(ChainError) as caught:
        read_line(line, 7)
    assert caught.value.seq == 7
    assert str(caught.value).isprintable()
    return str(caught.value).removeprefix("ledger entry #7: ")


def test_a_line_is_read_as_the_entry_that_wrote_it() -> None:
    assert [read_line(line, seq) for seq, line in enumerate(LINES, start=1)] == ENTRIES


@pytest.mark.parametrize(
    "other",
    [
        GENESIS.replace(b'"seq":1', b'"seq": 1'),
        b" " + GENESIS,
        GENESIS.replace(b"\n", b" \n"),
        GENESIS.replace(b"\n", b"\r\n"),
        GENESIS.replace(b"signalbot", b"\\u0073ignalbot"),
        GENESIS.replace(b'{"body"', b'{"v":1,"body"'),
        json.dumps(json.loads(GENESIS)).encode() + b"\n",
    ],
    ids=["space", "before", "behind", "carriage return", "escaped", "twice", "another order"],
)
def test_another_spelling_of_the_same_entry_is_refused(other: bytes) -> None:
    assert json.loads(other) == json.loads(GENESIS)

    assert refused(other) == "is not written in the canonical form"


def test_a_line_that_no_line_feed_ends_is_cut_off() -> None:
    assert "cut off" in refused(GENESIS.rstrip(b"\n"))
    assert "cut off" in refused(b"")


@pytest.mark.parametrize(
    "fields",
    [
        {"extra": 1},
        {"v": "1"},
        {"v": True},
        {"seq": None},
        {"seq": 1.0},
        {"type": 7},
        {"type": "gossip"},
        {"ts": "yesterday"},
        {"ts": "2025-05-04T14:32:02Z"},
        {"ts": "2025-05-04T14:32:02.500+00:00"},
        {"ts": "99999-05-04T14:32:02.500Z"},
        {"prev": 0},
        {"body": []},
        {"hash": None},
        {"sig": {}},
    ],
)
def test_a_field_of_another_kind_is_refused(fields: dict[str, object]) -> None:
    told = json.loads(GENESIS) | fields
    line = json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"

    assert "cannot be read" in refused(line)


@pytest.mark.parametrize("name", json.loads(GENESIS))
def test_a_missing_field_is_refused(name: str) -> None:
    told = {key: value for key, value in json.loads(GENESIS).items() if key != name}

    assert "no object with exactly" in refused(json.dumps(told).encode() + b"\n")


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"\xff\xfe\n",
        b"\x00\n",
        b"null\n",
        b"[" * 100_000 + b"\n",
        GENESIS.replace(b'"seq":1', b'"seq":' + b"1" * 5_000),
        GENESIS.replace(b'"kind":"simulation"', b'"kind":NaN'),
        GENESIS.replace(b'"kind":"simulation"', b'"kind":1.5'),
        GENESIS.replace(b"simulation", b"\\ud800"),
    ],
    ids=["empty", "bytes", "nul", "null", "deep", "huge", "nan", "float", "surrogate"],
)
def test_hostile_bytes_are_refused_in_one_line(line: bytes) -> None:
    assert refused(line)


@given(line=st.binary(max_size=200))
def test_whatever_bytes_come_the_answer_is_an_entry_or_a_reason(line: bytes) -> None:
    assert refused(line)
