"""A program that is killed while it appends, or changes the key, leaves a record that holds."""

import random
from pathlib import Path

from fakes.killing import Killing


def test_what_was_acknowledged_is_there_after_a_kill_and_nothing_twice(tmp_path: Path) -> None:
    with Killing(tmp_path, "append") as killing:
        for commits in range(1, 9):
            killing.kill_after_commits(commits)

        assert len(killing.acknowledged) >= 36


def test_a_key_that_was_being_changed_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    moments = random.Random(5)  # noqa: S311 - no secret
    with Killing(tmp_path, "rotate") as killing:
        for _ in range(7):
            killing.kill_after(moments.uniform(0.02, 0.12))
        killing.kill_after_commits(1)

        assert killing.acknowledged
