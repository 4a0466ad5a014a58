import gzip
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signalbot.domain.timeframe import M1, M5, Timeframe
from signalbot.errors import InputError
from signalbot.market.recorded import (
    BTC,
    RecordedMarket,
    Selection,
    file_stem,
    load,
    read_contracts,
)

VENUE = "binanceusdm"
LAYER = "LAYER/USDT:USDT"
TOY = "TOY/USDT:USDT"
FIRST = 1_746_369_000_000  # 2025-05-04T14:30:00Z
MINUTE = 60_000
TERMS = {
    "tick": "0.5",
    "step": "1",
    "min_qty": "1",
    "min_notional": "5",
    "contract_size": "1",
    "taker_rate": "0.0004",
    "maker_rate": "0.0002",
}
Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(symbol: str, minutes: Sequence[int], timeframe: str = "1m", suffix: str = "") -> None:
        # the candle of minute n opens at 100 + n and closes half higher
        rows = [f"{FIRST + n * MINUTE},{100 + n},{101 + n},{99 + n},{100.5 + n},1" for n in minutes]
        text = "open_time,open,high,low,close,volume\n" + "".join(f"{row}\n" for row in rows)
        folder = tmp_path / VENUE / timeframe
        folder.mkdir(parents=True, exist_ok=True)
        raw = gzip.compress(text.encode()) if suffix else text.encode()
        (folder / f"{file_stem(symbol)}.csv{suffix}").write_bytes(raw)

    return write


def selection(folder: Path, timeframe: Timeframe = M1, **chosen: object) -> Selection:
    return Selection(folder=folder, venue=VENUE, timeframe=timeframe, **chosen)  # type: ignore[arg-type]


def times(market: RecordedMarket, pair: int, since: int, until: int) -> list[int]:
    found = market.market(pair, FIRST + since * MINUTE, FIRST + until * MINUTE)
    return [(candle.open_time - FIRST) // MINUTE for candle in found.candles]


def refusal(chosen: Selection) -> InputError:
    with pytest.raises(InputError) as caught:
        load(chosen)
    return caught.value


def test_every_pair_but_btc_stands_in_the_panel(write: Write, tmp_path: Path) -> None:
    write(TOY, range(3), suffix=".gz")
    write(LAYER, [0, 2])
    write(BTC, range(4))

    market = load(selection(tmp_path))

    assert market.panel.symbols == (LAYER, TOY)
    assert market.panel.shape == (3, 2)
    assert market.btc is not None
    assert len(market.btc) == 4
    assert market.gaps == {LAYER: 1, TOY: 0}
    assert market.built_from is None


def test_other_files_in_the_folder_are_no_pairs(write: Write, tmp_path: Path) -> None:
    write(TOY, range(3))
    for name in ("README.md", "TOY.csv", "TOY__USDT.csv", "TOY_USDT_USDT.csv.part"):
        (tmp_path / VENUE / "1m" / name).write_text("not candles")

    assert load(selection(tmp_path)).panel.symbols == (TOY,)


def test_a_recording_without_btc_says_so(write: Write, tmp_path: Path) -> None:
    write(TOY, range(3))

    assert load(selection(tmp_path)).btc is None


@pytest.mark.parametrize("name", [TOY, "TOY_USDT_USDT"])
def test_pairs_may_be_chosen_by_symbol_or_file_name(
    write: Write, tmp_path: Path, name: str
) -> None:
    write(TOY, range(3))
    write(LAYER, range(3))

    assert load(selection(tmp_path, symbols=(name,))).panel.symbols == (TOY,)


def test_an_unknown_pair_is_refused_with_those_that_come_near(write: Write, tmp_path: Path) -> None:
    write(TOY, range(3))

    near, far = (refusal(selection(tmp_path, symbols=(name,))) for name in ("TOI/USDT:USDT", "Q"))

    assert (near.field, near.was) == ("symbols", "TOI/USDT:USDT")
    assert near.allowed == f"a known contract; nearest: {TOY}"
    assert TOY in far.allowed


def test_btc_alone_is_no_recording(write: Write, tmp_path: Path) -> None:
    write(BTC, range(3))

    for symbols in ((), (BTC,)):
        error = refusal(selection(tmp_path, symbols=symbols))
        assert (error.field, error.was) == ("symbols", BTC)
        assert error.allowed == "at least one pair besides BTC"


def test_a_folder_without_candles_is_refused(tmp_path: Path) -> None:
    error = refusal(selection(tmp_path))

    assert (error.field, error.was) == ("candles", str(tmp_path / VENUE / "1m"))
    assert error.allowed == "a folder with <timeframe>/<BASE>_<QUOTE>_<SETTLE>.csv[.gz] in it"


def test_candles_that_close_too_late_are_not_read(write: Write, tmp_path: Path) -> None:
    write(TOY, range(5))

    market = load(selection(tmp_path, until=FIRST + 3 * MINUTE))

    assert market.panel.close_time.tolist() == [FIRST + n * MINUTE for n in (1, 2, 3)]


def test_five_minutes_are_built_of_one_where_there_are_none(write: Write, tmp_path: Path) -> None:
    write(TOY, [*range(5), *range(6, 15)])  # minute 5 is missing, so is the second candle

    market = load(selection(tmp_path, M5))

    assert market.built_from == "1m"
    first, last = market.panel.candles(0, 0, 3)
    assert first.csv_line() == f"{FIRST},100,105,99,104.5,5"
    assert last.csv_line() == f"{FIRST + 10 * MINUTE},110,115,109,114.5,5"


def test_five_minutes_are_read_where_there_are_some(write: Write, tmp_path: Path) -> None:
    write(TOY, [0, 5], timeframe="5m")
    write(LAYER, range(10))

    market = load(selection(tmp_path, M5))

    assert (market.built_from, market.panel.symbols) == (None, (TOY,))


def test_listed_instruments_are_read_and_others_assumed(write: Write, tmp_path: Path) -> None:
    write(TOY, range(3))
    write(LAYER, range(3))
    (tmp_path / VENUE / "instruments.json").write_text(json.dumps({TOY: TERMS}))

    instruments = load(selection(tmp_path)).instruments

    assert (instruments[TOY].tick, instruments[TOY].assumed) == (Decimal("0.5"), ())
    assert instruments[LAYER].tick == Decimal("0.1")  # closes such as 100.5
    assert "tick" in instruments[LAYER].assumed


def test_all_contracts_are_read_btc_first_with_their_gaps(write: Write, tmp_path: Path) -> None:
    write(LAYER, [0, 1, 4], suffix=".gz")
    write(BTC, range(3))
    (tmp_path / VENUE / "instruments.json").write_text(json.dumps({BTC: TERMS}))

    series, instruments = read_contracts(tmp_path, VENUE)

    assert list(series) == [BTC, LAYER]
    assert series[LAYER].close.tolist() == [100.5, 101.5, 104.5]
    assert series[LAYER].gaps() == 2
    assert (instruments[BTC].tick, instruments[LAYER].tick) == (Decimal("0.5"), Decimal("0.1"))


def test_contracts_further_apart_than_memory_reaches_are_refused(
    write: Write, tmp_path: Path
) -> None:
    write(LAYER, [0, 2_000_001])

    with pytest.raises(InputError, match="at most"):
        read_contracts(tmp_path, VENUE)


def test_the_candles_between_two_instants_are_those_that_open_and_close_there(
    write: Write, tmp_path: Path
) -> None:
    write(TOY, [0, 1, 3, 4])

    market = load(selection(tmp_path))

    assert times(market, 0, 1, 4) == [1, 3]
    assert times(market, 0, 4, 5) == [4]
    assert times(market, 0, -9, -3) == []


def test_a_window_ends_with_the_newest_closed_candle(write: Write, tmp_path: Path) -> None:
    write(TOY, [0, 1, 3, 4])

    market = load(selection(tmp_path))

    assert market.window(0, FIRST + 4 * MINUTE, 2).close.tolist() == [103.5]
    assert market.window(0, FIRST + 2 * MINUTE, 9).close.tolist() == [100.5, 101.5]
    assert len(market.window(0, FIRST - 2 * MINUTE, 9)) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    minutes=st.sets(st.integers(0, 12), min_size=1),
    since=st.integers(-5, 20),
    length=st.integers(0, 20),
)
def test_nothing_that_closes_later_is_ever_shown(
    write: Write, tmp_path: Path, minutes: set[int], since: int, length: int
) -> None:
    write(TOY, sorted(minutes))
    market = load(selection(tmp_path))
    until = since + length

    assert times(market, 0, since, until) == sorted(n for n in minutes if since <= n < until)
    window = market.window(0, FIRST + until * MINUTE, 5)
    assert all(window.open_time < FIRST + until * MINUTE)


def test_funding_is_charged_at_the_price_of_its_minute(write: Write, tmp_path: Path) -> None:
    write(TOY, [0, 1, 2, 4])
    write(LAYER, range(5))
    rates = [f"{FIRST + int(n * MINUTE)},0.0001\n" for n in (-1, 1, 1.5, 3, 4)]
    (tmp_path / "funding").mkdir()
    (tmp_path / "funding" / "TOY_USDT_USDT.csv").write_text("time,rate\n" + "".join(rates))

    market = load(selection(tmp_path, funding=tmp_path / "funding"))

    def charged(pair: int, since: int, until: int) -> list[str]:
        found = market.market(pair, FIRST + since * MINUTE, FIRST + until * MINUTE)
        return [f"{(pay.time - FIRST) / MINUTE:g} at {float(pay.price):g}" for pay in found.funding]

    toy, layer = (market.panel.symbols.index(symbol) for symbol in (TOY, LAYER))
    # always the close of the candle that had closed last; minute 3 has none
    assert charged(toy, 0, 5) == ["1 at 100.5", "1.5 at 100.5", "3 at 102.5", "4 at 102.5"]
    assert charged(toy, 0, 1) == ["1 at 100.5"]
    assert charged(toy, 2, 5) == ["3 at 102.5", "4 at 102.5"]
    assert charged(toy, -2, 1) == ["1 at 100.5"]  # before the recording there is no price
    assert charged(layer, 0, 5) == []


def test_a_funding_folder_that_is_not_there_is_refused(write: Write, tmp_path: Path) -> None:
    write(TOY, range(3))

    error = refusal(selection(tmp_path, funding=tmp_path / "none"))

    assert (error.field, error.was) == ("funding", str(tmp_path / "none"))
    assert error.allowed == "a folder of <SYMBOL>.csv files"


def test_a_fault_in_one_file_is_named_with_that_file(write: Write, tmp_path: Path) -> None:
    write(TOY, [0, 0])

    error = refusal(selection(tmp_path))

    assert error.where == f"{tmp_path / VENUE / '1m' / 'TOY_USDT_USDT.csv'} line 3"


def test_two_files_of_one_pair_are_refused(write: Write, tmp_path: Path) -> None:
    write(TOY, [1, 2])
    write(TOY, [1, 2], suffix=".gz")

    error = refusal(selection(tmp_path))

    assert (error.field, error.was, error.allowed) == (
        "candles",
        "TOY_USDT_USDT.csv.gz",
        "one file a pair",
    )
