"""A record that is sealed faultlessly and says what cannot be."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fakes.whole_record import drafts_of, lines_of, sealed_again, whole_record

from signalbot.record.chain import ChainError
from signalbot.record.entries import Draft, EntryType
from signalbot.record.verification import Verification

ENTRIES = whole_record()
ALERT, SHORT = 4, 5
PUBLISHED, OUTCOME, GAP, UNSENT, NOT_PUBLISHED, CORRECTION = 6, 8, 12, 13, 14, 19

Change = Callable[[dict[str, Any]], dict[str, Any]]


def of(kind: EntryType) -> int:
    return next(entry.seq for entry in ENTRIES if entry.type is kind)


def told(**fields: object) -> Change:
    return lambda body: {**body, **fields}


def without(name: str) -> Change:
    return lambda body: {key: value for key, value in body.items() if key != name}


def as_if(seq: int) -> Change:
    return lambda body: dict(ENTRIES[seq - 1].body)


def verified(drafts: list[Draft]) -> Verification:
    verification = Verification()
    for line in lines_of(sealed_again(drafts)):
        verification.feed(line)
    return verification


def why(drafts: list[Draft], seq: int) -> str:
    with pytest.raises(ChainError) as caught:
        verified(drafts)
    assert caught.value.seq == seq, caught.value
    return str(caught.value)


def changed(seq: int, change: Change) -> list[Draft]:
    drafts = drafts_of(ENTRIES[:seq])
    return [*drafts[:-1], replace(drafts[-1], body=change(dict(drafts[-1].body)))]


def test_the_numbers_used_here_are_those_of_the_record() -> None:
    kinds = {seq: ENTRIES[seq - 1].type for seq in (ALERT, SHORT, UNSENT)}
    assert set(kinds.values()) == {EntryType.ALERT}
    assert ENTRIES[PUBLISHED - 1].type is EntryType.PUBLISHED
    assert [ENTRIES[seq - 1].body["outcome"] for seq in (OUTCOME, GAP, NOT_PUBLISHED)] == [
        "TARGET",
        "UNRESOLVED_GAP",
        "NOT_PUBLISHED",
    ]
    assert ENTRIES[CORRECTION - 1].body["corrects"] == GAP


@pytest.mark.parametrize(
    ("seq", "change", "reason"),
    [
        (of(EntryType.RULES), told(venue="elsewhere"), "is not the rules whose hash"),
        (of(EntryType.UNIVERSE), told(symbols=["B", "A"]), "not in order"),
        (of(EntryType.UNIVERSE), without("symbols"), "lacks 'symbols'"),
        (ALERT, told(id="0" * 16), "its id is not the hash"),
        (ALERT, told(setup="moon_phase"), "its id is not the hash"),
        (ALERT, told(stop="101"), "on the wrong side"),
        (ALERT, told(target="99"), "on the wrong side"),
        (ALERT, told(stop="100"), "on the wrong side"),
        (SHORT, told(stop="99"), "on the wrong side"),
        (ALERT, told(entry="100.0"), "another form"),
        (ALERT, told(chat_id=7), "a field in it is unknown"),
        (ALERT, told(entry="NaN"), "ledger entry #4: "),
        (ALERT, told(entry=None), "ledger entry #4: "),
        (ALERT, told(btc=7), "ledger entry #4: "),
        (ALERT, told(timeframe="2h"), "timeframe was '2h'"),
        (ALERT, without("entry"), "lacks 'entry'"),
        (SHORT, as_if(ALERT), "is recorded already"),
        (PUBLISHED, told(alert_seq=3), "is about an alert that is not recorded"),
        (PUBLISHED, told(alert_seq=[]), "ledger entry #6: "),
        (PUBLISHED, told(published_at="2025-05-04T14:32:02.5Z"), "is not written as"),
        (PUBLISHED, told(published_at="today"), "published"),
        (PUBLISHED + 1, told(alert_seq=ALERT), "the publication of alert #4 is recorded already"),
        (OUTCOME, told(alert_seq=99), "is about an alert that is not recorded"),
        (OUTCOME, told(outcome="OPEN"), "OPEN is no outcome"),
        (OUTCOME, told(outcome="JACKPOT"), "JACKPOT"),
        (OUTCOME, told(outcome="NOT_PUBLISHED"), "does not fit the publication"),
        (OUTCOME + 1, told(alert_seq=ALERT), "the outcome of alert #4 is recorded already"),
        (NOT_PUBLISHED, told(outcome="TARGET"), "does not fit the publication"),
        (of(EntryType.REFUSALS), told(counts={"BUDGET": -1}), "its counts are no counts"),
        (of(EntryType.REFUSALS), told(counts={"BUDGET": "2"}), "its counts are no counts"),
        (of(EntryType.REFUSALS), told(counts=[]), "ledger entry #15: "),
        (of(EntryType.BASELINE), without("p_value"), "lacks 'p_value'"),
        (of(EntryType.CHECKPOINT), told(size=1), "does not name size, head and Merkle root"),
        (of(EntryType.CHECKPOINT), told(head="0" * 64), "does not name size"),
        (of(EntryType.CHECKPOINT), told(merkle_root="0" * 64), "does not name size"),
        (CORRECTION, told(corrects=OUTCOME), "no entry to correct there: its newest is #12"),
        (CORRECTION, told(alert_seq=ALERT), "no entry to correct there: its newest is #8"),
        (CORRECTION, told(outcome="OPEN"), "OPEN is no outcome"),
    ],
)
def test_what_cannot_be_is_found_at_its_entry(seq: int, change: Change, reason: str) -> None:
    assert reason in why(changed(seq, change), seq)


def entry_of(seq: int) -> Draft:
    return drafts_of([ENTRIES[seq - 1]])[0]


def after(seq: int, *others: Draft) -> list[Draft]:
    return [*drafts_of(ENTRIES[:seq]), *others]


def test_a_record_has_one_genesis() -> None:
    assert "is a second genesis" in why(after(3, entry_of(1)), 4)


def test_an_alert_is_not_published_after_its_end() -> None:
    late = replace(entry_of(PUBLISHED), body={**entry_of(PUBLISHED).body, "alert_seq": UNSENT})

    assert "has its outcome already" in why(after(NOT_PUBLISHED, late), NOT_PUBLISHED + 1)


def test_what_has_no_outcome_is_not_corrected() -> None:
    early = replace(entry_of(CORRECTION), body={**entry_of(CORRECTION).body, "alert_seq": ALERT})

    assert "no outcome yet" in why(after(PUBLISHED, early), PUBLISHED + 1)


def test_an_outcome_of_what_was_not_published_yet_does_not_fit() -> None:
    assert "does not fit the publication" in why(after(SHORT, entry_of(OUTCOME)), SHORT + 1)


def test_later_rules_need_not_be_those_of_the_genesis() -> None:
    later = replace(entry_of(2), body={"gates": {}})

    assert verified(after(2, later)).counts[EntryType.RULES] == 2
