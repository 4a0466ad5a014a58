import hashlib
from copy import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.record.merkle import EMPTY_ROOT, MerkleTree


def entry_hash(number: int) -> str:
    return hashlib.sha256(f"entry {number}".encode()).hexdigest()


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


LEAVES = [sha(b"\x00", bytes.fromhex(entry_hash(number))) for number in range(7)]
A, B, C, D, E, F, G = LEAVES


def node(left: bytes, right: bytes) -> bytes:
    return sha(b"\x01", left, right)


# RFC 6962, 2.1: the left subtree is the largest power of two that is smaller than the tree
BY_HAND = [
    hashlib.sha256(b"").digest(),
    A,
    node(A, B),
    node(node(A, B), C),
    node(node(A, B), node(C, D)),
    node(node(node(A, B), node(C, D)), E),
    node(node(node(A, B), node(C, D)), node(E, F)),
    node(node(node(A, B), node(C, D)), node(node(E, F), G)),
]


def plainly(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962 as it stands there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while 2 * split < len(leaves):
        split *= 2
    return node(plainly(leaves[:split]), plainly(leaves[split:]))


def grown(size: int) -> MerkleTree:
    tree = MerkleTree()
    for number in range(size):
        tree.append(entry_hash(number))
    return tree


@pytest.mark.parametrize("size", range(8))
def test_the_root_of_a_small_tree_is_the_one_computed_by_hand(size: int) -> None:
    assert grown(size).root() == BY_HAND[size].hex()
    assert grown(size).size == size


def test_a_tree_without_a_leaf_has_the_hash_of_nothing() -> None:
    assert (
        MerkleTree().root()
        == EMPTY_ROOT
        == ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    )


@given(size=st.integers(0, 300))
def test_a_root_is_that_of_the_definition(size: int) -> None:
    leaves = [sha(b"\x00", bytes.fromhex(entry_hash(number))) for number in range(size)]

    assert grown(size).root() == plainly(leaves).hex()


@given(size=st.integers(1, 60), where=st.integers(0, 59))
def test_another_leaf_anywhere_gives_another_root(size: int, where: int) -> None:
    tree = MerkleTree()
    for number in range(size):
        tree.append(entry_hash(1_000 if number == where % size else number))

    assert tree.root() != grown(size).root()


def test_a_copy_grows_alone() -> None:
    tree = grown(5)

    other = copy(tree)
    other.append(entry_hash(5))

    assert (tree.root(), tree.size) == (BY_HAND[5].hex(), 5)
    assert (other.root(), other.size) == (BY_HAND[6].hex(), 6)
