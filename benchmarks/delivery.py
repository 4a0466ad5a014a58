"""How fast alerts leave, against the local Bot API in a process of its own: `make bench-delivery`.

The server has Telegram's flood limits and answers after 100 ms, like a real round trip. Alerts are
those of a real ledger, sized for each reader when they are sent, with a chart that is uploaded
once. `--quick` sends a hundredth of it.
"""

import argparse
import asyncio
import contextlib
import json
import os
import resource
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy import Engine, insert
from telegram import Bot

from signalbot.app.drawing import draw_alert
from signalbot.domain.alert import Alert, BtcNote, Plan, SetupState, Size
from signalbot.domain.candles import Candles
from signalbot.domain.instrument import Instrument
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.record.bodies import alert_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.signing import demonstration_signer
from signalbot.service.compose import RecordComposer, Sources, Terms
from signalbot.service.recording import Recording
from signalbot.storage.database import open_database
from signalbot.storage.leases import SqlLease
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.outgoing import queue_entries
from signalbot.storage.people import SqlPeople
from signalbot.storage.schema import migrate
from signalbot.storage.tables import SUBSCRIBER
from signalbot.telegram.connection import Address, application_of
from signalbot.telegram.pacing import PAID, Pacer, Rate
from signalbot.telegram.sender import Desk, Sender

TOKEN = "123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"  # noqa: S105 - of no bot
LATENCY_MS = 100
TOO_MANY = 429
SYMBOL = "LAYER/USDT:USDT"
ACCOUNTS = ("50", "100", "250", "500", "1000", "5000")
TICK = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is sent: so many alerts to so many readers, valid for so long."""

    alerts: int
    readers: int
    ttl_min: int = 30
    is_paid: bool = False


class FlatHistory:
    """Candles that end where an alert is entered."""

    def window(self, pair: int, until: int, rows: int) -> Candles:
        """Return so many candles that close by `until`."""
        opened = until - MINUTE_MS * np.arange(rows, 0, -1, dtype=np.int64)
        drawn = 1.042 + 0.002 * np.sin(np.arange(rows) / 7)
        drawn[-1] = 1.042
        return Candles(
            timeframe=M1, open_time=opened, open=drawn, high=drawn + 0.001,
            low=drawn - 0.001, close=drawn, volume=np.full(rows, 1_000.0),
        )  # fmt: skip


def made_alert(number: int, now: int, ttl_min: int) -> Alert:
    """Return an alert of the minute that has just closed."""
    values = {name: Decimal(text) for name, text in (("entry", "1.0420"), ("stop", "1.0350"))}
    plan = Plan(
        id=f"{number:016x}", venue="binanceusdm", symbol=SYMBOL, side=Side.LONG,
        target=Decimal("1.0525"), tick=TICK, latency_s=10, max_hold_min=240, entry_ttl_min=ttl_min,
        taker_rate=Decimal("0.0005"), maker_rate=Decimal("0.0002"),
        slippage_rate=Decimal("0.0002"), **values,
    )  # fmt: skip
    size = Size(
        qty=Decimal(591), notional=Decimal("615.8"), margin=Decimal("205.3"), leverage=Decimal(3),
        loss_at_stop=Decimal("4.996"), gain_at_target=Decimal("5.650"),
    )  # fmt: skip
    return Alert(
        plan=plan, setup="range_breakout", version="1.5a234826", state=SetupState.UNPROVEN,
        timeframe=M1, candle_close=now - now % MINUTE_MS, account=REFERENCE_PROFILE, size=size,
        breakeven_win_rate=Decimal("0.4693"), cost_r=Decimal("0.2077"),
        reward_risk_net=Decimal("1.1308"),
        btc=BtcNote(return_5m=Decimal("-0.001"), trend="up", volatility="normal"),
    )  # fmt: skip


INSTRUMENT = Instrument(
    venue="binanceusdm", symbol=SYMBOL, tick=TICK, step=Decimal(1), min_qty=Decimal(1),
    min_notional=Decimal(5), contract_size=Decimal(1), taker_rate=Decimal("0.0005"),
    maker_rate=Decimal("0.0002"),
)  # fmt: skip


class Server:
    """The Bot API in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], told: dict[str, Any]) -> None:
        self.process = process
        self.url: str = told["url"]
        self.people = range(told["first_person"], told["last_person"] + 1)

    def get(self, path: str) -> Any:
        """Return what a control call answers."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=60) as response:  # noqa: S310
            return json.load(response)

    def cpu_s(self) -> float:
        """Return the processor time that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def serving(readers: int) -> Iterator[Server]:
    """Start a server that so many people know."""
    arguments = ["--token", TOKEN, "--latency-ms", str(LATENCY_MS), "--people", str(readers)]
    process = subprocess.Popen(  # noqa: S603 - this program
        [sys.executable, "-m", "signalbot.sandbox.bot_api", *arguments, "--stars", "100000"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None  # noqa: S101
        yield Server(process, json.loads(process.stdout.readline()))
    finally:
        process.terminate()
        process.wait(20)


def now_ms() -> int:
    """Return the time, in ms UTC."""
    return time.time_ns() // 1_000_000


def subscribe(engine: Engine, people: range) -> None:
    """Store readers with accounts of different sizes."""
    rows = [
        {
            "reader": reader, "joined_at": 0, "role": "user", "venue": "binanceusdm",
            "equity": ACCOUNTS[reader % len(ACCOUNTS)], "risk_pct": "0.5", "leverage": "3",
            "zone": "UTC", "subscribed": True, "muted_coins": "[]", "muted_setups": "[]",
            "alerts_received": 0, "reachable": True,
        }
        for reader in people
    ]  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(SUBSCRIBER), rows)


@contextlib.asynccontextmanager
async def sending(
    engine: Engine, recording: Recording, server: Server, case: Case
) -> AsyncIterator[tuple[Sender, Bot, Pacer]]:
    """Start the sender of the product, on its own transport."""
    address = Address(token=TOKEN, api_url=server.url, is_paid=case.is_paid)
    application = application_of(address)
    await application.initialize()
    pacer = Pacer(PAID if case.is_paid else Rate(), asyncio.get_running_loop().time)
    outbox, threads = SqlOutbox(engine), ThreadPoolExecutor(1)
    ledger = SqlLedger(engine, demonstration_signer())
    composer = RecordComposer(
        Sources(
            recording=recording,
            history=FlatHistory(),
            people=SqlPeople(engine),
            outbox=outbox,  # type: ignore[arg-type]
            terms=Terms(instruments={SYMBOL: INSTRUMENT}, rules=Rules()),
            entry=lambda seq: next(iter(ledger.entries(seq, seq))),
            draw=draw_alert,
            draw_record=bytes,
            bot_username="honest_bot",
        )
    )
    run = asyncio.get_running_loop().run_in_executor
    sender = Sender(
        Desk(
            bot=application.bot,
            outbox=outbox,
            lease=SqlLease(engine),
            composer=composer,
            pacer=pacer,
            owner="bench",
            clock=now_ms,
            store=asyncio.to_thread,
            record=partial(run, threads),
            is_paid=case.is_paid,
        )
    )
    task = asyncio.create_task(sender.run())
    try:
        yield sender, application.bot, pacer
    finally:
        sender.stop()
        await task
        await application.shutdown()
        threads.shutdown()


async def answers(bot: Bot, pacer: Pacer, chats: list[int], waits: list[float]) -> None:
    """Answer a command every second, as the chat does, and note how long each took."""
    for number in range(10**9):
        await asyncio.sleep(1.0)
        chat, asked = chats[number % len(chats)], time.perf_counter()
        await pacer.turn(chat)
        await bot.send_message(chat, "the answer")
        waits.append(time.perf_counter() - asked)


async def measure(case: Case) -> dict[str, Any]:
    """Send a case and return its figures."""
    with TemporaryDirectory() as folder, serving(case.readers + 50) as server:
        path = Path(folder) / "bench.db"
        migrate(path)
        with open_database(path) as engine:
            subscribe(engine, server.people[: case.readers])
            return await _measured(case, engine, server)


async def _measured(case: Case, engine: Engine, server: Server) -> dict[str, Any]:
    signer = demonstration_signer()
    ledger = SqlLedger(engine, signer, beside=queue_entries)
    recording = Recording(ledger, [SYMBOL])
    genesis = {"public_key": signer.public_key}
    recording.append([Draft(type=EntryType.GENESIS, ts=now_ms(), body=genesis)])
    outbox, waits = SqlOutbox(engine), list[float]()
    started = now_ms()
    alerts = [made_alert(number, started, case.ttl_min) for number in range(case.alerts)]
    queued = time.perf_counter()
    for alert in alerts:
        draft = Draft(type=EntryType.ALERT, ts=started, body=alert_body(alert))
        recording.append([draft])
    queued = time.perf_counter() - queued
    cpu, served = time.process_time(), server.cpu_s()
    async with sending(engine, recording, server, case) as (_, bot, pacer):
        chats = list(server.people[case.readers :])
        asking = asyncio.create_task(answers(bot, pacer, chats, waits))
        while any(outbox.counts().get(state) for state in ("queued", "sending")):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        asking.cancel()
    cpu, served = time.process_time() - cpu, server.cpu_s() - served
    return _figures(case, server, outbox, waits) | {
        "queue_s": round(queued, 2),
        "cpu_ms_per_message": round(1_000 * cpu / max(outbox.counts().get("sent", 1), 1), 2),
        "server_cpu_ms_per_message": round(
            1_000 * served / max(outbox.counts().get("sent", 1), 1), 2
        ),
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _figures(case: Case, server: Server, outbox: SqlOutbox, waits: list[float]) -> dict[str, Any]:
    arrivals = [
        each
        for each in server.get("/sim/outbox?since=0")["arrivals"]
        if each["method"] == "sendPhoto"
    ]
    # every alert of a chat has its own last line: number and hash
    once = Counter((each["chat_id"], each["text"].rsplit("\n", 1)[1]) for each in arrivals)
    at = [each["at"] for each in arrivals]
    calls = server.get("/sim/calls")
    return {
        "messages": case.alerts * case.readers,
        "states": dict(outbox.counts()),
        "messages_a_second": round((len(at) - 1) / (at[-1] - at[0]), 1),
        "arrived_twice": sum(count > 1 for count in once.values()),
        "different_arrivals": len(once),
        "too_many_requests": _refused(calls),
        "answer_p99_s": round(float(np.quantile(waits, 0.99)), 3) if waits else None,
        "answers": len(waits),
    }


def _refused(calls: Any) -> int:
    return sum(each["count"] for each in calls["calls"] if each["status"] == TOO_MANY)


def main() -> None:
    """Print every case as one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="a hundredth of it")
    parser.add_argument("--only", help="one case")
    parsed = parser.parse_args()
    cases = {
        "two_alerts": Case(alerts=2, readers=5_000),
        "twenty_alerts": Case(alerts=20, readers=500),
        "too_many_to_send_in_time": Case(alerts=2, readers=3_000, ttl_min=2),
        "paid": Case(alerts=2, readers=5_000, is_paid=True),
    }
    if parsed.quick:
        cases = {name: replace(case, readers=case.readers // 100) for name, case in cases.items()}
    chosen = {name: case for name, case in cases.items() if parsed.only in (None, name)}
    figures = {name: asyncio.run(measure(case)) for name, case in chosen.items()}
    print(json.dumps({"latency_ms": LATENCY_MS, "processors": os.cpu_count(), **figures}, indent=2))


if __name__ == "__main__":
    main()
