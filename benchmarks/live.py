"""The whole bot against a local venue in real time: `make bench-live`, some thirteen minutes.

Venue, Telegram and bot are processes of their own. The venue has its limits of weight; the bot
looks at it, chooses its pairs, warms up and decides minute after minute. Counted is what it stored
and against what the venue says was so. Prints one JSON object.
"""

import argparse
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

TOKEN = "123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"  # noqa: S105 - of no bot
TICKS = os.sysconf("SC_CLK_TCK")
MINUTE_MS = 60_000
HALF_OF_THE_LIMIT = 1_200
PAIRS = 700
"""Contracts that the venue lists, of which 430 are watched."""

_MINUTE = re.compile(r"minute (\S+): (\d+) of (\d+) pairs, (\d+) matches, done (\S+) s")
_WITHIN = re.compile(r"looked at within (.*?), decided within (.*)")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        print(json.dumps(_measure(Path(folder), chosen.minutes, chosen.pairs), indent=1))


def _measure(folder: Path, minutes: int, pairs: int) -> dict[str, Any]:
    exchange = ["signalbot.sandbox.exchange", "--pairs", str(pairs), "--history-days", "8"]
    with (
        _service([*exchange, "--days", "1"]) as (venue, venue_pid),
        _service(["signalbot.sandbox.bot_api", "--token", TOKEN]) as (telegram, _),
        _bot(folder, venue["url"], telegram["url"]) as (bot, began, log),
    ):
        _post(f"{venue['url']}/sim/limit", {"weight": HALF_OF_THE_LIMIT})
        first = _first_minute(bot, log)
        warm = time.monotonic() - began
        since = _next_minute()
        time.sleep(max((since - time.time_ns() // 1_000_000) / 1_000, 0) + 1)
        before, at = _processor_s(bot.pid), time.monotonic()
        venue_before = _processor_s(venue_pid)
        memory = []
        while time.monotonic() - at < minutes * 60:
            memory.append(_memory_mib(bot.pid))
            time.sleep(5)
        share = (_processor_s(bot.pid) - before) / (time.monotonic() - at)
        venue_share = (_processor_s(venue_pid) - venue_before) / (time.monotonic() - at)
        until = _next_minute() - MINUTE_MS
        time.sleep(8)
        bot.send_signal(signal.SIGTERM)
        bot.wait(30)
        refused = _get(f"{venue['url']}/sim/faults")["counts"]
        stored = _compare(folder, venue["url"], since, until)
    return {
        "first minute after the start, s": round(warm, 1),
        "first minute": first,
        f"refused at a limit of {HALF_OF_THE_LIMIT} a minute": refused,
        "minutes": _minutes(log.read_text()),
        "candles": stored,
        "bot, % of a core": round(100 * share, 1),
        "venue, % of a core": round(100 * venue_share, 1),
        "memory, MiB": {
            "peak": max(memory),
            "first of the last eight minutes": round(mean(memory[-96:-84] or memory[:1])),
            "last": round(mean(memory[-12:])),
        },
    }


@contextmanager
def _service(command: list[str]) -> Iterator[tuple[dict[str, str], int]]:
    process = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None  # noqa: S101 - asked for above
        yield json.loads(process.stdout.readline()), process.pid
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def _bot(folder: Path, venue: str, telegram: str) -> Iterator[tuple[Any, float, Path]]:
    environ = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram,
        "VENUE_URL_BINANCEUSDM": venue,
        "COINGECKO_URL": venue,  # which knows no market cap
    }
    log = folder / "bot.log"
    with log.open("w") as output:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "signalbot", "run"],
            cwd=folder,
            env=os.environ | environ,
            stdout=output,
            stderr=output,
        )
        try:
            yield process, began, log
        finally:
            process.kill()
            process.wait()


def _first_minute(bot: Any, log: Path) -> str:
    while True:
        found = _MINUTE.search(log.read_text())
        if found and int(found[2]):
            return found[0]
        if bot.poll() is not None:
            raise SystemExit(log.read_text())
        time.sleep(0.2)


def _minutes(text: str) -> dict[str, Any]:
    found = [match for match in _MINUTE.finditer(text) if int(match[3])]
    within = _WITHIN.findall(text)
    looked_at, decided = within[-1] if within else ("", "")
    return {
        "decided": len(found),
        "pairs": max(int(match[3]) for match in found),
        "pairs that were late": sum(int(match[3]) - int(match[2]) for match in found),
        "matches": sum(int(match[4]) for match in found),
        "done after the close at most, s": max(float(match[5]) for match in found),
        "looked at within": looked_at,
        "decided within": decided,
    }


def _compare(folder: Path, venue: str, since: int, until: int) -> dict[str, Any]:
    (file,) = folder.glob("*.candles")
    connection = sqlite3.connect(file)
    rows = connection.execute(
        "SELECT symbol, open_time, open, high, low, close, volume FROM candle"
        " JOIN pair ON pair.id = candle.pair WHERE open_time >= ? AND open_time < ?",
        (since, until),
    ).fetchall()
    connection.close()
    stored = {(row[0], row[1]): row[2:] for row in rows}
    symbols = sorted({symbol for symbol, _ in stored})
    truth = {}
    for symbol in symbols:
        name = symbol.partition(":")[0].replace("/", "")
        query = f"symbol={name}&interval=1m&startTime={since}&endTime={until - 1}&limit=99"
        for row in _get(f"{venue}/fapi/v1/klines?{query}"):
            truth[symbol, row[0]] = tuple(float(each) for each in row[1:6])
    return {
        "pairs": len(symbols),
        "of the venue": len(truth),
        "stored": len(rows),
        "missing": len(truth.keys() - stored.keys()),
        "different": sum(truth[key] != stored[key] for key in truth.keys() & stored.keys()),
    }


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 - a server of ours
        return json.load(response)


def _post(url: str, order: dict[str, Any]) -> None:
    body = json.dumps(order).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - a server of ours


def _next_minute() -> int:
    now = time.time_ns() // 1_000_000
    return now - now % MINUTE_MS + MINUTE_MS


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory_mib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (size,) = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(size) // 1_024


if __name__ == "__main__":
    main()
