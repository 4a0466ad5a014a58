"""Calls of a venue while it fails, by real ccxt against the local venue."""

import asyncio
import contextlib
from typing import Any

import pytest
from fakes.watched_venue import WatchedVenue, until, watched_venue

from signalbot.errors import UnavailableError
from signalbot.market import calls as calls_module
from signalbot.sandbox.exchange.faults import Fault, FaultKind

SYMBOL = "BTC/USDT:USDT"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls_module, "FIRST_WAIT_S", 0.01)


def run(scenario: Any) -> None:
    async def do() -> None:
        async with watched_venue(pairs=2) as venue:
            await scenario(venue)

    asyncio.run(do())


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.REPLY, target="klines", times=2, status=503),
        Fault(kind=FaultKind.REPLY, target="klines", times=2, status=500, body="<html>"),
        Fault(kind=FaultKind.REPLY, target="klines", times=2, status=200, body='{"a":'),
        Fault(kind=FaultKind.DROP, target="klines", times=2),
        Fault(kind=FaultKind.HALF, target="klines", times=2),
    ],
    ids=["503", "html", "half JSON", "dropped", "half an answer"],
)
def test_what_fails_twice_is_asked_again(fault):
    async def scenario(venue: WatchedVenue) -> None:
        venue.server.control.add_fault(fault)
        rows = await venue.calls("fetch_ohlcv", SYMBOL, "1m", None, 5)

        assert len(rows) == 5
        assert venue.server.venue.faults.struck()[0][1] >= 1
        assert sum(venue.calls.failures.values()) <= 2  # of a broken line aiohttp tries again
        assert venue.calls.trouble is None

    run(scenario)


def test_what_fails_for_good_is_told_in_one_sentence():
    async def scenario(venue: WatchedVenue) -> None:
        venue.server.control.add_fault(Fault(kind=FaultKind.REPLY, target="klines", status=502))
        with pytest.raises(UnavailableError, match="binanceusdm did not answer fetch_ohlcv"):
            await venue.calls("fetch_ohlcv", SYMBOL)
        assert venue.calls.trouble is not None
        assert sum(venue.calls.failures.values()) == calls_module.TRIES

    run(scenario)


def test_a_venue_that_serves_nobody_here_is_asked_once():
    async def scenario(venue: WatchedVenue) -> None:
        venue.server.control.add_fault(Fault(kind=FaultKind.REPLY, target="klines", status=451))
        with pytest.raises(UnavailableError, match="does not serve this address"):
            await venue.calls("fetch_ohlcv", SYMBOL)
        assert sum(venue.calls.failures.values()) == 1

    run(scenario)


def test_a_symbol_that_is_none_is_asked_once():
    async def scenario(venue: WatchedVenue) -> None:
        with pytest.raises(UnavailableError, match="does not have market symbol"):
            await venue.calls("fetch_ohlcv", "NOPE/USDT:USDT")
        assert sum(venue.calls.failures.values()) == 1

    run(scenario)


@pytest.mark.parametrize("status", [429, 418])
def test_the_pause_that_a_venue_asks_for_is_kept(status):
    async def scenario(venue: WatchedVenue) -> None:
        fault = Fault(
            kind=FaultKind.REPLY,
            target="klines",
            times=1,
            status=status,
            headers={"Retry-After": "1"},
            body='{"code":-1003,"msg":"Too many requests"}',
        )
        venue.server.control.add_fault(fault)
        began = asyncio.get_running_loop().time()
        assert await venue.calls("fetch_ohlcv", SYMBOL, "1m", None, 5)
        assert asyncio.get_running_loop().time() - began >= 1.0

    run(scenario)


def test_a_pause_that_grows_while_it_is_kept_is_kept_to_its_end():
    async def scenario(venue: WatchedVenue) -> None:
        control, loop = venue.server.control, asyncio.get_running_loop()

        def busy(target: str, seconds: str) -> None:
            headers = {"Retry-After": seconds}
            kind = FaultKind.REPLY
            control.add_fault(
                Fault(kind=kind, target=target, times=1, status=429, headers=headers, body="{}")
            )

        busy("klines", "0.5")
        busy("depth", "1.5")
        began = loop.time()
        waiting = asyncio.create_task(venue.calls("fetch_ohlcv", SYMBOL, "1m", None, 5))
        await until(lambda: venue.server.venue.faults.counts["reply"] == 1)
        venue.calls._resumes_at = 0.0  # another call was on its way then
        await venue.calls("fetch_order_book", SYMBOL, 20)
        assert await waiting
        assert loop.time() - began >= 1.5

    run(scenario)


def test_what_another_call_was_answered_is_not_said_of_this_one():
    async def scenario(venue: WatchedVenue) -> None:
        control = venue.server.control
        control.add_fault(Fault(kind=FaultKind.DROP, target="depth"))
        control.add_fault(Fault(kind=FaultKind.REPLY, target="time", status=451))
        failed = await asyncio.gather(
            venue.calls("fetch_order_book", SYMBOL, 20),
            *(venue.calls("fetch_time") for _ in range(5)),
            return_exceptions=True,
        )
        assert "did not answer fetch_order_book" in str(failed[0])
        assert all("does not serve this address" in str(each) for each in failed[1:])

    run(scenario)


def test_a_ban_of_days_is_not_waited_for():
    async def scenario(venue: WatchedVenue) -> None:
        headers = {"Retry-After": "200000"}
        fault = Fault(kind=FaultKind.REPLY, times=1, status=418, headers=headers, body="{}")
        venue.server.control.add_fault(fault)
        with pytest.raises(UnavailableError, match="wants a pause"):
            await venue.calls("fetch_ohlcv", SYMBOL)

    run(scenario)


@pytest.mark.parametrize("body", ["[]", "[1,2]", '{"a":[[]]}', "null", '[["x"]]', "[[1,2,3]]"])
def test_answers_of_another_form_break_nothing(body):
    async def scenario(venue: WatchedVenue) -> None:
        venue.server.control.add_fault(
            Fault(kind=FaultKind.REPLY, target="depth", status=200, body=body)
        )
        with contextlib.suppress(UnavailableError):
            await venue.calls("fetch_order_book", SYMBOL, 20)

    run(scenario)


def test_bybit_says_too_many_by_a_status_that_elsewhere_means_nobody():
    async def do() -> None:
        async with watched_venue("bybit", pairs=2) as venue:
            venue.server.control.add_fault(
                Fault(
                    kind=FaultKind.REPLY,
                    target="kline",
                    times=1,
                    status=403,
                    body="access too frequent",
                )
            )
            assert await venue.calls("fetch_ohlcv", SYMBOL, "1m", None, 5)
            assert venue.calls.trouble is None

    asyncio.run(do())
