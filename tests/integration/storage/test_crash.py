"""A program that is killed while it appends leaves a chain that holds."""

import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from signalbot.record.chain import check
from signalbot.record.signing import Signer
from signalbot.storage.database import open_database
from signalbot.storage.ledger import SqlLedger

ROUNDS = 10
BATCH = 3
APPENDING = f"""
import sys
from pathlib import Path
from signalbot.record.entries import Draft, EntryType
from signalbot.record.signing import demonstration_signer
from signalbot.storage.database import open_database
from signalbot.storage.ledger import SqlLedger

sys.stdin.readline()
with open_database(Path(sys.argv[1])) as engine:
    ledger = SqlLedger(engine, demonstration_signer())
    while True:
        ids = [f"alert {{ledger.head.seq + place}}" for place in range({BATCH})]
        ledger.append([Draft(type=EntryType.ALERT, ts=1, body={{"id": name}}) for name in ids])
        print(ledger.head.seq, flush=True)
"""


def test_whatever_append_returned_is_there_after_a_kill(
    path: Path, signer: Signer, genesis
) -> None:
    with open_database(path) as engine:
        SqlLedger(engine, signer).append([genesis])

    with ExitStack() as stack:
        programs = [stack.enter_context(_program(path)) for _ in range(ROUNDS)]
        for batches, program in enumerate(programs, start=1):
            acknowledged = _run_and_kill(program, batches)

            with open_database(path) as engine:
                ledger = SqlLedger(engine, signer)
                assert check(ledger.entries()) == ledger.head
                assert ledger.head.seq >= acknowledged
                assert (ledger.head.seq - 1) % BATCH == 0


def _program(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", APPENDING, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _run_and_kill(program: subprocess.Popen[str], batches: int) -> int:
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write("begin\n")
    program.stdin.flush()
    first = [program.stdout.readline() for _ in range(batches)]
    program.kill()
    rest = program.stdout.readlines()
    assert program.wait() == -signal.SIGKILL
    return max(int(line) for line in first + rest if line.endswith("\n"))
