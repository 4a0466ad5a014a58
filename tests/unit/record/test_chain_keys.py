"""A chain goes on with another key where a `key` entry says so, and only there."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.record.bodies import key_body
from signalbot.record.chain import BEFORE_FIRST, BEGINNING, ChainError, check, follow, seal
from signalbot.record.entries import Body, Draft, Entry, EntryType
from signalbot.record.signing import Signer

SIGNERS = [Signer.from_seed(bytes([number]) * 32) for number in range(4)]
FIRST, SECOND, STRANGER = SIGNERS[:3]


def draft(kind: EntryType, body: Body) -> Draft:
    return Draft(type=kind, ts=1_767_225_600_000, body=body)


def begun(signer: Signer = FIRST) -> list[Entry]:
    return list(
        seal([draft(EntryType.GENESIS, {"public_key": signer.public_key})], BEFORE_FIRST, signer)
    )


def with_entry(chain: list[Entry], kind: EntryType, body: Body, signer: Signer) -> list[Entry]:
    return [*chain, *seal([draft(kind, body)], chain[-1].head, signer)]


def rotated(chain: list[Entry], old: Signer, new: Signer) -> list[Entry]:
    return with_entry(chain, EntryType.KEY, key_body(new.public_key, old.public_key), old)


def test_the_entries_after_a_key_entry_are_signed_with_the_new_key() -> None:
    chain = with_entry(rotated(begun(), FIRST, SECOND), EntryType.REFUSALS, {}, SECOND)

    assert check(chain) == chain[-1].head


def test_the_old_key_signs_nothing_after_its_retirement() -> None:
    chain = with_entry(rotated(begun(), FIRST, SECOND), EntryType.REFUSALS, {}, FIRST)

    with pytest.raises(ChainError, match=r"^ledger entry #3: its signature is not"):
        check(chain)


def test_a_key_entry_is_signed_with_the_key_it_retires() -> None:
    body = key_body(STRANGER.public_key, FIRST.public_key)
    chain = with_entry(begun(), EntryType.KEY, body, STRANGER)

    with pytest.raises(ChainError, match=r"^ledger entry #2: its signature is not"):
        check(chain)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"public_key": SECOND.public_key},
        {"public_key": SECOND.public_key, "retired": STRANGER.public_key},
        {"public_key": None, "retired": FIRST.public_key},
        {"public_key": 7, "retired": FIRST.public_key},
    ],
)
def test_a_key_entry_that_changes_no_key_is_refused(body: Body) -> None:
    with pytest.raises(ChainError, match=r"^ledger entry #2: is no change of the key in force"):
        check(with_entry(begun(), EntryType.KEY, body, FIRST))


@given(keys=st.lists(st.sampled_from(SIGNERS), min_size=1, max_size=5))
def test_keys_may_follow_one_another_and_a_link_knows_the_one_in_force(keys: list[Signer]) -> None:
    chain = begun(keys[0])
    for old, new in pairwise(keys):
        chain = rotated(chain, old, new)
    link = BEGINNING
    for entry in chain:
        link = follow(link, entry)

    assert link.public_key == keys[-1].public_key
    assert link.head == check(chain)


def test_what_is_quoted_of_an_entry_stays_one_short_line() -> None:
    entry = replace(begun()[0], v="\n" * 5_000)

    with pytest.raises(ChainError) as caught:
        check([entry])

    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()
