from dataclasses import replace

import pytest

from signalbot.record.entries import EntryType, Head
from signalbot.record.signing import demonstration_signer
from signalbot.record.verified import Verified
from signalbot.rendering.verification_text import not_proven, verification_text

KEY = "ab" * 32
FOUND = Verified(
    head=Head(seq=120, hash="cd" * 32),
    keys=(KEY,),
    counts={
        EntryType.ALERT: 30,
        EntryType.PUBLISHED: 28,
        EntryType.OUTCOME: 27,
        EntryType.CORRECTION: 2,
        EntryType.CHECKPOINT: 4,
    },
    derived=29,
    gaps=0,
    overdue=(),
    key_is_held=True,
    heads_held=1,
    on_candles=27,
    uncovered=0,
)


def test_the_text_says_what_was_verified_and_what_that_does_not_prove() -> None:
    assert verification_text(FOUND).splitlines() == [
        "120 entries hold: form, numbers, hashes, signatures",
        f"Head #120 {'cd' * 32}",
        f"Key 1: {KEY}",
        "4 checkpoints name what stands before them",
        "30 alerts, 28 published, each once and in this order",
        "27 outcomes and 2 corrections follow from their evidence",
        "27 alerts end by the candle files as the record says",
        "Not proven:",
        "  - that no other channel or record of the same bot exists",
    ]


def test_a_record_without_alerts_has_counts_too() -> None:
    text = verification_text(replace(FOUND, counts={}, on_candles=None))

    assert "0 alerts, 0 published" in text
    assert "by the candle files" not in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key_is_held": False}, "who signed it"),
        ({"heads_held": 0}, "that its tail was not cut off"),
        ({"keys": (demonstration_signer().public_key,)}, "the demonstration key"),
        ({"on_candles": None}, "the venue's own candles"),
        ({"uncovered": 3}, "for 3 alerts that no candle file covers"),
        ({"overdue": (7, 9)}, "2 alerts past their time without an outcome, the first is #7"),
    ],
)
def test_what_is_missing_is_named(change: dict[str, object], words: str) -> None:
    found = replace(FOUND, **change)

    assert not any(words in missing for missing in not_proven(FOUND))
    assert any(words in missing for missing in not_proven(found))
    assert words in verification_text(found)


def test_a_gap_is_unproven_where_no_candles_were_given() -> None:
    words = "that candles were missing for 2 alerts with a data gap"

    assert words in not_proven(replace(FOUND, gaps=2, on_candles=None))
    assert words not in not_proven(replace(FOUND, gaps=2))


@pytest.mark.parametrize(
    ("change", "option"),
    [
        ({"key_is_held": False}, "--key"),
        ({"heads_held": 0}, "--head"),
        ({"on_candles": None}, "--candles"),
    ],
)
def test_the_text_names_the_option_that_helps(change: dict[str, object], option: str) -> None:
    assert option in verification_text(replace(FOUND, **change))
