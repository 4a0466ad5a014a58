"""No message hurries anybody or promises anything: the golden texts are searched for such words."""

import re
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[2] / "golden"
URGENT = re.compile(
    r"!|[\U0001f680\U0001f525\U0001f4b0\U0001f4b5\U0001f4c8\u26a1]"
    r"|\b(now|hurry|quick|quickly|urgent|act fast|last chance|only today|don't miss|do not miss"
    r"|guarantee|guaranteed|certain|surely|risk-free|easy|easily|moon|pump|rich|profits?)\b",
    re.IGNORECASE,
)
TEXTS = sorted(path.name for path in GOLDEN.iterdir() if path.suffix == ".html")


@pytest.mark.parametrize("name", TEXTS)
def test_no_message_hurries_or_promises(name: str) -> None:
    found = URGENT.search((GOLDEN / name).read_text(encoding="utf-8"))

    assert found is None, found


@pytest.mark.parametrize(
    "text", ["Enter now", "Go!", "\U0001f680", "100 % Guaranteed", "hurry up", "easy profit"]
)
def test_the_words_that_are_looked_for_are_found(text: str) -> None:
    assert URGENT.search(text)
