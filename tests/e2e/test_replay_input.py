"""What `replay` refuses of its options and files, each time naming the field."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from signalbot.cli import run_command

HEADER = "open_time,open,high,low,close,volume"
ONE_CANDLE = f"{HEADER}\n1767225600000,1,1,1,1,5\n"

Printed = Callable[[int], str]


def candle_folder(folder: Path, text: str = ONE_CANDLE) -> Path:
    target = folder / "candles" / "nowhere" / "1m"
    target.mkdir(parents=True)
    (target / "TOY_USDT_USDT.csv").write_text(text)
    return folder / "candles"


def replay_of(folder: Path, **changes: str) -> list[str]:
    options = {"candles": str(folder), "venue": "nowhere", "timeframe": "1m", "db": "replay.db"}
    pairs = (options | changes).items()
    return ["replay", *(part for name, value in pairs for part in (f"--{name}", value))]


def instruments(**changes: object) -> str:
    row = {
        "tick": "0.01",
        "step": "1",
        "min_qty": "1",
        "min_notional": "5",
        "contract_size": "1",
        "taker_rate": "0.0005",
        "maker_rate": "0.0002",
    }
    return json.dumps({"TOY/USDT:USDT": row | changes})


class TestReplayInput:
    @pytest.mark.parametrize(
        ("option", "value", "field"),
        [
            ("candles", "nothing", "candles"),
            ("venue", "elsewhere", "candles"),
            ("timeframe", "3m", "timeframe"),
            ("symbols", "DOGE/USDT:USDT", "symbols"),
            ("from", "noon", "from"),
            ("to", "2026-13-01", "to"),
            ("to", "2020-01-01T00:00:00Z", "candles"),
            ("from", "2030-01-01T00:00:00Z", "from"),
            ("funding", "nothing", "funding"),
            ("db", "no/such/folder.db", "database"),
            ("db", ".", "database"),
        ],
    )
    def test_a_wrong_option_is_named(
        self, option: str, value: str, field: str, here: Path, refused: Printed
    ) -> None:
        candles = candle_folder(here)
        (candles / "nowhere" / "1m" / "BTC_USDT_USDT.csv").write_text(ONE_CANDLE)
        (candles / "nowhere" / "instruments.json").write_text(instruments())

        code = run_command(replay_of(candles, **{option: value}))

        assert refused(code).startswith(f"{field} was ")

    @pytest.mark.parametrize(
        ("rows", "line", "field"),
        [
            ("1767225600000,1,1,1,1,5\n1767225600000,1,1,1,1,5", 3, "open_time"),
            ("1767225660000,1,1,1,1,5\n1767225600000,1,1,1,1,5", 3, "open_time"),
            ("1767225600001,1,1,1,1,5", 2, "open_time"),
            ("1767225600000,1,0.9,0.8,1,5", 2, "high"),
            ("1767225600000,1,1.2,1.1,1,5", 2, "low"),
            ("1767225600000,0,1,1,1,5", 2, "open"),
            ("1767225600000,1,inf,1,1,5", 2, "high"),
            ("1767225600000,1,1,1,1,-5", 2, "volume"),
            ("1767225600000,1,1,1,one,5", 2, "close"),
            ("1767225600000,1,1,1,1", 2, "row"),
        ],
    )
    def test_a_wrong_candle_is_named_with_file_and_line(
        self, rows: str, line: int, field: str, here: Path, refused: Printed
    ) -> None:
        candles = candle_folder(here, f"{HEADER}\n{rows}\n")
        path = candles / "nowhere" / "1m" / "TOY_USDT_USDT.csv"

        shown = refused(run_command(replay_of(candles)))

        assert shown.startswith(f"{path} line {line}: {field} was ")
        assert not (here / "replay.db").exists()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"tick": "0"}, "tick"),
            ({"step": 0.1}, "step"),
            ({"taker_rate": "0.5"}, "taker_rate"),
            ({"fee": "0.1"}, "fee"),
        ],
        ids=["a tick of zero", "a float", "a rate of half", "an unknown key"],
    )
    def test_a_wrong_instrument_is_named(
        self, changes: dict[str, object], field: str, here: Path, refused: Printed
    ) -> None:
        candles = candle_folder(here)
        (candles / "nowhere" / "instruments.json").write_text(instruments(**changes))

        assert f"TOY/USDT:USDT: {field} was " in refused(run_command(replay_of(candles)))

    def test_assumed_prices_are_plain_decimal_strings(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        row = "1767225600000,0.00001234,0.00001234,0.00001234,0.00001234,5"
        candles = candle_folder(here, f"{HEADER}\n{row}\n")

        assert run_command([*replay_of(candles), "--json"]) == 0

        printed = capsys.readouterr()
        found = json.loads(printed.out)
        assert found["assumed"]["TOY/USDT:USDT"]["tick"] == "0.00000001"
        assert all(
            re.fullmatch(r"[0-9]+(\.[0-9]+)?", value)
            for value in found["assumed"]["TOY/USDT:USDT"].values()
        )
        assert "TOY/USDT:USDT: assumed tick 0.00000001" in printed.err
