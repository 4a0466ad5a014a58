"""A short hash over values, so that a changed parameter is a changed version."""

import hashlib
import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from signalbot.domain.rounding import plain


def described(value: Any) -> dict[str, str]:
    """Return the fields of a flat frozen dataclass as text, sorted by name."""
    return {name: _text(item) for name, item in sorted(asdict(value).items())}


def fingerprint(*values: Any) -> str:
    """Return eight hex digits of the SHA-256 over the fields of all `values` (dataclasses)."""
    parts = [(type(value).__name__, described(value)) for value in values]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:8]


def _text(item: object) -> str:
    # 0.25 and 0.250 are one limit, so they are one version
    return plain(item) if isinstance(item, Decimal) else str(item)
