import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.errors import RecordError
from signalbot.record.chain import BEFORE_FIRST, ChainError, check, seal
from signalbot.record.entries import Draft, Entry, EntryType, Head, canonical, hashed_fields
from signalbot.record.signing import Signer, demonstration_signer, is_signed

SIGNER = demonstration_signer()
STRANGER = Signer.from_seed(bytes(32))

DRAFTS = (
    Draft(
        type=EntryType.GENESIS,
        ts=1_767_225_600_000,
        body={"public_key": SIGNER.public_key, "channels": []},
    ),
    Draft(type=EntryType.RULES, ts=1_767_225_600_000, body={"rules": {"max_cost_r": "0.25"}}),
    Draft(type=EntryType.UNIVERSE, ts=1_767_225_662_500, body={"symbols": ["Ä/USDT:USDT"]}),
    Draft(type=EntryType.REFUSALS, ts=1_767_312_000_000, body={"counts": {"BUDGET": 2}}),
    Draft(type=EntryType.CHECKPOINT, ts=1_767_312_000_001, body={"size": 4}),
)
CHAIN = seal(DRAFTS, BEFORE_FIRST, SIGNER)

SEQS = st.integers(1, len(CHAIN))


def changed(seq: int, /, **fields: object) -> list[Entry]:
    chain = list(CHAIN)
    chain[seq - 1] = replace(chain[seq - 1], **fields)
    return chain


def resealed(seq: int, **fields: object) -> list[Entry]:
    """Return the chain with one entry changed and given the hash and signature that fit."""
    draft = replace(DRAFTS[seq - 1], **fields)
    head = CHAIN[seq - 2].head if seq > 1 else BEFORE_FIRST
    return [*CHAIN[: seq - 1], *seal([draft], head, SIGNER), *CHAIN[seq:]]


def first_difference(chain: list[Entry]) -> int:
    with pytest.raises(ChainError) as caught:
        check(chain)
    assert str(caught.value).startswith(f"ledger entry #{caught.value.seq}: ")
    return caught.value.seq


def test_numbers_follow_without_a_gap_and_every_entry_carries_the_hash_before_it() -> None:
    assert [entry.seq for entry in CHAIN] == [1, 2, 3, 4, 5]
    assert [entry.prev for entry in CHAIN] == ["0" * 64, *(entry.hash for entry in CHAIN[:-1])]
    assert {entry.v for entry in CHAIN} == {1}


def test_a_sealed_entry_says_what_its_draft_said() -> None:
    sealed = [(entry.type, entry.body) for entry in CHAIN]

    assert sealed == [(draft.type, draft.body) for draft in DRAFTS]
    assert CHAIN[2].ts == "2026-01-01T00:01:02.500Z"


def test_a_hash_is_that_of_the_six_fields_written_canonically() -> None:
    written = (
        '{"body":{"symbols":["Ä/USDT:USDT"]},"prev":"' + CHAIN[1].hash + '",'
        '"seq":3,"ts":"2026-01-01T00:01:02.500Z","type":"universe","v":1}'
    )

    assert CHAIN[2].hash == hashlib.sha256(written.encode()).hexdigest()
    assert is_signed(CHAIN[2].hash, CHAIN[2].sig, SIGNER.public_key)


@given(cut=st.integers(0, len(DRAFTS)))
def test_a_chain_is_the_same_however_its_drafts_come(cut: int) -> None:
    begun = seal(DRAFTS[:cut], BEFORE_FIRST, SIGNER)
    head = begun[-1].head if begun else BEFORE_FIRST

    assert begun + seal(DRAFTS[cut:], head, SIGNER) == CHAIN


def test_a_chain_that_holds_gives_its_head() -> None:
    assert check(CHAIN) == Head(seq=5, hash=CHAIN[4].hash)
    assert check(iter(CHAIN[:2])) == CHAIN[1].head
    assert check([]) == BEFORE_FIRST == Head(seq=0, hash="0" * 64)


def test_a_chain_holds_after_it_was_exported_and_read() -> None:
    read = [json.loads(entry.line()) for entry in CHAIN]

    entries = [Entry(**fields | {"type": EntryType(fields["type"])}) for fields in read]

    assert check(entries) == CHAIN[-1].head


TAMPERINGS: dict[str, Callable[[Entry], object]] = {
    "v": lambda entry: entry.v + 1,
    "seq": lambda entry: entry.seq + 1,
    "type": lambda entry: EntryType.BASELINE,
    "ts": lambda entry: entry.ts.replace("2026", "2025"),
    "prev": lambda entry: entry.prev[::-1].replace("0", "1"),
    "body": lambda entry: {**entry.body, "added": True},
    "hash": lambda entry: entry.hash[::-1],
    "sig": lambda entry: entry.sig[::-1],
}


def test_the_tamperings_cover_every_field() -> None:
    assert set(TAMPERINGS) == set(Entry.__slots__)


@pytest.mark.parametrize("seq", range(1, len(CHAIN) + 1))
@pytest.mark.parametrize("field", TAMPERINGS)
def test_a_change_of_any_field_is_found_at_its_entry(field: str, seq: int) -> None:
    value = TAMPERINGS[field](CHAIN[seq - 1])
    assert value != getattr(CHAIN[seq - 1], field)

    assert first_difference(changed(seq, **{field: value})) == seq


@given(seq=SEQS, where=st.integers(0, 127), digit=st.sampled_from("0123456789abcdefABCDEF "))
def test_a_change_of_one_digit_of_a_signature_is_found(seq: int, where: int, digit: str) -> None:
    sig = CHAIN[seq - 1].sig
    other = sig[:where] + digit + sig[where + 1 :]

    if other == sig:
        assert check(changed(seq, sig=other)) == CHAIN[-1].head
    else:
        assert first_difference(changed(seq, sig=other)) == seq


@given(seq=st.integers(1, len(CHAIN) - 1))
def test_a_deleted_entry_is_missing(seq: int) -> None:
    chain = [entry for entry in CHAIN if entry.seq != seq]

    with pytest.raises(ChainError, match=rf"^ledger entry #{seq}: missing, .* #{seq + 1}$"):
        check(chain)


@given(seqs=st.permutations(range(1, len(CHAIN) + 1)))
def test_entries_in_another_order_are_found_at_the_first_that_moved(seqs: list[int]) -> None:
    chain = [CHAIN[seq - 1] for seq in seqs]
    moved = [place for place, seq in enumerate(seqs, start=1) if place != seq]

    if moved:
        assert first_difference(chain) == moved[0]
    else:
        assert check(chain) == CHAIN[-1].head


@given(seq=SEQS)
def test_an_entry_that_comes_twice_is_found_where_the_next_should_be(seq: int) -> None:
    assert first_difference([*CHAIN[:seq], *CHAIN[seq - 1 :]]) == seq + 1


@pytest.mark.parametrize("seq", range(2, len(CHAIN)))
def test_an_entry_that_was_edited_and_sealed_anew_breaks_the_next(seq: int) -> None:
    chain = resealed(seq, body={"edited": True})

    with pytest.raises(ChainError, match="does not carry the hash of the entry before it"):
        check(chain)
    assert first_difference(chain) == seq + 1


@given(first=st.integers(2, len(CHAIN)))
def test_entries_of_another_key_are_found_at_the_first_of_them(first: int) -> None:
    foreign = seal(DRAFTS[first - 1 :], CHAIN[first - 2].head, STRANGER)
    chain = [*CHAIN[: first - 1], *foreign]

    assert first_difference(chain) == first
    with pytest.raises(ChainError, match="its signature is not that of the ledger's key"):
        check(chain)


def test_a_key_that_did_not_sign_the_genesis_is_not_that_of_the_ledger() -> None:
    assert first_difference(list(seal(DRAFTS, BEFORE_FIRST, STRANGER))) == 1


def test_a_record_signed_anew_from_its_first_line_is_consistent_but_has_another_head() -> None:
    genesis = replace(DRAFTS[0], body={"public_key": STRANGER.public_key})

    head = check(seal([genesis, *DRAFTS[1:]], BEFORE_FIRST, STRANGER))

    assert head.seq == CHAIN[-1].seq
    assert head.hash != CHAIN[-1].hash


@pytest.mark.parametrize(
    "fields",
    [{"type": EntryType.RULES}, {"body": {}}, {"body": {"public_key": None}}],
    ids=["another type", "no key", "a key that is no text"],
)
def test_a_chain_begins_with_a_genesis_that_names_its_key(fields: dict[str, object]) -> None:
    with pytest.raises(ChainError, match=r"^ledger entry #1: is no genesis with a public key$"):
        check(resealed(1, **fields))


@pytest.mark.parametrize("key", ["", "no hex", "00"])
def test_a_key_that_is_none_has_signed_nothing(key: str) -> None:
    assert first_difference(resealed(1, body={"public_key": key})) == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"cost_r": 0.25}, "holds a float in a ledger body: 0.25"),
        ({"name": "\ud800"}, "holds 'utf-8' codec can't encode character '\\ud800'"),
    ],
)
def test_a_body_that_has_no_canonical_form_is_named(body: dict[str, object], why: str) -> None:
    with pytest.raises(ChainError) as caught:
        check(changed(4, body=body))

    assert caught.value.seq == 4
    assert why in str(caught.value)


def test_an_entry_of_another_format_is_refused_even_if_its_hash_and_signature_fit() -> None:
    newer = replace(CHAIN[2], v=2)
    digest = hashlib.sha256(canonical(hashed_fields(newer))).hexdigest()

    with pytest.raises(ChainError, match=r"^ledger entry #3: format version 2 is not 1$"):
        check(changed(3, v=2, hash=digest, sig=SIGNER.sign(digest)))


def test_a_chain_error_is_a_fault_of_the_record() -> None:
    assert issubclass(ChainError, RecordError)
