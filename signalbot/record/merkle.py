"""The Merkle tree over the hashes of all entries, in the shape of RFC 6962.

Its root stands in every checkpoint. With the root a reader can check that one entry belongs to the
record without holding the others, and that a later record begins with an earlier one.
"""

import hashlib

_LEAF, _NODE = b"\x00", b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").hexdigest()
"""Root of a tree without a leaf."""


class MerkleTree:
    """A tree that only grows; it keeps the roots of its complete subtrees, log2(n) of them."""

    def __init__(self) -> None:
        self._subtrees: list[tuple[int, bytes]] = []  # (leaves, root), largest first

    def __copy__(self) -> "MerkleTree":
        other = MerkleTree()
        other._subtrees = list(self._subtrees)
        return other

    @property
    def size(self) -> int:
        """Number of leaves."""
        return sum(leaves for leaves, _ in self._subtrees)

    def append(self, entry_hash: str) -> None:
        """Add the hash of one more entry, in hex, as a leaf."""
        leaves, root = 1, _digest(_LEAF, bytes.fromhex(entry_hash))
        while self._subtrees and self._subtrees[-1][0] == leaves:
            _, left = self._subtrees.pop()
            leaves, root = 2 * leaves, _digest(_NODE, left, root)
        self._subtrees.append((leaves, root))

    def root(self) -> str:
        """Return the root in hex."""
        if not self._subtrees:
            return EMPTY_ROOT
        *larger, (_, root) = self._subtrees
        for _, left in reversed(larger):
            root = _digest(_NODE, left, root)
        return root.hex()


def _digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()
