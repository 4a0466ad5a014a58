"""Speed and memory of the whole command: candle files in, ledger, outcomes and evidence out."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from resource import struct_rusage
from tempfile import TemporaryDirectory

from recording import Recording, recording

MIB = 2**20
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
OURS = ("SIGNALBOT_", "TELEGRAM_", "VENUE_", "COINGECKO_", "DATABASE_URL", "PORT")


def figures() -> dict[str, object]:
    """Return pair-candles per second and peak memory of one `signalbot replay`."""
    with recording() as recorded, TemporaryDirectory(prefix="signalbot-") as folder:
        answer, seconds, usage = _replay(recorded, Path(folder))
    return {
        "candles": recorded.source,
        "pair_candles": answer["candles"],
        "alerts": answer["stats"]["alerts"],
        "replay_s": round(seconds, 2),
        "replay_processor_s": round(usage.ru_utime + usage.ru_stime, 2),
        "replay_per_s": round(answer["candles"] / seconds),
        "replay_peak_mib": round(usage.ru_maxrss * RSS_UNIT / MIB, 1),
    }


def _replay(recorded: Recording, folder: Path) -> tuple[dict, float, struct_rusage]:
    command = [sys.executable, "-m", "signalbot", "replay", "--json"]
    command += ["--candles", str(recorded.folder.absolute()), "--venue", recorded.venue]
    command += ["--timeframe", "1m", "--to", recorded.until, "--db", "replay.db"]
    environment = {key: text for key, text in os.environ.items() if not key.startswith(OURS)}
    answer = folder / "answer.json"
    start = time.perf_counter()
    with answer.open("w") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out)  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(process.returncode)
    return json.loads(answer.read_text()), seconds, usage


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
