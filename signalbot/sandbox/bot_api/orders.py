"""The JSON of a control call, read field by field: what is wrong is told by its name."""

from dataclasses import fields
from typing import Any, TypeVar

from signalbot.errors import InputError
from signalbot.sandbox.bot_api.envelope import Json
from signalbot.sandbox.bot_api.faults import Fault, FaultKind

T = TypeVar("T")
ALLOWED = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}
FAULT_TYPES: dict[str, type[Any]] = {
    "method": str,
    "chat_id": str,
    "accepted": bool,
    "nth": int,
    "times": int,
    "probability": float,
    "seed": int,
    "delay_s": float,
    "status": int,
    "body": str,
    "content_type": str,
}


class Order:
    """One object of JSON that says what is to be done.

    Every reader raises `InputError` for a field that is missing or of another type.
    """

    def __init__(self, body: object) -> None:
        if not isinstance(body, dict):
            raise InputError("body", type(body).__name__, "a JSON object")
        self._body: Json = body

    def get(self, name: str, kind: type[T]) -> T:
        """Return a field that has to be there."""
        value = self.find(name, kind)
        if value is None:
            raise InputError(name, None, ALLOWED[kind])
        return value

    def find(self, name: str, kind: type[T]) -> T | None:
        """Return a field that may be left out."""
        value = self._body.get(name)
        if value is None:
            return None
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value) if abs(value) < 2**53 else value
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise InputError(name, value, ALLOWED[kind])
        if isinstance(value, str):
            _require_unicode(name, value)
        return value

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers, empty where there is none."""
        listed = self._body.get(name) or []
        if not isinstance(listed, list) or not all(type(item) is int for item in listed):
            raise InputError(name, listed, "a list of whole numbers")
        return tuple(listed)

    def topics(self, name: str) -> dict[int, str]:
        """Return titles of topics by their number, empty where there are none."""
        listed = self._body.get(name) or {}
        if not isinstance(listed, dict) or not all(isinstance(t, str) for t in listed.values()):
            raise InputError(name, listed, "titles by number")
        if not all(key.isascii() and key.isdigit() and len(key) < 16 for key in listed):
            raise InputError(name, list(listed), "titles by number")
        for title in listed.values():
            _require_unicode(name, title)
        return {int(key): title for key, title in listed.items()}

    def fault(self) -> Fault:
        """Return the rule that the whole object is."""
        kind = self.get("kind", str)
        if kind not in list(FaultKind):
            raise InputError("kind", kind, ", ".join(FaultKind))
        unknown = set(self._body) - {field.name for field in fields(Fault)}
        if unknown:
            raise InputError("fault", min(unknown), f"kind, {', '.join(FAULT_TYPES)}")
        given = {name: self.find(name, kind) for name, kind in FAULT_TYPES.items()}
        named = {name: value for name, value in given.items() if value is not None}
        return Fault(kind=FaultKind(kind), **named)


def _require_unicode(name: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(name, "(no valid Unicode)", "text in Unicode") from None
