import importlib.util
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from signalbot.cli import run_command
from signalbot.domain.candles import FIELDS, Candles
from signalbot.domain.instrument import Instrument
from signalbot.sandbox.market import GeneratedMarket, generate

SEED = 3
VERIFIER = Path(__file__).parents[2] / "verify.py"
COLUMNS = ("open_time", *FIELDS)
TERMS = (
    "tick",
    "step",
    "min_qty",
    "min_notional",
    "contract_size",
    "taker_rate",
    "maker_rate",
)

RESERVED = ("SIGNALBOT_", "TELEGRAM_", "VENUE_", "COINGECKO_")
SHORT = ("DATABASE_URL", "PORT", "PYTHONUNBUFFERED")


@pytest.fixture(scope="package", autouse=True)
def nothing_configured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of the machine and no `.env` of the working directory reaches a command."""
    with pytest.MonkeyPatch.context() as patch:
        for key in os.environ:
            if key.startswith(RESERVED) or key in SHORT:
                patch.delenv(key)
        patch.setenv("COLUMNS", "100")
        patch.chdir(tmp_path_factory.mktemp("elsewhere"))
        yield


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[[int], str]:
    """Returns the only line a failed command has printed, if the exit code is the expected one."""

    def read(code: int, expected: int = 2) -> str:
        printed = capsys.readouterr()
        assert code == expected, printed.err
        assert printed.out == ""
        assert printed.err.startswith("error: ")
        assert printed.err.count("\n") == 1
        return printed.err.removeprefix("error: ").rstrip("\n")

    return read


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Runs a command with `--json` and returns the one object it prints."""

    def run(*arguments: object) -> dict[str, Any]:
        code = run_command([*map(str, arguments), "--json"])
        printed = capsys.readouterr()
        assert (code, printed.err) == (0, "")
        assert printed.out.count("\n") == 1
        return json.loads(printed.out)

    return run


@pytest.fixture
def text(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command and returns what a person reads."""

    def run(*arguments: object) -> str:
        assert run_command([*map(str, arguments)]) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture(scope="session")
def market() -> GeneratedMarket:
    """Three days in which both setups alert."""
    return generate(SEED, pairs=12, minutes=3 * 24 * 60)


@pytest.fixture(scope="session")
def recorded(market: GeneratedMarket, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated market as a folder of candle files."""
    folder = tmp_path_factory.mktemp("recorded")
    write_market(folder, market.series, market.instruments)
    return folder


@pytest.fixture(scope="session")
def record_market(market: GeneratedMarket) -> Callable[[Path, Mapping[str, Candles]], Path]:
    """Writes other candles of the same contracts into a folder."""

    def write(folder: Path, series: Mapping[str, Candles]) -> Path:
        write_market(folder, series, market.instruments)
        return folder

    return write


def write_market(
    folder: Path, series: Mapping[str, Candles], instruments: Mapping[str, Instrument]
) -> None:
    venue = folder / "simulated"
    for symbol, candles in series.items():
        path = venue / candles.timeframe.name / (re.sub("[/:]", "_", symbol) + ".csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = (getattr(candles, name).tolist() for name in COLUMNS)
        rows = (",".join(map(repr, row)) for row in zip(*columns, strict=True))
        path.write_text("\n".join((",".join(COLUMNS), *rows, "")))
    described = {
        symbol: {name: f"{getattr(instrument, name):f}" for name in TERMS}
        for symbol, instrument in instruments.items()
    }
    (venue / "instruments.json").write_text(json.dumps(described))


class Told(NamedTuple):
    """What a replay printed, and where it wrote."""

    code: int
    out: str
    errors: str
    database: Path

    @property
    def answer(self) -> dict[str, Any]:
        assert self.code == 0, self.errors
        assert self.out.count("\n") == 1
        return json.loads(self.out)

    def lines(self) -> list[str]:
        """The record as `ledger export` writes it."""
        out = self.database.with_suffix(".jsonl")
        with redirect_stdout(StringIO()):
            command = ["ledger", "export", "--db", str(self.database), "--out", str(out)]
            assert run_command(command) == 0
        return out.read_text().splitlines()

    def entries(self, kind: str | None = None) -> list[dict[str, Any]]:
        entries = [json.loads(line) for line in self.lines()]
        return [entry for entry in entries if kind in (None, entry["type"])]


@pytest.fixture(scope="session")
def replay() -> Callable[..., Told]:
    """Runs `replay` in this process."""

    def run(
        candles: Path, database: Path, *options: str, timeframe: str = "1m", json: bool = True
    ) -> Told:
        command = ["replay", "--candles", str(candles), "--venue", "simulated"]
        command += ["--timeframe", timeframe, "--db", str(database), *options]
        out, errors = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(errors):
            code = run_command([*command, *(["--json"] if json else [])])
        return Told(code, out.getvalue(), errors.getvalue(), database)

    return run


@pytest.fixture(scope="package")
def told(
    replay: Callable[..., Told], recorded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Told:
    """The replay of the whole recording."""
    return replay(recorded, tmp_path_factory.mktemp("told") / "told.db")


class Strangers(NamedTuple):
    """What the stranger's verifier says of a record that holds."""

    figures: dict[str, Any]
    ended: int
    covered: int


@pytest.fixture(scope="session")
def stranger() -> Callable[[list[str], Path], Strangers]:
    """Return what checks a record and candles by `verify.py`; it raises where they differ."""
    spec = importlib.util.spec_from_file_location("strangers_verify", VERIFIER)
    verify = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(verify)

    def check(lines: list[str], candles: Path) -> Strangers:
        record = verify.Record()
        for line in lines:
            record.feed(f"{line}\n".encode())
        ended = [alert for alert in record.alerts.values() if alert["end"] and alert["at"]]
        covered = sum(verify.is_covered(alert, candles) for alert in ended)
        return Strangers(verify.figures(list(verify.settled(record))), len(ended), covered)

    return check
