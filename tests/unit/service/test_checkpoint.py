from fakes.stage import LAYER, Stage, decided_at

from signalbot.record.entries import EntryType
from signalbot.record.merkle import MerkleTree
from signalbot.service.checkpoint import checkpoint_draft, has_checkpoint

DAY = "2025-05-04"


def test_a_checkpoint_stands_for_every_entry_before_it(stage: Stage) -> None:
    stage.pass_minute(0, matches=[stage.match(0, LAYER)])
    before = list(stage.ledger.entries())
    tree = MerkleTree()
    for entry in before:
        tree.append(entry.hash)

    (entry,) = stage.recording.append([checkpoint_draft(stage.recording, DAY, decided_at(1))])

    assert entry.type is EntryType.CHECKPOINT
    assert entry.body == {
        "day": DAY,
        "size": len(before),
        "head": before[-1].hash,
        "merkle_root": tree.root(),
    }


def test_a_day_has_its_checkpoint_after_it_was_appended_and_after_a_restart(stage: Stage) -> None:
    stage.pass_minute(0)
    assert not has_checkpoint(stage.recording, DAY)

    stage.recording.append([checkpoint_draft(stage.recording, DAY, decided_at(1))])

    assert has_checkpoint(stage.recording, DAY)
    assert not has_checkpoint(stage.recording, "2025-05-05")
    stage.started()
    assert has_checkpoint(stage.recording, DAY)


def test_the_next_checkpoint_covers_the_one_before(stage: Stage) -> None:
    stage.pass_minute(0)
    for day in (DAY, "2025-05-05"):
        stage.recording.append([checkpoint_draft(stage.recording, day, decided_at(1))])

    first, second = stage.ledger.of(EntryType.CHECKPOINT)
    assert second.body["size"] == first.seq
    assert second.body["head"] == first.hash
