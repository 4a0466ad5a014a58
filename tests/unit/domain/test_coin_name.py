"""Digits belong to many names; a number that counts coins is another thing."""

import pytest

from signalbot.domain.coin_name import counted


@pytest.mark.parametrize(
    ("name", "coin", "multiplier"),
    [
        ("1000000BOB", "BOB", 1_000_000),
        ("1000000MOG", "MOG", 1_000_000),
        ("1000BONK", "BONK", 1000),
        ("1000CAT", "CAT", 1000),
        ("1000CHEEMS", "CHEEMS", 1000),
        ("1000FLOKI", "FLOKI", 1000),
        ("1000LUNC", "LUNC", 1000),
        ("1000PEPE", "PEPE", 1000),
        ("1000RATS", "RATS", 1000),
        ("1000SATS", "SATS", 1000),
        ("1000SHIB", "SHIB", 1000),
        ("1000WHY", "WHY", 1000),
        ("1000X", "X", 1000),
        ("1000XEC", "XEC", 1000),
        ("1MBABYDOGE", "BABYDOGE", 1_000_000),
        ("10000SATS", "SATS", 10_000),
        ("10000NEX", "NEX", 10_000),
        ("1000000BABYDOGE", "BABYDOGE", 1_000_000),
    ],
)
def test_a_number_before_a_name_counts_coins(name: str, coin: str, multiplier: int) -> None:
    assert counted(name) == (coin, multiplier)


@pytest.mark.parametrize("name", ["0G", "1INCH", "2Z", "4", "42", "1000", "100X", "龙虾", "M1000X"])
def test_other_digits_belong_to_the_name(name: str) -> None:
    assert counted(name) == (name, 1)
    assert counted(name, behind=True) == (name, 1)


def test_a_number_behind_counts_only_where_the_venue_does_so() -> None:
    assert counted("SHIB1000", behind=True) == ("SHIB", 1000)
    assert counted("SHIB1000") == ("SHIB1000", 1)
