"""What the small commands load: a person who asks for a size does not wait for pandas."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from signalbot.cli import run_command

# prints what has been imported by the time the command is done
PROGRAM = """
import json, sys
from signalbot.cli import run_command
code = run_command(sys.argv[1:])
json.dump(sorted({name.partition(".")[0] for name in sys.modules}), sys.stderr)
sys.exit(code)
"""
HEAVY = {
    *("numpy", "pandas", "scipy", "talib", "ta", "sqlalchemy", "sqlmodel", "alembic"),
    *("matplotlib", "telegram", "ccxt", "rich"),
}
SIZE = ("size", "--entry", "1", "--stop", "0.98", "--target", "1.04", "--equity", "1000")
LIQ = ("liq", "--venue", "bybit", "--side", "long", "--entry", "1", "--qty", "100")
TIERS = '[{"floor": 0, "cap": 50000, "mmr": 0.01}]'


def loaded_by(folder: Path, *arguments: str) -> set[str]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)  # noqa: S603
    assert done.returncode == 0, done.stderr
    assert done.stdout
    return set(json.loads(done.stderr))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("size", "--help"),
        SIZE,
        (*SIZE, "--json"),
        (*SIZE, "--tiers", "tiers.json"),
        (*LIQ, "--leverage", "5"),
        (*LIQ, "--leverage", "5", "--mmr", "0.01", "--json"),
        (*LIQ, "--leverage", "5", "--tiers", "tiers.json"),
    ],
    ids=" ".join,
)
def test_a_small_command_leaves_heavy_libraries_alone(
    arguments: tuple[str, ...], here: Path
) -> None:
    (here / "tiers.json").write_text(TIERS)

    assert not loaded_by(here, *arguments) & HEAVY


def test_a_claim_loads_no_more_than_its_statistics(here: Path) -> None:
    loaded = loaded_by(here, "claim", "--win-rate", "70.59")

    assert loaded & HEAVY == {"numpy", "scipy"}


def test_the_list_of_heavy_libraries_would_notice_one(here: Path) -> None:
    assert run_command(["migrate"]) == 0

    assert {"sqlalchemy"} <= loaded_by(here, *SIZE, "--symbol", "toy") & HEAVY
