"""A record whose writer is killed with SIGKILL hundreds of times at random moments.

`make chaos` runs it; the suite has a smaller one. The moments are drawn from a seed; a fresh record
begins now and then, so that looking at all of it after every kill stays quick.
"""

import random
from pathlib import Path

import pytest
from fakes.killing import Killing

KILLS_A_RECORD = 15
LONGEST_LIFE_S = 0.2


@pytest.mark.parametrize(
    ("mode", "records"), [("append", 22), ("rotate", 8)], ids=["appending", "changing the key"]
)
def test_a_record_whose_writer_is_killed_loses_and_doubles_nothing(
    tmp_path: Path, mode: str, records: int
) -> None:
    moments = random.Random(9)  # noqa: S311 - no secret
    kills = acknowledged = 0

    for number in range(records):
        folder = tmp_path / str(number)
        folder.mkdir()
        with Killing(folder, mode) as killing:
            for _ in range(KILLS_A_RECORD):
                killing.kill_after(moments.uniform(0, LONGEST_LIFE_S))
            killing.kill_after_commits(1)  # after all of that it goes on
            kills += killing.kills
            acknowledged += len(killing.acknowledged)

    assert kills == records * (KILLS_A_RECORD + 1)
    assert acknowledged > kills
