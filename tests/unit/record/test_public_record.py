from signalbot.record.entries import Body, Entry, EntryType
from signalbot.record.public_record import public_record


def entry(seq: int, kind: EntryType, **body: object) -> Entry:
    return Entry(v=1, seq=seq, type=kind, ts="t", prev="p", body=body, hash=f"hash{seq}", sig="s")


def alert(seq: int) -> Entry:
    return entry(seq, EntryType.ALERT, id=f"id{seq}")


def outcome(seq: int, alert_seq: int, kind: str) -> Entry:
    return entry(seq, EntryType.OUTCOME, alert_seq=alert_seq, outcome=kind)


def said(body: Body | None) -> str | None:
    return None if body is None else body["outcome"]


def test_an_alert_comes_with_its_hash_its_publication_and_its_outcome() -> None:
    record = [
        entry(1, EntryType.GENESIS),
        alert(2),
        entry(3, EntryType.PUBLISHED, alert_seq=2, published_at="14:32"),
        outcome(4, 2, "STOP"),
    ]

    (found,) = public_record(record)

    assert (found.seq, found.hash, found.alert["id"]) == (2, "hash2", "id2")
    assert (found.published_at, said(found.outcome), found.corrected) == ("14:32", "STOP", False)


def test_the_newest_correction_counts_and_says_so() -> None:
    record = [alert(1), outcome(2, 1, "STOP")]
    for seq, kind in ((3, "EXPIRED"), (4, "TARGET")):
        record.append(entry(seq, EntryType.CORRECTION, alert_seq=1, outcome=kind, corrects=seq - 1))

    (found,) = public_record(record)

    assert (said(found.outcome), found.corrected) == ("TARGET", True)


def test_no_alert_is_left_out_and_they_stand_by_number() -> None:
    record = [alert(1), alert(2), outcome(3, 2, "STOP"), alert(4)]

    assert [(each.seq, said(each.outcome)) for each in public_record(iter(record))] == [
        (1, None),
        (2, "STOP"),
        (4, None),
    ]
