"""Real candles: a month of 1m and a quarter of 5m, replayed and checked by a second reading."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SIGNALBOT_SHARED", REPOSITORY.parent / "shared")).absolute()
CANDLES = SHARED / "data" / "candles"
RESERVED = ("SIGNALBOT_", "TELEGRAM_", "VENUE_", "COINGECKO_", "DATABASE_URL", "PORT")
SETUPS = ("rsi_stochastic_reversal", "range_breakout")


class Told(NamedTuple):
    """The answer of a replay, and the exported record it wrote."""

    answer: dict[str, Any]
    ledger: Path


@pytest.fixture(scope="module", params=["1m", "5m"], ids=["a month of 1m", "a quarter of 5m"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    if not CANDLES.is_dir():
        pytest.skip("a replay of real candles needs the shared market data")
    folder = tmp_path_factory.mktemp("real")
    answer = run(
        folder,
        *("replay", "--candles", CANDLES, "--venue", "binanceusdm"),
        *("--timeframe", request.param, "--db", "real.db"),
    )
    run(folder, "ledger", "export", "--db", "real.db", "--out", "real.jsonl")
    return Told(answer, folder / "real.jsonl")


def run(folder: Path, *arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "signalbot", *map(str, arguments), "--json"]
    environment = {key: os.environ[key] for key in os.environ if not key.startswith(RESERVED)}
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_row_of_every_file_is_read(told: Told) -> None:
    files = (CANDLES / "binanceusdm" / told.answer["timeframe"]).glob("*.csv.gz")
    rows = {path.name: gzip.decompress(path.read_bytes()).count(b"\n") - 1 for path in files}
    rows.pop("BTC_USDT_USDT.csv.gz")

    assert told.answer["candles"] == sum(rows.values())
    assert len(told.answer["pairs"]) == len(rows)
    assert (set(told.answer["gaps"].values()), told.answer["assumed"]) == ({0}, {})


def test_both_setups_give_alerts_enough_to_judge_them(told: Told) -> None:
    assert all(told.answer["alerts_by_setup"][setup] >= 30 for setup in SETUPS)
    assert told.answer["stats"]["verdict"] != "not_enough_data"


def test_the_buckets_add_up_to_the_alerts(told: Told) -> None:
    stats = told.answer["stats"]

    assert sum(stats["buckets"].values()) == stats["alerts"]
    assert sum(told.answer["alerts_by_setup"].values()) == stats["alerts"]


def test_a_stranger_derives_every_outcome_again_and_the_same_figures(told: Told) -> None:
    command = [sys.executable, str(REPOSITORY / "verify.py"), str(told.ledger)]
    command += ["--candles", str(CANDLES)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=600)  # noqa: S603

    assert (done.returncode, done.stderr) == (0, "")
    outcomes = told.answer["stats"]["alerts"]
    assert f"0 of {outcomes} outcomes by the venue's candles" in done.stdout
    figures = json.loads(done.stdout.split("all ", 1)[1].split("\n}")[0] + "}")
    stats = told.answer["stats"]
    assert figures.pop("buckets") == stats["buckets"]
    for name, value in figures.items():
        assert value == pytest.approx(stats[name], abs=1e-9), name
