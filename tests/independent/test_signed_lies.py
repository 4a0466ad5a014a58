"""Lies of whoever has the key: rightly chained and signed, and found all the same."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from fakes.whole_record import FIRST, drafts_of, lines_of, sealed_again, whole_record

from signalbot.record.entries import Draft, Entry, EntryType

Lie = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def record() -> list[Entry]:
    return whole_record()


def first(record: list[Entry], kind: EntryType) -> int:
    return next(entry.seq for entry in record if entry.type is kind)


def told(verify: ModuleType, lines: list[bytes]) -> str:
    """What `verify.py` says of the first entry that differs."""
    with pytest.raises(verify.DiffersError) as raised:
        feed(verify.Record(), lines)
    return str(raised.value)


def feed(record: Any, lines: list[bytes]) -> None:
    for line in lines:
        record.feed(line)


def with_lie(record: list[Entry], seq: int, lie: Lie) -> list[bytes]:
    """The record with one body changed, and everything after it sealed again."""
    drafts: list[Draft] = drafts_of(record)
    body = json.loads(json.dumps(drafts[seq - 1].body))
    lie(body)
    drafts[seq - 1] = replace(drafts[seq - 1], body=body)
    return lines_of(sealed_again(drafts))


@pytest.mark.parametrize(
    ("kind", "lie"),
    [
        (EntryType.OUTCOME, lambda body: body.update(outcome="EXPIRED")),
        (EntryType.OUTCOME, lambda body: body.update(net_r="2.0000000000")),
        (EntryType.OUTCOME, lambda body: body.update(ambiguous=True)),
        (EntryType.OUTCOME, lambda body: body["evidence"]["rows"].pop()),
        (EntryType.OUTCOME, lambda body: body["evidence"]["rows"].append("1,1,1,1,1,1")),
        (EntryType.OUTCOME, lambda body: body["evidence"].update(funding=["1,9,9"], rows=[])),
        (EntryType.OUTCOME, lambda body: body.update(alert_seq=10**9)),
        (EntryType.OUTCOME, lambda body: body.update(exit_at="\x1b[2J")),
        (EntryType.ALERT, lambda body: body.update(side="short")),
        (EntryType.ALERT, lambda body: body.update(breakeven_win_rate="nan")),
        (EntryType.ALERT, lambda body: body.update(stop=body["entry"])),
        (EntryType.ALERT, lambda body: body.pop("tick")),
        (EntryType.PUBLISHED, lambda body: body.update(published_at="yesterday")),
        (EntryType.CHECKPOINT, lambda body: body.update(size=1)),
        (EntryType.CHECKPOINT, lambda body: body.update(merkle_root="0" * 64)),
        (EntryType.KEY, lambda body: body.update(retired="0" * 64)),
        (EntryType.CORRECTION, lambda body: body.update(corrects=1)),
        (EntryType.CORRECTION, lambda body: body.update(corrects=None)),
        (EntryType.RULES, lambda body: body.update(venue="elsewhere")),
    ],
)
def test_a_signed_lie_is_named_at_its_entry(
    verify: ModuleType, record: list[Entry], kind: EntryType, lie: Lie
) -> None:
    seq = first(record, kind)

    said = told(verify, with_lie(record, seq, lie))

    assert said.startswith(f"entry #{seq} differs: ")
    assert said.isprintable()  # nothing in it moves the cursor of a terminal


def test_funding_from_before_the_fill_is_not_charged(
    verify: ModuleType, record: list[Entry]
) -> None:
    seq = first(record, EntryType.OUTCOME)
    body = record[seq - 1].body
    before = verify.millis(body["filled_at"])

    def charged(lie: dict[str, Any]) -> None:
        lie["evidence"]["funding"] = [f"{before},0.01,100"]
        lie["net_r"] = "0.0000000000"

    assert "its net_r is" in told(verify, with_lie(record, seq, charged))


@pytest.mark.parametrize("lie", ["yesterday", "2025-05-04T14:32:00Z", ""])
def test_a_time_is_written_in_one_way(verify: ModuleType, record: list[Entry], lie: str) -> None:
    entry = record[0]
    fields = json.loads(entry.line()) | {"ts": lie}
    signed = {name: fields[name] for name in verify.SIGNED}
    digest = verify.sha256(verify.canonical(signed)).hexdigest()
    fields |= {"hash": digest, "sig": FIRST.sign(digest)}

    assert re.match("entry #1 differs", told(verify, [verify.canonical(fields) + b"\n"]))


def test_a_blank_in_a_signature_is_a_change(verify: ModuleType, record: list[Entry]) -> None:
    fields = json.loads(record[0].line())
    fields["sig"] = f"{fields['sig'][:2]} {fields['sig'][2:]}"

    said = told(verify, [verify.canonical(fields) + b"\n"])

    assert "its signature is not by the key in force" in said
