"""Kill a program that appends, again and again, and look at the record after every kill."""

import hashlib
import signal
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from types import TracebackType

from signalbot.record.entries import Draft, EntryType, canonical
from signalbot.record.verification import Verification
from signalbot.storage.database import open_database
from signalbot.storage.keys import create_key, load_key
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.rotation import settled_key, successor_file
from signalbot.storage.schema import migrate

PROGRAM = Path(__file__).with_name("appending.py")
RULES = {"gates": {}}
READY = 3
"""Programs that have started and wait: a start takes longer than most lives."""


class Killing:
    """Programs that are killed one after the other while they append to one record.

    Attributes
    ----------
    kills : int
        How many were killed so far.
    acknowledged : dict of int to str
        Hashes by number of the newest entries that the programs have printed.
    """

    def __init__(self, folder: Path, mode: str) -> None:
        self.kills = 0
        self.acknowledged: dict[int, str] = {}
        self._database, self._key_file = folder / "signalbot.db", folder / "ledger.key"
        self._mode = mode
        self._waiting: deque[subprocess.Popen[str]] = deque()
        begin(self._database, self._key_file)

    def __enter__(self) -> "Killing":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for program in self._waiting:
            program.kill()
            program.communicate()

    def kill_after(self, seconds: float) -> None:
        """Let a program live for a moment, and check what it leaves."""
        program = self._started()
        time.sleep(seconds)
        self._kill(program)

    def kill_after_commits(self, commits: int) -> None:
        """Let a program acknowledge so many commits, and check what it leaves."""
        program = self._started()
        assert program.stdout is not None
        lines = [program.stdout.readline() for _ in range(commits)]
        self._kill(program, lines)

    def _started(self) -> subprocess.Popen[str]:
        command = [sys.executable, str(PROGRAM), str(self._database), str(self._key_file)]
        while len(self._waiting) < READY:
            self._waiting.append(
                subprocess.Popen(  # noqa: S603 - our own command
                    [*command, self._mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
        program = self._waiting.popleft()
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        program.stdin.write("begin\n")
        program.stdin.flush()
        return program

    def _kill(self, program: subprocess.Popen[str], before: list[str] | None = None) -> None:
        program.kill()
        rest, _ = program.communicate()
        assert program.returncode == -signal.SIGKILL, "it had ended by itself"
        self.kills += 1
        for line in [*(before or ()), *rest.splitlines(keepends=True)]:
            if line.endswith("\n"):
                seq, hash_ = line.split()
                self.acknowledged[int(seq)] = hash_
        self._check()

    def _check(self) -> None:
        with open_database(self._database) as engine:
            ledger = SqlLedger(engine, settled_key(engine, self._key_file))
            ledger.check_signer()
            verification, hashes = Verification(), {}
            for entry in ledger.entries():
                verification.feed(entry.line().encode() + b"\n")
                hashes[entry.seq] = entry.hash
        assert not successor_file(self._key_file).exists()
        assert verification.link.head == ledger.head
        assert verification.link.public_key == load_key(self._key_file).public_key
        lost = {seq for seq, hash_ in self.acknowledged.items() if hashes.get(seq) != hash_}
        assert lost == set()
        # numbered from 0 in their order: none is left out and none comes twice
        closes = [each.alert.candle_close for each in verification.alerts.values()]
        assert closes == [closes[0] + 60_000 * number for number in range(len(closes))]


def begin(database: Path, key_file: Path) -> None:
    """Make a record with its genesis and its rules."""
    migrate(database)
    signer = create_key(key_file)
    genesis = {
        "public_key": signer.public_key,
        "rules_hash": hashlib.sha256(canonical(RULES)).hexdigest(),
    }
    with open_database(database) as engine:
        SqlLedger(engine, signer).append(
            [
                Draft(type=EntryType.GENESIS, ts=0, body=genesis),
                Draft(type=EntryType.RULES, ts=0, body=RULES),
            ]
        )
