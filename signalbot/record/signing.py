"""Ed25519 keys of the ledger."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DEMONSTRATION_SEED = b"signalbot demonstration key: 32B"
"""Private seed of the key that signs replays. It is public on purpose: everybody who runs the same
replay gets the same head, and nobody can mistake a replay for a live record."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs entry hashes with one private key, which no repr or error shows."""

    _key: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"Signer({self.public_key})"

    @classmethod
    def from_seed(cls, seed: bytes) -> "Signer":
        """Return the signer of a private seed of 32 bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public_key(self) -> str:
        """Public key in hex."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, hash_hex: str) -> str:
        """Return the signature over the bytes of a hash, in hex."""
        return self._key.sign(bytes.fromhex(hash_hex)).hex()


def demonstration_signer() -> Signer:
    """Return the signer of every replay."""
    return Signer.from_seed(DEMONSTRATION_SEED)


def is_signed(hash_hex: str, sig: str, public_key: str) -> bool:
    """Return whether `sig` is the signature of that key over that hash; all three in hex."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        signature = bytes.fromhex(sig)
        key.verify(signature, bytes.fromhex(hash_hex))
    except (InvalidSignature, TypeError, ValueError):
        return False
    return signature.hex() == sig  # no hash covers it: another spelling would be a quiet edit
