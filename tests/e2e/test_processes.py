"""`python -m signalbot` as a process of its own: pipes that close, Ctrl-C and SIGKILL."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

POLLS = 2_000
POLL_S = 0.02
HALTED_S = 60


def start(*arguments: object, stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "signalbot", *map(str, arguments)]
    return subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, text=True)  # noqa: S603


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, errors = process.communicate(timeout=HALTED_S)
    return process.returncode, out, errors


def wait_for_entries(process: subprocess.Popen[str], database: Path, wanted: int) -> None:
    """Return as soon as the ledger that `process` writes has so many entries."""
    for _ in range(POLLS):
        with suppress(subprocess.TimeoutExpired):
            process.wait(POLL_S)
            pytest.fail("it ended before it could be stopped")
        if entries_in(database) >= wanted:
            return
    pytest.fail(f"no {wanted} entries after {POLLS * POLL_S:.0f} s")


def entries_in(database: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT count(*) FROM ledger").fetchone()[0]
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_a_command_ends_with_its_exit_code() -> None:
    assert finish(start("stats")) == (
        2,
        "",
        "error: db was missing; allowed: either --db or --outcomes\n",
    )


def test_a_wrong_call_is_one_line_and_no_traceback() -> None:
    assert finish(start("trade")) == (2, "", "error: No such command 'trade'.\n")


@pytest.mark.parametrize("command", ["check-config", "simulate"])
def test_a_reader_who_has_seen_enough_gives_no_traceback(command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(command, stdout=writing)
    os.close(writing)

    code, _, errors = finish(process)

    assert (code, errors) == (1, "")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "SIGKILL"])
def test_a_stopped_replay_goes_on_where_it_stopped(
    stop: signal.Signals, replay, told, recorded: Path, tmp_path: Path
) -> None:
    database = tmp_path / "stopped.db"
    head = told.answer["ledger_head"]
    process = start(
        *("replay", "--candles", recorded, "--venue", "simulated", "--timeframe", "1m"),
        *("--db", database, "--json"),
    )
    wait_for_entries(process, database, head["seq"] // 4)

    process.send_signal(stop)

    code, out, errors = finish(process)
    assert (code, out) == ((130 if stop is signal.SIGINT else -signal.SIGKILL), "")
    said = "error: interrupted\n"
    assert errors == (said if stop is signal.SIGINT else "")
    stored = entries_in(database)
    assert 0 < stored < head["seq"]
    finished = replay(recorded, database).answer
    assert finished["ledger_head"] == head
    assert finished["entries_added"] == head["seq"] - stored
    assert finished["stats"] == told.answer["stats"]
    assert finished["refusals"] == told.answer["refusals"]
