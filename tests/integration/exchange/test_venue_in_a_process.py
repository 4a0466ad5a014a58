"""A venue in another process, and the control calls that reach it there."""

import asyncio
import json
import signal
import subprocess
import sys

import aiohttp

COMMAND = (sys.executable, "-m", "signalbot.sandbox.exchange")


def _with_process(act) -> None:
    command = (*COMMAND, "--pairs", "3", "--speed", "0", "--history-days", "1", "--days", "1")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            addresses = json.loads(process.stdout.readline())

            async def run() -> None:
                async with aiohttp.ClientSession(addresses["url"]) as session:
                    await act(session)

            asyncio.run(run())
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0


async def _do(session: aiohttp.ClientSession, name: str, **order) -> tuple[int, dict]:
    async with session.post(f"/sim/{name}", json=order) as response:
        return response.status, await response.json()


async def _ask(session: aiohttp.ClientSession, path: str) -> tuple[int, dict]:
    async with session.get(f"/fapi/v1/{path}") as response:
        return response.status, await response.json()


def test_time_faults_and_listings_are_changed_from_outside() -> None:
    async def act(session: aiohttp.ClientSession) -> None:
        before = (await _ask(session, "time"))[1]["serverTime"]
        await _do(session, "advance", ms=61_000)
        await _do(session, "skew", ms=-1_000)
        assert (await _ask(session, "time"))[1]["serverTime"] == before + 60_000
        fault = {"kind": "reply", "status": 451, "target": "time", "times": 1}
        assert (await _do(session, "fault", **fault))[0] == 200
        assert (await _ask(session, "time"))[0] == 451
        assert (await _ask(session, "time"))[0] == 200
        async with session.get("/sim/faults") as response:
            told = await response.json()
            assert told["faults"][0]["strikes"] == 1
            assert told["counts"] == {"reply": 1}
        assert (await _do(session, "rename", symbol="MOCKUSDT", base="NOVEL"))[0] == 200
        assert (await _ask(session, "depth?symbol=MOCKUSDT"))[1]["code"] == -1121
        assert (await _ask(session, "depth?symbol=NOVELUSDT"))[0] == 200

    _with_process(act)


def test_lines_are_told_to_end_and_connections_refused_from_outside() -> None:
    async def act(session: aiohttp.ClientSession) -> None:
        order = {"lifetime_s": 0.1, "ping_every_s": 30}
        assert (await _do(session, "customs", **order))[0] == 200
        async with session.ws_connect("/market/ws/0") as line:
            assert (await line.receive(10)).type is aiohttp.WSMsgType.CLOSE
        assert (await _do(session, "refuse", seconds=0.3))[0] == 200
        await _refused(session)
        await _taken_again(session)
        async with session.get("/sim/faults") as response:
            counts = (await response.json())["counts"]
        assert (counts["line_expired"], counts["refused"]) == (1, 1)

    _with_process(act)


async def _refused(session: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                await _ask(session, "time")
            except aiohttp.ClientError:
                return


async def _taken_again(session: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                assert (await _ask(session, "time"))[0] == 200
            except aiohttp.ClientError:
                await asyncio.sleep(0.01)
            else:
                return


def test_a_wrong_order_is_answered_with_the_field_that_is_wrong() -> None:
    async def act(session: aiohttp.ClientSession) -> None:
        wrong = {
            "ms": ("advance", {"ms": -1}),
            "speed": ("speed", {"speed": 1e9}),
            "symbol": ("delist", {"symbol": "NOBODY"}),
            "base": ("rename", {"symbol": "BTCUSDT", "base": "BTC"}),
            "rate": ("funding", {"symbol": "BTCUSDT", "rate": "much"}),
            "kind": ("fault", {"kind": "earthquake"}),
            "status": ("fault", {"kind": "reply", "status": 7}),
            "body": ("fault", {"kind": "reply", "body": 7}),
            "headers": ("fault", {"kind": "reply", "headers": {"Retry-After": 7}}),
            "weight": ("limit", {}),
            "seconds": ("refuse", {"seconds": -1}),
            "lifetime_s": ("customs", {"lifetime_s": 0, "ping_every_s": 1}),
            "share": ("fault", {"kind": "skip", "share": 2}),
        }
        for field, (name, order) in wrong.items():
            status, answer = await _do(session, name, **order)
            assert (status, answer["field"]) == (400, field)

    _with_process(act)
