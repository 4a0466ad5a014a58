"""Alerts, outcomes, edits and news through a Bot API that breaks in every way it knows.

Run as a script it is a sender in a process of its own, to be killed:
`<database> <api url> <token> <began at>`.
"""

import asyncio
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from fakes.made_alert import made_alert
from fakes.sending import sending_desk
from sqlalchemy import Engine, select
from telegram import Bot
from telegram.request import HTTPXRequest

from signalbot.domain.delivery import SENT_AGAIN, PostKind
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.place import Place, PlaceKind
from signalbot.domain.subscriber import Subscriber
from signalbot.record.bodies import alert_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.outcome_bodies import outcome_body
from signalbot.record.signing import demonstration_signer
from signalbot.sandbox.bot_api.faults import Fault, FaultKind
from signalbot.storage.database import open_database
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.outgoing import queue_entries
from signalbot.storage.people import SqlPeople
from signalbot.storage.places import SqlPlaces
from signalbot.storage.tables import DELIVERY, POST
from signalbot.telegram.sender import Sender

ALERT = made_alert(1)
NOW = ALERT.candle_close + 2_500
TOO_MANY = (
    '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1",'
    '"parameters":{"retry_after":1}}'
)
FLOODED = '{"ok":false,"error_code":429,"description":"Too Many Requests"}'
JSON = "application/json"
STALL_S = 0.4
FAULTS = (
    Fault(kind=FaultKind.DROP, accepted=True),
    Fault(kind=FaultKind.STALL, delay_s=STALL_S),
    Fault(kind=FaultKind.HALF),
    Fault(kind=FaultKind.RESET, accepted=True),
    Fault(kind=FaultKind.DROP),
    Fault(kind=FaultKind.RESET),
    Fault(kind=FaultKind.DELAY, delay_s=STALL_S),
    Fault(kind=FaultKind.REPLY),
    Fault(kind=FaultKind.REPLY, accepted=True),
    Fault(kind=FaultKind.REPLY, status=200, body="<html>", accepted=True),
    Fault(kind=FaultKind.REPLY, status=429, body=TOO_MANY, content_type=JSON),
    Fault(kind=FaultKind.REPLY, status=429, body=FLOODED, content_type=JSON),
)
READ_S = 0.15
"""Shorter than a stall, so that every stall is an answer that is lost."""


class Story:
    """A ledger that tells alerts, their outcomes, edits and news to readers and a channel."""

    def __init__(self, engine: Engine, readers: list[int], channel: int) -> None:
        self.engine, self.channel = engine, channel
        self.outbox = SqlOutbox(engine)
        people = SqlPeople(engine)
        for reader in readers:
            people.put(Subscriber(reader=reader, joined_at=0))
        SqlPlaces(engine).put(Place(chat=channel, kind=PlaceKind.CHANNEL))
        signer = demonstration_signer()
        self.ledger = SqlLedger(engine, signer, beside=queue_entries)
        self._append(EntryType.GENESIS, {"public_key": signer.public_key})
        self._number = 0

    def alert(self) -> int:
        self._number += 1
        return self._append(EntryType.ALERT, dict(alert_body(made_alert(self._number))))

    def outcome(self, seq: int) -> None:
        self._append(EntryType.OUTCOME, outcome_body(seq, Outcome(kind=OutcomeKind.VOID_LATE)))

    def news(self, number: int) -> None:
        text = f"news {number}"
        self.outbox.put(f"news:{number}", PostKind.NEWS, text, "places", NOW, NOW + 10**9)

    def _append(self, kind: EntryType, body: dict[str, object]) -> int:
        return self.ledger.append([Draft(type=kind, ts=NOW, body=body)])[0].seq


@dataclass(frozen=True)
class Arrived:
    method: str
    chat: int
    text: str


def judged(engine: Engine, arrivals: list[Arrived]) -> Counter[str]:
    """Hold every row against what the server got; return how many rows ended in each state."""
    seen = Counter((each.chat, each.text.removesuffix(f"\n\n{SENT_AGAIN}")) for each in arrivals)
    marked = Counter(
        (each.chat, each.text.removesuffix(f"\n\n{SENT_AGAIN}"))
        for each in arrivals
        if each.text.endswith(SENT_AGAIN)
    )
    states: Counter[str] = Counter()
    chosen = select(DELIVERY, POST.c.kind, POST.c.html).join(
        POST, POST.c.subject == DELIVERY.c.subject
    )
    with engine.connect() as connection:
        rows = list(connection.execute(chosen))
    for row in rows:
        states[row.state] += 1
        told = row.chat, row.html or f"{row.subject} for {row.chat}"
        count = seen.pop(told, 0)
        where = f"{row.subject} to {row.chat}: {row.state}, arrived {count} times"
        assert row.state not in ("queued", "sending"), where
        assert (row.state != "sent") or count >= 1, where
        if count > 1:
            assert row.was_unknown, where
            assert row.kind in (PostKind.ALERT, PostKind.OUTCOME), where
            assert count == 2, where
            assert marked[told] == 1, where
        if row.state in ("expired", "cancelled", "failed") and not row.was_unknown:
            assert count == 0, where
    assert not seen, f"nobody had queued {list(seen)[:3]}"
    return states


def faulty(rng: random.Random, times: int) -> Fault:
    """A fault of any kind that strikes so often, about every third call."""
    fault = rng.choice(FAULTS)
    return replace(fault, times=times, probability=0.35, seed=rng.randrange(2**31))


async def send_until_killed(database: Path, url: str, token: str, began: float) -> None:
    """Send what is in a database, until somebody kills this process; say when it begins to."""
    with open_database(database) as engine:
        request = HTTPXRequest(read_timeout=1.0, connection_pool_size=32)
        async with Bot(token, base_url=f"{url}/bot", request=request) as bot:

            def clock() -> int:
                return NOW + round(1_000 * (time.time() - began))  # noqa: TID251 - the test's own

            desk = sending_desk(engine, bot, clock, owner=str(time.time_ns()), lease_ms=300)
            print("ready", flush=True)  # noqa: T201 - the test waits for it
            await Sender(desk).run()


if __name__ == "__main__":
    asyncio.run(send_until_killed(Path(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])))
