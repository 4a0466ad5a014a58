"""A replay that is killed again and again ends like one that was left alone.

`make chaos` runs it; the suite has a smaller one. The moments are drawn from a seed, spread over
the time that one whole replay takes.
"""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from signalbot.domain.candles import FIELDS, Candles
from signalbot.sandbox.market import generate

KILLS = 100
SEED = 7


def write_market(folder: Path) -> None:
    market = generate(seed=3, pairs=9, minutes=3 * 1440)
    target = folder / "simulated" / "1m"
    target.mkdir(parents=True)
    for symbol, candles in market.series.items():
        name = symbol.replace("/", "_").replace(":", "_")
        (target / f"{name}.csv").write_text(as_csv(candles))


def as_csv(candles: Candles) -> str:
    rows = (candles.row(index).csv_line() for index in range(len(candles)))
    return "\n".join([",".join(("open_time", *FIELDS)), *rows, ""])


def command(folder: Path, database: Path) -> list[str]:
    options = f"--candles {folder} --venue simulated --timeframe 1m --db {database} --json"
    return [sys.executable, "-m", "signalbot", "replay", *options.split()]


def whole_replay(folder: Path, database: Path) -> tuple[dict[str, object], float]:
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own command
        command(folder, database), capture_output=True, check=True, text=True, timeout=120
    )
    return json.loads(done.stdout), time.monotonic() - started


def test_a_replay_killed_a_hundred_times_ends_with_the_same_head(tmp_path: Path) -> None:
    write_market(tmp_path)
    undisturbed, seconds = whole_replay(tmp_path, tmp_path / "undisturbed.db")
    moments = random.Random(SEED)  # noqa: S311 - no secret
    killed = 0

    while killed < KILLS:
        for file in tmp_path.glob("killed.db*"):
            file.unlink()
        for _ in range(10):
            process = subprocess.Popen(  # noqa: S603 - our own command
                command(tmp_path, tmp_path / "killed.db"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                process.wait(timeout=moments.uniform(0.3, 1.0) * seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
        finished, _ = whole_replay(tmp_path, tmp_path / "killed.db")
        assert finished["ledger_head"] == undisturbed["ledger_head"]
        assert finished["stats"] == undisturbed["stats"]
