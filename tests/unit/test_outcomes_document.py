"""The audit of the rules in docs/outcomes.md names tests that exist, for every rule."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "outcomes.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", TEXT, re.M)


def test_every_test_that_the_audit_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    files = (ROOT / "tests").rglob("test_*.py")
    defined = {
        name
        for path in files
        for name in re.findall(r"^ *def (test_\w+)\(", path.read_text(encoding="utf-8"), re.M)
    }

    assert len(named) > 50
    assert named - defined == set()


def test_every_rule_is_audited_with_a_test() -> None:
    assert {int(rule) for rule, _ in ROWS} == set(range(1, 12))
    assert all("`test_" in tests for _, tests in ROWS)
