"""`size --symbol` beside a database: a coin written as people do, with the venue's own numbers."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from signalbot.cli import run_command
from signalbot.domain.instrument import Instrument
from signalbot.domain.timeframe import HOUR_MS, iso
from signalbot.sandbox.market import GeneratedMarket
from signalbot.storage.database import open_database
from signalbot.storage.instruments import SqlInstruments
from signalbot.storage.schema import migrate

Answer = Callable[..., dict[str, Any]]

VENUE = "binanceusdm"
TOY = "TOY/USDT:USDT"
# TOY trades near 0.004 on a tick of 0.000001, in steps of 100
PLAN = ("size", "--entry", "0.004", "--stop", "0.0038", "--equity", "1000")
STORED = {
    *("tick", "step", "min_qty", "min_notional", "contract_size", "taker_rate", "maker_rate"),
}


@pytest.fixture(scope="module")
def database(
    market: GeneratedMarket, recorded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """What a replay of one hour knows of the contracts of a venue."""
    folder = tmp_path_factory.mktemp("known")
    (folder / VENUE).symlink_to(recorded / "simulated")
    path = folder / "known.db"
    command = ["replay", "--candles", str(folder), "--venue", VENUE, "--timeframe", "1m"]
    hour = iso(int(market.series[TOY].open_time[0]) + HOUR_MS)
    assert run_command([*command, "--db", str(path), "--to", hour, "--json"]) == 0
    return path


@pytest.fixture
def known(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}")


@pytest.mark.usefixtures("known")
class TestKnown:
    @pytest.mark.parametrize(
        "written", ["toy", "$toy", "#TOY", "TOYUSDT", "toy/usdt", "TOY_USDT_USDT", "toyusdt.p", TOY]
    )
    def test_a_contract_is_found_by_whatever_it_is_called(
        self, written: str, answer: Answer, text: Callable[..., str]
    ) -> None:
        found = answer(*PLAN, "--symbol", written)

        assert Decimal(found["qty"]) % 100 == 0
        assert not STORED & set(found["assumed"])
        assert text(*PLAN, "--symbol", written).startswith("LONG TOY 0.004000 ")

    def test_what_the_venue_states_is_used_and_not_assumed(
        self, market: GeneratedMarket, answer: Answer
    ) -> None:
        found = answer(*PLAN, "--symbol", "toy", "--venue", VENUE)

        contract = market.instruments[TOY]
        assert contract.assumed == ()
        assert set(found["assumed"]) == {"side", "risk_pct", "leverage", "slippage_rate", "tiers"}
        assert Decimal(found["qty"]) % contract.step == 0
        # the stated tick decides the slippage: 2 bp and half a tick of 0.000001 at 0.004
        slippage = Decimal("0.0002") + contract.tick / 2 / Decimal("0.004")
        assert found["assumed"]["slippage_rate"].startswith(f"{slippage.normalize():f} ")
        entry = Decimal("0.004") * (1 + slippage)
        stop = Decimal("0.0038") * (1 - slippage)
        loss = entry - stop + contract.taker_rate * (entry + stop)
        assert Decimal(found["loss_at_stop"]) == Decimal(found["qty"]) * loss

    def test_what_is_typed_wins(self, answer: Answer) -> None:
        found = answer(*PLAN, "--symbol", "toy", "--step", "7", "--taker-bps", "0")

        assert Decimal(found["qty"]) % 7 == 0
        assert not {"step", "taker_rate"} & set(found["assumed"])

    def test_an_unknown_coin_is_answered_with_the_nearest_three(
        self, refused: Callable[[int], str], market: GeneratedMarket
    ) -> None:
        shown = refused(run_command([*PLAN, "--symbol", "toyota"]))

        assert shown.startswith("symbol was 'toyota'; allowed: a known contract; nearest: ")
        nearest = shown.rpartition("nearest: ")[2].split(", ")
        assert len(nearest) == 3
        assert nearest[0] == TOY
        assert set(nearest) <= set(market.instruments)

    def test_another_venue_s_contracts_are_not_taken(self, answer: Answer) -> None:
        found = answer(*PLAN, "--symbol", "toy", "--venue", "bybit")

        assert set(found["assumed"]) > STORED


def test_where_nothing_is_stored_a_coin_is_taken_at_its_word(here: Path, answer: Answer) -> None:
    found = answer(*PLAN, "--symbol", "toyota")

    assert set(found["assumed"]) > STORED
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(("content", "code"), [("no database", 2), ("", 1)])
def test_a_database_that_cannot_be_asked_is_named(
    content: str, code: int, here: Path, refused: Callable[..., str]
) -> None:
    (here / "signalbot.db").write_text(content)

    assert "signalbot.db" in refused(run_command([*PLAN, "--symbol", "toy"]), code)


def test_a_contract_of_many_coins_is_said_by_name_and_counted_in_whole_contracts(
    here: Path, answer: Answer, text: Callable[..., str]
) -> None:
    store(here / "signalbot.db", symbol="1000TOY/USDT:USDT", contract_size=Decimal(10))
    plan = ("size", "--entry", "4", "--stop", "3.8", "--equity", "1000", "--symbol", "toy")

    found = answer(*plan, "--step", "2")

    assert Decimal(found["qty"]) == 20  # 5 / 0.2 is 25, less the costs; two contracts of ten
    assert not {"contract_size", "step"} & set(found["assumed"])
    assert text(*plan).startswith("LONG 1000TOY 4.00 ")


def store(path: Path, *, symbol: str, contract_size: Decimal) -> None:
    migrate(path)
    contract = Instrument(
        venue=VENUE,
        symbol=symbol,
        tick=Decimal("0.01"),
        step=contract_size,
        min_qty=contract_size,
        min_notional=Decimal(5),
        contract_size=contract_size,
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
    )
    with open_database(path) as engine:
        SqlInstruments(engine).put([contract], now=0)
