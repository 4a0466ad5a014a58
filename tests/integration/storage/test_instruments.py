import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, select

from signalbot.domain.instrument import Instrument
from signalbot.errors import RecordError, UnavailableError
from signalbot.record.entries import Draft, Entry
from signalbot.record.signing import Signer
from signalbot.storage.database import connected, open_database, reading, writing
from signalbot.storage.instruments import SqlInstruments
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.schema import migrate
from signalbot.storage.tables import INSTRUMENT, REVISION

NOW = 1_746_372_782_500
LAYER = Instrument(
    venue="binanceusdm",
    symbol="LAYER/USDT:USDT",
    tick=Decimal("0.0001"),
    step=Decimal("0.1"),
    min_qty=Decimal("0.1"),
    min_notional=Decimal(5),
    contract_size=Decimal(1),
    taker_rate=Decimal("0.0005"),
    maker_rate=Decimal("0.0002"),
    assumed=("taker_rate", "maker_rate"),
)
PEPE = Instrument(
    venue="mexc",
    symbol="PEPE/USDT:USDT",
    tick=Decimal("0.0000000001"),
    step=Decimal(10_000_000),
    min_qty=Decimal(10_000_000),
    min_notional=Decimal(0),
    contract_size=Decimal("1E+7"),
    taker_rate=Decimal("0.0004"),
    maker_rate=Decimal("-0.0001"),
    assumed=(),
)
LOBSTER = replace(LAYER, symbol="龙虾/USDT:USDT", assumed=("min_notional",))


@pytest.fixture
def instruments(engine: Engine) -> SqlInstruments:
    return SqlInstruments(engine)


def test_what_was_put_is_found_by_venue_and_symbol(instruments: SqlInstruments) -> None:
    instruments.put([LOBSTER, LAYER, PEPE], NOW)

    assert instruments.find("binanceusdm") == {LAYER.symbol: LAYER, LOBSTER.symbol: LOBSTER}
    assert instruments.find("mexc") == {PEPE.symbol: PEPE}
    assert instruments.find("bybit") == {}


def test_they_are_found_in_the_order_of_their_symbols(instruments: SqlInstruments) -> None:
    instruments.put([LOBSTER, LAYER, replace(LAYER, symbol="ENA/USDT:USDT")], NOW)

    assert list(instruments.find("binanceusdm")) == [
        "ENA/USDT:USDT",
        "LAYER/USDT:USDT",
        "龙虾/USDT:USDT",
    ]


def test_numbers_are_stored_as_plain_text(instruments: SqlInstruments, engine: Engine) -> None:
    instruments.put([PEPE], NOW)

    with reading(engine) as connection:
        (row,) = connection.execute(select(INSTRUMENT)).mappings()
    assert dict(row) == {
        "venue": "mexc",
        "symbol": "PEPE/USDT:USDT",
        "tick": "0.0000000001",
        "step": "10000000",
        "min_qty": "10000000",
        "min_notional": "0",
        "contract_size": "10000000",
        "taker_rate": "0.0004",
        "maker_rate": "-0.0001",
        "assumed": "",
        "seen_at": NOW,
    }


def test_what_is_seen_again_replaces_what_was_known(
    instruments: SqlInstruments, engine: Engine
) -> None:
    finer = Instrument(
        venue=LAYER.venue,
        symbol=LAYER.symbol,
        tick=Decimal("0.00001"),
        step=Decimal(1),
        min_qty=Decimal(2),
        min_notional=Decimal(20),
        contract_size=Decimal(10),
        taker_rate=Decimal("0.0004"),
        maker_rate=Decimal(0),
        assumed=("min_qty",),
    )
    instruments.put([LAYER, LOBSTER], NOW)

    instruments.put([finer], NOW + 1)

    assert instruments.find("binanceusdm") == {LAYER.symbol: finer, LOBSTER.symbol: LOBSTER}
    assert _seen(engine) == {LAYER.symbol: NOW + 1, LOBSTER.symbol: NOW}


def test_putting_twice_is_putting_once(instruments: SqlInstruments) -> None:
    instruments.put([LAYER], NOW)
    instruments.put([LAYER], NOW)

    assert instruments.find("binanceusdm") == {LAYER.symbol: LAYER}


def test_one_that_comes_twice_at_once_is_the_later(instruments: SqlInstruments) -> None:
    later = replace(LAYER, tick=Decimal("0.001"))

    instruments.put([LAYER, later], NOW)

    assert instruments.find("binanceusdm") == {LAYER.symbol: later}


def test_nothing_to_put_is_nothing_done(instruments: SqlInstruments) -> None:
    instruments.put([], NOW)

    assert instruments.find("binanceusdm") == {}


def test_a_thousand_are_put_at_once_from_any_iterable(instruments: SqlInstruments) -> None:
    many = [replace(LAYER, symbol=f"C{number:04}/USDT:USDT") for number in range(1000)]

    instruments.put(iter(many), NOW)

    assert list(instruments.find("binanceusdm").values()) == many


def test_they_are_still_there_when_the_database_is_opened_again(
    instruments: SqlInstruments, path: Path
) -> None:
    instruments.put([LAYER], NOW)

    with open_database(path) as engine:
        assert SqlInstruments(engine).find("binanceusdm") == {LAYER.symbol: LAYER}


def test_a_full_disk_stores_nothing(instruments: SqlInstruments, engine: Engine) -> None:
    instruments.put([LAYER], NOW)
    with writing(engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as many pages as there are

    many = [replace(LAYER, symbol=f"C{number:04}/USDT:USDT") for number in range(1000)]
    with pytest.raises(UnavailableError, match="full"):
        instruments.put(many, NOW)

    assert instruments.find("binanceusdm") == {LAYER.symbol: LAYER}


def test_a_stored_number_that_is_none_is_an_error_of_the_record(
    instruments: SqlInstruments, path: Path
) -> None:
    instruments.put([LAYER, PEPE], NOW)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE instrument SET tick = 'fine' WHERE venue = 'binanceusdm'")
        connection.commit()

    with pytest.raises(RecordError, match="the stored LAYER/USDT:USDT of binanceusdm cannot be r"):
        instruments.find("binanceusdm")
    assert instruments.find("mexc") == {PEPE.symbol: PEPE}


class TestMigrationFrom0001:
    @pytest.fixture
    def old(self, tmp_path: Path) -> Path:
        path = tmp_path / "old.db"
        path.touch()
        config = Config()
        config.set_main_option("script_location", "signalbot.storage:migrations")
        with connected(path) as engine, writing(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
        return path

    @pytest.fixture
    def kept(
        self, old: Path, signer: Signer, genesis: Draft, alert: Callable[[str], Draft]
    ) -> tuple[Entry, ...]:
        with connected(old) as engine:
            return SqlLedger(engine, signer).append([genesis, alert("a"), alert("b")])

    def test_the_ledger_is_kept_to_the_byte_and_goes_on(
        self,
        old: Path,
        kept: tuple[Entry, ...],
        signer: Signer,
        alert: Callable[[str], Draft],
    ) -> None:
        before = _dump(old, "ledger")

        assert migrate(old) == ("0001", REVISION)

        assert _dump(old, "ledger") == before
        with open_database(old) as engine:
            ledger = SqlLedger(engine, signer)
            assert tuple(ledger.entries()) == kept
            (added,) = ledger.append([alert("c")])
            assert (added.seq, added.prev) == (4, kept[-1].hash)

    def test_the_ledger_still_cannot_be_edited(self, old: Path, kept: tuple[Entry, ...]) -> None:
        migrate(old)

        with closing(sqlite3.connect(old)) as connection:
            for statement in ("UPDATE ledger SET ts = ''", "DELETE FROM ledger"):
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    connection.execute(statement)

    def test_instruments_can_be_stored_from_then_on(self, old: Path) -> None:
        with pytest.raises(RecordError, match=r"has schema 0001, not .*: run `signalbot migrate`"):
            open_database(old).__enter__()

        migrate(old)

        with open_database(old) as engine:
            SqlInstruments(engine).put([LAYER], NOW)
            assert SqlInstruments(engine).find("binanceusdm") == {LAYER.symbol: LAYER}

    def test_migrating_again_changes_nothing(self, old: Path, kept: tuple[Entry, ...]) -> None:
        migrate(old)
        with open_database(old) as engine:
            SqlInstruments(engine).put([LAYER], NOW)

        assert migrate(old) == (REVISION, REVISION)

        with open_database(old) as engine:
            assert SqlInstruments(engine).find("binanceusdm") == {LAYER.symbol: LAYER}


def _seen(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return dict(connection.execute(select(INSTRUMENT.c.symbol, INSTRUMENT.c.seen_at)).all())


def _dump(path: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY seq").fetchall()  # noqa: S608
