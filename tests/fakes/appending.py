"""A program that appends to a record until it is killed; it goes on where the record stands.

    python appending.py DATABASE KEY_FILE append|rotate

It says when it is ready, begins when a line comes in, and prints number and hash of the newest
entry after every commit. With `rotate` it changes the key again and again.
"""

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fakes.made_alert import ALERT, changed_alert
from sqlalchemy import Engine

from signalbot.domain.alert import Alert, alert_id
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.record.bodies import alert_body, published_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.outcome_bodies import outcome_body
from signalbot.service.recording import Recording
from signalbot.storage.database import open_database
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.rotation import rotate_key, settled_key

START = 1_767_225_660_000
STOPPED = Outcome(kind=OutcomeKind.STOP, net_r=Decimal("-1.1"))


def numbered_alert(number: int) -> Alert:
    """Return the alert of a number, the same whoever asks."""
    candle_close = START + number * MINUTE_MS
    of = alert_id(
        setup=ALERT.setup,
        version=ALERT.version,
        venue=ALERT.plan.venue,
        symbol=ALERT.plan.symbol,
        timeframe=ALERT.timeframe.name,
        candle_close=candle_close,
        side=ALERT.plan.side,
    )
    return changed_alert(id=of, candle_close=candle_close)


def next_drafts(recording: Recording) -> Sequence[Draft]:
    """Return what the record lacks next, one to four entries of it in one transaction."""
    state, most = recording.state, 1 + recording.head.seq % 4
    pending = state.pending()[:most]
    if pending:
        return [
            Draft(
                type=EntryType.PUBLISHED,
                ts=START,
                body=published_body(each.seq, each.alert.candle_close + 2_500, "m", 1),
            )
            for each in pending
        ]
    if len(state.standing) > 3:
        return [
            Draft(type=EntryType.OUTCOME, ts=START, body=outcome_body(seq, STOPPED))
            for seq in list(state.standing)[:most]
        ]
    first = len(state.settled)
    return [
        Draft(type=EntryType.ALERT, ts=START, body=alert_body(numbered_alert(number)))
        for number in range(first, first + most)
    ]


def append(engine: Engine, key_file: Path, commits: int | None) -> None:
    recording = Recording(SqlLedger(engine, settled_key(engine, key_file)), [ALERT.plan.symbol])
    while commits is None or commits > 0:
        recording.append(next_drafts(recording))
        print(recording.head.seq, recording.head.hash, flush=True)  # noqa: T201 - acknowledged
        commits = None if commits is None else commits - 1


def main() -> None:
    database, key_file, mode = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    with open_database(database) as engine:
        while True:
            append(engine, key_file, None if mode == "append" else 2)
            rotate_key(engine, key_file, START)


if __name__ == "__main__":
    main()
