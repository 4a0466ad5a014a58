"""The local venue with 430 pairs: how long its answers take, and what its streams cost.

The venue stands in a process of its own, so that its processor time is its own.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp

PAIRS = 430
CHUNK = 150  # streams in one frame of a subscription
LISTEN_S = 65
TICKS = os.sysconf("SC_CLK_TCK")
COMMAND = (sys.executable, "-m", "signalbot.sandbox.exchange", "--pairs", str(PAIRS))


def main() -> None:
    """Measure, and print one JSON object."""
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            addresses = json.loads(process.stdout.readline() if process.stdout else "")
            measured = asyncio.run(_measure(process.pid, addresses))
        finally:
            process.terminate()
    print(json.dumps(measured, indent=1))


async def _measure(pid: int, addresses: dict[str, str]) -> dict[str, Any]:
    async with aiohttp.ClientSession(addresses["url"]) as session:
        await session.post("/sim/limit", json={"weight": 10**9})
        listed = json.loads(await _body(session, "exchangeInfo"))["symbols"]
        names = [each["symbol"] for each in listed][:PAIRS]
        figures: dict[str, Any] = {}
        for endpoint in ("exchangeInfo", "ticker/24hr", "ticker/bookTicker", "premiumIndex"):
            figures[f"{endpoint}, ms"] = [await _timed(session, endpoint) for _ in range(3)]
        queries = [f"klines?symbol={name}&interval=1m&limit=499" for name in names]
        took = [await _timed(session, query) for query in queries]
        figures["klines of 499 rows, ms, median and all"] = [statistics.median(took), sum(took)]
        return figures | await _stream(session, pid, addresses["socket_url"], names)


async def _body(session: aiohttp.ClientSession, path: str) -> bytes:
    async with session.get(f"/fapi/v1/{path}") as answer:
        return await answer.read()


async def _timed(session: aiohttp.ClientSession, path: str) -> float:
    began = time.perf_counter()
    await _body(session, path)
    return round((time.perf_counter() - began) * 1_000, 1)


async def _stream(
    session: aiohttp.ClientSession, pid: int, socket_url: str, names: list[str]
) -> dict[str, Any]:
    late: list[int] = []
    frames = 0
    offset = json.loads(await _body(session, "time"))["serverTime"] - time.monotonic() * 1_000

    async def listen(chunk: list[str], number: int) -> None:
        nonlocal frames
        url = socket_url.replace("/ws", f"/market/ws/{number}")
        async with session.ws_connect(url) as socket:
            streams = [f"{name.lower()}@kline_1m" for name in chunk]
            await socket.send_json({"method": "SUBSCRIBE", "params": streams, "id": 1})
            async for message in socket:
                frames += 1
                if '"x":true' in message.data:
                    said = json.loads(message.data)["E"]
                    late.append(round(time.monotonic() * 1_000 + offset - said))

    chunks = [names[at : at + CHUNK] for at in range(0, len(names), CHUNK)]
    tasks = [asyncio.create_task(listen(chunk, n)) for n, chunk in enumerate(chunks)]
    await asyncio.sleep(2)
    before, began = _processor_s(pid), time.perf_counter()
    await asyncio.sleep(LISTEN_S)
    share = (_processor_s(pid) - before) / (time.perf_counter() - began)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return {
        "kline_1m of all, % of a core": round(100 * share, 1),
        "frames a second": round(frames / (LISTEN_S + 2)),
        "closed candles, and how late the slowest left, ms": [len(late), max(late, default=0)],
        "peak memory, MiB": _peak_mib(pid),
    }


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _peak_mib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (peak,) = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(peak) // 1_024


if __name__ == "__main__":
    main()
