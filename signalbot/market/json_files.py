"""Read a JSON file strictly: exact numbers, and no key twice."""

import json
from pathlib import Path
from typing import Any

from signalbot.errors import InputError
from signalbot.market.text_files import read_text


class Number(str):
    """A number as it was written, so that 0.1 is a tenth and NaN reaches its field."""

    __slots__ = ()


def read_json(path: Path) -> Any:
    """Return what a JSON file holds; every number is a `Number`.

    Raises
    ------
    InputError
        If it is no JSON, or an object has a key twice.
    """

    def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        row = dict(pairs)
        if len(row) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(twice, "there twice", "each key once", str(path))
        return row

    try:
        return json.loads(
            read_text(path),
            object_pairs_hook=without_repeats,
            parse_float=Number,
            parse_int=Number,
            parse_constant=Number,
        )
    except (ValueError, RecursionError) as error:
        raise InputError("file", str(path), f"JSON ({error})") from error
