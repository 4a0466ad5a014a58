"""Speed of the record: appending, one durable entry, and the statistics of a long one.

Bodies are those of a day's work: an alert, its publication, and an outcome with 40 candles as its
evidence. Run as a script it prints one JSON object.
"""

import hashlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

from numpy.random import PCG64, Generator
from sqlalchemy import Engine, insert

from signalbot.domain.alert import Alert, BtcNote, Plan, SetupState, Size, alert_id
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.record.bodies import alert_body, published_body
from signalbot.record.entries import Draft, Entry, EntryType
from signalbot.record.outcome_bodies import outcome_body
from signalbot.record.signing import demonstration_signer
from signalbot.record.verification import Verification
from signalbot.storage.database import open_database, writing
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.ledger_rows import row_of
from signalbot.storage.schema import migrate
from signalbot.storage.tables import LEDGER

START = 1_767_225_660_000
EVIDENCE_ROWS = 40
BATCHED = 6_000
BATCH = 300
SINGLE = 300
LONG_RECORD = 100_000
LONG_RECORD_ROWS = 4
REPEATS = 5
OURS = ("SIGNALBOT_", "TELEGRAM_", "VENUE_", "COINGECKO_", "DATABASE_URL", "PORT")


def figures() -> dict[str, object]:
    """Return entries per second, ms of one durable entry, and seconds of `signalbot stats`."""
    with TemporaryDirectory(prefix="signalbot-") as folder:
        path = Path(folder) / "signalbot.db"
        appended = _appending(path)
        return appended | _verifying(path) | _statistics(Path(folder) / "long.db")


def _appending(path: Path) -> dict[str, object]:
    migrate(path)
    drafts = [*_opening(), *_drafts(BATCHED // 3 + SINGLE, EVIDENCE_ROWS)]
    batched, single = drafts[:BATCHED], drafts[BATCHED : BATCHED + SINGLE]
    with open_database(path) as engine:
        ledger = SqlLedger(engine, demonstration_signer())
        start = time.perf_counter()
        for first in range(0, BATCHED, BATCH):
            ledger.append(batched[first : first + BATCH])
        seconds = time.perf_counter() - start
        times = [_elapsed_ms(ledger, draft) for draft in single]
    return {
        "appended_in_batches_of": BATCH,
        "appended_per_s": round(BATCHED / seconds),
        "durable_entry_ms_median": round(statistics.median(times), 2),
        "durable_entry_ms_p99": round(statistics.quantiles(times, n=100)[-1], 2),
    }


def _elapsed_ms(ledger: SqlLedger, draft: Draft) -> float:
    start = time.perf_counter()
    ledger.append([draft])
    return (time.perf_counter() - start) * 1000


def _verifying(path: Path) -> dict[str, object]:
    with open_database(path) as engine:
        entries = SqlLedger(engine, demonstration_signer()).entries()
        lines = [(entry.line() + "\n").encode() for entry in entries]
    verification = Verification()
    start = time.perf_counter()
    for line in lines:
        verification.feed(line)
    return {"verified_per_s": round(len(lines) / (time.perf_counter() - start))}


def _statistics(path: Path) -> dict[str, object]:
    migrate(path)
    with open_database(path) as engine:
        _fill(engine)
    command = [sys.executable, "-m", "signalbot", "stats", "--db", str(path), "--json"]
    environment = {key: text for key, text in os.environ.items() if not key.startswith(OURS)}
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        done = subprocess.run(  # noqa: S603 - our own command
            command, check=True, capture_output=True, env=environment
        )
        times.append(time.perf_counter() - start)
    answer = json.loads(done.stdout)
    return {
        "stats_alerts": answer["alerts"],
        "stats_command_s_best": round(min(times), 2),
        "stats_command_s_median": round(statistics.median(times), 2),
    }


def _fill(engine: Engine) -> None:
    """Insert a long record whose hashes link but sign nothing: `stats` reads neither."""
    prev = "0" * 64
    rows: list[dict[str, object]] = []
    drafts = [*_opening(), *_drafts(LONG_RECORD, LONG_RECORD_ROWS)]
    with writing(engine) as connection:
        for seq, draft in enumerate(drafts, start=1):
            digest = hashlib.sha256(str(seq).encode()).hexdigest()
            fields = {"v": 1, "seq": seq, "type": draft.type, "ts": "", "prev": prev}
            rows.append(row_of(Entry(**fields, body=draft.body, hash=digest, sig="")))
            prev = digest
            if len(rows) == BATCH or seq == len(drafts):
                connection.execute(insert(LEDGER), rows)
                rows = []


def _opening() -> list[Draft]:
    body = {"public_key": demonstration_signer().public_key, "kind": "simulation"}
    return [Draft(type=EntryType.GENESIS, ts=START, body=body)]


def _drafts(alerts: int, rows: int) -> Iterator[Draft]:
    ends = [_outcome(rows, won=False), _outcome(rows, won=True)]
    pauses = Generator(PCG64(1)).integers(20 * MINUTE_MS, size=alerts).tolist()
    for number, at in enumerate(accumulate(pauses[1:], initial=START)):
        seq = 2 + 3 * number
        alert = _alert(number, at)
        yield Draft(type=EntryType.ALERT, ts=at, body=alert_body(alert))
        body = published_body(seq, at + 2_500, f"{number}", 57)
        yield Draft(type=EntryType.PUBLISHED, ts=at, body=body)
        body = outcome_body(seq, ends[number % 9 > 3])
        yield Draft(type=EntryType.OUTCOME, ts=at, body=body)


def _alert(number: int, candle_close: int) -> Alert:
    symbol, side = f"C{number % 430:03}/USDT:USDT", (Side.LONG, Side.SHORT)[number % 2]
    plan = replace(ALERT.plan, symbol=symbol, side=side)
    if side is Side.SHORT:
        plan = replace(plan, stop=ALERT.plan.target, target=ALERT.plan.stop)
    of = alert_id(
        setup=ALERT.setup,
        version=ALERT.version,
        venue=plan.venue,
        symbol=symbol,
        timeframe=ALERT.timeframe.name,
        candle_close=candle_close,
        side=side,
    )
    return replace(ALERT, candle_close=candle_close, plan=replace(plan, id=of))


def _outcome(rows: int, *, won: bool) -> Outcome:
    price, r = Decimal("1.0042"), Decimal("0.8123456789") if won else Decimal("-1.1123456789")
    evidence = tuple(
        Candle(
            open_time=START + row * MINUTE_MS,
            open=price,
            high=price + Decimal("0.0004"),
            low=price - Decimal("0.0003"),
            close=price,
            volume=Decimal("18234.5"),
        )
        for row in range(rows)
    )
    return Outcome(
        kind=OutcomeKind.TARGET if won else OutcomeKind.STOP,
        filled_at=START,
        fill_price=price,
        exit_at=START + rows * MINUTE_MS,
        exit_price=price,
        gross_r=r,
        cost_r=Decimal("0.1"),
        net_r=r,
        worst_net_r=r,
        best_net_r=r,
        evidence=evidence,
    )


ALERT = Alert(
    plan=Plan(
        id="",
        venue="binanceusdm",
        symbol="",
        side=Side.LONG,
        entry=Decimal("1.0042"),
        stop=Decimal("1.0012"),
        target=Decimal("1.0102"),
        tick=Decimal("0.0001"),
        latency_s=10,
        max_hold_min=60,
        entry_ttl_min=5,
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
        slippage_rate=Decimal("0.00025"),
    ),
    setup="range_breakout",
    version="1.0.0-0badcafe",
    state=SetupState.UNPROVEN,
    timeframe=M1,
    candle_close=START,
    breakeven_win_rate=Decimal("0.4512345678"),
    cost_r=Decimal("0.2012345678"),
    reward_risk_net=Decimal("1.2512345678"),
    reasons={name: Decimal("3.14159") for name in ("volume_ratio", "adx", "range_atr", "rsi")},
    description={f"feature_{number}": Decimal("61.5432") for number in range(24)},
    account=REFERENCE_PROFILE,
    size=Size(
        qty=Decimal(1300),
        notional=Decimal("1305.46"),
        margin=Decimal("435.16"),
        leverage=Decimal(3),
        loss_at_stop=Decimal("4.95"),
        gain_at_target=Decimal("6.19"),
    ),
    btc=BtcNote(return_5m=Decimal("-0.0012345678"), trend="down", volatility="high"),
)

if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
