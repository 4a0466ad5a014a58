"""Whoever changes a record is found at the first entry that differs."""

import random
from copy import copy
from dataclasses import replace

import pytest
from fakes.whole_record import (
    FIRST,
    SECOND,
    drafts_of,
    lines_of,
    sealed_again,
    whole_record,
)
from hypothesis import given
from hypothesis import strategies as st

from signalbot.record.chain import BEFORE_FIRST, ChainError, seal
from signalbot.record.entries import EntryType
from signalbot.record.signing import Signer
from signalbot.record.verification import Verification

ENTRIES = whole_record()
LINES = lines_of(ENTRIES)
SEQS = st.integers(1, len(LINES))


def fed(verification: Verification, lines: list[bytes]) -> Verification:
    for line in lines:
        verification.feed(line)
    return verification


def verified(lines: list[bytes], heads: dict[int, str] | None = None) -> Verification:
    return fed(Verification(heads), lines)


PREFIXES = [Verification()]
for line_ in LINES:
    PREFIXES.append(copy(PREFIXES[-1]))
    PREFIXES[-1].feed(line_)


def first_difference(seq: int, lines: list[bytes]) -> int:
    """Return the entry that differs where the lines from `seq` on are these."""
    with pytest.raises(ChainError) as caught:
        fed(copy(PREFIXES[seq - 1]), lines)
    return caught.value.seq


def test_a_record_that_holds_is_described() -> None:
    verification = verified(LINES)
    verification.finish()

    assert verification.link.head == ENTRIES[-1].head
    assert verification.keys == [FIRST.public_key, SECOND.public_key]
    assert set(verification.counts) == set(EntryType)
    assert sum(verification.counts.values()) == len(ENTRIES)
    assert [each.published_at is None for each in verification.alerts.values()] == [
        False,
        False,
        False,
        True,
    ]


def test_a_copy_goes_on_alone() -> None:
    for seq in range(len(LINES) + 1):
        verification = fed(copy(PREFIXES[seq]), LINES[seq:])

        assert verification.link == PREFIXES[-1].link
        assert verification.alerts == PREFIXES[-1].alerts
        assert PREFIXES[seq].link.head.seq == seq


@pytest.mark.parametrize("seq", range(1, len(LINES) + 1))
def test_a_changed_byte_is_found_at_its_entry(seq: int) -> None:
    line = LINES[seq - 1]
    drawn = random.Random(seq)  # noqa: S311 - no secret
    for place in drawn.sample(range(len(line)), 60):
        other = bytes([drawn.choice([byte for byte in range(256) if byte != line[place]])])
        changed = line[:place] + other + line[place + 1 :]

        assert first_difference(seq, [changed]) == seq


@given(seq=st.integers(1, len(LINES) - 1))
def test_a_deleted_line_is_missing(seq: int) -> None:
    assert first_difference(seq, LINES[seq:]) == seq


@given(seq=SEQS)
def test_a_line_that_comes_twice_is_found(seq: int) -> None:
    assert first_difference(seq, [LINES[seq - 1], *LINES[seq - 1 :]]) == seq + 1


@given(seq=st.integers(1, len(LINES) - 1), other=SEQS)
def test_two_lines_that_changed_places_are_found_at_the_first(seq: int, other: int) -> None:
    if other <= seq:
        seq, other = other, seq
    if seq == other:
        return
    swapped = list(LINES)
    swapped[seq - 1], swapped[other - 1] = swapped[other - 1], swapped[seq - 1]

    assert first_difference(seq, swapped[seq - 1 :]) == seq


def test_a_cut_tail_is_found_against_what_a_reader_holds() -> None:
    held = {len(LINES): ENTRIES[-1].hash[:8]}
    verified(LINES, held).finish()

    with pytest.raises(ChainError, match=rf"^ledger entry #15: missing, .* #{len(LINES)}$"):
        verified(LINES[:14], held).finish()


def test_another_hash_than_a_reader_holds_is_found_at_its_entry() -> None:
    with pytest.raises(ChainError, match=r"^ledger entry #5: its hash is not 00000000, which"):
        verified(LINES, {5: "00000000"})


@pytest.mark.parametrize("key", [FIRST.public_key, SECOND.public_key])
def test_a_key_that_a_reader_holds_has_signed_some_entry(key: str) -> None:
    verified(LINES).finish(key)


def test_a_record_of_another_key_is_found_against_the_key_that_a_reader_holds() -> None:
    stranger = Signer.from_seed(bytes(32))
    genesis, *others = drafts_of(ENTRIES[:10])
    genesis = replace(genesis, body={**genesis.body, "public_key": stranger.public_key})
    lines = lines_of(seal([genesis, *others], BEFORE_FIRST, stranger))
    verified(lines).finish()

    with pytest.raises(ChainError, match=r"^ledger entry #1: neither it nor a later one"):
        verified(lines).finish(FIRST.public_key)


def test_a_key_that_is_only_named_has_signed_nothing() -> None:
    until_the_key = next(entry.seq for entry in ENTRIES if entry.type is EntryType.KEY)

    with pytest.raises(ChainError, match="neither it nor a later one is signed"):
        verified(LINES[:until_the_key]).finish(SECOND.public_key)


def test_an_empty_record_is_none() -> None:
    with pytest.raises(ChainError, match=r"^ledger entry #1: missing, the record is empty$"):
        Verification().finish()


def test_an_alert_that_waits_too_long_for_its_outcome_is_named() -> None:
    outcome = next(entry.seq for entry in ENTRIES if entry.type is EntryType.OUTCOME)
    drafts = drafts_of(ENTRIES[: outcome - 1])
    published = drafts[-1].ts
    last = replace(drafts[2], body={"symbols": []})

    for ts, overdue in [(published + 7_200_000, []), (published + 7_200_001, [4, 5])]:
        lines = lines_of(sealed_again([*drafts, replace(last, ts=ts)]))
        assert verified(lines).overdue() == overdue


def test_an_alert_that_was_never_published_may_wait_as_long() -> None:
    alert = next(entry for entry in ENTRIES if entry.type is EntryType.ALERT)
    drafts = drafts_of(ENTRIES[: alert.seq])
    last = replace(drafts[2], ts=drafts[-1].ts + 86_400_000, body={"symbols": []})

    assert verified(lines_of(sealed_again([*drafts, last]))).overdue() == [alert.seq]
