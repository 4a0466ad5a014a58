"""A recording written by hand, played through the real sockets."""

import asyncio
import json

import aiohttp
from fakes.local_venue import line_to

from signalbot.sandbox.exchange.faults import Fault, FaultKind
from signalbot.sandbox.exchange.recorded_server import RecordedServer
from signalbot.sandbox.exchange.recording import read_recording

FRAMES = [
    (1.25, "coinusdt@kline_1m", '{"k":{"x":false}}'),
    (1.2505, "coinusdt@aggTrade", '{"a":1}'),
    (1.2508, "coinusdt@kline_1m", '{"k":{"x":true}}'),
    (3.5, "coinusdt@aggTrade", '{"a":2}'),
]
LINES = [f'{at}: {{"stream":"{stream}","data":{data}}}' for at, stream, data in FRAMES]
TEXTS = [line.partition(": ")[2] for line in LINES]
ANSWER = '{"lastUpdateId": 7, "bids": [], "asks": []}'
SAID = f"https://fapi.binance.com/fapi/v1/depth?symbol=COINUSDT&limit=5 -> 2.0: {ANSWER}"


def _play(act) -> None:
    async def run() -> None:
        server = RecordedServer(read_recording(["\n".join([SAID, *LINES])]))
        await server.start()
        try:
            async with asyncio.timeout(30):
                await act(server)
        finally:
            await server.stop()

    asyncio.run(run())


def test_frames_come_word_for_word_in_their_own_order() -> None:
    async def act(server: RecordedServer) -> None:
        async with line_to(server) as line:
            await line.subscribe("coinusdt@kline_1m", "coinusdt@aggTrade")
            server.advance(5)
            assert await line.frames(3) == TEXTS[:3]
            server.clock.set_speed(600.0)
            assert await line.frames(1) == TEXTS[3:]

    _play(act)


def test_answers_are_those_that_were_given() -> None:
    async def act(server: RecordedServer) -> None:
        async with aiohttp.ClientSession(server.url) as session:
            async with session.get("/fapi/v1/depth?symbol=COINUSDT&limit=1000") as answer:
                assert await answer.text() == ANSWER
            async with session.get("/fapi/v1/time") as answer:
                assert answer.status == 404

    _play(act)


def test_faults_meet_a_recording_as_well() -> None:
    async def act(server: RecordedServer) -> None:
        server.faults.add(Fault(kind=FaultKind.LOSE, closed=True))
        async with line_to(server) as line:
            await line.subscribe("coinusdt@kline_1m")
            server.advance(3_000)
            said = await line.until_silent()
        assert said == [json.loads(TEXTS[0])]
        assert server.faults.counts == {"lose": 1}

    _play(act)
