"""Lines that end, are pinged or refused, and answers with rows that are not as they should be."""

import asyncio

import aiohttp
import ccxt
import pytest
from aiohttp import WSMsgType
from fakes.local_venue import BEGINS, MINUTE, WAIT_S, LocalVenue, line_to, local_venue

from signalbot.errors import InputError, UnavailableError
from signalbot.sandbox.exchange.faults import Fault, FaultKind
from signalbot.sandbox.exchange.server import ExchangeServer
from signalbot.sandbox.exchange.subscribing import MOST_ORDERS

BTC = "BTC/USDT:USDT"


def _run(act) -> None:
    async def run() -> None:
        async with local_venue() as venue, asyncio.timeout(60):
            await act(venue)

    asyncio.run(run())


async def _until(is_so) -> None:
    async with asyncio.timeout(WAIT_S):
        while not is_so():
            await asyncio.sleep(0.005)


def test_connections_are_refused_and_then_taken_on_the_same_port() -> None:
    async def act(venue: LocalVenue) -> None:
        url, listening = venue.server.url, venue.server.listening
        await listening.shut()
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get(url + "/fapi/v1/time")
            await listening.open()
            async with session.get(url + "/fapi/v1/time") as answer:
                assert answer.status == 200
        assert venue.server.url == url

    _run(act)


def test_a_refusal_ends_by_itself_and_breaks_what_was_open() -> None:
    async def act(venue: LocalVenue) -> None:
        async with line_to(venue.server) as line:
            assert venue.control.refuse(0.05) == 1
            with pytest.raises(InputError):
                venue.control.refuse(0.05)
            assert (await line.socket.receive(WAIT_S)).type is not WSMsgType.TEXT
            async with aiohttp.ClientSession() as session, asyncio.timeout(WAIT_S):
                while True:
                    try:
                        async with session.get(venue.server.url + "/fapi/v1/time") as answer:
                            assert answer.status == 200
                            break
                    except aiohttp.ClientConnectorError:
                        await asyncio.sleep(0.005)
        assert venue.server.venue.faults.counts == {"refused": 1, "line_dropped": 1}

    _run(act)


def test_a_line_is_pinged_and_ends_after_its_lifetime() -> None:
    async def act(venue: LocalVenue) -> None:
        venue.control.set_customs(lifetime_s=0.3, ping_every_s=0.1)
        url = venue.server.socket_url.replace("/ws", "/market/ws/0")
        seen = []
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(url, autoping=False) as socket,
        ):
            while (kind := (await socket.receive(WAIT_S)).type) is WSMsgType.PING:
                seen.append(kind)
                await socket.pong()
        assert kind is WSMsgType.CLOSE
        assert len(seen) >= 1
        assert venue.server.venue.faults.counts["line_expired"] == 1

    _run(act)


def test_who_answers_no_ping_is_cut_off() -> None:
    async def act(venue: LocalVenue) -> None:
        venue.control.set_customs(lifetime_s=60, ping_every_s=0.05)
        venue.server.customs.silence_s = 0.3
        url = venue.server.socket_url.replace("/ws", "/market/ws/0")
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(url, autoping=False) as deaf,
            session.ws_connect(url) as polite,
        ):
            reading = asyncio.create_task(polite.receive())
            while (kind := (await deaf.receive(WAIT_S)).type) is WSMsgType.PING:
                assert not reading.done()
            assert kind in (WSMsgType.CLOSED, WSMsgType.ERROR)
            assert venue.server.connections == 1
            reading.cancel()

    _run(act)


def test_ccxt_meets_the_end_of_a_lifetime_with_an_error_and_goes_on() -> None:
    async def act(venue: LocalVenue) -> None:
        venue.control.set_customs(lifetime_s=0.2, ping_every_s=60)
        await venue.client.watch_order_book(BTC)
        with pytest.raises(ccxt.NetworkError):
            await venue.client.watch_order_book(BTC)  # time stands still: nothing else can come
        venue.control.set_customs(lifetime_s=60, ping_every_s=60)
        assert await venue.client.watch_order_book(BTC)

    _run(act)


def test_a_half_open_line_answers_no_ping_and_no_goodbye() -> None:
    async def act(venue: LocalVenue) -> None:
        async with line_to(venue.server) as line:
            await line.subscribe("btcusdt@kline_1m")
            venue.control.mute()
            await line.socket.ping()
            await line.order("UNSUBSCRIBE")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(line.socket.close(), 0.3)
        await _until(lambda: not venue.server.connections)
        assert venue.server.venue.faults.counts == {"line_muted": 1}

    _run(act)


@pytest.mark.parametrize("kind", [FaultKind.SKIP, FaultKind.DOUBLE, FaultKind.SHUFFLE])
def test_rows_of_candles_are_missing_twice_or_in_no_order(kind: FaultKind) -> None:
    async def act(venue: LocalVenue) -> None:
        async with aiohttp.ClientSession(venue.server.url) as session:

            async def times() -> list[int]:
                query = "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=100"
                async with session.get(query) as answer:
                    return [row[0] for row in await answer.json()]

            whole = await times()
            assert whole == list(range(BEGINS - 30_000 - 99 * MINUTE, BEGINS, MINUTE))
            venue.control.add_fault(Fault(kind=kind, target="klines", share=0.2))
            disturbed = await times()
        if kind is FaultKind.SKIP:
            assert set(disturbed) < set(whole)
            assert disturbed == sorted(disturbed)
        elif kind is FaultKind.DOUBLE:
            assert sorted(set(disturbed)) == whole
            assert len(disturbed) > len(whole)
        else:
            assert disturbed != whole
            assert sorted(disturbed) == whole
        assert venue.server.venue.faults.counts == {kind.value: 1}

    _run(act)


def test_frames_that_the_venue_does_not_take() -> None:
    async def act(venue: LocalVenue) -> None:
        async with line_to(venue.server) as line:
            await line.socket.send_str("nonsense")
            assert '"code":3' in (await line.frames(1))[0]
            await line.order("DANCE")
            assert '"code": 2' in (await line.frames(1))[0]
            await line.order("SUBSCRIBE", *(f"{n}@kline_1m" for n in range(300)))
            await line.subscribe("btcusdt@kline_1m")  # the long frame is not even answered
            assert venue.server.pushing.wanted() == {"btcusdt@kline_1m"}
            for _ in range(MOST_ORDERS):
                await line.order("UNSUBSCRIBE")
            with pytest.raises(aiohttp.WSMessageTypeError):
                await line.frames(MOST_ORDERS)

    _run(act)


def test_a_venue_keeps_its_port_and_answers_to_nobody_else() -> None:
    async def act(venue: LocalVenue) -> None:
        server = venue.server
        other = ExchangeServer(server.venue.market, server.venue.now, port=server.listening.port)
        with pytest.raises(UnavailableError):
            await other.start()
        with pytest.raises(InputError):
            ExchangeServer(server.venue.market, server.venue.now, port=2**16)
        async with aiohttp.ClientSession() as session:
            headers = {"Host": "signalbot.example"}
            async with session.get(server.url + "/fapi/v1/time", headers=headers) as answer:
                assert answer.status == 403
        url = server.url
        await server.stop()
        assert await server.start() == url
        assert await venue.client.fetch_time() == BEGINS

    _run(act)


def test_an_answer_is_late() -> None:
    async def act(venue: LocalVenue) -> None:
        venue.control.add_fault(Fault(kind=FaultKind.DELAY, delay_s=0.2))
        began = asyncio.get_running_loop().time()
        assert await venue.client.fetch_time() == BEGINS
        assert asyncio.get_running_loop().time() - began >= 0.2

    _run(act)


@pytest.mark.parametrize(("lifetime_s", "ping_every_s"), [(0, 1), (1, -1), (1e9, 1)])
def test_impossible_customs_are_refused(lifetime_s: float, ping_every_s: float) -> None:
    async def act(venue: LocalVenue) -> None:
        with pytest.raises(InputError):
            venue.control.set_customs(lifetime_s, ping_every_s)

    _run(act)


def test_two_venues_live_side_by_side() -> None:
    async def act(venue: LocalVenue) -> None:
        async with local_venue(pairs=2) as other:
            other.control.advance(MINUTE)
            assert await other.client.fetch_time() == await venue.client.fetch_time() + MINUTE

    _run(act)
