import json
from pathlib import Path
from typing import Any

import pytest

from signalbot.errors import InputError
from signalbot.market.coin_id_file import MOST_NAMES, read_coin_ids


def read(folder: Path, text: str) -> dict[str, str]:
    file = folder / "coins.json"
    file.write_text(text)
    return read_coin_ids(file)


def test_names_and_ids(tmp_path: Path) -> None:
    assert read(tmp_path, '{"BOB": "build-on-bnb", "币安人生": "bi-an"}') == {
        "BOB": "build-on-bnb",
        "币安人生": "bi-an",
    }


def test_no_file_is_no_name() -> None:
    assert read_coin_ids(None) == {}


@pytest.mark.parametrize(
    "content",
    [
        [],
        7,
        {"BOB": 7},
        {"BOB": None},
        {"BOB": ""},
        {"BOB": "x" * 201},
        {"": "bob"},
        {"\x1b": "bob"},
        {"BOB": ["bob"]},
        {str(number): "x" for number in range(MOST_NAMES + 1)},
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(tmp_path: Path, content: Any) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, json.dumps(content))

    assert "coins.json" in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a file that exists"):
        read_coin_ids(tmp_path / "none.json")
