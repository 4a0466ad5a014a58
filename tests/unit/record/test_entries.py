import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.record.entries import (
    Draft,
    Entry,
    EntryType,
    Head,
    canonical,
    hashed_fields,
    unsealed,
)

DRAFT = Draft(type=EntryType.REFUSALS, ts=1_767_225_660_500, body={"counts": {"BUDGET": 2}})
ENTRY = Entry(
    v=1,
    seq=7,
    type=EntryType.REFUSALS,
    ts="2026-01-01T00:01:00.500Z",
    prev="ab" * 32,
    body={"counts": {"BUDGET": 2}},
    hash="cd" * 32,
    sig="ef" * 64,
)

BODIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def test_keys_are_sorted_at_every_depth_and_there_are_no_spaces() -> None:
    value = {"b": [1, {"z": None, "a": True}], "a": "x y"}

    assert canonical(value) == b'{"a":"x y","b":[1,{"a":true,"z":null}]}'


def test_text_is_utf_8_not_escaped() -> None:
    assert canonical({"name": "Süß 🍯"}) == '{"name":"Süß 🍯"}'.encode()


@given(BODIES)
def test_the_canonical_form_reads_back_as_the_same_and_is_its_own_canonical_form(
    value: object,
) -> None:
    written = canonical(value)

    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_in_which_a_body_was_built_does_not_matter(body: dict[str, int]) -> None:
    assert canonical(dict(reversed(body.items()))) == canonical(body)


@pytest.mark.parametrize(
    "value",
    [0.5, 1.0, float("nan"), {"a": 0.5}, [0.5], ({"a": [1, {"b": (2, 0.5)}]},)],
)
def test_a_float_is_refused_however_deep_it_lies(value: object) -> None:
    with pytest.raises(TypeError, match=r"^a float in a ledger body: "):
        canonical(value)


@pytest.mark.parametrize("value", [Decimal("0.5"), b"bytes", {1, 2}, object()])
def test_what_json_does_not_know_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        canonical({"a": value})


def test_the_hash_covers_six_fields() -> None:
    assert hashed_fields(ENTRY) == {
        "v": 1,
        "seq": 7,
        "type": "refusals",
        "ts": "2026-01-01T00:01:00.500Z",
        "prev": "ab" * 32,
        "body": {"counts": {"BUDGET": 2}},
    }


def test_a_draft_gets_its_place_and_nothing_else() -> None:
    assert unsealed(DRAFT, seq=7, prev="ab" * 32) == hashed_fields(ENTRY)


def test_a_line_holds_all_eight_fields_in_canonical_form() -> None:
    assert ENTRY.line() == (
        '{"body":{"counts":{"BUDGET":2}},"hash":"' + "cd" * 32 + '","prev":"' + "ab" * 32 + '",'
        '"seq":7,"sig":"' + "ef" * 64 + '","ts":"2026-01-01T00:01:00.500Z","type":"refusals","v":1}'
    )


def test_the_head_is_number_and_hash() -> None:
    assert ENTRY.head == Head(seq=7, hash="cd" * 32)


def test_the_seed_of_a_head_is_the_first_64_bits_of_its_hash() -> None:
    assert Head(seq=1, hash="00000000000000ff" + "a" * 48).seed == 255


def test_the_types_are_those_of_the_format() -> None:
    assert {kind.value for kind in EntryType} == {
        "genesis",
        "rules",
        "universe",
        "alert",
        "published",
        "outcome",
        "correction",
        "refusals",
        "baseline",
        "key",
        "checkpoint",
    }
