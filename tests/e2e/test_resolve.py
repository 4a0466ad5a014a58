"""`resolve` as a script uses it: the method's table on files, and what is refused."""

import gzip
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from signalbot.cli import run_command

FIRST = 1_767_225_600_000  # 2026-01-01T00:00:00Z
MINUTE = 60_000
KEYS = {
    *("outcome", "filled_at", "fill_price", "exit_at", "exit_price", "gross_r", "cost_r", "net_r"),
    *("ambiguous", "worst_net_r", "best_net_r", "candles_hash"),
}
PLAN = {
    "id": "a",
    "venue": "binanceusdm",
    "symbol": "LAYER/USDT:USDT",
    "side": "long",
    "entry": "100",
    "stop": "99",
    "target": "101",
    "tick": "0.01",
    "entry_kind": "market",
    "published_at": "2026-01-01T00:00:02.500Z",
    "latency_s": 10,
    "max_hold_min": 60,
    "entry_ttl_min": 5,
    "taker_rate": "0",
    "maker_rate": "0",
    "slippage_rate": "0",
}
QUIET = "100 100.4 99.8 100"
BOTH = "100 101.2 98.9 100"
FLAT = ["100 100 100 100"] * 60

Answer = Callable[..., dict[str, Any]]


class Desk:
    """Writes files, told for a long or mirrored about 100, and asks about them."""

    def __init__(self, folder: Path, side: str, answer: Answer) -> None:
        self.folder, self.side, self.answer = folder, side, answer

    def price(self, text: str) -> str:
        return text if self.side == "long" else f"{200 - Decimal(text):f}"

    def alert(self, **changes: Any) -> Path:
        levels = {name: self.price(PLAN[name]) for name in ("entry", "stop", "target")}
        path = self.folder / "alert.json"
        path.write_text(json.dumps(PLAN | levels | {"side": self.side} | changes))
        return path

    def candles(self, *rows: str | None, step: int = MINUTE, name: str = "candles.csv") -> Path:
        lines = ["open_time,open,high,low,close,volume"]
        for number, row in enumerate(rows):
            if row:
                first, high, low, last = (self.price(text) for text in row.split())
                low, high = sorted((low, high), key=Decimal)
                lines.append(f"{FIRST + number * step},{first},{high},{low},{last},1")
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n")
        return path

    def trades(self, *told: tuple[int, str]) -> Path:
        rows = [f"{FIRST + after},{self.price(text)},1,sell\n" for after, text in told]
        path = self.folder / "trades.csv.gz"
        path.write_bytes(gzip.compress(("time,price,size,side\n" + "".join(rows)).encode()))
        return path

    def ask(self, *rows: str | None, options: tuple[Any, ...] = (), **changes: Any) -> Any:
        files = "--alert", self.alert(**changes), "--candles", self.candles(*rows)
        found = self.answer("resolve", *files, *options)
        assert set(found) == KEYS
        return found


@pytest.fixture(params=["long", "short"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, answer: Answer) -> Desk:
    return Desk(tmp_path, request.param, answer)


class TestTheMethodsTable:
    @pytest.mark.parametrize(
        ("rows", "kind", "exit_price", "net_r", "ambiguous"),
        [
            (("100 100.5 99.5 100", "100 101.2 99.8 101"), "TARGET", "101", 1, False),
            ((QUIET, BOTH), "STOP", "99", -1, True),
            (("100 100.2 99.4 99.5", "98.4 98.8 98.0 98.5"), "STOP", "98.4", -1.6, False),
            (("100 100.4 99.6 100.3", "101.7 102 101.5 101.8"), "TARGET", "101", 1, False),
            (("100.20 100.4 100 100.2", "100.2 101.2 100 101"), "TARGET", "101", 0.8, False),
            (("100.20 100.4 100 100.2", "100.2 100.3 99 99"), "STOP", "99", -1.2, False),
        ],
    )
    def test_candles_decide(self, desk: Desk, rows, kind, exit_price, net_r, ambiguous) -> None:
        found = desk.ask(*rows)

        assert (found["outcome"], found["net_r"], found["ambiguous"]) == (kind, net_r, ambiguous)
        assert found["exit_price"] == desk.price(exit_price).rstrip("0").rstrip(".")
        assert found["filled_at"] == "2026-01-01T00:00:12.500Z"
        assert found["exit_at"] == "2026-01-01T00:02:00.000Z"
        assert len(found["candles_hash"]) == 64

    def test_the_high_first_in_finer_candles_is_a_target(self, desk: Desk) -> None:
        second = ["100 101.2 100 100", "100 100 98.9 100", *FLAT[2:]]
        finer = desk.candles(*FLAT, *second, step=1000, name="finer.csv")

        found = desk.ask(QUIET, BOTH, options=("--finer", finer))

        assert (found["outcome"], found["ambiguous"]) == ("TARGET", False)

    @pytest.mark.parametrize(("low", "kind"), [("100.00", "NOT_FILLED"), ("99.99", "TARGET")])
    def test_a_limit_is_traded_through(self, desk: Desk, low: str, kind: str) -> None:
        rows = [f"100.2 100.4 {low} 100.2", *["100.2 101.2 100.1 100.2"] * 5]

        found = desk.ask(*rows, entry_kind="limit", published_at="2025-12-31T23:59:50Z")

        assert found["outcome"] == kind
        assert found["fill_price"] == (None if kind == "NOT_FILLED" else "100")

    def test_a_first_open_beyond_the_chase_limit_is_void(self, desk: Desk) -> None:
        found = desk.ask("100.30 100.4 100 100.2")

        assert (found["outcome"], found["net_r"]) == ("VOID_LATE", None)


def test_trades_give_price_and_time(desk: Desk) -> None:
    told = (0, "100"), (13_000, "100.1"), (61_000, "98.8"), (62_000, "101.2"), (180_000, "100")

    found = desk.ask(QUIET, BOTH, options=("--trades", desk.trades(*told)))

    assert (found["outcome"], found["fill_price"]) == ("STOP", desk.price("100.1"))
    assert (found["exit_price"], found["exit_at"]) == (
        desk.price("98.8"),
        "2026-01-01T00:01:01.000Z",
    )
    assert (found["net_r"], found["ambiguous"]) == (-1.3, False)


def test_a_minute_without_trades_is_flat_where_a_tape_covers_it(desk: Desk) -> None:
    rows = (QUIET, None, "100 101.2 100 101")
    tape = desk.trades((0, "100"), (20_000, "100"), (130_000, "101.2"), (190_000, "101"))

    assert desk.ask(*rows)["outcome"] == "UNRESOLVED_GAP"
    assert desk.ask(*rows, options=("--trades", tape))["outcome"] == "TARGET"


def test_funding_is_charged_at_the_last_close(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "funding.csv"
    path.write_text(f"time,rate\n{FIRST},0.05\n{FIRST + 2 * MINUTE},0.001\n")

    found = desk.ask(QUIET, QUIET, "100 101.2 100 101", options=("--funding", path))

    paid = 0.1 if desk.side == "long" else -0.1
    assert found["net_r"] == 1 - paid
    assert found["cost_r"] == paid


def test_five_minutes_are_another_timeframe(desk: Desk) -> None:
    path = desk.candles(QUIET, "100 101.2 99.8 101", step=5 * MINUTE)

    found = desk.answer("resolve", "--alert", desk.alert(), "--candles", path, "--timeframe", "5m")

    assert (found["outcome"], found["exit_at"]) == ("TARGET", "2026-01-01T00:10:00.000Z")


def test_what_is_not_decided_is_open(desk: Desk) -> None:
    found = desk.ask(QUIET)

    assert found.pop("outcome") == "OPEN"
    assert found.pop("ambiguous") is False
    assert set(found.values()) == {None}


def test_a_candle_long_after_the_expiry_still_shows_that_one_is_missing(desk: Desk) -> None:
    rows = (QUIET, *[None] * 300, QUIET)

    assert desk.ask(*rows)["outcome"] == "UNRESOLVED_GAP"


def test_a_person_reads_a_few_lines(desk: Desk, text: Callable[..., str]) -> None:
    files = "--alert", desk.alert(), "--candles", desk.candles(QUIET, BOTH)

    told = text("resolve", *files).splitlines()

    assert told[0] == f"STOP · {desk.side.upper()} LAYER/USDT:USDT: stopped"
    assert told[1] == "In at 100.00 · 2026-01-01 00:00:12 UTC"
    assert told[3:5] == [
        "-1.00 R after costs, -1.00 R before",
        "Ambiguous: the data do not show the order of prices, -1.00 to +1.00 R",
    ]
    assert told[5].startswith("Decided by candles · 2 candles, SHA-256 ")


@pytest.mark.parametrize(
    ("option", "content", "field"),
    [
        ("--alert", "{", "file"),
        ("--alert", json.dumps(PLAN | {"stop": "101"}), "stop"),
        ("--alert", json.dumps(PLAN | {"lots": 1}), "lots"),
        ("--candles", "open_time,open\n", "header"),
        ("--finer", "open_time,open,high,low,close,volume\n", "row"),
        ("--trades", "time,price\n", "header"),
        ("--funding", "when,rate\n", "header"),
        ("--timeframe", None, "timeframe"),
    ],
)
def test_wrong_input_is_refused_with_file_and_field(
    desk: Desk, tmp_path: Path, refused: Callable[..., str], option: str, content: Any, field: str
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text(content or "")
    given = {"--alert": desk.alert(), "--candles": desk.candles(QUIET)}
    given |= {option: wrong if content else "2m"}

    code = run_command(["resolve", *(str(part) for pair in given.items() for part in pair)])

    said = refused(code)
    assert f"{field} was " in said
    assert content is None or str(wrong) in said
